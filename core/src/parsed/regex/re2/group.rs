//! Where does a group begin and end, what does it capture, and which flags hold in it? `(…)`, `(?i)`, `(?:…)`, `(?P<name>…)`,
//! and the branches between `|`.

use core::mem;

use super::{
    node::{Node, alternation, concatenation},
    parser::{Group, NODE_BYTES, Parser, RegexError, TOO_DEEP, until},
};
use crate::ground::limits::REGEX_DEPTH_MAX;

impl Parser<'_> {
    pub(super) fn open(&mut self) -> Result<(), RegexError> {
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

    pub(super) fn close(&mut self) -> Result<(), RegexError> {
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

    pub(super) fn finish_branch(&mut self) -> Result<(), RegexError> {
        let nodes = mem::take(&mut self.group.sequence);
        let branch = concatenation(nodes);
        self.group.branches.push(branch);
        self.charge(NODE_BYTES)
    }

    pub(super) fn finish_group(&mut self) -> Result<Node, RegexError> {
        self.finish_branch()?;
        let node = alternation(mem::take(&mut self.group.branches));
        if node.height > REGEX_DEPTH_MAX {
            return Err(self.error_at(self.pattern, TOO_DEEP, self.pattern));
        }
        Ok(node)
    }
}

const UNEXPECTED_PAREN: &str = "unexpected )";
const INVALID_NAME: &str = "invalid named capture";
const NAME_TWICE: &str = "duplicate capture name";
const INVALID_PERL: &str = "invalid or unsupported Perl syntax";
