//! Which settings are there, what does the database call them, and what kind of value does each take?

use alloc::string::String;

use crate::ground::{
    limits::LEEWAY_SECONDS_MAX,
    nearest::{is_slip, nearest},
};

/// What a setting's value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Bool,
    Text,
    /// Text in the database; where it holds JSON, a settings document may state that JSON itself.
    TextOrJson,
    /// From the first to the second.
    Integer(i64, i64),
    /// A JSON array.
    List,
    /// A JSON object.
    Object,
}

/// Builds [`SettingName`] from one list of rows: variant, name, kind.
macro_rules! settings {
    ($($(#[$about:meta])* $variant:ident $name:literal $kind:expr;)+) => {
        /// One setting; the order is the one in which documents are written.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub(crate) enum SettingName {
            $($(#[$about])* $variant,)+
        }

        impl SettingName {
            pub(crate) const ALL: &[Self] = &[$(Self::$variant),+];

            /// The database's own name, or the engine's.
            pub(crate) const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            pub(crate) const fn kind(self) -> Kind {
                match self { $(Self::$variant => $kind,)+ }
            }
        }
    };
}

settings! {
    Enabled "server.jwt_authentication.enabled" Kind::Bool;
    Issuers "server.jwt_authentication.issuers" Kind::TextOrJson;
    Audience "server.jwt_authentication.audience" Kind::TextOrJson;
    Jwks "server.jwt_authentication.jwks" Kind::TextOrJson;
    JwksAutoFetch "server.jwt_authentication.jwks_auto_fetch.enabled" Kind::Bool;
    Claim "server.jwt_authentication.claim" Kind::Text;
    IdentityMap "server.identity_map.configuration" Kind::Text;
    /// Extra trusted certificates for fetching; the engine fetches nothing and only checks its shape.
    IssuersCustomCa "server.jwt_authentication.issuers.custom_ca" Kind::Text;
    /// Time limit for fetching; the engine only checks its shape.
    ClientTimeout "server.jwt_authentication.client.timeout" Kind::Text;
    Authorization "server.jwt_authentication.authorization.enabled" Kind::Bool;
    GroupClaim "server.jwt_authentication.group_claim" Kind::Text;
    UserinfoGroupKey "server.jwt_authentication.userinfo_group_key" Kind::Text;
    Provisioning "security.provisioning.jwt.enabled" Kind::Bool;
    /// Decides about logins without a token; about those with one it is only spoken of.
    Hba "server.host_based_authentication.configuration" Kind::Text;
    EngineProfile "engine.profile" Kind::Text;
    EngineLeewaySeconds "engine.leeway_seconds" Kind::Integer(0, LEEWAY_SECONDS_MAX);
    EngineMaxTokenLifetimeSeconds "engine.max_token_lifetime_seconds" Kind::Integer(1, i64::MAX);
    EngineMaxTokenBytes "engine.max_token_bytes" Kind::Integer(1, TOKEN_BYTES_MOST);
    EngineRequiredClaims "engine.required_claims" Kind::List;
    EngineRequiredScopes "engine.required_scopes" Kind::List;
    EngineUserNames "engine.user_names" Kind::Text;
    EngineReservedUsers "engine.reserved_users" Kind::List;
    EngineFetchOverHttp "engine.fetch_over_http" Kind::Bool;
    EngineGroupPrefix "engine.group_prefix" Kind::Text;
    EngineGroupAllow "engine.group_allow" Kind::List;
    EngineIssuerKeys "engine.issuer_keys" Kind::Object;
    EngineIssuers "engine.issuers" Kind::Object;
}

/// [`crate::ground::limits::TOKEN_BYTES_MAX`] as the integer that a setting holds.
const TOKEN_BYTES_MOST: i64 = 1_048_576;

/// The name under which the database lists the issuers since v24.3; it accepts both.
pub(super) const ISSUERS_ALIAS: &str = "server.jwt_authentication.issuers.configuration";

/// Everything under these is ours to understand; all other names in SQL text are somebody else's.
const PREFIXES: [&str; 5] = [
    "server.jwt_authentication.",
    "server.identity_map.",
    "security.provisioning.jwt.",
    "server.host_based_authentication.",
    ENGINE_PREFIX,
];

const ENGINE_PREFIX: &str = "engine.";

impl SettingName {
    /// The setting of exactly that name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        if name == ISSUERS_ALIAS {
            return Some(Self::Issuers);
        }
        Self::ALL.iter().copied().find(|known| known.as_str() == name)
    }

    /// The value that holds when none is set (`engine.profile` and the numbers: see where they are read).
    pub(crate) const fn default_text(self) -> &'static str {
        match self {
            Self::Jwks => "{\"keys\":[]}",
            Self::ClientTimeout => "15s",
            Self::GroupClaim | Self::UserinfoGroupKey => "groups",
            Self::EngineRequiredClaims | Self::EngineRequiredScopes | Self::EngineReservedUsers => "[]",
            Self::EngineUserNames => "cockroachdb",
            Self::EngineIssuerKeys | Self::EngineIssuers => "{}",
            _ => "",
        }
    }

    /// Whether parts of the value may stand in messages. Key sets and certificates have readers that never quote, and say
    /// more of them than that they are secret.
    pub(crate) fn may_be_quoted(self) -> bool {
        !matches!(self, Self::Jwks | Self::EngineIssuerKeys | Self::IssuersCustomCa)
    }

    /// Whether people write the value by hand, out of an example with places to fill in.
    pub(crate) fn is_written_by_people(self) -> bool {
        self.may_be_quoted() && matches!(self.kind(), Kind::Text | Kind::TextOrJson | Kind::List | Kind::Object)
    }

    /// Whether this is an option of the engine, which the database does not know.
    pub(crate) fn is_engine_option(self) -> bool {
        self.as_str().starts_with(ENGINE_PREFIX)
    }
}

