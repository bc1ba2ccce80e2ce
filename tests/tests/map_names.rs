//! Does an explanation say so when the identity map is not asked, whatever was decided, and do the profiles differ as they
//! should?

use serde_json::{Map, Value};
use sqljwt::{Advice, AdviceKind, Decision, Explanation, ReasonCode, Settings, SettingsError, Validator};
use sqljwt_conformance::{
    mint::{Members, key},
    ordinary::{NOW, jwks, settings, token},
};

/// Names that a map may have for the configured `https://idp.example` but for a detail.
const SLIPS: [&str; 14] = [
    "https://idp.example/",
    "https://IDP.example",
    "Https://idp.example",
    "http://idp.example",
    "idp.example",
    "https://idp.example:443",
    "https://idp.example:443/",
    "\u{feff}https://idp.example",
    "https://\u{a0}idp.example",
    "https://idp\u{200b}.example",
    "\u{2060}https://idp.example",
    "\"https://idp.example\"",
    "[\"https://idp.example\"]",
    "'https://idp.example/'",
];

/// Names that are no configured issuer's: other doors of the database, other issuers, a header row.
const OTHERS: [&str; 6] =
    ["oidcmap", "MAPNAME", "https://idp.example.org", "https://idp.example/x", "https://old.example/", "include"];

fn validator(
    map: &str,
    profile: &str,
    change: impl FnOnce(&mut Map<String, Value>),
) -> Result<Validator, SettingsError> {
    let mut document: Map<String, Value> = settings(&jwks(&[key("test-ed25519").public("k1")]))
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect();
    document.insert("server.identity_map.configuration".into(), map.into());
    document.insert("engine.profile".into(), profile.into());
    change(&mut document);
    Validator::new(&Settings::from_json(&Value::Object(document).to_string())?)
}

fn explained(map: &str, profile: &str, user: &str) -> Explanation {
    let validator = validator(map, profile, |_| {}).unwrap_or_else(|error| panic!("{map}: {error}"));
    validator.explain(token(key("test-ed25519"), "EdDSA").text(), user, NOW)
}

fn warnings(explanation: &Explanation) -> Vec<&Advice> {
    explanation.advice.iter().filter(|advice| advice.kind == AdviceKind::Warning).collect()
}

#[test]
fn hardened_refuses_a_map_whose_name_is_a_configured_issuers_but_for_a_detail() {
    for name in SLIPS {
        for (map, line) in [
            (format!("{name} alice bob"), 1),
            (format!("{name} alice bob\n{name} carol bob"), 1),
            (format!("# a comment\nhttps://idp.example carol dave\n\n{name} /^alice$ bob"), 4),
            (format!("oidcmap alice bob\n{name} alice bob\nother alice bob"), 2),
        ] {
            let error = validator(&map, "hardened", |_| {}).err().unwrap_or_else(|| panic!("{map}"));
            assert_eq!(error.code, ReasonCode::IdentityMapInvalid, "{map}");
            assert!(error.message.starts_with(&format!("line {line} of the identity map: ")), "{error}");
            assert!(error.message.contains("the configured issuer `https://idp.example` differ only in"), "{error}");
            assert!(error.remedy.contains("`https://idp.example"), "{}", error.remedy);
            // What the remedy says mends it.
            let mended = map.replace(name, "https://idp.example");
            assert!(validator(&mended, "hardened", |_| {}).is_ok(), "{mended}");
        }
    }
}

#[test]
fn hardened_refuses_invisible_characters_before_a_line_or_a_comment() {
    for (map, word) in [
        ("\u{feff}oidcmap alice bob", "holds invisible characters"),
        ("https://idp.example\u{a0}alice bob carol", "holds invisible characters"),
        ("\u{feff}# a comment\nhttps://idp.example alice bob", "expected 3 columns"),
        ("https://idp.example alice bob\n\u{200b}", "expected 3 columns"),
    ] {
        let error = validator(map, "hardened", |_| {}).expect_err(map);
        assert_eq!(error.code, ReasonCode::IdentityMapInvalid, "{map}");
        assert!(error.message.contains(word), "{error}");
        assert!(error.remedy.starts_with("take the invisible characters out"), "{}", error.remedy);
    }
}

#[test]
fn a_slip_is_found_in_each_of_many_issuers_and_the_two_versions_of_a_tenant() {
    let tenant = "11111111-2222-3333-4444-555555555555";
    let (v1, v2) =
        (format!("https://sts.windows.net/{tenant}/"), format!("https://login.microsoftonline.com/{tenant}/v2.0"));
    for (configured, name) in [(&v1, &v2), (&v2, &v1)] {
        let issuers = |document: &mut Map<String, Value>| {
            let list = serde_json::json!(["https://a.example", configured, "https://idp.example"]);
            document.insert("server.jwt_authentication.issuers".into(), list);
        };
        let error = validator(&format!("{name} alice bob"), "hardened", issuers).expect_err(name);
        assert!(error.message.contains("issuer of one Entra tenant"), "{error}");
        assert!(validator(&format!("{configured} alice bob"), "hardened", issuers).is_ok());
        let other = name.replace("1111", "9999");
        assert!(validator(&format!("{other} alice bob"), "hardened", issuers).is_ok());
        let both = |document: &mut Map<String, Value>| {
            document.insert("server.jwt_authentication.issuers".into(), serde_json::json!([v1, v2]));
        };
        assert!(validator(&format!("{name} alice bob"), "hardened", both).is_ok());
    }
}

