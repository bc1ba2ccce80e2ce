//! Which configured audience did the token probably mean? The ways in which people and providers write one thing two
//! ways.

use alloc::{format, string::String, vec::Vec};

use crate::{
    ground::{
        kinship::{self, without_scheme},
        mend::Mend,
        nearest::is_slip,
        text::shown,
    },
    judging::attempt::Attempt,
    parsed::{
        providers::{Provider, TokenKind},
        risk,
        token::audiences,
    },
    telling::near_miss::{
        hint::Hint,
        listed::{divides, list_in_a_text},
    },
};

/// How many near misses are told.
const TOLD: usize = 3;

/// How many audiences of each side are looked at.
const LOOKED_AT: usize = 20;

/// Longer audiences are not compared: nobody mistypes them.
const COMPARED_BYTES_MAX: usize = 512;

/// The configured audiences that are nearly one of the token's, and those that stand in another claim.
pub(super) fn mistaken(attempt: &Attempt<'_>) -> Vec<Hint> {
    let Some(claims) = attempt.claims else { return Vec::new() };
    let policy = attempt.policy();
    let source = policy.audience_source();
    let setting = source.setting;
    let issuer = attempt.stated_issuer();
    let mut stated = claims.member("aud").and_then(audiences::stated).unwrap_or_default();
    stated.retain(|audience| audience.len() <= COMPARED_BYTES_MAX);
    stated.truncate(LOOKED_AT);
    let mut hints = Vec::new();
    if let [only] = stated.as_slice()
        && only.trim_start().starts_with('[')
        && only.trim_end().ends_with(']')
    {
        let message = format!("the token's `aud` is a text that only looks like a JSON list: `{}`", shown(only));
        let remedy = Mend::provider("have the identity provider write the list itself, without quotes around it");
        return [Hint::new(message, remedy).about(setting)].into();
    }
    let is_ours = |part: &str| policy.audience.iter().take(LOOKED_AT).any(|configured| &***configured == part.trim());
    if let [only] = stated.as_slice()
        && only.contains(divides)
        && only.split(divides).any(is_ours)
    {
        let message = format!("the token's `aud` is one text, `{}`, and no list of audiences", shown(only));
        let remedy =
            Mend::provider("have the identity provider write `aud` as a JSON list, each audience a text of its own");
        return [Hint::new(message, remedy).about(setting)].into();
    }
    for configured in policy.audience.iter().take(LOOKED_AT) {
        if let Some(list) = list_in_a_text(configured, divides, |part| stated.iter().any(|audience| audience == part)) {
            let message = format!("`{}` is read as one audience, with all that stands in it", shown(configured));
            let remedy = format!("write a JSON array, {list}, in {source}");
            hints.push(Hint::new(message, remedy).at(setting, configured.source.offset));
            continue;
        }
        for audience in &stated {
            let Some(how) = application_id(audience, configured).or_else(|| difference(audience, configured)) else {
                continue;
            };
            let message =
                format!("the token's audience `{}` and the configured `{}` {how}", shown(audience), shown(configured));
            hints.push(Hint::new(message, Mend::default()).at(setting, configured.source.offset));
        }
        if let Some(hint) = client(attempt, configured) {
            hints.push(hint.at(setting, configured.source.offset));
        }
    }
    let shared = stated.iter().find_map(|audience| Some((audience, risk::audience(audience, &issuer)?)));
    if let Some((audience, shared)) = shared {
        let message = format!(
            "the audience `{}` {}; never accept it, tokens meant for others would log in",
            shown(audience),
            shared.whose
        );
        let known = attempt.facts().filter(|facts| facts.provider().is_some()).zip(policy.audience.first());
        let remedy = match known {
            Some((facts, wanted)) => facts.other_audience(wanted),
            None => Mend::client(shared.instead),
        };
        hints.insert(0, Hint::new(message, remedy).about(setting));
    }
    hints.truncate(TOLD);
    hints
}

/// Whether the two may be names of one application.
pub(in crate::telling) fn is_one_application(token: &str, configured: &str) -> bool {
    application_id(token, configured).or_else(|| difference(token, configured)).is_some()
}

/// The configured audience as the application that asked for the token.
fn client(attempt: &Attempt<'_>, configured: &str) -> Option<Hint> {
    let token = attempt.facts()?;
    let name = token.client_claim(configured)?;
    let message = format!(
        "the configured audience `{}` stands in the claim `{name}`: it is the client that asked for the token, not whom the \
         token is for",
        shown(configured)
    );
    let remedy = match (token.provider(), token.kind()) {
        (Some(Provider::Cognito | Provider::OktaOrg), _) => token.other_audience(configured),
        (Some(Provider::Keycloak), _) => token.other_audience(configured),
        (_, Some(TokenKind::Access)) => {
            Mend::client("send the ID token, which is for the client, or configure the audience of an API of your own")
        }
        _ => Mend::provider("have the identity provider add this server's audience to `aud`"),
    };
    Some(Hint::new(message, remedy))
}

/// How two texts differ that are nearly one; `None` when they are not nearly one, or the same.
fn difference(token: &str, configured: &str) -> Option<String> {
    if token == configured {
        return None;
    }
    kinship::difference(token, configured).or_else(|| {
        let (token, configured) = (without_scheme(token), without_scheme(configured));
        let typing = token != configured && token.len() > 6 && is_slip(&token, &configured);
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
        for other in ["https://evil.example", "https://run.example.com", "https://vault.example.com"] {
            assert_eq!(difference(other, "https://db.example.com"), None, "{other}");
        }
    }

    #[test]
    fn entra_names_one_application_two_ways() {
        assert!(application_id("api://guid", "guid").is_some());
        assert_eq!(application_id("api://guid", "other"), None);
    }
}
