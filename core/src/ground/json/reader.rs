//! What does this JSON text say? A strict reader (RFC 8259) that keeps the place of every value.
//!
//! One pass over the text gives a flat list of nodes; strings and numbers stay where they are and are decoded when
//! asked for. Tokens, key sets and settings are all read here, so that there is one answer to what is well-formed: no
//! comments, no trailing commas, no lone surrogates, no number beyond the range of a double, nothing after the value
//! unless the caller reads a prefix, and never a nesting deeper than [`JSON_DEPTH_MAX`].

use alloc::{borrow::Cow, string::String, vec::Vec};

use crate::ground::limits::JSON_DEPTH_MAX;

/// A JSON text that has been read; [`Document::root`] is its value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Document<'t> {
    text: &'t str,
    nodes: Vec<Node>,
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

impl Defect {
    /// The defect as the middle of a sentence: `it is not JSON: {}`.
    pub(crate) fn describe(&self) -> String {
        match self {
            Self::Expected(what) => alloc::format!("expected {what}"),
            Self::DuplicateMember(name) => {
                alloc::format!("the member `{}` stands twice", crate::ground::text::shown(name))
            }
            Self::TooDeep => alloc::format!("it is nested deeper than {JSON_DEPTH_MAX} levels"),
            Self::NumberOutOfRange => "a number is outside the range of a double".into(),
            Self::LoneSurrogate => "a `\\u` escape is half of a surrogate pair".into(),
        }
    }
}

/// The kind of a JSON value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Null,
    Bool(bool),
    Number,
    String,
    Array,
    Object,
}

impl Kind {
    /// The kind with its article, for messages.
    pub(crate) fn describe(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Number => "a number",
            Self::String => "a string",
            Self::Array => "an array",
            Self::Object => "an object",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Node {
    kind: Kind,
    /// A string that holds at least one escape.
    escaped: bool,
    /// Offsets in bytes; a string's are those inside its quotes.
    start: u32,
    end: u32,
    /// Index of the node after this value and all it holds.
    next: u32,
}

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

    /// Whether the text is its value and nothing else, not even white space around it.
    pub(crate) fn is_bare(&self) -> bool {
        self.root().span() == (0, self.text.len())
    }

    /// The outermost value.
    pub(crate) fn root(&self) -> Value<'_> {
        Value { document: self, index: 0 }
    }

    /// The part of the text that a node stands for.
    fn written(&self, node: &Node) -> &'t str {
        self.text.get(node.start as usize..node.end as usize).unwrap_or_default()
    }

    /// Whether a string's node stands for this text.
    #[inline]
    fn holds(&self, node: &Node, text: &str) -> bool {
        if node.escaped {
            return unescape(self.written(node)) == text;
        }
        // Names of claims are short and mostly differ in their first byte: comparing one by one beats a call.
        let written = self.text.as_bytes().get(node.start as usize..node.end as usize).unwrap_or_default();
        written.len() == text.len() && written.iter().zip(text.as_bytes()).all(|(one, other)| one == other)
    }
}

/// One value of a [`Document`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct Value<'d> {
    document: &'d Document<'d>,
    index: u32,
}

impl<'d> Value<'d> {
    pub(crate) fn kind(self) -> Kind {
        self.node().kind
    }

    pub(crate) fn is_null(self) -> bool {
        self.kind() == Kind::Null
    }

    /// Where the value stands in the text, in bytes; a string with its quotes.
    pub(crate) fn span(self) -> (usize, usize) {
        let node = self.node();
        let quote = usize::from(node.kind == Kind::String);
        ((node.start as usize).saturating_sub(quote), (node.end as usize).saturating_add(quote))
    }

