//! Who logs in where? Test keys, tokens that are the same bytes at every run, and settings of any size.

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ED25519, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents,
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use jsonwebtoken::DecodingKey;
use p256::ecdsa::signature::Signer as _;
use rsa::{BoxedUint, Pkcs1v15Sign, PrivateKey as RsaPrivateKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use sqljwt::{Settings, Validator};

pub(crate) const ISSUER: &str = "https://idp.example/tenants/main";
pub(crate) const AUDIENCE: &str = "sql-login";
/// The moment of every login, in Unix seconds.
pub(crate) const NOW: i64 = 1_800_000_000;
/// The SQL user that every bearer's first line gives.
pub(crate) const USER: &str = "alice";
/// The bearer of an ordinary token.
pub(crate) const BEARER: &str = "alice@corp.example";

/// A test key and the algorithm it signs with. Its private half is in `tests/keys` for everyone to see.
pub(crate) struct Signer {
    pub(crate) algorithm: jsonwebtoken::Algorithm,
    jwk: Value,
}

pub(crate) fn rsa() -> Signer {
    Signer::new(jsonwebtoken::Algorithm::RS256, include_str!("../../../tests/keys/test-rsa-1.json"))
}

pub(crate) fn p256() -> Signer {
    Signer::new(jsonwebtoken::Algorithm::ES256, include_str!("../../../tests/keys/test-p256.json"))
}

pub(crate) fn ed25519() -> Signer {
    Signer::new(jsonwebtoken::Algorithm::EdDSA, include_str!("../../../tests/keys/test-ed25519.json"))
}

impl Signer {
    fn new(algorithm: jsonwebtoken::Algorithm, jwk: &str) -> Self {
        Self { algorithm, jwk: serde_json::from_str(jwk).expect("a test key is a JWK") }
    }

    pub(crate) fn kid(&self) -> &str {
        self.text("kid")
    }

    /// A token of about 600 bytes for a bearer.
    pub(crate) fn token(&self, bearer: &str) -> String {
        self.token_of(self.kid(), &claims(bearer))
    }

    /// A token with a key id and claims, filled up to about 600 bytes.
    pub(crate) fn token_of(&self, kid: &str, claims: &Value) -> String {
        let signature_bytes = if self.jwk["kty"] == "RSA" { 256 } else { 64 };
        let header = json!({"alg": format!("{:?}", self.algorithm), "kid": kid, "typ": "JWT"}).to_string();
        let mut claims = claims.clone();
        claims["jti"] = "".into();
        let filling = 447_usize.saturating_sub(header.len() + claims.to_string().len() + signature_bytes);
        claims["jti"] = "f".repeat(filling).into();
        let input = format!("{}.{}", encode(header), encode(claims.to_string()));
        format!("{input}.{}", encode(self.sign(input.as_bytes())))
    }

    fn sign(&self, input: &[u8]) -> Vec<u8> {
        let seed = || self.bytes("d").try_into().expect("a seed of 32 bytes");
        match self.text("kty") {
            "RSA" => {
                let number = |name| BoxedUint::from_be_slice_vartime(&self.bytes(name));
                let primes = vec![number("p"), number("q")];
                let key = RsaPrivateKey::from_components(number("n"), number("e"), number("d"), primes);
                let key = key.expect("an RSA key");
                key.sign(Pkcs1v15Sign::new::<Sha256>(), &Sha256::digest(input)).expect("a signature")
            }
            "EC" => {
                let key = p256::ecdsa::SigningKey::from_slice(&self.bytes("d")).expect("a P-256 key");
                let signature: p256::ecdsa::Signature = key.sign(input);
                signature.to_bytes().to_vec()
            }
            _ => ed25519_dalek::SigningKey::from_bytes(&seed()).sign(input).to_bytes().to_vec(),
        }
    }

    /// The public half as a JWK.
    pub(crate) fn public(&self, kid: &str) -> Value {
        let mut jwk = self.jwk.clone();
        let members = jwk.as_object_mut().expect("a JWK is an object");
        members.retain(|name, _| matches!(name.as_str(), "kty" | "crv" | "n" | "e" | "x" | "y"));
        jwk["kid"] = kid.into();
        jwk
    }

    /// The public half, parsed for bare signature checks.
    pub(crate) fn parsed(&self) -> ParsedPublicKey {
        let key = match self.text("kty") {
            "RSA" => RsaPublicKeyComponents { n: self.bytes("n"), e: self.bytes("e") }
                .to_parsed_public_key(&RSA_PKCS1_2048_8192_SHA256),
            "EC" => {
                let point = [&[4][..], &self.bytes("x"), &self.bytes("y")].concat();
                ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, &point)
            }
            _ => ParsedPublicKey::new(&ED25519, self.bytes("x")),
        };
        key.expect("a test key is a key")
    }

    /// The public half for jsonwebtoken.
    pub(crate) fn decoding_key(&self) -> DecodingKey {
        let key = match self.text("kty") {
            "RSA" => DecodingKey::from_rsa_components(self.text("n"), self.text("e")),
            "EC" => DecodingKey::from_ec_components(self.text("x"), self.text("y")),
            _ => DecodingKey::from_ed_components(self.text("x")),
        };
        key.expect("a test key is a key")
    }

    fn bytes(&self, name: &str) -> Vec<u8> {
        BASE64_URL_SAFE_NO_PAD.decode(self.text(name)).expect("numbers of a test key are base64url")
    }

    fn text(&self, name: &str) -> &str {
        self.jwk[name].as_str().expect("members of a test key are texts")
    }
}

fn encode(bytes: impl AsRef<[u8]>) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

/// What an ordinary token says. It expires late because jsonwebtoken reads the clock.
pub(crate) fn claims(bearer: &str) -> Value {
    json!({"iss": ISSUER, "sub": bearer, "aud": AUDIENCE, "iat": NOW - 60, "exp": 4_000_000_000_i64})
}

/// Settings with three keys, one audience and an identity map.
pub(crate) fn settings(map: &str) -> String {
    let keys = [rsa(), p256(), ed25519()].map(|key| key.public(key.kid()));
    settings_with(&json!({"keys": keys}), map)
}

pub(crate) fn settings_with(jwks: &Value, map: &str) -> String {
    json!({
        "server.jwt_authentication.enabled": true,
        "server.jwt_authentication.issuers": ISSUER,
        "server.jwt_authentication.audience": AUDIENCE,
        "server.jwt_authentication.jwks": jwks,
        "server.identity_map.configuration": map,
    })
    .to_string()
}

pub(crate) fn validator(settings: &str) -> Validator {
    let settings = Settings::from_json(settings).expect("a settings document");
    Validator::new(&settings).expect("usable settings")
}

/// Ten lines as an administrator writes them; a regex maps the bearer.
pub(crate) fn ordinary_map() -> String {
    let people: String = (0..8).map(|n| format!("{ISSUER} person{n}@partner.example partner{n}\n")).collect();
    format!("{people}{ISSUER} /^([a-z0-9._-]+)@corp\\.example$ \\1\n{ISSUER} /^svc-([a-z]+)@robots\\.example$ robot\n")
}

/// A map of so many lines, each made from its number; the middle one is the bearer's.
pub(crate) fn map(lines: usize, line: impl Fn(usize) -> String) -> String {
    let middle = lines / 2;
    (0..lines)
        .map(|number| match line(number) {
            line if number == middle => format!("{ISSUER} {line} {USER}\n"),
            line => format!("{ISSUER} {line} user{number}\n"),
        })
        .collect()
}
