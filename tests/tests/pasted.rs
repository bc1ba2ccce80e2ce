//! What was pasted as the token, or what became of it on its way: whatever it is, it is named first, nothing false is said of it,
//! and no part of a token is repeated.

use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::{Map, Value, json};
use sqljwt::{Settings, Validator};
use sqljwt_conformance::{
    mint::{Members, key},
    ordinary::{ALGORITHMS, NOW, jwks, settings, token},
};

/// The document of an explanation.
fn explain(validator: &Validator, text: impl AsRef<[u8]>) -> Value {
    serde_json::to_value(validator.explain(text.as_ref(), "alice", NOW)).unwrap()
}

fn validator(name: &str) -> Validator {
    let jwk = key(name).public("k1");
    let settings: Map<String, Value> =
        settings(&jwks(&[jwk])).into_iter().map(|(name, value)| (name.into(), value)).collect();
    Validator::new(&Settings::from_json(&Value::from(settings).to_string()).unwrap()).unwrap()
}

fn alice() -> (Validator, String) {
    let text = token(key("test-p256"), "ES256").text();
    (validator("test-p256"), text)
}

/// What a reader meets first: the reason, and the first near miss.
fn headline(document: &Value) -> String {
    let near = document["advice"].as_array().unwrap().iter().find(|advice| advice["kind"] == "near_miss");
    let text = |part: &Value| {
        let text = |name: &str| part[name].as_str().unwrap_or_default().to_owned();
        text("message") + " " + &text("remedy")
    };
    format!("{}\n{}", text(&document["reason"]), near.map(text).unwrap_or_default())
}

/// All that is said, the token's own decoded view left out.
fn said(document: &Value) -> String {
    let mut document = document.clone();
    document["token"] = Value::Null;
    document.to_string()
}

fn assert_inert(document: &Value, token: &str) {
    let said = said(document);
    for part in token.split('.') {
        for at in 0..part.len().saturating_sub(16) {
            assert!(!said.contains(&part[at..at + 16]), "repeats a part of the token: {said}");
        }
    }
}

