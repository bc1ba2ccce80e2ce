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
        ReasonCode::Disabled => switched_on(attempt, settings),
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
        ReasonCode::GroupsMissing | ReasonCode::UserinfoNeeded | ReasonCode::GroupsInvalid => {
            groups::elsewhere(attempt)
        }
        _ => Vec::new(),
    };
    if !attempt.rules().offers_options {
        proposals.retain(|proposal| !proposal.change.needs_the_engine());
    }
    proposals
}

fn chained<const N: usize>(lists: [Vec<Proposal>; N]) -> Vec<Proposal> {
    lists.into_iter().flatten().collect()
}

/// Switched on; with an audience, which nobody has to set before.
fn switched_on(attempt: &Attempt<'_>, settings: &Settings) -> Vec<Proposal> {
    let setting = SettingName::Enabled.as_str();
    let message = format!("switch token logins on: set {setting} to true");
    let on = Proposal::correcting(message, Change::new().set(setting, "true"));
    let audience = if audience::is_unset(settings) { audience::of_token(attempt) } else { None };
    let with_audience = audience.map(|audience| on.clone().then(audience));
    [on].into_iter().chain(with_audience).collect()
}
