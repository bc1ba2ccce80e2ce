//! When does a login work? The document of the verb `window`.

use alloc::{string::String, vec::Vec};

use serde::Serialize;

use crate::{
    answers::{
        decision::Decision,
        refusal::{KeysNeeded, Rejection, UserInfoNeeded},
    },
    ground::{
        json::written,
        named::named,
        profile::Profile,
        reason::{Check, ReasonCode},
    },
    telling::{Moment, SCHEMA},
};

/// When a login begins to work and when it will stop: the document of the verb `window`.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct WindowDocument {
    /// The version of the document's shape.
    pub schema: u32,
    /// What is decided at the moment that was asked about.
    pub decision: Decision,
    /// Whose rules decide.
    pub profile: Profile,
    /// How that moment lies to the window; where keys are fetched, to `renewed`.
    pub state: WindowState,
    /// Whether the login is accepted at that moment.
    pub accepted_now: bool,
    /// The first second at which it is accepted; `None` where it is accepted since the beginning of time, or never.
    pub from: Option<Moment>,
    /// The first second at which it is accepted no more; `None` where nothing ends it, or where it is never accepted.
    pub until: Option<Moment>,
    /// How long it will still be accepted; `None` where it is not accepted now, or where nothing ends it.
    pub seconds_left: Option<i64>,
    /// Whether a token that is accepted now or later stays so for ever, as long as its keys can be had.
    pub never_expires: bool,
    /// All of it in one sentence.
    pub message: String,
    /// What refuses the login just before `from`.
    pub begins: Option<WindowEdge>,
    /// What refuses it at `until`.
    pub ends: Option<WindowEdge>,
    /// When it would be accepted if the keys that are held were fetched again for every login: fetched keys count for a while,
    /// the token may count for longer. `None` where its keys are configured, or none are held.
    pub renewed: Option<Window>,
    /// Why it is accepted at no moment; `None` where it is at some, or where keys decide that are not there.
    pub lasting: Option<WindowOutcome>,
    /// Every moment at which the decision changes, in their order.
    pub turns: Vec<Turn>,
    /// The keys to fetch, when they are needed now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keys_needed: Option<KeysNeeded>,
    /// Whom to ask for the person's groups, when nothing else is missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub userinfo_needed: Option<UserInfoNeeded>,
    /// The reason, when it is rejected now.
    pub reason: Option<Rejection>,
    /// Names in the settings text that are not ours and were passed over.
    pub ignored: Vec<String>,
}

/// How a moment lies to the time in which a login is accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WindowState {
    /// In it.
    Open,
    /// Before it.
    Later,
    /// After it.
    Past,
    /// There is none: nothing but another token or other settings help.
    Never,
    /// Nobody can tell before keys are fetched.
    Unknown,
}

impl WindowState {
    /// The state, for programs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Later => "later",
            Self::Past => "past",
            Self::Never => "never",
            Self::Unknown => "unknown",
        }
    }
}

named!(WindowState);

/// A stretch of time in which a login is accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Window {
    /// Its first second; `None` where it has no beginning.
    pub from: Option<Moment>,
    /// The first second after it; `None` where it has no end.
    pub until: Option<Moment>,
}

/// Where the window begins or ends, and because of what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct WindowEdge {
    /// `from` or `until`.
    pub at: Moment,
    /// What is decided on the other side of it.
    pub decision: Decision,
    /// The check that does not pass there.
    pub check: Option<Check>,
    /// The reason there; `None` where keys have to be fetched.
    pub code: Option<ReasonCode>,
    /// What puts it where it is, in one line.
    pub message: String,
    /// The claims that do.
    pub claims: Vec<&'static str>,
    /// The settings that do.
    pub settings: Vec<&'static str>,
}

/// A moment at which the decision changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Turn {
    /// The first second of the new decision.
    pub at: Moment,
    /// What is decided until then.
    pub before: WindowOutcome,
    /// What is decided from then on.
    pub after: WindowOutcome,
}

/// What is decided of the login at a moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct WindowOutcome {
    /// The decision.
    pub decision: Decision,
    /// The check that does not pass; `None` where it is accepted.
    pub check: Option<Check>,
    /// The reason, where it is rejected.
    pub code: Option<ReasonCode>,
    /// The fact at one such moment, for people.
    #[serde(skip)]
    pub(crate) message: Option<String>,
}

impl WindowDocument {
    /// The document as JSON text.
    #[must_use]
    pub fn to_json(&self) -> String {
        written(self, SCHEMA)
    }
}

impl Window {
    pub(super) fn of(from: Option<i64>, until: Option<i64>) -> Self {
        Self { from: from.map(Moment::of), until: until.map(Moment::of) }
    }
}

impl WindowOutcome {
    pub(super) const ACCEPTED: Self = Self { decision: Decision::Accept, check: None, code: None, message: None };

    /// Whether the same is decided for the same reason.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        (self.decision, self.check, self.code) == (other.decision, other.check, other.code)
    }
}
