//! Does the claim that decided name one person, today and tomorrow?

use alloc::{format, string::String, vec::Vec};

use crate::{
    ground::{json::Kind, reason::Check},
    judging::attempt::Attempt,
    parsed::{providers::Facts, risk, settings::Places},
    telling::document::Advice,
};

/// Says why it may not.
pub(super) fn warnings(places: &Places<'_>, attempt: &Attempt<'_>) -> Vec<Advice> {
    let policy = attempt.policy();
    let Some(token) = attempt.facts() else { return Vec::new() };
    let name = policy.claim.as_str();
    let plain = name.strip_prefix('/').unwrap_or(name);
    let source = policy.claim_source();
    let told = |(message, remedy): (String, &str)| {
        Advice::warning(Check::Principal, message, remedy).at(places, source.setting, source.offset)
    };
    let found = [nobody(token, plain), unverified(token, plain), risk::changing(plain, token.provider())];
    found.into_iter().flatten().map(told).collect()
}

/// A claim that does not say who somebody is. The name of an application is good where the application itself logs in.
fn nobody(token: Facts<'_>, claim: &str) -> Option<(String, &'static str)> {
    let told = risk::nobody_s(claim)?;
    let is_client = token.client().is_some_and(|(name, _)| name.eq_ignore_ascii_case(claim));
    (!(is_client && token.is_of_an_application())).then_some(told)
}

/// An address of which nobody says that it was verified.
fn unverified(token: Facts<'_>, claim: &str) -> Option<(String, &'static str)> {
    if claim != "email" {
        return None;
    }
    let fact = match token.claims.member("email_verified") {
        None => "and the token has no `email_verified`: nothing says that the address was verified",
        Some(stated) if stated.kind() != Kind::Bool(true) && !stated.is_string("true") => {
            "and `email_verified` is not true: anybody may have typed the address"
        }
        Some(_) => return None,
    };
    let remedy =
        "have the identity provider verify addresses and write `email_verified`, or name the claim `sub` and map it";
    Some((format!("the claim `email` decides who logs in, {fact}"), remedy))
}
