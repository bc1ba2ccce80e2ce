//! What is there to tell about a login attempt? Every check with what was expected and what the token says, what to
//! mend, what else would fail, and what nearly fits.

mod advice;
mod evidence;
mod left_alone;
mod map_names;
mod near_miss;
mod newer_name;
mod roles;
mod timeline;
mod view;

use alloc::{string::String, vec::Vec};

use serde::Serialize;

pub use view::{Moment, TokenView};

use crate::{
    answers::{
        login::Login,
        refusal::{ClientAnswer, KeysNeeded, Refusal, Rejection},
    },
    doors::validator::Validator,
    ground::profile::Profile,
    ground::{
        limits::{ADVICE_STEPS_MAX, TOKEN_BYTES_MAX},
        reason::{Check, ReasonCode},
        text::one_line,
        work::Work,
    },
    judging::{
        attempt::Attempt,
        checks::{self, Stop},
        client,
    },
    parsed::{
        settings::{Position, Settings, SettingsError},
        token::{UnverifiedToken, compact},
    },
};

/// The version of the documents' shape.
pub const SCHEMA: u32 = 1;

/// What was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Decision {
    /// The token may log in.
    Accept,
    /// The token may not log in.
    Reject,
    /// The issuer's keys have to be fetched before anything can be decided; nobody logs in.
    KeysNeeded,
}

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
    /// What the other profile decides, when that differs.
    pub also: Option<Also>,
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
    /// What the setting or the rule allows.
    pub expected: Option<Vec<String>>,
    /// What the token or the login says.
    pub actual: Option<Vec<String>>,
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
    /// Where in the settings document that setting's value, or the part of it at fault, stands.
    pub position: Option<Position>,
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

/// What the other profile decides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Also {
    /// The other profile.
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
    /// The reason, when it was rejected.
    pub reason: Option<Rejection>,
    /// What the client may be told, when nobody logs in.
    pub client: Option<ClientAnswer>,
    /// Names in the settings text that are not ours and were passed over.
    pub ignored: Vec<String>,
}

/// Explains one login attempt.
pub(crate) fn explain(validator: &Validator, text: &[u8], user: &str, now: i64) -> Explanation {
    let rules = validator.compiled();
    let parts = compact::split(text, rules.max_token_bytes);
    let token = UnverifiedToken::read(&parts);
    let mut attempt = Attempt::new(rules, &token, user, now);
    let mut outcomes = Vec::with_capacity(rules.profile.order().len());
    for &check in rules.profile.order() {
        outcomes.push((check, checks::run(check, &mut attempt)));
    }
    let checks: Vec<_> =
        outcomes.iter().map(|(check, outcome)| evidence::report(*check, outcome, &attempt, validator)).collect();
    let also = elsewhere(validator, &attempt);
    // Advice has a budget of its own, so that a costly decision leaves room to say what was costly.
    attempt.work = Work::of(ADVICE_STEPS_MAX);
    let advice = advice::collect(validator, &attempt, &outcomes, text);
    let token = TokenView::of(&token);
    let stop = outcomes.into_iter().find_map(|(_, outcome)| match outcome {
        Ok(()) | Err(Stop::Moot(_)) => None,
        Err(stop) => Some(stop),
    });
    let (decision, login, keys_needed, reason, client) = match stop {
        Some(Stop::Failed(failure)) => {
            let client = client::answer(&failure, &attempt);
            let reason = failure.into_rejection(client.clone());
            (Decision::Reject, None, None, Some(reason), Some(client))
        }
        Some(Stop::KeysNeeded(keys)) => {
            let client = keys.client.clone();
            (Decision::KeysNeeded, None, Some(*keys), None, Some(client))
        }
        Some(Stop::Moot(_)) | None => match attempt.into_login() {
            Some(login) => (Decision::Accept, Some(login), None, None, None),
            None => {
                let reason = client::internal_error(rules.rules);
                let client = reason.client.clone();
                (Decision::Reject, None, None, Some(reason), Some(client))
            }
        },
    };
    let also = also
        .filter(|also| also.decision != decision || also.code != reason.as_ref().map(|reason: &Rejection| reason.code));
    Explanation {
        schema: SCHEMA,
        decision,
        profile: rules.profile,
        login,
        keys_needed,
        reason,
        client,
        checks,
        advice,
        token,
        also,
        ignored: passed_over(validator),
    }
}

/// The names that are not ours, each as one clean line.
fn passed_over(validator: &Validator) -> Vec<String> {
    validator.settings().ignored().iter().map(|name| one_line(name.as_str())).collect()
}

/// What the other profile decides of the same attempt.
fn elsewhere<'a>(validator: &'a Validator, attempt: &Attempt<'a>) -> Option<Also> {
    let profile = validator.elsewhere_profile();
    let (decision, code) = match validator.elsewhere() {
        Err(error) => (Decision::Reject, Some(error.code)),
        Ok(rules) => {
            let mut other = Attempt::new(rules, attempt.token, attempt.requested, attempt.now);
            other.verified_elsewhere = attempt.verified;
            let stop = profile.order().iter().find_map(|&check| match checks::run(check, &mut other) {
                Ok(()) | Err(Stop::Moot(_)) => None,
                Err(stop) => Some(stop),
            });
            match stop {
                Some(Stop::Failed(failure)) => (Decision::Reject, Some(failure.code)),
                Some(Stop::KeysNeeded(_)) => (Decision::KeysNeeded, None),
                Some(Stop::Moot(_)) | None => (Decision::Accept, None),
            }
        }
    };
    Some(Also { profile, decision, code })
}

