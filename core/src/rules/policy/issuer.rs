//! What is configured for one issuer: its keys, audiences, claim and bounds, each with the setting that gave it.

use alloc::sync::Arc;

use crate::{
    ground::distinct::Distinct,
    parsed::{
        keys::{KeySet, remote::Remote},
        settings::{Claim, Source, Sourced},
    },
};

/// What holds for tokens of one issuer.
pub(crate) struct Policy {
    /// The issuer, byte for byte; empty in the policy that holds for issuers that are not configured.
    pub(crate) issuer: Sourced<Arc<str>>,
    pub(crate) keys: Sourced<Keys>,
    pub(crate) audience: Arc<Audiences>,
    pub(crate) claim: Arc<Sourced<Claim>>,
    /// In seconds.
    pub(crate) max_lifetime: Option<Arc<Sourced<i64>>>,
}

impl Policy {
    /// What gives the claim that names the bearer.
    pub(crate) fn claim_source(&self) -> &Source {
        &self.claim.source
    }

    /// What gives the audiences.
    pub(crate) fn audience_source(&self) -> &Source {
        &self.audience.source
    }

    /// Whether the keys are fetched: then no setting holds their text, and the identity provider alone can change them.
    pub(crate) fn keys_are_fetched(&self) -> bool {
        matches!(*self.keys, Keys::Remote(_))
    }

    /// What gives the keys.
    pub(crate) fn keys_source(&self) -> &Source {
        &self.keys.source
    }
}

/// The audiences, each once, and what gives the list of them.
pub(crate) type Audiences = Sourced<Distinct<Sourced<Arc<str>>>>;

/// Where an issuer's keys come from.
pub(crate) enum Keys {
    /// The settings.
    Set(Arc<KeySet>),
    /// The identity provider: the host has to fetch them.
    Remote(Remote),
}

impl Keys {
    /// The keys, where the settings have them.
    pub(crate) fn set(&self) -> Option<&Arc<KeySet>> {
        match self {
            Self::Set(keys) => Some(keys),
            Self::Remote(_) => None,
        }
    }
}
