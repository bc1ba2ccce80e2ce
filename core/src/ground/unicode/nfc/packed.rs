//! What is a character taken apart into by one step, and what do two parts make? As the packed table has it.
//!
//! Characters that are taken apart stand in runs, their parts in as many places. Of each part the table has the lower 16
//! bits: a character and its two parts are of one plane of Unicode. What is the same as one other character has the plane
//! of that one in the place of a second part. So the table takes half the room of one of whole characters, and needs no
//! unpacking.

use super::super::tables::canonical::{COMPOSITIONS, PARTS, RUNS};

/// The two parts of a character, or the one that it is the same as.
pub(super) fn parts(character: char) -> Option<(char, Option<char>)> {
    let at = RUNS.partition_point(|&(first, _)| first <= character).checked_sub(1)?;
    let &(first, start) = RUNS.get(at)?;
    let end = RUNS.get(at.checked_add(1)?).map_or(PARTS.len(), |&(_, next)| next.into());
    let offset = u32::from(character).checked_sub(first.into())?;
    let place = usize::from(start).checked_add(usize::try_from(offset).ok()?).filter(|&place| place < end)?;
    let &packed = PARTS.get(place)?;
    let (first, second) = (packed >> 16, packed & 0xffff);
    if second <= HIGHEST_PLANE {
        return Some((char::from_u32(second << 16 | first)?, None));
    }
    let plane = plane(character);
    Some((char::from_u32(plane | first)?, Some(char::from_u32(plane | second)?)))
}

/// The character that these two are the parts of, unless it never composes again.
pub(super) fn whole(first: char, second: char) -> Option<char> {
    if second < FIRST_SECOND_PART || plane(first) != plane(second) {
        return None;
    }
    let packed = u32::from(first) << 16 | u32::from(second) & 0xffff;
    let parts = |&place: &u16| PARTS.get(usize::from(place)).copied().unwrap_or_default();
    let at = COMPOSITIONS.binary_search_by_key(&packed, parts).ok()?;
    let &place = COMPOSITIONS.get(at)?;
    let run = RUNS.partition_point(|&(_, start)| start <= place).checked_sub(1)?;
    let &(start_character, start) = RUNS.get(run)?;
    let whole = char::from_u32(u32::from(start_character).checked_add(place.checked_sub(start)?.into())?)?;
    (plane(whole) == plane(first)).then_some(whole)
}

/// The highest plane with a character that others are the same as: no second part has so small a number.
const HIGHEST_PLANE: u32 = 2;

/// Nothing before the first of all marks is a second part.
const FIRST_SECOND_PART: char = '\u{300}';

