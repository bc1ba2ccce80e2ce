//! Is the key that signed in the key set, under another id or behind another key?

use alloc::{
    format,
    string::{String, ToString},
    sync::Arc,
    vec::Vec,
};

use crate::{
    answers::failure::Failure,
    ground::{
        json::quote,
        limits::KEY_TRIALS_MAX,
        reason::ReasonCode,
        splice::Splice,
        text::{can_be_copied, shown},
    },
    judging::attempt::Attempt,
    parsed::settings::{Change, SettingName, Source},
    rules::policy::issuer::Keys,
    telling::remedies::proposal::Proposal,
};

/// The key that the token names, with a member written as key sets write it. What it says stays the same.
pub(super) fn rewritten(attempt: &Attempt<'_>) -> Vec<Proposal> {
    let (Some(header), Keys::Set(keys)) = (&attempt.header, &*attempt.policy().keys) else { return Vec::new() };
    let Some(policy) = &attempt.policy else { return Vec::new() };
    let Some(entry) = header.key_id.as_deref().and_then(|id| keys.find(id)) else { return Vec::new() };
    let Err(unusable) = &entry.state else { return Vec::new() };
    let Some(splice) = &unusable.instead else { return Vec::new() };
    let source = policy.keys_source();
    let splice = Splice {
        start: splice.start.saturating_add(source.offset),
        end: splice.end.saturating_add(source.offset),
        text: splice.text.clone(),
    };
    let what = unusable.remedy.as_deref().unwrap_or("write the key as key sets write it");
    let message = format!("{what}, in {source}");
    [Proposal::correcting(message, Change::new().splice(source.setting, splice))].into()
}

/// Where in a setting a member of a key stands.
fn path(source: &Source, place: usize, member: &str) -> Vec<String> {
    let own = source.issuer.iter().map(ToString::to_string);
    own.chain(["keys".to_string(), format!("{place}"), member.to_string()]).collect()
}

/// The keys of the set that may have signed, each under the id that the token names or before the others of its id. Only
/// one that verifies the signature leads on.
pub(super) fn named(failure: &Failure, attempt: &Attempt<'_>) -> Vec<Proposal> {
    let (Some(header), Keys::Set(keys)) = (&attempt.header, &*attempt.policy().keys) else { return Vec::new() };
    if attempt.policy.is_none() && !attempt.compiled.common_keys_decide() {
        return Vec::new();
    }
    let policy = attempt.policy();
    let Some(id) = header.key_id.as_deref().filter(|id| !id.is_empty() && can_be_copied(id)) else { return Vec::new() };
    let source = policy.keys_source();
    let has_id = |entry_id: &Option<_>| entry_id.as_ref().is_some_and(|other: &Arc<str>| **other == *id);
    let mut proposals = Vec::new();
    for (place, entry) in keys.entries().iter().enumerate() {
        let number = place.saturating_add(1);
        if matches!(failure.code, ReasonCode::SignatureInvalid | ReasonCode::KeyAlgMismatch) && has_id(&entry.id) {
            if place > 0 && source.setting == SettingName::Jwks {
                let message = format!(
                    "several keys have the id `{}`, and only the first of them counts: put key number {number} of the \
                     set before it",
                    shown(id)
                );
                let risk = "tokens that the other key of this id has signed are refused then";
                proposals.push(Proposal::correcting(message, Change::new().key_first(place)).risking(risk));
            }
        } else if failure.code == ReasonCode::KeyNotFound && (entry.state.is_ok() || entry.id.is_none()) {
            let message = format!(
                "key number {number} of the set has signed this token: give it the id `{}` in {source}",
                shown(id)
            );
            let change = Change::new().set_member(source.setting.as_str(), path(source, place, "kid"), quote(id));
            proposals.push(Proposal::correcting(message, change));
        }
        if proposals.len() >= KEY_TRIALS_MAX {
            break;
        }
    }
    proposals
}
