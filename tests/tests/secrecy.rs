//! What does a refusal tell the client? In the `hardened` profile one sentence, whatever a stranger guesses right.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use sqljwt::{ClientAnswer, Explanation, Profile, Settings, Validator, wire};
use sqljwt_conformance::{
    mint::{Members, Token, encode, key, sign_hmac},
    ordinary::{NOW, jwks, settings},
    vectors,
};

/// What a client is told whose token is not proven.
const INVALID: &str = "JWT authentication: invalid token";

#[test]
fn guesses_without_a_key_all_get_the_same_answer() {
    let mut asked = 0;
    for settings in servers() {
        let validator = validator(&settings);
        for (number, token) in guesses().into_iter().enumerate() {
            // The text call compiles the settings each time, so it is asked less often.
            let rare = number % 23 == 0;
            let users = ["alice", "root", "", "bob", "admin", "nobody", "Alice ", "\0"];
            for user in &users[..if rare { users.len() } else { 3 }] {
                let refusal = validator.validate(&token, user, NOW).expect_err("no guess logs in");
                assert_eq!(said(refusal.client()), NOTHING, "validate({token}, {user:?})");
                asked += 1;
            }
            for (verb, user) in [("validate", "alice"), ("explain", "nobody"), ("explain", "root")] {
                if !rare {
                    break;
                }
                let call = json!({"verb": verb, "settings": settings, "token": token, "user": user, "now": NOW});
                let document: Value = serde_json::from_str(&wire::call(&call.to_string())).expect("a document");
                let expected = json!({"message": INVALID, "detail": null, "sqlstate": "28000"});
                assert_eq!(document["client"], expected, "{verb}({token}, {user:?})");
                asked += 1;
            }
        }
    }
    println!("{asked} guesses, one answer");
    assert!(asked > 50_000);
}

#[test]
fn where_token_logins_are_off_nothing_else_is_said() {
    for mut settings in servers() {
        settings.insert("server.jwt_authentication.enabled".into(), false.into());
        let validator = validator(&settings);
        for token in guesses().into_iter().step_by(7).chain([proven(), String::new()]) {
            let refusal = validator.validate(&token, "alice", NOW).expect_err("token logins are off");
            assert_eq!(said(refusal.client()), ("JWT authentication: not enabled", None, "28000"));
        }
    }
}

#[test]
fn settings_that_cannot_be_used_tell_a_client_nothing() {
    for broken in [
        json!({"server.jwt_authentication.enabled": "often"}),
        json!({"server.jwt_authentication.jwks": "{"}),
        json!({"engine.secret": 1}),
        json!([]),
    ] {
        let explanation = Explanation::of(Settings::from_json(&broken.to_string()), proven(), "alice", NOW);
        assert_eq!(explanation.client.as_ref().map(said), Some(NOTHING), "{broken}");
    }
}

/// Whatever a hardened server is asked, the client reads one of these sentences: none holds a value, and so none can hold
/// a secret.
#[test]
fn a_hardened_answer_is_one_of_a_few_sentences() {
    const SENTENCES: [&str; 11] = [
        INVALID,
        "JWT authentication: not enabled",
        "JWT authentication: unable to validate token",
        "JWT authentication: invalid audience",
        "JWT authentication: missing claim",
        "JWT authentication: failed to extract claim",
        "JWT authentication: invalid claim value",
        "JWT authentication: invalid principal",
        "JWT authentication: invalid identity",
        "JWT authorization: empty group list",
        "JWT authorization: userinfo lookup failed",
    ];
    let mut met = BTreeSet::new();
    for vector in vectors() {
        let explanation = explanation(&vector.settings, &vector.row.token, &vector.row.user, vector.row.now);
        let (Profile::Hardened, Some(client)) = (explanation.profile, explanation.client) else { continue };
        assert_eq!((client.detail, client.sqlstate), (None, "28000"), "{}", vector.row.id);
        let sentence = SENTENCES.into_iter().find(|sentence| *sentence == client.message);
        met.insert(sentence.unwrap_or_else(|| panic!("{}: {}", vector.row.id, client.message)));
        let unproven = explanation.reason.is_none_or(|reason| reason.code.number() < 4000);
        assert!(!unproven || [INVALID, SENTENCES[1]].contains(&&*client.message), "{}", vector.row.id);
    }
    println!("{met:#?}");
    assert!(met.len() >= 9);
}

/// The database's answers say more, but nothing that only the server knows: no key, no configured issuer or audience, no
/// line of the map.
#[test]
fn the_database_s_answers_hold_no_more_than_the_token_and_the_setting_s_names() {
    let secrets =
        ["https://idp.example", "https://second.example", "db-login", "other-login", "carl", "dave", "k-weak"];
    for mut settings in servers() {
        settings.insert("engine.profile".into(), "cockroachdb".into());
        let validator = validator(&settings);
        let strange = Members::new().set("iss", "https://third.example").set("sub", "eve").set("aud", "third");
        for kid in ["k1", "k-none"] {
            let token = Token::new(key("test-rsa-2"), kid, "RS256", strange.clone().set("exp", NOW + 60)).text();
            let refusal = validator.validate(&token, "eve", NOW).expect_err("a stranger's token");
            let client = refusal.client();
            let said = format!("{} {}", client.message, client.detail.as_deref().unwrap_or_default());
            assert!(secrets.iter().all(|secret| !said.contains(secret)), "{said}");
        }
    }
}

