//! Are there keys in the set that cannot be used?

use alloc::{format, string::String, vec::Vec};

use crate::{
    ground::{
        reason::{Check, ReasonCode},
        text::{counted, shown},
    },
    judging::attempt::Attempt,
    parsed::{
        keys::{KeyEntry, KeySet},
        settings::Places,
    },
    telling::document::Advice,
};

/// Says so, with the first few of them.
pub(super) fn warning(places: &Places<'_>, attempt: &Attempt<'_>) -> Option<Advice> {
    const NAMED: usize = 3;
    let keys = attempt.keys().set()?;
    let named = attempt.header.as_ref().and_then(|header| header.key_id.as_deref());
    let aside: Vec<_> = set_aside(keys, named).collect();
    let first = aside.first()?;
    let source = attempt.policy().keys_source();
    let is_fetched = attempt.policy().keys_are_fetched();
    let more = match aside.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!("; {more} more"),
    };
    let named = aside.iter().take(NAMED).map(|entry| described(entry)).collect::<Vec<_>>().join("; ");
    let message = format!("{} of the set cannot be used: {named}{more}", counted(aside.len(), "key"));
    let remedy = match keys.usable_count() {
        _ if is_fetched => String::from("have the identity provider correct them, unless nobody signs with them"),
        0 => format!("correct the keys in {source}: as they stand, no token can be verified with this set"),
        _ => String::from("nothing, unless a token names such a key; the other keys work"),
    };
    let warning = Advice::warning(Check::Settings, message, remedy);
    // The text of fetched keys is no setting's.
    let offset = if is_fetched { 0 } else { first.offset.saturating_add(source.offset) };
    Some(warning.at(places, source.setting, offset))
}

/// The keys that cannot be used, without those that nobody expects to: a provider's keys for encryption, and the key that
/// the token names, of which the refusal tells.
fn set_aside<'k>(keys: &'k KeySet, named: Option<&str>) -> impl Iterator<Item = &'k KeyEntry> {
    keys.entries().iter().filter(move |entry| {
        let unusable = entry.state.as_ref().err();
        let unexpected = unusable.is_some_and(|unusable| unusable.code != ReasonCode::KeyNotForVerify);
        unexpected && (entry.id.is_none() || entry.id.as_deref() != named)
    })
}

fn described(entry: &KeyEntry) -> String {
    let message = entry.state.as_ref().err().map(|unusable| unusable.message.as_str()).unwrap_or_default();
    match entry.id.as_deref() {
        Some(id) => format!("`{}`: {message}", shown(id)),
        None => message.into(),
    }
}
