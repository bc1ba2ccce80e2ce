//! What do the settings mean? Every value read and checked in one dialect.

use alloc::{string::String, vec::Vec};

use super::{
    dialect::Dialect,
    grammar::{
        audience,
        claim::{self, Claim},
        fetching, group_claim,
        issuers::{self, Issuer},
        options::{self, IssuerKeys, IssuerOverride, KnownIssuers},
    },
    names::SettingName,
    sourced::{Source, Sourced},
    values::Values,
};
use crate::{
    ground::{fault::Fault, limits::TOKEN_BYTES_DEFAULT, reason::ReasonCode},
    parsed::{keys::remote::Over, user_names::UserNames},
};

/// The settings as a validator uses them, except the key set and the identity map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Configuration {
    pub(crate) enabled: bool,
    pub(crate) issuers: Vec<Issuer>,
    pub(crate) audience: Sourced<Vec<Sourced<String>>>,
    pub(crate) claim: Sourced<Claim>,
    pub(crate) auto_fetch: bool,
    pub(crate) fetched_over: Over,
    pub(crate) authorization: bool,
    pub(crate) group_claim: String,
    pub(crate) userinfo_group_key: String,
    pub(crate) provisioning: bool,
    pub(crate) leeway_seconds: i64,
    pub(crate) max_token_lifetime_seconds: Option<Sourced<i64>>,
    pub(crate) max_token_bytes: usize,
    pub(crate) required_claims: Vec<String>,
    pub(crate) required_scopes: Vec<String>,
    pub(crate) user_names: UserNames,
    pub(crate) group_prefix: String,
    /// Nothing where groups may give any role.
    pub(crate) group_allow: Option<Vec<String>>,
    pub(crate) issuer_keys: Vec<IssuerKeys>,
    pub(crate) overrides: Vec<IssuerOverride>,
}

impl Configuration {
    /// Reads every value in a dialect, except the key set and the identity map, which have readers of their own. What is
    /// broken has its default, or says nothing.
    pub(crate) fn of(values: &mut Values, dialect: Dialect) -> Self {
        use SettingName as Name;
        let strict = dialect.strict;
        let enabled = values.is_on(Name::Enabled);
        // The database lets everything through that its defaults let through; an enabled strict validator needs names.
        let needed = strict && enabled;
        let issuers = values.read(Name::Issuers, |text| match issuers::parse(text, strict)? {
            issuers if issuers.is_empty() && needed => Err(none_configured(ReasonCode::IssuersInvalid, "issuer")),
            issuers => Ok(issuers),
        });
        let audience_source = Source::of(Name::Audience);
        let audience = values.read(Name::Audience, |text| match audience::parse(text, strict, &audience_source)? {
            audience if audience.is_empty() && needed => Err(none_configured(ReasonCode::AudienceInvalid, "audience")),
            audience => Ok(audience),
        });
        let claim = values.read(Name::Claim, |text| claim::parse(text, strict)).unwrap_or(Claim::Subject);
        values.read(Name::IssuersCustomCa, fetching::check_custom_ca);
        values.read(Name::ClientTimeout, fetching::timeout);
        let mut group_claim = |name: Name| {
            let claim = values.read(name, |text| group_claim::check(text, strict).map(|()| text.into()));
            claim.unwrap_or_else(|| name.default_text().into())
        };
        let (group_claim, userinfo_group_key) = (group_claim(Name::GroupClaim), group_claim(Name::UserinfoGroupKey));
        // Where the issuers are unknown, any may be spoken of.
        let names = issuers.as_ref().map(|issuers| issuers.iter().map(|issuer| issuer.name.as_str()).collect());
        let known = KnownIssuers { names };
        let host = values.read(Name::EngineUserNames, options::user_names).unwrap_or_default();
        let reserved = values.read(Name::EngineReservedUsers, options::reserved_users).unwrap_or_default();
        let lifetime = values.integer(Name::EngineMaxTokenLifetimeSeconds);
        Self {
            enabled,
            audience: Sourced::new(audience.unwrap_or_default(), audience_source),
            claim: Sourced::new(claim, Source::of(Name::Claim)),
            auto_fetch: values.is_on(Name::JwksAutoFetch),
            fetched_over: if values.is_on(Name::EngineFetchOverHttp) { Over::Http } else { Over::Https },
            authorization: values.is_on(Name::Authorization),
            group_claim,
            userinfo_group_key,
            provisioning: values.is_on(Name::Provisioning),
            leeway_seconds: values.integer(Name::EngineLeewaySeconds).unwrap_or(0),
            max_token_lifetime_seconds: lifetime
                .map(|seconds| Sourced::new(seconds, Source::of(Name::EngineMaxTokenLifetimeSeconds))),
            max_token_bytes: values.integer(Name::EngineMaxTokenBytes).unwrap_or(TOKEN_BYTES_DEFAULT),
            required_claims: values.read(Name::EngineRequiredClaims, options::required_claims).unwrap_or_default(),
            required_scopes: values.read(Name::EngineRequiredScopes, options::required_scopes).unwrap_or_default(),
            user_names: UserNames::new(host, &reserved),
            group_prefix: values.read(Name::EngineGroupPrefix, options::group_prefix).unwrap_or_default(),
            group_allow: values.read(Name::EngineGroupAllow, options::group_allow).unwrap_or_default(),
            issuer_keys: values
                .read(Name::EngineIssuerKeys, |text| options::issuer_keys(text, &known))
                .unwrap_or_default(),
            overrides: values
                .read(Name::EngineIssuers, |text| options::overrides(text, &known, strict))
                .unwrap_or_default(),
            issuers: issuers.unwrap_or_default(),
        }
    }
}

