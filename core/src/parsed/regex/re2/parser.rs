//! How far has a pattern been read, and what stands there so far? What all its readers push to, charge and complain with.

use alloc::{collections::BTreeSet, format, string::String, vec::Vec};

use regex_syntax::hir::{Class, ClassUnicode, Hir, Look};

use super::node::Node;
use crate::{
    ground::{limits::REGEX_TREE_BYTES_MAX, text::shown},
    parsed::regex::fold::{class_of, close_over_case, orbit},
};

/// Why a pattern cannot be read, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RegexError {
    /// Offset into the pattern, in bytes.
    pub(crate) offset: usize,
    defect: &'static str,
    part: String,
}

impl RegexError {
    /// The defect in Go's words: ``missing closing ): `(a` ``.
    pub(crate) fn describe(&self) -> String {
        format!("{}: `{}`", self.defect, shown(&self.part))
    }

    /// What to write instead, where the pattern is one of another kind of regex.
    pub(crate) fn remedy(&self) -> Option<String> {
        let part = &self.part;
        let foreign = FOREIGN.iter().find(|(start, _, _)| part.starts_with(start));
        if let Some((start, name, instead)) = foreign {
            return Some(format!("RE2, which the database uses, does not have `{start}` ({name}): {instead}"));
        }
        let digit = part.strip_prefix('\\').and_then(|rest| rest.chars().next()).filter(char::is_ascii_digit);
        match digit {
            Some(_) => Some(format!(
                "RE2, which the database uses, does not have `{}` (a back-reference) in a pattern: write the pattern \
                 without it",
                shown(part)
            )),
            None if part.starts_with('\\') => Some(format!(
                "RE2, which the database uses, does not have `{}`: write the pattern without it",
                shown(part)
            )),
            None if matches!(&**part, "*" | "+" | "?") => {
                Some(format!("write `.{part}` if any characters are meant: `{part}` alone repeats nothing"))
            }
            None => None,
        }
    }
}

/// What other kinds of regexes have: how it begins, what it is called, and what to do without it.
const FOREIGN: [(&str, &str, &str); 13] = [
    ("(?=", "a look-ahead", "write the pattern without it"),
    ("(?!", "a look-ahead", "write the pattern without it"),
    ("(?<=", "a look-behind", "write the pattern without it"),
    ("(?<!", "a look-behind", "write the pattern without it"),
    ("(?>", "an atomic group", "write `(?:` instead"),
    ("(?|", "a branch reset", "write `(?:` instead"),
    ("(?#", "a comment", "write the pattern without it"),
    ("(?x", "a flag", "write the pattern without it"),
    ("(?u", "a flag", "write the pattern without it"),
    ("\\Z", "the end of the text", "write `$`"),
    ("++", "possessive repetition", "write `+`"),
    ("*+", "possessive repetition", "write `*`"),
    ("?+", "possessive repetition", "write `?`"),
];

/// The flags that a pattern can set, all off in Go's Perl mode: `^` and `$` are the ends of the text, `.` excludes the
/// line feed, repetition is greedy.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Flags {
    pub(super) ignore_case: bool,
    pub(super) multi_line: bool,
    pub(super) dot_is_any: bool,
    pub(super) swap_greed: bool,
}

/// One group while it is read; the pattern as a whole is the outermost.
pub(super) struct Group {
    pub(super) capture: Option<u32>,
    /// The flags to go back to after it.
    pub(super) flags: Flags,
    pub(super) branches: Vec<Node>,
    pub(super) sequence: Vec<Node>,
}

impl Group {
    pub(super) fn new(capture: Option<u32>, flags: Flags) -> Self {
        Self { capture, flags, branches: Vec::new(), sequence: Vec::new() }
    }
}

/// A pattern while it is read.
pub(super) struct Parser<'p> {
    pub(super) pattern: &'p str,
    /// What of it has not been read yet.
    pub(super) rest: &'p str,
    pub(super) flags: Flags,
    pub(super) ignore_anchors: bool,
    pub(super) group: Group,
    pub(super) outer: Vec<Group>,
    pub(super) captures: u32,
    pub(super) names: BTreeSet<&'p str>,
    pub(super) bytes: usize,
}

impl<'p> Parser<'p> {
    pub(super) fn push_character(&mut self, character: char) -> Result<(), RegexError> {
        if self.flags.ignore_case {
            let orbit = orbit(character);
            // Not by the number of ranges: `Ł` and `ł` are neighbours, so that theirs is one.
            if orbit != class_of([character]) {
                return self.push_class(orbit);
            }
        }
        self.push(Node::character(character), CHARACTER_BYTES)
    }

    pub(super) fn push_class(&mut self, class: ClassUnicode) -> Result<(), RegexError> {
        let bytes = class.ranges().len().saturating_mul(RANGE_BYTES);
        self.push_tree(Hir::class(Class::Unicode(class)), bytes)
    }

    pub(super) fn push_look(&mut self, look: Look) -> Result<(), RegexError> {
        let anchor = matches!(look, Look::Start | Look::End | Look::StartLF | Look::EndLF);
        let tree = if anchor && self.ignore_anchors { Hir::empty() } else { Hir::look(look) };
        self.push_tree(tree, 0)
    }

    pub(super) fn push_tree(&mut self, tree: Hir, bytes: usize) -> Result<(), RegexError> {
        self.push(Node::leaf(tree), bytes.saturating_add(NODE_BYTES))
    }

    pub(super) fn push(&mut self, node: Node, bytes: usize) -> Result<(), RegexError> {
        self.group.sequence.push(node);
        self.charge(bytes)
    }

    /// Adds the orbits of its members to a class when case does not matter here.
    pub(super) fn close_over_case(&mut self, class: &mut ClassUnicode) -> Result<(), RegexError> {
        let folded = if self.flags.ignore_case { close_over_case(class) } else { 0 };
        self.charge(folded.saturating_mul(FOLDING_BYTES))
    }

    pub(super) fn charge(&mut self, bytes: usize) -> Result<(), RegexError> {
        self.bytes = self.bytes.saturating_add(bytes);
        if self.bytes > REGEX_TREE_BYTES_MAX {
            return Err(self.error_at(self.pattern, TOO_LARGE, self.pattern));
        }
        Ok(())
    }

    /// Passes over bytes that are known to be there.
    pub(super) fn skip(&mut self, bytes: usize) {
        self.rest = self.rest.get(bytes..).unwrap_or_default();
    }

    /// The error whose part reaches from `start` to what is read next.
    pub(super) fn error_from(&self, start: &str, defect: &'static str) -> RegexError {
        self.error_at(start, defect, until(start, self.rest))
    }

    pub(super) fn error_at(&self, start: &str, defect: &'static str, part: &str) -> RegexError {
        RegexError { offset: self.pattern.len().saturating_sub(start.len()), defect, part: part.into() }
    }
}

/// The part of a text before a later part of it.
pub(super) fn until<'p>(start: &'p str, rest: &str) -> &'p str {
    start.len().checked_sub(rest.len()).and_then(|end| start.get(..end)).unwrap_or_default()
}

pub(super) const TOO_DEEP: &str = "expression nests too deeply";
const TOO_LARGE: &str = "expression too large";

/// About what a node of the tree, a range of a class and a character that is still alone take.
pub(super) const NODE_BYTES: usize = 256;
pub(super) const RANGE_BYTES: usize = 8;
const CHARACTER_BYTES: usize = 8;
/// What a range of other cases counts for: as much time as building this much of a tree.
const FOLDING_BYTES: usize = 16;
