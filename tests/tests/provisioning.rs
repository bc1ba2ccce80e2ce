//! Which SQL user has to be made before a login? Said of accepted logins alone, and where the database can record the issuer
//! (its tests P1 to P6); where it cannot, a warning says why.

use serde_json::Value;
use sqljwt::{AdviceKind, Explanation, Settings};
use sqljwt_conformance::{
    mint::key,
    ordinary::{NOW, jwks, token},
};

/// A login of Alice's by an issuer, under settings that make users of tokens.
fn explained(issuer: &str, user: &str, on: bool) -> Explanation {
    let settings = serde_json::json!({
        "engine.profile": "cockroachdb",
        "server.jwt_authentication.enabled": true,
        "server.jwt_authentication.jwks": jwks(&[key("test-p256").public("k1")]),
        "server.jwt_authentication.issuers": serde_json::to_string(&[issuer]).expect("JSON"),
        "server.jwt_authentication.audience": "db-login",
        "security.provisioning.jwt.enabled": on,
    });
    let token = token(key("test-p256"), "ES256").claims(|claims| claims.set("iss", issuer).set("sub", user)).text();
    Explanation::of(Settings::from_text(&Value::to_string(&settings)), token, user, NOW)
}

#[test]
fn a_user_is_made_where_the_database_can_record_where_they_come_from() {
    for (id, issuer, source) in [
        ("P1", "idp.example.com", Some("jwt_token:idp.example.com")),
        ("P1", "//idp.example.com", Some("jwt_token://idp.example.com")),
        ("P1", "https://accounts.google.com", Some("jwt_token:https://accounts.google.com")),
        ("P3", "https://idp.example.com:389", None),
        ("P3", "example.com:389", None),
        ("P4", "idp1 idp2", Some("jwt_token:idp1%20idp2")),
        ("P5", "[]!@#%#^$&*", None),
    ] {
        let explanation = explained(issuer, "alice", true);
        let warned = explanation.advice.iter().any(|advice| {
            advice.kind == AdviceKind::Warning && advice.message.contains("a user who is not there yet cannot log in")
        });
        let login = explanation.login.unwrap_or_else(|| panic!("{id} {issuer}: {:?}", explanation.reason));
        assert_eq!(login.provision.as_ref().map(|provision| &*provision.source), source, "{id} {issuer}");
        assert_eq!(warned, source.is_none(), "{id} {issuer}");
        if let Some((provision, source)) = login.provision.zip(source) {
            let expected = format!("CREATE USER IF NOT EXISTS \"alice\" WITH PROVISIONSRC '{source}';");
            assert_eq!(provision.statement, expected, "{id}");
        }
    }
}

#[test]
fn nobody_is_made_without_the_setting_or_without_a_login() {
    assert!(explained("https://idp.example", "alice", false).login.is_some_and(|login| login.provision.is_none()));
    let refused = explained("https://idp.example", "root", true);
    assert!(refused.login.is_none());
    // The database makes the user as soon as the signature is right, and leaves it there when the login fails.
    assert!(!refused.to_json().contains("CREATE USER"));
}
