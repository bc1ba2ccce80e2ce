//! What else is worth knowing? What fails next, what nearly fits, and what deserves attention.

use alloc::{format, string::String, vec::Vec};

use crate::{
    attempt::Attempt,
    checks::Stop,
    explanation::{Advice, AdviceKind, left_alone, map_names, near_miss, newer_name, roles},
    keys::KeySet,
    reason::{Check, ReasonCode},
    refusal::Failure,
    settings::{Position, SettingName},
    text::{counted, shown},
    validator::{Validator, policy::Keys},
};

type Outcomes = [(Check, Result<(), Stop>)];

/// Everything worth knowing about an attempt beside its reason.
pub(super) fn collect(validator: &Validator, attempt: &Attempt<'_>, outcomes: &Outcomes, text: &[u8]) -> Vec<Advice> {
    let failures = || {
        outcomes.iter().filter_map(|(_, outcome)| match outcome {
            Err(Stop::Failed(failure)) => Some(failure),
            _ => None,
        })
    };
    let keys_needed = outcomes.iter().any(|(_, outcome)| matches!(outcome, Err(Stop::KeysNeeded(_))));
    let mut advice = Vec::new();
    for failure in failures() {
        advice.extend(near_miss::find(failure, attempt, validator, text).into_iter().map(|hint| Advice {
            kind: AdviceKind::NearMiss,
            code: Some(failure.code),
            check: failure.code.check(),
            message: hint.message,
            remedy: Some(hint.remedy),
            setting: hint.setting.map(|(setting, _)| setting.as_str()),
            position: hint.setting.and_then(|(setting, offset)| validator.settings().position(setting, offset)),
        }));
    }
    // While keys are needed the first failure is not the reason, but what would fail next.
    advice.extend(failures().skip(usize::from(!keys_needed)).map(|failure| next_failure(failure, validator)));
    advice.extend(failures().take(1).filter_map(laxer_database));
    advice.extend(keys_set_aside(validator, attempt));
    advice.extend(map_names::warnings(validator, attempt));
    advice.extend(newer_name::near_miss(attempt));
    if failures().next().is_none() && !keys_needed {
        advice.extend(roles::warnings(validator, attempt));
    }
    advice.extend(left_alone::collect(validator.settings()));
    advice
}

fn next_failure(failure: &Failure, validator: &Validator) -> Advice {
    Advice {
        kind: AdviceKind::NextFailure,
        code: Some(failure.code),
        check: failure.code.check(),
        message: failure.message.clone(),
        remedy: Some(failure.remedy.clone().into_owned()),
        setting: failure.setting,
        position: failure.setting.and_then(|setting| place(setting, validator)),
    }
}

fn place(setting: &str, validator: &Validator) -> Option<Position> {
    validator.settings().position(SettingName::named(setting)?, 0)
}

/// Says so where CockroachDB does not make the check that refused the login.
fn laxer_database(failure: &Failure) -> Option<Advice> {
    let database = match failure.code {
        ReasonCode::CritUnsupported => "ignores the header member `crit`",
        ReasonCode::ZipUnsupported => "ignores the header member `zip`",
        ReasonCode::CtyNested => "ignores the header member `cty`",
        ReasonCode::TypNotAllowed => "does not look at the token's type",
        ReasonCode::CnfUnsupported => "takes a key-bound token for a bearer token",
        ReasonCode::KeyWeak => "verifies under RSA keys from 1024 bits on",
        ReasonCode::KeyNotForVerify => "ignores the key's `key_ops`",
        ReasonCode::KeyIssuerMismatch => "lets every key of the set sign for every issuer",
        ReasonCode::PayloadDuplicateMember | ReasonCode::HeaderDuplicateMember => {
            "takes the last of the members of one name"
        }
        ReasonCode::TokenBadBase64 => "also decodes padded base64 and the standard alphabet",
        ReasonCode::ExpMissing => "takes a token without `exp` for one that never expires",
        ReasonCode::EmailUnverified => "does not look at `email_verified`",
        _ => return None,
    };
    Some(Advice {
        kind: AdviceKind::Warning,
        code: Some(failure.code),
        check: failure.code.check(),
        message: format!("CockroachDB itself {database}, and may let this token in"),
        remedy: Some("do not rely on the database to refuse such tokens".into()),
        setting: None,
        position: None,
    })
}

fn keys_set_aside(validator: &Validator, attempt: &Attempt<'_>) -> Option<Advice> {
    const NAMED: usize = 3;
    let Keys::Set(keys) = &attempt.policy().keys else { return None };
    let aside = set_aside(keys);
    let offset = keys.entries().iter().find(|entry| entry.state.is_err())?.offset;
    let setting = if attempt.policy().own.keys { SettingName::EngineIssuerKeys } else { SettingName::Jwks };
    let more = match aside.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!("; {more} more"),
    };
    let named = aside.iter().take(NAMED).cloned().collect::<Vec<_>>().join("; ");
    Some(Advice {
        kind: AdviceKind::Warning,
        code: None,
        check: Check::Settings,
        message: format!("{} of the set cannot be used: {named}{more}", counted(aside.len(), "key")),
        remedy: Some("nothing, unless a token names such a key; the other keys work".into()),
        setting: Some(setting.as_str()),
        position: validator.settings().position(setting, offset.saturating_add(attempt.policy().places.keys)),
    })
}

fn set_aside(keys: &KeySet) -> Vec<String> {
    let unusable = keys.entries().iter().filter_map(|entry| Some((entry.id.as_deref(), entry.state.as_ref().err()?)));
    unusable
        .map(|(id, unusable)| match id {
            Some(id) => format!("`{}`: {}", shown(id), unusable.message),
            None => unusable.message.clone(),
        })
        .collect()
}
