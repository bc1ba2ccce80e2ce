//! Which characters are one, taken apart, and in which order do marks stand? Unicode's canonical mappings.

use super::{
    super::tables::canonical::CLASSES,
    packed::{parts, whole},
};

/// Calls with the parts of a character, which are never taken apart any further.
pub(super) fn decompose(character: char, emit: &mut impl FnMut(char)) {
    if let Some((first, second, third)) = syllable(character) {
        emit(first);
        emit(second);
        third.into_iter().for_each(emit);
    } else if let Some((first, second)) = parts(character) {
        decompose(first, emit);
        second.into_iter().for_each(emit);
    } else {
        emit(character);
    }
}

/// The character that these two compose to.
pub(super) fn compose(first: char, second: char) -> Option<char> {
    composed_syllable(first, second).or_else(|| whole(first, second))
}

/// The canonical combining class: 0 for whatever is no mark.
pub(super) fn combining_class(character: char) -> u8 {
    let at = CLASSES.partition_point(|&(first, ..)| first <= character);
    match at.checked_sub(1).and_then(|at| CLASSES.get(at)) {
        Some(&(first, count, class)) if u32::from(character) < u32::from(first).saturating_add(count.into()) => class,
        _ => 0,
    }
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
    use alloc::{string::String, vec::Vec};
    use unicode_normalization::char as library;

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
        let steps: Vec<_> = ('\0'..=char::MAX).filter_map(|whole| Some((whole, parts(whole)?))).collect();
        let mut parts: Vec<char> =
            steps.iter().flat_map(|&(whole, (one, two))| [whole, one, two.unwrap_or('\0')]).collect();
        parts.extend(['\u{1100}', '\u{1112}', '\u{1113}', '\u{1161}', '\u{1175}', '\u{1176}', '\u{11a7}', '\u{11a8}']);
        parts.extend(['\u{11c2}', '\u{11c3}', '각', '가', '힣', 'a', 'é']);
        parts.sort_unstable();
        parts.dedup();
        let mut seconds = parts.clone();
        seconds.retain(|&second| combining_class(second) > 0 || steps.iter().any(|&(_, (_, two))| two == Some(second)));
        seconds.extend(['\u{1161}', '\u{1175}', '\u{1176}', '\u{11a7}', '\u{11a8}', '\u{11c2}', '\u{11c3}', 'a']);
        for &first in &parts {
            for &second in &seconds {
                assert_eq!(compose(first, second), library::compose(first, second), "{first:?} {second:?}");
            }
        }
    }
}
