//! Which character does an escape stand for?

use super::parser::{Parser, RegexError};

impl Parser<'_> {
    /// Reads an escape that stands for one character: `\.`, `\n`, `\x41`, `\x{212a}`, `\101`.
    pub(super) fn escape(&mut self) -> Result<char, RegexError> {
        let start = self.rest;
        self.skip(1);
        let Some(character) = self.take() else {
            return Err(self.error_at(start, TRAILING_BACKSLASH, ""));
        };
        let value = match character {
            'a' => Some('\x07'),
            'f' => Some('\x0c'),
            'n' => Some('\n'),
            'r' => Some('\r'),
            't' => Some('\t'),
            'v' => Some('\x0b'),
            'x' => self.hexadecimal(),
            // One digit other than 0 would be a back-reference.
            '1'..='7' if !self.rest.starts_with(|next| matches!(next, '0'..='7')) => None,
            '0'..='7' => self.octal(character),
            _ if character.is_ascii() && !character.is_ascii_alphanumeric() => Some(character),
            _ => None,
        };
        value.ok_or_else(|| self.error_from(start, INVALID_ESCAPE))
    }

    /// The next character, passed over.
    fn take(&mut self) -> Option<char> {
        let character = self.rest.chars().next()?;
        self.skip(character.len_utf8());
        Some(character)
    }

    fn octal(&mut self, first: char) -> Option<char> {
        let mut value = first.to_digit(8)?;
        for _ in 0..2 {
            let Some(digit) = self.rest.chars().next().and_then(|next| next.to_digit(8)) else {
                break;
            };
            self.skip(1);
            value = value.saturating_mul(8).saturating_add(digit);
        }
        char::from_u32(value)
    }

    /// Two digits, or any number of them in braces. Halves of surrogate pairs, which Go takes, occur in no text.
    fn hexadecimal(&mut self) -> Option<char> {
        let first = self.take()?;
        if first != '{' {
            let (high, low) = (first.to_digit(16)?, self.take()?.to_digit(16)?);
            return char::from_u32(high.saturating_mul(16).saturating_add(low));
        }
        let mut value: Option<u32> = None;
        loop {
            match self.take()? {
                '}' => return char::from_u32(value?),
                digit => {
                    let digit = digit.to_digit(16)?;
                    let next = value.unwrap_or(0).saturating_mul(16).saturating_add(digit);
                    value = Some(next).filter(|&next| next <= u32::from(char::MAX));
                    value?;
                }
            }
        }
    }
}

const INVALID_ESCAPE: &str = "invalid escape sequence";
const TRAILING_BACKSLASH: &str = "trailing backslash at end of expression";
