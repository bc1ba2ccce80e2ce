//! Can a value from outside do anything to the terminal, the log or the page that shows an explanation? Control,
//! bidirectional and invisible characters in every input, and a look at every text that comes out.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use sqljwt::{Explanation, Refusal, Settings, Validator, wire};
use sqljwt_conformance::{
    mint::{Members, Token, encode, key},
    ordinary::{NOW, claims, jwks, settings},
};

/// Characters that move the cursor, begin a line, turn the text around them, or cannot be seen.
fn hostile_characters() -> Vec<char> {
    let ranges = [
        ('\0', '\u{1f}'),
        ('\u{7f}', '\u{a0}'),
        ('\u{ad}', '\u{ad}'),
        ('\u{34f}', '\u{34f}'),
        ('\u{61c}', '\u{61c}'),
        ('\u{115f}', '\u{1160}'),
        ('\u{17b4}', '\u{17b5}'),
        ('\u{180b}', '\u{180f}'),
        ('\u{2000}', '\u{200f}'),
        ('\u{2028}', '\u{202f}'),
        ('\u{205f}', '\u{206f}'),
        ('\u{3164}', '\u{3164}'),
        ('\u{fe00}', '\u{fe0f}'),
        ('\u{feff}', '\u{feff}'),
        ('\u{fff0}', '\u{fffb}'),
        ('\u{1bca0}', '\u{1bca3}'),
        ('\u{1d173}', '\u{1d17a}'),
        ('\u{e0000}', '\u{e007f}'),
        ('\u{e0100}', '\u{e0102}'),
    ];
    ranges.into_iter().flat_map(|(first, last)| first..=last).collect()
}

/// Texts that try to be more than a value; every hostile character stands in one of them.
fn hostile_texts() -> Vec<String> {
    let mut texts: Vec<String> = vec![
        "a\u{1b}]0;pwn\u{7}\u{1b}[2J\nACCEPTED  `root` logs in".into(),
        "a\u{9b}31m\r\nREJECTED".into(),
        "\u{202e}toor\u{2066}".into(),
        "alice\u{200b}".into(),
    ];
    texts.extend(hostile_characters().chunks(24).map(|some| some.iter().flat_map(|&one| [one, 'x']).collect()));
    texts
}

/// The same login with a hostile text in one place: settings, token, requested user.
fn logins(text: &str) -> Vec<(String, Map<String, Value>, Token, String)> {
    let es256 = key("test-p256");
    let ordinary = |kid: &str| -> Map<String, Value> {
        let keys = jwks(&[es256.public(kid)]);
        settings(&keys).into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    };
    let token = |claims: Members| Token::new(es256, "k1", "ES256", claims);
    let mut logins = Vec::new();
    let mut add = |place: &str, settings: &Map<String, Value>, token: Token, user: &str| {
        logins.push((place.to_owned(), settings.clone(), token, user.to_owned()));
    };
    let plain = ordinary("k1");
    for claim in ["iss", "sub", "aud", "jti", "nickname", "email_verified", "exp", "nbf", "iat", "tid", "groups", "cnf"]
    {
        add(claim, &plain, token(claims().set(claim, text)), "alice");
        add(claim, &plain, token(claims().set(claim, json!([text, text]))), text);
        add(claim, &plain, token(claims().set(claim, json!({text: text}))), "alice");
    }
    add("claim's name", &plain, token(claims().set(text, text)), "alice");
    add("claim's name twice", &plain, token(claims().set(text, 1).again(text, "1")), "alice");
    add("user", &plain, token(claims()), text);
    add("user and sub", &plain, token(claims().set("sub", text)), text);
    for member in ["kid", "alg", "typ", "cty", "crit", "zip", "b64", "jwk", "x5c"] {
        add(member, &plain, token(claims()).header(|header| header.set(member, text)), "alice");
        add(member, &plain, token(claims()).header(|header| header.set(member, json!({text: text}))), "alice");
    }
    add("header's name", &plain, token(claims()).header(|header| header.set(text, 1).again(text, "1")), "alice");
    let with = |name: &str, value: Value| {
        let mut settings = plain.clone();
        settings.insert(name.into(), value);
        settings
    };
    for (name, value) in [
        ("server.jwt_authentication.issuers", json!([text, "https://idp.example"])),
        ("server.jwt_authentication.issuers", json!([text])),
        ("server.jwt_authentication.audience", json!([text])),
        ("server.jwt_authentication.claim", json!(text)),
        ("server.jwt_authentication.claim", json!(format!("/{text}/~"))),
        ("server.jwt_authentication.jwks", json!(text)),
        ("server.jwt_authentication.enabled", json!(text)),
        ("server.jwt_authentication.issuers.custom_ca", json!(text)),
        ("server.identity_map.configuration", json!(format!("https://idp.example alice {text}"))),
        ("server.identity_map.configuration", json!(format!("https://idp.example /^{text}$ x\n{text} y z"))),
        (
            "server.identity_map.configuration",
            json!(format!("https://idp.example {} x", text.replace(['#', '\n', '\r'], ""))),
        ),
        ("engine.required_claims", json!([text])),
        ("engine.issuers", json!({"https://idp.example": {"claim": text}})),
        ("engine.issuers", json!({text: {"claim": "x"}})),
        ("engine.issuer_keys", json!({text: {"keys": []}})),
        (text, json!(1)),
    ] {
        add(&format!("setting {name:?}"), &with(name, value), token(claims()), "alice");
    }
    let groups = with("server.jwt_authentication.authorization.enabled", json!(true));
    add("groups", &groups, token(claims().set("groups", json!([text]))), "alice");
    let mut fetched = with("server.jwt_authentication.jwks_auto_fetch.enabled", json!(true));
    add("fetched kid", &fetched, token(claims()).header(|header| header.set("kid", text)), "alice");
    let address = json!({"issuer_jwks_map": {text: "https://idp.example/keys", "https://idp.example": text}});
    fetched.insert("server.jwt_authentication.issuers".into(), address);
    add("fetched issuer", &fetched, token(claims().set("iss", text)), "alice");
    add("fetched address", &fetched, token(claims()), "alice");
    add("key id", &ordinary(text), token(claims()), "alice");
    add("key id, named", &ordinary(text), token(claims()).header(|header| header.set("kid", text)), "alice");
    logins
}

