//! Do groups become the roles that were meant, and no others?

use alloc::format;

use super::super::{
    findings::{Draft, Findings},
    listed::Listed,
    rule::Rule,
    subject::Subject,
};
use crate::{
    ground::text::shown,
    parsed::{
        settings::{Change, SettingName, check_group_claim, nested},
        sql_user,
    },
};

pub(super) fn find(subject: &Subject<'_>, found: &mut Findings<'_>) {
    for name in [SettingName::GroupClaim, SettingName::UserinfoGroupKey] {
        claim(subject, name, found);
    }
    administrator(subject, found);
    allowed(subject, found);
    unused(subject, found);
}

/// A claim that no token has at its top: a list, a pointer, a way.
fn claim(subject: &Subject<'_>, name: SettingName, found: &mut Findings<'_>) {
    let Some(text) = subject.settings.value(name.as_str()).filter(|text| !text.trim().is_empty()) else { return };
    if let Err(fault) = check_group_claim(text, true) {
        found.add(Rule::GroupClaimPointer, || {
            let remedy = fault.remedy.unwrap_or_else(|| format!("set {} to the name of one claim", name.as_str()));
            Draft::new(fault.message, remedy)
                .at(name, fault.offset)
                .mended(fault.instead.map(|splice| Change::new().splice(name, splice)))
        });
    } else if nested(text).is_some_and(|nested| nested.is_certain) {
        found.add(Rule::GroupClaimPointer, || {
            Draft::new(
                format!(
                    "{} is read as one name, `{}`: the database looks for groups at the top of the token alone",
                    name.as_str(),
                    shown(text)
                ),
                "have the identity provider copy the groups into a claim of their own at the top of the token, and name that",
            )
            .at(name, 0)
        });
    }
}

/// Any group may give the role of the administrators.
fn administrator(subject: &Subject<'_>, found: &mut Findings<'_>) {
    let compiled = subject.compiled;
    let is_open = compiled.groups.as_ref().is_some_and(|groups| groups.prefix.is_empty() && groups.allowed.is_none());
    if !is_open
        || compiled.is_broken(SettingName::EngineGroupPrefix)
        || compiled.is_broken(SettingName::EngineGroupAllow)
    {
        return;
    }
    found.add(Rule::GroupAdmin, || {
        Draft::new(
            "every group is the role of its name: a group called `admin` makes its members administrators of the database",
            match compiled.rules.offers_options {
                true => {
                    "name the roles that groups may give in engine.group_allow, or what the names of such groups begin with in \
                     engine.group_prefix"
                }
                false => "have the identity provider send only groups whose names and members the database's owner chooses",
            },
        )
        .at(SettingName::Authorization, 0)
    });
}

/// Roles that no group gives.
fn allowed(subject: &Subject<'_>, found: &mut Findings<'_>) {
    let name = SettingName::EngineGroupAllow;
    let Some(text) = subject.usable(name).filter(|text| !text.is_empty()) else { return };
    let items = Listed::of(text).items;
    if items.is_empty() {
        found.add(Rule::GroupAllowNever, || {
            Draft::new(
                "engine.group_allow is an empty list: no group gives a role, and each login revokes those that the user has",
                "name the roles that groups may give, or leave engine.group_allow out",
            )
            .at(name, 0)
        });
    }
    let Some(prefix) = subject.compiled.groups.as_ref().map(|groups| &*groups.prefix).filter(|text| !text.is_empty())
    else {
        return;
    };
    for item in items {
        let role = sql_user::normalized(&item.text);
        let Some(rest) = role.strip_prefix(prefix).filter(|rest| sql_user::check(rest).is_ok()) else { continue };
        found.add(Rule::GroupAllowNever, || {
            Draft::new(
                format!(
                    "`{}` in engine.group_allow still has the prefix: only a group `{}` would give that role",
                    shown(&item.text),
                    shown(&format!("{prefix}{role}"))
                ),
                format!("write `{}`, the role without what engine.group_prefix takes away", shown(rest)),
            )
            .at(name, item.offset)
            .mended_by(Change::new().replace(name.as_str(), &*item.text, rest))
        });
    }
}

/// Options about groups where groups mean nothing.
fn unused(subject: &Subject<'_>, found: &mut Findings<'_>) {
    if subject.settings.is_on(SettingName::Authorization) || subject.compiled.is_broken(SettingName::Authorization) {
        return;
    }
    let options = [
        SettingName::GroupClaim,
        SettingName::UserinfoGroupKey,
        SettingName::EngineGroupPrefix,
        SettingName::EngineGroupAllow,
    ];
    for name in options {
        if subject.settings.value(name.as_str()).is_none_or(|text| text == name.default_text()) {
            continue;
        }
        found.add(Rule::GroupOptionsUnused, || {
            Draft::new(
                format!(
                    "{} is set, and groups give no roles: server.jwt_authentication.authorization.enabled is false",
                    name.as_str()
                ),
                format!("set server.jwt_authentication.authorization.enabled to true, or leave {} out", name.as_str()),
            )
            .at(name, 0)
            .mended_by(Change::new().unset(name.as_str()))
        });
    }
}
