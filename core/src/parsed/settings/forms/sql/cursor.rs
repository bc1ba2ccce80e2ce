//! How far has this SQL text been read, and which token stands there?

use alloc::string::String;

use super::{
    lexer::{Lexer, first_line, folded},
    option, session,
    token::{Token, TokenKind, Unreadable},
};
use crate::parsed::settings::{error::SettingsError, reading::Reading};

/// A place in the text, with the one token that is looked at.
pub(super) struct Cursor<'r, 't> {
    pub(super) text: &'t str,
    pub(super) lexer: Lexer<'t>,
    pub(super) token: Token<'t>,
    pub(super) reading: &'r mut Reading<'t>,
    /// A statement about cluster settings has been met, or an option.
    pub(super) concerned: bool,
}

impl<'r, 't> Cursor<'r, 't> {
    pub(super) fn new(reading: &'r mut Reading<'t>) -> Self {
        let text = reading.document();
        Self { text, lexer: Lexer::new(text), token: Token::start(), reading, concerned: false }
    }

    /// Passes over blanks and comments, and takes in the options in the comments.
    pub(super) fn blanks(&mut self) -> Result<(), SettingsError> {
        self.lexer.blanks().map_err(|unreadable| self.misformed(unreadable))?;
        self.options();
        Ok(())
    }

    /// Goes on to the next token, and takes in the options in the comments before it.
    pub(super) fn advance(&mut self) -> Result<(), SettingsError> {
        self.token = self.lexer.next().map_err(|unreadable| self.misformed(unreadable))?;
        self.options();
        Ok(())
    }

    fn options(&mut self) {
        for option in self.lexer.take_options() {
            self.concerned = true;
            option::read(self.text, option, self.reading);
        }
    }

    /// A name of parts with dots between them, as the database reads it: in lower case unless it is quoted.
    pub(super) fn name(&mut self) -> Result<(String, usize), SettingsError> {
        let at = self.token.at;
        let name = self.dotted()?;
        if name.is_empty() || name.ends_with('.') {
            return Err(self.expected("a name"));
        }
        Ok((name, at))
    }

    /// As many parts of a name as stand here.
    pub(super) fn dotted(&mut self) -> Result<String, SettingsError> {
        let mut name = String::new();
        loop {
            match &self.token.kind {
                TokenKind::Word(word) => name.push_str(&folded(word)),
                TokenKind::Name(quoted) => name.push_str(quoted.as_str()),
                _ => return Ok(name),
            }
            self.advance()?;
            if !self.token.is_symbol(".") {
                return Ok(name);
            }
            name.push('.');
            self.advance()?;
        }
    }

    /// Whether the token begins a line that a shell's prompt stands in.
    pub(super) fn is_at_prompt(&self) -> bool {
        let rest = self.text.get(self.token.at..).unwrap_or_default();
        self.lexer.begins_line(self.token.at) && session::named_prompt(first_line(rest)).is_some()
    }

    /// The text from the token on.
    pub(super) fn ahead(&self) -> &'t str {
        self.text.get(self.token.at..).unwrap_or_default()
    }

    /// The error of something else than what stands here.
    pub(super) fn expected(&self, what: &str) -> SettingsError {
        let message = alloc::format!("expected {what}, found {}", self.token.describe());
        SettingsError::misformed(self.text, self.token.at, message)
    }

    /// The error of a text that has no tokens.
    pub(super) fn misformed(&self, Unreadable { at, message }: Unreadable) -> SettingsError {
        SettingsError::misformed(self.text, at, message)
    }
}
