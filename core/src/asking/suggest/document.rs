//! What is suggested? The document of the verb `suggest`.

use alloc::{string::String, vec::Vec};

use serde::Serialize;

use crate::{
    answers::decision::Decision,
    asking::lint::LintDocument,
    ground::{json::written, named::named, profile::Profile, reason::ReasonCode},
    parsed::providers::TokenKind,
    telling::SCHEMA,
};

/// Settings from a sample token: the document of the verb `suggest`.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct SuggestDocument {
    /// The version of the document's shape.
    pub schema: u32,
    /// Whose rules the settings are read by.
    pub profile: Profile,
    /// Whether one of the keys that were given has verified the token. Otherwise anybody may have written it.
    pub proven: bool,
    /// The thumbprint of that key.
    pub signed_with: Option<String>,
    /// Whether the token is proven, in words: the first line of `sql`.
    pub first_line: String,
    /// The identity provider, where it is known.
    pub provider: Option<&'static str>,
    /// What kind of token it is, where it tells.
    pub kind: Option<SuggestedTokenKind>,
    /// The SQL user whom the token becomes: the one that was asked for, or else a proposed one.
    pub user: Option<String>,
    /// Why nothing is suggested, where nothing is.
    pub refused: Option<SuggestRefusal>,
    /// The settings, each with its reason.
    pub settings: Vec<SuggestedSetting>,
    /// Settings that are not part of `sql`: each is a decision to take.
    pub optional: Vec<SuggestedSetting>,
    /// Lines of the identity map that let in more than this token, each with its risk. None is part of `sql`.
    pub wider: Vec<SuggestedLine>,
    /// The settings as SQL.
    pub sql: Option<String>,
    /// The same as a JSON document.
    pub json: Option<String>,
    /// What lint finds in them.
    pub lint: Option<LintDocument>,
    /// What the token gives under them at the moment of the question.
    pub trial: Option<SuggestTrial>,
}

impl SuggestDocument {
    pub(super) fn new(profile: Profile) -> Self {
        Self {
            schema: SCHEMA,
            profile,
            proven: false,
            signed_with: None,
            first_line: UNPROVEN.into(),
            provider: None,
            kind: None,
            user: None,
            refused: None,
            settings: Vec::new(),
            optional: Vec::new(),
            wider: Vec::new(),
            sql: None,
            json: None,
            lint: None,
            trial: None,
        }
    }

    /// The document as JSON text.
    #[must_use]
    pub fn to_json(&self) -> String {
        written(self, SCHEMA)
    }
}

const UNPROVEN: &str =
    "-- not proven: the signature of the sample token was not verified, so anybody may have written it";

/// Why nothing is suggested.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SuggestRefusal {
    /// The reason that a login with the token gives, where that is why.
    pub code: Option<ReasonCode>,
    /// The fact, in one line.
    pub message: String,
    /// What to do about it.
    pub remedy: Option<String>,
}

/// One setting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SuggestedSetting {
    /// Its name.
    pub setting: &'static str,
    /// Its value, as text.
    pub value: String,
    /// Why it has that value.
    pub why: String,
    /// What it lets happen that may not be wanted.
    pub risk: Option<String>,
}

/// A line of the identity map.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SuggestedLine {
    /// The line.
    pub line: String,
    /// Whom it lets in too.
    pub risk: String,
}

/// What the token gives under the settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SuggestTrial {
    /// What is decided.
    pub decision: Decision,
    /// As whom it logs in.
    pub user: Option<String>,
    /// Why not, for programs.
    pub code: Option<ReasonCode>,
    /// The same for people.
    pub message: Option<String>,
}

/// What kind of token a sample is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SuggestedTokenKind {
    /// It tells an application who has signed in.
    Id,
    /// It opens an interface.
    Access,
    /// It opens an interface of the identity provider, and nobody else can use it.
    ProvidersOwn,
    /// It is exchanged for other tokens.
    Refresh,
    /// A service account's token without audience and expiry.
    LegacyServiceAccount,
}

impl SuggestedTokenKind {
    /// The kind, for programs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Access => "access",
            Self::ProvidersOwn => "providers_own",
            Self::Refresh => "refresh",
            Self::LegacyServiceAccount => "legacy_service_account",
        }
    }

    pub(super) const fn of(kind: TokenKind) -> Self {
        match kind {
            TokenKind::Id => Self::Id,
            TokenKind::Access => Self::Access,
            TokenKind::Graph | TokenKind::OktaItself => Self::ProvidersOwn,
            TokenKind::Refresh => Self::Refresh,
            TokenKind::LegacyServiceAccount => Self::LegacyServiceAccount,
        }
    }
}

named!(SuggestedTokenKind);
