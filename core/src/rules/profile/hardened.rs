//! The default: fails closed, and tells an unauthenticated client nothing.

use crate::{
    ground::reason::Check,
    parsed::{identity_map, keys, settings, sql_user, token},
    rules::profile::{
        cockroachdb,
        rules::{Judging, Rules, Words},
    },
};

pub(super) const HARDENED: Rules = Rules {
    order: &[
        Check::Settings,
        Check::Enabled,
        Check::Token,
        Check::Header,
        Check::Issuer,
        Check::Key,
        Check::Signature,
        Check::Time,
        Check::Audience,
        Check::Principal,
        Check::IdentityMap,
        Check::User,
        Check::Reserved,
        Check::Groups,
    ],
    settings: settings::Dialect::STRICT,
    keys: keys::Reading::Strict,
    token: token::Dialect::STRICT,
    map: identity_map::Dialect::STRICT,
    users: sql_user::Dialect::STRICT,
    judging: Judging {
        token_before_switch: false,
        expiry_needed: true,
        leeway: true,
        email_verified: true,
        user_info_subject: true,
    },
    client: Words {
        message: cockroachdb::message,
        vague: cockroachdb::INVALID_TOKEN,
        unable: cockroachdb::INVALID_TOKEN,
        talkative: false,
    },
    offers_options: true,
    lets_in: true,
};
