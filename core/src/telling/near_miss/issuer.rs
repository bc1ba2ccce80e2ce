//! Is the token's issuer a configured one under another name, or another one that looks like it?
//!
//! A name is offered for the settings only where it can be the same provider's; never another tenant, realm or cloud,
//! whose own administrators decide who its users are.

use alloc::{format, string::String, vec::Vec};

use crate::{
    ground::{
        mend::Mend,
        text::{can_be_copied, shown},
    },
    judging::attempt::Attempt,
    parsed::{
        keys::remote::Remote,
        providers::{self, Facts, Provider},
        settings::SettingName,
        token::audiences,
    },
    rules::policy::issuer::{Keys, Policy},
    telling::near_miss::{
        hint::Hint,
        key,
        listed::{divides, list_in_a_text},
        relation::{Relation, relation},
    },
};

/// How many near misses are told.
const TOLD: usize = 3;

/// How many configured issuers are looked at.
const LOOKED_AT: usize = 200;

/// Longer issuers are not compared: nobody mistypes them.
const ISSUER_BYTES_MAX: usize = 512;

/// The configured issuers that the token's is nearly, or is another name of.
pub(super) fn unknown(attempt: &Attempt<'_>) -> Vec<Hint> {
    let stated = attempt.stated_issuer();
    if stated.len() > ISSUER_BYTES_MAX {
        return Vec::new();
    }
    let configured =
        attempt.compiled.policies().filter(|policy| policy.issuer.len() <= ISSUER_BYTES_MAX).take(LOOKED_AT);
    let mut hints: Vec<Hint> = configured.filter_map(|policy| near(attempt, &stated, policy)).take(TOLD).collect();
    if !attempt.proven() && !key::is_in_the_set(attempt) {
        return unproven(attempt, &stated, hints);
    }
    if hints.is_empty()
        && let Some(verified) = attempt.verified.as_ref().filter(|_| attempt.proven())
    {
        let message = format!(
            "the signature verifies under the configured key `{}`, and the token's issuer `{}` is no configured issuer \
             under another name",
            shown(verified.key().id()),
            shown(&stated)
        );
        hints.push(Hint::new(message, Mend::default()).about(SettingName::Issuers));
    }
    hints
}

/// The same of a token that nobody has proven: whoever wrote it may have written the name too.
fn unproven(attempt: &Attempt<'_>, stated: &str, mut hints: Vec<Hint>) -> Vec<Hint> {
    if let Some(first) = hints.first_mut() {
        first.message += "; nothing proves that the token is from your provider: no configured key verifies it";
    } else if let Some(configured) = attempt.compiled.issuers().next() {
        let message = format!(
            "nothing proves that this token is from a provider of yours: its issuer `{}` is not configured",
            shown(stated)
        );
        let remedy = Mend::client(format!("log in to `{}` and send its token", shown(configured)));
        hints.push(Hint::new(message, remedy).about(SettingName::Issuers));
    }
    hints
}

fn near(attempt: &Attempt<'_>, stated: &str, policy: &Policy) -> Option<Hint> {
    let configured = &*policy.issuer;
    let place = |hint: Hint| hint.at(policy.issuer.source.setting, policy.issuer.source.offset);
    let divides = |character: char| divides(character) || character == '|';
    if let Some(list) = list_in_a_text(configured, divides, |part| part == stated) {
        let message = format!("`{}` is read as one issuer, with all that stands in it", shown(configured));
        return Some(place(Hint::new(
            message,
            format!("write a JSON array, {list}, in server.jwt_authentication.issuers"),
        )));
    }
    let relation = relation(stated, configured, attempt.proven())?;
    let mapped = match &*policy.keys {
        Keys::Remote(Remote::Jwks(_)) => " in issuer_jwks_map",
        _ => "",
    };
    let named = format!("the token's issuer `{}` and the configured `{}`{mapped}", shown(stated), shown(configured));
    let (message, remedy) = match relation {
        Relation::Same(how) if can_be_copied(stated) => {
            (format!("{named} {how}"), same_provider(attempt, stated, configured))
        }
        Relation::Same(how) => (format!("{named} {how}"), Mend::default()),
        Relation::Other(how) => other_provider(attempt, configured, &format!("{named} {how}")),
    };
    Some(place(Hint::new(message, remedy)))
}

/// Another tenant, realm or cloud: never a new name for these settings.
fn other_provider(attempt: &Attempt<'_>, configured: &str, named: &str) -> (String, Mend) {
    let provider = attempt.facts().and_then(Facts::provider);
    let stated = attempt.stated_issuer();
    if provider == Some(Provider::GitHub)
        && let Some(enterprise) = stated.strip_prefix(configured).and_then(|rest| rest.strip_prefix('/'))
    {
        let message = format!("{named}: an enterprise at GitHub can have its own name at the end of the issuer");
        let remedy = format!(
            "if the enterprise `{}` is yours, write `{}` in server.jwt_authentication.issuers and in the lines of the \
             identity map",
            shown(enterprise),
            shown(&stated)
        );
        return (message, Mend::administrator(remedy));
    }
    let whose = provider.and_then(Provider::tenancy).unwrap_or("provider");
    let audiences = attempt.claims.and_then(|claims| claims.member("aud")).and_then(audiences::stated);
    let audience = audiences.filter(|_| provider == Some(Provider::OktaCustom)).and_then(|all| all.into_iter().next());
    let audience = audience.map(|audience| format!(", and its audience is `{}`", shown(&audience))).unwrap_or_default();
    let message = format!("{named}: they are two identity providers, the token is from another {whose}{audience}");
    let remedy = match provider {
        Some(provider) if provider.is_cluster() => {
            format!("request the token in the cluster of `{}`", shown(configured))
        }
        _ => format!("sign in to `{}`", shown(configured)),
    };
    (message, Mend::client(remedy))
}

/// What the provider can do if the two are its names.
fn same_provider(attempt: &Attempt<'_>, stated: &str, configured: &str) -> Mend {
    versions(attempt, stated, configured).map(Mend::provider).unwrap_or_default()
}

/// What Entra has to be told where the token is of one version and the settings are for the other.
fn versions(attempt: &Attempt<'_>, stated: &str, configured: &str) -> Option<String> {
    let ((version, tenant, cloud), (wanted, other, same)) = (providers::entra(stated)?, providers::entra(configured)?);
    if version == wanted || tenant != other || cloud != same {
        return None;
    }
    let manifest = if wanted == 2 { "2" } else { "null" };
    let keys = attempt.facts().and_then(Facts::key_set).unwrap_or_default();
    Some(format!(
        "set `requestedAccessTokenVersion` to {manifest} in the manifest of the application that the token is for, and leave \
         the settings as they are; to take v{version} tokens instead, issuer, audience, claim, map and keys have to change, \
         the keys to those of {keys}"
    ))
}
