//! Did the key sign the token?

use alloc::format;

use crate::{
    answers::{
        failure::{Failure, Stop},
        finding::{Finding, Part, Reads},
    },
    ground::{mend::Mend, reason::ReasonCode, text::shown},
    judging::attempt::Attempt,
    parsed::{
        providers::{Facts, TokenKind},
        token::{VerifiedToken, cut::SEND_THE_WHOLE},
    },
};

/// Verifies the signature under the key.
pub(crate) fn judge(attempt: &mut Attempt<'_>) -> Result<(), Stop> {
    let (Some(key), Some(header)) = (attempt.key, &attempt.header) else {
        return Err(Stop::Moot("there is no key to verify with"));
    };
    let algorithm = header.algorithm;
    let elsewhere = attempt.verified_elsewhere.and_then(|verified| verified.under(key, algorithm));
    attempt.verified = elsewhere.or_else(|| VerifiedToken::verify(attempt.token, key, algorithm));
    if attempt.verified.is_some() {
        return Ok(());
    }
    if let Some(cut) = attempt.token.cut(key) {
        let failure = Failure::new(ReasonCode::SignatureInvalid, cut).remedy(Mend::client(SEND_THE_WHOLE));
        return Err(failure.into());
    }
    if let Some(longer) = attempt.token.longer(key) {
        let remedy = Mend::client("send the token exactly as it was issued, and nothing after it");
        return Err(Failure::new(ReasonCode::SignatureInvalid, longer).remedy(remedy).into());
    }
    let mut message = format!("the signature does not verify with {algorithm} under the key `{}`", shown(key.id()));
    if let Some(token) = attempt.facts().filter(|token| token.kind() == Some(TokenKind::Graph)) {
        message += ": this is a token for Microsoft Graph, which nobody else can verify";
        let wanted = attempt.policy().audience.first().map_or("", |wanted| wanted);
        return Err(Failure::new(ReasonCode::SignatureInvalid, message).remedy(token.other_audience(wanted)).into());
    }
    let remedy = match &attempt.policy {
        Some(policy) if policy.keys_are_fetched() => {
            "send the token exactly as it was issued; if it was, it is not signed with the key of its issuer that it names".into()
        }
        Some(policy) => format!(
            "send the token exactly as it was issued; if it was, the key set in {} is not the one that the issuer serves now{}",
            policy.keys_source(),
            attempt.facts().and_then(Facts::key_set).map(|url| format!(" at `{}`", shown(&url))).unwrap_or_default()
        ),
        None => "send the token exactly as it was issued".into(),
    };
    Err(Failure::new(ReasonCode::SignatureInvalid, message).remedy(remedy).into())
}

pub(crate) fn found(attempt: &Attempt<'_>) -> Finding {
    let Some(verified) = &attempt.verified else { return Finding::default() };
    let (algorithm, key) = (verified.algorithm(), shown(verified.key().id()));
    Finding::new(format!("verifies with {algorithm} under the key `{key}`"))
}

pub(crate) fn reads() -> Reads {
    Reads::whole(Part::Signature)
}
