//! Which roles do the token's groups give the SQL user?

use alloc::{format, string::String};

use crate::{
    answers::{
        failure::{Failure, Stop},
        finding::{Finding, Reads},
    },
    ground::{
        json::Value,
        limits::ROLES_MAX,
        mend::Mend,
        reason::ReasonCode,
        text::{counted, listed, shown},
    },
    judging::attempt::Attempt,
    parsed::{
        groups::{self, Groups},
        keys::remote::Remote,
        settings::SettingName,
    },
};

pub(crate) fn judge(attempt: &mut Attempt<'_>) -> Result<(), Stop> {
    let Some(claim) = attempt.compiled.group_claim.as_deref() else {
        return Err(Stop::Moot("group synchronisation is off"));
    };
    let Some(claims) = attempt.claims else { return Err(Stop::Moot("the claims cannot be read")) };
    let failure = match groups::read(claims, claim) {
        Groups::Roles(roles) if !roles.is_empty() => {
            attempt.roles = Some(roles);
            return Ok(());
        }
        Groups::Roles(_) => {
            let message =
                format!("the claim `{}` holds no group; the login is refused and every role revoked", shown(claim));
            Failure::new(ReasonCode::GroupsEmpty, message)
        }
        Groups::TooMany => {
            let message = format!("the claim `{}` names more than {ROLES_MAX} roles", shown(claim));
            Failure::new(ReasonCode::GroupsTooMany, message)
        }
        Groups::Other(kind) if attempt.rules().token.exact_groups => {
            let message = format!("the claim `{}` is {}, not a text or a list of texts", shown(claim), kind.describe());
            Failure::new(ReasonCode::GroupsInvalid, message).remedy(Mend::provider(format!(
                "have the identity provider write `{}` as a list of texts",
                shown(claim)
            )))
        }
        Groups::Other(_) | Groups::Elsewhere => elsewhere(attempt, claim),
    };
    Err(failure.about(SettingName::GroupClaim).expected([claim]).into())
}

/// The groups are not in the token: the issuer would have to be asked, where it can be.
fn elsewhere(attempt: &Attempt<'_>, claim: &str) -> Failure {
    if let Some(nested) = nested(attempt, claim) {
        return nested;
    }
    let failure = absent(attempt, claim);
    let Some(facts) = attempt.facts() else { return failure };
    if facts.groups_left_out(claim) {
        let code = failure.code;
        return Failure::new(code, left_out(claim)).remedy(Mend::provider(FEWER));
    }
    match facts.groups_written(claim) {
        Some(remedy) => failure.remedy(remedy),
        None => failure,
    }
}

/// Entra, "Configure group claims": a token holds at most 200 groups, and `_claim_names` points to the rest.
pub(super) fn left_out(claim: &str) -> String {
    format!(
        "the token has no groups in the claim `{}`: the person is in more than 200, so the identity provider put a link in \
         their place (`_claim_names`)",
        shown(claim)
    )
}

pub(super) const FEWER: &str = "assign the groups to the application in Entra and let it emit only those (Token configuration, `Groups assigned to the \
     application`), or use app roles";

fn absent(attempt: &Attempt<'_>, claim: &str) -> Failure {
    let claim = shown(claim);
    match Remote::new(&attempt.stated_issuer(), None) {
        Remote::Nowhere(why) if attempt.rules().token.exact_groups => {
            let message =
                format!("the token has no groups in the claim `{claim}`, and nobody can be asked for them: {why}");
            Failure::new(ReasonCode::GroupsMissing, message)
        }
        _ => {
            let message = format!(
                "the token has no groups in the claim `{claim}`; the database asks the issuer's userinfo endpoint for them"
            );
            Failure::new(ReasonCode::UserinfoNeeded, message)
        }
    }
}

/// Groups that the token has inside an object, where the database does not look.
fn nested(attempt: &Attempt<'_>, claim: &str) -> Option<Failure> {
    let (first, rest) = claim.split_once('.')?;
    let object = attempt.claims?.member(first)?;
    rest.split('.').try_fold(object, Value::member)?;
    let message = format!(
        "the token has the groups nested in the claim `{}`; server.jwt_authentication.group_claim takes the name of a claim \
         at the top level only, and the database asks the issuer's userinfo endpoint for them",
        shown(first)
    );
    let remedy = "copy the groups into a claim of their own at the identity provider (in Keycloak by a mapper), and set \
                  server.jwt_authentication.group_claim to its name";
    Some(Failure::new(ReasonCode::UserinfoNeeded, message).remedy(Mend::provider(remedy)))
}

pub(crate) fn found(attempt: &Attempt<'_>) -> Finding {
    const NAMED: usize = 3;
    let roles = attempt.roles.as_deref().unwrap_or_default();
    Finding::new(format!("{}: {}", counted(roles.len(), "role"), listed(roles, NAMED)))
        .about(SettingName::GroupClaim)
        .actual(roles)
}

pub(crate) fn reads(attempt: &Attempt<'_>) -> Reads {
    attempt.compiled.group_claim.as_deref().map_or_else(Reads::nothing, Reads::claim)
}