impl Explanation {
    /// Explains a login under settings that may or may not be usable. It never fails.
    ///
    /// # Example
    /// ```
    /// use sqljwt::{Explanation, Settings};
    /// let settings = Settings::from_text("SET CLUSTER SETTING server.jwt_authentication.enabled = 'often'");
    /// let explanation = Explanation::of(settings, "eyJ…", "alice", 1_800_000_000);
    /// assert_eq!(explanation.reason.expect("a reason").code.as_str(), "setting_wrong_type");
    /// ```
    #[must_use]
    pub fn of(settings: Result<Settings, SettingsError>, token: impl AsRef<[u8]>, user: &str, now: i64) -> Self {
        match settings.and_then(|settings| Validator::new(&settings)) {
            Ok(validator) => validator.explain(token, user, now),
            Err(error) => Self::of_unusable_settings(&error, token),
        }
    }

    /// Explains a login under settings that cannot be used: nobody logs in, and the reason says where the fault stands.
    /// Where there is no token yet, it is empty.
    #[must_use]
    pub fn of_unusable_settings(error: &SettingsError, token: impl AsRef<[u8]>) -> Self {
        let profile = error.profile;
        let parts = compact::split(token.as_ref(), TOKEN_BYTES_MAX);
        let reason = client::settings_rejection(error, profile.rules());
        let checks = profile.order().iter().map(|&check| evidence::under_unusable_settings(check, &reason)).collect();
        Self {
            schema: SCHEMA,
            decision: Decision::Reject,
            profile,
            login: None,
            keys_needed: None,
            client: Some(reason.client.clone()),
            reason: Some(reason),
            checks,
            advice: Vec::new(),
            token: TokenView::of(&UnverifiedToken::read(&parts)),
            also: None,
            ignored: Vec::new(),
        }
    }

    /// The explanation without anything that the token, the login or the settings say: codes, checks and the names of
    /// settings only, fit to be shown to strangers.
    #[must_use]
    pub fn redacted(mut self) -> Self {
        self.token = None;
        self.login = None;
        self.keys_needed = None;
        self.ignored = Vec::new();
        if let Some(reason) = &mut self.reason {
            reason.message = reason.code.summary().into();
            reason.remedy = reason.code.narrow_remedy().into();
            reason.expected = None;
            reason.actual = None;
        }
        if let Some(client) = &mut self.client {
            client.detail = None;
            if self.reason.as_ref().is_some_and(|reason| reason.code == ReasonCode::TokenEmpty) {
                client.message = "password authentication failed".into();
            }
        }
        for check in &mut self.checks {
            check.expected = None;
            check.actual = None;
            check.summary = match (check.outcome, check.code) {
                (Outcome::Fail, Some(code)) => code.summary().into(),
                (Outcome::Pass, _) => "passed".into(),
                _ => "not judged".into(),
            };
        }
        for advice in &mut self.advice {
            advice.message = advice.code.map_or("a warning", ReasonCode::summary).into();
            advice.remedy = advice.code.map(|code| code.narrow_remedy().into());
        }
        self
    }

    /// The short answer: what was decided and why.
    #[must_use]
    pub fn into_verdict(self) -> Verdict {
        Verdict {
            schema: self.schema,
            decision: self.decision,
            profile: self.profile,
            login: self.login,
            keys_needed: self.keys_needed,
            reason: self.reason,
            client: self.client,
            ignored: self.ignored,
        }
    }

    /// The document of the verb `explain`, on one line.
    #[must_use]
    pub fn to_json(&self) -> String {
        crate::ground::json::written(self, SCHEMA)
    }
}

impl Verdict {
    /// Decides as [`Validator::validate`] does, as a document.
    #[must_use]
    pub fn of(validator: &Validator, token: impl AsRef<[u8]>, user: &str, now: i64) -> Self {
        let (decision, login, keys_needed, reason, client) = match validator.validate(token, user, now) {
            Ok(login) => (Decision::Accept, Some(login), None, None, None),
            Err(Refusal::Rejected(reason)) => {
                let client = reason.client.clone();
                (Decision::Reject, None, None, Some(reason), Some(client))
            }
            Err(Refusal::KeysNeeded(keys)) => {
                let client = keys.client.clone();
                (Decision::KeysNeeded, None, Some(keys), None, Some(client))
            }
        };
        let ignored = passed_over(validator);
        Self { schema: SCHEMA, decision, profile: validator.profile(), login, keys_needed, reason, client, ignored }
    }

    /// The document of the verb `validate`, on one line.
    #[must_use]
    pub fn to_json(&self) -> String {
        crate::ground::json::written(self, SCHEMA)
    }
}
