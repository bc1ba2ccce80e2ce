//! What will tomorrow's key set do? The document of the verb `rehearse`.

use alloc::{string::String, vec::Vec};
use core::fmt;

use serde::Serialize;

use crate::{
    answers::decision::Decision,
    asking::{
        keys::{IssuerKeys, KeyReport},
        lint::Severity,
    },
    ground::{json::written, named::named, profile::Profile, reason::ReasonCode},
    parsed::settings::Position,
    telling::SCHEMA,
};

/// What a key set does that is not there yet: the document of the verb `rehearse`.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct RehearsalDocument {
    /// The version of the document's shape.
    pub schema: u32,
    /// Whose rules decide.
    pub profile: Profile,
    /// All of it in one sentence.
    pub message: String,
    /// The issuers whose tokens are verified with this set, on one line each: the one that was asked about, or all that have no
    /// other keys.
    pub issuers: Vec<String>,
    /// The setting that holds the set; `None` where it is fetched.
    pub setting: Option<&'static str>,
    /// The keys that there are today.
    pub today: IssuerKeys,
    /// Why the new set cannot be used at all; `None` where it can.
    pub fault: Option<KeySetFault>,
    /// The keys of the new set, in their order.
    pub keys: Vec<RehearsedKey>,
    /// The keys of today that the new set does not have.
    pub gone: Vec<KeyReport>,
    /// How many keys verify tokens today and will do so under the same id. Without any, tokens that are signed today are
    /// refused from one moment to the next.
    pub overlap: usize,
    /// What is to be known before the set is changed, the gravest first.
    pub findings: Vec<RehearsalFinding>,
    /// What known readers of key sets make of it.
    pub readers: Vec<ReaderVerdict>,
    /// The tokens that were given, in their order.
    pub tokens: Vec<RehearsedToken>,
    /// How many tokens were not judged, because there were too many, or because they were too costly together.
    pub untried: usize,
    /// How many of the tokens are accepted today.
    pub accepted_today: usize,
    /// How many are accepted with the new set.
    pub accepted_tomorrow: usize,
    /// How many are accepted today and not with the new set.
    pub lost: usize,
}

impl RehearsalDocument {
    /// The document as JSON text.
    #[must_use]
    pub fn to_json(&self) -> String {
        written(self, SCHEMA)
    }
}

/// Why a key set cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct KeySetFault {
    /// The reason.
    pub code: ReasonCode,
    /// The fact.
    pub message: String,
    /// What to do about it.
    pub remedy: String,
    /// Where in the text of the set, where it stands anywhere.
    pub position: Option<Position>,
}

/// One key of the new set.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct RehearsedKey {
    /// The key.
    pub key: KeyReport,
    /// How it compares with the keys of today.
    pub fate: KeyFate,
    /// The id that the same key has today, where it has another.
    pub was: Option<String>,
    /// The thumbprint of the key that has its id today, where that is another key.
    pub replaces: Option<String>,
    /// How many of the tokens name it.
    pub named_by: usize,
}

/// What becomes of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyFate {
    /// It comes new.
    New,
    /// It stays as it is.
    Stays,
    /// Its id belonged to another key.
    Changed,
    /// It was there under another id.
    Renamed,
    /// Another key of its id stands before it: no token is ever verified with it.
    Shadowed,
}

impl KeyFate {
    /// The fate, for programs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Stays => "stays",
            Self::Changed => "changed",
            Self::Renamed => "renamed",
            Self::Shadowed => "shadowed",
        }
    }
}

/// One token, today and with the new set. It is judged by every check but those of the SQL user.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct RehearsedToken {
    /// The token's issuer.
    pub issuer: Option<String>,
    /// The id of the key that it names.
    pub kid: Option<String>,
    /// Who bears it, where that is accepted today or with the new set.
    pub principals: Vec<String>,
    /// What becomes of it.
    pub fate: TokenFate,
    /// What is decided with the keys of today.
    pub today: RehearsedOutcome,
    /// What is decided with the new set.
    pub tomorrow: RehearsedOutcome,
    /// The id that its key has in the new set, where that is another than the one that the token names.
    pub key_is_now: Option<String>,
}

