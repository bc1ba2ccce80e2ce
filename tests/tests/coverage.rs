//! What of settings no sample login goes by: what is told is what the engine decides of each.

mod schema;

use serde_json::{Value, json};
use sqljwt_conformance::{
    mint::key,
    ordinary::{NOW, jwks, token},
};

use schema::schema;

const IDP: &str = "https://idp.example";
const OTHER: &str = "https://other.example";

fn settings() -> Value {
    json!({
        "server.jwt_authentication.enabled": true,
        "server.jwt_authentication.issuers": [IDP, OTHER],
        "server.jwt_authentication.audience": ["db-login", "spare"],
        "server.jwt_authentication.jwks": jwks(&[key("test-rsa-1").public("k1"), key("test-p256").public("k2")]),
        "server.identity_map.configuration": format!("{IDP} alice alice\n# nobody\n{IDP} /^([a-z]+)@x$ \\1\n{IDP} bob bob"),
    })
}

fn ask(settings: &Value, logins: &Value) -> Value {
    let call = json!({"verb": "coverage", "settings": settings, "logins": logins, "now": NOW});
    schema().answer(&call)
}

fn claims(issuer: &str, sub: &str) -> Value {
    json!({"iss": issuer, "sub": sub, "aud": "db-login", "exp": NOW + 100})
}

#[test]
fn what_no_accepted_login_goes_by_is_told() {
    let signed = token(key("test-rsa-1"), "RS256").text();
    let told = ask(
        &settings(),
        &json!([
            {"token": signed, "user": "alice"},
            {"claims": claims(IDP, "ada@x"), "user": "ada"},
            {"claims": claims(IDP, "bob"), "user": "eve"},
            {"claims": claims(IDP, "nobody"), "user": "nobody"},
            {"claims": claims(IDP, "other"), "user": "other"},
        ]),
    );
    assert_eq!((&told["judged"], &told["unsigned"], &told["accepted"]), (&json!(5), &json!(4), &json!(2)));
    // The line that a refused login matches is not gone by.
    let line = json!({"line": 4, "issuer": IDP, "principal": "bob", "user": "bob"});
    assert_eq!(told["lines"], json!({"total": 3, "reached": 2, "unreached": [line], "untold": 0}));
    assert_eq!(told["issuers"]["unreached"], json!([OTHER]));
    assert_eq!((&told["audiences"]["total"], &told["audiences"]["reached"]), (&json!(4), &json!(1)));
    assert_eq!((&told["keys"]["total"], &told["keys"]["reached"]), (&json!(4), &json!(1)), "two keys for two issuers");
    assert_eq!(told["keys"]["unreached"][0]["kid"], "k2");
    let refusals: Vec<_> =
        told["refusals"].as_array().unwrap().iter().map(|row| (&row["code"], &row["count"], &row["logins"])).collect();
    assert_eq!(
        refusals,
        [(&json!("identity_unmapped"), &json!(2), &json!([3, 4])), (&json!("user_mismatch"), &json!(1), &json!([2]))]
    );
    assert_eq!(
        told["message"],
        "2 of 5 logins accepted; none goes by 1 of 3 lines, 1 of 2 issuers, 3 of 4 audiences and by 3 of 4 keys"
    );
    assert!(!told.to_string().contains(&signed), "no token is repeated");
}

#[test]
fn a_login_that_ends_otherwise_than_is_expected_is_told() {
    let told = ask(
        &settings(),
        &json!([
            {"claims": claims(IDP, "bob"), "expected": "bob"},
            {"claims": claims(IDP, "bob"), "expected": "rob"},
            {"claims": claims(IDP, "bob"), "expected": ""},
            {"claims": claims(IDP, "who"), "expected": ""},
            {"claims": claims(IDP, "who"), "expected": "who"},
        ]),
    );
    let unexpected: Vec<_> = told["unexpected"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["login"].as_u64().unwrap(), row["user"].as_str(), row["code"].as_str()))
        .collect();
    assert_eq!(unexpected, [(1, Some("bob"), None), (2, Some("bob"), None), (4, None, Some("identity_unmapped"))]);
}

#[test]
fn each_login_has_its_own_moment() {
    let told = ask(
        &settings(),
        &json!([
            {"claims": claims(IDP, "bob"), "now": NOW + 99},
            {"claims": claims(IDP, "bob"), "now": NOW + 101},
        ]),
    );
    assert_eq!((&told["accepted"], &told["refusals"][0]["code"]), (&json!(1), &json!("token_expired")));
}

#[test]
fn settings_that_cannot_be_used_accept_nobody() {
    let mut broken = settings();
    broken["server.identity_map.configuration"] = "x".into();
    let told = ask(&broken, &json!([{"claims": claims(IDP, "bob")}]));
    assert_eq!((&told["accepted"], &told["refusals"][0]["code"]), (&json!(0), &json!("identity_map_invalid")));
    assert!(told["message"].as_str().unwrap().starts_with("the settings cannot be used"), "{told:#}");
}

#[test]
fn what_is_told_is_bounded_and_what_is_not_tried_is_counted() {
    let mut many = settings();
    let lines: Vec<String> = (0..3000).map(|number| format!("{IDP} u{number} u{number}")).collect();
    many["server.identity_map.configuration"] = lines.join("\n").into();
    let logins: Vec<Value> = (0..2500).map(|number| json!({"claims": claims(IDP, &format!("u{number}"))})).collect();
    let told = ask(&many, &logins.into());
    assert_eq!((&told["judged"], &told["untried"], &told["accepted"]), (&json!(2000), &json!(500), &json!(2000)));
    assert_eq!((&told["lines"]["reached"], &told["lines"]["untold"]), (&json!(2000), &json!(500)));
    assert_eq!(told["lines"]["unreached"].as_array().unwrap().len(), 500);
}
