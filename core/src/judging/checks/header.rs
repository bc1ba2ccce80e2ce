//! Does the token ask for nothing that this server does not do?

use alloc::format;

use crate::{
    answers::{
        failure::{Failure, Stop},
        finding::{Finding, Reads},
    },
    ground::{reason::ReasonCode, text::shown},
    judging::{attempt::Attempt, needs::KEYS},
    parsed::{
        keys::Algorithm,
        token::header::{self, Header},
    },
};

pub(crate) fn judge(attempt: &mut Attempt<'_>) -> Result<(), Stop> {
    if attempt.token.shape_defect().is_some() {
        return Err(Stop::Moot("the token has no header"));
    }
    match header::read(attempt.token.header()) {
        Ok(header) => {
            known_name(attempt, &header)?;
            attempt.header = Some(header);
        }
        Err(defect) => {
            let mut failure = Failure::new(defect.code, defect.message);
            if let Some(actual) = defect.actual {
                failure = failure.actual([actual]);
            }
            return Err(failure.into());
        }
    }
    let events = attempt.claims.and_then(|claims| claims.member("events"));
    if attempt.rules().token.events_refused && events.is_some() {
        let message = "the token reports an event (claim `events`): it is a logout or security-event token, no login";
        return Err(Failure::new(ReasonCode::TypNotAllowed, message).into());
    }
    Ok(())
}

pub(crate) fn found(attempt: &Attempt<'_>) -> Finding {
    let Some(header) = &attempt.header else { return Finding::default() };
    let key = header.key_id.as_deref().map_or("no key named".into(), |id| format!("key `{}`", shown(id)));
    Finding::new(format!("signed with {}, {key}", header.algorithm))
}

pub(crate) fn reads(code: Option<ReasonCode>) -> Reads {
    Reads::header(match code {
        Some(ReasonCode::AlgNotAllowed) => &["alg"],
        Some(ReasonCode::CritUnsupported) => &["crit"],
        Some(ReasonCode::B64Unsupported) => &["b64"],
        Some(ReasonCode::ZipUnsupported) => &["zip"],
        Some(ReasonCode::CtyNested) => &["cty"],
        _ => &["alg", "kid", "typ", "crit", "cty", "b64", "zip", "enc"],
    })
}

/// CockroachDB's token library has not learnt the name that RFC 9864 gave to Ed25519. A token may still use it where the
/// database does not look at the token's name: where the key's own `alg` decides. A key that is missing or unusable is
/// for the key check.
fn known_name(attempt: &Attempt<'_>, header: &Header<'_>) -> Result<(), Stop> {
    if attempt.rules().token.newer_names || header.algorithm != Algorithm::Ed25519 {
        return Ok(());
    }
    if attempt.compiled.lacks(|| KEYS) {
        return Err(Stop::Moot("the keys cannot be used, and the key decides by what name"));
    }
    let named = match (attempt.keys().set(), &header.key_id) {
        (Some(keys), Some(id)) => keys.find(id).and_then(|entry| entry.state.as_ref().ok()),
        _ => None,
    };
    match named {
        Some(key) if !key.accepts(header.algorithm) => {
            let message = format!(
                "the token names the algorithm `{}`, which the database's token library knows as `EdDSA` alone",
                header.algorithm
            );
            Err(Failure::new(ReasonCode::AlgNotAllowed, message).actual([header.algorithm]).into())
        }
        _ => Ok(()),
    }
}
