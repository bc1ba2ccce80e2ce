//! How is a good token spoilt where changing a claim or a header member is not enough?

use jsonwebtoken::EncodingKey;
use serde_json::{Map, Value, json};
use sqljwt::Algorithm;

use crate::{
    issuer::Issuer,
    keys::{SigningKey, base64url, sign},
    token::TokenBuilder,
};

/// As it is: what is wrong is in the settings.
pub(super) fn unchanged(good: TokenBuilder<'_>) -> String {
    good.mint()
}

/// Without its signature.
pub(super) fn cut(good: TokenBuilder<'_>) -> String {
    let (input, _) = parts(good);
    input
}

/// With a claim that was not there when it was signed.
pub(super) fn tampered(good: TokenBuilder<'_>) -> String {
    let (header, claims) = good.clone().claim("jti", "changed after signing").texts();
    let (_, signature) = parts(good);
    format!("{}.{}.{signature}", base64url(header), base64url(claims))
}

/// With the claim `iss` twice.
pub(super) fn claim_twice(good: &TokenBuilder<'_>) -> String {
    let (header, _) = good.texts();
    good.signed(&header, &twice(&good.claims, "iss"))
}

/// With the header member `kid` twice.
pub(super) fn header_member_twice(good: &TokenBuilder<'_>) -> String {
    let (_, claims) = good.texts();
    good.signed(&twice(&good.header, "kid"), &claims)
}

/// With another text in place of its header.
pub(super) fn header_text(good: &TokenBuilder<'_>, text: &str) -> String {
    let (_, claims) = good.texts();
    good.signed(text, &claims)
}

/// With another text in place of its claims.
pub(super) fn claims_text(good: &TokenBuilder<'_>, text: &str) -> String {
    let (header, _) = good.texts();
    good.signed(&header, text)
}

/// With nothing in place of its signature.
pub(super) fn unsigned(good: TokenBuilder<'_>) -> String {
    let (header, claims) = good.header("alg", "none").texts();
    format!("{}.{}.", base64url(header), base64url(claims))
}

/// Signed with the published key as a shared secret: a verifier that lets the token choose the algorithm takes it for
/// good.
pub(super) fn hs256_with_public_key(good: TokenBuilder<'_>) -> String {
    let secret = good.issuer.key().public_jwk().to_string();
    let (header, claims) = good.header("alg", "HS256").texts();
    let input = format!("{}.{}", base64url(header), base64url(claims));
    let signature =
        sign(jsonwebtoken::Algorithm::HS256, &EncodingKey::from_secret(secret.as_bytes()), input.as_bytes());
    format!("{input}.{}", base64url(signature))
}

/// Signed by another key of the same id and algorithm.
pub(super) fn forged(good: TokenBuilder<'_>) -> String {
    let key = stranger(good.issuer, good.issuer.key().algorithm());
    good.signed_with(&key).mint()
}

/// The same, and the other key stands in the header.
pub(super) fn jwk_header(good: TokenBuilder<'_>) -> String {
    let key = stranger(good.issuer, good.issuer.key().algorithm());
    good.header("jwk", key.public_jwk()).signed_with(&key).mint()
}

/// Signed by a key of the same id for another algorithm.
pub(super) fn other_algorithm(good: TokenBuilder<'_>) -> String {
    let own = good.issuer.key().algorithm();
    signed_by_a(if own == Algorithm::ES256 { Algorithm::ES384 } else { Algorithm::ES256 }, good)
}

/// Signed by an RSA key that fits [`weak`] but for its length: the library signs with none so short, and a signature is
/// not what the token is refused for.
pub(super) fn weakly_signed(good: TokenBuilder<'_>) -> String {
    signed_by_a(Algorithm::RS256, good)
}

/// The issuer's key set replaced by an RSA key of 1024 bits.
pub(super) fn weak(issuer: &Issuer) -> Value {
    let key = json!({"kty": "RSA", "n": N_1024, "e": "AQAB", "kid": issuer.key().id(), "use": "sig", "alg": "RS256"});
    json!({JWKS: {"keys": [key]}})
}

/// The issuer's keys, published with some members changed.
pub(super) fn published(issuer: &Issuer, changes: &Value) -> Value {
    let mut jwks = issuer.jwks();
    for key in jwks["keys"].as_array_mut().into_iter().flatten() {
        for (name, value) in changes.as_object().into_iter().flatten() {
            key[name] = value.clone();
        }
    }
    json!({JWKS: jwks})
}

/// What is signed, and the signature.
fn parts(token: TokenBuilder<'_>) -> (String, String) {
    let text = token.mint();
    let (input, signature) = text.rsplit_once('.').expect("a token of three parts");
    (input.to_owned(), signature.to_owned())
}

/// The object with one member stated twice.
fn twice(members: &Map<String, Value>, name: &str) -> String {
    let once = Value::Object(members.clone()).to_string();
    let open = once.strip_suffix('}').expect("an object");
    format!("{open},{}:{}}}", Value::from(name), members.get(name).unwrap_or(&Value::Null))
}

fn signed_by_a(algorithm: Algorithm, good: TokenBuilder<'_>) -> String {
    let key = stranger(good.issuer, algorithm);
    good.header("alg", algorithm.as_str()).signed_with(&key).mint()
}

/// A key of somebody else, under the id of the issuer's own.
fn stranger(issuer: &Issuer, algorithm: Algorithm) -> SigningKey {
    SigningKey::generate(issuer.key().id(), algorithm)
}

pub(super) const JWKS: &str = "server.jwt_authentication.jwks";

/// The modulus of a test key of 1024 bits: never trust it anywhere.
const N_1024: &str = concat!(
    "oRxjQBcTE-Tn1aR70VgF_hQkcMEUINqw8iydxjhf6U7bAEBv8_HcCZh26Z3L37-L7v0F6tq1uZrIBPaAWz_Xu-",
    "qccGjSYkc7woff3wsibFUFmlPxb0Fd6Johq_foL8n3wCxJPlUFaPF4ZpyKLFlsvE3gcufb2cxueWg3o9tiLw0",
);
