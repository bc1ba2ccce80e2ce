//! What may the person who logs in be told? In the `hardened` profile nothing that they did not send, and nothing about
//! the settings until the signature has verified; in the `cockroachdb` profile what the database says.

use alloc::{borrow::Cow, format, string::String};

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
    rules::profile::rules::Rules,
};

/// The SQLSTATE of every refusal: invalid authorization specification.
const SQLSTATE: &str = "28000";

/// The answer for a failed check.
pub(crate) fn answer(failure: &Failure, attempt: &Attempt<'_>) -> ClientAnswer {
    let rules = attempt.rules();
    let words = &rules.client;
    if words.talkative {
        return talkative(failure, attempt);
    }
    let check = failure.code.check();
    let place = |wanted: Check| rules.order.iter().position(|&check| check == wanted);
    let unproven = place(check) <= place(Check::Signature);
    plain(if unproven && check != Check::Enabled { words.vague } else { (words.message)(failure.code) })
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
        return plain(&format!("password authentication failed for user {}", cut(exact(&requested))));
    }
    // The administrator's secrets are none of the client's business, wherever they were pasted.
    let detail = detail(failure, attempt).filter(|detail| private_keys::named(detail).is_none());
    let detail = detail.map(|detail| cut(&detail).into_owned());
    ClientAnswer { detail, ..plain((attempt.rules().client.message)(failure.code)) }
}

fn detail(failure: &Failure, attempt: &Attempt<'_>) -> Option<String> {
    let issuer = || attempt.stated_issuer();
    let principals = || go_list(attempt.principals.as_deref().unwrap_or_default());
    let claim = attempt.policy().claim.as_str();
    match (failure.code.check(), failure.code) {
        (Check::Token | Check::Header, _) => Some(format!("token parsing failed: {}", failure.finding.summary)),
        (Check::Issuer, _) => Some(format!("token issued by {}", exact(&issuer()))),
        (_, ReasonCode::KeysUnavailable) => None,
        (Check::Key | Check::Signature | Check::Time, _) => {
            Some(format!("unable to parse token: {}", library(failure, attempt)))
        }
        (_, ReasonCode::ClaimMissing) => Some(format!("token does not contain a claim for {claim}")),
        (_, ReasonCode::ClaimInvalid) => {
            let why = failure.cause.as_deref().unwrap_or(&failure.finding.summary);
            Some(format!("failed to extract claim {claim}: JSON pointer: {why}"))
        }
        (Check::IdentityMap, _) => {
            Some(format!("the value {} for the issuer {} is invalid", principals(), exact(&issuer())))
        }
        (Check::User, _) => {
            Some(format!("token issued for {} and login was for {}", principals(), exact(&requested(attempt))))
        }
        (Check::Reserved, _) => {
            let user = &attempt.chosen()?.user;
            Some(format!("cannot use JWT auth to login to a reserved user {user}"))
        }
        (Check::Audience, _) => {
            let stated = attempt.claims.and_then(|claims| claims.member("aud")).and_then(audiences::stated);
            let mut audiences = stated.unwrap_or_default();
            audiences.truncate(SHOWN_VALUES_MAX);
            Some(format!("token issued with an audience of {}", go_list(&audiences)))
        }
        (Check::Settings | Check::Enabled | Check::Principal | Check::Groups | Check::Internal, _) => None,
    }
}

/// The requested user as the database knows it from the start of the connection: normalised.
fn requested<'a>(attempt: &Attempt<'a>) -> Cow<'a, str> {
    attempt.names().normalized(attempt.requested)
}

/// What the database's token library says of a token that it cannot verify.
fn library(failure: &Failure, attempt: &Attempt<'_>) -> Cow<'static, str> {
    const PROVIDER: &str = "key provider 0 failed: ";
    match failure.code {
        ReasonCode::KeyIdMissing => {
            format!("{PROVIDER}failed to find matching key: no key ID (\"kid\") specified in token").into()
        }
        ReasonCode::KeyNotFound => {
            let key_id = attempt.header.as_ref().and_then(|header| header.key_id.as_deref()).unwrap_or_default();
            format!("{PROVIDER}failed to find key with key ID \"{}\" in key set", exact(key_id)).into()
        }
        ReasonCode::KeyAlgMismatch => {
            format!("{PROVIDER}algorithm in the message does not match any of the inferred algorithms").into()
        }
        ReasonCode::TokenExpired => "\"exp\" not satisfied".into(),
        ReasonCode::TokenNotYetValid => "\"nbf\" not satisfied".into(),
        ReasonCode::IssuedInFuture => "\"iat\" not satisfied".into(),
        ReasonCode::LifetimeTooLong => "the token lives too long".into(),
        _ => "could not verify message using any of the signatures or keys".into(),
    }
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
