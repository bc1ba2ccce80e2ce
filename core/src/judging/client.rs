//! What may the person who logs in be told? In the `hardened` profile nothing that they did not send, and nothing about
//! the settings until the signature has verified; in the `cockroachdb` profile what the database says.

use alloc::{borrow::Cow, string::String};

use crate::{
    answers::{
        failure::Failure,
        finding::SHOWN_VALUES_MAX,
        refusal::{ClientAnswer, Rejection},
    },
    ground::{
        private_keys,
        reason::{Check, ReasonCode},
        text::cut,
    },
    judging::attempt::Attempt,
    parsed::{settings::SettingsError, token::audiences},
    rules::profile::{rules::Rules, words},
};

/// The SQLSTATE of every refusal: invalid authorization specification.
const SQLSTATE: &str = "28000";

/// The answer for a failed check.
pub(crate) fn answer(failure: &Failure, attempt: &Attempt<'_>) -> ClientAnswer {
    let rules = attempt.rules();
    if rules.client.talkative {
        return talkative(failure, attempt);
    }
    plain(words::message(failure.code, rules))
}

/// The answer when the keys have yet to be fetched or the settings cannot be used.
pub(crate) fn unable(rules: &Rules) -> ClientAnswer {
    plain(rules.client.unable)
}

/// The refusal when the engine contradicts itself: never a login.
pub(crate) fn internal_error(rules: &Rules) -> Rejection {
    let failure = Failure::new(ReasonCode::InternalError, "every check passed and no login came of it");
    failure.into_rejection(plain(rules.client.vague))
}

/// The refusal of every login under settings that cannot be used.
pub(crate) fn settings_rejection(error: &SettingsError, rules: &Rules) -> Rejection {
    let failure = Failure::new(error.code, error.message.clone()).remedy(error.remedy.clone());
    let mut rejection = failure.into_rejection(unable(rules));
    rejection.setting = error.setting;
    (rejection.position, rejection.range) = (error.position, error.range);
    rejection
}

fn plain(message: &str) -> ClientAnswer {
    ClientAnswer { message: message.into(), detail: None, sqlstate: SQLSTATE }
}

/// The database's message and DETAIL.
fn talkative(failure: &Failure, attempt: &Attempt<'_>) -> ClientAnswer {
    if failure.code == ReasonCode::TokenEmpty {
        let requested = requested(attempt);
        return plain(&words::NO_TOKEN.filled(&[&cut(exact(&requested))]));
    }
    // The administrator's secrets are none of the client's business, wherever they were pasted.
    let detail = detail(failure, attempt).filter(|detail| private_keys::named(detail).is_none());
    let detail = detail.map(|detail| cut(&detail).into_owned());
    ClientAnswer { detail, ..plain(words::message(failure.code, attempt.rules())) }
}

fn detail(failure: &Failure, attempt: &Attempt<'_>) -> Option<String> {
    let template = words::detail(failure.code)?;
    let issuer = || attempt.stated_issuer();
    let principals = || go_list(attempt.principals.as_deref().unwrap_or_default());
    let claim = attempt.policy().claim.as_str();
    Some(match failure.code.check() {
        Check::Token | Check::Header => template.filled(&[&failure.finding.summary]),
        Check::Issuer => template.filled(&[exact(&issuer())]),
        Check::Key => {
            let key_id = attempt.header.as_ref().and_then(|header| header.key_id.as_deref()).unwrap_or_default();
            template.filled(&[exact(key_id)])
        }
        Check::Principal => template.filled(&[claim, failure.cause.as_deref().unwrap_or(&failure.finding.summary)]),
        Check::IdentityMap => template.filled(&[&principals(), exact(&issuer())]),
        Check::User => template.filled(&[&principals(), exact(&requested(attempt))]),
        Check::Reserved => template.filled(&[&attempt.chosen()?.user]),
        Check::Audience => {
            let stated = attempt.claims.and_then(|claims| claims.member("aud")).and_then(audiences::stated);
            let mut audiences = stated.unwrap_or_default();
            audiences.truncate(SHOWN_VALUES_MAX);
            template.filled(&[&go_list(&audiences)])
        }
        Check::Signature | Check::Time | Check::Settings | Check::Enabled | Check::Groups | Check::Internal => {
            template.filled(&[])
        }
    })
}

/// The requested user as the database knows it from the start of the connection: normalised.
fn requested<'a>(attempt: &Attempt<'a>) -> Cow<'a, str> {
    attempt.names().normalized(attempt.requested)
}

/// The value as the database prints it, unless it is a private key.
fn exact(value: &str) -> &str {
    if private_keys::is_one(value) { private_keys::NOT_SHOWN } else { value }
}

/// A list as Go prints it: `[a b]`.
fn go_list<S: AsRef<str>>(values: &[S]) -> String {
    let mut list = String::from("[");
    for (index, value) in values.iter().enumerate() {
        if index > 0 {
            list.push(' ');
        }
        let value = value.as_ref();
        list.push_str(exact(value));
    }
    list.push(']');
    list
}
