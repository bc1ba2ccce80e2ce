//! Which documents tell of a login? Their shapes, as Rust has them and as JSON has them.

use alloc::{string::String, vec::Vec};

use serde::Serialize;

use crate::{
    answers::{
        decision::Decision,
        login::Login,
        refusal::{ClientAnswer, KeysNeeded, Refusal, Rejection, UserInfoNeeded},
        remedy::Remedy,
    },
    ground::{
        json::written,
        position::{Position, TextRange},
        profile::Profile,
        reason::{Check, ReasonCode},
        text::one_line,
    },
    parsed::settings::{Places, SettingName, Settings},
    telling::token_view::TokenView,
};

/// The version of the documents' shape.
pub const SCHEMA: u32 = 2;

/// Everything there is to tell about one login attempt, for the administrator.
///
/// Serialised it is the document of the verb `explain`: the same bytes on every face.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Explanation {
    /// The version of the document's shape.
    pub schema: u32,
    /// What was decided.
    pub decision: Decision,
    /// Whose rules decided.
    pub profile: Profile,
    /// The login, when it was accepted.
    pub login: Option<Login>,
    /// The keys to fetch, when they are needed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keys_needed: Option<KeysNeeded>,
    /// Whom to ask for the person's groups, when nothing else is missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub userinfo_needed: Option<UserInfoNeeded>,
    /// The reason, when it was rejected.
    pub reason: Option<Rejection>,
    /// What the client may be told, when nobody logs in.
    pub client: Option<ClientAnswer>,
    /// Every check of the profile's order, once each.
    pub checks: Vec<CheckReport>,
    /// What would fail next, what nearly fits, and what deserves attention.
    pub advice: Vec<Advice>,
    /// The token as it reads, believed or not; `None` when it cannot be taken apart.
    pub token: Option<TokenView>,
    /// How many remedies were not tried, because the budget had ended, and are left out.
    pub untried: u32,
    /// What the database itself decides, where it lets in a token that was refused for a rule that it does not have; `None`
    /// where it decides the same, or where nobody has judged what it decides.
    pub server_decision: Option<Decision>,
    /// What other profiles decide, each where that differs.
    pub also: Vec<Also>,
    /// Names in the settings text that are not ours and were passed over.
    pub ignored: Vec<String>,
}

/// How one check went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct CheckReport {
    /// The check.
    pub check: Check,
    /// How it went.
    pub outcome: Outcome,
    /// The reason, when it failed.
    pub code: Option<ReasonCode>,
    /// What was found, in one line.
    pub summary: String,
    /// The setting that decided.
    pub setting: Option<&'static str>,
    /// Where in the settings document it does, or the part of it that decided.
    pub range: Option<TextRange>,
    /// What the setting or the rule allows.
    pub expected: Option<Vec<String>>,
    /// What the token or the login says.
    pub actual: Option<Vec<String>>,
    /// What of the token the check reads; `None` where it reads nothing of it.
    pub reads: Option<Reads>,
    /// The line of the identity map that gave the SQL user, counted from 1.
    pub map_line: Option<u32>,
    /// What the `\1` of that line stood for.
    pub capture: Option<String>,
}

/// What of a token a check reads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Reads {
    /// The part: `token`, `header`, `claims` or `signature`.
    pub part: &'static str,
    /// The members of that part by their names; none where it is read as a whole. Of a check that failed the one that
    /// decided, where one did.
    pub members: Vec<String>,
}

/// How a check went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Outcome {
    /// It passed.
    Pass,
    /// It failed.
    Fail,
    /// It means nothing here.
    NotReached,
}

/// Something worth knowing beside the reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Advice {
    /// What kind of thing it is.
    pub kind: AdviceKind,
    /// The reason it belongs to.
    pub code: Option<ReasonCode>,
    /// The check it belongs to.
    pub check: Check,
    /// The fact.
    pub message: String,
    /// What to change.
    pub remedy: Option<String>,
    /// The setting it is about.
    pub setting: Option<&'static str>,
    /// Where in the settings document that setting's value, or the part of it at fault, begins.
    pub position: Option<Position>,
    /// The whole of what stands there.
    pub range: Option<TextRange>,
    /// What can be done about it, the best first; each change was tried.
    pub remedies: Vec<Remedy>,
}

impl Advice {
    /// A warning.
    pub(super) fn warning(check: Check, message: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            kind: AdviceKind::Warning,
            code: None,
            check,
            message: one_line(message),
            remedy: Some(one_line(remedy)),
            setting: None,
            position: None,
            range: None,
            remedies: Vec::new(),
        }
    }

    /// The same, about what stands there in a setting's value.
    pub(super) fn at(self, places: &Places<'_>, setting: SettingName, offset: usize) -> Self {
        let (position, range) = (places.position(setting, offset), places.range(setting, offset));
        Self { setting: Some(setting.as_str()), position, range, ..self }
    }
}

