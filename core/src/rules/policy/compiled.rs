//! Settings, turned into what a login needs: every list parsed, every key vetted, every regex compiled, once.

use alloc::{
    collections::{BTreeMap, BTreeSet},
    format,
    string::String,
    sync::Arc,
    vec::Vec,
};

use crate::{
    answers::provision::Provision,
    ground::{distinct::Distinct, profile::Profile, text::shown},
    parsed::{
        identity_map::{IdentityMap, Strangers},
        keys::{
            KeySet, Reading,
            remote::{Over, Remote},
        },
        provisioning,
        settings::{Configuration, Issuer, SettingName, Settings, SettingsError, Source, Sourced, Values},
        sql_user,
        user_names::UserNames,
    },
    rules::{
        policy::{
            groups::GroupRules,
            issuer::{Audiences, Keys, Policy},
        },
        profile::{reference::REFERENCE, rules::Rules},
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
    /// Shared with what is tried: no change of another setting compiles it again.
    pub(crate) map: Arc<IdentityMap>,
    /// The names in the map that no configured issuer has.
    pub(crate) strangers: Strangers,
    /// What may carry keys that are fetched.
    pub(crate) fetched_over: Over,
    /// In seconds.
    pub(crate) leeway: i64,
    pub(crate) max_token_bytes: usize,
    pub(crate) required_claims: Distinct<String>,
    /// What a token has to be issued for.
    pub(crate) required_scopes: Distinct<String>,
    /// The server's rules for the names of SQL users.
    pub(crate) names: UserNames,
    /// Where groups stand and which of them are roles, when groups are synchronised.
    pub(crate) groups: Option<GroupRules>,
    /// Whether SQL users are made of tokens.
    pub(crate) provisioning: bool,
    /// Empty unless the settings cannot be used.
    broken: BTreeSet<SettingName>,
}

impl Compiled {
    /// Compiles settings under a profile.
    ///
    /// # Errors
    /// All faults of the values, the first of them in the order in which they are read: single settings, keys, identity map.
    pub(crate) fn new(settings: &Settings, profile: Profile) -> Result<Self, SettingsError> {
        Self::under(settings, profile, profile.rules())
    }

    /// Compiles settings under rules that need not be those of the profile that they are told as.
    pub(crate) fn under(settings: &Settings, profile: Profile, rules: &'static Rules) -> Result<Self, SettingsError> {
        let (compiled, error) = Self::compile(Values::of(settings), profile, rules, &Kept::default());
        error.map_or(Ok(compiled), Err)
    }

    /// Compiles what the database knows of settings, under the rules that say what it decides. An identity map that was
    /// compiled for the database's own profile is shared.
    ///
    /// # Errors
    /// As [`Compiled::new`].
    pub(crate) fn of_the_database(settings: &Settings, own: Option<&Self>) -> Result<Self, SettingsError> {
        let changed = BTreeSet::from([SettingName::Jwks, SettingName::EngineIssuerKeys]);
        let kept = Kept { compiled: own.filter(|own| own.profile == Profile::Cockroachdb), changed };
        let values = Values::of(&settings.without_engine_options());
        let (compiled, error) = Self::compile(values, Profile::Cockroachdb, &REFERENCE, &kept);
        error.map_or(Ok(compiled), Err)
    }

    /// Compiles the settings again after some of them have changed, under the same profile. Key sets and the identity map
    /// are shared as long as their texts are the same.
    ///
    /// # Errors
    /// As [`Compiled::new`].
    pub(crate) fn again(&self, settings: &Settings, changed: BTreeSet<SettingName>) -> Result<Self, SettingsError> {
        let kept = Kept { compiled: Some(self), changed };
        let (compiled, error) = Self::compile(Values::of(settings), self.profile, self.rules, &kept);
        error.map_or(Ok(compiled), Err)
    }

    /// Compiles what can be read of settings that cannot be used; what is broken has its default, or is left out. Those who
    /// judge by it ask first whether a setting [is broken](Self::is_broken). Also gives all faults: those that are known
    /// and those that are found now, in values that nobody had come to.
    pub(crate) fn of_readable(error: &SettingsError) -> (Self, SettingsError) {
        let mut values = Values::despite(error);
        if values.is_broken(SettingName::EngineProfile) {
            // Nobody knows whose rules were meant: what only some of them forbid is no fault yet.
            for &other in Profile::all().iter().filter(|&&other| other != error.profile) {
                let (other, _) = Self::compile(Values::despite(error), other, other.rules(), &Kept::default());
                values.tell_only(other.broken);
            }
        }
        let (compiled, all) = Self::compile(values, error.profile, error.profile.rules(), &Kept::default());
        (compiled, all.unwrap_or_else(|| error.clone()))
    }

    fn compile(
        mut values: Values,
        profile: Profile,
        rules: &'static Rules,
        kept: &Kept<'_>,
    ) -> (Self, Option<SettingsError>) {
        let configuration = Configuration::of(&mut values, rules.settings);
        let keys = kept.keys().unwrap_or_else(|| {
            let keys = values.read(SettingName::Jwks, |text| KeySet::parse(text, rules.keys));
            Arc::new(keys.unwrap_or_default())
        });
        let mut map = kept.map().unwrap_or_else(|| {
            let map = values.read(SettingName::IdentityMap, |text| IdentityMap::parse(text, rules.map));
            Arc::new(map.unwrap_or_default())
        });
        let common = common(&configuration, keys);
        let mut policies = policies(&configuration, &common);
        let mut strangers = map.strangers(&policies);
        if let Some(fault) = strangers.slip_in(&map).filter(|_| rules.map.exact_names) {
            values.refuse(SettingName::IdentityMap, fault);
            (map, strangers) = (Arc::default(), Strangers::default());
        }
        own_keys(&configuration, rules.keys, kept, &mut values, &mut policies);
        overrides(&configuration, &mut policies);
        let (mut broken, error) = values.finish();
        // Whose own values they are is unknown where the issuers are.
        if broken.contains(&SettingName::Issuers) {
            broken.extend([SettingName::EngineIssuers, SettingName::EngineIssuerKeys]);
        }
        let compiled = Self {
            profile,
            rules,
            enabled: configuration.enabled,
            policies,
            common,
            map,
            strangers,
            fetched_over: configuration.fetched_over,
            leeway: if rules.judging.leeway { configuration.leeway_seconds } else { 0 },
            max_token_bytes: configuration.max_token_bytes,
            required_claims: configuration.required_claims.into_iter().collect(),
            required_scopes: configuration.required_scopes.into_iter().collect(),
            names: configuration.user_names,
            groups: configuration.authorization.then(|| GroupRules {
                claim: configuration.group_claim,
                userinfo_key: configuration.userinfo_group_key,
                prefix: configuration.group_prefix,
                allowed: configuration.group_allow.map(BTreeSet::from_iter),
            }),
            provisioning: configuration.provisioning,
            broken,
        };
        (compiled, error)
    }

    /// Whether the value of a setting could not be used, so that nothing here comes of it.
    pub(crate) fn is_broken(&self, setting: SettingName) -> bool {
        self.broken.contains(&setting)
    }

    /// Whether one of these settings could not be used.
    pub(crate) fn lacks(&self, settings: impl FnOnce() -> &'static [SettingName]) -> bool {
        !self.broken.is_empty() && settings().iter().any(|&setting| self.is_broken(setting))
    }

    /// The SQL user to be made for a login, where users are made of tokens and this one can be.
    pub(crate) fn provision(&self, user: &str, issuer: &str) -> Option<Provision> {
        if !self.provisioning || sql_user::check(user).is_err() {
            return None;
        }
        provisioning::source(issuer).ok().map(|source| Provision::new(user, source))
    }

    /// The claim that holds the groups, when groups are synchronised.
    pub(crate) fn group_claim(&self) -> Option<&str> {
        self.groups.as_ref().map(|groups| groups.claim.as_str())
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
        self.policies().any(|policy| !policy.keys.source.is_own() && !policy.keys_are_fetched())
    }

    /// What is configured for each issuer, by its name.
    pub(crate) fn policies_by_name(&self) -> &BTreeMap<Arc<str>, Policy> {
        &self.policies
    }

    /// What is configured for each issuer.
    pub(crate) fn policies(&self) -> impl Iterator<Item = &Policy> {
        self.policies.values()
    }
}

/// What is taken over from the same settings before some of them changed.
#[derive(Default)]
struct Kept<'c> {
    compiled: Option<&'c Compiled>,
    changed: BTreeSet<SettingName>,
}

