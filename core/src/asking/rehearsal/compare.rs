//! How do the keys of tomorrow follow those of today?

use alloc::{
    collections::{BTreeMap, BTreeSet},
    string::String,
    vec::Vec,
};
use core::ptr;

use crate::{
    asking::{
        keys::{KeyReport, report},
        rehearsal::document::{KeyFate, RehearsedKey},
    },
    ground::text::quoted,
    parsed::keys::{KeyEntry, KeySet},
};

/// Both sets, key by key.
#[derive(Default)]
pub(super) struct Compared {
    pub(super) keys: Vec<RehearsedKey>,
    pub(super) gone: Vec<KeyReport>,
    pub(super) overlap: usize,
    /// Whether any key of today verifies tokens.
    pub(super) any_today: bool,
}

/// Compares the new set with today's; `named` are the ids that the tokens name.
pub(super) fn compare(today: Option<&KeySet>, new: &KeySet, named: &[Option<String>]) -> Compared {
    let before = today.map(Known::of).unwrap_or_default();
    let mut named_by: BTreeMap<&str, usize> = BTreeMap::new();
    for id in named.iter().flatten() {
        let count = named_by.entry(id).or_default();
        *count = count.saturating_add(1);
    }
    let keys = new.entries().iter().map(|entry| {
        let reported = report(entry);
        let (fate, was, replaces) = fate(&before, new, entry, &reported);
        let named_by = entry.id.as_deref().filter(|_| fate != KeyFate::Shadowed).and_then(|id| named_by.get(id));
        RehearsedKey { key: reported, fate, was, replaces, named_by: named_by.copied().unwrap_or_default() }
    });
    let keys: Vec<RehearsedKey> = keys.collect();
    let prints: BTreeSet<&str> = keys.iter().filter_map(|key| key.key.thumbprint.as_deref()).collect();
    let is_there = |entry: &KeyEntry, reported: &KeyReport| {
        let same_id = entry.id.as_deref().is_some_and(|id| new.find(id).is_some());
        same_id || reported.thumbprint.as_deref().is_some_and(|print| prints.contains(print))
    };
    let gone = before.entries.iter().filter(|(entry, reported)| !is_there(entry, reported));
    Compared {
        gone: gone.map(|(_, reported)| reported.clone()).collect(),
        overlap: keys.iter().filter(|key| key.fate == KeyFate::Stays && key.key.code.is_none()).count(),
        any_today: before.entries.iter().any(|(entry, _)| entry.state.is_ok()),
        keys,
    }
}

/// Today's keys, without those that another of their id hides.
#[derive(Default)]
struct Known<'k> {
    entries: Vec<(&'k KeyEntry, KeyReport)>,
    by_id: BTreeMap<&'k str, usize>,
    by_print: BTreeMap<String, usize>,
}

impl<'k> Known<'k> {
    fn of(set: &'k KeySet) -> Self {
        let counts = set.entries().iter().filter(|entry| !is_shadowed(set, entry));
        let mut known = Self { entries: counts.map(|entry| (entry, report(entry))).collect(), ..Self::default() };
        for (place, (entry, reported)) in known.entries.iter().enumerate() {
            if let Some(id) = entry.id.as_deref() {
                known.by_id.insert(id, place);
            }
            if let Some(print) = &reported.thumbprint {
                known.by_print.entry(print.clone()).or_insert(place);
            }
        }
        known
    }

    fn with_id(&self, id: &str) -> Option<&(&'k KeyEntry, KeyReport)> {
        self.entries.get(*self.by_id.get(id)?)
    }

    fn with_print(&self, print: &str) -> Option<&(&'k KeyEntry, KeyReport)> {
        self.entries.get(*self.by_print.get(print)?)
    }
}

/// Whether another key of its id stands before the key.
fn is_shadowed(set: &KeySet, entry: &KeyEntry) -> bool {
    entry.id.as_deref().and_then(|id| set.find(id)).is_some_and(|first| !ptr::eq(first, entry))
}

/// What becomes of a new key; the id that it has today where it has another, and the thumbprint of the key whose id it takes.
fn fate(
    before: &Known<'_>,
    new: &KeySet,
    entry: &KeyEntry,
    reported: &KeyReport,
) -> (KeyFate, Option<String>, Option<String>) {
    if is_shadowed(new, entry) {
        return (KeyFate::Shadowed, None, None);
    }
    let same_print = reported.thumbprint.as_deref().and_then(|print| before.with_print(print));
    match (entry.id.as_deref().and_then(|id| before.with_id(id)), same_print) {
        (Some((_, old)), _) if is_same(old, reported) => (KeyFate::Stays, None, None),
        (Some((_, old)), _) => (KeyFate::Changed, None, old.thumbprint.clone()),
        (None, Some((old, _))) if entry.id.is_none() && old.id.is_none() => (KeyFate::Stays, None, None),
        (None, Some((old, _))) => (KeyFate::Renamed, old.id.as_deref().map(quoted), None),
        (None, None) => (KeyFate::New, None, None),
    }
}

/// Whether two keys of one id are the same: by their thumbprints, or, where they have none, by what is wrong with them.
fn is_same(old: &KeyReport, new: &KeyReport) -> bool {
    match (&old.thumbprint, &new.thumbprint) {
        (Some(old), Some(new)) => old == new,
        (None, None) => (old.code, &old.why) == (new.code, &new.why),
        // The same key may be worth something today and nothing tomorrow; nobody can tell that it is the same.
        _ => false,
    }
}