#[test]
fn every_text_for_people_is_one_clean_line() {
    let mut looked_at = 0;
    for text in hostile_texts() {
        for (place, mut settings, token, user) in logins(&text) {
            let signed = token.text();
            let unsigned = format!("{}.{}", signed.rsplit_once('.').expect("three parts").0, encode([0; 64]));
            for profile in ["hardened", "cockroachdb"] {
                settings.insert("engine.profile".into(), profile.into());
                for token in [&signed, &unsigned, &text] {
                    looked_at += look(&format!("{place} {profile}"), &settings, token, &user);
                }
            }
        }
    }
    println!("{looked_at} texts, each one clean line");
    assert!(looked_at > 100_000);
}

#[test]
fn settings_as_sql_and_calls_that_cannot_be_understood_are_shown_clean_too() {
    for text in hostile_texts() {
        let quoted = text.replace('\'', "''");
        for sql in [
            format!("SET CLUSTER SETTING {text} = 1"),
            format!("SET CLUSTER SETTING server.jwt_authentication.issuers = {text}"),
            format!("SET CLUSTER SETTING server.jwt_authentication.enabled = '{quoted}'"),
            format!("SET CLUSTER SETTING \"{text}\" = 1;"),
            format!("{text}\tb\n"),
        ] {
            let explanation = Explanation::of(Settings::from_text(&sql), "", "alice", NOW);
            people(&explanation, &sql);
        }
        for call in [
            json!({"verb": text}),
            json!({text.as_str(): 1}),
            json!({"verb": "explain", "settings": {}, "token": "", "now": text}),
        ] {
            let answer: Value = serde_json::from_str(&wire::call(&call.to_string())).expect("a document");
            inert(answer["error"]["message"].as_str().expect("a message"), &text);
        }
    }
}

/// Looks at all that is said about one login; the number of texts.
fn look(about: &str, settings: &Map<String, Value>, token: &str, user: &str) -> usize {
    let document = Value::Object(settings.clone()).to_string();
    let parsed = Settings::from_json(&document);
    if let Ok(validator) = parsed.clone().and_then(|settings| Validator::new(&settings))
        && let Err(refusal) = validator.validate(token, user, NOW)
    {
        inert(&refusal.to_string(), about);
        match refusal {
            Refusal::Rejected(rejection) => {
                for text in [rejection.to_string(), rejection.message, rejection.remedy] {
                    inert(&text, about);
                }
            }
            Refusal::KeysNeeded(keys) => inert(&keys.to_string(), about),
            other => panic!("an unknown kind of refusal: {other}"),
        }
    }
    if let Err(error) = parsed.clone().and_then(|settings| Validator::new(&settings).map(|_| settings)) {
        for text in [error.to_string(), error.message, error.remedy] {
            inert(&text, about);
        }
    }
    let explanation = Explanation::of(parsed, token, user, NOW);
    let shown = explanation.timeline().file(about).document(&document);
    for lines in [shown.lines(), shown.width(40).verbose(true).lines(), shown.width(80).ascii(true).lines()] {
        for (number, line) in lines.iter().enumerate() {
            inert(&line.to_string(), about);
            assert!(number == 0 || line.indent >= 2 || line.lead.is_empty() && line.text.is_empty(), "{about}: {line}");
        }
    }
    people(&explanation, about) + people(&explanation.redacted(), about)
}

/// Looks at the timeline, and at the document but for what keeps its exact words: token, login and client.
fn people(explanation: &Explanation, about: &str) -> usize {
    let timeline = explanation.to_string();
    for (number, line) in timeline.lines().enumerate() {
        inert(line, about);
        assert!(number == 0 || line.is_empty() || line.starts_with("  "), "{about}: a line of its own: {line}");
    }
    assert!(!timeline.contains('\r'));
    let mut document: Value = serde_json::from_str(&explanation.to_json()).expect("a document");
    let members = document.as_object_mut().expect("an object");
    for exact in ["token", "login", "client"] {
        members.remove(exact);
    }
    strings(&document, about)
}

fn strings(value: &Value, about: &str) -> usize {
    match value {
        Value::String(text) => {
            inert(text, about);
            1
        }
        Value::Array(values) => values.iter().map(|value| strings(value, about)).sum(),
        // The change itself is exact: what it holds is in the settings already, or can be copied as it is shown.
        Value::Object(members) => {
            let shown = members.iter().filter(|(name, _)| !matches!(name.as_str(), "change" | "sql" | "document"));
            shown.map(|(_, value)| strings(value, about)).sum()
        }
        _ => 0,
    }
}

#[track_caller]
fn inert(text: &str, about: &str) {
    use std::sync::LazyLock;
    static HOSTILE: LazyLock<BTreeSet<char>> = LazyLock::new(|| hostile_characters().into_iter().collect());
    let found = text.chars().find(|character| HOSTILE.contains(character));
    assert_eq!(found, None, "{about}: {}", text.escape_unicode());
}