/// Everything that people paste with a token in it, with what is to be said of it.
fn wrapped(token: &str) -> Vec<(Vec<u8>, &'static str)> {
    let other =
        sqljwt_conformance::ordinary::token(key("test-p256"), "ES256").claims(|claims| claims.set("sub", "bob")).text();
    let texts: Vec<(String, &str)> = vec![
        (format!("Bearer {token}"), "Bearer"),
        (format!("Authorization: Bearer {token}"), "Authorization: Bearer"),
        (format!("authorization: bearer {token}\r\n"), "Bearer"),
        (format!("Cookie: session=1; id_token={token}; theme=dark"), "`id_token`"),
        (format!("token={token}"), "`token=`"),
        (format!("export TOKEN='{token}'"), "`TOKEN=`"),
        (format!("$env:TOKEN = \"{token}\""), "`TOKEN=`"),
        (format!("set TOKEN={token}"), "`TOKEN=`"),
        (format!("postgresql://alice:{token}@db.example:26257/defaultdb?sslmode=verify-full"), "connection URL"),
        (format!("host=db.example user=alice password={token} dbname=defaultdb"), "connection string"),
        (format!("jdbc:postgresql://db.example/defaultdb?user=alice&password={token}&ssl=true"), "connection URL"),
        (format!("curl -H 'Authorization: Bearer {token}' https://db.example"), "command"),
        (format!("PGPASSWORD={token} psql -h db.example"), "`PGPASSWORD=`"),
        (format!("https://app.example/cb#id_token={token}&state=1"), "URL"),
        (format!("'{token}'"), "quotes"),
        (format!("“{token}”"), "typographic quotes"),
        (format!("«{token}»"), "typographic quotes"),
        (format!("„{token}“"), "typographic quotes"),
        (format!("{token}\","), "`\",`"),
        (format!("{token};"), "`;`"),
        (format!("{token},"), "`,`"),
        (format!("{token}."), "`.`"),
        (format!("<{token}>"), "`<` stands before"),
        (format!("```{token}```"), "quotes"),
        (format!("\\\"{token}\\\""), "`"),
        (format!("%22{token}%22"), "URL-encoded"),
        (token.replace('.', "%2E"), "URL-encoded"),
        (token.replace('.', "%252E"), "URL-encoded"),
        (token.replace('.', "=2E"), "quoted-printable"),
        (token.replace('.', "&#46;"), "HTML-encoded"),
        (token.replace('.', "\\u002e"), "backslash"),
        (format!("{}=", token.replace('-', "+").replace('_', "/")), "base64"),
        (BASE64_STANDARD.encode(token), "base64 of"),
        (BASE64_STANDARD.encode(format!("Bearer {token}\n")), "base64 of"),
        (format!("\u{feff}{token}"), "byte order mark"),
        (format!("\u{200b}{token}"), "invisible"),
        (format!("{token}\0"), "NUL"),
        (json!({"access_token": token, "token_type": "Bearer", "expires_in": 300}).to_string(), "`access_token`"),
        (
            json!({"accessToken": token, "tokenType": "Bearer", "expiresOn": "x"}).to_string(),
            "`az account get-access-token`",
        ),
        (json!({"kind": "ExecCredential", "status": {"token": token}}).to_string(), "`status.token`"),
        (json!({"access_token": token, "id_token": token}).to_string(), "several tokens"),
        (format!("'{}'", json!({"id_token": token})), "`id_token`"),
        (format!("{{'access_token': '{token}'}}"), "`access_token:`"),
        (json!(token).to_string(), "without the quotes"),
        (format!("{token} {other}"), "two tokens"),
        (format!("{token}{other}"), "two tokens"),
        (format!("{token}\n{other}\n"), "two tokens"),
        (format!("HTTP/1.1 200 OK\r\n\r\n{token}"), "other text"),
        (format!("your token is: {token}"), "`is:`"),
        (token.replace('.', " "), "dots belong"),
        (format!("&quot;{token}&quot;"), "HTML-encoded"),
    ];
    let mut bytes: Vec<(Vec<u8>, &str)> = texts.into_iter().map(|(text, words)| (text.into_bytes(), words)).collect();
    let little: Vec<u8> = token.encode_utf16().flat_map(u16::to_le_bytes).collect();
    bytes.push((little.clone(), "UTF-16"));
    bytes.push(([&[0xff, 0xfe], &little[..]].concat(), "UTF-16"));
    bytes.push((token.encode_utf16().flat_map(u16::to_be_bytes).collect(), "UTF-16"));
    bytes.push(([&[1, 0xfc, 0x9c, 2], token.as_bytes()].concat(), "4 bytes"));
    bytes
}

#[test]
fn what_stands_around_a_token_is_named_and_what_it_would_do_without() {
    let (validator, token) = alice();
    for (text, words) in wrapped(&token) {
        let document = explain(&validator, &text);
        let (headline, shown) = (headline(&document), String::from_utf8_lossy(&text).into_owned());
        assert_eq!(document["decision"], "reject", "{shown}");
        assert!(headline.contains(words), "{words}: {headline}");
        assert!(headline.contains("log in as `alice`"), "{shown}: {headline}");
        assert!(!said(&document).contains("may let this token in"), "{shown}");
        assert_inert(&document, &token);
    }
}

#[test]
fn line_breaks_are_told_at_every_wrap() {
    let (validator, token) = alice();
    for width in (1..token.len()).step_by(3) {
        for with in ["\n", "\r\n", " ", "\t", "=\r\n", "\\\n"] {
            if with == "=\r\n" && width < 8 {
                continue;
            }
            let pieces: Vec<_> =
                token.as_bytes().chunks(width).map(|piece| std::str::from_utf8(piece).unwrap()).collect();
            let document = explain(&validator, pieces.join(with));
            let headline = headline(&document);
            assert!(headline.contains("log in as `alice`"), "{width} {with:?}: {headline}");
            let named =
                ["line break", "spaces or tabs", "quoted-printable"].iter().any(|words| headline.contains(words));
            assert!(
                named && headline.contains("remove") | headline.contains("without"),
                "{width} {with:?}: {headline}"
            );
            let taken = said(&document).contains("reads over line ends inside a token, and lets this token in");
            assert_eq!(taken, with == "\n" || with == "\r\n", "the database reads over line ends alone: {with:?}");
        }
    }
}

