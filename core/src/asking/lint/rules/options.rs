//! Are the engine's options what they seem: bounds that bound, names that anybody could have?

use alloc::{collections::BTreeSet, format, vec::Vec};

use super::super::{
    findings::{Draft, Findings},
    listed::Listed,
    rule::Rule,
    subject::Subject,
};
use crate::{
    ground::{text::shown, time::span},
    parsed::{
        settings::{Change, SettingName},
        user_names::{Host, UserNames},
    },
};

pub(super) fn find(subject: &Subject<'_>, found: &mut Findings<'_>) {
    leeway(subject, found);
    lifetimes(subject, found);
    size(subject, found);
    reserved(subject, found);
    other_host(subject, found);
}

/// Clocks of servers that are kept right differ by less.
const LEEWAY_LARGE: i64 = 60;

fn leeway(subject: &Subject<'_>, found: &mut Findings<'_>) {
    let name = SettingName::EngineLeewaySeconds;
    let Some(seconds) = subject.settings.text(name).parse::<i64>().ok().filter(|&seconds| seconds > 0) else { return };
    if !subject.compiled.rules.judging.leeway {
        found.add(Rule::LeewayIgnored, || {
            Draft::new(
                format!("engine.leeway_seconds is {seconds}, and the profile has no leeway: the database has none"),
                "leave engine.leeway_seconds out, or choose the profile `hardened` in engine.profile",
            )
            .at(name, 0)
            .mended_by(Change::new().unset(name.as_str()))
        });
    } else if seconds > LEEWAY_LARGE {
        found.add(Rule::LeewayLarge, || {
            Draft::new(
                format!(
                    "engine.leeway_seconds is {seconds}: so long tokens log in after they have expired, and before they are \
                     valid"
                ),
                format!(
                    "set engine.leeway_seconds to {LEEWAY_LARGE} or less, and have the clocks of the servers kept right"
                ),
            )
            .at(name, 0)
            .mended_by(Change::new().set(name.as_str(), format!("{LEEWAY_LARGE}")))
        });
    }
}

/// Entra's tokens for managed identities live a day; hardly any that were requested for a login live longer.
const LIFETIME_LONG: i64 = 86_400;

fn lifetimes(subject: &Subject<'_>, found: &mut Findings<'_>) {
    let compiled = subject.compiled;
    let lifetime = SettingName::EngineMaxTokenLifetimeSeconds;
    let mut told = BTreeSet::new();
    for limit in compiled.policies().filter_map(|policy| policy.max_lifetime.as_ref()) {
        let source = &limit.source;
        if limit.value <= LIFETIME_LONG || !told.insert((source.setting.as_str(), source.offset)) {
            continue;
        }
        found.add(Rule::LifetimeLong, || {
            let draft = Draft::new(
                format!(
                    "{source} is {}, {}: a token that is lost opens the database for so long",
                    limit.value,
                    span(limit.value)
                ),
                format!("set {source} to {LIFETIME_LONG} or less: as long as the identity provider's tokens live"),
            );
            draft.at(source.setting, source.offset)
        });
    }
    let is_unlimited = compiled.policies().any(|policy| policy.max_lifetime.is_none());
    if compiled.enabled && compiled.rules.offers_options && is_unlimited {
        found.add(Rule::LifetimeUnlimited, || {
            Draft::new(
                "engine.max_token_lifetime_seconds is not set: a token logs in for as long as its `exp` says, which may be years",
                "set engine.max_token_lifetime_seconds to as long as the identity provider's tokens live, such as 3600",
            )
            .at(lifetime, 0)
        });
    }
}

/// Tokens of Entra and Keycloak with some groups are longer.
const SIZE_SMALL: usize = 2048;

fn size(subject: &Subject<'_>, found: &mut Findings<'_>) {
    let (name, most) = (SettingName::EngineMaxTokenBytes, subject.compiled.max_token_bytes);
    if most >= SIZE_SMALL {
        return;
    }
    found.add(Rule::TokenSizeSmall, || {
        Draft::new(
            format!("engine.max_token_bytes is {most}: ordinary tokens have 800 to 12,000 bytes"),
            "leave engine.max_token_bytes out, or set it to at least 16384",
        )
        .at(name, 0)
        .mended_by(Change::new().unset(name.as_str()))
    });
}

/// Reserved users whom nobody can be anyway.
fn reserved(subject: &Subject<'_>, found: &mut Findings<'_>) {
    let name = SettingName::EngineReservedUsers;
    let Some(text) = subject.usable(name) else { return };
    if subject.compiled.is_broken(SettingName::EngineUserNames) {
        return;
    }
    let host = Host::named(subject.settings.text(SettingName::EngineUserNames)).unwrap_or_default();
    let names = UserNames::new(host, &[]);
    for item in Listed::of(text).items {
        let user = names.normalized(&item.text);
        let why = match names.check(&user) {
            Err(defect) => format!("no SQL user can be called `{}`: {defect}", shown(&item.text)),
            Ok(()) if names.is_reserved(&user) => {
                format!("`{}` is reserved whatever engine.reserved_users says", shown(&item.text))
            }
            Ok(()) => continue,
        };
        found.add(Rule::ReservedUserNever, || {
            Draft::new(why, format!("take `{}` out of engine.reserved_users", shown(&item.text)))
                .at(name, item.offset)
                .mended_by(Change::new().remove(name.as_str(), &*item.text))
        });
    }
}

/// Settings that CockroachDB alone has, for a server that is none.
fn other_host(subject: &Subject<'_>, found: &mut Findings<'_>) {
    let name = SettingName::EngineUserNames;
    let host = subject.settings.text(name);
    if subject.compiled.is_broken(name) || Host::named(host).is_none_or(|host| host == Host::Cockroachdb) {
        return;
    }
    let others: Vec<&str> = [SettingName::Provisioning, SettingName::Authorization]
        .into_iter()
        .filter(|&other| subject.settings.is_on(other))
        .chain(Some(SettingName::Hba).filter(|&hba| !subject.settings.text(hba).trim().is_empty()))
        .map(SettingName::as_str)
        .collect();
    let Some(first) = others.first() else { return };
    found.add(Rule::UserNamesOtherHost, || {
        Draft::new(
            format!(
                "engine.user_names is `{}`, and {first} is of CockroachDB, whose users are named otherwise",
                shown(host)
            ),
            "leave engine.user_names out if the server is CockroachDB, otherwise take what only CockroachDB has out",
        )
        .at(name, 0)
    });
}
