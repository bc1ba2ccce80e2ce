//! Are two names probably one, written in two ways? What people overlook in an issuer, and what providers themselves
//! write in two ways.

use alloc::{format, string::String};

use crate::ground::{text::is_invisible, unicode};

/// How two issuers that are not the same are one but for what people overlook.
pub(crate) fn kinship(stated: &str, configured: &str) -> Option<String> {
    entra_versions(stated, configured).or_else(|| difference(stated, configured))
}

/// A text that two issuers have in common when they are one but for such details: to find kin by hash.
pub(crate) fn family(issuer: &str) -> String {
    let plain = FOLDS.iter().fold(String::from(issuer), |text, (_, fold)| fold(&text));
    let tenant = entra(&plain).map(|(_, tenant)| format!("sts.windows.net/{tenant}"));
    tenant.unwrap_or(plain)
}

/// How two texts differ that are one but for what people overlook; `None` when more differs, or nothing.
pub(crate) fn difference(stated: &str, configured: &str) -> Option<String> {
    if stated == configured {
        return None;
    }
    for (name, fold) in FOLDS {
        if fold(stated) == fold(configured) {
            return Some(format!("differ only in {name}"));
        }
    }
    let all = |text: &str| FOLDS.iter().fold(String::from(text), |text, (_, fold)| fold(&text));
    (all(stated) == all(configured)).then(|| "differ only in a trailing `/`, case, scheme or port".into())
}

/// The text without the scheme of a web address.
pub(crate) fn without_scheme(text: &str) -> String {
    text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).unwrap_or(text).into()
}

/// What people overlook, and the text without it.
type Fold = (&'static str, fn(&str) -> String);

/// In an order in which each finds what it looks for after those before it.
const FOLDS: [Fold; 6] = [
    ("white space or invisible characters", |text| text.chars().filter(|&character| !is_blank(character)).collect()),
    ("the quotation marks or brackets around it", |text| text.trim_matches(is_enclosing).into()),
    ("upper and lower case", |text| text.chars().map(unicode::lower).collect()),
    ("the scheme (`https://`, `http://` or none)", without_scheme),
    ("the port `:443`", |text| text.replacen(":443/", "/", 1).trim_end_matches(":443").into()),
    ("a trailing `/`", |text| text.strip_suffix('/').unwrap_or(text).into()),
];

fn is_blank(character: char) -> bool {
    character.is_whitespace() || is_invisible(character)
}

fn is_enclosing(character: char) -> bool {
    matches!(character, '"' | '\'' | '`' | '[' | ']' | '<' | '>' | ',' | ';' | '“' | '”' | '„' | '‘' | '’' | '«' | '»')
}

/// Entra issues v1 and v2 tokens of one tenant under two issuers; which of them is the application's manifest's choice.
fn entra_versions(stated: &str, configured: &str) -> Option<String> {
    let (stated, configured) = (without_scheme(stated), without_scheme(configured));
    let ((version, tenant), (wanted, other)) = (entra(&stated)?, entra(&configured)?);
    (version != wanted && tenant == other).then(|| {
        format!(
            "are the v{version} and the v{wanted} issuer of one Entra tenant; the application's \
             `requestedAccessTokenVersion` decides which of them its tokens name"
        )
    })
}

/// The version and the tenant of an issuer of Entra, given without its scheme.
fn entra(issuer: &str) -> Option<(u8, &str)> {
    if let Some(tenant) = issuer.strip_prefix("sts.windows.net/") {
        return Some((1, tenant.trim_end_matches('/')));
    }
    let rest = issuer.strip_prefix("login.microsoftonline.com/")?;
    Some((2, rest.trim_end_matches('/').strip_suffix("/v2.0")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entra_names_one_tenant_two_ways() {
        let (v1, v2) = ("https://sts.windows.net/t1/", "https://login.microsoftonline.com/t1/v2.0");
        assert!(kinship(v1, v2).unwrap().contains("the v1 and the v2 issuer"));
        assert!(kinship(v2, v1).unwrap().contains("the v2 and the v1 issuer"));
        assert_eq!(kinship(v1, "https://login.microsoftonline.com/t2/v2.0"), None);
        assert_eq!(family(v1), family(v2));
    }

    #[test]
    fn kin_are_of_one_family_and_others_are_not() {
        let ways = [
            "https://idp.example/x",
            "https://idp.example/x/",
            "http://IDP.example/X",
            "\u{feff}idp.example:443/x",
            "[\"https://idp.example/x\"]",
        ];
        for one in ways {
            for other in ways {
                assert_eq!(family(one), family(other));
                assert_eq!(kinship(one, other).is_some(), one != other, "{one} {other}");
            }
            for stranger in ["https://idp.example", "https://idp.example/x/y", "https://idp2.example/x", ""] {
                assert_ne!(family(one), family(stranger));
                assert_eq!(kinship(one, stranger), None);
            }
        }
    }
}
