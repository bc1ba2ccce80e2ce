//! What else is worth knowing? What fails next, what nearly fits, and what deserves attention.

use alloc::{format, string::String, vec::Vec};

use crate::{
    answers::failure::{Failure, Stop},
    ground::{
        reason::{Check, ReasonCode},
        text::{counted, one_line, shown},
    },
    judging::attempt::Attempt,
    parsed::keys::KeySet,
    rules::policy::{issuer::Keys, sides::Sides},
    telling::{
        document::{Advice, AdviceKind},
        left_alone, map_names,
        near_miss::{find::find, hint::Hint},
        newer_name, roles,
    },
};

type Outcomes = [(Check, Result<(), Stop>)];

/// Everything worth knowing about an attempt beside its reason.
pub(super) fn collect(sides: &Sides, attempt: &Attempt<'_>, outcomes: &Outcomes, text: &[u8]) -> Vec<Advice> {
    let failures = || {
        outcomes.iter().filter_map(|(_, outcome)| match outcome {
            Err(Stop::Failed(failure)) => Some(failure),
            _ => None,
        })
    };
    let keys_needed = outcomes.iter().any(|(_, outcome)| matches!(outcome, Err(Stop::KeysNeeded(_))));
    let teller = Teller { proven: attempt.proven(), sides };
    let mut advice = Vec::new();
    let unsettled = |failure: &Failure| {
        failure.code.check() == Check::Key || failure.remedy.widens() || failure.code.mend().widens()
    };
    let mut withheld = failures().any(unsettled);
    for (place, failure) in failures().enumerate() {
        let hints = find(failure, attempt, text);
        withheld |= hints.iter().any(|hint| hint.remedy.widens());
        let offered = hints.iter().any(|hint| hint.remedy.widens());
        advice.extend(hints.into_iter().map(|hint| teller.near_miss(failure, hint)));
        // The reason was told before the signature was known; what follows it is told with what is known now.
        if place == 0 && !offered && !keys_needed {
            advice.extend(teller.proven_since(failure));
        }
    }
    if withheld && !teller.proven {
        advice.insert(0, unproven());
    }
    // While keys are needed the first failure is not the reason, but what would fail next.
    advice.extend(failures().skip(usize::from(!keys_needed)).map(|failure| teller.next_failure(failure)));
    advice.extend(failures().take(1).filter_map(laxer_database));
    advice.extend(keys_set_aside(sides, attempt));
    advice.extend(map_names::warnings(sides, attempt));
    advice.extend(newer_name::near_miss(attempt));
    if failures().next().is_none() && !keys_needed {
        advice.extend(roles::warnings(sides, attempt));
    }
    advice.extend(left_alone::collect(sides.settings()));
    advice
}

const UNPROVEN: &str = "nobody has proven this token: its signature has not verified under a key that it names, so \
                        whoever sent it may have written it, and nothing is proposed that believes more of what it says";

/// What stands before all other advice on a token that nobody has proven.
fn unproven() -> Advice {
    Advice {
        kind: AdviceKind::Warning,
        code: None,
        check: Check::Signature,
        message: UNPROVEN.into(),
        remedy: Some("make sure first that the signature verifies under a key of an identity provider of yours".into()),
        setting: None,
        position: None,
    }
}

/// Puts advice into words, as far as the token is proven.
struct Teller<'v> {
    proven: bool,
    sides: &'v Sides,
}

impl Teller<'_> {
    fn near_miss(&self, failure: &Failure, hint: Hint) -> Advice {
        let place = hint.setting;
        Advice {
            kind: AdviceKind::NearMiss,
            code: Some(failure.code),
            check: failure.code.check(),
            message: one_line(hint.message),
            remedy: hint.remedy.told(self.proven).map(one_line),
            setting: place.map(|(setting, _)| setting.as_str()),
            position: place.and_then(|(setting, offset)| self.sides.settings().position(setting, offset)),
        }
    }

    /// What may be added to the reason's remedy, if the signature was verified only after it.
    fn proven_since(&self, failure: &Failure) -> Option<Advice> {
        let widening = failure.remedy.widening_part().filter(|_| self.proven && !failure.proven)?;
        let message = "the signature verifies: the token is proven, and more may be done about it than the reason says";
        let told = Advice { kind: AdviceKind::NearMiss, message: message.into(), ..self.next_failure(failure) };
        Some(Advice { remedy: Some(one_line(widening)), ..told })
    }

    fn next_failure(&self, failure: &Failure) -> Advice {
        let place = failure.finding.setting;
        Advice {
            kind: AdviceKind::NextFailure,
            code: Some(failure.code),
            check: failure.code.check(),
            message: one_line(failure.finding.summary.as_str()),
            remedy: failure.remedy.told(self.proven).map(one_line),
            setting: place.map(|(setting, _)| setting.as_str()),
            position: place.and_then(|(setting, offset)| self.sides.settings().position(setting, offset)),
        }
    }
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

fn keys_set_aside(sides: &Sides, attempt: &Attempt<'_>) -> Option<Advice> {
    const NAMED: usize = 3;
    let Keys::Set(keys) = &*attempt.policy().keys else { return None };
    let aside = set_aside(keys);
    let offset = keys.entries().iter().find(|entry| entry.state.is_err())?.offset;
    let setting = attempt.policy().keys_source().setting;
    let more = match aside.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!("; {more} more"),
    };
    let named = aside.iter().take(NAMED).cloned().collect::<Vec<_>>().join("; ");
    Some(Advice {
        kind: AdviceKind::Warning,
        code: None,
        check: Check::Settings,
        message: one_line(format!("{} of the set cannot be used: {named}{more}", counted(aside.len(), "key"))),
        remedy: Some("nothing, unless a token names such a key; the other keys work".into()),
        setting: Some(setting.as_str()),
        position: sides.settings().position(setting, offset.saturating_add(attempt.policy().keys_source().offset)),
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
