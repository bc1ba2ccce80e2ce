//! Which characters are one, taken apart, and in which order do marks stand? Unicode's canonical mappings.
//!
//! The tables are those of the crate `unicode-normalization` in the version that the tests write them from; they take half the room,
//! because what composes is found through what decomposes.

use core::cmp::Ordering;

use super::tables::{CLASSES, COMPOSITIONS, STEPS};

/// Calls with the parts of a character, which are never taken apart any further.
pub(super) fn decompose(character: char, emit: &mut impl FnMut(char)) {
    if let Some((first, second, third)) = syllable(character) {
        emit(first);
        emit(second);
        third.into_iter().for_each(emit);
    } else if let Some((first, second)) = step(character) {
        decompose(first, emit);
        second.into_iter().for_each(emit);
    } else {
        emit(character);
    }
}

/// The character that these two compose to.
pub(super) fn compose(first: char, second: char) -> Option<char> {
    let parts = |&place: &u16| STEPS.get(usize::from(place)).map(|&(_, one, two)| (one, two));
    let order = |place: &u16| parts(place).map_or(Ordering::Less, |found| found.cmp(&(first, second)));
    let composed = COMPOSITIONS.binary_search_by(order).ok().and_then(|at| COMPOSITIONS.get(at));
    match composed.and_then(|&place| STEPS.get(usize::from(place))) {
        Some(&(composed, ..)) => Some(composed),
        None => composed_syllable(first, second),
    }
}

/// The canonical combining class: 0 for whatever is no mark.
pub(super) fn combining_class(character: char) -> u8 {
    let at = CLASSES.partition_point(|&(first, ..)| first <= character);
    match at.checked_sub(1).and_then(|at| CLASSES.get(at)) {
        Some(&(first, count, class)) if u32::from(character) < u32::from(first).saturating_add(count.into()) => class,
        _ => 0,
    }
}

/// The two parts of a character, or the one that it is the same as.
fn step(character: char) -> Option<(char, Option<char>)> {
    let at = STEPS.binary_search_by_key(&character, |&(whole, ..)| whole).ok()?;
    STEPS.get(at).map(|&(_, first, second)| (first, Some(second).filter(|&second| second != '\0')))
}

// Hangul syllables are arithmetic (The Unicode Standard, section 3.12).
const SYLLABLES: u32 = 0xac00;
const LEADING: u32 = 0x1100;
const VOWELS: u32 = 0x1161;
const TRAILING: u32 = 0x11a7;
const LEADING_COUNT: u32 = 19;
const VOWEL_COUNT: u32 = 21;
const TRAILING_COUNT: u32 = 28;

fn syllable(character: char) -> Option<(char, char, Option<char>)> {
    let index = offset(character, SYLLABLES, LEADING_COUNT * VOWEL_COUNT * TRAILING_COUNT)?;
    let (block, trailing) = (index / TRAILING_COUNT, index % TRAILING_COUNT);
    let part = |base: u32, offset: u32| char::from_u32(base.saturating_add(offset));
    let last = if trailing == 0 { None } else { part(TRAILING, trailing) };
    Some((part(LEADING, block / VOWEL_COUNT)?, part(VOWELS, block % VOWEL_COUNT)?, last))
}

fn composed_syllable(first: char, second: char) -> Option<char> {
    let index = if let Some(leading) = offset(first, LEADING, LEADING_COUNT) {
        let vowel = offset(second, VOWELS, VOWEL_COUNT)?;
        leading.checked_mul(VOWEL_COUNT)?.checked_add(vowel)?.checked_mul(TRAILING_COUNT)?
    } else {
        let index = offset(first, SYLLABLES, LEADING_COUNT * VOWEL_COUNT * TRAILING_COUNT)?;
        let trailing = offset(second, TRAILING, TRAILING_COUNT).filter(|&trailing| trailing > 0)?;
        // A syllable that has a last consonant takes no other.
        Some(index).filter(|index| index % TRAILING_COUNT == 0)?.checked_add(trailing)?
    };
    char::from_u32(SYLLABLES.checked_add(index)?)
}

