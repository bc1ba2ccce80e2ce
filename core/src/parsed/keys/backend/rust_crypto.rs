//! Signature checks by RustCrypto's crates, without C, randomness or a clock.

use alloc::boxed::Box;

use rsa::{BoxedUint, Pkcs1v15Sign, Pss, PublicKey as RsaPublicKey, signature::Verifier as _};
use sha2::{Digest, Sha256, Sha384, Sha512};

use crate::{
    ground::limits::{RSA_BITS_MAX, RSA_BITS_MIN},
    parsed::keys::{
        algorithm::Algorithm,
        material::{Curve, Material},
    },
};

/// A public key, ready to verify.
pub(crate) enum Verifier {
    Rsa(Box<RsaPublicKey>),
    P256(p256::ecdsa::VerifyingKey),
    P384(p384::ecdsa::VerifyingKey),
    P521(Box<p521::ecdsa::VerifyingKey>),
    /// `None` for an encoding that belongs to no point: AWS-LC finds out at verification, so here it is no defect of the
    /// key either, and no signature verifies.
    Ed25519(Option<Box<ed25519_dalek::VerifyingKey>>),
}

impl Verifier {
    /// `None` if the material is no key: an EC point that is not on its curve.
    pub(crate) fn new(material: &Material, _algorithms: &[Algorithm]) -> Option<Self> {
        match material {
            Material::Rsa { modulus, exponent } => {
                let (modulus, exponent) =
                    (BoxedUint::from_be_slice_vartime(modulus), BoxedUint::from_be_slice_vartime(exponent));
                let key = RsaPublicKey::new_with_size_limits(modulus, exponent, RSA_BITS_MIN..=RSA_BITS_MAX);
                Some(Self::Rsa(Box::new(key.ok()?)))
            }
            Material::ShortRsa { modulus, exponent } => {
                let (modulus, exponent) =
                    (BoxedUint::from_be_slice_vartime(modulus), BoxedUint::from_be_slice_vartime(exponent));
                let key = RsaPublicKey::new_with_size_limits(modulus, exponent, 1..=RSA_BITS_MIN);
                Some(Self::Rsa(Box::new(key.ok()?)))
            }
            Material::Ec { curve: Curve::P256, point } => {
                p256::ecdsa::VerifyingKey::from_sec1_bytes(point).ok().map(Self::P256)
            }
            Material::Ec { curve: Curve::P384, point } => {
                p384::ecdsa::VerifyingKey::from_sec1_bytes(point).ok().map(Self::P384)
            }
            Material::Ec { curve: Curve::P521, point } => {
                p521::ecdsa::VerifyingKey::from_sec1_bytes(point).ok().map(Box::new).map(Self::P521)
            }
            Material::Ed25519(point) => {
                Some(Self::Ed25519(ed25519_dalek::VerifyingKey::from_bytes(point).ok().map(Box::new)))
            }
        }
    }

    pub(crate) fn verify(&self, algorithm: Algorithm, message: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::Rsa(key) => verify_rsa(key, algorithm, message, signature),
            Self::P256(key) => {
                p256::ecdsa::Signature::from_slice(signature).is_ok_and(|pair| key.verify(message, &pair).is_ok())
            }
            Self::P384(key) => {
                p384::ecdsa::Signature::from_slice(signature).is_ok_and(|pair| key.verify(message, &pair).is_ok())
            }
            Self::P521(key) => {
                p521::ecdsa::Signature::from_slice(signature).is_ok_and(|pair| key.verify(message, &pair).is_ok())
            }
            Self::Ed25519(key) => key.as_ref().is_some_and(|key| {
                ed25519_dalek::Signature::from_slice(signature)
                    .is_ok_and(|signature| key.verify_strict(message, &signature).is_ok())
            }),
        }
    }
}

/// The salt of RSASSA-PSS is as long as the hash (RFC 7518 section 3.5): `Pss::new` insists on it.
fn verify_rsa(key: &RsaPublicKey, algorithm: Algorithm, message: &[u8], signature: &[u8]) -> bool {
    let verified = match algorithm {
        Algorithm::RS256 => key.verify(Pkcs1v15Sign::new::<Sha256>(), &Sha256::digest(message), signature),
        Algorithm::RS384 => key.verify(Pkcs1v15Sign::new::<Sha384>(), &Sha384::digest(message), signature),
        Algorithm::RS512 => key.verify(Pkcs1v15Sign::new::<Sha512>(), &Sha512::digest(message), signature),
        Algorithm::PS256 => key.verify(Pss::<Sha256>::new(), &Sha256::digest(message), signature),
        Algorithm::PS384 => key.verify(Pss::<Sha384>::new(), &Sha384::digest(message), signature),
        Algorithm::PS512 => key.verify(Pss::<Sha512>::new(), &Sha512::digest(message), signature),
        Algorithm::ES256 | Algorithm::ES384 | Algorithm::ES512 | Algorithm::EdDSA | Algorithm::Ed25519 => return false,
    };
    verified.is_ok()
}

/// The SHA-256 hash of these bytes.
pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}
