//! Does the token say who its bearer is, and may it be believed that the bearer is the one who shows it?

use alloc::{format, string::String, vec::Vec};

use crate::{
    answers::{
        failure::{Failure, Stop},
        finding::{Finding, Part, Reads, SHOWN_VALUES_MAX},
    },
    ground::{
        distinct::Distinct,
        json::{Kind, Value},
        mend::Mend,
        reason::ReasonCode,
        text::{listed, shown},
    },
    judging::{attempt::Attempt, checks::groups},
    parsed::{
        settings::{Claim, SettingName},
        token::{
            claim::{self, ClaimDefect},
            scope,
        },
    },
    rules::policy::issuer::Policy,
};

pub(crate) fn judge(attempt: &mut Attempt<'_>) -> Result<(), Stop> {
    let Some(claims) = attempt.claims else { return Err(Stop::Moot("the claims cannot be read")) };
    let policy = attempt.policy();
    let rules = attempt.rules();
    if !rules.token.kinds_first {
        subject_is_text(claims)?;
    }
    match claim::principals(claims, &policy.claim, &rules.token) {
        Ok(principals) => attempt.principals = Some(principals),
        Err(ClaimDefect::Missing) if left_out(attempt, &policy.claim) => {
            let failure = Failure::new(ReasonCode::ClaimMissing, groups::left_out(policy.claim.as_str()));
            let source = policy.claim_source();
            return Err(failure.remedy(Mend::provider(groups::FEWER)).at(source.setting, source.offset).into());
        }
        Err(defect) => {
            let failure = sourced(unnamed(&policy.claim, &defect, claims), policy);
            let written = attempt.facts().and_then(|facts| facts.claim_written(policy.claim.as_str()));
            return Err(match written.filter(|_| matches!(defect, ClaimDefect::Missing)) {
                Some(written) => failure.remedy(written),
                None => failure,
            }
            .into());
        }
    }
    if rules.judging.email_verified {
        email_verified(claims, &policy.claim).map_err(|failure| sourced(failure, policy))?;
    }
    required(attempt, claims)?;
    scopes(attempt, claims)?;
    if claims.member("cnf").is_some() {
        let message = "the token is bound to a key (`cnf`) that its bearer would have to prove; a password field proves \
                       nothing but the token";
        return Err(Failure::new(ReasonCode::CnfUnsupported, message).into());
    }
    Ok(())
}

pub(crate) fn found(attempt: &Attempt<'_>) -> Finding {
    const NAMED: usize = 3;
    let policy = attempt.policy();
    let principals = attempt.principals.as_deref().unwrap_or_default();
    Finding::new(format!("the claim `{}` names {}", shown(policy.claim.as_str()), listed(principals, NAMED)))
        .at(policy.claim.source.setting, policy.claim.source.offset)
        .actual(principals)
}

/// The claim, or the one that a pointer begins at.
pub(crate) fn reads(code: Option<ReasonCode>, attempt: &Attempt<'_>) -> Reads {
    match code {
        Some(ReasonCode::EmailUnverified) => return Reads::claims(&["email", "email_verified"]),
        Some(ReasonCode::CnfUnsupported) => return Reads::claims(&["cnf"]),
        Some(ReasonCode::ScopeMissing) => return Reads::claims(&scope::CLAIMS),
        Some(ReasonCode::RequiredClaimMissing) => return Reads::whole(Part::Claims),
        _ => {}
    }
    Reads::claim(attempt.policy().claim.member())
}

/// Also where another claim names the bearer: a provider whose `sub` is no string is not to be trusted with the rest.
fn subject_is_text(claims: Value<'_>) -> Result<(), Failure> {
    match claims.member("sub") {
        Some(sub) if sub.kind() != Kind::String => {
            let message = format!("the claim `sub` is {}, not a string", sub.kind().describe());
            let remedy =
                "have the identity provider issue the claim `sub` as a string, whichever claim says who logs in";
            Err(Failure::new(ReasonCode::ClaimInvalid, message).remedy(remedy).actual([sub.written()]))
        }
        _ => Ok(()),
    }
}

