//! What does a regex of the identity map mean? Go's `regexp/syntax`, read the way `regexp.Compile` reads it.
//!
//! The reader follows Go's step by step and builds the syntax tree itself, so that nothing is interpreted twice. What
//! cannot be translated with certainty is refused, in Go's own words where it has them.

mod class;
mod escape;
mod node;
mod repeat;

use alloc::{collections::BTreeSet, format, string::String, vec::Vec};
use core::mem;

use regex_syntax::hir::{Class, ClassUnicode, Dot, Hir, Look};

use self::node::{Node, alternation, concatenation};
use super::fold::{class_of, close_over_case, orbit};
use crate::ground::{
    limits::{REGEX_DEPTH_MAX, REGEX_TREE_BYTES_MAX},
    text::shown,
};

/// How a pattern is read before its own flags change that.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Reading {
    /// As if `(?i)` stood before it.
    pub(super) ignore_case: bool,
    /// As if it had no `^`, `$`, `\A` and `\z`; only to tell what a pattern would match without them.
    pub(super) ignore_anchors: bool,
}

/// A pattern that has been read.
#[derive(Debug)]
pub(super) struct Regex {
    pub(super) tree: Hir,
    /// How many capturing groups it has.
    pub(super) captures: u32,
    /// About how much memory the tree takes, in bytes, and the work of folding classes counted like it.
    pub(super) bytes: usize,
}

impl Regex {
    /// Whether every way to match spans the whole text.
    pub(super) fn is_anchored(&self) -> bool {
        let properties = self.tree.properties();
        properties.look_set_prefix().contains(Look::Start) && properties.look_set_suffix().contains(Look::End)
    }
}

/// Why a pattern cannot be read, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RegexError {
    /// Offset into the pattern, in bytes.
    pub(super) offset: usize,
    defect: &'static str,
    part: String,
}

impl RegexError {
    /// The defect in Go's words: ``missing closing ): `(a` ``.
    pub(super) fn describe(&self) -> String {
        format!("{}: `{}`", self.defect, shown(&self.part))
    }
}