impl Kept<'_> {
    /// What was compiled of a setting that has not changed and could be used.
    fn of(&self, setting: SettingName) -> Option<&Compiled> {
        self.compiled.filter(|compiled| !self.changed.contains(&setting) && !compiled.is_broken(setting))
    }

    fn keys(&self) -> Option<Arc<KeySet>> {
        self.of(SettingName::Jwks)?.common.keys.set().cloned()
    }

    fn map(&self) -> Option<Arc<IdentityMap>> {
        Some(Arc::clone(&self.of(SettingName::IdentityMap)?.map))
    }

    fn own_keys(&self, issuer: &str) -> Option<Arc<KeySet>> {
        let keys = &self.of(SettingName::EngineIssuerKeys)?.policy(issuer)?.keys;
        keys.set().filter(|_| keys.source.is_own()).cloned()
    }
}

/// What holds for every issuer.
fn common(configuration: &Configuration, keys: Arc<KeySet>) -> Policy {
    Policy {
        issuer: Sourced::new(Arc::from(""), Source::of(SettingName::Issuers)),
        keys: Sourced::new(Keys::Set(keys), Source::of(SettingName::Jwks)),
        audience: audiences(&configuration.audience),
        claim: Arc::new(configuration.claim.clone()),
        max_lifetime: configuration.max_token_lifetime_seconds.clone().map(Arc::new),
    }
}

