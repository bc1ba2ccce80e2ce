//! Where is a reader of another server's regex, and why can it not go on?

use alloc::{
    boxed::Box,
    format,
    string::{String, ToString},
    vec::Vec,
};

use super::pattern::Pattern;
use crate::ground::{limits::REGEX_DEPTH_MAX, text::shown};

/// Why a regex cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Unread {
    /// The other server does not take it either.
    Invalid(String),
    /// It may mean something there.
    Unknown(String),
}

impl Unread {
    pub(super) fn invalid(defect: &str, part: &str) -> Self {
        Self::Invalid(format!("{defect}: `{}`", shown(part)))
    }

    pub(super) fn unknown(written: &str, called: &str) -> Self {
        Self::Unknown(format!("`{}` ({called})", shown(written)))
    }
}

/// A place in a regex.
pub(super) struct Lexer {
    characters: Vec<char>,
    at: usize,
    depth: usize,
}

impl Lexer {
    pub(super) fn new(text: &str) -> Self {
        Self { characters: text.chars().collect(), at: 0, depth: 0 }
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.peek_at(0)
    }

    pub(super) fn peek_at(&self, further: usize) -> Option<char> {
        self.characters.get(self.at.saturating_add(further)).copied()
    }

    pub(super) fn take(&mut self) -> Option<char> {
        let character = self.peek()?;
        self.at = self.at.saturating_add(1);
        Some(character)
    }

    /// Passes over the text if it stands here.
    pub(super) fn eat(&mut self, text: &str) -> bool {
        let there = self.starts_with(text);
        if there {
            self.at = self.at.saturating_add(text.chars().count());
        }
        there
    }

    pub(super) fn starts_with(&self, text: &str) -> bool {
        text.chars().enumerate().all(|(place, character)| self.peek_at(place) == Some(character))
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.at >= self.characters.len()
    }

    pub(super) fn place(&self) -> usize {
        self.at
    }

    pub(super) fn go_back_to(&mut self, place: usize) {
        self.at = place;
    }

    /// What was read since that place.
    pub(super) fn since(&self, place: usize) -> String {
        self.characters.get(place..self.at).unwrap_or_default().iter().collect()
    }

    /// All that is left, passed over.
    pub(super) fn rest(&mut self) -> String {
        let rest = self.characters.get(self.at..).unwrap_or_default().iter().collect();
        self.at = self.characters.len();
        rest
    }

    /// A whole number written in decimal digits.
    pub(super) fn number(&mut self) -> Option<u32> {
        let from = self.at;
        while self.peek().is_some_and(|digit| digit.is_ascii_digit()) {
            self.at = self.at.saturating_add(1);
        }
        self.since(from).parse().ok()
    }

    /// The character of so many hexadecimal digits, or of at least as many.
    pub(super) fn hexadecimal(&mut self, least: usize, most: usize) -> Option<char> {
        let from = self.at;
        while self.at.saturating_sub(from) < most && self.peek().is_some_and(|digit| digit.is_ascii_hexdigit()) {
            self.at = self.at.saturating_add(1);
        }
        let digits = self.since(from);
        if digits.len() < least {
            return None;
        }
        u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32)
    }

    pub(super) fn enter(&mut self) -> Result<(), Unread> {
        self.depth = self.depth.saturating_add(1);
        if self.depth > REGEX_DEPTH_MAX {
            return Err(Unread::Unknown("groups inside of groups, too deep to be read".to_string()));
        }
        Ok(())
    }

    pub(super) fn leave(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }
}

/// One part or several in a row.
pub(super) fn sequence(mut parts: Vec<Pattern>) -> Pattern {
    match (parts.len(), parts.pop()) {
        (1, Some(one)) => one,
        (_, last) => {
            parts.extend(last);
            Pattern::Sequence(parts)
        }
    }
}

/// One branch or several to choose from.
pub(super) fn choice(mut branches: Vec<Pattern>) -> Pattern {
    match (branches.len(), branches.pop()) {
        (1, Some(one)) => one,
        (_, last) => {
            branches.extend(last);
            Pattern::Choice(branches)
        }
    }
}

pub(super) fn repeated(sub: Pattern, (min, max): (u32, Option<u32>), greedy: bool) -> Pattern {
    Pattern::Repeat { sub: Box::new(sub), min, max, greedy }
}