    /// The value as it is written, a string with its quotes.
    pub(crate) fn written(self) -> &'d str {
        let (start, end) = self.span();
        self.document.text.get(start..end).unwrap_or_default()
    }

    /// The text of a string, its escapes resolved.
    pub(crate) fn string(self) -> Option<Cow<'d, str>> {
        let node = self.node();
        (node.kind == Kind::String).then(|| {
            let inner = self.inner();
            if node.escaped { Cow::Owned(unescape(inner)) } else { Cow::Borrowed(inner) }
        })
    }

    /// Visits the text of a string piece by piece, escapes resolved, each piece with the offset at which it is written.
    pub(crate) fn for_each_piece(self, mut visit: impl FnMut(&str, usize)) {
        let node = self.node();
        if node.kind == Kind::String {
            for_each_piece(self.inner(), |piece, at| visit(piece, at.saturating_add(node.start as usize)));
        }
    }

    /// The digits of a number as they are written.
    pub(crate) fn number(self) -> Option<&'d str> {
        (self.kind() == Kind::Number).then(|| self.inner())
    }

    /// The members of an object, in order; nothing for another kind.
    pub(crate) fn members(self) -> impl Iterator<Item = (Value<'d>, Value<'d>)> {
        let mut names = self.children(Kind::Object);
        core::iter::from_fn(move || Some((names.next()?, names.next()?)))
    }

    /// The elements of an array, in order; nothing for another kind.
    pub(crate) fn elements(self) -> impl Iterator<Item = Value<'d>> {
        self.children(Kind::Array)
    }

    /// The member of that name; of several, the last.
    pub(crate) fn member(self, name: &str) -> Option<Value<'d>> {
        // Asked some thirty times for each token, so a plain walk over the nodes.
        let nodes = &self.document.nodes;
        let end = if self.kind() == Kind::Object { self.node().next } else { 0 };
        let (mut at, mut found) = (self.index.saturating_add(1), None);
        while at < end {
            let index = at.saturating_add(1);
            let (Some(key), Some(value)) = (nodes.get(at as usize), nodes.get(index as usize)) else { break };
            if self.document.holds(key, name) {
                found = Some(Value { index, ..self });
            }
            at = value.next;
        }
        found
    }

    /// Whether the value is a string of exactly this text.
    pub(crate) fn is_string(self, text: &str) -> bool {
        let node = self.node();
        node.kind == Kind::String && self.document.holds(node, text)
    }

    /// The strings of an array of strings; `None` for anything else.
    pub(crate) fn strings(self) -> Option<Vec<Cow<'d, str>>> {
        (self.kind() == Kind::Array).then(|| self.elements().map(Value::string).collect())?
    }

    fn children(self, kind: Kind) -> impl Iterator<Item = Value<'d>> {
        let node = self.node();
        let end = if node.kind == kind { node.next } else { 0 };
        let (document, mut index) = (self.document, self.index.saturating_add(1));
        core::iter::from_fn(move || {
            (index < end).then(|| {
                let child = Value { document, index };
                index = child.node().next;
                child
            })
        })
    }

    fn inner(self) -> &'d str {
        self.document.written(self.node())
    }

    fn node(self) -> &'d Node {
        const NOTHING: &Node = &Node { kind: Kind::Null, escaped: false, start: 0, end: 0, next: u32::MAX };
        self.document.nodes.get(self.index as usize).unwrap_or(NOTHING)
    }
}

/// The text as a JSON string, with its quotes.
pub(crate) fn quote(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '\0'..'\u{20}' => quoted.push_str(&alloc::format!("\\u{:04x}", u32::from(character))),
            _ => quoted.push(character),
        }
    }
    quoted.push('"');
    quoted
}

/// Resolves the escapes of a string that the reader has accepted.
#[cold]
fn unescape(inner: &str) -> String {
    let mut text = String::with_capacity(inner.len());
    for_each_piece(inner, |piece, _| text.push_str(piece));
    text
}

/// The resolved text of an accepted string, piece by piece, each with the offset in `inner` at which it is written.
fn for_each_piece(inner: &str, mut visit: impl FnMut(&str, usize)) {
    let mut rest = inner;
    while let Some((before, after)) = rest.split_once('\\') {
        let at = inner.len() - rest.len();
        visit(before, at);
        let mut characters = after.chars();
        let resolved = match characters.next() {
            Some('b') => '\u{8}',
            Some('f') => '\u{c}',
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some('u') => {
                let first = hexadecimal(&mut characters);
                let scalar = if (0xd800..0xdc00).contains(&first) {
                    // OK because the reader accepts a high surrogate only with `\u` and a low one after it.
                    characters.nth(1);
                    let second = hexadecimal(&mut characters);
                    0x10000 + ((first & 0x3ff) << 10) + (second & 0x3ff)
                } else {
                    first
                };
                char::from_u32(scalar).unwrap_or(char::REPLACEMENT_CHARACTER)
            }
            Some(itself) => itself,
            None => char::REPLACEMENT_CHARACTER,
        };
        visit(resolved.encode_utf8(&mut [0; 4]), at + before.len());
        rest = characters.as_str();
    }
    visit(rest, inner.len() - rest.len());
}

