//! What nearly fits? For a failed check, the one detail that keeps a token, a setting and a login apart.

mod claims;
mod identity;
mod issuer;
mod keys;
mod names;
mod shape;
mod time;

use alloc::{string::String, vec::Vec};

use crate::{
    answers::refusal::Failure,
    doors::validator::Validator,
    ground::{reason::ReasonCode, remedy::Remedy},
    judging::attempt::Attempt,
    parsed::settings::SettingName,
};

/// Something that would fit but for one detail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Hint {
    /// The detail, with both sides.
    pub(super) message: String,
    /// What to change; nothing where nothing is to be offered.
    pub(super) remedy: Remedy,
    /// The setting it is about, and an offset into its value.
    pub(super) setting: Option<(SettingName, usize)>,
}

impl Hint {
    fn new(message: impl Into<String>, remedy: impl Into<Remedy>) -> Self {
        Self { message: message.into(), remedy: remedy.into(), setting: None }
    }

    fn about(self, setting: SettingName) -> Self {
        Self { setting: Some((setting, 0)), ..self }
    }

    fn at(self, setting: SettingName, offset: usize) -> Self {
        Self { setting: Some((setting, offset)), ..self }
    }
}

/// The near misses of a failed check; several, one or none.
pub(super) fn find(failure: &Failure, attempt: &Attempt<'_>, validator: &Validator, text: &[u8]) -> Vec<Hint> {
    match failure.code {
        ReasonCode::TokenMalformed | ReasonCode::TokenBadBase64 => shape::wrapped(validator, text, attempt),
        ReasonCode::IssuerNotAllowed => issuer::unknown(attempt),
        ReasonCode::AudienceNotAllowed | ReasonCode::AudMissing => names::audience(attempt),
        ReasonCode::KeyNotFound | ReasonCode::KeyIdMissing | ReasonCode::SignatureInvalid => {
            keys::other_key(attempt, failure.code)
        }
        ReasonCode::TokenExpired | ReasonCode::TokenNotYetValid | ReasonCode::IssuedInFuture => time::skew(attempt),
        ReasonCode::ExpInvalid | ReasonCode::NbfInvalid | ReasonCode::IatInvalid => time::form(attempt, failure.code),
        ReasonCode::ClaimMissing => claims::missing(attempt),
        ReasonCode::ClaimInvalid => claims::invalid(attempt),
        ReasonCode::IdentityUnmapped => identity::unmapped(attempt),
        ReasonCode::MappedUserInvalid => identity::no_map(attempt),
        ReasonCode::UserMismatch => identity::mismatch(attempt),
        _ => Vec::new(),
    }
}
