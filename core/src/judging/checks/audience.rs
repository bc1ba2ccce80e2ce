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
        text::{listed, shown},
    },
    judging::attempt::Attempt,
    parsed::{
        providers::{Provider, TokenKind},
        risk,
        token::audiences,
    },
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
        let (fact, remedy) = unaddressed(attempt);
        let message = format!("{fact}; this server accepts {}", accepted());
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
    let kind = kind(attempt).map(|kind| format!("{kind}: ")).unwrap_or_default();
    let accepts = if policy.audience.iter().all(|configured| configured.is_empty()) {
        "no audience is configured".into()
    } else {
        format!("this server accepts {}", accepted())
    };
    let message = format!("{kind}{meant_for}; {accepts}");
    let remedy = remedy(&audiences, attempt);
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

/// What kind of token it is, where that is why it is for somebody else.
fn kind(attempt: &Attempt<'_>) -> Option<&'static str> {
    Some(match attempt.facts()?.kind()? {
        TokenKind::OktaItself => "this is an access token of Okta's org server, meant for Okta itself",
        TokenKind::Graph => "this is a token for Microsoft Graph",
        TokenKind::Refresh => "this is a refresh token, which is exchanged for other tokens and logs in nowhere",
        TokenKind::LegacyServiceAccount => "this is a service account token of the old kind, from a Secret",
        TokenKind::Id | TokenKind::Access => return None,
    })
}

/// A token without an audience: the fact, and where a token with one is had.
fn unaddressed(attempt: &Attempt<'_>) -> (&'static str, Mend) {
    let facts = attempt.facts();
    let wanted = attempt.policy().audience.first().map_or("", |wanted| wanted);
    match facts.and_then(|facts| Some((facts, facts.provider(), facts.kind()?))) {
        Some((facts, Some(Provider::Cognito), TokenKind::Access)) => (
            "this is Cognito's access token (`token_use` is `access`), which names no audience (`aud`)",
            facts.other_audience(wanted),
        ),
        Some((facts, _, TokenKind::LegacyServiceAccount)) => (
            "this is a service account token of the old kind, from a Secret, which names no audience (`aud`)",
            facts.other_audience(wanted),
        ),
        _ => (
            "the token names no audience (`aud`)",
            "have the identity provider put this server's audience into `aud`; an access token without one is meant for \
             nobody in particular and must not log in"
                .into(),
        ),
    }
}

/// Another token, or another audience here; never one that tokens for others bear too.
fn remedy(stated: &[Cow<'_, str>], attempt: &Attempt<'_>) -> Mend {
    let policy = attempt.policy();
    let issuer = attempt.stated_issuer();
    let source = policy.audience_source();
    let facts = attempt.facts();
    if let [only] = stated
        && only.trim_start().starts_with('[')
        && only.trim_end().ends_with(']')
    {
        return Mend::provider(
            "have the identity provider write `aud` as a list: it is a text that only looks like one",
        );
    }
    let wanted = policy.audience.iter().find(|wanted| !wanted.is_empty());
    let looked_at: Vec<_> =
        stated.iter().take(LOOKED_AT).map(|audience| (audience, risk::audience(audience, &issuer))).collect();
    let shared = looked_at.iter().find_map(|(_, shared)| shared.as_ref());
    match (wanted, facts) {
        (None, _) => Mend::administrator(format!("name this server's audience in {source}")),
        // What is configured is the application that requested the token: no token is for it.
        (Some(wanted), Some(facts))
            if facts.kind() == Some(TokenKind::Access)
                && facts.client().is_some_and(|(_, client)| client == ***wanted) =>
        {
            let (name, client) = facts.client().unwrap_or_default();
            let mapper = facts.other_audience(wanted);
            let own = match facts.provider() {
                Some(Provider::Keycloak) => mapper.text().unwrap_or_default(),
                _ => "send the ID token, which is for the client, or name the audience of this server's own API",
            };
            Mend::client(format!("`{}` is the token's client (`{name}`), not its audience: {own}", shown(&client)))
        }
        (Some(wanted), Some(facts)) if facts.provider().is_some() => facts.other_audience(wanted),
        (Some(wanted), _) => Mend::client(match shared {
            Some(shared) => {
                format!("ask the identity provider for a token with audience `{}`: {}", shown(wanted), shared.instead)
            }
            None => format!("ask the identity provider for a token with audience `{}`", shown(wanted)),
        }),
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
