//! Which text has led a walk to a place? Each place of a walk knows the one before it, and the character between them.

use alloc::{string::String, vec::Vec};

/// The text that leads to a place; `step` says which is the one before it, none before the first, and the character between.
pub(super) fn led(to: usize, step: impl Fn(usize) -> Option<(usize, char)>) -> String {
    let (mut characters, mut at) = (Vec::new(), to);
    while let Some((before, character)) = step(at).filter(|(before, _)| *before != NONE) {
        characters.push(character);
        at = before;
    }
    characters.into_iter().rev().collect()
}

/// What is before the first place.
pub(super) const NONE: usize = usize::MAX;
