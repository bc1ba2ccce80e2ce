//! An ordinary login, for whoever changes one thing about it: one issuer, one audience, one key, and Alice.

use serde_json::Value;

use crate::mint::{Key, Members, Token};

/// The time of the login: 2027-01-15T08:00:00Z.
pub const NOW: i64 = 1_800_000_000;

/// The algorithms, each with a test key that fits and the `alg` that its JWK may name.
pub const ALGORITHMS: [(&str, &str); 11] = [
    ("RS256", "test-rsa-1"),
    ("RS384", "test-rsa-1"),
    ("RS512", "test-rsa-1"),
    ("PS256", "test-rsa-1"),
    ("PS384", "test-rsa-1"),
    ("PS512", "test-rsa-1"),
    ("ES256", "test-p256"),
    ("ES384", "test-p384"),
    ("ES512", "test-p521"),
    ("EdDSA", "test-ed25519"),
    ("Ed25519", "test-ed25519"),
];

/// A JWK set as text.
#[must_use]
pub fn jwks(keys: &[Members]) -> String {
    let keys: Vec<_> = keys.iter().map(Members::to_string).collect();
    format!("{{\"keys\":[{}]}}", keys.join(","))
}

/// Settings for one issuer and one audience.
#[must_use]
pub fn settings(jwks: &str) -> [(&'static str, Value); 4] {
    [
        ("server.jwt_authentication.enabled", true.into()),
        ("server.jwt_authentication.jwks", jwks.into()),
        ("server.jwt_authentication.issuers", "https://idp.example".into()),
        ("server.jwt_authentication.audience", "db-login".into()),
    ]
}

/// The claims of Alice's token, issued a minute ago for an hour.
#[must_use]
pub fn claims() -> Members {
    Members::new()
        .set("iss", "https://idp.example")
        .set("sub", "alice")
        .set("aud", "db-login")
        .set("iat", NOW - 60)
        .set("exp", NOW + 3600)
}

/// Alice's token, signed with the key named `k1`.
#[must_use]
pub fn token(key: &'static Key, algorithm: &'static str) -> Token {
    Token::new(key, "k1", algorithm, claims())
}
