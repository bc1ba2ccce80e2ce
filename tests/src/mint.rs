//! How does a token come to be? Test keys, signatures that are the same at every run, and the text of a token.
//!
//! Here is what no ordinary library signs: the same bytes at every run, which the vectors are, members as the very text
//! that stands in the token, and signatures of another making. Tests that need none of that take `sqljwt-testing`.

use std::{collections::BTreeMap, convert::Infallible, fmt, fs, sync::LazyLock};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use p256::ecdsa::signature::{SignatureEncoding, Signer, hazmat::PrehashSigner};
use rsa::{
    BoxedUint, Pkcs1v15Sign, PrivateKey as RsaPrivateKey, Pss,
    rand_core::{TryCryptoRng, TryRng},
    traits::SignatureScheme,
};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256, Sha384, Sha512};

/// The members of a JSON object in the order in which they are written, a member possibly twice, each value as the text
/// that stands in the token: half of what is tested cannot be said with a parsed value.
#[derive(Clone, Default)]
pub struct Members(Vec<(String, String)>);

impl Members {
    /// An object without members.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The member with this value, in its old place or at the end.
    pub fn set(self, name: &str, value: impl Into<Value>) -> Self {
        self.raw(name, &value.into().to_string())
    }

    /// The member with a value given as JSON text, in its old place or at the end.
    pub fn raw(mut self, name: &str, text: &str) -> Self {
        match self.0.iter_mut().find(|(known, _)| known == name) {
            Some((_, value)) => *value = text.into(),
            None => self.0.push((name.into(), text.into())),
        }
        self
    }

    /// The member at the end, even where there is one of that name.
    pub fn again(mut self, name: &str, text: &str) -> Self {
        self.0.push((name.into(), text.into()));
        self
    }

    /// The object without that member.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.0.retain(|(known, _)| known != name);
        self
    }
}

impl fmt::Display for Members {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let members: Vec<_> = self.0.iter().map(|(name, text)| format!("{}:{text}", Value::from(&**name))).collect();
        write!(formatter, "{{{}}}", members.join(","))
    }
}

/// A token in the making: what it says and who signs it.
#[derive(Clone)]
pub struct Token {
    /// What its header says.
    pub header: Members,
    /// What its claims say.
    pub claims: Members,
    key: &'static Key,
    algorithm: &'static str,
}

impl Token {
    /// A token whose header names the key as `kid` and the algorithm as `alg`.
    pub fn new(key: &'static Key, kid: &str, algorithm: &'static str, claims: Members) -> Self {
        let header = Members::new().set("alg", algorithm).set("typ", "JWT").set("kid", kid);
        Self { header, claims, key, algorithm }
    }

    /// The token with other claims.
    #[must_use]
    pub fn claims(mut self, change: impl FnOnce(Members) -> Members) -> Self {
        self.claims = change(self.claims);
        self
    }

    /// The token with another header.
    #[must_use]
    pub fn header(mut self, change: impl FnOnce(Members) -> Members) -> Self {
        self.header = change(self.header);
        self
    }

    /// Signs with another key or algorithm, without saying so in the header.
    pub fn signed_with(mut self, key: &'static Key, algorithm: &'static str) -> Self {
        (self.key, self.algorithm) = (key, algorithm);
        self
    }

    /// Signs with another algorithm and says so in the header.
    pub fn algorithm(self, key: &'static Key, algorithm: &'static str) -> Self {
        self.header(|header| header.set("alg", algorithm)).signed_with(key, algorithm)
    }

    /// The compact text.
    pub fn text(&self) -> String {
        self.text_over(&self.header.to_string(), self.claims.to_string().as_bytes())
    }

    /// The compact text over another payload.
    pub fn text_of(&self, payload: impl AsRef<[u8]>) -> String {
        self.text_over(&self.header.to_string(), payload.as_ref())
    }

    /// The compact text over another header and payload.
    pub fn text_over(&self, header: &str, payload: &[u8]) -> String {
        self.text_signed(&format!("{}.{}", encode(header), encode(payload)))
    }