/// A character's number without its lower 16 bits.
fn plane(character: char) -> u32 {
    u32::from(character) & !0xffff
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::unicode::tests::current;
    use alloc::{collections::BTreeMap, format, string::String, vec::Vec};
    use unicode_normalization::char as library;

    #[test]
    fn tables_are_those_of_the_library() {
        current("canonical.rs", &tables());
    }

    #[test]
    fn the_same_places_in_another_plane_are_no_whole() {
        assert_eq!(whole('e', '\u{301}'), Some('é'));
        assert_eq!(whole('\u{10065}', '\u{10301}'), None);
        assert_eq!(whole('e', '\u{10301}'), None);
        assert_eq!(whole('\u{11099}', '\u{110ba}'), Some('\u{1109a}'));
        assert_eq!(whole('\u{1099}', '\u{10ba}'), None);
    }

    /// The tables from the library, whose mappings go all the way down: the last part of each is one step's second.
    fn tables() -> String {
        // The first character with the same parts: the letter, and not the sign that is the same as it.
        let mut with_parts = BTreeMap::new();
        for character in '\0'..=char::MAX {
            with_parts.entry(all_parts(character)).or_insert(character);
        }
        let steps: Vec<(char, u32)> =
            ('\0'..=char::MAX).filter_map(|whole| Some((whole, step_of(whole, &with_parts)?))).collect();

        let mut runs: Vec<(char, usize)> = Vec::new();
        let mut last = None;
        for (place, &(whole, _)) in steps.iter().enumerate() {
            if last.is_none_or(|last: char| u32::from(last) + 1 != u32::from(whole)) {
                runs.push((whole, place));
            }
            last = Some(whole);
        }
        let mut again: Vec<usize> = (0..steps.len()).collect();
        again.retain(|&place| {
            let whole = steps[place].0;
            let parts = all_parts(whole);
            let (&second, rest) = parts.split_last().unwrap();
            with_parts.get(rest).is_some_and(|&first| library::compose(first, second) == Some(whole))
        });
        again.sort_by_key(|&place| steps[place].1);

        let mut text = String::from(HEAD);
        table(&mut text, RUNS_HEAD, 6, runs.iter().map(|(first, place)| format!("({}, {place})", written(*first))));
        table(
            &mut text,
            PARTS_HEAD,
            9,
            steps.iter().map(|(_, parts)| format!("0x{:04x}_{:04x}", parts >> 16, parts & 0xffff)),
        );
        table(&mut text, COMPOSITIONS_HEAD, 16, again.iter().map(|place| format!("{place}")));
        let class = |(first, count, class)| format!("({}, {count}, {class})", written(first));
        table(&mut text, CLASSES_HEAD, 5, classes().into_iter().map(class));
        text
    }

    /// Runs of marks of one class: the first, how many, the class.
    fn classes() -> Vec<(char, u8, u8)> {
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
        runs
    }

    /// What a character is taken apart into by one step, as the table has it: the last of its parts, and before it a
    /// character with the others.
    fn step_of(whole: char, with_parts: &BTreeMap<Vec<char>, char>) -> Option<u32> {
        let parts = all_parts(whole);
        if parts == [whole] || ('가'..='힣').contains(&whole) {
            return None;
        }
        let packed = |first, second| u32::from(first) << 16 | second & 0xffff;
        let (&last, rest) = parts.split_last().unwrap();
        if rest.is_empty() {
            assert!(plane(last) >> 16 <= HIGHEST_PLANE, "{whole:?}");
            return Some(packed(last, plane(last) >> 16));
        }
        let first = with_parts[rest];
        assert!([plane(first), plane(last)] == [plane(whole); 2] && last >= FIRST_SECOND_PART, "{whole:?}");
        assert!(u32::from(last) & 0xffff > HIGHEST_PLANE, "{whole:?}");
        Some(packed(first, last.into()))
    }

    fn all_parts(character: char) -> Vec<char> {
        let mut parts = Vec::new();
        library::decompose_canonical(character, |part| parts.push(part));
        parts
    }

    fn table(text: &mut String, head: &str, in_a_line: usize, entries: impl Iterator<Item = String>) {
        let entries: Vec<String> = entries.collect();
        text.push_str(head);
        for line in entries.chunks(in_a_line) {
            text.push_str(&format!("    {},\n", line.join(", ")));
        }
        text.push_str("];\n");
    }

    fn written(character: char) -> String {
        format!("'\\u{{{:x}}}'", u32::from(character))
    }

    const HEAD: &str = "\
//! Unicode's canonical mappings, as `unicode-normalization` 0.1.22 has them; written by the tests of `../nfc/packed.rs`,
//! which tells how they are packed.
";
    const RUNS_HEAD: &str = "
/// Runs of characters that are taken apart: the first, and the place of its parts.
#[rustfmt::skip]
pub(crate) const RUNS: &[(char, u16)] = &[
";
    const PARTS_HEAD: &str = "
/// The lower 16 bits of the parts of each of these, in order.
#[rustfmt::skip]
pub(crate) const PARTS: &[u32] = &[
";
    const COMPOSITIONS_HEAD: &str = "
/// The places of those that compose again, in the order of their parts.
#[rustfmt::skip]
pub(crate) const COMPOSITIONS: &[u16] = &[
";
    const CLASSES_HEAD: &str = "
/// Runs of marks of one combining class: the first, how many, the class.
#[rustfmt::skip]
pub(crate) const CLASSES: &[(char, u8, u8)] = &[
";
}
