//! Settings, turned into what a login needs: every list parsed, every key vetted, every regex compiled, once.

use alloc::{collections::BTreeMap, string::String, sync::Arc, vec::Vec};

use crate::{
    identity_map::{Dialect, IdentityMap},
    keys::{KeySet, Reading},
    profile::{Profile, Rules},
    settings::{Configuration, SettingName, Settings, SettingsError},
    validator::{
        policy::{Keys, Own, Policy},
        remote::Remote,
    },
};

/// Settings compiled under one profile.
pub(crate) struct Compiled {
    pub(crate) profile: Profile,
    pub(crate) enabled: bool,
    /// What holds for each configured issuer.
    policies: BTreeMap<Arc<str>, Policy>,
    /// What holds for all, for looking into tokens of issuers that are not configured.
    pub(crate) common: Policy,
    pub(crate) map: IdentityMap,
    /// In seconds.
    pub(crate) leeway: i64,
    pub(crate) max_token_bytes: usize,
    pub(crate) required_claims: Vec<String>,
    /// The claim that holds the groups, when groups are synchronised.
    pub(crate) group_claim: Option<String>,
}

impl Compiled {
    /// Compiles settings under a profile.
    pub(crate) fn new(settings: &Settings, profile: Profile) -> Result<Self, SettingsError> {
        let rules = profile.rules();
        let configuration = settings.configuration(profile)?;
        let reading = if rules.strict_documents { Reading::Strict } else { Reading::Database };
        let keys = Arc::new(
            KeySet::parse(settings.text(SettingName::Jwks), reading)
                .map_err(|fault| settings.locate(SettingName::Jwks, fault))?,
        );
        // What the settings' other profile would do is compiled for explanations, beside the map that decides.
        let parse = if profile == settings.profile() { IdentityMap::parse } else { IdentityMap::parse_beside };
        let map = parse(settings.text(SettingName::IdentityMap), Dialect::from(rules))
            .map_err(|fault| settings.locate(SettingName::IdentityMap, fault))?;
        let audience = shared(&configuration.audience);
        let claim = Arc::new(configuration.claim.clone());
        let common = Policy {
            issuer: Arc::from(""),
            keys: Keys::Set(Arc::clone(&keys)),
            audience: Arc::clone(&audience),
            claim: Arc::clone(&claim),
            max_lifetime: configuration.max_token_lifetime_seconds,
            own: Own::default(),
        };
        let mut policies = BTreeMap::new();
        for issuer in &configuration.issuers {
            let name: Arc<str> = Arc::from(issuer.name.as_str());
            let keys = if configuration.auto_fetch {
                Keys::Remote(Remote::new(&issuer.name, issuer.jwks_url.as_deref()))
            } else {
                Keys::Set(Arc::clone(&keys))
            };
            let policy = Policy {
                issuer: Arc::clone(&name),
                keys,
                audience: Arc::clone(&audience),
                claim: Arc::clone(&claim),
                max_lifetime: common.max_lifetime,
                own: Own::default(),
            };
            policies.insert(name, policy);
        }
        own_keys(settings, &configuration, reading, &mut policies)?;
        overrides(&configuration, &mut policies);
        Ok(Self {
            profile,
            enabled: configuration.enabled,
            policies,
            common,
            map,
            leeway: if rules.leeway { configuration.leeway_seconds } else { 0 },
            max_token_bytes: configuration.max_token_bytes,
            required_claims: configuration.required_claims,
            group_claim: configuration.authorization.then_some(configuration.group_claim),
        })
    }

    pub(crate) fn rules(&self) -> &'static Rules {
        self.profile.rules()
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
        self.policies().any(|policy| !policy.own.keys && matches!(policy.keys, Keys::Set(_)))
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
        let keys = KeySet::parse(&own.jwks_text, reading).map_err(|mut fault| {
            fault.offset = fault.offset.saturating_add(own.offset);
            settings.locate(SettingName::EngineIssuerKeys, fault)
        })?;
        if let Some(policy) = policies.get_mut(own.issuer.as_str()) {
            policy.keys = Keys::Set(Arc::new(keys));
            policy.own.keys = true;
        }
    }
    Ok(())
}

/// Applies `engine.issuers`.
fn overrides(configuration: &Configuration, policies: &mut BTreeMap<Arc<str>, Policy>) {
    for own in &configuration.overrides {
        let Some(policy) = policies.get_mut(own.issuer.as_str()) else { continue };
        if let Some(claim) = &own.claim {
            policy.claim = Arc::new(claim.clone());
            policy.own.claim = true;
        }
        if let Some(audience) = &own.audience {
            policy.audience = shared(audience);
            policy.own.audience = true;
        }
        if let Some(seconds) = own.max_token_lifetime_seconds {
            policy.max_lifetime = Some(seconds);
            policy.own.max_lifetime = true;
        }
    }
}

fn shared(values: &[String]) -> Arc<[Arc<str>]> {
    values.iter().map(|value| Arc::from(value.as_str())).collect()
}
