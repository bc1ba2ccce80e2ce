//! Do the roles of an accepted login mean what they seem to? (CockroachDB's group synchronisation)
//!
//! A group names a role by its text alone, normalised as a user name is; only the engine's options leave some out. Roles
//! that do not exist are passed over, and what the token does not name is revoked.

use alloc::{borrow::Cow, collections::BTreeMap, format, string::String, vec::Vec};
use core::ops::ControlFlow;

use crate::{
    ground::{
        reason::Check,
        text::{listed, shown},
    },
    judging::attempt::Attempt,
    parsed::{
        groups,
        settings::{Places, SettingName},
        sql_user,
    },
    telling::document::Advice,
};

/// The warnings about the roles that a token brings; it names a few where there are many.
pub(super) fn warnings(places: &Places<'_>, attempt: &Attempt<'_>) -> Vec<Advice> {
    let Some(roles) = &attempt.roles else { return Vec::new() };
    let mut warnings: Vec<(String, &str)> = Vec::new();
    for Concern { concerns, fact, remedy } in CONCERNS {
        let named: Vec<&str> = roles.iter().map(String::as_str).filter(|role| concerns(role)).collect();
        if !named.is_empty() {
            warnings.push((format!("{} {fact}", listed(&named, NAMED)), remedy));
        }
    }
    if roles.iter().all(|role| sql_user::check(role).is_err()) {
        let fact = "no group of the token can be a SQL role: every membership of the user is revoked at this login";
        warnings.push((fact.into(), NAMES));
    }
    warnings.extend(changed(attempt));
    let advice = |(message, remedy): (String, &str)| {
        Advice::warning(Check::Groups, message, remedy).at(places, SettingName::GroupClaim, 0)
    };
    warnings.into_iter().map(advice).collect()
}

/// How many names a warning shows.
const NAMED: usize = 3;

const NAMES: &str = "have the identity provider send the names of SQL roles in the group claim: small letters, digits, `_`, \
                     `-` and `.`, at most 63 bytes";

/// A kind of role name that deserves attention.
struct Concern {
    concerns: fn(&str) -> bool,
    /// The fact, after the names.
    fact: &'static str,
    remedy: &'static str,
}

const CONCERNS: &[Concern] = &[
    Concern {
        concerns: |role| role == "admin",
        fact: "among the groups makes the user an administrator of the database",
        remedy: "have the identity provider give the group another name, or name in engine.group_allow the roles that \
                 groups may give, unless whoever chooses its members may make administrators of the database",
    },
    Concern {
        concerns: sql_user::is_reserved,
        fact: "among the groups is a name that the database keeps for itself",
        remedy: "have the identity provider give the group another name",
    },
    Concern {
        concerns: |role| sql_user::check(role).is_err(),
        fact: "among the groups can be no SQL role, and is passed over",
        remedy: NAMES,
    },
    Concern {
        concerns: is_object_id,
        fact: "among the groups looks like an object id: it gives a role only where a role of that name exists",
        remedy: "have the identity provider send the groups' names instead of their ids",
    },
];

/// Eight, four, four, four and twelve hexadecimal digits, as directories number their groups.
fn is_object_id(role: &str) -> bool {
    let lengths = [8, 4, 4, 4, 12];
    let is_part = |part: &str| part.bytes().all(|byte| byte.is_ascii_hexdigit());
    role.split('-').all(is_part) && role.split('-').map(str::len).eq(lengths)
}

/// Groups that the identity provider tells apart and the database does not, or whose name becomes another one.
fn changed(attempt: &Attempt<'_>) -> Option<(String, &'static str)> {
    let groups = groups(attempt);
    // Sorted, not hashed: these names come from outside, and could be made to collide.
    let mut first: BTreeMap<Cow<'_, str>, &str> = BTreeMap::new();
    let mut changes = Vec::new();
    for group in groups.iter().map(|group| group.trim()) {
        let role = sql_user::normalized(group);
        let other = *first.entry(role.clone()).or_insert(group);
        if changes.len() > NAMED {
            break;
        } else if role.is_empty() {
            continue;
        } else if other != group {
            changes.push(format!("`{}` and `{}` are the one role `{}`", shown(other), shown(group), shown(&role)));
        } else if !sql_user::is_plain(group) {
            changes.push(format!("`{}` is the role `{}`", shown(group), shown(&role)));
        }
    }
    let more = if changes.len() > NAMED { ", and others" } else { "" };
    let told: Vec<_> = changes.iter().take(NAMED).map(String::as_str).collect();
    let remedy = "have the identity provider send each group under the very name of its role, and no two names that differ \
                  in case or accents alone";
    (!told.is_empty()).then(|| (format!("of the groups {}{more}", told.join(", ")), remedy))
}

/// The groups as the token writes them.
fn groups(attempt: &Attempt<'_>) -> Vec<String> {
    let claim = attempt.compiled.group_claim().unwrap_or_default();
    let mut groups = Vec::new();
    if let Some(claims) = attempt.claims {
        groups::for_each(claims, claim, |group| {
            groups.push(group.into());
            ControlFlow::Continue(())
        });
    }
    groups
}
