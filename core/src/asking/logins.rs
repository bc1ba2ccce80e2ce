//! What becomes of sample logins: tokens, or claims that nobody has signed. The checks that decide logins judge them, and no
//! login is made of any.

use alloc::{
    format,
    string::{String, ToString},
    sync::Arc,
};
use core::fmt;

use crate::{
    answers::{
        decision::Decision,
        failure::Stop,
        refusal::{ClientAnswer, Rejection},
    },
    ground::{
        base64url,
        limits::LOGIN_STEPS_MAX,
        profile::Profile,
        reason::ReasonCode,
        text::{one_line, quoted},
        work::Work,
    },
    judging::{
        attempt::Attempt,
        client,
        run::{first_stop, first_stop_unsigned},
    },
    parsed::{
        settings::SettingsError,
        token::{UnverifiedToken, compact},
    },
    rules::{key_cache::KeyCache, policy::compiled::Compiled},
};

/// A login that somebody may try: a token, or claims that stand for one.
///
/// `Debug` does not show the token.
#[derive(Clone)]
pub struct SampleLogin {
    /// In compact form; of claims with a signature that is none.
    token: String,
    is_unsigned: bool,
    user: String,
    now: i64,
    expected: Option<String>,
}

impl SampleLogin {
    /// A login with this token as that SQL user at that moment; the empty user is the only one that the token gives.
    #[must_use]
    pub fn of_token(token: impl Into<String>, user: impl Into<String>, now: i64) -> Self {
        Self { token: token.into(), is_unsigned: false, user: user.into(), now, expected: None }
    }

    /// The same with claims that nobody has signed, given as the text of a JSON object: everything but keys and signatures is
    /// judged, and what is said of it is marked as unsigned.
    #[must_use]
    pub fn of_claims(claims: &str, user: impl Into<String>, now: i64) -> Self {
        let encoded = |text: &str| base64url::encode(text.as_bytes());
        let token = format!("{}.{}.AA", encoded(r#"{"alg":"RS256","kid":"unsigned"}"#), encoded(claims));
        Self { is_unsigned: true, ..Self::of_token(token, user, now) }
    }

    /// The same, of which that SQL user is expected to log in; the empty text where nobody is.
    #[must_use]
    pub fn expecting(self, user: impl Into<String>) -> Self {
        Self { expected: Some(user.into()), ..self }
    }

    pub(super) fn is_unsigned(&self) -> bool {
        self.is_unsigned
    }

    /// When it is tried, in Unix seconds.
    pub(super) fn moment(&self) -> i64 {
        self.now
    }

    /// The SQL user who is expected.
    pub(super) fn expected(&self) -> Option<&str> {
        self.expected.as_deref()
    }
}

impl fmt::Debug for SampleLogin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = formatter.debug_struct("SampleLogin");
        shown.field("is_unsigned", &self.is_unsigned).field("user", &self.user).field("now", &self.now);
        shown.field("expected", &self.expected).finish_non_exhaustive()
    }
}

/// What is decided of a sample login.
#[derive(Clone, Debug)]
pub(super) struct Judged {
    pub(super) decision: Decision,
    /// As the token states it.
    pub(super) issuer: Option<String>,
    /// The first principal, or the one that gives the user.
    pub(super) principal: Option<String>,
    /// The SQL user who logs in, as the server stores the name.
    pub(super) user: Option<String>,
    /// The line of the identity map that gives the user.
    pub(super) line: Option<u32>,
    /// The audience that let it in.
    pub(super) audience: Option<Arc<str>>,
    /// The thumbprint of the key that has verified it.
    pub(super) key: Option<String>,
    pub(super) refused: Option<Refused>,
}

/// Why a sample login is refused.
#[derive(Clone, Debug)]
pub(super) struct Refused {
    /// Nothing where keys are missing.
    pub(super) code: Option<ReasonCode>,
    pub(super) setting: Option<&'static str>,
    pub(super) why: String,
    pub(super) client: ClientAnswer,
}

impl Refused {
    fn by(reason: Rejection) -> Self {
        Self { code: Some(reason.code), setting: reason.setting, why: one_line(reason.message), client: reason.client }
    }
}

impl Judged {
    /// What is decided of every login by settings that cannot be used.
    pub(super) fn unusable(error: &SettingsError, profile: Profile) -> Self {
        let refused = Refused::by(client::settings_rejection(error, profile.rules()));
        Self { refused: Some(refused), ..Self::nobody(Decision::Reject) }
    }

    fn nobody(decision: Decision) -> Self {
        Self {
            decision,
            issuer: None,
            principal: None,
            user: None,
            line: None,
            audience: None,
            key: None,
            refused: None,
        }
    }
}

/// What is decided of a login; nothing where the budget does not allow to say.
pub(super) fn judge(compiled: &Compiled, keys: &KeyCache, login: &SampleLogin, budget: &Work) -> Option<Judged> {
    let parts = compact::split(login.token.as_bytes(), compiled.max_token_bytes);
    let token = UnverifiedToken::read(&parts);
    let mut attempt = Attempt::new(compiled, &token, &login.user, login.now).with(Some(keys), None);
    let steps = budget.left().min(LOGIN_STEPS_MAX);
    attempt.work = Work::of(steps);
    let stop = match login.is_unsigned {
        true => first_stop_unsigned(&mut attempt),
        false => first_stop(&mut attempt),
    };
    let used = steps.saturating_sub(attempt.work.left());
    budget.leave(budget.left().saturating_sub(used.max(LEAST_STEPS)));
    let stated = attempt.stated_issuer();
    let chosen = attempt.chosen();
    let principals = attempt.principals.as_deref().unwrap_or_default();
    let principal = principals.get(chosen.map_or(0, |chosen| chosen.principal)).map(ToString::to_string);
    let found = Judged {
        issuer: (!stated.is_empty()).then(|| stated.to_string()),
        principal,
        key: attempt.verified.as_ref().map(|verified| verified.key().thumbprint()),
        ..Judged::nobody(Decision::Reject)
    };
    let is_believed = login.is_unsigned || attempt.verified.is_some();
    Some(match stop {
        Some(Stop::Failed(failure)) if failure.code == ReasonCode::TooCostly && steps < LOGIN_STEPS_MAX => return None,
        Some(Stop::Failed(failure)) => {
            let client = client::answer(&failure, &attempt);
            Judged { refused: Some(Refused::by(failure.into_rejection(client))), ..found }
        }
        Some(Stop::KeysNeeded(needed)) => {
            let refused = Refused { code: None, setting: None, why: one_line(needed.cause), client: needed.client };
            Judged { decision: Decision::KeysNeeded, refused: Some(refused), ..found }
        }
        Some(Stop::Moot(_)) | None => match chosen.filter(|_| is_believed) {
            Some(chosen) => Judged {
                decision: Decision::Accept,
                user: Some(chosen.user.clone()),
                line: chosen.line,
                audience: attempt.audience.clone(),
                ..found
            },
            None => {
                let refused = Refused::by(client::internal_error(compiled.rules));
                Judged { refused: Some(refused), ..found }
            }
        },
    })
}

/// A sample login as documents carry its principal.
pub(super) fn told(principal: Option<&String>) -> Option<String> {
    principal.map(|principal| quoted(principal))
}

/// What a login takes at least, in steps: to read it and to verify its signature.
const LEAST_STEPS: u64 = 1000;
