//! Which near misses has a failed check?

use alloc::vec::Vec;

use crate::{
    answers::failure::Failure,
    ground::reason::ReasonCode,
    judging::attempt::Attempt,
    telling::near_miss::{audience, claim, hint::Hint, issuer, key, line, misread, shape, time, user},
};

/// The near misses of a failed check; several, one or none.
pub(in crate::telling) fn find(failure: &Failure, attempt: &Attempt<'_>, text: &[u8]) -> Vec<Hint> {
    let misread = misread_values(failure, attempt);
    if !misread.is_empty() {
        return misread;
    }
    match failure.code {
        ReasonCode::TokenMalformed | ReasonCode::TokenBadBase64 => shape::wrapped(text, attempt),
        ReasonCode::IssuerNotAllowed => issuer::unknown(attempt),
        ReasonCode::AudienceNotAllowed | ReasonCode::AudMissing => audience::mistaken(attempt),
        ReasonCode::KeyNotFound
        | ReasonCode::KeyIdMissing
        | ReasonCode::KeyAlgMismatch
        | ReasonCode::KeyInvalid
        | ReasonCode::KeyNotForVerify
        | ReasonCode::KeyWeak
        | ReasonCode::SignatureInvalid => key::other(attempt, failure.code),
        ReasonCode::TokenExpired | ReasonCode::TokenNotYetValid | ReasonCode::IssuedInFuture => time::skew(attempt),
        ReasonCode::ExpInvalid | ReasonCode::NbfInvalid | ReasonCode::IatInvalid => time::form(attempt, failure.code),
        ReasonCode::ClaimMissing => claim::missing(attempt),
        ReasonCode::ClaimInvalid => claim::invalid(attempt),
        ReasonCode::IdentityUnmapped => line::unmapped(attempt),
        ReasonCode::MappedUserInvalid => line::no_map(attempt),
        ReasonCode::UserMismatch => user::mismatch(attempt),
        _ => Vec::new(),
    }
}

/// What explains more than any difference between two values: one of them was never meant to be what it is.
fn misread_values(failure: &Failure, attempt: &Attempt<'_>) -> Vec<Hint> {
    match failure.code {
        ReasonCode::IssuerNotAllowed => misread::issuers(attempt),
        ReasonCode::AudienceNotAllowed => misread::audiences(attempt),
        ReasonCode::IdentityUnmapped | ReasonCode::MappedUserInvalid | ReasonCode::UserMismatch => {
            misread::lines(attempt)
        }
        _ => Vec::new(),
    }
}
