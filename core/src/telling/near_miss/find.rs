//! Which near misses has a failed check?

use alloc::vec::Vec;

use crate::{
    answers::failure::Failure,
    ground::reason::ReasonCode,
    judging::attempt::Attempt,
    parsed::token::cut::Cut,
    telling::{
        near_miss::{audience, claim, groups, hint::Hint, issuer, key, line, misread, time, user},
        pasted::find as pasted,
    },
};

/// The near misses of a failed check; several, one or none.
pub(in crate::telling) fn find(failure: &Failure, attempt: &Attempt<'_>, text: &[u8]) -> Vec<Hint> {
    // Claims and header are both unreadable where neither is there: that is told once.
    if pasted::is_about_the_text(failure.code)
        && (failure.code != ReasonCode::HeaderInvalid || attempt.claims.is_some())
    {
        return pasted::mistaken(text, attempt);
    }
    let misread = misread_values(failure, attempt);
    if !misread.is_empty() {
        let believed = attempt.proven() || key::is_in_the_set(attempt);
        // A stranger's token is no reason to write another value: what is wrong with the value is all that is said.
        return if believed { misread } else { misread.into_iter().map(Hint::without_remedy).collect() };
    }
    match failure.code {
        ReasonCode::SignatureInvalid | ReasonCode::KeyNotFound | ReasonCode::KeyIdMissing if is_cut(attempt, text) => {
            pasted::cut(text).into_iter().collect()
        }
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
        ReasonCode::GroupsMissing | ReasonCode::UserinfoNeeded => groups::elsewhere(attempt),
        _ => Vec::new(),
    }
}

/// Whether the signature is shorter than its algorithm or its key makes it: nothing else is to be said of it then.
fn is_cut(attempt: &Attempt<'_>, text: &[u8]) -> bool {
    Cut::find(text).is_some() || attempt.key.is_some_and(|key| attempt.token.cut(key).is_some())
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