#[test]
fn a_token_that_is_cut_is_told_as_that_at_every_length() {
    for (algorithm, name) in ALGORITHMS {
        let token = token(key(name), algorithm).text();
        let validator = validator(name);
        assert_eq!(explain(&validator, &token)["decision"], "accept", "{algorithm}");
        for length in 12..token.len() {
            let document = explain(&validator, &token[..length]);
            let (headline, said) = (headline(&document), said(&document));
            assert!(headline.contains("the token is cut"), "{algorithm} {length}: {headline}");
            assert!(headline.contains("send the whole token"), "{algorithm} {length}: {headline}");
            assert!(headline.contains(&format!("{length} bytes arrived")), "{algorithm} {length}: {headline}");
            for false_here in ["unused bits", "not the one that the issuer serves", "rotated", "CockroachDB itself"] {
                assert!(!said.contains(false_here), "{algorithm} {length}: {said}");
            }
            assert_inert(&document, &token);
        }
    }
}

#[test]
fn a_cut_token_whose_key_is_unknown_is_not_blamed_on_rotation() {
    let token = token(key("test-p256"), "ES256").header(|header| header.set("kid", "k2")).text();
    let document = explain(&validator("test-p256"), &token[..token.len() - 4]);
    assert!(!said(&document).contains("rotated"), "{document}");
}

#[test]
fn how_much_of_a_signature_is_there_is_told_by_the_key() {
    for (name, whole) in [("test-rsa-1", 256), ("test-rsa-3072", 384)] {
        let token = token(key(name), "RS256").text();
        for missing in 1..=8 {
            let text = &token[..token.len() - missing];
            let bytes = (whole * 8_usize).div_ceil(6).saturating_sub(missing) * 6 / 8;
            let headline = headline(&explain(&validator(name), text));
            assert!(headline.contains(&format!("{bytes} of {whole} bytes")), "{name} {missing}: {headline}");
        }
        let longer = explain(&validator(name), format!("{token}AAAA"));
        assert!(headline(&longer).contains("something was added"), "{longer}");
    }
}

#[test]
fn a_token_with_one_character_changed_is_not_called_anything_else() {
    let (validator, token) = alice();
    for at in 8..token.len() {
        let mut text = token.clone().into_bytes();
        text[at] = if text[at] == b'A' { b'B' } else { b'A' };
        let said = said(&explain(&validator, &text));
        for wrong in ["a password", "opaque", "placeholder"] {
            assert!(!said.contains(wrong), "{at}: {said}");
        }
    }
}

/// What the database takes and is refused here: told only where nothing else keeps the token out.
#[test]
fn the_database_is_called_laxer_by_the_cause_and_not_by_the_code() {
    let signed = || token(key("test-p256"), "ES256");
    let with_key = |change: fn(Members) -> Members| {
        let settings: Map<String, Value> = settings(&jwks(&[change(key("test-p256").public("k1"))]))
            .into_iter()
            .map(|(name, value)| (name.into(), value))
            .collect();
        Validator::new(&Settings::from_json(&Value::from(settings).to_string()).unwrap()).unwrap()
    };
    let plain = || validator("test-p256");
    let crit = || signed().header(|header| header.raw("crit", "[\"x\"]"));
    for (validator, text, is_said) in [
        (plain(), crit().text(), true),
        (plain(), crit().text() + "AAAA", false),
        (plain(), crit().claims(|claims| claims.set("exp", NOW - 3600)).text(), false),
        (plain(), crit().header(|header| header.set("kid", "k2")).text(), false),
        (with_key(|key| key.set("use", "enc")), signed().text(), false),
        (with_key(|key| key.raw("key_ops", "[\"sign\"]")), signed().text(), true),
        (plain(), signed().claims(|claims| claims.without("exp")).text(), true),
        (plain(), signed().text() + "=", false),
        (plain(), signed().text() + "==", true),
        (plain(), format!(" {} ", signed().text()), true),
        (plain(), signed().text().replacen('.', " .", 1), false),
    ] {
        let document = explain(&validator, &text);
        assert_eq!(said(&document).contains("CockroachDB itself"), is_said, "{document}");
    }
}