    /// The compact text over a signing input that is already encoded.
    pub fn text_signed(&self, input: &str) -> String {
        format!("{input}.{}", encode(self.key.sign(self.algorithm, input.as_bytes())))
    }

    /// The compact text with a signature of another making.
    pub fn text_with(&self, signature: impl FnOnce(&Key, &[u8]) -> Vec<u8>) -> String {
        let input = format!("{}.{}", encode(self.header.to_string()), encode(self.claims.to_string()));
        format!("{input}.{}", encode(signature(self.key, input.as_bytes())))
    }
}

/// Base64url without padding.
#[must_use]
pub fn encode(bytes: impl AsRef<[u8]>) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

/// A test key. Its private half is in `keys/` for everyone to see.
pub struct Key {
    jwk: Map<String, Value>,
    private: Private,
}

enum Private {
    Rsa(Box<RsaPrivateKey>),
    P256(p256::ecdsa::SigningKey),
    P384(p384::ecdsa::SigningKey),
    P521(Box<p521::ecdsa::SigningKey>),
    Ed25519(ed25519_dalek::SigningKey),
}

/// The test key of that name.
///
/// # Panics
/// Where `keys/` has none.
#[must_use]
pub fn key(name: &str) -> &'static Key {
    static KEYS: LazyLock<BTreeMap<String, Key>> = LazyLock::new(|| {
        let entries = fs::read_dir(crate::folder().join("keys")).expect("the folder of test keys");
        let read = |path| {
            let text = fs::read_to_string(path).expect("a test key");
            let jwk: Map<String, Value> = serde_json::from_str(&text).expect("a test key is a JWK");
            (jwk["kid"].as_str().expect("a test key has a name").to_owned(), Key::new(jwk))
        };
        entries.map(|entry| read(entry.expect("a test key").path())).collect()
    });
    KEYS.get(name).unwrap_or_else(|| panic!("no test key `{name}`"))
}

impl Key {
    fn new(jwk: Map<String, Value>) -> Self {
        let text = |name: &str| jwk[name].as_str().expect("members of a test key are texts");
        let bytes = |name: &str| BASE64_URL_SAFE_NO_PAD.decode(text(name)).expect("and base64url");
        let number = |name: &str| BoxedUint::from_be_slice_vartime(&bytes(name));
        let private = match jwk.get("crv").and_then(Value::as_str) {
            None => {
                let key = RsaPrivateKey::from_components(
                    number("n"),
                    number("e"),
                    number("d"),
                    vec![number("p"), number("q")],
                );
                Private::Rsa(Box::new(key.expect("an RSA key")))
            }
            Some("P-256") => Private::P256(p256::ecdsa::SigningKey::from_slice(&bytes("d")).expect("a P-256 key")),
            Some("P-384") => Private::P384(p384::ecdsa::SigningKey::from_slice(&bytes("d")).expect("a P-384 key")),
            Some("P-521") => {
                Private::P521(Box::new(p521::ecdsa::SigningKey::from_slice(&bytes("d")).expect("a P-521 key")))
            }
            Some(_) => {
                let seed = bytes("d").try_into().expect("a seed of 32 bytes");
                Private::Ed25519(ed25519_dalek::SigningKey::from_bytes(&seed))
            }
        };
        Self { jwk, private }
    }

    /// The public half as JWK members, with a key id.
    pub fn public(&self, kid: &str) -> Members {
        let named = Members::new().set("kty", self.jwk["kty"].clone()).set("kid", kid);
        ["crv", "n", "e", "x", "y"].iter().fold(named, |members, &name| match self.jwk.get(name) {
            Some(value) => members.set(name, value.clone()),
            None => members,
        })
    }

    /// One member of the JWK, private ones too.
    pub fn member(&self, name: &str) -> &str {
        self.jwk[name].as_str().expect("members of a test key are texts")
    }

