//! What are the words, strings and comments of this SQL text?
//!
//! The lexical rules are CockroachDB's: `'…'` with doubled quotes, `e'…'` with escapes, `$tag$…$tag$`, `"…"` names,
//! `--` comments to the end of the line and `/* … */` comments that nest. Where a statement was typed at a shell's
//! prompt, the marks that the shell puts in front of its further lines are no part of it, not even inside a string.

use alloc::{string::String, vec::Vec};
use core::{mem, ops::Range, str};

use super::{
    escapes::{Escape, escape},
    session,
    token::{Token, TokenKind, Unreadable},
};
use crate::{ground::unicode, parsed::settings::traced::Traced};

/// A comment line that begins so holds an option of the engine.
pub(super) const OPTION_MARK: &str = "sqljwt:";

pub(super) struct Lexer<'t> {
    text: &'t str,
    at: usize,
    options: Vec<Range<usize>>,
    /// The statement was typed at a shell's prompt.
    typed_at_prompt: bool,
}

impl<'t> Lexer<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, at: 0, options: Vec::new(), typed_at_prompt: false }
    }

    /// What has not been read yet.
    pub(super) fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// How far the text has been read.
    pub(super) fn place(&self) -> usize {
        self.at
    }

    /// Goes on from there; `typed_at_prompt` is what follows.
    pub(super) fn go_on(&mut self, at: usize, typed_at_prompt: bool) {
        self.at = at;
        self.typed_at_prompt = typed_at_prompt;
    }

    /// Whether nothing but blanks stands before that place in its line.
    pub(super) fn begins_line(&self, at: usize) -> bool {
        let before = self.text.get(..at).unwrap_or_default().trim_end_matches([' ', '\t']);
        before.is_empty() || before.ends_with('\n')
    }

    /// The engine's options in the comments passed since the last call: what follows the mark, to the end of the line.
    pub(super) fn take_options(&mut self) -> Vec<Range<usize>> {
        mem::take(&mut self.options)
    }

    /// The next token after blanks and comments.
    pub(super) fn next(&mut self) -> Result<Token<'t>, Unreadable> {
        self.blanks()?;
        let at = self.at;
        let rest = self.rest();
        let mut characters = rest.chars();
        let (first, second) = (characters.next(), characters.next());
        let kind = match (first, second) {
            (None, _) => TokenKind::End,
            (Some('\''), _) => TokenKind::Text(self.quoted('\'', "expected `'` at the end of the string")?),
            (Some('"'), _) => TokenKind::Name(self.quoted('"', "expected `\"` at the end of the name")?),
            (Some('e' | 'E'), Some('\'')) => self.escaped()?,
            (Some('b' | 'B'), Some('\'')) => {
                self.escaped()?;
                TokenKind::NoText(bytes(at))
            }
            (Some('x' | 'X'), Some('\'')) => {
                self.at += 1;
                self.quoted('\'', "expected `'` at the end of the string")?;
                TokenKind::NoText(bytes(at))
            }
            (Some('$'), _) => match dollar_mark(rest) {
                Some(mark) => TokenKind::Text(self.dollars(mark)?),
                None => self.symbol("$"),
            },
            (Some(':'), Some('=')) => self.symbol(":="),
            (Some(first), _) if first.is_ascii_digit() => {
                TokenKind::Number(self.run(|c| c.is_ascii_alphanumeric() || c == '.'))
            }
            (Some(first), _) if begins_word(first) => TokenKind::Word(self.run(continues_word)),
            (Some(first), _) => self.symbol(rest.get(..first.len_utf8()).unwrap_or_default()),
        };
        Ok(Token { at, kind })
    }

    /// Passes over blanks and comments.
    pub(super) fn blanks(&mut self) -> Result<(), Unreadable> {
        loop {
            let rest = self.rest();
            let trimmed = rest.trim_start_matches([' ', '\t', '\n', '\r', '\u{b}', '\u{c}']);
            let blanks = rest.get(..rest.len() - trimmed.len()).unwrap_or_default();
            self.at += blanks.len();
            if self.typed_at_prompt
                && blanks.contains('\n')
                && let Some(mark) = session::continuation(first_line(trimmed))
            {
                self.at += mark;
            } else if let Some(comment) = trimmed.strip_prefix("--") {
                self.line_comment(comment);
            } else if trimmed.starts_with("/*") {
                self.block_comment()?;
            } else {
                return Ok(());
            }
        }
    }

    fn line_comment(&mut self, comment: &str) {
        let line = comment.split('\n').next().unwrap_or_default();
        let end = self.at + "--".len() + line.len();
        if let Some(option) = line.trim_start().strip_prefix(OPTION_MARK) {
            self.options.push(end - option.len()..end);
        }
        self.at = end;
    }

    fn block_comment(&mut self) -> Result<(), Unreadable> {
        let start = self.at;
        let bytes = self.text.as_bytes();
        let mut depth = 0_usize;
        loop {
            match (bytes.get(self.at), bytes.get(self.at + 1)) {
                (Some(b'/'), Some(b'*')) => {
                    depth += 1;
                    self.at += 2;
                }
                (Some(b'*'), Some(b'/')) => {
                    depth -= 1;
                    self.at += 2;
                    if depth == 0 {
                        return Ok(());
                    }
                }
                (Some(_), _) => self.at += 1,
                (None, _) => return Err(Unreadable { at: start, message: "expected `*/` at the end of the comment" }),
            }
        }
    }

    /// A string or name in quotes; the quote itself is written twice inside.
    fn quoted(&mut self, quote: char, unclosed: &'static str) -> Result<Traced, Unreadable> {
        let start = self.at;
        self.at += quote.len_utf8();
        let mut text = Traced::empty(self.at);
        loop {
            let rest = self.rest();
            let Some((piece, after)) = self.find(rest, &[quote]).and_then(|end| rest.split_at_checked(end)) else {
                return Err(Unreadable { at: start, message: unclosed });
            };
            self.push(&mut text, piece);
            if !after.get(quote.len_utf8()..).is_some_and(|after| after.starts_with(quote)) {
                self.at += quote.len_utf8();
                return Ok(text);
            }
            text.push(quote.encode_utf8(&mut [0; 4]), self.at);
            self.at += 2 * quote.len_utf8();
        }
    }

    fn dollars(&mut self, mark: &str) -> Result<Traced, Unreadable> {
        let start = self.at + mark.len();
        let inside = self.text.get(start..).unwrap_or_default();
        let Some((text, _)) = inside.split_once(mark) else {
            return Err(Unreadable { at: self.at, message: "expected the string's mark `$…$` again at its end" });
        };
        let mut inner = Traced::empty(start);
        self.at = start;
        self.push(&mut inner, text);
        self.at += mark.len();
        Ok(inner)
    }

    /// An `e'…'` string. Bytes written as `\xHH` or `\OOO` have to make up UTF-8.
    fn escaped(&mut self) -> Result<TokenKind<'t>, Unreadable> {
        let start = self.at;
        self.at += "e'".len();
        let mut text = Traced::empty(self.at);
        let mut fault = None;
        loop {
            let rest = self.rest();
            let plain = self.find(rest, &['\'', '\\']).unwrap_or(rest.len());
            self.push(&mut text, rest.get(..plain).unwrap_or_default());
            let rest = self.rest();
            if rest.starts_with("''") {
                text.push("'", self.at);
                self.at += 2;
            } else if rest.starts_with('\'') {
                self.at += 1;
                return Ok(fault.map_or(TokenKind::Text(text), TokenKind::NoText));
            } else if let Some(escaped) = rest.strip_prefix('\\') {
                let backslash = self.at;
                if let Err(unreadable) = self.escapes(&mut text) {
                    // The string goes on behind the backslash and whatever it escapes.
                    let length = escaped.chars().next().map_or(0, char::len_utf8);
                    self.at = backslash + 1 + length;
                    fault = fault.or(Some(unreadable));
                }
            } else {
                return Err(Unreadable { at: start, message: "expected `'` at the end of the string" });
            }
        }
    }

    /// One escape, or as many as it takes to make up one character.
    fn escapes(&mut self, text: &mut Traced) -> Result<(), Unreadable> {
        let start = self.at;
        let mut bytes: Vec<u8> = Vec::new();
        loop {
            let Some((written, length)) = escape(self.rest()) else {
                let message = "expected a complete escape after `\\`: `\\xHH`, `\\OOO`, `\\uHHHH`, `\\UHHHHHHHH` or one \
                               character";
                return Err(Unreadable { at: self.at, message });
            };
            self.at += length;
            match written {
                Escape::Character(character) if bytes.is_empty() => {
                    text.push(character.encode_utf8(&mut [0; 4]), start);
                    return Ok(());
                }
                Escape::Byte(byte) if bytes.len() < 4 => bytes.push(byte),
                Escape::Character(_) | Escape::Byte(_) => return Err(not_utf8(start)),
            }
            match str::from_utf8(&bytes) {
                Ok(character) => {
                    text.push(character, start);
                    return Ok(());
                }
                Err(error) if error.error_len().is_some() => return Err(not_utf8(start)),
                // The character is not complete yet: another escape has to follow.
                Err(_) if self.rest().starts_with('\\') => {}
                Err(_) => return Err(not_utf8(start)),
            }
        }
    }

    /// The first of these characters in the rest of a string, where a shell's marks (`db'#`) are none of it.
    fn find(&self, rest: &str, characters: &[char]) -> Option<usize> {
        if !self.typed_at_prompt {
            return rest.find(characters);
        }
        let mut at = 0;
        for (index, line) in rest.split_inclusive('\n').enumerate() {
            let mark = if index > 0 { session::continuation(line).unwrap_or(0) } else { 0 };
            if let Some(found) = line.get(mark..).and_then(|line| line.find(characters)) {
                return Some(at + mark + found);
            }
            at += line.len();
        }
        None
    }

    /// Adds the piece that stands here, without the shell's marks in front of its lines.
    fn push(&mut self, text: &mut Traced, piece: &str) {
        if !self.typed_at_prompt {
            text.push(piece, self.at);
            self.at += piece.len();
            return;
        }
        for (index, line) in piece.split_inclusive('\n').enumerate() {
            let begins = index > 0 || self.text.get(..self.at).is_some_and(|before| before.ends_with('\n'));
            let mark = if begins { session::continuation(line).unwrap_or(0) } else { 0 };
            text.push(line.get(mark..).unwrap_or_default(), self.at + mark);
            self.at += line.len();
        }
    }

    fn run(&mut self, belongs: impl Fn(char) -> bool) -> &'t str {
        let rest = self.rest();
        let end = rest.find(|character| !belongs(character)).unwrap_or(rest.len());
        self.at += end;
        rest.get(..end).unwrap_or_default()
    }

    fn symbol(&mut self, symbol: &'t str) -> TokenKind<'t> {
        self.at += symbol.len();
        TokenKind::Symbol(symbol)
    }
}

/// The opening `$tag$` of a string, if the text begins with one.
fn dollar_mark(text: &str) -> Option<&str> {
    let inside = text.strip_prefix('$')?;
    let tag = inside.find(|character: char| character == '$' || !continues_word(character))?;
    let named = inside.starts_with('$') || inside.starts_with(begins_word);
    let closed = inside.get(tag..).is_some_and(|rest| rest.starts_with('$'));
    (named && closed).then(|| text.get(..tag + 2))?
}

fn begins_word(character: char) -> bool {
    character == '_' || character.is_ascii_alphabetic() || !character.is_ascii()
}

fn continues_word(character: char) -> bool {
    begins_word(character) || character.is_ascii_digit() || character == '$'
}

fn bytes(at: usize) -> Unreadable {
    Unreadable { at, message: "expected a text string, found a byte string" }
}

fn not_utf8(at: usize) -> Unreadable {
    Unreadable { at, message: "expected escapes that make up UTF-8 text" }
}

pub(super) fn first_line(text: &str) -> &str {
    text.split('\n').next().unwrap_or_default()
}

/// The lower-case form of a bare name, as the database reads it.
pub(super) fn folded(word: &str) -> String {
    unicode::lowered(word)
}