fn none_configured(code: ReasonCode, noun: &str) -> Fault {
    let message = alloc::format!("expected at least one {noun}, because token logins are enabled, found none");
    Fault::new(code, 0, message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parsed::settings::{Settings, SettingsError};
    use alloc::{format, string::ToString, vec};

    const ENABLED: &str = r#"{"server.jwt_authentication.enabled": true"#;

    fn read(settings: &Settings, dialect: Dialect) -> Result<Configuration, SettingsError> {
        let mut values = Values::of(settings);
        let configuration = Configuration::of(&mut values, dialect);
        values.finish().1.map_or(Ok(configuration), Err)
    }

    fn refused(text: &str, dialect: Dialect) -> (ReasonCode, Option<(u32, u32)>) {
        let error = read(&Settings::from_text(text).unwrap(), dialect).unwrap_err();
        (error.code, error.position.map(|position| (position.line, position.column)))
    }

    #[test]
    fn settings_left_out_have_the_databases_defaults() {
        let read = |dialect| read(&Settings::default(), dialect).unwrap();
        let hardened = read(Dialect::STRICT);
        let expected = Configuration {
            enabled: false,
            issuers: vec![],
            audience: Sourced::new(vec![], Source::of(SettingName::Audience)),
            claim: Sourced::new(Claim::Subject, Source::of(SettingName::Claim)),
            auto_fetch: false,
            fetched_over: Over::Https,
            authorization: false,
            group_claim: "groups".into(),
            userinfo_group_key: "groups".into(),
            provisioning: false,
            leeway_seconds: 0,
            max_token_lifetime_seconds: None,
            max_token_bytes: TOKEN_BYTES_DEFAULT,
            required_claims: vec![],
            required_scopes: vec![],
            user_names: UserNames::default(),
            group_prefix: String::new(),
            group_allow: None,
            issuer_keys: vec![],
            overrides: vec![],
        };
        assert_eq!(hardened, expected);
        let empty = |name| Sourced::new(String::new(), Source::of(name));
        let issuers = vec![Issuer { name: empty(SettingName::Issuers), jwks_url: None }];
        let audience = Sourced::new(vec![empty(SettingName::Audience)], Source::of(SettingName::Audience));
        assert_eq!(read(Dialect::COCKROACHDB), Configuration { issuers, audience, ..expected });
        assert_eq!(Settings::default().text(SettingName::Jwks), r#"{"keys":[]}"#);
    }

    #[test]
    fn an_enabled_strict_validator_needs_issuers_and_audiences() {
        use ReasonCode::{AudienceInvalid, IssuersInvalid};
        let issuers = r#""server.jwt_authentication.issuers""#;
        let audience = r#""server.jwt_authentication.audience""#;
        for (members, expected) in [
            (String::new(), (IssuersInvalid, None)),
            (format!(",\n{issuers}: \"\""), (IssuersInvalid, Some((2, 39)))),
            (format!(",\n{issuers}: []"), (IssuersInvalid, Some((2, 38)))),
            (format!(",\n{issuers}: \"a\""), (AudienceInvalid, None)),
            (format!(",\n{issuers}: \"a\",\n{audience}: \"null\""), (AudienceInvalid, Some((3, 40)))),
        ] {
            let text = format!("{ENABLED}{members}}}");
            assert_eq!(refused(&text, Dialect::STRICT), expected, "{text}");
            assert!(read(&Settings::from_json(&text).unwrap(), Dialect::COCKROACHDB).is_ok(), "{text}");
            let disabled = text.replace("true", "false");
            assert!(read(&Settings::from_json(&disabled).unwrap(), Dialect::STRICT).is_ok(), "{text}");
        }
    }

    #[test]
    fn faults_are_found_through_every_kind_of_quotes() {
        let name = "server.jwt_authentication.issuers";
        // The fault is the missing element after the comma: the `]`.
        for (text, line, column) in [
            (format!("{{\n\"{name}\": \"[\\\"a\\\",\\u0020]\"}}"), 2, 52),
            (format!("{{\n\"{name}\": \"[\\\"\\ud83d\\ude00é\\\",]\"}}"), 2, 58),
            (format!("SET CLUSTER SETTING {name} =\n '[\"it''s\",]';"), 2, 12),
            (format!("SET CLUSTER SETTING {name} = e'[\"\\u0061\",\\n]';"), 1, 71),
            (format!("SET CLUSTER SETTING {name} = '[\"a\",\n\n ]';"), 3, 2),
            (format!("SET CLUSTER SETTING {name} = $x$[\"a\",\n]$x$;"), 2, 1),
            (format!("variable,value\n{name},\"[\"\"a\"\",]\""), 2, 43),
        ] {
            let place = Some((line, column));
            assert_eq!(refused(&text, Dialect::STRICT), (ReasonCode::IssuersInvalid, place), "{text}");
        }
    }

    #[test]
    fn every_value_is_judged_under_its_own_name() {
        use ReasonCode::{AudienceInvalid, ClaimSettingInvalid, IssuersInvalid, SettingWrongType};
        for (member, code) in [
            (r#""server.jwt_authentication.audience": {"a": 1}"#, AudienceInvalid),
            (r#""server.jwt_authentication.issuers": {"a": 1}"#, IssuersInvalid),
            (r#""server.jwt_authentication.claim": "/""#, ClaimSettingInvalid),
            (r#""server.jwt_authentication.issuers.custom_ca": "x""#, SettingWrongType),
            (r#""server.jwt_authentication.client.timeout": "-1s""#, SettingWrongType),
            (r#""server.jwt_authentication.group_claim": """#, SettingWrongType),
            (r#""server.jwt_authentication.userinfo_group_key": "a b""#, SettingWrongType),
            (r#""engine.required_claims": [1]"#, SettingWrongType),
            (r#""engine.issuer_keys": {"a": {}}"#, IssuersInvalid),
            (r#""engine.issuers": {"a": {}}"#, IssuersInvalid),
        ] {
            for dialect in [Dialect::STRICT, Dialect::COCKROACHDB] {
                let error = read(&Settings::from_json(&format!("{{{member}}}")).unwrap(), dialect).unwrap_err();
                assert_eq!(error.code, code, "{member}");
                let setting = error.setting.unwrap();
                assert!(member.starts_with(&format!("\"{setting}\"")), "{member}: {setting}");
                assert!(error.position.is_some() && !error.message.ends_with('.'), "{member}");
            }
        }
    }

    #[test]
    fn options_reach_the_validator() {
        let text = r#"{"server.jwt_authentication.issuers": {"issuer_jwks_map": {"a": "https://a/k"}},
            "engine.leeway_seconds": 5, "engine.max_token_lifetime_seconds": 60, "engine.max_token_bytes": 9,
            "engine.required_claims": ["x"], "engine.issuer_keys": {"a": {"keys":
            [1]}},
            "engine.issuers": {"a": {"claim": "email"}}, "server.jwt_authentication.jwks_auto_fetch.enabled": true}"#;
        let settings = Settings::from_json(text).unwrap();
        let configuration = read(&settings, Dialect::STRICT).unwrap();
        assert_eq!(configuration.leeway_seconds, 5);
        let lifetime = Source::of(SettingName::EngineMaxTokenLifetimeSeconds);
        assert_eq!(configuration.max_token_lifetime_seconds, Some(Sourced::new(60, lifetime)));
        assert_eq!(configuration.max_token_bytes, 9);
        assert_eq!(configuration.required_claims, ["x"]);
        assert!(configuration.auto_fetch);
        let [keys] = configuration.issuer_keys.as_slice() else { panic!("one issuer has keys") };
        let number = keys.jwks.source.offset + keys.jwks.find('1').unwrap();
        let position =
            crate::parsed::settings::Places::of(&settings).position(SettingName::EngineIssuerKeys, number).unwrap();
        assert_eq!((position.line, position.column), (4, 14));
        let [own] = configuration.overrides.as_slice() else { panic!("one issuer has options") };
        let source = Source::own(SettingName::EngineIssuers, &own.issuer, Some("claim")).at(16);
        assert_eq!(own.claim, Some(Sourced::new(Claim::Named("email".to_string()), source)));
    }
}