/// The failure with the setting that names the claim, also in what would mend it.
fn sourced(failure: Failure, policy: &Policy) -> Failure {
    let source = policy.claim_source();
    let narrow = Mend::administrator(failure.code.narrow_remedy());
    failure.at(source.setting, source.offset).remedy(narrow)
}

fn unnamed(claim: &Claim, defect: &ClaimDefect, claims: Value<'_>) -> Failure {
    const NAMED: usize = 8;
    let name = shown(claim.as_str());
    match defect {
        ClaimDefect::Missing => {
            let present: Vec<_> = claims.members().filter_map(|(name, _)| name.string()).collect();
            let message = format!(
                "the token has no claim `{name}`; it has {}",
                if present.is_empty() { "none".into() } else { listed(&present, NAMED) }
            );
            Failure::new(ReasonCode::ClaimMissing, message).expected([claim.as_str()]).actual(present)
        }
        ClaimDefect::Unreachable(why) => {
            let message = format!("the claim `{name}` cannot be reached: {why}");
            Failure::new(ReasonCode::ClaimInvalid, message).cause(why.clone()).expected([claim.as_str()])
        }
        ClaimDefect::Unusable(why) => Failure::new(ReasonCode::ClaimInvalid, format!("the claim `{name}` {why}")),
    }
}

/// Whether the claim is one of groups, and the provider has put a link in their place.
fn left_out(attempt: &Attempt<'_>, claim: &Claim) -> bool {
    attempt.facts().is_some_and(|facts| facts.groups_left_out(claim.as_str().trim_start_matches('/')))
}

/// An address that the provider has not verified is whatever its bearer typed.
fn email_verified(claims: Value<'_>, claim: &Claim) -> Result<(), Failure> {
    if !matches!(claim.as_str(), "email" | "/email") {
        return Ok(());
    }
    match claims.member("email_verified") {
        // Apple documents the text beside the boolean, and writes it.
        Some(verified) if verified.kind() != Kind::Bool(true) && !verified.is_string("true") => {
            let message =
                format!("the claim `email` says who logs in, and `email_verified` is `{}`", shown(verified.written()));
            Err(Failure::new(ReasonCode::EmailUnverified, message).expected(["true"]).actual([verified.written()]))
        }
        _ => Ok(()),
    }
}

/// Scopes that this server requires.
fn scopes(attempt: &Attempt<'_>, claims: Value<'_>) -> Result<(), Failure> {
    let required = &attempt.compiled.required_scopes;
    let Some(name) = missing(required, |found| scope::for_each(claims, found)) else { return Ok(()) };
    let mut stated: Vec<String> = Vec::new();
    scope::for_each(claims, |scope| {
        if stated.len() < SHOWN_VALUES_MAX {
            stated.push(scope.into());
        }
    });
    let message = format!("the token was not issued for the scope `{}`, which this server requires", shown(name));
    let remedy = Mend::client(format!("request a token with the scope `{}`", shown(name)));
    Err(Failure::new(ReasonCode::ScopeMissing, message)
        .about(SettingName::EngineRequiredScopes)
        .remedy(remedy)
        .expected(required.iter())
        .actual(stated))
}

/// Claims that this server requires.
fn required(attempt: &Attempt<'_>, claims: Value<'_>) -> Result<(), Failure> {
    let required = &attempt.compiled.required_claims;
    let names = |found: &mut dyn FnMut(&str)| {
        claims.members().filter_map(|(name, _)| name.string()).for_each(|name| found(&name));
    };
    let Some(name) = missing(required, names) else { return Ok(()) };
    let message = format!("the token has no claim `{}`, which this server requires", shown(name));
    Err(Failure::new(ReasonCode::RequiredClaimMissing, message)
        .about(SettingName::EngineRequiredClaims)
        .expected(required.iter()))
}

/// The first of what is required that the token does not state, all looked for in one pass over what it does.
fn missing(required: &Distinct<String>, stated: impl FnOnce(&mut dyn FnMut(&str))) -> Option<&str> {
    if required.is_empty() {
        return None;
    }
    let mut missing = alloc::vec![true; required.len()];
    stated(&mut |name| {
        if let Some(missing) = required.place(name).and_then(|place| missing.get_mut(place)) {
            *missing = false;
        }
    });
    required.iter().zip(missing).find(|(_, missing)| *missing).map(|(name, _)| name.as_str())
}
