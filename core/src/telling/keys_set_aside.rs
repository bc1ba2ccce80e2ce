//! Are there keys in the set that cannot be used?

use alloc::{format, string::String, vec::Vec};

use crate::{
    ground::{
        reason::Check,
        text::{counted, shown},
    },
    judging::attempt::Attempt,
    parsed::{keys::KeySet, settings::Places},
    rules::policy::issuer::Keys,
    telling::document::Advice,
};

/// Says so, with the first few of them.
pub(super) fn warning(places: &Places<'_>, attempt: &Attempt<'_>) -> Option<Advice> {
    const NAMED: usize = 3;
    let Keys::Set(keys) = &*attempt.policy().keys else { return None };
    let aside = set_aside(keys);
    let first = keys.entries().iter().find(|entry| entry.state.is_err())?;
    let source = attempt.policy().keys_source();
    let more = match aside.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!("; {more} more"),
    };
    let named = aside.iter().take(NAMED).cloned().collect::<Vec<_>>().join("; ");
    let message = format!("{} of the set cannot be used: {named}{more}", counted(aside.len(), "key"));
    let remedy = match keys.usable_count() {
        0 => format!("correct the keys in {source}: as they stand, no token can be verified with this set"),
        _ => String::from("nothing, unless a token names such a key; the other keys work"),
    };
    let warning = Advice::warning(Check::Settings, message, remedy);
    Some(warning.at(places, source.setting, first.offset.saturating_add(source.offset)))
}

fn set_aside(keys: &KeySet) -> Vec<String> {
    let unusable = keys.entries().iter().filter_map(|entry| Some((entry.id.as_deref(), entry.state.as_ref().err()?)));
    unusable
        .map(|(id, unusable)| match id {
            Some(id) => format!("`{}`: {}", shown(id), unusable.message),
            None => unusable.message.clone(),
        })
        .collect()
}