    /// The signature by a JWA algorithm; for ECDSA the curve is the key's and only the hash is the algorithm's.
    pub fn sign(&self, algorithm: &str, input: &[u8]) -> Vec<u8> {
        let hash = hash(algorithm, input);
        match &self.private {
            Private::Rsa(key) => match algorithm {
                "RS256" => sign_rsa(Pkcs1v15Sign::new::<Sha256>(), key, &hash),
                "RS384" => sign_rsa(Pkcs1v15Sign::new::<Sha384>(), key, &hash),
                "RS512" => sign_rsa(Pkcs1v15Sign::new::<Sha512>(), key, &hash),
                _ => self.sign_pss(algorithm, hash.len(), input),
            },
            Private::P256(key) => signed(PrehashSigner::<p256::ecdsa::Signature>::sign_prehash(key, &hash)).to_vec(),
            Private::P384(key) => signed(PrehashSigner::<p384::ecdsa::Signature>::sign_prehash(key, &hash)).to_vec(),
            Private::P521(key) => signed(PrehashSigner::<p521::ecdsa::Signature>::sign_prehash(&**key, &hash)).to_vec(),
            Private::Ed25519(key) => key.sign(input).to_vec(),
        }
    }

    /// A PSS signature with a salt of any length.
    pub fn sign_pss(&self, algorithm: &str, salt: usize, input: &[u8]) -> Vec<u8> {
        let Private::Rsa(key) = &self.private else { panic!("{algorithm} is for RSA keys") };
        let hash = hash(algorithm, input);
        match algorithm {
            "PS256" => sign_rsa(Pss::<Sha256>::new_with_salt(salt), key, &hash),
            "PS384" => sign_rsa(Pss::<Sha384>::new_with_salt(salt), key, &hash),
            "PS512" => sign_rsa(Pss::<Sha512>::new_with_salt(salt), key, &hash),
            _ => panic!("no PSS algorithm `{algorithm}`"),
        }
    }

    /// The other signature that a P-256 key has for the same input: s replaced by n − s, always the larger one.
    pub fn sign_high(&self, input: &[u8]) -> Vec<u8> {
        let bytes = self.sign("ES256", input);
        let signature = p256::ecdsa::Signature::from_slice(&bytes).expect("an ES256 signature");
        let low = signature.normalize_s();
        let high = p256::ecdsa::Signature::from_scalars(*low.r(), -*low.s()).expect("n − s is no zero");
        high.to_bytes().to_vec()
    }

    /// A P-256 signature in the DER form of X.509, which JWS does not use.
    pub fn sign_der(&self, input: &[u8]) -> Vec<u8> {
        let bytes = self.sign("ES256", input);
        p256::ecdsa::Signature::from_slice(&bytes).expect("an ES256 signature").to_der().as_bytes().to_vec()
    }
}

/// The HMAC of the algorithm under a shared secret.
pub fn sign_hmac(algorithm: &str, secret: &[u8], input: &[u8]) -> Vec<u8> {
    match algorithm {
        "HS256" => Hmac::<Sha256>::new_from_slice(secret)
            .expect("any length")
            .chain_update(input)
            .finalize()
            .into_bytes()
            .to_vec(),
        "HS512" => Hmac::<Sha512>::new_from_slice(secret)
            .expect("any length")
            .chain_update(input)
            .finalize()
            .into_bytes()
            .to_vec(),
        _ => panic!("no HMAC `{algorithm}`"),
    }
}

fn hash(algorithm: &str, input: &[u8]) -> Vec<u8> {
    match algorithm {
        "RS384" | "PS384" | "ES384" => Sha384::digest(input).to_vec(),
        "RS512" | "PS512" | "ES512" => Sha512::digest(input).to_vec(),
        _ => Sha256::digest(input).to_vec(),
    }
}

fn sign_rsa(scheme: impl SignatureScheme, key: &RsaPrivateKey, hash: &[u8]) -> Vec<u8> {
    scheme.sign(Some(&mut FixedSalt), key, hash).expect("the key is long enough for the hash and the salt")
}

fn signed<S>(signature: Result<S, p256::ecdsa::Error>) -> S {
    signature.expect("the hash is long enough for the curve")
}

/// Gives PSS the same salt at every run: a test vector must not change when it is written again.
struct FixedSalt;

impl TryRng for FixedSalt {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(0x5a5a_5a5a)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(0x5a5a_5a5a_5a5a_5a5a)
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        bytes.fill(0x5a);
        Ok(())
    }
}

impl TryCryptoRng for FixedSalt {}
