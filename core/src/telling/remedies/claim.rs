//! Which other claim of the token could name its SQL user?

use alloc::{format, string::String, vec::Vec};

use crate::{
    ground::{
        json::quote,
        text::{can_be_copied, shown},
    },
    judging::attempt::Attempt,
    parsed::settings::{Change, SettingName},
    telling::{
        near_miss::claim::{candidates, of_one_user},
        remedies::proposal::Proposal,
    },
};

/// How many claims are tried.
const TRIED: usize = 4;

/// Each claim that the identity provider keeps one user's own, in the place of the configured one; for this issuer alone
/// where there are others.
pub(super) fn other(attempt: &Attempt<'_>) -> Vec<Proposal> {
    let policy = attempt.policy();
    let wanted = policy.claim.as_str();
    // What stands in no other claim: the provider's own id of a user, and groups that it has left out.
    if attempt.principals.is_none() && (wanted == "sub" || is_left_out(attempt, wanted)) {
        return Vec::new();
    }
    let fitting = candidates(attempt)
        .into_iter()
        .chain(of_one_user(attempt))
        .filter(|(claim, _)| claim != wanted && can_be_copied(claim));
    fitting.take(TRIED).map(|(claim, value)| proposal(attempt, &claim, &value)).collect()
}

/// Another claim that the lines of the identity map were written for, as far as that gives the login.
pub(super) fn mapped(attempt: &Attempt<'_>) -> Vec<Proposal> {
    let has_lines = attempt.compiled.map.lines_for(&attempt.stated_issuer()).is_some();
    let others = if has_lines { other(attempt) } else { Vec::new() };
    others.into_iter().map(Proposal::if_it_suffices).collect()
}

/// Whether the provider says that the claim is to be had elsewhere (OpenID Connect Core 1.0 section 5.6.2).
fn is_left_out(attempt: &Attempt<'_>, name: &str) -> bool {
    attempt.claims.and_then(|claims| claims.member("_claim_names")).is_some_and(|left| left.member(name).is_some())
}

fn proposal(attempt: &Attempt<'_>, claim: &str, value: &str) -> Proposal {
    let source = attempt.policy().claim_source();
    let issuers = attempt.compiled.issuers().take(2).count();
    let issuer = attempt.stated_issuer();
    let option = SettingName::EngineIssuers.as_str();
    let (change, place): (Change, String) = match &source.issuer {
        Some(own) => (Change::new().set_member(option, [&**own, "claim"], quote(claim)), format!("{source}")),
        None if issuers > 1 && attempt.rules().offers_options => (
            Change::new().set_member(option, [&*issuer, "claim"], quote(claim)),
            format!("`claim` of `{}` in {option}", shown(&issuer)),
        ),
        None => (Change::new().set(source.setting.as_str(), claim), format!("{source}")),
    };
    let message = format!("the claim `{}` holds `{}`: set {place} to `{}`", shown(claim), shown(value), shown(claim));
    Proposal::widening(message, change)
}
