//! Where do the keys of each issuer come from, is anything there, and whose are they?

use alloc::{
    collections::BTreeSet,
    format,
    string::{String, ToString},
};

use super::super::{
    findings::{Draft, Findings},
    rule::Rule,
    subject::Subject,
};
use crate::{
    ground::text::{counted, shown},
    parsed::{
        providers::Provider,
        settings::{Change, SettingName},
    },
    rules::policy::{
        common_keys,
        issuer::{Keys, Policy},
    },
};

pub(super) fn find(subject: &Subject<'_>, found: &mut Findings<'_>) {
    none(subject, found);
    shared(subject, found);
    beside_fetch(subject, found);
    fixed(subject, found);
}

/// Issuers for which there is no key at all.
fn none(subject: &Subject<'_>, found: &mut Findings<'_>) {
    let compiled = subject.compiled;
    if !compiled.enabled || compiled.is_broken(SettingName::Jwks) || compiled.is_broken(SettingName::EngineIssuerKeys) {
        return;
    }
    let lacks = |policy: &&Policy| policy.keys.set().is_some_and(|keys| keys.entries().is_empty());
    let mut lacking = compiled.policies().filter(lacks);
    let Some(first) = lacking.next() else { return };
    let more = lacking.count();
    found.add(Rule::KeysNone, || {
        let others = match more {
            0 => String::new(),
            more => format!(" and {}", counted(more, "more issuer")),
        };
        let source = first.keys_source();
        Draft::new(
            format!(
                "there is no key for the issuer `{}`{others}: {source} holds none, and \
                 server.jwt_authentication.jwks_auto_fetch.enabled is false",
                shown(&first.issuer)
            ),
            "set server.jwt_authentication.jwks to the issuer's public key set (JWKS), or switch on \
             server.jwt_authentication.jwks_auto_fetch.enabled",
        )
        .at(source.setting, source.offset)
    });
}

/// One static set for several issuers: keys belong to their issuer.
fn shared(subject: &Subject<'_>, found: &mut Findings<'_>) {
    let compiled = subject.compiled;
    if compiled.is_broken(SettingName::EngineIssuerKeys) {
        return;
    }
    // Keys that name their issuer sign for no other.
    let is_bound = compiled.common.keys.set().is_none_or(|keys| {
        keys.entries().iter().all(|entry| entry.state.as_ref().map_or(true, |key| key.issuer().is_some()))
    });
    let Some((message, remedy)) = common_keys::shared(compiled).filter(|_| !is_bound) else { return };
    found.add(Rule::KeysShared, || {
        let remedy = match compiled.rules.offers_options {
            true => remedy,
            false => {
                "switch on server.jwt_authentication.jwks_auto_fetch.enabled: keys that are fetched count for their issuer \
                 alone"
            }
        };
        Draft::new(message, remedy).at(SettingName::Jwks, 0)
    });
}

/// Keys that nobody reads.
fn beside_fetch(subject: &Subject<'_>, found: &mut Findings<'_>) {
    let compiled = subject.compiled;
    let fetched = subject.settings.is_on(SettingName::JwksAutoFetch);
    let Some((message, remedy)) = common_keys::unread(compiled, fetched) else { return };
    found.add(Rule::KeysBesideFetch, || {
        Draft::new(message, format!("{remedy}, otherwise take server.jwt_authentication.jwks out"))
            .at(SettingName::Jwks, 0)
            .mended_by(Change::new().unset(SettingName::Jwks.as_str()))
    });
}

/// Keys in the settings stay when the identity provider changes its own.
fn fixed(subject: &Subject<'_>, found: &mut Findings<'_>) {
    let compiled = subject.compiled;
    if !compiled.enabled {
        return;
    }
    let has_keys = |policy: &&Policy| policy.keys.set().is_some_and(|keys| !keys.entries().is_empty());
    let mut told = BTreeSet::new();
    for policy in compiled.policies().filter(has_keys) {
        let source = policy.keys_source();
        let is_served = matches!(&*policy.keys, Keys::Set(_)) && policy.issuer.contains("://");
        if !is_served || !told.insert((source.setting.as_str(), source.offset)) {
            continue;
        }
        found.add(Rule::KeysStatic, || {
            let provider = Provider::of(&policy.issuer, None);
            let when = match provider.and_then(|provider| Some((provider.name(), provider.changes_keys()?))) {
                Some((name, how_often)) => format!("{name} changes its keys {how_often}, and "),
                None => "when the identity provider changes its keys, ".to_string(),
            };
            Draft::new(
                format!(
                    "the keys of the issuer `{}` are written into {source}: {when}tokens of the new ones are refused until \
                     somebody copies them",
                    shown(&policy.issuer)
                ),
                "switch on server.jwt_authentication.jwks_auto_fetch.enabled, or copy the key set as often as it changes",
            )
            .at(source.setting, source.offset)
        });
    }
}
