//! Are two issuers names of one provider, or two that look alike? Scheme, host, port and path are compared apart.

use alloc::{format, string::String};

use crate::{
    ground::{
        kinship::kinship,
        nearest::nearest,
        text::{is_invisible, shown},
    },
    parsed::providers::{self, Provider},
};

/// Whether the two may be names of one provider; `proven` says that both have signed with one key.
pub(in crate::telling) fn is_one_provider(stated: &str, configured: &str, proven: bool) -> bool {
    matches!(relation(stated, configured, proven), Some(Relation::Same(_)))
}

/// How two issuers that are not the same are nearly one.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Relation {
    /// Two names that one provider may have; how they differ.
    Same(String),
    /// Two providers that look like one; how they differ.
    Other(String),
}

/// How the token's issuer is nearly a configured one; `proven` says that both have signed with one key.
pub(super) fn relation(stated: &str, configured: &str, proven: bool) -> Option<Relation> {
    if stated == configured {
        return None;
    }
    if let Some(how) = kinship(stated, configured) {
        return Some(Relation::Same(how));
    }
    if let Some(how) = one_by_knowledge(stated, configured, proven) {
        return Some(Relation::Same(how));
    }
    let (token, ours) = (Address::of(stated), Address::of(configured));
    let same_path = token.path == ours.path;
    if token.host.eq_ignore_ascii_case(ours.host) {
        return Some(match token.difference(ours) {
            Some((what, one, other)) => {
                Relation::Other(format!("differ in {what} (`{}`, `{}`)", shown(one), shown(other)))
            }
            None => Relation::Same(format!(
                "differ only in the port ({}, {}) or the scheme",
                described(token.port),
                described(ours.port)
            )),
        });
    }
    let hosts = format!("differ in the host (`{}`, `{}`)", shown(token.host), shown(ours.host));
    if skeleton(token.host) == skeleton(ours.host) {
        let look = format!("{hosts}, which only look alike{}", first_difference(token.host, ours.host));
        return Some(if same_path { Relation::Same(look) } else { Relation::Other(look) });
    }
    let typed = nearest(token.host, core::iter::once(ours.host)).is_some();
    if is_shared(token.host) && is_shared(ours.host) && (typed || same_path && !token.path.is_empty()) {
        return Some(Relation::Other(format!("{hosts}, where each name is a tenant, a region or a cloud of its own")));
    }
    if same_path && (proven || typed && token.host.len() > SHORT_HOST) {
        return Some(Relation::Same(hosts));
    }
    None
}

/// How two names are one provider's by what is known of providers.
fn one_by_knowledge(stated: &str, configured: &str, proven: bool) -> Option<String> {
    if let Some((issuer, document)) = configured.split_once("/.well-known/")
        && issuer.trim_end_matches('/') == stated.trim_end_matches('/')
    {
        let whose = if document.contains("configuration") { "the discovery document" } else { "the key set" };
        return Some(format!(
            "differ: the setting holds the address of {whose}; the issuer is written without `/.well-known/{}`",
            shown(document)
        ));
    }
    if let (Some((version, tenant, cloud)), Some((_, other, same))) =
        (providers::entra(stated), providers::entra(configured))
        && cloud == same
    {
        // Nobody but the administrator knows which of all tenants was meant, and an alias is none.
        if providers::is_entra_alias(other) {
            return Some(format!(
                "differ in the tenant: `{}` is an alias, never an issuer; Entra writes the tenant's id",
                shown(other)
            ));
        }
        return (tenant == other)
            .then(|| format!("are two names of one Entra tenant; Entra writes the first into v{version} tokens"));
    }
    let (token, ours) = (Address::of(stated), Address::of(configured));
    let without_auth = |path: &str| String::from(path.strip_prefix("/auth").unwrap_or(path));
    if Provider::of(stated, None) == Some(Provider::Keycloak)
        && token.host.eq_ignore_ascii_case(ours.host)
        && token.port == ours.port
        && without_auth(token.path) == without_auth(ours.path)
    {
        return Some(
            "differ in `/auth` alone: Keycloak before version 17 had it in its addresses, since then it has not".into(),
        );
    }
    if proven
        && Provider::of(stated, None) == Some(Provider::Keycloak)
        && token.host.eq_ignore_ascii_case(ours.host)
        && !ours.path.contains("/realms/")
    {
        return Some("differ in the path: Keycloak's issuers end with `/realms/` and the realm's name".into());
    }
    let endpoint = configured
        .strip_prefix(stated.trim_end_matches('/'))
        .filter(|rest| ENDPOINTS.iter().any(|end| rest.starts_with(end)));
    if let Some(endpoint) = endpoint.filter(|_| proven) {
        return Some(format!(
            "differ: the setting holds the address of one of its endpoints; the issuer is written without `{}`",
            shown(endpoint)
        ));
    }
    // Each cluster signs with keys of its own, so that keys say which cluster it is.
    let clusters = [stated, configured].map(|issuer| Provider::of(issuer, None) == Some(Provider::Eks));
    (proven && clusters == [true, true])
        .then(|| "are two clusters, and the configured keys are those of the token's cluster".into())
}

