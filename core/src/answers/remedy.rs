//! What would make this login succeed, who can do it, and what comes of it? Data; what is offered was tried before.

use alloc::{string::String, vec::Vec};

use serde::Serialize;

use crate::{
    answers::decision::Decision,
    ground::{mend::Whose, position::TextRange, reason::ReasonCode},
    parsed::settings::{Change, NewValue},
};

/// One way to go on from a refused login.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Remedy {
    /// Who can do it.
    #[serde(rename = "for")]
    pub whose: Whose,
    /// What to do, in one line.
    pub message: String,
    /// The edits of the settings that do it, as [`Settings::with`](crate::Settings::with) takes them; `None` where it is
    /// done elsewhere.
    #[serde(skip)]
    pub edits: Option<Change>,
    /// The whole new value of each setting that changes.
    pub change: Option<Vec<NewValue>>,
    /// The same as statements to paste into the database's shell; options of the engine are comments that it reads.
    pub sql: Option<Vec<String>>,
    /// The same as replacements in the settings document, to be made together; `None` where the document has no place for
    /// them.
    pub document: Option<Vec<DocumentEdit>>,
    /// What the same login gives once the settings are changed so: the engine has tried it.
    pub after: Option<After>,
    /// What else it lets in, where it lets in more than this one login.
    pub risk: Option<String>,
}

/// A part of the settings document, and what stands there instead. In an answer about unchanged settings its range is
/// the one of the document as it was given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct DocumentEdit {
    /// The part that goes; empty where something is put in.
    pub range: TextRange,
    /// What comes instead, written as the document is: with its quotes and escapes.
    pub text: String,
}

/// What a login gives once something has been changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct After {
    /// What is decided then.
    pub decision: Decision,
    /// The SQL user who logs in then.
    pub user: Option<String>,
    /// The reason of the refusal then.
    pub code: Option<ReasonCode>,
}

impl Remedy {
    /// Whether it was tried, and lets the login in.
    pub(crate) fn lets_in(&self) -> bool {
        self.after.as_ref().is_some_and(After::lets_in)
    }
}

impl After {
    pub(crate) fn lets_in(&self) -> bool {
        self.decision == Decision::Accept
    }
}
