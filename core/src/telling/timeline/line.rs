//! What is a line of a timeline, and of what tone is it?

use alloc::string::String;
use core::fmt;

use serde::Serialize;

/// One line of a timeline. It reads as blanks, the lead and the text, one after the other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Line {
    /// What kind of line it is.
    pub tone: Tone,
    /// How many blanks stand before it.
    pub indent: usize,
    /// What begins it and says what follows, such as `Fix: ` or the mark of a check, with the blanks after it; often nothing.
    pub lead: String,
    /// The rest.
    pub text: String,
}

impl Line {
    pub(super) fn new(tone: Tone, indent: usize, lead: impl Into<String>, text: impl Into<String>) -> Self {
        Self { tone, indent, lead: lead.into(), text: text.into() }
    }
}

impl fmt::Display for Line {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { indent, lead, text, .. } = self;
        if text.is_empty() && lead.is_empty() { Ok(()) } else { write!(out, "{:indent$}{lead}{text}", "") }
    }
}

/// What kind of line it is, for whoever gives lines their colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Tone {
    /// The headline of a login.
    Accepted,
    /// The headline of a refusal.
    Refused,
    /// The headline where keys have to be fetched.
    Keys,
    /// Why it was refused.
    Cause,
    /// Where that stands in the settings.
    Place,
    /// The line of the settings that stands there.
    Excerpt,
    /// The mark below the part of that line.
    Caret,
    /// What to do.
    Fix,
    /// A statement or command to be copied.
    Statement,
    /// What comes of it.
    After,
    /// What else it lets in.
    Risk,
    /// What nearly fits.
    LooksLike,
    /// What else is wrong.
    Next,
    /// What deserves attention.
    Warning,
    /// A check that passed.
    Passed,
    /// A check that failed.
    Failed,
    /// A check that says nothing here.
    NotReached,
    /// What was expected, and what was there instead.
    Expected,
    /// What can be passed over.
    Quiet,
}

impl Tone {
    /// The tone's name, as documents write it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Refused => "refused",
            Self::Keys => "keys",
            Self::Cause => "cause",
            Self::Place => "place",
            Self::Excerpt => "excerpt",
            Self::Caret => "caret",
            Self::Fix => "fix",
            Self::Statement => "statement",
            Self::After => "after",
            Self::Risk => "risk",
            Self::LooksLike => "looks_like",
            Self::Next => "next",
            Self::Warning => "warning",
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::NotReached => "not_reached",
            Self::Expected => "expected",
            Self::Quiet => "quiet",
        }
    }
}
