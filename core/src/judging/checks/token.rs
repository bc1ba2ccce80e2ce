//! Is this one well-formed signed token whose claims can be read?

use alloc::format;

use crate::{
    answers::{
        failure::{Failure, Stop},
        finding::{Finding, Part, Reads},
    },
    ground::{
        json::{Defect, JsonError, Kind, Value},
        mend::Mend,
        reason::ReasonCode,
        text::{counted, shown},
    },
    judging::attempt::Attempt,
    parsed::{
        settings::SettingName,
        token::{
            claim,
            registered::{REGISTERED, misfit},
        },
    },
};

pub(crate) fn judge(attempt: &mut Attempt<'_>) -> Result<(), Stop> {
    if let Some(defect) = attempt.token.shape_defect() {
        let mut failure = Failure::new(defect.code, defect.message.clone());
        if let Some(remedy) = defect.remedy {
            failure = failure.remedy(Mend::client(remedy));
        }
        if defect.code == ReasonCode::TokenTooLarge {
            failure = failure.about(SettingName::EngineMaxTokenBytes);
        }
        return Err(failure.into());
    }
    let claims = attempt.token.claims().map_err(unreadable)?;
    if claims.kind() != Kind::Object {
        let message = format!("the token's claims are {}, not an object", claims.kind().describe());
        return Err(Failure::new(ReasonCode::PayloadInvalid, message).into());
    }
    attempt.claims = Some(claims);
    let rules = attempt.rules();
    if rules.token.kinds_first {
        kinds(claims)?;
    } else if let Some(jti) = claims.member("jti")
        && jti.kind() != Kind::String
    {
        let message = format!("the claim `jti` is {}, not a string", jti.kind().describe());
        return Err(Failure::new(ReasonCode::PayloadInvalid, message).actual([jti.written()]).into());
    }
    if rules.token.pointer_members_once {
        pointer_members_once(attempt, claims)?;
    }
    Ok(())
}

pub(crate) fn found(attempt: &Attempt<'_>) -> Finding {
    let claims = attempt.claims.map_or(0, |claims| claims.members().count());
    Finding::new(format!("a token with {}", counted(claims, "claim")))
}

pub(crate) fn reads() -> Reads {
    Reads::whole(Part::Token)
}

fn unreadable(error: &JsonError) -> Failure {
    match &error.defect {
        Defect::DuplicateMember(name) => {
            let message = format!("the token states the claim `{}` twice", shown(name));
            Failure::new(ReasonCode::PayloadDuplicateMember, message).actual([name])
        }
        defect => {
            let message = format!("the token's claims are not JSON: {} at byte {}", defect.describe(), error.offset);
            Failure::new(ReasonCode::PayloadInvalid, message)
        }
    }
}

/// CockroachDB's token library types the registered claims as it reads them and refuses the token if one does not fit.
fn kinds(claims: Value<'_>) -> Result<(), Failure> {
    for name in REGISTERED {
        if let Some(value) = claims.member(name)
            && let Some(wanted) = misfit(name, value)
        {
            let message = format!("the claim `{name}` is {}, not {wanted}", described(value));
            let failure = Failure::new(ReasonCode::PayloadInvalid, message);
            return Err(failure.expected([wanted]).actual([value.written()]));
        }
    }
    Ok(())
}

fn described(value: Value<'_>) -> alloc::string::String {
    match value.kind() {
        Kind::Number | Kind::String => format!("`{}`", shown(value.written())),
        kind => kind.describe().into(),
    }
}

/// Two readers of one token must not find two principals in it.
fn pointer_members_once(attempt: &Attempt<'_>, claims: Value<'_>) -> Result<(), Failure> {
    let policy = attempt.policy();
    let Some(name) = claim::duplicate_on_the_way(claims, &policy.claim) else { return Ok(()) };
    let message = format!(
        "an object on the way of `{}` states the member `{}` twice",
        shown(policy.claim.as_str()),
        shown(&name)
    );
    let setting = policy.claim_source().setting;
    Err(Failure::new(ReasonCode::PayloadDuplicateMember, message).about(setting).actual([name]))
}
