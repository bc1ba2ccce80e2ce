//! The newest CockroachDB: its order, its grammar, its words.

use crate::{
    ground::reason::{Check, ReasonCode},
    parsed::{identity_map, keys, settings, sql_user, token},
    rules::profile::rules::{Judging, Rules, Words},
};

pub(super) const COCKROACHDB: Rules = Rules {
    order: &[
        Check::Settings,
        Check::Enabled,
        Check::Token,
        Check::Header,
        Check::Principal,
        Check::IdentityMap,
        Check::User,
        Check::Issuer,
        Check::Key,
        Check::Signature,
        Check::Time,
        Check::Reserved,
        Check::Audience,
        Check::Groups,
    ],
    settings: settings::Dialect::COCKROACHDB,
    keys: keys::Reading::Database,
    token: token::Dialect::COCKROACHDB,
    map: identity_map::Dialect::COCKROACHDB,
    users: sql_user::Dialect::COCKROACHDB,
    judging: Judging {
        token_before_switch: true,
        expiry_needed: false,
        leeway: false,
        email_verified: false,
        user_info_subject: false,
    },
    client: Words { message, vague: INVALID_TOKEN, unable: UNABLE, talkative: true },
    offers_options: false,
    lets_in: true,
};

pub(super) const INVALID_TOKEN: &str = "JWT authentication: invalid token";
const UNABLE: &str = "JWT authentication: unable to validate token";

/// The database's message for a reason.
pub(super) fn message(code: ReasonCode) -> &'static str {
    match (code.check(), code) {
        (Check::Enabled, _) => "JWT authentication: not enabled",
        (Check::Issuer, _) => "JWT authentication: invalid issuer",
        (_, ReasonCode::KeysUnavailable) => UNABLE,
        (Check::Audience, _) => "JWT authentication: invalid audience",
        (_, ReasonCode::ClaimMissing | ReasonCode::RequiredClaimMissing) => "JWT authentication: missing claim",
        (_, ReasonCode::ClaimInvalid) => "JWT authentication: failed to extract claim",
        (_, ReasonCode::EmailUnverified | ReasonCode::ScopeMissing) => "JWT authentication: invalid claim value",
        (Check::IdentityMap | Check::User, _) => "JWT authentication: invalid principal",
        (Check::Reserved, _) => "JWT authentication: invalid identity",
        (_, ReasonCode::GroupsEmpty) => "JWT authorization: empty group list",
        (Check::Groups, _) => "JWT authorization: userinfo lookup failed",
        (Check::Settings, _) => UNABLE,
        (
            Check::Token
            | Check::Header
            | Check::Key
            | Check::Signature
            | Check::Time
            | Check::Principal
            | Check::Internal,
            _,
        ) => INVALID_TOKEN,
    }
}
