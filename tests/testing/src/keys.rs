//! What signs a test token? A private key with its id and its algorithm; what it publishes, and what it signs.

use std::fmt;

use aws_lc_rs::{
    encoding::{AsDer, Pkcs8V1Der},
    rand::SystemRandom,
    rsa::KeySize,
    signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, ECDSA_P521_SHA512_FIXED_SIGNING,
        EcdsaKeyPair, EcdsaSigningAlgorithm, Ed25519KeyPair, KeyPair, RsaKeyPair,
    },
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use jsonwebtoken::{EncodingKey, crypto::aws_lc::DEFAULT_PROVIDER, jwk::EllipticCurve};
use pkcs8::PrivateKeyInfoRef;
use serde_json::{Value, json};
use sqljwt::Algorithm;

/// A private key with its id and the algorithm that it signs with.
#[derive(Clone)]
pub struct SigningKey {
    id: String,
    algorithm: Algorithm,
    /// The numbers of its public half, as JWK members.
    public: Value,
    private: EncodingKey,
}

impl SigningKey {
    /// Makes a new key: RSA of 2048 bits, on the algorithm's curve, or Ed25519.
    ///
    /// # Panics
    /// Where the machine has no randomness.
    ///
    /// # Example
    /// ```
    /// use sqljwt::Algorithm;
    /// use sqljwt_testing::{Issuer, SigningKey, assert_logs_in};
    ///
    /// const NOW: i64 = 1_800_000_000;
    /// let idp = Issuer::default().with_key(SigningKey::generate("summer", Algorithm::ES384));
    /// let login = assert_logs_in(&idp.settings(), idp.token(NOW).claim("sub", "alice").mint(), "alice", NOW);
    /// assert_eq!((&*login.key_id, login.algorithm), ("summer", Algorithm::ES384));
    /// ```
    #[must_use]
    pub fn generate(id: impl Into<String>, algorithm: Algorithm) -> Self {
        let private = match Kind::of(algorithm) {
            Kind::Rsa => {
                let pair = RsaKeyPair::generate(KeySize::Rsa2048).expect("an RSA key");
                let envelope: Pkcs8V1Der = pair.as_der().expect("an RSA key as PKCS #8");
                let key = PrivateKeyInfoRef::try_from(envelope.as_ref()).expect("PKCS #8 as it was just written");
                EncodingKey::from_rsa_der(key.private_key.as_bytes())
            }
            Kind::Ec(curve) => {
                let key = EcdsaKeyPair::generate_pkcs8(curve.signing, &SystemRandom::new()).expect("an EC key");
                EncodingKey::from_ec_der(key.as_ref())
            }
            Kind::Ed25519 => {
                let key = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).expect("an Ed25519 key");
                EncodingKey::from_ed_der(key.as_ref())
            }
        };
        Self::new(id, algorithm, private)
    }

    /// A key of one's own, as [`jsonwebtoken`](crate::jsonwebtoken) reads it: for tests whose key set is written down.
    ///
    /// # Panics
    /// Where the key is not for the algorithm.
    ///
    /// # Example
    /// ```
    /// use sqljwt::Algorithm;
    /// use sqljwt_testing::{SigningKey, jsonwebtoken::EncodingKey};
    ///
    /// // The private key of RFC 8037 appendix A.1, in the envelope of RFC 8410 section 7.
    /// let envelope = b"\x30\x2e\x02\x01\0\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20";
    /// let seed = b"\x9d\x61\xb1\x9d\xef\xfd\x5a\x60\xba\x84\x4a\xf4\x92\xec\x2c\xc4\
    ///              \x44\x49\xc5\x69\x7b\x32\x69\x19\x70\x3b\xac\x03\x1c\xae\x7f\x60";
    /// let key = EncodingKey::from_ed_der(&[&envelope[..], seed].concat());
    /// let key = SigningKey::new("rfc8037", Algorithm::EdDSA, key);
    /// assert_eq!(key.public_jwk()["x"], "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
    /// ```
    #[must_use]
    pub fn new(id: impl Into<String>, algorithm: Algorithm, key: EncodingKey) -> Self {
        let public = public_half(algorithm, key.as_bytes())
            .unwrap_or_else(|fault| panic!("the key is not for {algorithm}: {fault}"));
        Self { id: id.into(), algorithm, public, private: key }
    }

    /// The key id.
    ///
    /// # Example
    /// ```
    /// let idp = sqljwt_testing::Issuer::default();
    /// assert_eq!(idp.key().id(), "key-1");
    /// ```
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The algorithm that it signs with.
    ///
    /// # Example
    /// ```
    /// let idp = sqljwt_testing::Issuer::default();
    /// assert_eq!(idp.key().algorithm(), sqljwt::Algorithm::ES256);
    /// ```
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The public half as identity providers publish it (RFC 7517).
    ///
    /// # Example
    /// ```
    /// let jwk = sqljwt_testing::Issuer::default().key().public_jwk();
    /// assert_eq!((&jwk["kty"], &jwk["crv"], &jwk["use"]), (&"EC".into(), &"P-256".into(), &"sig".into()));
    /// assert!(jwk.get("d").is_none(), "nothing private");
    /// ```
    #[must_use]
    pub fn public_jwk(&self) -> Value {
        let mut jwk = self.public.clone();
        jwk["kid"] = self.id.as_str().into();
        jwk["use"] = "sig".into();
        jwk["alg"] = self.algorithm.as_str().into();
        jwk
    }

    /// The signature, in the form that tokens carry (RFC 7518 section 3).
    ///
    /// # Example
    /// ```
    /// let signature = sqljwt_testing::Issuer::default().key().sign(b"header.claims");
    /// assert_eq!(signature.len(), 64);
    /// ```
    #[must_use]
    pub fn sign(&self, input: &[u8]) -> Vec<u8> {
        match jsonwebtokens(self.algorithm) {
            Some(algorithm) => sign(algorithm, &self.private, input),
            None => {
                let Kind::Ec(curve) = Kind::of(self.algorithm) else { unreachable!("a key was made") };
                let pair = EcdsaKeyPair::from_pkcs8(curve.signing, self.private.as_bytes()).expect("a key");
                pair.sign(&SystemRandom::new(), input).expect("a signature").as_ref().to_vec()
            }
        }
    }
}

