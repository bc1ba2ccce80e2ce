//! Where do the keys of the configured issuers come from? As long as this stays the same, what was fetched stays good.

use alloc::{collections::BTreeMap, string::String, sync::Arc};

use crate::{
    ground::profile::Profile,
    parsed::{
        keys::{
            Reading,
            remote::{Over, Remote},
        },
        settings::{SettingName, Settings},
    },
    rules::policy::{compiled::Compiled, issuer::Keys},
};

/// What decides about fetching. Audiences, claims and the identity map do not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Origins {
    profile: Profile,
    enabled: bool,
    custom_ca: String,
    over: Over,
    /// The address of each issuer whose keys are fetched.
    places: BTreeMap<Arc<str>, Remote>,
}

impl Origins {
    pub(crate) fn of(settings: &Settings, compiled: &Compiled) -> Self {
        let remote = compiled.policies().filter_map(|policy| match &*policy.keys {
            Keys::Remote(remote) => Some((Arc::clone(&policy.issuer), remote.clone())),
            Keys::Set(_) => None,
        });
        Self {
            profile: compiled.profile,
            enabled: compiled.enabled,
            custom_ca: settings.text(SettingName::IssuersCustomCa).into(),
            over: compiled.fetched_over,
            places: remote.collect(),
        }
    }

    /// The issuer, if its keys are fetched, and where.
    pub(super) fn place(&self, issuer: &str) -> Option<(&Arc<str>, &Remote)> {
        self.places.get_key_value(issuer)
    }

    /// The issuers whose keys are fetched.
    pub(super) fn issuers(&self) -> impl Iterator<Item = &Arc<str>> {
        self.places.keys()
    }

    /// What may carry the keys.
    pub(super) fn over(&self) -> Over {
        self.over
    }

    /// How the key sets are read that are used to decide.
    pub(super) fn reading(&self) -> Reading {
        self.profile.rules().keys
    }

    /// Whether a discovery document has to be the issuer's own. The database does not look.
    pub(super) fn is_strict(&self) -> bool {
        self.reading() == Reading::Strict
    }
}