/// Reads a pattern.
pub(super) fn parse(pattern: &str, reading: Reading) -> Result<Regex, RegexError> {
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

/// The flags that a pattern can set, all off in Go's Perl mode: `^` and `$` are the ends of the text, `.` excludes the
/// line feed, repetition is greedy.
#[derive(Clone, Copy, Debug, Default)]
struct Flags {
    ignore_case: bool,
    multi_line: bool,
    dot_is_any: bool,
    swap_greed: bool,
}

/// One group while it is read; the pattern as a whole is the outermost.
struct Group {
    capture: Option<u32>,
    /// The flags to go back to after it.
    flags: Flags,
    branches: Vec<Node>,
    sequence: Vec<Node>,
}

impl Group {
    fn new(capture: Option<u32>, flags: Flags) -> Self {
        Self { capture, flags, branches: Vec::new(), sequence: Vec::new() }
    }
}

struct Parser<'p> {
    pattern: &'p str,
    rest: &'p str,
    flags: Flags,
    ignore_anchors: bool,
    group: Group,
    outer: Vec<Group>,
    captures: u32,
    names: BTreeSet<&'p str>,
    bytes: usize,
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

    fn open(&mut self) -> Result<(), RegexError> {
        if self.rest.starts_with("(?") {
            return self.open_with_flags();
        }
        self.skip(1);
        self.enter_capture();
        Ok(())
    }

    fn enter_capture(&mut self) {
        self.captures = self.captures.saturating_add(1);
        self.enter(Some(self.captures));
    }

    fn enter(&mut self, capture: Option<u32>) {
        let inner = Group::new(capture, self.flags);
        self.outer.push(mem::replace(&mut self.group, inner));
    }

    /// `(?flags)`, `(?flags:`, `(?P<name>` and `(?<name>`.
    fn open_with_flags(&mut self) -> Result<(), RegexError> {
        let start = self.rest;
        let name = start.strip_prefix("(?P<").or_else(|| start.strip_prefix("(?<")).filter(|name| !name.is_empty());
        if let Some(name) = name {
            let Some((name, after)) = name.split_once('>') else {
                return Err(self.error_at(start, INVALID_NAME, start));
            };
            if name.is_empty() || !name.bytes().all(|byte| byte == b'_' || byte.is_ascii_alphanumeric()) {
                return Err(self.error_at(start, INVALID_NAME, until(start, after)));
            }
            // RE2 refuses a name that stands twice; what Go does with it is nothing to rely on.
            if !self.names.insert(name) {
                return Err(self.error_at(start, NAME_TWICE, until(start, after)));
            }
            self.rest = after;
            self.enter_capture();
            return Ok(());
        }
        self.skip(2);
        let mut flags = self.flags;
        let (mut set, mut seen) = (true, false);
        while let Some(character) = self.rest.chars().next() {
            self.skip(character.len_utf8());
            match character {
                'i' => flags.ignore_case = set,
                'm' => flags.multi_line = set,
                's' => flags.dot_is_any = set,
                'U' => flags.swap_greed = set,
                '-' if set => (set, seen) = (false, false),
                ':' | ')' if set || seen => {
                    if character == ':' {
                        self.enter(None);
                    }
                    self.flags = flags;
                    return Ok(());
                }
                _ => break,
            }
            seen |= character != '-';
        }
        Err(self.error_from(start, INVALID_PERL))
    }

    fn close(&mut self) -> Result<(), RegexError> {
        let here = self.rest;
        let Some(outer) = self.outer.pop() else {
            return Err(self.error_at(here, UNEXPECTED_PAREN, self.pattern));
        };
        self.skip(1);
        let capture = self.group.capture;
        let flags = self.group.flags;
        let mut node = self.finish_group()?;
        if let Some(index) = capture {
            node = node.captured(index);
        }
        self.flags = flags;
        self.group = outer;
        self.push(node, 0)
    }

    fn finish_branch(&mut self) -> Result<(), RegexError> {
        let nodes = mem::take(&mut self.group.sequence);
        let branch = concatenation(nodes);
        self.group.branches.push(branch);
        self.charge(NODE_BYTES)
    }

    fn finish_group(&mut self) -> Result<Node, RegexError> {
        self.finish_branch()?;
        let node = alternation(mem::take(&mut self.group.branches));
        if node.height > REGEX_DEPTH_MAX {
            return Err(self.error_at(self.pattern, TOO_DEEP, self.pattern));
        }
        Ok(node)
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

    fn push_character(&mut self, character: char) -> Result<(), RegexError> {
        if self.flags.ignore_case {
            let orbit = orbit(character);
            // Not by the number of ranges: `Ł` and `ł` are neighbours, so that theirs is one.
            if orbit != class_of([character]) {
                return self.push_class(orbit);
            }
        }
        self.push(Node::character(character), CHARACTER_BYTES)
    }

    fn push_class(&mut self, class: ClassUnicode) -> Result<(), RegexError> {
        let bytes = class.ranges().len().saturating_mul(RANGE_BYTES);
        self.push_tree(Hir::class(Class::Unicode(class)), bytes)
    }

    fn push_look(&mut self, look: Look) -> Result<(), RegexError> {
        let anchor = matches!(look, Look::Start | Look::End | Look::StartLF | Look::EndLF);
        let tree = if anchor && self.ignore_anchors { Hir::empty() } else { Hir::look(look) };
        self.push_tree(tree, 0)
    }

    fn push_tree(&mut self, tree: Hir, bytes: usize) -> Result<(), RegexError> {
        self.push(Node::leaf(tree), bytes.saturating_add(NODE_BYTES))
    }

    fn push(&mut self, node: Node, bytes: usize) -> Result<(), RegexError> {
        self.group.sequence.push(node);
        self.charge(bytes)
    }

    /// Adds the orbits of its members to a class when case does not matter here.
    fn close_over_case(&mut self, class: &mut ClassUnicode) -> Result<(), RegexError> {
        let folded = if self.flags.ignore_case { close_over_case(class) } else { 0 };
        self.charge(folded.saturating_mul(FOLDING_BYTES))
    }

    fn charge(&mut self, bytes: usize) -> Result<(), RegexError> {
        self.bytes = self.bytes.saturating_add(bytes);
        if self.bytes > REGEX_TREE_BYTES_MAX {
            return Err(self.error_at(self.pattern, TOO_LARGE, self.pattern));
        }
        Ok(())
    }

    /// Passes over bytes that are known to be there.
    fn skip(&mut self, bytes: usize) {
        self.rest = self.rest.get(bytes..).unwrap_or_default();
    }

    /// The error whose part reaches from `start` to what is read next.
    fn error_from(&self, start: &str, defect: &'static str) -> RegexError {
        self.error_at(start, defect, until(start, self.rest))
    }

    fn error_at(&self, start: &str, defect: &'static str, part: &str) -> RegexError {
        RegexError { offset: self.pattern.len().saturating_sub(start.len()), defect, part: part.into() }
    }
}

/// The part of a text before a later part of it.
fn until<'p>(start: &'p str, rest: &str) -> &'p str {
    start.len().checked_sub(rest.len()).and_then(|end| start.get(..end)).unwrap_or_default()
}

const MISSING_PAREN: &str = "missing closing )";
const UNEXPECTED_PAREN: &str = "unexpected )";
const INVALID_NAME: &str = "invalid named capture";
const NAME_TWICE: &str = "duplicate capture name";
const INVALID_PERL: &str = "invalid or unsupported Perl syntax";
const TOO_DEEP: &str = "expression nests too deeply";
const TOO_LARGE: &str = "expression too large";

/// About what a node of the tree, a range of a class and a character that is still alone take.
const NODE_BYTES: usize = 256;
const RANGE_BYTES: usize = 8;
const CHARACTER_BYTES: usize = 8;
/// What a range of other cases counts for: as much time as building this much of a tree.
const FOLDING_BYTES: usize = 16;

#[cfg(test)]
mod tests;
