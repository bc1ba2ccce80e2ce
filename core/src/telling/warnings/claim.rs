//! Does the claim that decided name one person, today and tomorrow?

use alloc::{format, string::String, vec::Vec};

use crate::{
    ground::{json::Kind, reason::Check, text::shown},
    judging::attempt::Attempt,
    parsed::{
        providers::{Facts, Provider},
        risk,
        settings::Places,
    },
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
    let found = [nobody(token, plain), unverified(token, plain), changing(token, plain)];
    found.into_iter().flatten().map(told).collect()
}

/// A claim that does not say who somebody is. The name of an application is good where the application itself logs in.
fn nobody(token: Facts<'_>, claim: &str) -> Option<(String, &'static str)> {
    let why = risk::claim(claim)?;
    let is_client = token.client().is_some_and(|(name, _)| name.eq_ignore_ascii_case(claim));
    if is_client && token.is_of_an_application() {
        return None;
    }
    let message = format!("the claim `{}` decides who logs in: {why}", shown(claim));
    Some((message, "name a claim that names one person, such as `sub`, and map its values to SQL users"))
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

/// Entra, "Access token claims reference": these are for people to read and may be given to somebody else.
fn changing(token: Facts<'_>, claim: &str) -> Option<(String, &'static str)> {
    let changes = matches!(claim, "preferred_username" | "unique_name" | "upn" | "email");
    (changes && token.provider() == Some(Provider::Entra)).then(|| {
        let message = format!(
            "the claim `{claim}` decides who logs in: in Entra it is mutable, and whoever gets the name next gets the SQL user"
        );
        (message, "name the claim `oid`, which never changes, and map its values to SQL users")
    })
}
