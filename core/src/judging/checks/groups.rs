//! Which roles do the token's groups give the SQL user?

use alloc::format;

use crate::{
    answers::refusal::Failure,
    ground::{limits::ROLES_MAX, reason::ReasonCode, text::shown},
    judging::{attempt::Attempt, checks::Stop},
    parsed::{
        groups::{self, Groups},
        settings::SettingName,
    },
};

pub(super) fn judge(attempt: &mut Attempt<'_>) -> Result<(), Stop> {
    let Some(claim) = attempt.compiled.group_claim.as_deref() else {
        return Err(Stop::Moot("group synchronisation is off"));
    };
    let Some(claims) = attempt.claims else { return Err(Stop::Moot("the claims cannot be read")) };
    let setting = SettingName::GroupClaim.as_str();
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
    Err(failure.setting(setting).expected([claim]).into())
}
