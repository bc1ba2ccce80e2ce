//! What does a JSON text hold that has been read? Its values, each in its place.
//!
//! The values are a flat list of nodes; strings and numbers stay in the text and are decoded when asked for.

use alloc::{borrow::Cow, vec::Vec};

use super::string::{for_each_piece, unescape};

/// A JSON text that has been read; [`Document::root`] is its value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Document<'t> {
    pub(super) text: &'t str,
    pub(super) nodes: Vec<Node>,
}

impl<'t> Document<'t> {
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
pub(super) struct Node {
    pub(super) kind: Kind,
    /// A string that holds at least one escape.
    pub(super) escaped: bool,
    /// Offsets in bytes; a string's are those inside its quotes.
    pub(super) start: u32,
    pub(super) end: u32,
    /// Index of the node after this value and all it holds.
    pub(super) next: u32,
}
