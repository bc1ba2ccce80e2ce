//! What did a check that passed find, and what of the token does a check read?

use crate::{
    answers::finding::{Finding, Reads},
    ground::reason::{Check, ReasonCode},
    judging::{
        attempt::Attempt,
        checks::{
            audience, enabled, groups, header, identity_map, issuer, key, principal, reserved, settings, signature,
            time, token, user,
        },
    },
};

/// What a check that passed found.
pub(crate) fn found(check: Check, attempt: &Attempt<'_>) -> Finding {
    match check {
        Check::Settings => settings::found(attempt),
        Check::Enabled => enabled::found(),
        Check::Token => token::found(attempt),
        Check::Header => header::found(attempt),
        Check::Issuer => issuer::found(attempt),
        Check::Key => key::found(attempt),
        Check::Signature => signature::found(attempt),
        Check::Time => time::found(attempt),
        Check::Audience => audience::found(attempt),
        Check::Principal => principal::found(attempt),
        Check::IdentityMap => identity_map::found(attempt),
        Check::User => user::found(attempt),
        Check::Reserved => reserved::found(attempt),
        Check::Groups => groups::found(attempt),
        Check::Internal => Finding::default(),
    }
}

/// What of the token a check reads: where it failed and one member decided, that member.
pub(crate) fn reads(check: Check, code: Option<ReasonCode>, attempt: &Attempt<'_>) -> Reads {
    match check {
        Check::Token => token::reads(),
        Check::Header => header::reads(code),
        Check::Issuer => issuer::reads(),
        Check::Key => key::reads(),
        Check::Signature => signature::reads(),
        Check::Time => time::reads(code),
        Check::Audience => audience::reads(),
        Check::Principal | Check::IdentityMap => principal::reads(code, attempt),
        Check::Groups => groups::reads(attempt),
        Check::Settings | Check::Enabled | Check::User | Check::Reserved | Check::Internal => Reads::nothing(),
    }
}
