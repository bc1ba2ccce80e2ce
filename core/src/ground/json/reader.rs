//! What does this JSON text say? A strict reader (RFC 8259) that keeps the place of every value.
//!
//! Tokens, key sets and settings are all read here, in one pass over the text, so that there is one answer to what is
//! well-formed: no comments, no trailing commas, no lone surrogates, no number beyond the range of a double, nothing after
//! the value unless the caller reads a prefix, and never a nesting deeper than [`JSON_DEPTH_MAX`].

use alloc::{string::String, vec::Vec};

use super::{
    document::{Document, Kind, Node},
    duplicates::twice,
};
use crate::ground::limits::JSON_DEPTH_MAX;

impl<'t> Document<'t> {
    /// Reads a text that is one JSON value and nothing else.
    pub(crate) fn parse(text: &'t str, duplicates: Duplicates) -> Result<Self, JsonError> {
        let mut reader = Reader::new(text, duplicates);
        reader.value(0)?;
        reader.white_space();
        if reader.at < text.len() {
            return Err(reader.expected("the end of the text"));
        }
        let nodes = reader.nodes;
        Ok(Self { text, nodes })
    }

    /// Reads the first JSON value of a text and says where it ends, whatever follows.
    pub(crate) fn parse_prefix(text: &'t str, duplicates: Duplicates) -> Result<(Self, usize), JsonError> {
        let mut reader = Reader::new(text, duplicates);
        reader.value(0)?;
        let (nodes, end) = (reader.nodes, reader.at);
        Ok((Self { text, nodes }, end))
    }
}

/// In which objects a member may be stated twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Duplicates {
    /// In none.
    Refused,
    /// In every object but the outermost.
    RefusedAtTop,
    /// In all; the last one counts.
    LastWins,
}