/// Nothing of a token's own text stands in an explanation, a log line or a `Debug` text, and a redacted explanation holds
/// nothing of the login.
#[test]
fn nothing_of_a_token_stands_in_its_explanation_but_what_it_says() {
    for vector in vectors() {
        let Ok(validator) = Settings::from_json(&vector.settings).and_then(|settings| Validator::new(&settings)) else {
            continue;
        };
        let explanation = validator.explain(&vector.row.token, &vector.row.user, vector.row.now);
        let parts: Vec<&str> = vector.row.token.split('.').filter(|part| part.len() > 40).collect();
        let written = [explanation.to_json(), explanation.to_string(), format!("{validator:?} {explanation:?}")];
        for part in parts {
            assert!(written.iter().all(|text| !text.contains(part)), "{}: a part of the token", vector.row.id);
        }
        let redacted = explanation.redacted();
        assert!(redacted.token.is_none() && redacted.login.is_none());
        let document = redacted.to_json();
        let principal = format!("\"{}\"", vector.row.user);
        assert!(vector.row.user.is_empty() || !document.contains(&principal), "{}: {document}", vector.row.id);
    }
}

/// Servers that a guess could tell apart: with and without a map, with bound keys, with keys to be fetched, with required
/// claims.
fn servers() -> Vec<Map<String, Value>> {
    let keys = jwks(&[
        key("test-rsa-1").public("k1").set("alg", "RS256"),
        key("test-p256").public("k2"),
        key("test-ed25519").public("k3").set("issuer", "https://second.example"),
        key("test-rsa-1024").public("k-weak"),
        key("test-p384").public("k-enc").set("use", "enc"),
    ]);
    let mut plain: Map<String, Value> =
        settings(&keys).into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    plain.insert("server.jwt_authentication.issuers".into(), json!(["https://idp.example", "https://second.example"]));
    plain.insert("server.jwt_authentication.audience".into(), json!(["db-login", "other-login"]));
    let with = |members: Value| {
        let mut settings = plain.clone();
        settings.extend(members.as_object().expect("an object").clone());
        settings
    };
    vec![
        plain.clone(),
        with(
            json!({"server.identity_map.configuration": "https://idp.example alice carl\nhttps://idp.example /^(.*)$ \\1"}),
        ),
        with(json!({"server.jwt_authentication.claim": "email", "engine.required_claims": ["email_verified"]})),
        with(
            json!({"engine.issuer_keys": {"https://second.example": {"keys": []}}, "engine.max_token_lifetime_seconds": 60}),
        ),
        with(json!({"server.jwt_authentication.jwks_auto_fetch.enabled": true})),
        with(json!({"server.jwt_authentication.authorization.enabled": true, "engine.max_token_bytes": 4096})),
    ]
}

/// Tokens that nobody's key has signed, right or wrong in everything else.
fn guesses() -> Vec<String> {
    let mut tokens: Vec<String> =
        ["", " ", ".", "..", "...", "....", "x", "e30.e30.", "e30.e30.AA", "[]", "{}"].map(Into::into).into();
    for issuer in ["https://idp.example", "https://second.example", "https://idp.example/", "https://evil.example", ""]
    {
        for audience in ["db-login", "other-login", "evil", ""] {
            for subject in ["alice", "root", "nobody", ""] {
                for (kid, exp) in [
                    ("k1", NOW + 60),
                    ("k2", NOW + 60),
                    ("k3", NOW + 60),
                    ("k-weak", NOW + 60),
                    ("k-enc", NOW + 60),
                    ("k-none", NOW + 60),
                    ("k1", NOW - 60),
                    ("k2", NOW),
                    ("k-none", NOW - 60),
                    ("k1", NOW + 999_999),
                ] {
                    let claims = Members::new().set("iss", issuer).set("aud", audience).set("sub", subject);
                    let claims = claims.set("email", subject).set("iat", NOW - 1).set("exp", exp);
                    tokens.extend(unproven(&claims, kid));
                }
            }
        }
    }
    tokens
}

/// The claims under that key id, signed by nobody, by another, or not at all.
fn unproven(claims: &Members, kid: &'static str) -> Vec<String> {
    let another = Token::new(key("test-ed25519"), kid, "EdDSA", claims.clone());
    let (header, payload) = (another.header.clone(), encode(claims.to_string()));
    let bare = |algorithm: &str, signature: &[u8]| {
        format!("{}.{payload}.{}", encode(header.clone().set("alg", algorithm).to_string()), encode(signature))
    };
    let mut tokens = vec![
        bare("none", b""),
        bare("RS256", b""),
        bare("RS256", &[1; 256]),
        bare("ES256", &[1; 64]),
        bare("HS256", &sign_hmac("HS256", b"secret", payload.as_bytes())),
    ];
    // The one key of this kind in the servers' sets bears the id `k3`.
    if kid != "k3" {
        tokens.push(another.text());
    }
    tokens
}

/// A token that the servers' own key has signed.
fn proven() -> String {
    let claims = Members::new().set("iss", "https://idp.example").set("aud", "db-login").set("sub", "alice");
    Token::new(key("test-rsa-1"), "k1", "RS256", claims.set("exp", NOW + 60)).text()
}

fn validator(settings: &Map<String, Value>) -> Validator {
    let text = Value::Object(settings.clone()).to_string();
    Settings::from_json(&text).and_then(|settings| Validator::new(&settings)).expect("settings that can be used")
}

fn explanation(settings: &str, token: &str, user: &str, now: i64) -> Explanation {
    Explanation::of(Settings::from_json(settings), token, user, now)
}

/// All that a client reads.
fn said(client: &ClientAnswer) -> (&str, Option<&str>, &str) {
    (&client.message, client.detail.as_deref(), client.sqlstate)
}

/// The answer to whoever has proven nothing.
const NOTHING: (&str, Option<&str>, &str) = (INVALID, None, "28000");
