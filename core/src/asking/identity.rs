//! Who bears a token, as a document.

use alloc::{string::String, vec::Vec};

use serde::Serialize;

use crate::{
    answers::{
        decision::Decision,
        identity::Identity,
        refusal::{ClientAnswer, KeysNeeded, Refusal, Rejection, UserInfoNeeded},
    },
    ground::{json::written, profile::Profile},
    parsed::settings::Settings,
    telling::{Answer, SCHEMA, Verdict, passed_over},
};

/// The bearer of a token, or why nobody is known by it: the document of the verb `identify`.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct IdentityDocument {
    /// The version of the document's shape.
    pub schema: u32,
    /// What was decided of the token, whoever asks to log in.
    pub decision: Decision,
    /// Whose rules decided.
    pub profile: Profile,
    /// The bearer, when the token was accepted.
    pub identity: Option<Identity>,
    /// The keys to fetch, when they are needed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keys_needed: Option<KeysNeeded>,
    /// Whom to ask for the person's groups, when nothing else is missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub userinfo_needed: Option<UserInfoNeeded>,
    /// The reason, when it was rejected.
    pub reason: Option<Rejection>,
    /// What the client may be told, when nobody is known.
    pub client: Option<ClientAnswer>,
    /// Names in the settings text that are not ours and were passed over.
    pub ignored: Vec<String>,
}

impl IdentityDocument {
    pub(crate) fn new(answer: Result<Identity, Refusal>, settings: &Settings) -> Self {
        let Answer { decision, login: identity, keys_needed, userinfo_needed, reason, client } =
            Answer::from(answer).located(settings);
        let (profile, ignored) = (settings.profile(), passed_over(settings));
        Self { schema: SCHEMA, decision, profile, identity, keys_needed, userinfo_needed, reason, client, ignored }
    }

    /// That nobody is known, for the reason why nobody logs in.
    pub(crate) fn refused(verdict: Verdict) -> Self {
        let Verdict { schema, decision, profile, keys_needed, userinfo_needed, reason, client, ignored, .. } = verdict;
        Self { schema, decision, profile, identity: None, keys_needed, userinfo_needed, reason, client, ignored }
    }

    /// The document as JSON text.
    #[must_use]
    pub fn to_json(&self) -> String {
        written(self, SCHEMA)
    }
}
