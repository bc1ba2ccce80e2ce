//! What changes between two settings, as a document: its types.

use alloc::{string::String, vec::Vec};

use serde::Serialize;

use crate::{
    answers::{decision::Decision, refusal::ClientAnswer},
    ground::{json::written, named::named, position::Position, profile::Profile, reason::ReasonCode},
    telling::SCHEMA,
};

/// What changes between two settings: the document of the verb `compare`.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct CompareDocument {
    /// The version of the document's shape.
    pub schema: u32,
    /// Whose rules decide under the old settings.
    pub profile: Profile,
    /// Whose rules decide under the new settings.
    pub new_profile: Profile,
    /// All of it in one sentence.
    pub message: String,
    /// How many changes let somebody in who was not.
    pub gained: usize,
    /// How many changes keep somebody out who was let in.
    pub lost: usize,
    /// How many other changes there are: other users, other reasons, other messages, other effects.
    pub changed: usize,
    /// Whether all principals were searched to the end: two that are treated differently in a way that is not told here do
    /// not exist, principals aside whose SQL user would have a name longer than the server allows.
    pub complete: bool,
    /// How many questions about lines of the identity maps were not searched to the end.
    pub unsearched: usize,
    /// The old settings.
    pub old: ComparedSide,
    /// The new settings.
    pub new: ComparedSide,
    /// The changes, the most important first.
    pub changes: Vec<SettingsDifference>,
    /// How many more changes there are than are told; they are counted above.
    pub untold: usize,
    /// What became of the sample logins.
    pub logins: ComparedLogins,
}

/// One of the two settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ComparedSide {
    /// Whether they can be used; nobody logs in by settings that cannot.
    pub usable: bool,
    /// Whether token logins are switched on.
    pub enabled: bool,
    /// What is wrong with them.
    pub faults: Vec<SettingsFault>,
    /// How many more faults there are.
    pub untold_faults: u32,
}

/// Why settings cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SettingsFault {
    /// The reason, for programs.
    pub code: ReasonCode,
    /// The setting at fault.
    pub setting: Option<&'static str>,
    /// The fact.
    pub message: String,
    /// What to change.
    pub remedy: String,
    /// Where it stands in the document.
    pub position: Option<Position>,
}

/// What one cause changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SettingsDifference {
    /// What changes.
    pub kind: ChangeKind,
    /// How it is known.
    pub evidence: ChangeEvidence,
    /// The setting that causes it.
    pub setting: Option<&'static str>,
    /// Whose logins it is about; `None` for all.
    pub issuer: Option<String>,
    /// The line of the old identity map, counted from 1.
    pub old_line: Option<u32>,
    /// The line of the new identity map, counted from 1.
    pub new_line: Option<u32>,
    /// The fact, for people.
    pub message: String,
    /// How many lines, or logins, it is about.
    pub count: usize,
    /// The sample logins, by their places in the list, counted from 0: the first of them.
    pub logins: Vec<usize>,
    /// Somebody whom it is about.
    pub example: Option<ChangeExample>,
}

/// What changes, the most important first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum ChangeKind {
    /// Somebody logs in who did not.
    Gained,
    /// Somebody logs in as another SQL user, or as one more, or as one less.
    OtherUser,
    /// Somebody does not log in who did.
    Lost,
    /// Somebody is refused for another reason.
    OtherReason,
    /// Somebody who is refused is told something else.
    OtherMessage,
    /// Who logs in stays; something else that settings decide changes.
    OtherEffect,
}

impl ChangeKind {
    /// The kind, for programs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Gained => "gained",
            Self::OtherUser => "other_user",
            Self::Lost => "lost",
            Self::OtherReason => "other_reason",
            Self::OtherMessage => "other_message",
            Self::OtherEffect => "other_effect",
        }
    }
}

/// How a change is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum ChangeEvidence {
    /// A sample login was judged by both settings.
    Login,
    /// A principal was constructed, and both settings were asked whom it becomes.
    Principal,
    /// The settings say so.
    Settings,
}

impl ChangeEvidence {
    /// The evidence, for programs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Login => "login",
            Self::Principal => "principal",
            Self::Settings => "settings",
        }
    }
}

named!(ChangeKind, ChangeEvidence);

/// Somebody whom both settings were asked about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ChangeExample {
    /// Whose the principal is under the old settings; `None` where the token names none.
    pub issuer: Option<String>,
    /// The same under the new ones, where it is another.
    pub new_issuer: Option<String>,
    /// The principal; of a sample login the first.
    pub principal: Option<String>,
    /// The place of the sample login in the list, counted from 0.
    pub login: Option<usize>,
    /// Whether nobody's signature stands behind it: everything but keys and signatures was judged.
    pub unsigned: bool,
    /// What the old settings make of it.
    pub old: ChangeOutcome,
    /// What the new settings make of it.
    pub new: ChangeOutcome,
}

/// What settings make of somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ChangeOutcome {
    /// What is decided; of a principal whether it can log in as any SQL user.
    pub decision: Decision,
    /// The SQL users: of a login the one who logs in, of a principal all whom it can be, the first of them.
    pub users: Vec<String>,
    /// The line of the identity map that gives the first of them.
    pub line: Option<u32>,
    /// Why nobody logs in.
    pub code: Option<ReasonCode>,
    /// The same for people.
    pub why: Option<String>,
    /// What the client is told.
    pub client: Option<ClientAnswer>,
}

/// What became of the sample logins.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ComparedLogins {
    /// How many were judged by both.
    pub judged: usize,
    /// How many of these without their signature, as they have none.
    pub unsigned: usize,
    /// How many were not judged, for there are too many or they take too much work.
    pub untried: usize,
    /// How many are let in who were not.
    pub gained: usize,
    /// How many are let in as another SQL user.
    pub other_user: usize,
    /// How many are kept out who were let in.
    pub lost: usize,
    /// How many are refused for another reason, or told something else.
    pub otherwise_refused: usize,
    /// How many are treated alike.
    pub same: usize,
}

impl CompareDocument {
    /// The document as JSON text.
    #[must_use]
    pub fn to_json(&self) -> String {
        written(self, SCHEMA)
    }
}
