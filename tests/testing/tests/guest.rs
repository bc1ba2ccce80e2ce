//! Does a token log in that a program made with jsonwebtoken alone, key set included? Nothing of the kit makes it.

use aws_lc_rs::{
    encoding::{AsDer, Pkcs8V1Der},
    rand::SystemRandom,
    rsa::KeySize,
    signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm,
        Ed25519KeyPair, RsaKeyPair,
    },
};
use jsonwebtoken::{
    Algorithm, EncodingKey, Header,
    crypto::aws_lc::DEFAULT_PROVIDER,
    encode,
    jwk::{Jwk, JwkSet},
};
use pkcs8::PrivateKeyInfoRef;
use serde_json::json;
use sqljwt::Settings;
use sqljwt_testing::assert_logs_in;

const NOW: i64 = 1_800_000_000;

#[test]
fn a_token_of_a_program_that_knows_nothing_of_us_logs_in() {
    // An error says that another test has installed it.
    let _ = DEFAULT_PROVIDER.install_default();
    for (algorithm, key) in [
        (Algorithm::ES256, ec(&ECDSA_P256_SHA256_FIXED_SIGNING)),
        (Algorithm::ES384, ec(&ECDSA_P384_SHA384_FIXED_SIGNING)),
        (Algorithm::EdDSA, ed25519()),
        (Algorithm::RS256, rsa()),
        (Algorithm::PS512, rsa()),
    ] {
        let mut header = Header::new(algorithm);
        header.kid = Some("theirs".into());
        let claims = json!({"iss": "https://idp.example", "aud": "db-login", "exp": NOW + 60, "sub": "alice"});
        let token = encode(&header, &claims, &key).expect("a token");

        let mut jwk = Jwk::from_encoding_key(&key, algorithm).expect("the public half");
        jwk.common.key_id = Some("theirs".into());
        let login = assert_logs_in(&settings(&JwkSet { keys: vec![jwk] }), token, "alice", NOW);
        assert_eq!(login.algorithm.as_str(), format!("{algorithm:?}"));
    }
}

fn settings(keys: &JwkSet) -> Settings {
    let document = json!({
        "server.jwt_authentication.enabled": true,
        "server.jwt_authentication.issuers": "https://idp.example",
        "server.jwt_authentication.audience": "db-login",
        "server.jwt_authentication.jwks": keys,
    });
    Settings::from_json(&document.to_string()).expect("settings")
}

fn ec(curve: &'static EcdsaSigningAlgorithm) -> EncodingKey {
    EncodingKey::from_ec_der(EcdsaKeyPair::generate_pkcs8(curve, &SystemRandom::new()).expect("a key").as_ref())
}

fn ed25519() -> EncodingKey {
    EncodingKey::from_ed_der(Ed25519KeyPair::generate_pkcs8v1(&SystemRandom::new()).expect("a key").as_ref())
}

fn rsa() -> EncodingKey {
    let envelope: Pkcs8V1Der = RsaKeyPair::generate(KeySize::Rsa2048).expect("a key").as_der().expect("its PKCS #8");
    let key = PrivateKeyInfoRef::try_from(envelope.as_ref()).expect("PKCS #8 as it was just written");
    EncodingKey::from_rsa_der(key.private_key.as_bytes())
}
