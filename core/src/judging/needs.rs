//! Which settings does a check go by? Where one of them cannot be used, the check says nothing.

use crate::{ground::reason::Check, parsed::settings::SettingName};

/// The settings without which a check cannot be judged.
pub(super) fn needs(check: Check) -> &'static [SettingName] {
    use SettingName as Name;
    match check {
        Check::Enabled => &[Name::Enabled],
        Check::Token => &[Name::EngineMaxTokenBytes],
        Check::Issuer => &[Name::Issuers],
        Check::Key | Check::Signature => KEYS,
        Check::Time => &[Name::EngineLeewaySeconds, Name::EngineMaxTokenLifetimeSeconds, Name::EngineIssuers],
        Check::Audience => &[Name::Audience, Name::EngineIssuers],
        Check::Principal => &[Name::Claim, Name::EngineRequiredClaims, Name::EngineRequiredScopes, Name::EngineIssuers],
        Check::IdentityMap => &[Name::IdentityMap, Name::EngineUserNames],
        Check::Groups => &[
            Name::Authorization,
            Name::GroupClaim,
            Name::UserinfoGroupKey,
            Name::EngineGroupPrefix,
            Name::EngineGroupAllow,
        ],
        Check::User => &[Name::EngineUserNames],
        Check::Reserved => &[Name::EngineUserNames, Name::EngineReservedUsers],
        Check::Settings | Check::Header | Check::Internal => &[],
    }
}

/// The settings that say which keys an issuer has.
pub(super) const KEYS: &[SettingName] = &[
    SettingName::Issuers,
    SettingName::Jwks,
    SettingName::JwksAutoFetch,
    SettingName::EngineFetchOverHttp,
    SettingName::EngineIssuerKeys,
];
