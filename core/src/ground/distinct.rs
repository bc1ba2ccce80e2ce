//! Texts, or things that have one, in the order in which they first came: each once, and found fast however many there are.

use alloc::vec::Vec;
use core::{hash::BuildHasher, ops::Deref};

use foldhash::fast::FixedState;
use hashbrown::HashTable;

/// A list without repetition.
#[derive(Clone, Debug)]
pub(crate) struct Distinct<T> {
    items: Vec<T>,
    /// Their places by the hash of their texts; empty while they are few.
    places: HashTable<usize>,
}

impl<T> Distinct<T> {
    pub(crate) const fn new() -> Self {
        Self { items: Vec::new(), places: HashTable::new() }
    }
}

impl<T: AsRef<str>> Distinct<T> {
    /// Where the item with this text stands.
    pub(crate) fn place(&self, text: &str) -> Option<usize> {
        let is_it = |&place: &usize| self.items.get(place).is_some_and(|item| item.as_ref() == text);
        if self.places.is_empty() {
            return (0..self.items.len()).find(is_it);
        }
        self.places.find(hash(text), is_it).copied()
    }

    /// Adds an item, if none with its text is there; the place of the one that is.
    pub(crate) fn insert(&mut self, item: T) -> Result<(), usize> {
        if let Some(place) = self.place(item.as_ref()) {
            return Err(place);
        }
        let place = self.items.len();
        self.items.push(item);
        match place {
            ..FEW => {}
            FEW => (0..=place).for_each(|place| self.index(place)),
            _ => self.index(place),
        }
        Ok(())
    }

    pub(crate) fn get_mut(&mut self, place: usize) -> Option<&mut T> {
        self.items.get_mut(place)
    }

    pub(crate) fn into_vec(self) -> Vec<T> {
        self.items
    }

    fn index(&mut self, place: usize) {
        let Self { items, places } = self;
        let hash_of = |place: &usize| items.get(*place).map_or(0, |item| hash(item.as_ref()));
        places.insert_unique(hash_of(&place), place, hash_of);
    }
}

impl<T> Deref for Distinct<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.items
    }
}

impl<T: AsRef<str>> FromIterator<T> for Distinct<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        let mut distinct = Self::new();
        for item in items {
            // One that is there already is left out.
            let _ = distinct.insert(item);
        }
        distinct
    }
}

fn hash(text: &str) -> u64 {
    FixedState::default().hash_one(text)
}

/// So many items are found faster by comparing than by hashing.
const FEW: usize = 8;

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::{format, string::String};

    #[test]
    fn few_and_many_are_kept_once_and_in_order() {
        for count in [0, 1, FEW - 1, FEW, FEW + 1, 1000] {
            let names: Vec<String> = (0..count).map(|number| format!("n{number}")).collect();
            let twice = names.iter().flat_map(|name| [name.clone(), name.clone()]);
            let distinct: Distinct<String> = twice.chain(names.clone()).collect();
            assert_eq!(*distinct, *names);
            for (place, name) in names.iter().enumerate() {
                assert_eq!(distinct.place(name), Some(place));
            }
            assert_eq!(distinct.place("other"), None);
            assert_eq!(distinct.into_vec(), names);
        }
    }
}
