//! What can this key verify, and for whom?

use alloc::{boxed::Box, format, string::String, sync::Arc};
use core::fmt;

use super::{
    algorithm::Algorithm,
    backend::{self, Verifier},
    material::Material,
};
use crate::ground::base64url;

/// A vetted public key, parsed once.
pub(crate) struct Key {
    pub(super) id: Arc<str>,
    /// The key's own `alg`.
    pub(super) stated: Option<Algorithm>,
    /// What the key verifies.
    pub(super) algorithms: &'static [Algorithm],
    pub(super) issuer: Option<Box<str>>,
    pub(super) material: Material,
    pub(super) verifier: Verifier,
}

impl Key {
    /// The key's `kid`.
    pub(crate) fn id(&self) -> &Arc<str> {
        &self.id
    }

    /// What kind of key it is, with its article: `an EC key on P-256`.
    pub(crate) fn describe(&self) -> String {
        format!("{}", self.material)
    }

    /// The key's `issuer`, as it is written: the only issuer that the key may sign for.
    pub(crate) fn issuer(&self) -> Option<&str> {
        self.issuer.as_deref()
    }

    /// The key's own `alg`, as it is written.
    pub(crate) fn stated_algorithm(&self) -> Option<Algorithm> {
        self.stated
    }

    /// What the key verifies: its `alg` by each of its names, or else all that its type can.
    pub(crate) fn algorithms(&self) -> &'static [Algorithm] {
        self.algorithms
    }

    /// Whether the key verifies signatures of that algorithm.
    pub(crate) fn accepts(&self, algorithm: Algorithm) -> bool {
        self.algorithms().contains(&algorithm)
    }

    /// Whether `signature` is the key's own over `message`. Never true for an algorithm that the key does not accept.
    pub(crate) fn verify(&self, algorithm: Algorithm, message: &[u8], signature: &[u8]) -> bool {
        self.accepts(algorithm) && self.verifier.verify(algorithm, message, signature)
    }

    /// How long the key's signatures are.
    pub(crate) fn signature_bytes(&self) -> usize {
        self.material.signature_bytes()
    }

    /// The key's thumbprint (RFC 7638): the SHA-256 hash of the members that make it what it is, in base64url.
    pub(crate) fn thumbprint(&self) -> String {
        base64url::encode(&backend::sha256(self.material.members().as_bytes()))
    }

    /// Whether the other key is the same key, whatever its id and its `alg`.
    pub(crate) fn same_material(&self, other: &Self) -> bool {
        self.material == other.material
    }
}

impl fmt::Debug for Key {
    /// The id and the type; none of the key's numbers.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Key({:?}, {})", self.id, self.material)
    }
}