impl fmt::Debug for SigningKey {
    /// Nothing private.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("SigningKey")
            .field("id", &self.id)
            .field("algorithm", &self.algorithm)
            .finish_non_exhaustive()
    }
}

/// A signature by a backend that is named: which one jsonwebtoken would take by itself depends on the features that the
/// rest of a program turns on.
pub(crate) fn sign(algorithm: jsonwebtoken::Algorithm, key: &EncodingKey, input: &[u8]) -> Vec<u8> {
    let signer = (DEFAULT_PROVIDER.signer_factory)(&algorithm, key).expect("a key for the algorithm");
    signer.try_sign(input).expect("a signature")
}

/// Unpadded base64url (RFC 7515 section 2).
pub(crate) fn base64url(bytes: impl AsRef<[u8]>) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

/// What kind of key an algorithm takes.
enum Kind {
    Rsa,
    Ec(Curve),
    Ed25519,
}

/// A curve by its name in a JWK, with its one algorithm.
struct Curve {
    name: &'static str,
    signing: &'static EcdsaSigningAlgorithm,
}

impl Kind {
    fn of(algorithm: Algorithm) -> Self {
        let curve = |name, signing| Self::Ec(Curve { name, signing });
        match algorithm {
            Algorithm::ES256 => curve("P-256", &ECDSA_P256_SHA256_FIXED_SIGNING),
            Algorithm::ES384 => curve("P-384", &ECDSA_P384_SHA384_FIXED_SIGNING),
            Algorithm::ES512 => curve("P-521", &ECDSA_P521_SHA512_FIXED_SIGNING),
            Algorithm::EdDSA | Algorithm::Ed25519 => Self::Ed25519,
            _ => Self::Rsa,
        }
    }
}

/// What jsonwebtoken calls the algorithm; nothing for the one that it has not.
fn jsonwebtokens(algorithm: Algorithm) -> Option<jsonwebtoken::Algorithm> {
    match algorithm {
        Algorithm::Ed25519 => Some(jsonwebtoken::Algorithm::EdDSA),
        algorithm => algorithm.as_str().parse().ok(),
    }
}

fn public_half(algorithm: Algorithm, private: &[u8]) -> Result<Value, String> {
    let numbers = &DEFAULT_PROVIDER.key_utils;
    match Kind::of(algorithm) {
        Kind::Rsa => {
            let (n, e) = (numbers.rsa_pub_components_from_private_key)(private).map_err(|error| error.to_string())?;
            Ok(json!({"kty": "RSA", "n": base64url(n), "e": base64url(e)}))
        }
        Kind::Ec(curve) => {
            let pair = EcdsaKeyPair::from_pkcs8(curve.signing, private).map_err(|error| error.to_string())?;
            // An uncompressed point (SEC 1 section 2.3.3): 4, and the coordinates, one as long as the other.
            let point = &pair.public_key().as_ref()[1..];
            let (x, y) = point.split_at(point.len() / 2);
            Ok(json!({"kty": "EC", "crv": curve.name, "x": base64url(x), "y": base64url(y)}))
        }
        Kind::Ed25519 => {
            let x = (numbers.ed_pub_components_from_private_key)(private, &EllipticCurve::Ed25519)
                .map_err(|error| error.to_string())?;
            Ok(json!({"kty": "OKP", "crv": "Ed25519", "x": base64url(x)}))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_shows_nothing_private() {
        for algorithm in [Algorithm::RS256, Algorithm::ES512, Algorithm::EdDSA] {
            let key = SigningKey::generate("k", algorithm);
            let jwk = key.public_jwk();
            assert!(["d", "p", "q", "dp", "dq", "qi"].iter().all(|name| jwk.get(name).is_none()), "{jwk}");
            assert_eq!(format!("{key:?}"), format!("SigningKey {{ id: \"k\", algorithm: {algorithm}, .. }}"));
        }
    }

    #[test]
    #[should_panic(expected = "the key is not for ES384")]
    fn a_key_of_another_kind_is_not_taken() {
        let key = SigningKey::generate("k", Algorithm::ES256);
        let _ = SigningKey::new("k", Algorithm::ES384, key.private);
    }
}
