//! Which near misses has a failed check?

use alloc::vec::Vec;

use crate::{
    answers::failure::Failure,
    ground::reason::ReasonCode,
    judging::attempt::Attempt,
    telling::near_miss::{audience, claim, groups, hint::Hint, issuer, key, line, shape, time, user},
};

/// The near misses of a failed check; several, one or none.
pub(in crate::telling) fn find(failure: &Failure, attempt: &Attempt<'_>, text: &[u8]) -> Vec<Hint> {
    match failure.code {
        ReasonCode::TokenMalformed | ReasonCode::TokenBadBase64 => shape::wrapped(text, attempt),
        ReasonCode::IssuerNotAllowed => issuer::unknown(attempt),
        ReasonCode::AudienceNotAllowed | ReasonCode::AudMissing => audience::mistaken(attempt),
        ReasonCode::KeyNotFound | ReasonCode::KeyIdMissing | ReasonCode::SignatureInvalid => {
            key::other(attempt, failure.code)
        }
        ReasonCode::TokenExpired | ReasonCode::TokenNotYetValid | ReasonCode::IssuedInFuture => time::skew(attempt),
        ReasonCode::ExpInvalid | ReasonCode::NbfInvalid | ReasonCode::IatInvalid => time::form(attempt, failure.code),
        ReasonCode::ClaimMissing => claim::missing(attempt),
        ReasonCode::ClaimInvalid => claim::invalid(attempt),
        ReasonCode::IdentityUnmapped => line::unmapped(attempt),
        ReasonCode::MappedUserInvalid => line::no_map(attempt),
        ReasonCode::UserMismatch => user::mismatch(attempt),
        ReasonCode::GroupsMissing | ReasonCode::UserinfoNeeded => groups::elsewhere(attempt),
        _ => Vec::new(),
    }
}
