//! Signature checks by AWS-LC, through keys parsed once for each algorithm they serve.

use alloc::boxed::Box;

use aws_lc_rs::{
    digest::{SHA256, digest},
    signature::{
        ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ECDSA_P521_SHA512_FIXED, ED25519, ParsedPublicKey,
        RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY, RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY,
        RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512, RSA_PSS_2048_8192_SHA256,
        RSA_PSS_2048_8192_SHA384, RSA_PSS_2048_8192_SHA512, RsaParameters, RsaPublicKeyComponents,
        VerificationAlgorithm,
    },
};

use crate::parsed::keys::{algorithm::Algorithm, material::Material, okp};

/// A public key, ready to verify.
///
/// AWS-LC's parsed key is bound to one algorithm. An RSA key whose JWK names none is therefore parsed six times: 1.5 µs
/// and 1.1 KiB each, once, against a lock or a parse at every login.
pub(crate) struct Verifier {
    keys: Box<[(Algorithm, ParsedPublicKey)]>,
}

impl Verifier {
    /// `None` if the material is no key: an EC point that is not on its curve.
    pub(crate) fn new(material: &Material, algorithms: &[Algorithm]) -> Option<Self> {
        // Of an algorithm with two names the list holds the first, so one parsed key serves both.
        let distinct = algorithms.iter().filter(|algorithm| algorithm.synonyms().first() == Some(algorithm));
        let keys = distinct.map(|&algorithm| Some((algorithm, parse(material, algorithm)?)));
        Some(Self { keys: keys.collect::<Option<_>>()? })
    }

    pub(crate) fn verify(&self, algorithm: Algorithm, message: &[u8], signature: &[u8]) -> bool {
        let key = self.keys.iter().find(|(known, _)| known.synonyms().contains(&algorithm));
        key.is_some_and(|(_, key)| key.verify_sig(message, signature).is_ok())
            && !(is_ed25519(algorithm) && commits_to_small_order(signature))
    }
}

fn parse(material: &Material, algorithm: Algorithm) -> Option<ParsedPublicKey> {
    match material {
        Material::Rsa { modulus, exponent } => {
            let components = RsaPublicKeyComponents { n: modulus, e: exponent };
            components.to_parsed_public_key(rsa_parameters(algorithm)?).ok()
        }
        Material::ShortRsa { modulus, exponent } => {
            let components = RsaPublicKeyComponents { n: modulus, e: exponent };
            components.to_parsed_public_key(short_rsa_parameters(algorithm)?).ok()
        }
        Material::Ec { point, .. } => ParsedPublicKey::new(parameters(algorithm)?, point).ok(),
        Material::Ed25519(point) => ParsedPublicKey::new(parameters(algorithm)?, point).ok(),
    }
}

/// The salt of RSASSA-PSS is as long as the hash in all of these (RFC 7518 section 3.5).
fn rsa_parameters(algorithm: Algorithm) -> Option<&'static RsaParameters> {
    match algorithm {
        Algorithm::RS256 => Some(&RSA_PKCS1_2048_8192_SHA256),
        Algorithm::RS384 => Some(&RSA_PKCS1_2048_8192_SHA384),
        Algorithm::RS512 => Some(&RSA_PKCS1_2048_8192_SHA512),
        Algorithm::PS256 => Some(&RSA_PSS_2048_8192_SHA256),
        Algorithm::PS384 => Some(&RSA_PSS_2048_8192_SHA384),
        Algorithm::PS512 => Some(&RSA_PSS_2048_8192_SHA512),
        Algorithm::ES256 | Algorithm::ES384 | Algorithm::ES512 | Algorithm::EdDSA | Algorithm::Ed25519 => None,
    }
}

/// Of keys that let nobody in.
fn short_rsa_parameters(algorithm: Algorithm) -> Option<&'static RsaParameters> {
    match algorithm {
        Algorithm::RS256 => Some(&RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY),
        Algorithm::RS512 => Some(&RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY),
        _ => None,
    }
}

fn parameters(algorithm: Algorithm) -> Option<&'static dyn VerificationAlgorithm> {
    match algorithm {
        Algorithm::ES256 => Some(&ECDSA_P256_SHA256_FIXED),
        Algorithm::ES384 => Some(&ECDSA_P384_SHA384_FIXED),
        Algorithm::ES512 => Some(&ECDSA_P521_SHA512_FIXED),
        Algorithm::EdDSA | Algorithm::Ed25519 => Some(&ED25519),
        Algorithm::RS256
        | Algorithm::RS384
        | Algorithm::RS512
        | Algorithm::PS256
        | Algorithm::PS384
        | Algorithm::PS512 => None,
    }
}

fn is_ed25519(algorithm: Algorithm) -> bool {
    Algorithm::EdDSA.synonyms().contains(&algorithm)
}

/// Whether an Ed25519 signature's R is of small order. ed25519-dalek's strict verification refuses such, AWS-LC does not
/// ask; only the owner of the private key can make one, and no honest signer does.
fn commits_to_small_order(signature: &[u8]) -> bool {
    signature.first_chunk().is_some_and(okp::is_of_small_order)
}

/// The SHA-256 hash of these bytes.
pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut hash = [0; 32];
    hash.copy_from_slice(digest(&SHA256, bytes).as_ref());
    hash
}
