//! Whose signature does the token bear? The one door from what anybody can write to what is believed.

use super::unverified::UnverifiedToken;
use crate::parsed::keys::{Algorithm, Key};

/// A token whose signature has verified under a vetted key. There is no other way to make one, and a login is made from
/// nothing else.
#[derive(Clone, Copy, Debug)]
pub(crate) struct VerifiedToken<'t> {
    key: &'t Key,
    algorithm: Algorithm,
}

impl<'t> VerifiedToken<'t> {
    /// Verifies the signature: the one place where a token becomes believed.
    pub(crate) fn verify(token: &'t UnverifiedToken<'_>, key: &'t Key, algorithm: Algorithm) -> Option<Self> {
        let parts = token.parts()?;
        key.verify(algorithm, parts.signing_input, parts.signature()).then_some(Self { key, algorithm })
    }

    /// The same token under a key of the same material, without verifying again.
    pub(crate) fn under(self, key: &'t Key, algorithm: Algorithm) -> Option<Self> {
        (algorithm == self.algorithm && key.same_material(self.key)).then_some(Self { key, ..self })
    }

    pub(crate) fn key(&self) -> &'t Key {
        self.key
    }

    pub(crate) fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}
