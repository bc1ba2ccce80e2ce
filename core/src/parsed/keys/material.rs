//! What is a public key made of, once it has been vetted?

use alloc::{boxed::Box, format, string::String};
use core::fmt;

use super::algorithm::Algorithm;
use crate::ground::base64url::encode;

/// The numbers of a public key in their one canonical form: two keys are the same key if and only if these are equal.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Material {
    /// Both big-endian, without leading zeros.
    Rsa { modulus: Box<[u8]>, exponent: Box<[u8]> },
    /// The same, too short to let anybody in: for saying what the database decides.
    ShortRsa { modulus: Box<[u8]>, exponent: Box<[u8]> },
    /// The uncompressed point: 4, x, y (SEC 1 section 2.3.3).
    Ec { curve: Curve, point: Box<[u8]> },
    /// The encoded point (RFC 8032 section 5.1.2).
    Ed25519([u8; 32]),
}

impl Material {
    /// What such a key can verify at all.
    pub(super) fn algorithms(&self) -> &'static [Algorithm] {
        use Algorithm::{EdDSA, PS256, PS384, PS512, RS256, RS384, RS512};
        match self {
            Self::Rsa { .. } => &[RS256, RS384, RS512, PS256, PS384, PS512],
            // Those that both backends verify with such keys.
            Self::ShortRsa { .. } => &[RS256, RS512],
            Self::Ec { curve, .. } => curve.algorithm().alone(),
            Self::Ed25519(_) => EdDSA.synonyms(),
        }
    }

    /// How long its signatures are: as the modulus (RFC 8017 section 8), or two numbers of the curve (RFC 7518 section 3.4,
    /// RFC 8032 section 5.1.6).
    pub(super) fn signature_bytes(&self) -> usize {
        match self {
            Self::Rsa { modulus, .. } | Self::ShortRsa { modulus, .. } => modulus.len(),
            Self::Ec { curve, .. } => curve.coordinate_bytes() * 2,
            Self::Ed25519(point) => point.len() * 2,
        }
    }
}

impl Material {
    /// The members of its JWK that make the key what it is, as RFC 7638 section 3 writes them.
    pub(super) fn members(&self) -> String {
        match self {
            Self::Rsa { modulus, exponent } | Self::ShortRsa { modulus, exponent } => {
                format!(r#"{{"e":"{}","kty":"RSA","n":"{}"}}"#, encode(exponent), encode(modulus))
            }
            Self::Ec { curve, point } => {
                let (x, y) =
                    point.get(1..).unwrap_or_default().split_at_checked(curve.coordinate_bytes()).unwrap_or_default();
                format!(r#"{{"crv":"{}","kty":"EC","x":"{}","y":"{}"}}"#, curve.as_str(), encode(x), encode(y))
            }
            Self::Ed25519(point) => format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{}"}}"#, encode(point)),
        }
    }
}

impl fmt::Display for Material {
    /// The kind of key, with its article; none of its numbers.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rsa { modulus, .. } | Self::ShortRsa { modulus, .. } => {
                // OK because a vetted modulus has no leading zeros and at most 8192 bits.
                let unused = modulus.first().map_or(0, |byte| byte.leading_zeros() as usize);
                write!(formatter, "an RSA key of {} bits", modulus.len() * 8 - unused)
            }
            Self::Ec { curve, .. } => write!(formatter, "an EC key on {}", curve.as_str()),
            Self::Ed25519(_) => formatter.write_str("an Ed25519 key"),
        }
    }
}

/// An elliptic curve of RFC 7518 section 6.2.1.1, with the one algorithm that RFC 7518 section 3.4 ties to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Curve {
    P256,
    P384,
    P521,
}

impl Curve {
    pub(super) const ALL: [Self; 3] = [Self::P256, Self::P384, Self::P521];

    /// The name in a key's `crv`.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::P256 => "P-256",
            Self::P384 => "P-384",
            Self::P521 => "P-521",
        }
    }

    /// The length of a coordinate, in bytes.
    pub(super) const fn coordinate_bytes(self) -> usize {
        match self {
            Self::P256 => 32,
            Self::P384 => 48,
            Self::P521 => 66,
        }
    }

    const fn algorithm(self) -> Algorithm {
        match self {
            Self::P256 => Algorithm::ES256,
            Self::P384 => Algorithm::ES384,
            Self::P521 => Algorithm::ES512,
        }
    }
}
