//! Can the keys be fetched, over what, and from whom?

use alloc::{collections::BTreeMap, format, string::String};
use core::time::Duration;

use super::super::{
    findings::{Draft, Findings},
    listed::{Form, Listed},
    rule::Rule,
    subject::Subject,
};
use crate::{
    ground::{json, limits::FETCH_SECONDS_MAX, text::shown},
    parsed::{
        keys::remote::{Remote, is_insecure},
        providers::Provider,
        settings::{Change, SettingName, parse_timeout},
    },
    rules::policy::issuer::{Keys, Policy},
};

const FETCH: &str = SettingName::JwksAutoFetch.as_str();

pub(super) fn find(subject: &Subject<'_>, found: &mut Findings<'_>) {
    let listed = Listed::of(subject.settings.text(SettingName::Issuers));
    let addresses: BTreeMap<&str, (&str, usize)> = listed
        .items
        .iter()
        .filter(|_| listed.form == Form::Members)
        .filter_map(|item| item.of.as_ref().map(|(url, offset)| (&*item.text, (&**url, *offset))))
        .collect();
    let is_on = subject.settings.is_on(SettingName::JwksAutoFetch);
    unused(is_on, &addresses, found);
    if is_on && subject.compiled.enabled {
        for policy in subject.compiled.policies() {
            remote(subject, policy, &addresses, found);
        }
    }
    timeout(subject, found);
    certificates(subject, is_on, found);
}

/// Addresses that nobody asks.
fn unused(is_on: bool, addresses: &BTreeMap<&str, (&str, usize)>, found: &mut Findings<'_>) {
    let Some((issuer, &(_, offset))) = addresses.iter().next().filter(|_| !is_on) else { return };
    found.add(Rule::FetchAddressUnused, || {
        Draft::new(
            format!(
                "`issuer_jwks_map` names the address of the keys of `{}`, and nobody asks there: {FETCH} is false",
                shown(issuer)
            ),
            format!("set {FETCH} to true, unless the keys in server.jwt_authentication.jwks are meant"),
        )
        .at(SettingName::Issuers, offset)
    });
}

/// Where one issuer's keys are fetched.
fn remote(subject: &Subject<'_>, policy: &Policy, addresses: &BTreeMap<&str, (&str, usize)>, found: &mut Findings<'_>) {
    let Keys::Remote(remote) = &*policy.keys else { return };
    let issuer = &**policy.issuer;
    let given = addresses.get(issuer).copied();
    let offset = given.map_or(policy.issuer.source.offset, |(_, offset)| offset);
    let asked = given.map_or(issuer, |(url, _)| url);
    let is_insecure = is_insecure(asked);
    if let Remote::Nowhere(why) = remote
        && (!is_insecure || subject.compiled.rules.offers_options)
    {
        found.add(Rule::FetchNowhere, || {
            Draft::new(
                format!("the keys of the issuer `{}` cannot be fetched: {why}", shown(issuer)),
                match given {
                    Some(_) => "write the `https://` address that serves the issuer's key set into `issuer_jwks_map`",
                    None => {
                        "give the address of the issuer's keys: server.jwt_authentication.issuers as \
                         {\"issuer_jwks_map\": {\"<issuer>\": \"https://…\"}}, or the keys themselves in \
                         server.jwt_authentication.jwks"
                    }
                },
            )
            .at(SettingName::Issuers, offset)
        });
    } else if is_insecure {
        found.add(Rule::FetchHttp, || {
            Draft::new(
                format!(
                    "the keys of the issuer `{}` are fetched over http: whoever stands between may sign tokens in its name",
                    shown(issuer)
                ),
                match subject.settings.is_on(SettingName::EngineFetchOverHttp) {
                    true => "write an `https://` address, and set engine.fetch_over_http to false",
                    false => "write an `https://` address",
                },
            )
            .at(SettingName::Issuers, offset)
        });
    } else if let Some((url, offset)) = given {
        unusual(issuer, url, offset, found);
    }
}

/// Another address than the one that the provider serves its keys at.
fn unusual(issuer: &str, url: &str, offset: usize, found: &mut Findings<'_>) {
    let Some(provider) = Provider::of(issuer, None) else { return };
    let plain = |address: &str| String::from(address.trim_end_matches('/'));
    let Some(usual) = provider.key_set(issuer).filter(|usual| plain(usual) != plain(url)) else { return };
    found.add(Rule::FetchAddressOther, || {
        let path = ["issuer_jwks_map", issuer];
        Draft::new(
            format!(
                "the keys of `{}` are fetched from `{}`, and {} serves them at `{}`",
                shown(issuer),
                shown(url),
                provider.name(),
                shown(&usual)
            ),
            format!("write `{}` unless the other address is meant", shown(&usual)),
        )
        .at(SettingName::Issuers, offset)
        .mended_by(Change::new().set_member(SettingName::Issuers.as_str(), path, json::quote(&usual)))
    });
}

/// How long fetching may take.
fn timeout(subject: &Subject<'_>, found: &mut Findings<'_>) {
    let name = SettingName::ClientTimeout;
    let Ok(timeout) = parse_timeout(subject.settings.text(name)) else { return };
    let unset = || Change::new().unset(name.as_str());
    let longest = Duration::from_secs(FETCH_SECONDS_MAX.unsigned_abs());
    if timeout.is_zero() || timeout > longest {
        found.add(Rule::FetchTimeoutLong, || {
            let how_long = if timeout.is_zero() { "for ever (0)" } else { "longer than a minute" };
            Draft::new(
                format!(
                    "fetching keys may take {how_long}: the logins that need them wait so long in CockroachDB, and a minute \
                     here"
                ),
                "set server.jwt_authentication.client.timeout to some seconds, or leave it out: the default is 15s",
            )
            .at(name, 0)
            .mended_by(unset())
        });
    } else if timeout < Duration::from_secs(1) {
        found.add(Rule::FetchTimeoutShort, || {
            Draft::new(
                "fetching keys may take less than a second: with an identity provider that is farther away no key is ever \
                 there",
                "set server.jwt_authentication.client.timeout to some seconds, or leave it out: the default is 15s",
            )
            .at(name, 0)
            .mended_by(unset())
        });
    }
}

/// Certificates for fetching where nothing is fetched.
fn certificates(subject: &Subject<'_>, is_on: bool, found: &mut Findings<'_>) {
    let name = SettingName::IssuersCustomCa;
    let fetches = is_on || subject.settings.is_on(SettingName::Authorization);
    if fetches || subject.settings.text(name).trim().is_empty() {
        return;
    }
    found.add(Rule::FetchCaUnused, || {
        Draft::new(
            format!("certificates for fetching keys are configured, and none are fetched: {FETCH} is false"),
            format!("set {FETCH} to true if keys are meant to be fetched"),
        )
        .at(name, 0)
        .mended_by(Change::new().unset(name.as_str()))
    });
}