/// What kind of advice it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum AdviceKind {
    /// A check that would fail once the reason is mended.
    NextFailure,
    /// Something that fits but for a detail.
    NearMiss,
    /// Something that deserves attention whatever was decided.
    Warning,
}

/// What another profile decides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Also {
    /// The profile.
    pub profile: Profile,
    /// What it decides.
    pub decision: Decision,
    /// Its reason, when it rejects.
    pub code: Option<ReasonCode>,
}

/// The short answer: what was decided and why, without the checks, the advice and the token.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Verdict {
    /// The version of the document's shape.
    pub schema: u32,
    /// What was decided.
    pub decision: Decision,
    /// Whose rules decided.
    pub profile: Profile,
    /// The login, when it was accepted.
    pub login: Option<Login>,
    /// The keys to fetch, when they are needed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keys_needed: Option<KeysNeeded>,
    /// Whom to ask for the person's groups, when nothing else is missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub userinfo_needed: Option<UserInfoNeeded>,
    /// The reason, when it was rejected.
    pub reason: Option<Rejection>,
    /// What the client may be told, when nobody logs in.
    pub client: Option<ClientAnswer>,
    /// Names in the settings text that are not ours and were passed over.
    pub ignored: Vec<String>,
}

/// What was decided, in the members that every document has.
pub(crate) struct Answer<T> {
    pub(crate) decision: Decision,
    /// What the question was for, where it was accepted.
    pub(crate) login: Option<T>,
    pub(crate) keys_needed: Option<KeysNeeded>,
    pub(crate) userinfo_needed: Option<UserInfoNeeded>,
    pub(crate) reason: Option<Rejection>,
    pub(crate) client: Option<ClientAnswer>,
}

impl<T> Answer<T> {
    /// The same, with the place in the settings that decided.
    pub(crate) fn located(self, settings: &Settings) -> Self {
        Self { reason: self.reason.map(|reason| reason.located(&Places::of(settings))), ..self }
    }
}

impl<T> From<Result<T, Refusal>> for Answer<T> {
    fn from(answer: Result<T, Refusal>) -> Self {
        let nothing = Self {
            decision: Decision::Reject,
            login: None,
            keys_needed: None,
            userinfo_needed: None,
            reason: None,
            client: None,
        };
        match answer {
            Ok(login) => Self { decision: Decision::Accept, login: Some(login), ..nothing },
            Err(Refusal::Rejected(reason)) => {
                let client = Some(reason.client.clone());
                Self { userinfo_needed: reason.user_info.clone(), reason: Some(reason), client, ..nothing }
            }
            Err(Refusal::KeysNeeded(keys)) => {
                let client = Some(keys.client.clone());
                Self { decision: Decision::KeysNeeded, keys_needed: Some(keys), client, ..nothing }
            }
        }
    }
}

impl Explanation {
    /// The short answer: what was decided and why, with the best of the remedies.
    #[must_use]
    pub fn into_verdict(mut self) -> Verdict {
        let reason = self.reason.iter_mut().map(|reason| &mut reason.remedies);
        let keys = self.keys_needed.iter_mut().map(|keys| &mut keys.remedies);
        reason.chain(keys).for_each(|remedies| remedies.truncate(1));
        Verdict {
            schema: self.schema,
            decision: self.decision,
            profile: self.profile,
            login: self.login,
            keys_needed: self.keys_needed,
            userinfo_needed: self.userinfo_needed,
            reason: self.reason,
            client: self.client,
            ignored: self.ignored,
        }
    }

    /// The document of the verb `explain`, on one line.
    #[must_use]
    pub fn to_json(&self) -> String {
        written(self, SCHEMA)
    }
}

impl Verdict {
    /// The document of a decision under these settings.
    pub(crate) fn new(answer: Result<Login, Refusal>, settings: &Settings) -> Self {
        let Answer { decision, login, keys_needed, userinfo_needed, reason, client } =
            Answer::from(answer).located(settings);
        let (profile, ignored) = (settings.profile(), passed_over(settings));
        Self { schema: SCHEMA, decision, profile, login, keys_needed, userinfo_needed, reason, client, ignored }
    }

    /// The document of the verb `validate`, on one line.
    #[must_use]
    pub fn to_json(&self) -> String {
        written(self, SCHEMA)
    }
}

/// The names that are not ours, each as one clean line.
pub(crate) fn passed_over(settings: &Settings) -> Vec<String> {
    settings.ignored().iter().map(|name| one_line(name.as_str())).collect()
}