fn offset(character: char, base: u32, count: u32) -> Option<u32> {
    u32::from(character).checked_sub(base).filter(|&offset| offset < count)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::unicode::tests::current;
    use alloc::{collections::BTreeMap, format, string::String, vec::Vec};
    use unicode_normalization::char as library;

    #[test]
    fn tables_are_those_of_the_library() {
        current("nfc/tables.rs", &tables());
    }

    #[test]
    fn every_character_has_the_parts_and_the_class_that_it_has_in_the_library() {
        for character in '\0'..=char::MAX {
            let (mut ours, mut theirs) = (String::new(), String::new());
            decompose(character, &mut |part| ours.push(part));
            library::decompose_canonical(character, |part| theirs.push(part));
            assert_eq!(ours, theirs, "{character:?}");
            assert_eq!(combining_class(character), library::canonical_combining_class(character), "{character:?}");
        }
    }

    #[test]
    fn any_two_parts_compose_as_in_the_library() {
        let mut parts: Vec<char> = STEPS.iter().flat_map(|&(whole, one, two)| [whole, one, two]).collect();
        parts.extend(['\u{1100}', '\u{1112}', '\u{1113}', '\u{1161}', '\u{1175}', '\u{1176}', '\u{11a7}', '\u{11a8}']);
        parts.extend(['\u{11c2}', '\u{11c3}', '각', '가', '힣', 'a', 'é']);
        parts.sort_unstable();
        parts.dedup();
        let mut seconds = parts.clone();
        seconds.retain(|&second| combining_class(second) > 0 || STEPS.iter().any(|&(_, _, two)| two == second));
        seconds.extend(['\u{1161}', '\u{1175}', '\u{1176}', '\u{11a7}', '\u{11a8}', '\u{11c2}', '\u{11c3}', 'a']);
        for &first in &parts {
            for &second in &seconds {
                assert_eq!(compose(first, second), library::compose(first, second), "{first:?} {second:?}");
            }
        }
    }

    /// `tables.rs` from the library, whose mappings go all the way down: the last part of each is one step's second.
    fn tables() -> String {
        // The first character with the same parts: the letter, and not the sign that is the same as it.
        let mut with_parts = BTreeMap::new();
        for character in '\0'..=char::MAX {
            with_parts.entry(parts(character)).or_insert(character);
        }
        let steps: Vec<_> =
            ('\0'..=char::MAX).filter_map(|whole| Some((whole, step_of(whole, &with_parts)?))).collect();
        let mut text = String::from(HEAD);
        for &(whole, (first, second)) in &steps {
            text += &format!("    ({}, {}, {}),\n", written(whole), written(first), written(second));
        }
        text += "];\n\n/// Places in `STEPS` of those that compose again, in the order of their parts.\n#[rustfmt::skip]\npub(super) const COMPOSITIONS: &[u16] = &[\n";
        let mut again: Vec<usize> = (0..steps.len()).collect();
        again.retain(|&at| {
            let (whole, (first, second)) = steps[at];
            library::compose(first, second) == Some(whole)
        });
        again.sort_by_key(|&at| steps[at].1);
        for places in again.chunks(16) {
            text += &format!("    {},\n", places.iter().map(|place| format!("{place}")).collect::<Vec<_>>().join(", "));
        }
        text += "];\n\n/// Runs of marks of one class: the first, how many, the class.\n#[rustfmt::skip]\npub(super) const CLASSES: &[(char, u8, u8)] = &[\n";
        let mut runs: Vec<(char, u8, u8)> = Vec::new();
        for character in '\0'..=char::MAX {
            let class = library::canonical_combining_class(character);
            match runs.last_mut() {
                Some((first, count, last))
                    if *last == class && u32::from(*first) + u32::from(*count) == u32::from(character) =>
                {
                    *count += 1;
                }
                _ if class > 0 => runs.push((character, 1, class)),
                _ => {}
            }
        }
        for (first, count, class) in runs {
            text += &format!("    ({}, {count}, {class}),\n", written(first));
        }
        text + "];\n"
    }

    /// What a character is taken apart into by one step: the last of its parts, and before it a character with the others.
    fn step_of(whole: char, with_parts: &BTreeMap<Vec<char>, char>) -> Option<(char, char)> {
        let parts = parts(whole);
        if parts == [whole] || syllable(whole).is_some() {
            return None;
        }
        match parts.split_last() {
            Some((&last, rest)) if !rest.is_empty() => Some((with_parts[rest], last)),
            _ => Some((parts[0], '\0')),
        }
    }

    fn parts(character: char) -> Vec<char> {
        let mut parts = Vec::new();
        library::decompose_canonical(character, |part| parts.push(part));
        parts
    }

    fn written(character: char) -> String {
        format!("'\\u{{{:x}}}'", u32::from(character))
    }

    const HEAD: &str = "\
//! Unicode's canonical mappings, as `unicode-normalization` 0.1.22 has them; written by the tests of `canonical.rs`.

/// Characters that are the same as two others, or as one other where `\\0` follows, in order.
#[rustfmt::skip]
pub(super) const STEPS: &[(char, char, char)] = &[
";
}