/// How the addresses go on that providers serve tokens and keys at.
const ENDPOINTS: [&str; 7] =
    ["/protocol/openid-connect", "/v1/", "/oauth2/v1/", "/oauth/", "/authorize", "/token", "/keys"];

/// Hosts that differ in a few characters and are no longer than this are simply two hosts.
const SHORT_HOST: usize = 6;

/// An issuer taken apart.
#[derive(Clone, Copy)]
struct Address<'t> {
    host: &'t str,
    port: Option<&'t str>,
    /// Without its closing slash.
    path: &'t str,
}

impl<'t> Address<'t> {
    fn of(issuer: &'t str) -> Self {
        let rest = issuer.split_once("://").map_or(issuer, |(_, rest)| rest);
        let (authority, path) = rest.find(['/', '?', '#']).map_or((rest, ""), |at| rest.split_at(at));
        let port = authority.rsplit_once(':').filter(|(_, port)| port.bytes().all(|digit| digit.is_ascii_digit()));
        let (host, port) = port.map_or((authority, None), |(host, port)| (host, Some(port)));
        Self { host, port, path: path.trim_end_matches('/') }
    }

    /// The first part of the paths that differs: what it is, and how it reads in both; `None` where they are the same.
    fn difference(self, other: Self) -> Option<(&'static str, &'t str, &'t str)> {
        let (mut ours, mut theirs) = (self.path.split('/'), other.path.split('/'));
        let mut before = "";
        loop {
            match (ours.next(), theirs.next()) {
                (None, None) => return None,
                (one, other) if one != other => {
                    let (one, other) = (one.unwrap_or_default(), other.unwrap_or_default());
                    return Some((part_after(before, one), one, other));
                }
                (one, _) => before = one.unwrap_or_default(),
            }
        }
    }
}

/// What the segment of a path is that follows another.
fn part_after(before: &str, segment: &str) -> &'static str {
    let is_guid = segment.len() == 36 && segment.bytes().filter(|&byte| byte == b'-').count() == 4;
    match before {
        "realms" => "the realm",
        "oauth2" | "as" => "the authorization server",
        "id" => "the cluster",
        _ if is_guid => "the tenant",
        _ => "the path",
    }
}

fn described(port: Option<&str>) -> String {
    port.map_or("none".into(), |port| format!("`{}`", shown(port)))
}