/// What holds for each issuer, as long as the engine's options set nothing else for it.
fn policies(configuration: &Configuration, common: &Policy) -> BTreeMap<Arc<str>, Policy> {
    let policy = |issuer: &Issuer| {
        let name: Arc<str> = Arc::from(issuer.name.as_str());
        let keys = match &*common.keys {
            Keys::Set(keys) if !configuration.auto_fetch => {
                Sourced::new(Keys::Set(Arc::clone(keys)), common.keys.source.clone())
            }
            _ => {
                let remote = Remote::new(&issuer.name, issuer.jwks_url.as_deref(), configuration.fetched_over);
                Sourced::new(Keys::Remote(remote), Source::of(SettingName::JwksAutoFetch))
            }
        };
        let policy = Policy {
            issuer: Sourced::new(Arc::clone(&name), issuer.name.source.clone()),
            keys,
            audience: Arc::clone(&common.audience),
            claim: Arc::clone(&common.claim),
            max_lifetime: common.max_lifetime.clone(),
        };
        (name, policy)
    };
    configuration.issuers.iter().map(policy).collect()
}

/// Gives issuers the keys that `engine.issuer_keys` says are theirs alone, if every set of them can be read.
fn own_keys(
    configuration: &Configuration,
    reading: Reading,
    kept: &Kept<'_>,
    values: &mut Values,
    policies: &mut BTreeMap<Arc<str>, Policy>,
) {
    let mut sets = Vec::new();
    for own in &configuration.issuer_keys {
        match kept.own_keys(&own.issuer).map_or_else(|| KeySet::parse(&own.jwks, reading).map(Arc::new), Ok) {
            Ok(keys) => sets.push(Sourced::new(Keys::Set(keys), own.jwks.source.clone())),
            Err(mut fault) => {
                let issuer = shown(&own.issuer);
                let remedy = || format!("set `{issuer}` in engine.issuer_keys to the key set that its jwks_uri serves");
                fault.remedy.get_or_insert_with(remedy);
                return values.refuse(SettingName::EngineIssuerKeys, fault.further(own.jwks.source.offset));
            }
        }
    }
    for (own, keys) in configuration.issuer_keys.iter().zip(sets) {
        if let Some(policy) = policies.get_mut(&own.issuer) {
            policy.keys = keys;
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::reason::ReasonCode;

    use ReasonCode::{
        AudienceInvalid, ClaimSettingInvalid, IdentityMapInvalid, IssuersInvalid, JwksInvalid, SettingUnknown,
        SettingWrongType,
    };

    /// All faults of a document, and what is compiled despite them.
    fn despite(text: &str) -> (Vec<ReasonCode>, Compiled) {
        let error = match Settings::from_text(text) {
            Ok(settings) => {
                Compiled::new(&settings, settings.profile()).err().unwrap_or_else(|| panic!("{text} is fine"))
            }
            Err(error) => error,
        };
        let (compiled, all) = Compiled::of_readable(&error);
        let (_, again) = Compiled::of_readable(&all);
        assert_eq!(again, all, "nothing is found twice");
        assert_eq!((all.code, all.position), (error.code, error.position), "the first fault stays the first");
        (core::iter::once(&all).chain(&all.others).map(|fault| fault.code).collect(), compiled)
    }

    fn codes(text: &str) -> Vec<ReasonCode> {
        despite(text).0
    }

    #[test]
    fn every_setting_tells_its_fault() {
        let text = r#"{"server.jwt_authentication.enabled": true,
            "server.jwt_authentication.issuers": [1],
            "server.jwt_authentication.audience": {},
            "server.jwt_authentication.claim": "//",
            "server.jwt_authentication.client.timeout": "soon",
            "engine.required_claims": [""],
            "engine.issuers": {"https://a": {"claim": 1}},
            "engine.issuer_keys": {"https://a": {"keys": 1}},
            "server.jwt_authentication.jwks": "{",
            "server.identity_map.configuration": "https://a /( x"}"#;
        let settings = Settings::from_text(text).unwrap();
        let error = Compiled::new(&settings, Profile::Hardened).err().unwrap();
        let lines: Vec<_> =
            core::iter::once(&error).chain(&error.others).map(|fault| fault.position.unwrap().line).collect();
        assert_eq!(lines, [2, 3, 4, 5, 6, 7, 9, 10, 8]);
        let (codes, compiled) = despite(text);
        let expected = [
            IssuersInvalid,
            AudienceInvalid,
            ClaimSettingInvalid,
            SettingWrongType,
            SettingWrongType,
            SettingWrongType,
            JwksInvalid,
            IdentityMapInvalid,
            JwksInvalid,
        ];
        assert_eq!(codes, expected);
        let broken = SettingName::ALL.iter().filter(|&&name| compiled.is_broken(name)).count();
        assert!(compiled.enabled && broken == expected.len());
    }

    #[test]
    fn faults_of_the_document_come_before_those_of_its_values() {
        let text = r#"{"server.identity_map.configuration": "https://a /( x", "server.jwt_authentication.jwks": "{",
            "engine.leeway_seconds": -1, "engine.x": 1}"#;
        assert_eq!(codes(text), [SettingWrongType, SettingUnknown, JwksInvalid, IdentityMapInvalid]);
    }

    #[test]
    fn what_only_follows_from_another_fault_is_none() {
        let enabled = r#""server.jwt_authentication.enabled": true, "server.jwt_authentication.audience": "db""#;
        for (members, expected) in [
            // Whether names are needed is unknown.
            (r#""server.jwt_authentication.enabled": "yes""#.into(), SettingWrongType),
            // Which issuers there are is unknown, as the name is misspelt or the value wrong.
            (alloc::format!(r#"{enabled}, "server.jwt_authentication.issuer": "https://a""#), SettingUnknown),
            (alloc::format!(r#"{enabled}, "server.jwt_authentication.issuers": [1]"#), IssuersInvalid),
        ] {
            let options = r#""engine.issuers": {"https://a": {"claim": "email"}},
                "engine.issuer_keys": {"https://a": {"keys": []}},
                "server.identity_map.configuration": "https://a/ x y""#;
            let also = if expected == SettingWrongType { "" } else { options };
            let comma = if also.is_empty() { "" } else { ", " };
            let text = alloc::format!("{{{members}{comma}{also}}}");
            assert_eq!(codes(&text), [expected], "{text}");
        }
        let none = r#"{"server.jwt_authentication.enabled": true, "engine.zzzzzzzz": 1}"#;
        assert_eq!(codes(none), [SettingUnknown, IssuersInvalid, AudienceInvalid]);
    }

    #[test]
    fn under_an_unknown_profile_a_fault_is_one_under_all_profiles() {
        let text = |profile: &str| {
            alloc::format!(
                r#"{{"engine.profile": "{profile}", "server.jwt_authentication.enabled": true,
                    "server.jwt_authentication.issuers": "https://a", "server.jwt_authentication.claim": "//"}}"#
            )
        };
        assert_eq!(codes(&text("hardened")), [AudienceInvalid, ClaimSettingInvalid]);
        assert_eq!(codes(&text("cockroachdb")), [ClaimSettingInvalid]);
        assert_eq!(codes(&text("soft")), [ReasonCode::ProfileUnknown, ClaimSettingInvalid]);
    }

    #[test]
    fn a_broken_key_set_leaves_the_rest_readable() {
        let text = r#"{"server.jwt_authentication.enabled": true, "server.jwt_authentication.issuers": "https://a",
            "server.jwt_authentication.audience": "db", "server.jwt_authentication.jwks": "{",
            "server.identity_map.configuration": "https://a x y"}"#;
        let (codes, compiled) = despite(text);
        assert_eq!(codes, [JwksInvalid]);
        assert!(compiled.is_broken(SettingName::Jwks) && !compiled.is_broken(SettingName::IdentityMap));
        assert_eq!((compiled.map.line_count(), compiled.issuers().collect::<Vec<_>>()), (1, ["https://a"].into()));
        assert!(compiled.enabled && compiled.common.audience.place("db").is_some());
    }

    #[test]
    fn nothing_is_readable_of_a_text_whose_form_is_broken() {
        let (codes, compiled) =
            despite(r#"{"server.jwt_authentication.enabled": true, "engine.profile": "cockroachdb""#);
        assert_eq!((codes, compiled.profile), ([ReasonCode::SettingsInvalid].into(), Profile::Cockroachdb));
        assert!(!compiled.enabled && SettingName::ALL.iter().all(|&name| compiled.is_broken(name)));
    }

    #[test]
    fn every_value_knows_the_setting_that_gave_it() {
        let text = r#"{"server.jwt_authentication.issuers": ["https://a", "https://b"],
            "server.jwt_authentication.audience": ["x", "y"],
            "server.jwt_authentication.claim": "email",
            "engine.max_token_lifetime_seconds": 60,
            "engine.issuers": {"https://a": {"claim": "upn", "audience": ["z", "y"], "max_token_lifetime_seconds": 5}},
            "engine.issuer_keys": {"https://a": {"keys": []}}}"#;
        let settings = Settings::from_text(text).unwrap();
        let compiled = Compiled::new(&settings, Profile::Hardened).unwrap();
        let sources = |issuer: &str| {
            let policy = compiled.policy(issuer).unwrap();
            let lifetime = policy.max_lifetime.as_ref().unwrap();
            let second = policy.audience.get(1).unwrap();
            let sources =
                [&policy.issuer.source, policy.claim_source(), &second.source, &lifetime.source, policy.keys_source()];
            sources.map(|source| {
                let position = crate::parsed::settings::Places::of(&settings).position(source.setting, source.offset);
                (alloc::format!("{source}"), position.map(|position| (position.line, position.column)))
            })
        };
        let expected = |names: [(&str, Option<(u32, u32)>); 5]| names.map(|(name, place)| (String::from(name), place));
        let own = [
            ("server.jwt_authentication.issuers", Some((1, 40))),
            ("`claim` of `https://a` in engine.issuers", Some((5, 55))),
            ("`audience` of `https://a` in engine.issuers", Some((5, 80))),
            ("`max_token_lifetime_seconds` of `https://a` in engine.issuers", Some((5, 116))),
            ("`https://a` in engine.issuer_keys", Some((6, 49))),
        ];
        assert_eq!(sources("https://a"), expected(own));
        let common = [
            ("server.jwt_authentication.issuers", Some((1, 53))),
            ("server.jwt_authentication.claim", Some((3, 49))),
            ("server.jwt_authentication.audience", Some((2, 57))),
            ("engine.max_token_lifetime_seconds", Some((4, 50))),
            ("server.jwt_authentication.jwks", None),
        ];
        assert_eq!(sources("https://b"), expected(common));
    }
}
