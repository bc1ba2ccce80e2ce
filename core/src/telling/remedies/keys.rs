//! Is the key that signed in the key set, under another id or behind another key?

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};

use crate::{
    answers::failure::Failure,
    ground::{
        json::{Document, Duplicates, Value, quote},
        limits::KEY_TRIALS_MAX,
        reason::ReasonCode,
        text::{can_be_copied, listed, shown},
    },
    judging::attempt::Attempt,
    parsed::{
        keys::Entry,
        settings::{Change, SettingName, Settings, Source},
    },
    rules::policy::issuer::Keys,
    telling::remedies::proposal::Proposal,
};

/// The key that the token names, with its members written as a key set writes them. What it says stays the same.
pub(super) fn rewritten(attempt: &Attempt<'_>, settings: &Settings) -> Vec<Proposal> {
    let (Some(header), Keys::Set(keys)) = (&attempt.header, &*attempt.policy().keys) else { return Vec::new() };
    let Some(policy) = &attempt.policy else { return Vec::new() };
    let Some(id) = header.key_id.as_deref() else { return Vec::new() };
    let is_it = |entry: &&Entry| entry.id.as_ref().is_some_and(|other| **other == *id);
    let Some(place) = keys.entries().iter().position(|entry| is_it(&entry)) else { return Vec::new() };
    let source = policy.keys_source();
    let key = keys.entries().get(place).map_or(0, |entry| entry.offset).saturating_add(source.offset);
    let text = settings.text(source.setting).get(key..).unwrap_or_default();
    let Ok((document, _)) = Document::parse_prefix(text, Duplicates::LastWins) else { return Vec::new() };
    let rewritten = rewritten_members(document.root());
    let change = rewritten.iter().fold(Change::new(), |change, (member, value)| {
        change.set_member(source.setting.as_str(), path(source, place, member), quote(value))
    });
    if rewritten.is_empty() {
        return Vec::new();
    }
    let members: Vec<&str> = rewritten.iter().map(|(member, _)| *member).collect();
    let message = format!(
        "write {} of key number {} in {source} as a key set does: base64url, with `-` and `_` instead of `+` and `/`, and \
         nothing behind it",
        listed(&members, members.len()),
        place.saturating_add(1)
    );
    let message = match rewritten.as_slice() {
        [(member @ ("kty" | "use"), value)] => {
            format!("write `\"{member}\": \"{value}\"` in key number {} in {source}", place.saturating_add(1))
        }
        _ => message,
    };
    [Proposal::correcting(message, change)].into()
}

/// The members of a key that are not written as RFC 7517 and RFC 7518 have them, each with its value as they do.
fn rewritten_members(key: Value<'_>) -> Vec<(&'static str, String)> {
    let text = |name| key.member(name).and_then(Value::string);
    let mut members = Vec::new();
    for name in ["n", "e", "x", "y"] {
        let Some(value) = text(name) else { continue };
        let plain = value.trim_matches(|c: char| c.is_whitespace() || matches!(c, '=' | ',' | ';'));
        let url: String = plain
            .chars()
            .map(|c| {
                if c == '+' {
                    '-'
                } else if c == '/' {
                    '_'
                } else {
                    c
                }
            })
            .collect();
        if url != *value {
            members.push((name, url));
        }
    }
    if text("kty").is_none() {
        let curve = text("crv");
        let kind = match curve.as_deref() {
            Some("Ed25519") => Some("OKP"),
            Some(_) => Some("EC"),
            None => text("n").map(|_| "RSA"),
        };
        members.extend(kind.map(|kind| ("kty", kind.into())));
    }
    // A SPIFFE bundle says so of the keys that sign its tokens.
    if text("use").as_deref() == Some("jwt-svid") {
        members.push(("use", "sig".into()));
    }
    members
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
    let Some(policy) = &attempt.policy else { return Vec::new() };
    let Some(id) = header.key_id.as_deref().filter(|id| !id.is_empty() && can_be_copied(id)) else { return Vec::new() };
    let source = policy.keys_source();
    let has_id = |entry_id: &Option<_>| entry_id.as_ref().is_some_and(|other: &alloc::sync::Arc<str>| **other == *id);
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
        } else if failure.code == ReasonCode::KeyNotFound && entry.state.is_ok() | entry.id.is_none() {
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
