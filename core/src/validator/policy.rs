//! What is configured for one issuer: its keys, audiences, claim and bounds.

use alloc::sync::Arc;

use crate::{distinct::Distinct, keys::KeySet, settings::Claim, validator::remote::Remote};

/// What holds for tokens of one issuer.
pub(crate) struct Policy {
    /// The issuer, byte for byte; empty in the policy that holds for issuers that are not configured.
    pub(crate) issuer: Arc<str>,
    pub(crate) keys: Keys,
    pub(crate) audience: Arc<Distinct<Arc<str>>>,
    pub(crate) claim: Arc<Claim>,
    /// In seconds.
    pub(crate) max_lifetime: Option<i64>,
    /// Which of the values above `engine.issuers` sets for this issuer alone.
    pub(crate) own: Own,
    pub(crate) places: Places,
}

/// Where the values of a policy stand, as offsets in bytes: the issuer in the text of
/// `server.jwt_authentication.issuers`, each other in the text of the setting that [`Own`] says it comes from.
#[derive(Clone, Debug, Default)]
pub(crate) struct Places {
    pub(crate) issuer: usize,
    /// Where the key set begins, to which the places of its keys are added.
    pub(crate) keys: usize,
    /// One for each audience.
    pub(crate) audience: Arc<[usize]>,
    pub(crate) claim: usize,
    pub(crate) max_lifetime: usize,
}

/// Which values of a policy are the issuer's own instead of every issuer's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Own {
    pub(crate) keys: bool,
    pub(crate) audience: bool,
    pub(crate) claim: bool,
    pub(crate) max_lifetime: bool,
}

/// Where an issuer's keys come from.
pub(crate) enum Keys {
    /// The settings.
    Set(Arc<KeySet>),
    /// The identity provider: the host has to fetch them.
    Remote(Remote),
}