/// Whether a setting of this name would be one of ours.
pub(super) fn is_ours(name: &str) -> bool {
    PREFIXES.iter().any(|prefix| name.starts_with(prefix))
}

/// Whether a setting of this name would be one of ours that the database has: such a name stands in no other statement.
pub(super) fn is_databases(name: &str) -> bool {
    is_ours(name) && !name.starts_with(ENGINE_PREFIX)
}

/// The setting that a name nearly names which is none of ours: somebody wrote another prefix, or mistyped it.
pub(crate) fn nearly_ours(name: &str) -> Option<&'static str> {
    let speaks_of_ours = ["jwt", "identity_map"].iter().any(|word| name.contains(word));
    let known = || SettingName::ALL.iter().map(|known| known.as_str());
    // Other prefixes of the database (`server.oidc_authentication.`) differ from ours by a word, not by a slip.
    if speaks_of_ours {
        ends_alike(name).or_else(|| probably_meant(name))
    } else {
        known().find(|known| is_slip(name, known))
    }
}

/// The longest known name that ends as this one does, from some dot on.
fn ends_alike(name: &str) -> Option<&'static str> {
    let mut rest = name;
    while let Some((_, end)) = rest.split_once('.') {
        let known = SettingName::ALL.iter().map(|known| known.as_str());
        let same =
            known.filter(|known| known.strip_suffix(end).is_some_and(|start| start.is_empty() || start.ends_with('.')));
        let mut same = same.filter(|known| !known.starts_with(ENGINE_PREFIX));
        if let (Some(only), None) = (same.next(), same.next()) {
            return Some(only);
        }
        rest = end;
    }
    None
}

/// The setting that was probably meant: one whose name ends so, one that is spelt nearly so, or the only one whose last
/// part is the same.
pub(super) fn probably_meant(wanted: &str) -> Option<&'static str> {
    let known = || SettingName::ALL.iter().map(|known| known.as_str()).chain([ISSUERS_ALIAS]);
    let ends_so = |name: &&str| name.strip_suffix(wanted).is_some_and(|rest| rest.ends_with('.'));
    let same_end = |name: &&str| name.rsplit('.').next() == wanted.rsplit('.').next();
    let only_one = || {
        let mut names = known().filter(same_end);
        names.next().filter(|_| names.next().is_none())
    };
    known().find(ends_so).or_else(|| nearest(wanted, known())).or_else(only_one)
}

/// The remedy for a name that no setting has.
pub(super) fn unknown_remedy(wanted: &str) -> Option<String> {
    probably_meant(wanted).map(|name| alloc::format!("write `{name}` if that is the setting meant, or remove it"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_token_is_the_limit() {
        assert_eq!(usize::try_from(TOKEN_BYTES_MOST), Ok(crate::ground::limits::TOKEN_BYTES_MAX));
    }

    #[test]
    fn names_read_back_and_the_alias_means_the_issuers() {
        for &name in SettingName::ALL {
            assert_eq!(SettingName::named(name.as_str()), Some(name));
            assert!(is_ours(name.as_str()));
        }
        assert_eq!(SettingName::named(ISSUERS_ALIAS), Some(SettingName::Issuers));
        assert_eq!(SettingName::named("Server.jwt_authentication.enabled"), None);
        assert!(!is_ours("server.user_login.timeout"));
    }

    #[test]
    fn other_settings_of_the_database_are_not_taken_for_ours() {
        for (name, meant) in [
            ("server.server.jwt_authentication.claim", Some("server.jwt_authentication.claim")),
            ("server.jwt_auth.claim", Some("server.jwt_authentication.claim")),
            ("jwt_authentication.claim", Some("server.jwt_authentication.claim")),
            ("jwt.enabled", Some("security.provisioning.jwt.enabled")),
            ("server.jwt_auth.jwks_auto_fetch.enabled", Some("server.jwt_authentication.jwks_auto_fetch.enabled")),
            ("server.jtw_authentication.claim", Some("server.jwt_authentication.claim")),
            ("sever.jwt_authentication.audience", Some("server.jwt_authentication.audience")),
            ("identity_map.configuration", Some("server.identity_map.configuration")),
            ("server.oidc_authentication.enabled", None),
            ("server.oidc_authentication.claim", None),
            ("server.ldap_authentication.client.timeout", None),
            ("server.ldap_authentication.domain.custom_ca", None),
            ("security.provisioning.ldap.enabled", None),
            ("sql.defaults.distsql", None),
            ("set application_name", None),
        ] {
            assert_eq!(nearly_ours(name), meant, "{name}");
        }
    }

    #[test]
    fn slips_and_short_names_are_recognised() {
        assert_eq!(probably_meant("server.jwt_authentication.issuer"), Some("server.jwt_authentication.issuers"));
        assert_eq!(probably_meant("server.jwt_auth.audience"), Some("server.jwt_authentication.audience"));
        assert_eq!(probably_meant("audience"), Some("server.jwt_authentication.audience"));
        assert_eq!(probably_meant("jwt_authentication.claim"), Some("server.jwt_authentication.claim"));
        assert_eq!(probably_meant("engine.leeway"), None);
        assert_eq!(probably_meant("engine.leeway_second"), Some("engine.leeway_seconds"));
        assert_eq!(probably_meant("sql.defaults.distsql"), None);
    }
}
