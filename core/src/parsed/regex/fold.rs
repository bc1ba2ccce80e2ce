//! Which characters does RE2 take for one when case is ignored?
//!
//! Simple folding puts every character into one orbit: `K`, `k` and the Kelvin sign, `S`, `s` and `ſ`, and so on. The
//! ASCII lower-case member stands for the orbit, where there is none the smallest: addresses are mostly written so.

use alloc::{borrow::Cow, string::String, vec::Vec};

use regex_syntax::hir::{ClassUnicode, ClassUnicodeRange};

use crate::ground::unicode::other_cases;

/// The text with every character replaced by the one that stands for its orbit: two texts are the same without regard
/// to case when their folded texts are.
pub(crate) fn folded(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return match text.bytes().any(|byte| byte.is_ascii_uppercase()) {
            true => Cow::Owned(text.to_ascii_lowercase()),
            false => Cow::Borrowed(text),
        };
    }
    Cow::Owned(text.chars().map(representative).collect::<String>())
}

/// Adds to the class the orbits of all its members; gives how many ranges of characters that were.
pub(super) fn close_over_case(class: &mut ClassUnicode) -> usize {
    let mut others = Vec::new();
    other_cases(class, &mut others);
    let found = others.len();
    class.union(&ClassUnicode::new(others));
    found
}

/// The character's orbit.
pub(super) fn orbit(character: char) -> ClassUnicode {
    if character.is_ascii() && !matches!(character, 'K' | 'S' | 'k' | 's') {
        return class_of([character.to_ascii_uppercase(), character.to_ascii_lowercase()]);
    }
    let mut orbit = class_of([character]);
    close_over_case(&mut orbit);
    orbit
}

/// The class of these characters.
pub(super) fn class_of<const N: usize>(characters: [char; N]) -> ClassUnicode {
    ClassUnicode::new(characters.map(|character| ClassUnicodeRange::new(character, character)))
}

/// The member that stands for the character's orbit.
pub(super) fn representative(character: char) -> char {
    if character.is_ascii() {
        return character.to_ascii_lowercase();
    }
    orbit(character).ranges().first().map_or(character, ClassUnicodeRange::start).to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_differ_in_case_fold_to_one() {
        for (one, other) in
            [("kyle", "\u{212a}YLE"), ("sam", "ſAM"), ("straße", "STRAẞE"), ("σς", "ΣΣ"), ("µ", "μ"), ("ǆ", "ǅ")]
        {
            assert_eq!(folded(one), folded(other));
        }
    }

    #[test]
    fn what_needs_full_folding_or_newer_tables_stays_apart() {
        for (one, other) in
            [("ß", "ss"), ("İ", "i"), ("ı", "i"), ("ﬀ", "ff"), ("\u{390}", "\u{1fd3}"), ("\u{fb05}", "\u{fb06}")]
        {
            assert_ne!(folded(one), folded(other));
        }
        assert_eq!(folded("\u{1fd3}"), "\u{1fd3}");
    }
}
