//! What is configured for one issuer: its keys, audiences, claim and bounds.

use alloc::sync::Arc;
use core::fmt;

use crate::{
    ground::{distinct::Distinct, text::shown},
    parsed::{
        keys::{KeySet, remote::Remote},
        settings::{Claim, SettingName},
    },
};

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

impl Policy {
    /// Where the claim that names the bearer stands.
    pub(crate) fn claim_source(&self) -> Source<'_> {
        self.source(self.own.claim.then_some("claim"), SettingName::Claim)
    }

    /// Where the audiences stand.
    pub(crate) fn audience_source(&self) -> Source<'_> {
        self.source(self.own.audience.then_some("audience"), SettingName::Audience)
    }

    /// Where the longest lifetime stands.
    pub(crate) fn lifetime_source(&self) -> Source<'_> {
        let member = self.own.max_lifetime.then_some("max_token_lifetime_seconds");
        self.source(member, SettingName::EngineMaxTokenLifetimeSeconds)
    }

    /// Where the keys stand.
    pub(crate) fn keys_source(&self) -> Source<'_> {
        if self.own.keys {
            return Source { setting: SettingName::EngineIssuerKeys, issuer: Some(&self.issuer), member: None };
        }
        self.source(None, SettingName::Jwks)
    }

    fn source(&self, own: Option<&'static str>, common: SettingName) -> Source<'_> {
        let setting = if own.is_some() { SettingName::EngineIssuers } else { common };
        Source { setting, issuer: own.map(|_| &*self.issuer), member: own }
    }
}

/// Which setting gave a value, and where in it: what a message names, so that it is the one to change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Source<'p> {
    pub(crate) setting: SettingName,
    /// The issuer whose own the value is, in a setting that has an object of issuers.
    issuer: Option<&'p str>,
    /// The member of that issuer's object.
    member: Option<&'static str>,
}

impl fmt::Display for Source<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(member) = self.member {
            write!(out, "`{member}` of ")?;
        }
        if let Some(issuer) = self.issuer {
            write!(out, "`{}` in ", shown(issuer))?;
        }
        out.write_str(self.setting.as_str())
    }
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