#[test]
fn cockroachdb_decides_as_the_database_and_warns_whatever_it_decides() {
    for name in SLIPS.into_iter().chain(OTHERS) {
        let map = format!("{name} alice bob");
        for (user, decision) in [("alice", Decision::Accept), ("bob", Decision::Reject)] {
            let explanation = explained(&map, "cockroachdb", user);
            assert_eq!(explanation.decision, decision, "{map}");
            let warnings = warnings(&explanation);
            assert!(warnings[0].message.starts_with("line 1 of the identity map is for `"), "{}", warnings[0].message);
            assert!(warnings[0].message.contains("`, which is no configured issuer: it is never used"), "{map}");
            let is_slip = SLIPS.contains(&name);
            assert_eq!(warnings[0].message.contains("the configured `https://idp.example`"), is_slip, "{map}");
            assert_eq!(warnings[0].setting, Some("server.identity_map.configuration"));
            assert!(warnings[0].position.is_some(), "{map}");
            assert!(warnings[1].message.contains("no line for the issuer `https://idp.example`"), "{map}");
            assert!(
                explanation.advice.iter().all(|advice| !advice.message.contains(['\u{feff}', '\u{200b}', '\u{a0}']))
            );
        }
    }
}

#[test]
fn hardened_accepts_other_names_and_warns() {
    for name in OTHERS {
        let explanation = explained(&format!("{name} alice bob"), "hardened", "alice");
        assert_eq!(explanation.decision, Decision::Accept, "{name}");
        assert_eq!(warnings(&explanation).len(), 2, "{name}");
        let explanation = explained(&format!("{name} x y\nhttps://idp.example alice bob"), "hardened", "bob");
        assert_eq!(explanation.decision, Decision::Accept, "{name}");
        assert_eq!(warnings(&explanation).len(), 1, "{name}");
    }
}

#[test]
fn a_map_that_is_asked_is_not_warned_of() {
    for profile in ["hardened", "cockroachdb"] {
        for map in ["", " \n", "https://idp.example alice bob", "https://idp.example alice bob # c"] {
            for user in ["alice", "bob"] {
                assert_eq!(warnings(&explained(map, profile, user)), Vec::<&Advice>::new(), "{map}");
            }
        }
        let explanation = explained("# https://idp.example alice bob", profile, "alice");
        assert_eq!(
            warnings(&explanation)[0].message,
            "the identity map has comments and no lines: the value of the claim is the SQL user as it is"
        );
    }
}

#[test]
fn an_issuer_that_is_not_configured_is_not_said_to_have_no_lines() {
    let validator = validator("https://idp.example alice bob", "cockroachdb", |_| {}).unwrap();
    let claims = |claims: Members| claims.set("iss", "https://evil.example");
    let explanation = validator.explain(token(key("test-ed25519"), "EdDSA").claims(claims).text(), "alice", NOW);
    assert_eq!(warnings(&explanation), Vec::<&Advice>::new());
}

#[test]
fn of_many_names_a_few_are_told() {
    let map: String = (0..1000).map(|n| format!("name{n} a b\nname{n} c d\n")).collect();
    let explanation = explained(&map, "cockroachdb", "alice");
    let warnings = warnings(&explanation);
    assert_eq!(warnings.len(), 4);
    assert!(warnings[0].message.starts_with("line 1 of the identity map and 1 more line are for `name0`"));
    assert!(warnings[2].message.ends_with("; the same holds for 997 more names"), "{}", warnings[2].message);
}

#[test]
fn many_names_beside_many_issuers_take_little_more_than_they_do_alone() {
    const LENGTH: usize = 1_000_000;
    let many = |each: fn(usize) -> String| {
        let mut list: Vec<String> = Vec::new();
        let mut length = 0;
        while length < LENGTH {
            list.push(each(list.len()));
            length += list[list.len() - 1].len() + 5;
        }
        list
    };
    let issuers: Value = many(|n| format!("{n:x}")).into();
    let map: String = many(|n| format!("{n:x}/")).iter().take(20_000).map(|name| format!("{name} a b\n")).collect();
    let measured = |map: &str, profile: &str, refused: bool| {
        allocation_counter::measure(|| {
            let made = validator(map, profile, |document| {
                document.insert("server.jwt_authentication.issuers".into(), issuers.clone());
            });
            assert_eq!(made.is_err(), refused);
        })
        .bytes_max
    };
    let alone = measured("", "cockroachdb", false);
    for (profile, refused) in [("cockroachdb", false), ("hardened", true)] {
        let both = measured(&map, profile, refused);
        assert!(both < alone + (16 << 20), "{both} bytes, without the map {alone}");
    }
}
