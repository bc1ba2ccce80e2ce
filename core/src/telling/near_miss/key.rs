//! Would another key of the set verify the signature?

use alloc::{format, string::String, vec::Vec};

use crate::{
    ground::{limits::KEY_TRIALS_MAX, reason::ReasonCode, text::shown},
    judging::attempt::Attempt,
    parsed::{keys::Key, token::VerifiedToken},
    rules::policy::issuer::Keys,
    telling::near_miss::hint::Hint,
};

/// Tries the other keys that fit the token's algorithm, a bounded number of them, those with nearly the same id first.
pub(super) fn other(attempt: &Attempt<'_>, code: ReasonCode) -> Vec<Hint> {
    let (Some(header), Keys::Set(keys)) = (&attempt.header, &*attempt.policy().keys) else { return Vec::new() };
    // Keys are for issuers that are configured: those of another would make a stranger's tokens good.
    let Some(policy) = &attempt.policy else { return Vec::new() };
    let source = policy.keys_source();
    let setting = source.setting;
    let algorithm = header.algorithm;
    let stated = header.key_id.as_deref().unwrap_or_default();
    let tried = attempt.key.map(Key::id);
    let mut candidates: Vec<&Key> = keys
        .entries()
        .iter()
        .filter_map(|entry| entry.state.as_ref().ok())
        .filter(|key| key.accepts(algorithm) && Some(key.id()) != tried)
        .collect();
    let similar = |key: &&Key| !key.id().trim().eq_ignore_ascii_case(stated.trim());
    candidates.sort_by_key(similar);
    let trials = candidates.len().min(KEY_TRIALS_MAX);
    let found =
        candidates.iter().take(trials).find(|key| VerifiedToken::verify(attempt.token, key, algorithm).is_some());
    if let Some(key) = found {
        let id = shown(key.id());
        let (message, remedy) = match code {
            ReasonCode::KeyIdMissing => (
                format!("the signature verifies under the key `{id}`, which the token does not name"),
                String::from("have the identity provider put the key's id into the header member `kid`"),
            ),
            _ => (
                format!("the signature verifies under the key `{id}`; the token names `{}`", shown(stated)),
                format!("give that key the id `{}` in {source}, as the token does", shown(stated)),
            ),
        };
        let entry =
            keys.entries().iter().find(|entry| entry.state.as_ref().is_ok_and(|other| core::ptr::eq(other, *key)));
        let place = entry.map_or(0, |entry| entry.offset).saturating_add(source.offset);
        return [Hint::new(message, remedy).at(setting, place)].into();
    }
    if code == ReasonCode::KeyNotFound && trials > 0 {
        let message = format!(
            "no key of the set verifies the signature: {} of {} that fit the algorithm tried",
            trials,
            candidates.len()
        );
        let remedy = format!(
            "if the issuer has rotated its keys, copy the key set that it serves now into {source}, or switch on \
             server.jwt_authentication.jwks_auto_fetch.enabled"
        );
        return [Hint::new(message, remedy).about(setting)].into();
    }
    Vec::new()
}
