//! Are values that were meant otherwise named, with how they should read? The settings are valid for the database and lead
//! to a refusal: the advice says which value is read as what.

use serde_json::{Map, Value, json};
use sqljwt::{AdviceKind, Explanation, Settings};
use sqljwt_conformance::{
    mint::{Members, Token, encode, key},
    ordinary::{NOW, claims, jwks, settings},
};

const MAP: &str = "server.identity_map.configuration";
const ISSUERS: &str = "server.jwt_authentication.issuers";
const AUDIENCE: &str = "server.jwt_authentication.audience";
const CLAIM: &str = "server.jwt_authentication.claim";
const JWKS: &str = "server.jwt_authentication.jwks";
const PROFILES: [&str; 2] = ["hardened", "cockroachdb"];

#[test]
fn a_list_that_is_no_list_is_named_with_the_array_to_write() {
    for (name, text, wanted) in [
        (AUDIENCE, "db-login, other", r#"["db-login", "other"]"#),
        (AUDIENCE, "db-login;other", r#"["db-login", "other"]"#),
        (AUDIENCE, "other db-login", r#"["other", "db-login"]"#),
        (AUDIENCE, "[“db-login”, “other”]", r#"["db-login", "other"]"#),
        (AUDIENCE, "'db-login'", "write `db-login`"),
        (AUDIENCE, "‘db-login’", "write `db-login`"),
        (ISSUERS, "https://idp.example,https://b.example", r#"["https://idp.example", "https://b.example"]"#),
        (ISSUERS, "https://idp.example https://b.example", r#"["https://idp.example", "https://b.example"]"#),
    ] {
        for profile in PROFILES {
            let said = said(&changed(name, text, profile), &proven(claims()), "alice");
            assert!(said.contains(wanted), "{text} {profile}: {said}");
        }
    }
}

#[test]
fn a_token_that_nobody_has_proven_is_offered_no_other_value() {
    let token = proven(claims());
    let forged = format!("{}.{}", token.rsplit_once('.').expect("three parts").0, encode([0; 64]));
    for (name, text) in
        [(AUDIENCE, "db-login, other"), (AUDIENCE, "${AUDIENCE}"), (MAP, "'https://idp.example' 'alice' 'bob'")]
    {
        let said = said(&changed(name, text, "cockroachdb"), &forged, "bob");
        assert!(!said.contains("write a JSON array") && !said.contains("to `db-login`"), "{text}: {said}");
    }
}

#[test]
fn a_place_that_nobody_filled_in_is_named_with_what_the_token_has_there() {
    for (name, text, wanted) in [
        (AUDIENCE, "${AUDIENCE}", "to `db-login`"),
        (AUDIENCE, "<client-id>", "to `db-login`"),
        (AUDIENCE, "db-{{ env }}", "to `db-login`"),
        (ISSUERS, "https://<domain>", "to `https://idp.example`"),
        (ISSUERS, "https://other.example/{tenant}", "is a placeholder"),
    ] {
        for profile in PROFILES {
            let said = said(&changed(name, text, profile), &proven(claims()), "alice");
            assert!(
                said.contains("is a placeholder that nobody has filled in") && said.contains(wanted),
                "{text}: {said}"
            );
        }
    }
}

#[test]
fn lines_of_the_map_in_another_tool_s_form_are_named() {
    let email = || claims().set("email", "alice@example.com").set("email_verified", true);
    for (line, wanted) in [
        (r"https://idp.example /^(.*)@example\.com$ $1", r"write `\1` instead of `$1`"),
        (r"https://idp.example /^(.*)@example\.com$ all", r"write `\1` instead of `all`"),
        (r"https://idp.example /^(.*)@example\\.com$ \\1", "write each backslash once"),
        (r#""https://idp.example" "alice@example.com" "alice""#, "leave the quotes out"),
        (r"https://idp.example ^.*@example\.com$ alice", "begin the regex with `/`"),
        (r"https://idp.example alice@example.com, alice", "leave out the comma"),
    ] {
        for profile in PROFILES {
            let mut settings = changed(MAP, line, profile);
            settings.insert(CLAIM.into(), "email".into());
            let said = said(&settings, &proven(email()), "alice");
            assert!(said.contains(wanted), "{line} {profile}: {said}");
        }
    }
}

#[test]
fn keys_that_cannot_be_chosen_are_named_and_the_one_that_verifies() {
    let right = || key("test-p256").public("k1");
    for (keys, wanted) in [
        (jwks(&[right().without("kid")]), "which has no id (`kid`), verifies this token"),
        (jwks(&[right().set("kid", Value::Null)]), "\"kid\": \"k1\""),
        (
            jwks(&[key("test-p384").public("k1"), right()]),
            "2 keys have the id `k1`, and only the first counts; the second",
        ),
        (jwks(&[right().set("use", "enc"), right()]), "2 keys have the id `k1`, and only the first counts; the second"),
        (jwks(&[right().set("kid", "K1")]), "differ in upper and lower case"),
    ] {
        let settings = changed(JWKS, &keys, "hardened");
        let said = said(&settings, &proven(claims()), "alice");
        assert!(said.contains(wanted), "{keys}: {said}");
        assert!(!said.contains("the key set is empty") && !said.contains("the other keys work"), "{keys}: {said}");
    }
}

#[test]
fn a_claim_setting_in_another_notation_names_the_pointer() {
    let nested =
        || claims().set("realm", json!({"user": {"name": "alice"}, "kind.of": "x"})).set("roles", json!(["alice"]));
    for (claim, wanted) in [
        ("realm.user.name", "`/realm/user/name`"),
        ("$.realm.user.name", "`/realm/user/name`"),
        ("realm['user']['name']", "`/realm/user/name`"),
        ("realm/user/name", "`/realm/user/name`"),
        ("roles[0]", "`/roles/0`"),
        ("'roles'", "to `roles`"),
        ("realm", "`/realm/user/name` is `alice`"),
        ("/realm/user", "`/realm/user/name` is `alice`"),
    ] {
        // The database writes an object as a text, which then is the name.
        let profiles = if wanted.ends_with("is `alice`") { &PROFILES[..1] } else { &PROFILES[..] };
        for profile in profiles {
            let said = said(&changed(CLAIM, claim, profile), &proven(nested()), "alice");
            assert!(said.contains(wanted), "{claim} {profile}: {said}");
        }
    }
}

/// The reason and the near misses, each with its remedy.
fn said(settings: &Map<String, Value>, token: &str, user: &str) -> String {
    let explanation =
        Explanation::of(Settings::from_json(&Value::Object(settings.clone()).to_string()), token, user, NOW);
    assert!(explanation.login.is_none(), "{explanation}");
    let reason = explanation.reason.iter().flat_map(|reason| [reason.message.clone(), reason.remedy.clone()]);
    let near = explanation.advice.iter().filter(|advice| advice.kind == AdviceKind::NearMiss);
    let near = near.flat_map(|advice| [advice.message.clone(), advice.remedy.clone().unwrap_or_default()]);
    reason.chain(near).collect::<Vec<_>>().join("\n")
}

fn changed(name: &str, value: &str, profile: &str) -> Map<String, Value> {
    let keys = jwks(&[key("test-p256").public("k1")]);
    let mut all: Map<String, Value> =
        settings(&keys).into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    all.insert("engine.profile".into(), profile.into());
    all.insert(name.into(), value.into());
    all
}

fn proven(claims: Members) -> String {
    Token::new(key("test-p256"), "k1", "ES256", claims).text()
}
