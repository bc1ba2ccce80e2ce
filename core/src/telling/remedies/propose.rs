//! Which changes may mend this failure?

use alloc::{format, vec::Vec};

use crate::{
    answers::failure::Failure,
    ground::reason::ReasonCode,
    judging::attempt::Attempt,
    parsed::settings::{Change, SettingName, Settings},
    telling::remedies::{audience, claim, groups, issuer, keys, line, misread, proposal::Proposal, time},
};

/// The changes to try, the likeliest first.
pub(super) fn proposals(failure: &Failure, attempt: &Attempt<'_>, settings: &Settings, text: &[u8]) -> Vec<Proposal> {
    let mut proposals = match failure.code {
        ReasonCode::Disabled => [switched_on()].into(),
        ReasonCode::TokenTooLarge => time::longer_tokens(text.len()),
        ReasonCode::IssuerNotAllowed => chained([misread::issuers(attempt, settings), issuer::replaced(attempt)]),
        ReasonCode::KeyNotFound | ReasonCode::KeyAlgMismatch | ReasonCode::SignatureInvalid => {
            keys::named(failure, attempt)
        }
        ReasonCode::KeyInvalid | ReasonCode::KeyNotForVerify => keys::rewritten(attempt),
        ReasonCode::TokenExpired | ReasonCode::TokenNotYetValid | ReasonCode::IssuedInFuture => time::leeway(attempt),
        ReasonCode::LifetimeTooLong => time::longer_lives(attempt),
        ReasonCode::AudienceNotAllowed => chained([misread::audiences(attempt, settings), audience::added(attempt)]),
        ReasonCode::ClaimMissing | ReasonCode::ClaimInvalid => claim::other(attempt),
        ReasonCode::IdentityUnmapped | ReasonCode::MappedUserInvalid | ReasonCode::UserMismatch => {
            chained([misread::lines(attempt), claim::mapped(attempt), line::proposals(attempt)])
        }
        ReasonCode::GroupsMissing | ReasonCode::UserinfoNeeded | ReasonCode::GroupsInvalid => groups::elsewhere(attempt),
        _ => Vec::new(),
    };
    // The database knows none of the engine's options.
    if !attempt.rules().judging.leeway {
        proposals.retain(|proposal| !proposal.change.needs_the_engine());
    }
    proposals
}

fn chained<const N: usize>(lists: [Vec<Proposal>; N]) -> Vec<Proposal> {
    lists.into_iter().flatten().collect()
}

fn switched_on() -> Proposal {
    let setting = SettingName::Enabled.as_str();
    Proposal::correcting(format!("switch token logins on: set {setting} to true"), Change::new().set(setting, "true"))
}
