//! Settings, turned into what a login needs: every list parsed, every key vetted, every regex compiled, once.

use alloc::{collections::BTreeMap, string::String, sync::Arc, vec::Vec};

use crate::{
    ground::{distinct::Distinct, profile::Profile},
    parsed::{
        identity_map::{IdentityMap, Strangers},
        keys::{KeySet, Reading, remote::Remote},
        settings::{Configuration, SettingName, Settings, SettingsError, Source, Sourced},
    },
    rules::{
        policy::issuer::{Audiences, Keys, Policy},
        profile::rules::Rules,
    },
};

/// Settings compiled under one profile.
pub(crate) struct Compiled {
    pub(crate) profile: Profile,
    pub(crate) rules: &'static Rules,
    pub(crate) enabled: bool,
    /// What holds for each configured issuer.
    policies: BTreeMap<Arc<str>, Policy>,
    /// What holds for all, for looking into tokens of issuers that are not configured.
    pub(crate) common: Policy,
    pub(crate) map: IdentityMap,
    /// The names in the map that no configured issuer has.
    pub(crate) strangers: Strangers,
    /// In seconds.
    pub(crate) leeway: i64,
    pub(crate) max_token_bytes: usize,
    pub(crate) required_claims: Distinct<String>,
    /// The claim that holds the groups, when groups are synchronised.
    pub(crate) group_claim: Option<String>,
}

impl Compiled {
    /// Compiles settings under a profile.
    pub(crate) fn new(settings: &Settings, profile: Profile) -> Result<Self, SettingsError> {
        let rules = profile.rules();
        let configuration = Configuration::of(settings, rules.settings)?;
        let reading = rules.keys;
        let keys = Arc::new(
            KeySet::parse(settings.text(SettingName::Jwks), reading)
                .map_err(|fault| settings.locate(SettingName::Jwks, fault))?,
        );
        let map = IdentityMap::parse(settings.text(SettingName::IdentityMap), rules.map)
            .map_err(|fault| settings.locate(SettingName::IdentityMap, fault))?;
        let keys_source = Source::of(SettingName::Jwks);
        let common = Policy {
            issuer: Sourced::new(Arc::from(""), Source::of(SettingName::Issuers)),
            keys: Sourced::new(Keys::Set(Arc::clone(&keys)), keys_source.clone()),
            audience: audiences(&configuration.audience),
            claim: Arc::new(configuration.claim.clone()),
            max_lifetime: configuration.max_token_lifetime_seconds.clone().map(Arc::new),
        };
        let mut policies = BTreeMap::new();
        for issuer in &configuration.issuers {
            let name: Arc<str> = Arc::from(issuer.name.as_str());
            let source = issuer.name.source.clone();
            let keys = if configuration.auto_fetch {
                Keys::Remote(Remote::new(&issuer.name, issuer.jwks_url.as_deref()))
            } else {
                Keys::Set(Arc::clone(&keys))
            };
            let policy = Policy {
                issuer: Sourced::new(Arc::clone(&name), source),
                keys: Sourced::new(keys, keys_source.clone()),
                audience: Arc::clone(&common.audience),
                claim: Arc::clone(&common.claim),
                max_lifetime: common.max_lifetime.clone(),
            };
            policies.insert(name, policy);
        }
        let strangers = map.strangers(&policies);
        if let Some(fault) = strangers.slip().filter(|_| rules.map.exact_names) {
            return Err(settings.locate(SettingName::IdentityMap, fault));
        }
        own_keys(settings, &configuration, reading, &mut policies)?;
        overrides(&configuration, &mut policies);
        Ok(Self {
            profile,
            rules,
            enabled: configuration.enabled,
            policies,
            common,
            map,
            strangers,
            leeway: if rules.judging.leeway { configuration.leeway_seconds } else { 0 },
            max_token_bytes: configuration.max_token_bytes,
            required_claims: configuration.required_claims.into_iter().collect(),
            group_claim: configuration.authorization.then_some(configuration.group_claim),
        })
    }

    /// What is configured for an issuer, byte for byte.
    pub(crate) fn policy(&self, issuer: &str) -> Option<&Policy> {
        self.policies.get(issuer)
    }

    /// The configured issuers.
    pub(crate) fn issuers(&self) -> impl Iterator<Item = &str> {
        self.policies.keys().map(|issuer| &**issuer)
    }

    /// Whether the keys that hold for all verify the tokens of any configured issuer.
    pub(crate) fn common_keys_decide(&self) -> bool {
        self.policies().any(|policy| !policy.keys.source.is_own() && matches!(*policy.keys, Keys::Set(_)))
    }

    /// What is configured for each issuer.
    pub(crate) fn policies(&self) -> impl Iterator<Item = &Policy> {
        self.policies.values()
    }
}

/// Gives issuers the keys that `engine.issuer_keys` says are theirs alone.
fn own_keys(
    settings: &Settings,
    configuration: &Configuration,
    reading: Reading,
    policies: &mut BTreeMap<Arc<str>, Policy>,
) -> Result<(), SettingsError> {
    for own in &configuration.issuer_keys {
        let keys = KeySet::parse(&own.jwks, reading).map_err(|mut fault| {
            fault.offset = fault.offset.saturating_add(own.jwks.source.offset);
            settings.locate(SettingName::EngineIssuerKeys, fault)
        })?;
        if let Some(policy) = policies.get_mut(&own.issuer) {
            policy.keys = Sourced::new(Keys::Set(Arc::new(keys)), own.jwks.source.clone());
        }
    }
    Ok(())
}

/// Applies `engine.issuers`.
fn overrides(configuration: &Configuration, policies: &mut BTreeMap<Arc<str>, Policy>) {
    for own in &configuration.overrides {
        let Some(policy) = policies.get_mut(&own.issuer) else { continue };
        if let Some(claim) = &own.claim {
            policy.claim = Arc::new(claim.clone());
        }
        if let Some(audience) = &own.audience {
            policy.audience = audiences(audience);
        }
        if let Some(seconds) = &own.max_token_lifetime_seconds {
            policy.max_lifetime = Some(Arc::new(seconds.clone()));
        }
    }
}

/// The audiences, each once.
fn audiences(list: &Sourced<Vec<Sourced<String>>>) -> Arc<Audiences> {
    let each = list.iter().map(|one| Sourced::new(Arc::from(one.as_str()), one.source.clone()));
    Arc::new(Sourced::new(each.collect(), list.source.clone()))
}
