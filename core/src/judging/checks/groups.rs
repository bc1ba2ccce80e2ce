//! Which roles do the token's groups give the SQL user?

use alloc::format;

use crate::{
    answers::{
        failure::{Failure, Stop},
        finding::{Finding, Reads},
    },
    ground::{
        limits::ROLES_MAX,
        reason::ReasonCode,
        text::{counted, listed, shown},
    },
    judging::attempt::Attempt,
    parsed::{
        groups::{self, Groups},
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
        Groups::Elsewhere => {
            let message = format!(
                "the token has no groups in the claim `{}`; the database asks the issuer's userinfo endpoint for them",
                shown(claim)
            );
            Failure::new(ReasonCode::UserinfoNeeded, message)
        }
    };
    Err(failure.about(SettingName::GroupClaim).expected([claim]).into())
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
