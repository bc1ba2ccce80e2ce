//! What is one token of SQL?

use alloc::borrow::Cow;

use crate::{ground::text::shown, parsed::settings::traced::Traced};

/// One token and the offset at which it begins.
pub(super) struct Token<'t> {
    pub(super) at: usize,
    pub(super) kind: TokenKind<'t>,
}

pub(super) enum TokenKind<'t> {
    /// A keyword or a bare name.
    Word(&'t str),
    /// A name in double quotes.
    Name(Traced),
    /// A string.
    Text(Traced),
    /// A string that is no text, which only matters where one is expected.
    NoText(Unreadable),
    /// Digits, as they are written.
    Number(&'t str),
    Symbol(&'t str),
    End,
}

impl Token<'_> {
    /// The token before the first.
    pub(super) fn start() -> Self {
        Self { at: 0, kind: TokenKind::End }
    }

    pub(super) fn is_keyword(&self, keyword: &str) -> bool {
        matches!(self.kind, TokenKind::Word(word) if word.eq_ignore_ascii_case(keyword))
    }

    pub(super) fn is_symbol(&self, symbol: &str) -> bool {
        matches!(self.kind, TokenKind::Symbol(found) if found == symbol)
    }

    pub(super) fn ends_statement(&self) -> bool {
        matches!(self.kind, TokenKind::End) || self.is_symbol(";")
    }

    /// The token in a message. Strings and long words may be secrets in the wrong place, so they are not shown.
    pub(super) fn describe(&self) -> Cow<'static, str> {
        const SHOWN_BYTES_MAX: usize = 32;
        match self.kind {
            TokenKind::Word(text) | TokenKind::Symbol(text) if text.len() <= SHOWN_BYTES_MAX => {
                alloc::format!("`{}`", shown(text)).into()
            }
            TokenKind::Word(_) | TokenKind::Symbol(_) => "a word".into(),
            TokenKind::Name(_) => "a quoted name".into(),
            TokenKind::Text(_) | TokenKind::NoText(_) => "a string".into(),
            TokenKind::Number(_) => "a number".into(),
            TokenKind::End => "the end of the text".into(),
        }
    }
}

/// Text that has no tokens: where, and what was expected.
#[derive(Clone, Copy)]
pub(super) struct Unreadable {
    pub(super) at: usize,
    pub(super) message: &'static str,
}
