//! What does a line of another server's map say? The same for every server, before anybody asks what becomes of it here.

use alloc::{boxed::Box, format, string::String, vec::Vec};

use super::pattern::Pattern;

/// A map of another server that has been read.
#[derive(Debug, Default)]
pub(crate) struct Read {
    pub(crate) pieces: Vec<Piece>,
    /// Why the other server does not take the text at all.
    pub(crate) refused: Option<String>,
}

/// A part of the text.
#[derive(Debug)]
pub(crate) enum Piece {
    /// A blank line.
    Blank,
    /// A comment that has a line of its own, without its `#`.
    Comment(String),
    Rule(Box<Rule>),
}

/// A line of the map.
#[derive(Debug)]
pub(crate) struct Rule {
    /// Counted from 1.
    pub(crate) line: u32,
    /// The name of the map that it belongs to, where maps have names.
    pub(crate) map: Option<String>,
    pub(crate) principals: Principals,
    pub(crate) users: Users,
    /// Why it has no counterpart here, where that can be told from the line alone.
    pub(crate) why_not: Option<WhyNot>,
    /// Who is tried on no later line.
    pub(crate) stops: Stops,
    /// Where users are made by replacing whatever a pattern finds in the principal.
    pub(crate) replacing: Option<Replacing>,
    /// The comment behind it, without its `#`.
    pub(crate) comment: Option<String>,
}

/// Whom a line is for.
#[derive(Debug)]
pub(crate) enum Principals {
    /// This one.
    Literal(String),
    /// Those of which the pattern matches the whole.
    Pattern(Pattern),
    /// Nobody knows.
    Unknown,
}

/// Which users a line gives.
#[derive(Debug)]
pub(crate) enum Users {
    /// None: it turns the principal away.
    Nobody,
    /// These.
    These(Vec<String>),
    /// What the first group holds, with texts around it; with `lowered`, in small letters.
    Taken { before: String, after: String, lowered: bool },
    /// Others, which the line alone does not tell.
    Others,
}

/// How Trino makes a user: what the pattern finds is replaced, wherever and as often as it does.
#[derive(Debug)]
pub(crate) struct Replacing {
    pub(crate) pattern: Pattern,
    /// What a match is replaced by, before and after what its group holds.
    pub(crate) before: String,
    pub(crate) after: String,
    pub(crate) case: Case,
}

/// What becomes of the letters of a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Case {
    Keep,
    Lower,
    Upper,
}

/// Whom a line keeps from the lines after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stops {
    Nobody,
    /// Those whom it is for.
    Matched,
    /// Those whom it is for without a group that it wants: the search ends with an error.
    WithoutGroup,
}

/// Why a line has no counterpart, and what can be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct WhyNot {
    pub(crate) message: String,
    pub(crate) remedy: Option<String>,
}

impl WhyNot {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), remedy: None }
    }

    /// Why a regex is not converted.
    pub(crate) fn no_counterpart(what: &str) -> Self {
        Self::new(format!("the regex has {what}, for which there is no counterpart here"))
            .with_remedy("write the regex without it")
    }

    pub(crate) fn with_remedy(self, remedy: impl Into<String>) -> Self {
        Self { remedy: Some(remedy.into()), ..self }
    }
}
