//! Which known name was probably meant by one that is not known?

use alloc::vec::Vec;

/// Longer texts are not compared: nobody mistypes them, and the work grows with the square of the length.
const CHARACTERS_MAX: usize = 128;

/// The known name that is fewest edits away from the wanted one, if few enough that it was probably meant.
pub(crate) fn nearest<'a>(wanted: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let wanted: Vec<char> = wanted.chars().take(CHARACTERS_MAX + 1).collect();
    if wanted.len() > CHARACTERS_MAX {
        return None;
    }
    // One slip in a short name; one more for every six characters.
    let mut allowed = 1 + wanted.len() / 6;
    let mut best = None;
    for candidate in known {
        let Some(distance) = distance(&wanted, candidate, allowed) else { continue };
        if best.is_none() || distance < allowed {
            best = Some(candidate);
            allowed = distance;
        }
    }
    best
}

/// Whether the texts differ by a slip or two of the keyboard.
pub(crate) fn is_slip(wanted: &str, known: &str) -> bool {
    const SLIPS: usize = 2;
    let characters: Vec<char> = wanted.chars().take(CHARACTERS_MAX + 1).collect();
    characters.len() <= CHARACTERS_MAX && distance(&characters, known, SLIPS).is_some()
}

/// How many characters have to be put in, left out or replaced, if at most `allowed`.
fn distance(wanted: &[char], candidate: &str, allowed: usize) -> Option<usize> {
    let length = candidate.chars().take(CHARACTERS_MAX + 1).count();
    if length > CHARACTERS_MAX || length.abs_diff(wanted.len()) > allowed {
        return None;
    }
    // The usual table, one row at a time: `row[n]` edits turn the candidate so far into the first n wanted characters.
    let mut row: Vec<usize> = (0..=wanted.len()).collect();
    for (index, character) in candidate.chars().enumerate() {
        let mut diagonal = index;
        let mut left = index + 1;
        let mut least = left;
        if let Some(first) = row.first_mut() {
            *first = left;
        }
        for (cell, &other) in row.iter_mut().skip(1).zip(wanted) {
            let replaced = diagonal + usize::from(character != other);
            diagonal = *cell;
            *cell = replaced.min(left + 1).min(diagonal + 1);
            left = *cell;
            least = least.min(left);
        }
        if least > allowed {
            return None;
        }
    }
    row.last().copied().filter(|&edits| edits <= allowed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::String;

    fn among<'a>(wanted: &str, known: &[&'a str]) -> Option<&'a str> {
        nearest(wanted, known.iter().copied())
    }

    #[test]
    fn the_closest_name_is_found_and_a_strange_one_is_not() {
        let known = ["issuers", "audience", "claim"];
        assert_eq!(among("issuer", &known), Some("issuers"));
        assert_eq!(among("audiance", &known), Some("audience"));
        assert_eq!(among("clam", &known), Some("claim"));
        assert_eq!(among("jwks", &known), None);
        assert_eq!(among("", &known), None);
    }

    #[test]
    fn of_equals_the_first_wins_and_of_others_the_nearer() {
        assert_eq!(among("ac", &["ab", "ad"]), Some("ab"));
        assert_eq!(among("abcdefgh", &["abcdefxx", "abcdefgx"]), Some("abcdefgx"));
        assert_eq!(among("é", &["e"]), Some("e"));
    }

    #[test]
    fn texts_too_long_to_be_slips_are_left_alone() {
        let long: String = core::iter::repeat_n('a', CHARACTERS_MAX + 1).collect();
        assert_eq!(among(&long, &[&long]), None);
        assert_eq!(among("a", &[&long]), None);
    }
}
