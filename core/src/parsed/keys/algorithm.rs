//! Which signature algorithms may a token be signed with?

use core::fmt;

use crate::ground::named::named;

/// A signature algorithm that the engine verifies (RFC 7518 section 3.1, RFC 8037 section 3.1, RFC 9864).
///
/// There is no `none` and no HMAC: a key set is public, and who can read it must not be able to sign.
///
/// # Example
/// ```
/// use sqljwt::Algorithm;
/// assert_eq!("ES256".parse(), Ok(Algorithm::ES256));
/// assert!("HS256".parse::<Algorithm>().is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Algorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    RS256,
    /// RSASSA-PKCS1-v1_5 with SHA-384.
    RS384,
    /// RSASSA-PKCS1-v1_5 with SHA-512.
    RS512,
    /// RSASSA-PSS with SHA-256 and a salt of 32 bytes.
    PS256,
    /// RSASSA-PSS with SHA-384 and a salt of 48 bytes.
    PS384,
    /// RSASSA-PSS with SHA-512 and a salt of 64 bytes.
    PS512,
    /// ECDSA on P-256 with SHA-256.
    ES256,
    /// ECDSA on P-384 with SHA-384.
    ES384,
    /// ECDSA on P-521 with SHA-512.
    ES512,
    /// Ed25519, by the name of RFC 8037.
    EdDSA,
    /// Ed25519, by the name of RFC 9864: the same algorithm as [`EdDSA`](Self::EdDSA).
    Ed25519,
}

impl Algorithm {
    /// Every algorithm, in the order of the standard.
    #[must_use]
    pub const fn all() -> &'static [Self] {
        ALL
    }

    /// The name in a token's header and in a key's `alg`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RS256 => "RS256",
            Self::RS384 => "RS384",
            Self::RS512 => "RS512",
            Self::PS256 => "PS256",
            Self::PS384 => "PS384",
            Self::PS512 => "PS512",
            Self::ES256 => "ES256",
            Self::ES384 => "ES384",
            Self::ES512 => "ES512",
            Self::EdDSA => "EdDSA",
            Self::Ed25519 => "Ed25519",
        }
    }

    /// How long its signatures are, where that does not depend on the key (RFC 7518 section 3.4, RFC 8032 section 5.1.6).
    pub(crate) fn signature_bytes(self) -> Option<usize> {
        match self {
            Self::ES256 | Self::EdDSA | Self::Ed25519 => Some(64),
            Self::ES384 => Some(96),
            Self::ES512 => Some(132),
            Self::RS256 | Self::RS384 | Self::RS512 | Self::PS256 | Self::PS384 | Self::PS512 => None,
        }
    }

    /// The algorithm as a list of one.
    pub(crate) fn alone(self) -> &'static [Self] {
        let at = self as usize;
        ALL.get(at..=at).unwrap_or_default()
    }

    /// Every name of the algorithm, this one among them.
    pub(crate) fn synonyms(self) -> &'static [Self] {
        const ED25519: &[Algorithm] = &[Algorithm::EdDSA, Algorithm::Ed25519];
        if ED25519.contains(&self) { ED25519 } else { self.alone() }
    }
}

impl AsRef<str> for Algorithm {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

named!(Algorithm);

/// A text that names no algorithm the engine verifies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownAlgorithm;

impl fmt::Display for UnknownAlgorithm {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("no signature algorithm that is verified here has this name")
    }
}

impl core::error::Error for UnknownAlgorithm {}

impl core::str::FromStr for Algorithm {
    type Err = UnknownAlgorithm;

    /// Names are compared byte for byte: `rs256` is no algorithm.
    fn from_str(text: &str) -> Result<Self, UnknownAlgorithm> {
        ALL.iter().copied().find(|algorithm| algorithm.as_str() == text).ok_or(UnknownAlgorithm)
    }
}

/// In the order of the variants: [`Algorithm::alone`] counts on it.
const ALL: &[Algorithm] = &[
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
    Algorithm::PS256,
    Algorithm::PS384,
    Algorithm::PS512,
    Algorithm::ES256,
    Algorithm::ES384,
    Algorithm::ES512,
    Algorithm::EdDSA,
    Algorithm::Ed25519,
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::{reason::ReasonCode, text::joined};
    use alloc::{format, vec::Vec};

    /// Ed25519 is told by its older name: the database knows no other.
    #[test]
    fn the_remedy_for_another_algorithm_names_all_that_are_accepted() {
        let older = |algorithm: &&Algorithm| algorithm.synonyms().first() == Some(*algorithm);
        let named: Vec<_> = Algorithm::all().iter().filter(older).collect();
        let remedy = format!("have the identity provider sign with {}", joined(&named, "or"));
        assert_eq!(ReasonCode::AlgNotAllowed.remedy(), remedy);
    }

    #[test]
    fn names_parse_back_and_every_algorithm_stands_alone() {
        for &algorithm in Algorithm::all() {
            assert_eq!(algorithm.as_str().parse(), Ok(algorithm));
            assert_eq!(algorithm.alone(), [algorithm]);
            assert!(algorithm.synonyms().contains(&algorithm));
        }
    }

    #[test]
    fn near_misses_are_no_algorithms() {
        for text in [
            "", "none", "HS256", "rs256", "RS256 ", "ES256K", "ed25519", "ED25519", "Ed25519 ", "Ed448", "eddsa",
            "RSA-OAEP",
        ] {
            assert_eq!(text.parse::<Algorithm>(), Err(UnknownAlgorithm), "{text:?}");
        }
    }
}
