//! Under which settings are inputs tried, and who may log in there?

use std::{collections::HashSet, sync::LazyLock};

use aws_lc_rs::signature::Ed25519KeyPair;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use sqljwt::{Settings, Validator};
use sqljwt_conformance::vectors;

/// The present, as in the vectors.
pub(crate) const NOW: i64 = 1_800_000_000;
pub(crate) const ISSUER: &str = "https://idp.example";
pub(crate) const AUDIENCE: &str = "db-login";
/// The id of the key that [`signed`] signs with.
pub(crate) const KEY_ID: &str = "fuzz";

/// The names of the profiles, as settings write them.
pub(crate) const PROFILES: [&str; 2] = ["hardened", "cockroachdb"];

/// Every token that anybody has signed with a test key.
pub(crate) static SIGNED: LazyLock<HashSet<String>> =
    LazyLock::new(|| vectors().into_iter().map(|vector| vector.row.token).collect());

/// A token whose header and claims say that everything is in order, and whose signature is nobody's.
pub(crate) static FORGED: LazyLock<String> = LazyLock::new(|| {
    let header = format!(r#"{{"alg":"EdDSA","kid":"{KEY_ID}"}}"#);
    let message = message(header.as_bytes(), claims("alice").as_bytes());
    format!("{message}.{}", encoded(&[7; 64]))
});

/// A token that may log in as `alice` wherever the scene's settings hold.
pub(crate) static GENUINE: LazyLock<String> =
    LazyLock::new(|| signed(&format!(r#"{{"alg":"EdDSA","kid":"{KEY_ID}"}}"#), &claims("alice")));

/// The scene's key set: the published halves of the test keys.
pub(crate) static KEYS: LazyLock<Value> = LazyLock::new(|| {
    json!({"keys": [
        public("ed25519", KEY_ID, &["kty", "crv", "x"]),
        public("rsa-1", "k1", &["kty", "n", "e"]),
        public("p256", "p256", &["kty", "crv", "x", "y"]),
    ]})
});

static SIGNER: LazyLock<Ed25519KeyPair> = LazyLock::new(|| {
    let seed = key_file("ed25519")["d"].as_str().map(|seed| BASE64_URL_SAFE_NO_PAD.decode(seed).expect("base64url"));
    Ed25519KeyPair::from_seed_unchecked(&seed.expect("a private key")).expect("a test key")
});

/// Settings under which [`GENUINE`] may log in, with changes.
pub(crate) fn settings(profile: &str, changes: &Value) -> Value {
    let mut settings = json!({
        "engine.profile": profile,
        "server.jwt_authentication.enabled": true,
        "server.jwt_authentication.issuers": [ISSUER, "https://mapped.example"],
        "server.jwt_authentication.audience": [AUDIENCE, "api://db"],
        "server.jwt_authentication.jwks": *KEYS,
    });
    for (name, value) in changes.as_object().expect("an object of settings") {
        settings[name] = value.clone();
    }
    settings
}

/// A validator of settings that can be used.
pub(crate) fn validator(settings: &Value) -> Validator {
    let settings = Settings::from_json(&settings.to_string()).expect("settings that can be read");
    Validator::new(&settings).expect("settings that can be used")
}

/// Claims under which `subject` may log in.
pub(crate) fn claims(subject: &str) -> String {
    let (issued_at, expires_at) = (NOW - 60, NOW + 3600);
    json!({"iss": ISSUER, "sub": subject, "aud": AUDIENCE, "iat": issued_at, "exp": expires_at}).to_string()
}

/// A token with this header and these claims, signed with the key [`KEY_ID`] whatever they say.
pub(crate) fn signed(header: &str, claims: &str) -> String {
    let message = message(header.as_bytes(), claims.as_bytes());
    let signature = encoded(SIGNER.sign(message.as_bytes()).as_ref());
    format!("{message}.{signature}")
}

pub(crate) fn message(header: &[u8], claims: &[u8]) -> String {
    format!("{}.{}", encoded(header), encoded(claims))
}

pub(crate) fn encoded(bytes: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

fn public(name: &str, id: &str, members: &[&str]) -> Value {
    let key = key_file(name);
    let mut public = json!({"kid": id});
    for &member in members {
        public[member] = key[member].clone();
    }
    public
}

fn key_file(name: &str) -> Value {
    let path = sqljwt_conformance::folder().join("keys").join(format!("test-{name}.json"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
