//! What does this pattern mean? Element by element, as Go's reader takes them.

use alloc::{collections::BTreeSet, vec::Vec};

use regex_syntax::hir::{Dot, Hir, Look};

use super::{
    class,
    parser::{Flags, Group, Parser, RegexError},
};

/// How a pattern is read before its own flags change that.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Reading {
    /// As if `(?i)` stood before it.
    pub(crate) ignore_case: bool,
    /// As if it had no `^`, `$`, `\A` and `\z`; only to tell what a pattern would match without them.
    pub(crate) ignore_anchors: bool,
}

/// A pattern that has been read.
#[derive(Debug)]
pub(crate) struct Regex {
    pub(crate) tree: Hir,
    /// How many capturing groups it has.
    pub(crate) captures: u32,
    /// About how much memory the tree takes, in bytes, and the work of folding classes counted like it.
    pub(crate) bytes: usize,
}

impl Regex {
    /// Whether every way to match spans the whole text.
    pub(crate) fn is_anchored(&self) -> bool {
        let properties = self.tree.properties();
        properties.look_set_prefix().contains(Look::Start) && properties.look_set_suffix().contains(Look::End)
    }
}

/// Reads a pattern.
pub(crate) fn parse(pattern: &str, reading: Reading) -> Result<Regex, RegexError> {
    let flags = Flags { ignore_case: reading.ignore_case, ..Flags::default() };
    let mut parser = Parser {
        pattern,
        rest: pattern,
        flags,
        ignore_anchors: reading.ignore_anchors,
        group: Group::new(None, flags),
        outer: Vec::new(),
        captures: 0,
        names: BTreeSet::new(),
        bytes: 0,
    };
    let mut repeated_at = None;
    while let Some(character) = parser.rest.chars().next() {
        repeated_at = parser.step(character, repeated_at)?;
    }
    if !parser.outer.is_empty() {
        return Err(parser.error_at(pattern, MISSING_PAREN, pattern));
    }
    let node = parser.finish_group()?;
    Ok(Regex { tree: node.into_tree(), captures: parser.captures, bytes: parser.bytes })
}

impl<'p> Parser<'p> {
    /// Reads one element; `repeated_at` and the result are the text from the repetition operator just before on.
    fn step(&mut self, character: char, repeated_at: Option<&'p str>) -> Result<Option<&'p str>, RegexError> {
        match character {
            '(' => self.open()?,
            '|' => {
                self.skip(1);
                self.finish_branch()?;
            }
            ')' => self.close()?,
            '^' | '$' => {
                self.skip(1);
                let look = match (character, self.flags.multi_line) {
                    ('^', true) => Look::StartLF,
                    ('^', false) => Look::Start,
                    (_, true) => Look::EndLF,
                    (_, false) => Look::End,
                };
                self.push_look(look)?;
            }
            '.' => {
                self.skip(1);
                let dot = if self.flags.dot_is_any { Dot::AnyChar } else { Dot::AnyCharExceptLF };
                self.push_tree(Hir::dot(dot), 0)?;
            }
            '[' => {
                let class = class::bracketed(self)?;
                self.push_class(class)?;
            }
            '*' | '+' | '?' => return self.repeat_by_operator(character, repeated_at),
            '{' => return self.repeat_by_count(repeated_at),
            '\\' => self.backslash()?,
            _ => {
                self.skip(character.len_utf8());
                self.push_character(character)?;
            }
        }
        Ok(None)
    }

    /// Whatever a backslash begins outside a class.
    fn backslash(&mut self) -> Result<(), RegexError> {
        let start = self.rest;
        let look = match start.as_bytes().get(1) {
            Some(b'A') => Look::Start,
            Some(b'z') => Look::End,
            Some(b'b') => Look::WordAscii,
            Some(b'B') => Look::WordAsciiNegate,
            Some(b'Q') => return self.quotation(),
            _ => {
                if let Some(class) = class::escaped(self)? {
                    return self.push_class(class);
                }
                let character = self.escape()?;
                return self.push_character(character);
            }
        };
        self.skip(2);
        self.push_look(look)
    }

    /// `\Q…\E`, or to the end of the pattern.
    fn quotation(&mut self) -> Result<(), RegexError> {
        self.skip(2);
        let (quoted, after) = self.rest.split_once("\\E").unwrap_or((self.rest, ""));
        self.rest = after;
        quoted.chars().try_for_each(|character| self.push_character(character))
    }
}

const MISSING_PAREN: &str = "missing closing )";
