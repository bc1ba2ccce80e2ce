//! What is told of keys: which can be used, how they followed each other, and which has signed a token?

use serde_json::{Value, json};
use sqljwt::wire;
use sqljwt_conformance::{
    mint::{Token, key},
    ordinary::{NOW, claims, jwks},
};

const ISSUER: &str = "https://idp.example";

fn fetched(at: i64, set: &str) -> Value {
    json!({"issuer": ISSUER, "at": at, "answers": [{"status": 200, "headers": [["Cache-Control", "max-age=300"]], "body": set}]})
}

fn ask(fetches: &[Value], tokens: &[String], now: i64) -> Value {
    let settings = json!({
        "server.jwt_authentication.enabled": true,
        "server.jwt_authentication.issuers": {"issuer_jwks_map": {ISSUER: "https://idp.example/k"}},
        "server.jwt_authentication.audience": "db-login",
        "server.jwt_authentication.jwks_auto_fetch.enabled": true,
    });
    let call = json!({"verb": "keys", "settings": settings, "fetched": fetches, "tokens": tokens, "now": now});
    serde_json::from_str(&wire::call(&call.to_string())).expect("a document")
}

fn rsa(kid: &str) -> String {
    key("test-rsa-1").public(kid).to_string()
}

#[test]
fn keys_are_told_with_what_they_are_good_for_and_how_they_rotated() {
    let old = jwks(&[key("test-rsa-2").public("old"), key("test-rsa-1").public("k1")]);
    let new = format!(
        r#"{{"keys": [{}, {}, {{"kty": "oct", "kid": "shared", "k": "AAAA"}}]}}"#,
        rsa("k1"),
        key("test-p256").public("k2")
    );
    let token = |kid: &str, by: &str| Token::new(key(by), kid, "RS256", claims()).text();
    let tokens = [token("k1", "test-rsa-1"), token("k1", "test-rsa-2"), token("gone", "test-rsa-1"), "x".into()];
    let mut failed = fetched(NOW - 1, "");
    failed["answers"] = json!([]);
    failed["failure"] = "connection refused".into();
    let document = ask(&[fetched(NOW - 100, &old), fetched(NOW - 10, &new), failed], &tokens, NOW);
    let issuer = &document["issuers"][0];
    assert_eq!((&issuer["origin"], &issuer["lacking"]), (&json!("fetched"), &Value::Null), "{document}");
    assert_eq!(issuer["fresh_until"]["seconds"], NOW + 290);
    let keys: Vec<_> = issuer["keys"].as_array().unwrap().iter().map(|key| (&key["kid"], &key["code"])).collect();
    assert_eq!(
        keys,
        [(&json!("k1"), &Value::Null), (&json!("k2"), &Value::Null), (&json!("shared"), &json!("key_invalid"))]
    );
    let rotation = |number: usize| {
        let rotation = &issuer["rotation"][number];
        (rotation["added"].clone(), rotation["removed"].clone(), rotation["kept"].clone(), rotation["failure"].clone())
    };
    assert_eq!(rotation(0), (json!(["old", "k1"]), json!([]), json!(0), Value::Null));
    assert_eq!(rotation(1), (json!(["k2", "shared"]), json!(["old"]), json!(1), Value::Null));
    assert_eq!(rotation(2).3, "connection refused");
    let signed: Vec<_> =
        document["tokens"].as_array().unwrap().iter().map(|token| (&token["signed_with"], &token["code"])).collect();
    let thumbprint = &issuer["keys"][0]["thumbprint"];
    assert_eq!(signed[0], (thumbprint, &Value::Null));
    assert_eq!(signed[1], (&Value::Null, &json!("signature_invalid")));
    assert_eq!(signed[2].1, &Value::Null, "the key would have to be asked for: {document}");
    assert_eq!(signed[3], (&Value::Null, &json!("token_malformed")));
}

/// RFC 7638 section 3.1.
#[test]
fn a_thumbprint_is_that_of_the_standard() {
    let n = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMs\
             tn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";
    let key = json!({"kty": "RSA", "n": n, "e": "AQAB", "alg": "RS256", "kid": "2011-04-29"});
    let document = ask(&[fetched(NOW, &json!({"keys": [key]}).to_string())], &[], NOW);
    assert_eq!(document["issuers"][0]["keys"][0]["thumbprint"], "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
}

#[test]
fn configured_keys_are_told_too() {
    let settings = json!({
        "server.jwt_authentication.enabled": true,
        "server.jwt_authentication.issuers": ["https://a.example", "https://b.example"],
        "server.jwt_authentication.audience": "db-login",
        "server.jwt_authentication.jwks": jwks(&[key("test-ed25519").public("k1")]),
        "engine.issuer_keys": {"https://b.example": {"keys": []}},
    });
    let answer = wire::call(&json!({"verb": "keys", "settings": settings, "now": NOW}).to_string());
    let document: Value = serde_json::from_str(&answer).expect("a document");
    let told: Vec<_> = document["issuers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|issuer| (issuer["origin"].as_str().unwrap(), issuer["keys"].as_array().unwrap().len()))
        .collect();
    assert_eq!(told, [("configured", 1), ("own", 0)]);
    assert_eq!(document["issuers"][0]["keys"][0]["algorithms"], json!(["EdDSA", "Ed25519"]));
}