/// What becomes of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TokenFate {
    /// Accepted before and after.
    Kept,
    /// Accepted before and not after.
    Lost,
    /// Accepted after and not before.
    Gained,
    /// Accepted neither before nor after.
    Refused,
    /// Keys have to be fetched before anybody can tell what is decided today.
    Unknown,
}

impl TokenFate {
    /// The fate, for programs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Lost => "lost",
            Self::Gained => "gained",
            Self::Refused => "refused",
            Self::Unknown => "unknown",
        }
    }
}

/// What is decided of a token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct RehearsedOutcome {
    /// The decision.
    pub decision: Decision,
    /// The reason, where it is rejected.
    pub code: Option<ReasonCode>,
    /// The same for people; also why keys have to be fetched.
    pub message: Option<String>,
    /// The thumbprint of the key that has verified it.
    pub signed_with: Option<String>,
}

/// Something to be known before the set is changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct RehearsalFinding {
    /// What it is.
    pub finding: RehearsalKind,
    /// How grave it is.
    pub severity: Severity,
    /// The keys that it is about: by their ids, those without by their places.
    pub keys: Vec<String>,
    /// The fact, in one line.
    pub message: String,
    /// What to do about it.
    pub remedy: String,
}

/// What can be found before a set is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RehearsalKind {
    /// The set cannot be used at all.
    SetRefused,
    /// The set holds a private key.
    PrivateKey,
    /// No key of the set verifies anything.
    NothingVerifies,
    /// Tokens that were given are accepted no more.
    TokensLost,
    /// No key of today is in it.
    NoOverlap,
    /// An id belongs to another key than before.
    KeyChanged,
    /// A key is under another id than before.
    KeyRenamed,
    /// A key stands behind another of its id.
    KeyShadowed,
    /// A key is set aside.
    KeySetAside,
    /// Readers are known that take nothing of the set.
    ReadersDropTheSet,
}

impl RehearsalKind {
    /// The finding, for programs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SetRefused => "set_refused",
            Self::PrivateKey => "private_key",
            Self::NothingVerifies => "nothing_verifies",
            Self::TokensLost => "tokens_lost",
            Self::NoOverlap => "no_overlap",
            Self::KeyChanged => "key_changed",
            Self::KeyRenamed => "key_renamed",
            Self::KeyShadowed => "key_shadowed",
            Self::KeySetAside => "key_set_aside",
            Self::ReadersDropTheSet => "readers_drop_the_set",
        }
    }
}

/// What one reader of key sets makes of the set, as far as that is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ReaderVerdict {
    /// The library or the product.
    pub reader: &'static str,
    /// The versions that it is known of.
    pub versions: &'static str,
    /// What it makes of the set.
    pub verdict: SetVerdict,
    /// The keys because of which it does.
    pub keys: Vec<String>,
    /// Why, in one line.
    pub why: Option<String>,
    /// How it is known.
    pub evidence: Evidence,
    /// Where it is written down.
    pub source: &'static str,
}

/// What a reader makes of a key set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SetVerdict {
    /// Nothing is known that it stumbles over.
    ReadsAll,
    /// It passes over keys and takes the others.
    DropsKeys,
    /// It takes nothing.
    DropsTheSet,
}

impl SetVerdict {
    /// The verdict, for programs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ReadsAll => "reads_all",
            Self::DropsKeys => "drops_keys",
            Self::DropsTheSet => "drops_the_set",
        }
    }
}

/// How it is known what a reader does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Evidence {
    /// It was tried.
    Measured,
    /// Its makers or its users say so.
    Stated,
    /// It follows from what it is built of.
    Inferred,
}

impl Evidence {
    /// The evidence, for programs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Measured => "measured",
            Self::Stated => "stated",
            Self::Inferred => "inferred",
        }
    }
}

named!(KeyFate, TokenFate, RehearsalKind, SetVerdict, Evidence);

/// That a rehearsal needs to be told whose keys it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct IssuerNeeded {
    /// Which issuers there are.
    pub message: String,
}

impl fmt::Display for IssuerNeeded {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl core::error::Error for IssuerNeeded {}
