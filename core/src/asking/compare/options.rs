//! What do the other settings change: those that tokens are judged by, and those that change something beside a login?

use alloc::{format, string::String, vec::Vec};

use crate::{
    asking::compare::{
        changes::Changes,
        document::ChangeKind::{self, Gained, Lost, OtherEffect},
        side::Side,
    },
    ground::text::{listed, shown},
    parsed::settings::SettingName,
    rules::policy::compiled::Compiled,
};

/// Tells what changes with them.
pub(super) fn compare(old: &Side, new: &Side, changes: &mut Changes) {
    if let (Some(before), Some(after)) = (old.compiled(), new.compiled()) {
        limits(before, after, changes);
        let claims = (
            &before.required_claims.iter().cloned().collect::<Vec<String>>(),
            &after.required_claims.iter().cloned().collect(),
        );
        required(claims, SettingName::EngineRequiredClaims, "claim", changes);
        let scopes = (
            &before.required_scopes.iter().cloned().collect::<Vec<String>>(),
            &after.required_scopes.iter().cloned().collect(),
        );
        required(scopes, SettingName::EngineRequiredScopes, "scope", changes);
        groups(before, after, changes);
    }
    // What no sentence was about yet; of what nobody can use nothing is known but that it changes.
    for name in new.settings.differing(&old.settings) {
        let (before, after) = (old.settings.text(name), new.settings.text(name));
        let is_told = changes.speaks_of(name) || DECIDING.contains(&name);
        if is_told || before == after || OF_PARTS.contains(&name) {
            continue;
        }
        let message = match name.may_be_quoted() && before.len().max(after.len()) <= SHOWN_BYTES_MAX {
            true => format!("{} is {}, and was {}", name.as_str(), value(after), value(before)),
            false => format!("{} has another value", name.as_str()),
        };
        changes.state(OtherEffect, name, None, message);
    }
}

/// Settings whose effect is compared itself: where that is the same, nothing changes.
const DECIDING: &[SettingName] = &[
    SettingName::Enabled,
    SettingName::Issuers,
    SettingName::Audience,
    SettingName::Claim,
    SettingName::IdentityMap,
    SettingName::EngineProfile,
];

/// Settings of which parts are compared.
const OF_PARTS: &[SettingName] = &[
    SettingName::Jwks,
    SettingName::EngineIssuerKeys,
    SettingName::EngineIssuers,
    SettingName::EngineLeewaySeconds,
    SettingName::EngineMaxTokenBytes,
    SettingName::EngineMaxTokenLifetimeSeconds,
    SettingName::EngineRequiredClaims,
    SettingName::EngineRequiredScopes,
    SettingName::JwksAutoFetch,
];

fn value(text: &str) -> String {
    if text.is_empty() { "empty".into() } else { format!("`{}`", shown(text)) }
}

fn limits(old: &Compiled, new: &Compiled, changes: &mut Changes) {
    let (before, after) = (old.leeway, new.leeway);
    if before != after {
        let kind = if after > before { Gained } else { Lost };
        let name = match old.rules.judging.leeway == new.rules.judging.leeway {
            true => SettingName::EngineLeewaySeconds,
            false => SettingName::EngineProfile,
        };
        let message = format!("times in tokens are judged with a leeway of {after} seconds, which was {before}");
        changes.state(kind, name, None, message);
    }
    let (before, after) = (old.max_token_bytes, new.max_token_bytes);
    if before != after {
        let kind = if after > before { Gained } else { Lost };
        let message = format!("a token may have {after} bytes, and could have {before}");
        changes.state(kind, SettingName::EngineMaxTokenBytes, None, message);
    }
}

fn required((old, new): (&Vec<String>, &Vec<String>), setting: SettingName, noun: &str, changes: &mut Changes) {
    let missing = |from: &[String], other: &[String]| -> Vec<String> {
        from.iter().filter(|value| !other.contains(value)).cloned().collect()
    };
    let (come, gone) = (missing(new, old), missing(old, new));
    if !gone.is_empty() {
        let message = format!("tokens without the {noun} {} are accepted", listed(&gone, NAMED));
        changes.state(Gained, setting, None, message);
    }
    if !come.is_empty() {
        let message = format!("tokens without the {noun} {} are refused", listed(&come, NAMED));
        changes.state(Lost, setting, None, message);
    }
}

/// Groups that are not there refuse a login.
fn groups(old: &Compiled, new: &Compiled, changes: &mut Changes) {
    let told: Option<(ChangeKind, &str)> = match (&old.groups, &new.groups) {
        (None, Some(_)) => Some((
            Lost,
            "logins whose token has no groups, or an empty list of them, are refused: groups are synchronised",
        )),
        (Some(_), None) => {
            Some((Gained, "logins whose token has no groups are accepted: groups are not synchronised any more"))
        }
        _ => None,
    };
    if let Some((kind, message)) = told {
        changes.state(kind, SettingName::Authorization, None, message.into());
    }
}

/// How many values a message names.
const NAMED: usize = 5;

/// Longer values are not told.
const SHOWN_BYTES_MAX: usize = 200;