/// Whether the host is one of many customers' under one provider's domain.
fn is_shared(host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    SHARED.iter().any(|domain| host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.')))
}

/// Domains under which each name is a tenant, a region or a cloud.
const SHARED: [&str; 22] = [
    "amazonaws.com",
    "amazonaws.com.cn",
    "auth0.com",
    "azure.com",
    "b2clogin.com",
    "chinacloudapi.cn",
    "ciamlogin.com",
    "ghe.com",
    "githubusercontent.com",
    "google.com",
    "googleapis.com",
    "microsoftonline.cn",
    "microsoftonline.com",
    "microsoftonline.de",
    "microsoftonline.us",
    "okta-emea.com",
    "okta.com",
    "oktapreview.com",
    "onelogin.com",
    "pingone.com",
    "windows.net",
    "zitadel.cloud",
];

/// The text as a hurried reader takes it: letters and digits that look alike are one, and what cannot be seen is not there.
fn skeleton(text: &str) -> String {
    let seen: String = text.chars().filter(|&character| !is_invisible(character)).map(look).collect();
    seen.replace("rn", "m").replace("vv", "w").replace("cl", "d")
}

/// The plain letter that a character looks like.
fn look(character: char) -> char {
    // The full-width forms of ASCII stand in its order.
    let character = match u32::from(character) {
        code @ 0xff01..=0xff5e => char::from_u32(code - 0xfee0).unwrap_or(character),
        _ => character,
    };
    match character {
        'I' | 'l' | '1' | '|' | 'ӏ' | 'Ι' | 'І' | 'ɩ' | 'ı' => 'l',
        'O' | '0' | 'о' | 'О' | 'ο' | 'Ο' | 'օ' => 'o',
        '5' | 'S' | 'ѕ' => 's',
        'а' | 'α' | 'ɑ' => 'a',
        'с' | 'ϲ' => 'c',
        'ԁ' => 'd',
        'е' | 'ε' => 'e',
        'ɡ' => 'g',
        'һ' => 'h',
        'і' | 'ι' => 'i',
        'ј' => 'j',
        'κ' => 'k',
        'м' => 'm',
        'ո' => 'n',
        'р' | 'ρ' => 'p',
        'т' => 't',
        'υ' => 'u',
        'ν' => 'v',
        'х' | 'χ' => 'x',
        'у' | 'γ' => 'y',
        _ => character.to_ascii_lowercase(),
    }
}

/// Which character of the token's text is another than it seems.
fn first_difference(stated: &str, configured: &str) -> String {
    let differ = stated.chars().zip(configured.chars()).find(|(one, other)| !one.eq_ignore_ascii_case(other));
    differ.map_or_else(String::new, |(one, other)| {
        let named =
            |character: char| format!("U+{:04X} `{}`", u32::from(character), shown(character.encode_utf8(&mut [0; 4])));
        format!(": the token has {} where the settings have {}", named(one), named(other))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn same(stated: &str, configured: &str, proven: bool, word: &str) {
        match relation(stated, configured, proven) {
            Some(Relation::Same(how)) if how.contains(word) => {}
            other => panic!("{stated} {configured}: {other:?}"),
        }
    }

    #[track_caller]
    fn other(stated: &str, configured: &str, word: &str) {
        for proven in [false, true] {
            match relation(stated, configured, proven) {
                Some(Relation::Other(how)) if how.contains(word) => {}
                other => panic!("{stated} {configured}: {other:?}"),
            }
        }
    }

    #[test]
    fn two_names_of_one_provider_are_named_by_what_differs() {
        same("https://a.example/", "https://a.example", false, "trailing `/`");
        same("http://a.example/x", "https://a.example/x", false, "scheme");
        same("https://a.example:8443/x", "https://a.example/x", false, "port (`8443`, none)");
        same("https://idp.exmaple", "https://idp.example", false, "host (`idp.exmaple`, `idp.example`)");
        same("https://kc.example.com/realms/corp", "http://kc.sso.svc:8080/realms/corp", true, "host");
        assert_eq!(relation("https://kc.example.com/realms/corp", "http://kc.sso.svc:8080/realms/corp", false), None);
        same("https://sts.windows.net/t1/", "https://login.microsoftonline.com/t1/v2.0", false, "one Entra tenant");
    }

    #[test]
    fn tenants_realms_and_clouds_are_never_one_even_under_one_key() {
        let entra = "https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555/v2.0";
        other(&entra.replacen("11111111", "11111112", 1), entra, "the tenant");
        other(&entra.replace(".com", ".us"), entra, "a cloud of its own");
        other("https://kc.example.com/realms/prep", "https://kc.example.com/realms/prod", "the realm (`prep`, `prod`)");
        other("https://d.okta.com/oauth2/other", "https://d.okta.com/oauth2/default", "the authorization server");
        other("https://d.okta.com", "https://d.okta.com/oauth2/default", "the path");
        let eks =
            ("https://oidc.eks.eu-west-1.amazonaws.com/id/8EB", "https://oidc.eks.eu-west-1.amazonaws.com/id/8EC");
        assert!(matches!(relation(eks.0, eks.1, false), Some(Relation::Other(how)) if how.contains("the cluster")));
        other(
            "https://container.googleapis.com/v1/projects/p/locations/l/clusters/a",
            "https://container.googleapis.com/v1/projects/p/locations/l/clusters/b",
            "the path",
        );
        other("https://dev-124.okta.com", "https://dev-123.okta.com", "a tenant");
        assert_eq!(relation("https://evil.example", "https://idp.test", false), None);
        assert_eq!(relation("https://evil.example/realms/x", "https://idp.test/realms/y", true), None);
    }

    #[test]
    fn what_is_known_of_providers_makes_two_names_one() {
        let tenant = "11111111-2222-3333-4444-555555555555";
        let v2 = format!("https://login.microsoftonline.com/{tenant}/v2.0");
        for alias in ["common", "organizations", "consumers", "{tenantid}", "{tid}", "{tenant}"] {
            let configured = format!("https://login.microsoftonline.com/{alias}/v2.0");
            same(&v2, &configured, false, "is an alias, never an issuer");
        }
        let v1 = format!("https://sts.windows.net/{tenant}/");
        same(&v1, &format!("https://login.microsoftonline.com/{tenant}/"), false, "v1 tokens");
        same("https://kc.example/realms/r", "https://kc.example/auth/realms/r", false, "`/auth` alone");
        same("https://kc.example/auth/realms/r", "https://kc.example/realms/r", false, "`/auth` alone");
        let kc = "https://kc.example/realms/r";
        same(kc, &format!("{kc}/.well-known/openid-configuration"), false, "the discovery document");
        same("https://v.example/x", "https://v.example/x/.well-known/keys", false, "the key set");
        let eks =
            ("https://oidc.eks.eu-west-1.amazonaws.com/id/8EB", "https://oidc.eks.us-east-1.amazonaws.com/id/8EC");
        same(eks.0, eks.1, true, "keys are those of the token's cluster");
    }

    #[test]
    fn look_alikes_are_called_that() {
        for (stated, character) in [
            ("https://idp.exampIe", "U+0049"),
            ("https://idp.examp1e", "U+0031"),
            ("https://idp.exarnple", "U+0072"),
            ("https://idp.ex\u{430}mple", "U+0430"),
            ("https://\u{ff49}dp.example", "U+FF49"),
        ] {
            same(stated, "https://idp.example", false, "look alike");
            same(stated, "https://idp.example", false, character);
        }
        same("https://idp.exam\u{200b}ple", "https://idp.example", false, "invisible characters");
    }
}
