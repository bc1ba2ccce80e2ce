//! What did a check find? The fact in one line, and what the fact is about: the setting, the token's members, both sides.

use alloc::{borrow::Cow, string::String, vec::Vec};

use crate::{ground::text::quoted, parsed::settings::SettingName};

/// What a check found, whether it passed or failed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Finding {
    /// The fact, in one line for people.
    pub(crate) summary: String,
    /// The setting that decided, and an offset into its value.
    pub(crate) setting: Option<(SettingName, usize)>,
    /// What the setting or the rule allows.
    pub(crate) expected: Option<Vec<String>>,
    /// What the token or the login says.
    pub(crate) actual: Option<Vec<String>>,
    /// The line of the identity map that decided.
    pub(crate) line: Option<Line>,
}

/// The line of the identity map that made a SQL user of a principal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    /// Counted from 1.
    pub(crate) number: u32,
    /// What its `\1` stood for, where it has one, as documents carry values.
    pub(crate) capture: Option<String>,
}

impl Line {
    pub(crate) fn new(number: u32, capture: Option<&str>) -> Self {
        Self { number, capture: capture.map(quoted) }
    }
}

impl Finding {
    pub(crate) fn new(summary: impl Into<String>) -> Self {
        Self { summary: summary.into(), ..Self::default() }
    }

    pub(crate) fn about(self, setting: SettingName) -> Self {
        self.at(setting, 0)
    }

    pub(crate) fn at(self, setting: SettingName, offset: usize) -> Self {
        Self { setting: Some((setting, offset)), ..self }
    }

    pub(crate) fn expected<S: AsRef<str>>(self, values: impl IntoIterator<Item = S>) -> Self {
        Self { expected: Some(shortened(values)), ..self }
    }

    pub(crate) fn actual<S: AsRef<str>>(self, values: impl IntoIterator<Item = S>) -> Self {
        Self { actual: Some(shortened(values)), ..self }
    }

    pub(crate) fn by(self, line: Line) -> Self {
        Self { line: Some(line), ..self }
    }
}

/// Values as documents carry them: each cut, on one line and without private keys, and no more of them than a person
/// reads.
fn shortened<S: AsRef<str>>(values: impl IntoIterator<Item = S>) -> Vec<String> {
    values.into_iter().take(SHOWN_VALUES_MAX).map(|value| quoted(value.as_ref())).collect()
}

/// How many values of a list documents carry.
pub(crate) const SHOWN_VALUES_MAX: usize = 50;

/// Which part of a token a check reads, and which of its members.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Reads {
    pub(crate) part: Option<Part>,
    /// Names of members of the header or of the claims.
    pub(crate) members: Vec<Cow<'static, str>>,
}

/// A part of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Token,
    Header,
    Claims,
    Signature,
}

impl Part {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::Header => "header",
            Self::Claims => "claims",
            Self::Signature => "signature",
        }
    }
}

impl Reads {
    /// Nothing of the token.
    pub(crate) fn nothing() -> Self {
        Self::default()
    }

    /// A whole part.
    pub(crate) fn whole(part: Part) -> Self {
        Self { part: Some(part), members: Vec::new() }
    }

    pub(crate) fn header(members: &[&'static str]) -> Self {
        Self { part: Some(Part::Header), members: members.iter().copied().map(Cow::Borrowed).collect() }
    }

    pub(crate) fn claims(members: &[&'static str]) -> Self {
        Self { part: Some(Part::Claims), members: members.iter().copied().map(Cow::Borrowed).collect() }
    }

    /// One claim, by the name that the settings give it.
    pub(crate) fn claim(name: &str) -> Self {
        Self { part: Some(Part::Claims), members: [Cow::Owned(quoted(name))].into() }
    }
}
