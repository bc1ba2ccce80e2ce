//! Is the token meant for this server? One of its audiences has to be one of ours, byte for byte (RFC 7519
//! section 4.1.3).

use alloc::{borrow::Cow, format, string::String, sync::Arc, vec::Vec};

use crate::{
    answers::{
        failure::{Failure, Stop},
        finding::{Finding, Reads},
    },
    ground::{
        json::{Kind, Value},
        mend::Mend,
        reason::ReasonCode,
        text::{can_be_copied, listed, shown},
    },
    judging::attempt::Attempt,
    parsed::{risk, token::audiences},
    rules::policy::issuer::Policy,
};

/// How many values a message names.
const NAMED: usize = 3;

/// How many of a token's audiences a remedy looks at.
const LOOKED_AT: usize = 10;

pub(crate) fn judge(attempt: &mut Attempt<'_>) -> Result<(), Stop> {
    let Some(claims) = attempt.claims else { return Err(Stop::Moot("the claims cannot be read")) };
    let policy = attempt.policy();
    let source = policy.audience_source();
    let fail = |code, message: String| {
        Failure::new(code, message).at(source.setting, source.offset).expected(policy.audience.iter())
    };
    let accepted = || listed(&policy.audience, NAMED);
    let Some(aud) = claims.member("aud") else {
        let message = format!("the token names no audience (`aud`); this server accepts {}", accepted());
        let remedy = "have the identity provider put this server's audience into `aud`; an access token without one is \
                      meant for nobody in particular and must not log in";
        return Err(fail(ReasonCode::AudMissing, message).remedy(remedy).actual([""; 0]).into());
    };
    if !is_audience(aud) {
        let message = format!("the token's audience is {}, not a string or an array of strings", described(aud));
        return Err(fail(ReasonCode::AudInvalid, message).actual([aud.written()]).into());
    }
    let named = core::iter::once(aud).chain(aud.elements()).filter_map(Value::string);
    // Of several that fit, the one that is configured first.
    let ours = named.filter_map(|audience| policy.audience.place(&audience)).min();
    attempt.audience = ours.and_then(|place| policy.audience.get(place)).map(|audience| Arc::clone(audience));
    if attempt.audience.is_some() {
        return Ok(());
    }
    let audiences = audiences::stated(aud).unwrap_or_default();
    let meant_for = match audiences.as_slice() {
        [] => "the token's list of audiences is empty".into(),
        some => format!("the token is for audience {}", listed(some, NAMED)),
    };
    let message = format!("{meant_for}; this server accepts {}", accepted());
    let remedy = remedy(&audiences, policy, &attempt.stated_issuer());
    let failure = fail(ReasonCode::AudienceNotAllowed, message).remedy(remedy);
    Err(failure.actual(audiences).into())
}

pub(crate) fn found(attempt: &Attempt<'_>) -> Finding {
    let policy = attempt.policy();
    let summary = match &attempt.audience {
        Some(audience) => format!("the token is for `{}`", shown(audience)),
        None => String::new(),
    };
    let source = policy.audience_source();
    let finding = Finding::new(summary).at(source.setting, source.offset).expected(policy.audience.iter());
    match attempt.claims.and_then(|claims| claims.member("aud")).and_then(audiences::stated) {
        Some(stated) => finding.actual(stated),
        None => finding,
    }
}

pub(crate) fn reads() -> Reads {
    Reads::claims(&["aud"])
}

/// Another token, or another audience here; never one that tokens for others bear too.
fn remedy(stated: &[Cow<'_, str>], policy: &Policy, issuer: &str) -> Mend {
    let source = policy.audience_source();
    let mut narrow = match policy.audience.first() {
        Some(wanted) => format!("ask the identity provider for a token with audience `{}`", shown(wanted)),
        None => format!("name this server's audience in {source}"),
    };
    let looked_at: Vec<_> =
        stated.iter().take(LOOKED_AT).map(|audience| (audience, risk::audience(audience, issuer))).collect();
    if let Some(shared) = looked_at.iter().find_map(|(_, shared)| shared.as_ref()) {
        narrow = format!("{narrow}: {}", shared.instead);
    }
    let own = looked_at.iter().find(|(audience, shared)| can_be_copied(audience) && shared.is_none());
    match own {
        Some((audience, _)) => {
            Mend::narrow(narrow).or(format!("add `{}` to {source} if every token for it may log in", shown(audience)))
        }
        None => narrow.into(),
    }
}

/// Whether the claim is a string or an array of strings.
fn is_audience(aud: Value<'_>) -> bool {
    match aud.kind() {
        Kind::Array => aud.elements().all(|audience| audience.kind() == Kind::String),
        kind => kind == Kind::String,
    }
}

fn described(aud: Value<'_>) -> &'static str {
    match aud.kind() {
        Kind::Array => "an array that does not hold strings alone",
        kind => kind.describe(),
    }
}