fn hexadecimal(characters: &mut core::str::Chars<'_>) -> u32 {
    characters.take(4).filter_map(|digit| digit.to_digit(16)).fold(0, |value, digit| value << 4 | digit)
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
        /// Up to this many members, comparing every pair is the quicker way.
        const FEW: usize = 16;
        let document = Borrowed { text: self.text, nodes: &self.nodes };
        let mut few: [(Cow<'_, str>, u32); FEW] = Default::default();
        for (count, name) in document.names(index).enumerate() {
            let (before, rest) = few.split_at_mut(count);
            if let Some((twice, _)) = before.iter().find(|(other, _)| *other == name.0) {
                return Err(duplicate(twice, name.1));
            }
            let Some(place) = rest.first_mut() else { return members_once_sorted(document.names(index).collect()) };
            *place = name;
        }
        Ok(())
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

/// The names of an object while it is still being read.
struct Borrowed<'r> {
    text: &'r str,
    nodes: &'r [Node],
}

impl<'r> Borrowed<'r> {
    /// The names of the members of the object at `index`, and where they stand.
    fn names(&self, index: usize) -> impl Iterator<Item = (Cow<'r, str>, u32)> + use<'_, 'r> {
        let end = self.nodes.get(index).map_or(0, |node| node.next as usize);
        let mut at = index + 1;
        core::iter::from_fn(move || {
            let name = self.nodes.get(at).filter(|_| at < end)?;
            at = self.nodes.get(at + 1)?.next as usize;
            let inner = self.text.get(name.start as usize..name.end as usize)?;
            Some((if name.escaped { Cow::Owned(unescape(inner)) } else { Cow::Borrowed(inner) }, name.start))
        })
    }
}

fn members_once_sorted(mut names: Vec<(Cow<'_, str>, u32)>) -> Result<(), JsonError> {
    names.sort_unstable();
    let twice = names.windows(2).find_map(|pair| match pair {
        [(first, _), (second, offset)] if first == second => Some(duplicate(second, *offset)),
        _ => None,
    });
    twice.map_or(Ok(()), Err)
}

fn duplicate(name: &str, offset: u32) -> JsonError {
    JsonError { offset: (offset as usize).saturating_sub(1), defect: Defect::DuplicateMember(name.into()) }
}

/// Offsets fit into 32 bits because every text is bounded by `limits` far below that.
fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::{string::ToString, vec};

    fn parse(text: &str) -> Result<Document<'_>, Defect> {
        Document::parse(text, Duplicates::RefusedAtTop).map_err(|error| error.defect)
    }

    #[test]
    fn members_and_elements_come_in_order() {
        let document = parse(r#" {"a": [1, {"b": null}, "x"], "c": true} "#).unwrap();
        let root = document.root();
        let names: Vec<_> = root.members().map(|(name, _)| name.string().unwrap()).collect();
        assert_eq!(names, ["a", "c"]);
        let kinds: Vec<_> = root.member("a").unwrap().elements().map(Value::kind).collect();
        assert_eq!(kinds, [Kind::Number, Kind::Object, Kind::String]);
        assert_eq!(root.member("a").unwrap().written(), r#"[1, {"b": null}, "x"]"#);
        assert_eq!(root.member("c").unwrap().kind(), Kind::Bool(true));
        assert!(root.member("b").is_none());
    }

    #[test]
    fn escapes_are_resolved_in_names_and_values() {
        let document = parse(r#"{"\u0073ub":"a\n\"\\\/\u00e9\ud83d\ude00"}"#).unwrap();
        assert_eq!(document.root().member("sub").unwrap().string().unwrap(), "a\n\"\\/\u{e9}\u{1f600}");
    }

    #[test]
    fn pieces_tell_where_each_stretch_of_a_string_is_written() {
        let document = parse(r#"["ab\nc\ud83d\ude00"]"#).unwrap();
        let mut pieces = vec![];
        let string = document.root().elements().next().unwrap();
        string.for_each_piece(|piece, at| pieces.push((piece.to_string(), at)));
        let expected = [("ab", 2), ("\n", 4), ("c", 6), ("\u{1f600}", 7), ("", 19)];
        assert_eq!(pieces, expected.map(|(piece, at)| (piece.to_string(), at)));
    }

    #[test]
    fn quoted_texts_read_back() {
        for text in ["", "a\"b\\c/", "\0\u{1f}\u{7f}\u{85}\u{2028}\r\n\t", "\u{1f600}é"] {
            let quoted = quote(text);
            let document = parse(&quoted).unwrap();
            assert_eq!(document.root().string().unwrap(), text);
        }
    }

    #[test]
    fn everything_outside_the_grammar_is_refused() {
        for text in [
            "",
            " ",
            "{",
            "[",
            "\"",
            "{\"a\"}",
            "{\"a\":}",
            "{\"a\":1,}",
            "[1,]",
            "{a:1}",
            "{'a':1}",
            "01",
            "+1",
            "1.",
            ".5",
            "1e",
            "-",
            "0x1",
            "NaN",
            "Infinity",
            "tru",
            "nulll",
            "// c\n1",
            "[1] 2",
            "\u{feff}1",
            "\"\n\"",
            "\"\\x\"",
            "\"\\u12g4\"",
            "\"a",
            "1\0",
            "[1}",
            "{]",
        ] {
            assert!(matches!(parse(text), Err(Defect::Expected(_))), "{text:?}");
        }
    }

    #[test]
    fn lone_surrogates_are_refused() {
        for text in [r#""\ud800""#, r#""\udc00""#, r#""\ud800\u0041""#, r#""\ud800\ud800""#, r#""\ud800x""#] {
            assert_eq!(parse(text).unwrap_err(), Defect::LoneSurrogate, "{text}");
        }
    }

    #[test]
    fn numbers_beyond_a_double_are_refused() {
        for (text, ok) in [("1e308", true), ("1e309", false), ("-1e400", false), ("1e-999", true)] {
            assert_eq!(parse(text).is_ok(), ok, "{text}");
        }
        assert!(parse(&"9".repeat(308)).is_ok());
        assert_eq!(parse(&"9".repeat(310)).unwrap_err(), Defect::NumberOutOfRange);
    }

    #[test]
    fn depth_is_bounded_at_the_limit() {
        let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        assert!(parse(&nested(JSON_DEPTH_MAX)).is_ok());
        assert_eq!(parse(&nested(JSON_DEPTH_MAX + 1)).unwrap_err(), Defect::TooDeep);
        assert_eq!(parse(&"[".repeat(100_000)).unwrap_err(), Defect::TooDeep);
    }

    #[test]
    fn duplicates_are_found_at_the_top_whatever_their_spelling_and_number() {
        let twice = Defect::DuplicateMember("a".into());
        assert_eq!(parse(r#"{"a":1,"\u0061":2}"#).unwrap_err(), twice);
        let many: Vec<_> = (0..40).map(|n| alloc::format!("\"m{n}\":{n}")).collect();
        assert!(parse(&alloc::format!("{{{}}}", many.join(","))).is_ok());
        let text = alloc::format!("{{\"a\":0,{},\"a\":1}}", many.join(","));
        assert_eq!(parse(&text).unwrap_err(), twice);
        assert!(parse(r#"{"x":{"a":1,"a":2}}"#).is_ok());
        let everywhere = Document::parse(r#"{"x":{"a":1,"a":2}}"#, Duplicates::Refused);
        assert_eq!(everywhere.unwrap_err(), JsonError { offset: 12, defect: twice });
        let last = Document::parse(r#"{"a":1,"a":2}"#, Duplicates::LastWins).unwrap();
        assert_eq!(last.root().member("a").unwrap().number(), Some("2"));
    }

    #[test]
    fn a_prefix_ends_where_its_value_ends() {
        let (document, end) = Document::parse_prefix("[\"a\"] junk", Duplicates::Refused).unwrap();
        assert_eq!((document.root().strings(), end), (Some(vec!["a".into()]), 5));
    }

    #[test]
    fn strings_of_a_mixed_array_are_no_list() {
        assert_eq!(parse("[\"a\",1]").unwrap().root().strings(), None);
        assert_eq!(parse("[]").unwrap().root().strings(), Some(vec![]));
        assert_eq!(parse("\"a\"").unwrap().root().strings(), None);
    }
}
