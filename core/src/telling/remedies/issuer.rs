//! Under which name would the token's provider have to be configured? Only for a token that a configured key has signed.

use alloc::{format, string::String, vec::Vec};

use crate::{
    ground::text::{can_be_copied, shown},
    judging::attempt::Attempt,
    parsed::settings::{Change, SettingName, Settings, SettingsError},
    rules::policy::issuer::Policy,
    telling::{near_miss::relation::is_one_provider, remedies::proposal::Proposal},
};

/// How many configured issuers are looked at.
const LOOKED_AT: usize = 200;

/// The token's issuer in the place of the configured one that it is another name of, or beside those that are configured
/// where the identity map speaks of it already.
pub(super) fn replaced(attempt: &Attempt<'_>) -> Vec<Proposal> {
    let stated = attempt.stated_issuer();
    if stated.is_empty() || !can_be_copied(&stated) {
        return Vec::new();
    }
    let map = &attempt.compiled.map;
    let is_in_map = map.lines_for(&stated).is_some();
    let configured: Vec<&Policy> = attempt.compiled.policies().take(LOOKED_AT).collect();
    let is_one = |policy: &&&Policy| is_one_provider(&stated, &policy.issuer, attempt.proven());
    let same = configured.iter().find(is_one).or_else(|| match configured.as_slice() {
        // Whoever wrote the map has meant this issuer, and no other is configured that they could have meant.
        [only] if is_in_map && map.lines_for(&only.issuer).is_none() => configured.first(),
        _ => None,
    });
    let setting = SettingName::Issuers.as_str();
    match same {
        Some(policy) => {
            let old = &*policy.issuer.value;
            let lines = map.lines_for(old).is_some() && !is_in_map;
            let change = Change::new().replace(setting, old, &*stated);
            let change = if is_in_map { change } else { change.rename_issuer(old, &*stated) };
            [Proposal::widening(message(&stated, old, lines), change)].into()
        }
        None if is_in_map => {
            let message = format!("add `{}` to {setting}: the identity map has lines for it", shown(&stated));
            [Proposal::widening(message, Change::new().add(setting, &*stated))].into()
        }
        None => Vec::new(),
    }
}

/// The token's issuer in the place of the configured one, where a line of the map names it as the token does, and cannot be
/// used for that.
pub(super) fn as_in_the_map(fault: &SettingsError, attempt: &Attempt<'_>, settings: &Settings) -> Option<Proposal> {
    let stated = attempt.stated_issuer();
    let line = usize::try_from(fault.map_line(settings)?).ok()?.checked_sub(1)?;
    let line = settings.text(SettingName::IdentityMap).split('\n').nth(line)?;
    if line.split_whitespace().next()? != stated || !can_be_copied(&stated) {
        return None;
    }
    let mut policies = attempt.compiled.policies().take(LOOKED_AT);
    if attempt.compiled.policy(&stated).is_some() {
        return None;
    }
    let same = policies.find(|policy| is_one_provider(&stated, &policy.issuer, attempt.proven()))?;
    let change = Change::new().replace(SettingName::Issuers.as_str(), &*same.issuer.value, &*stated);
    Some(Proposal::widening(message(&stated, &same.issuer.value, false), change))
}

fn message(stated: &str, configured: &str, lines: bool) -> String {
    let lines = if lines { " and in the lines of the identity map" } else { "" };
    format!(
        "your key signed this token: write the issuer as the token does, `{}` instead of `{}`, in {}{lines}",
        shown(stated),
        shown(configured),
        SettingName::Issuers.as_str()
    )
}
