//! In which other claim of the token are the groups?

use alloc::{format, vec::Vec};

use crate::{
    ground::{
        json::{Kind, Value},
        text::{can_be_copied, shown},
    },
    judging::attempt::Attempt,
    parsed::{
        settings::{Change, SettingName},
        token::claim,
    },
    telling::remedies::proposal::Proposal,
};

/// The claims in which identity providers put groups.
const NAMES: [&str; 6] = ["groups", "roles", "group", "role", "memberOf", "wids"];

/// Those of them that the token has, as the group claim.
pub(super) fn elsewhere(attempt: &Attempt<'_>) -> Vec<Proposal> {
    let Some(claims) = attempt.claims else { return Vec::new() };
    let configured = attempt.compiled.group_claim();
    let holds = |name: &&&str| {
        let kind = claims.member(name).map(Value::kind);
        Some(**name) != configured && kind == Some(Kind::Array) && claim::can_hold_groups(name)
    };
    let setting = SettingName::GroupClaim.as_str();
    let proposal = |name: &&str| {
        let message = format!("the token has a list `{}`: set {setting} to `{}`", shown(name), shown(name));
        Proposal::widening(message, Change::new().set(setting, *name))
            .risking("each entry of that list becomes a role of the SQL user")
    };
    NAMES.iter().filter(holds).filter(|name| can_be_copied(name)).map(proposal).collect()
}