/// Why a text is not JSON, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct JsonError {
    /// Offset in bytes.
    pub(crate) offset: usize,
    pub(crate) defect: Defect,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Defect {
    /// The text breaks the grammar; what was expected instead.
    Expected(&'static str),
    /// The named member stands twice in one object.
    DuplicateMember(String),
    /// Nested deeper than [`JSON_DEPTH_MAX`].
    TooDeep,
    /// A number outside the range of a double.
    NumberOutOfRange,
    /// A `\u` escape that is half a surrogate pair.
    LoneSurrogate,
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    duplicates: Duplicates,
    nodes: Vec<Node>,
}

impl<'t> Reader<'t> {
    fn new(text: &'t str, duplicates: Duplicates) -> Self {
        // A member costs two nodes and seldom less than 16 bytes of text: one allocation for an ordinary token.
        let nodes = Vec::with_capacity((text.len() / 8).clamp(16, 256));
        Self { text, at: 0, duplicates, nodes }
    }

    fn value(&mut self, depth: usize) -> Result<(), JsonError> {
        self.white_space();
        match self.peek() {
            Some(b'{') => self.object(depth),
            Some(b'[') => self.array(depth),
            Some(b'"') => self.string("a value"),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.word("true", Kind::Bool(true)),
            Some(b'f') => self.word("false", Kind::Bool(false)),
            Some(b'n') => self.word("null", Kind::Null),
            _ => Err(self.expected("a value")),
        }
    }

    fn object(&mut self, depth: usize) -> Result<(), JsonError> {
        let index = self.open(Kind::Object, depth)?;
        self.white_space();
        if !self.take(b'}') {
            loop {
                self.white_space();
                self.string("a member name in double quotes")?;
                self.white_space();
                if !self.take(b':') {
                    return Err(self.expected("`:`"));
                }
                self.value(depth + 1)?;
                self.white_space();
                if self.take(b'}') {
                    break;
                }
                if !self.take(b',') {
                    return Err(self.expected("`,` or `}`"));
                }
            }
        }
        self.close(index);
        match self.duplicates {
            Duplicates::LastWins => Ok(()),
            Duplicates::RefusedAtTop if depth > 0 => Ok(()),
            Duplicates::Refused | Duplicates::RefusedAtTop => self.members_once(index),
        }
    }

    fn array(&mut self, depth: usize) -> Result<(), JsonError> {
        let index = self.open(Kind::Array, depth)?;
        self.white_space();
        if !self.take(b']') {
            loop {
                self.value(depth + 1)?;
                self.white_space();
                if self.take(b']') {
                    break;
                }
                if !self.take(b',') {
                    return Err(self.expected("`,` or `]`"));
                }
            }
        }
        self.close(index);
        Ok(())
    }

    fn open(&mut self, kind: Kind, depth: usize) -> Result<usize, JsonError> {
        if depth >= JSON_DEPTH_MAX {
            return Err(self.defect(Defect::TooDeep));
        }
        let index = self.nodes.len();
        let start = self.at;
        self.at += 1;
        self.push(kind, false, start, start);
        Ok(index)
    }

    fn close(&mut self, index: usize) {
        let (end, next) = (offset(self.at), offset(self.nodes.len()));
        if let Some(node) = self.nodes.get_mut(index) {
            node.end = end;
            node.next = next;
        }
    }

    fn string(&mut self, what: &'static str) -> Result<(), JsonError> {
        if !self.take(b'"') {
            return Err(self.expected(what));
        }
        let start = self.at;
        let mut escaped = false;
        loop {
            // The bytes that end a plain run: the closing quote, an escape, or a raw control character.
            let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
            let plain =
                rest.iter().position(|&byte| byte == b'"' || byte == b'\\' || byte < b' ').unwrap_or(rest.len());
            self.at += plain;
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => {
                    escaped = true;
                    self.escape()?;
                }
                Some(_) => return Err(self.expected("an escape instead of a control character")),
                None => return Err(self.expected("`\"`")),
            }
        }
        self.push(Kind::String, escaped, start, self.at);
        self.at += 1;
        Ok(())
    }

    fn escape(&mut self) -> Result<(), JsonError> {
        let start = self.at;
        self.at += 1;
        match self.peek() {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => {
                self.at += 1;
                Ok(())
            }
            Some(b'u') => {
                self.at += 1;
                let lone = JsonError { offset: start, defect: Defect::LoneSurrogate };
                match self.four_digits()? {
                    0xdc00..=0xdfff => Err(lone),
                    0xd800..=0xdbff => {
                        if !(self.take(b'\\') && self.take(b'u')) {
                            return Err(lone);
                        }
                        match self.four_digits()? {
                            0xdc00..=0xdfff => Ok(()),
                            _ => Err(lone),
                        }
                    }
                    _ => Ok(()),
                }
            }
            _ => Err(self.expected("one of `\" \\ / b f n r t u` after `\\`")),
        }
    }

    fn four_digits(&mut self) -> Result<u32, JsonError> {
        let mut value = 0;
        for _ in 0..4 {
            let digit = self.peek().and_then(|byte| char::from(byte).to_digit(16));
            let Some(digit) = digit else {
                return Err(self.expected("four hexadecimal digits"));
            };
            value = value << 4 | digit;
            self.at += 1;
        }
        Ok(value)
    }

    fn number(&mut self) -> Result<(), JsonError> {
        /// No number of so few digits, without an exponent, leaves the range of a double.
        const ALWAYS_IN_RANGE: usize = 300;
        let start = self.at;
        self.take(b'-');
        if !self.take(b'0') && self.digits() == 0 {
            return Err(self.expected("a digit"));
        }
        if self.take(b'.') && self.digits() == 0 {
            return Err(self.expected("a digit after the decimal point"));
        }
        let exponent = self.take(b'e') || self.take(b'E');
        if exponent {
            let _sign = self.take(b'+') || self.take(b'-');
            if self.digits() == 0 {
                return Err(self.expected("a digit in the exponent"));
            }
        }
        if exponent || self.at - start > ALWAYS_IN_RANGE {
            let written = self.text.get(start..self.at).unwrap_or_default();
            if !written.parse().is_ok_and(f64::is_finite) {
                return Err(JsonError { offset: start, defect: Defect::NumberOutOfRange });
            }
        }
        self.push(Kind::Number, false, start, self.at);
        Ok(())
    }

    fn digits(&mut self) -> usize {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        self.at - start
    }

    fn word(&mut self, word: &'static str, kind: Kind) -> Result<(), JsonError> {
        let start = self.at;
        if !self.text.get(start..).is_some_and(|rest| rest.starts_with(word)) {
            return Err(self.expected("a value"));
        }
        self.at += word.len();
        self.push(kind, false, start, self.at);
        Ok(())
    }

    /// Refuses the object at `index` if it states a member twice.
    fn members_once(&self, index: usize) -> Result<(), JsonError> {
        match twice(self.text, &self.nodes, index) {
            None => Ok(()),
            Some((name, at)) => Err(JsonError {
                offset: (at as usize).saturating_sub(1),
                defect: Defect::DuplicateMember(name.into_owned()),
            }),
        }
    }

    fn push(&mut self, kind: Kind, escaped: bool, start: usize, end: usize) {
        self.nodes.push(Node {
            kind,
            escaped,
            start: offset(start),
            end: offset(end),
            next: offset(self.nodes.len() + 1),
        });
    }

    fn white_space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn expected(&self, what: &'static str) -> JsonError {
        self.defect(Defect::Expected(what))
    }

    fn defect(&self, defect: Defect) -> JsonError {
        JsonError { offset: self.at, defect }
    }
}

/// Offsets fit into 32 bits because every text is bounded by `limits` far below that.
fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
