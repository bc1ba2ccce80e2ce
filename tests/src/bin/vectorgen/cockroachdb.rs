//! The database's own cases, profile `cockroachdb`. The letters and numbers cited are those of the reference behaviour:
//! U and D restate the database's tests of logins, J of pointer claims, S of settings, I of the identity map, N of user
//! names; L are cases of its token library.

use serde_json::Value;
use sqljwt_conformance::Profile;

use crate::{
    book::{Book, NOW, jwks},
    mint::{Members, Token, key},
};

pub(crate) mod identity;
pub(crate) mod keys;
pub(crate) mod logins;
pub(crate) mod principals;
pub(crate) mod settings;
pub(crate) mod tokens;

/// A book whose cases start from the laboratory's ordinary login: one RSA key, one issuer, one audience, user `u`.
fn book(name: &'static str, about: &'static str) -> Book {
    let mut book = Book::new(name, about, Profile::Cockroachdb);
    book.base("lab", &enabled("issuer1", "test_cluster", &jwks(&[lab_key()])));
    book.login(lab_token(), "u", NOW);
    book
}

fn enabled(issuers: &str, audience: &str, jwks: &str) -> [(&'static str, Value); 4] {
    [
        ("server.jwt_authentication.enabled", true.into()),
        ("server.jwt_authentication.issuers", issuers.into()),
        ("server.jwt_authentication.audience", audience.into()),
        ("server.jwt_authentication.jwks", jwks.into()),
    ]
}

fn lab_key() -> Members {
    key("test-rsa-1").public("k1").set("alg", "RS256")
}

fn lab_token() -> Token {
    let claims = Members::new().set("iss", "issuer1").set("sub", "u").set("aud", "test_cluster").set("exp", NOW + 3600);
    Token::new(key("test-rsa-1"), "k1", "RS256", claims)
}