#[test]
fn known_limits_are_named() {
    let long = token(key("test-p256"), "ES256").claims(|claims: Members| claims.set("x", "y".repeat(12_000))).text();
    let validator = validator("test-p256");
    for (length, who) in [
        (99, "psql"),
        (511, "pam_exec"),
        (1023, "pgcopydb"),
        (2047, "PgBouncer"),
        (4095, "terminal"),
        (10_238, "MariaDB"),
    ] {
        let headline = headline(&explain(&validator, &long[..length]));
        assert!(headline.contains(who), "{length}: {headline}");
    }
}

#[test]
fn what_is_no_token_is_named_and_what_to_send_instead() {
    let (validator, token) = alice();
    let unsigned = token.rsplit_once('.').unwrap().0;
    for (text, words, instead) in [
        (String::new(), "no token", "jwt_auth_enabled=true"),
        ("  \n".into(), "white space", "jwt_auth_enabled=true"),
        ("Summer2026!".into(), "password", "jwt_auth_enabled=true"),
        ("ya29.a0AfH6SMBxyyyyyyyyyyyyyyyyyy".into(), "access token of Google", "print-identity-token"),
        ("Bearer ghp_16C7e42F292c6912E7710c838347Ae178B4a".into(), "GitHub", "OIDC"),
        ("export TOKEN=glpat-16C7e42F292c6912E771".into(), "GitLab", "OIDC"),
        (format!("0.AXoA{0}.AgAB{0}", "y".repeat(40)), "Entra", "access token"),
        ("hvs.CAESIJ3yyyyyyyyyyyyyyyyyyy".into(), "Vault", "ID token"),
        (r#"{"error":"invalid_grant","error_description":"AADSTS70008: expired"}"#.into(), "invalid_grant", "again"),
        (r#"{"access_token":"ya29.a0AfH6SMBxyyyyyyyyyyyy"}"#.into(), "Google", "print-identity-token"),
        (r#"{"keys":[{"kty":"RSA","n":"AQ","e":"AQAB"}]}"#.into(), "JWKS", "request a token"),
        (r#"{"payload":"e30","signatures":[]}"#.into(), "JSON serialization", "compact form"),
        ("{JWT_TOKEN}".into(), "placeholder", "in its place"),
        ("\"$TOKEN\"".into(), "variable", "value"),
        ("null".into(), "`null`", "anew"),
        (format!("{}…", &token[..60]), "shortened", "whole"),
        (format!("{}...", &token[..60]), "shortened", "whole"),
        (format!("{}...{}", &token[..40], &token[100..]), "shortened", "whole"),
        ("<samlp:Response xmlns:samlp=\"urn\"><saml:Assertion/></samlp:Response>".into(), "SAML", "OIDC"),
        (BASE64_STANDARD.encode("<samlp:Response xmlns:samlp=\"urn\"/>"), "SAML", "OIDC"),
        ("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----".into(), "certificate", "ID token"),
        ("eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..abcd.abcd.eW91".into(), "encrypted", "audience"),
        (format!("{unsigned}."), "cut", "whole"),
    ] {
        let document = explain(&validator, &text);
        let headline = headline(&document);
        assert_eq!(document["decision"], "reject", "{text}");
        assert!(headline.contains(words), "{text}: {headline}");
        assert!(headline.contains(instead), "{text}: {headline}");
        assert!(!said(&document).contains("CockroachDB itself"), "{text}");
        assert_inert(&document, &token);
    }
}

#[test]
fn no_opaque_token_or_password_is_repeated() {
    let (validator, _) = alice();
    for secret in ["Summer2026!", "16C7e42F292c6912E7710c838347Ae178B4a", "correct horse battery staple"] {
        for before in [
            "",
            "ghp_",
            "Bearer ",
            "token=",
            "ya29.",
            "postgresql://alice:",
            "Authorization: Basic ",
            "{\"password\":\"",
            "0.A",
        ] {
            let document = explain(&validator, format!("{before}{secret}"));
            assert!(!document.to_string().contains(secret), "{before}: {document}");
        }
    }
}

#[test]
fn any_bytes_are_explained() {
    let (validator, token) = alice();
    let mut state = 1_u32;
    for _ in 0..2000 {
        let mut text = token.clone().into_bytes();
        for _ in 0..3 {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let (at, byte) = (state as usize % text.len(), (state >> 16) as u8);
            if state & 1 == 0 { text[at] = byte } else { text.insert(at, byte) }
        }
        assert!(headline(&explain(&validator, &text)).len() < 4000);
    }
}
