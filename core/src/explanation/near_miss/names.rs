//! Which configured issuer or audience did the token probably mean? The ways in which people and providers write one
//! thing two ways.

use alloc::{format, string::String, vec::Vec};

use crate::{
    attempt::Attempt,
    checks::stated_audiences,
    explanation::near_miss::Hint,
    json::Value,
    kinship::{self, without_scheme},
    nearest::nearest,
    settings::SettingName,
    text::shown,
};

/// How many near misses are told.
const TOLD: usize = 3;

/// The configured issuers that are nearly the token's.
pub(super) fn issuer(attempt: &Attempt<'_>) -> Vec<Hint> {
    let stated = attempt.stated_issuer();
    let hints = attempt.rules.policies().filter_map(|policy| {
        let configured = &*policy.issuer;
        let how = kinship(&stated, configured)?;
        let message =
            format!("the token's issuer `{}` and the configured `{}` {how}", shown(&stated), shown(configured));
        let remedy = format!(
            "if they are one identity provider, write the issuer as the token does: `{}` in \
             server.jwt_authentication.issuers",
            shown(&stated)
        );
        Some(Hint::new(message, remedy).at(SettingName::Issuers, policy.places.issuer))
    });
    hints.take(TOLD).collect()
}

/// The configured audiences that are nearly one of the token's, and those that stand in another claim.
pub(super) fn audience(attempt: &Attempt<'_>) -> Vec<Hint> {
    let Some(claims) = attempt.claims else { return Vec::new() };
    let policy = attempt.policy();
    let setting = if policy.own.audience { SettingName::EngineIssuers } else { SettingName::Audience };
    let stated = claims.member("aud").and_then(stated_audiences).unwrap_or_default();
    let mut hints = Vec::new();
    for (configured, &place) in policy.audience.iter().zip(policy.places.audience.iter()) {
        for audience in &stated {
            let Some(how) = application_id(audience, configured).or_else(|| difference(audience, configured)) else {
                continue;
            };
            let message =
                format!("the token's audience `{}` and the configured `{}` {how}", shown(audience), shown(configured));
            let remedy = format!(
                "if they are one application, write the audience as the token does: `{}` in {}",
                shown(audience),
                setting.as_str()
            );
            hints.push(Hint::new(message, remedy).at(setting, place));
        }
        for name in ["azp", "client_id", "appid", "cid"] {
            let value = claims.member(name).and_then(Value::string);
            if value.is_some_and(|value| *value == **configured) {
                let message = format!(
                    "the configured audience `{}` stands in the claim `{name}`: it is the application that asked for \
                     the token, not the one it is for",
                    shown(configured)
                );
                let remedy = "have the identity provider add this server's audience to `aud` (in Keycloak an audience \
                              mapper, elsewhere a resource or scope in the token request)";
                hints.push(Hint::new(message, remedy).at(setting, place));
            }
        }
    }
    if stated.iter().any(|audience| audience == "account") {
        let message = "`account` is the audience that Keycloak gives every client of a realm";
        let remedy = "add an audience mapper for this server to the client in Keycloak, and never accept `account`: any \
                      client's tokens would log in";
        hints.push(Hint::new(message, remedy).about(setting));
    }
    hints.truncate(TOLD);
    hints
}

/// How two issuers that are not the same are nearly one.
pub(super) fn kinship(token: &str, configured: &str) -> Option<String> {
    kinship::kinship(token, configured).or_else(|| difference(token, configured))
}

/// How two texts differ that are nearly one; `None` when they are not nearly one, or the same.
fn difference(token: &str, configured: &str) -> Option<String> {
    if token == configured {
        return None;
    }
    kinship::difference(token, configured).or_else(|| {
        let (token, configured) = (without_scheme(token), without_scheme(configured));
        let typing = token.len() > 6 && nearest(&token, core::iter::once(&*configured)).is_some();
        typing.then(|| "differ in a few characters".into())
    })
}

/// Entra names an API by its `api://` address in v1 tokens and by its bare application id in v2 tokens.
fn application_id(token: &str, configured: &str) -> Option<String> {
    let bare = |text: &str| String::from(text.strip_prefix("api://").unwrap_or(text).trim_end_matches('/'));
    let only_one = token.starts_with("api://") != configured.starts_with("api://");
    (only_one && bare(token) == bare(configured)).then(|| {
        "are one application's id with and without `api://`: Entra writes the one into v1 tokens and the other into v2 \
         tokens"
            .into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_detail_is_named() {
        for (token, configured, word) in [
            ("https://a.example/", "https://a.example", "trailing `/`"),
            ("https://A.example", "https://a.example", "case"),
            ("http://a.example", "https://a.example", "scheme"),
            ("accounts.google.com", "https://accounts.google.com", "scheme"),
            ("https://a.example:443/x", "https://a.example/x", "port"),
            ("https://a.example ", "https://a.example", "white space"),
            ("HTTP://a.example/", "https://a.example", "trailing `/`, case, scheme or port"),
            ("https://idp.exmaple", "https://idp.example", "few characters"),
        ] {
            let how = difference(token, configured).unwrap_or_default();
            assert!(how.contains(word), "{token} {configured}: {how}");
        }
        assert_eq!(difference("https://a.example", "https://a.example"), None);
        assert_eq!(difference("https://evil.example", "https://idp.example"), None);
    }

    #[test]
    fn entra_names_one_application_two_ways() {
        assert!(application_id("api://guid", "guid").is_some());
        assert_eq!(application_id("api://guid", "other"), None);
    }
}
