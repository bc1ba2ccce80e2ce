//! Which characters does RE2 take for one when case is ignored?
//!
//! Simple folding puts every character into one orbit: `K`, `k` and the Kelvin sign, `S`, `s` and `ſ`, and so on. The
//! ASCII lower-case member stands for the orbit, where there is none the smallest: addresses are mostly written so.

use alloc::{borrow::Cow, string::String, vec::Vec};

use regex_syntax::hir::{ClassUnicode, ClassUnicodeRange};

use super::unicode::other_cases;

/// Pairs that Unicode joined after the tables that the database is built with (15.0), so that they are apart there.
const JOINED_LATER: [(char, char); 3] = [('\u{390}', '\u{1fd3}'), ('\u{3b0}', '\u{1fe3}'), ('\u{fb05}', '\u{fb06}')];

/// Blocks outside which no character has a second case. They keep the folding of a large class from walking through all
/// of Unicode.
const CASED: [(char, char); 23] = [
    ('\u{41}', '\u{587}'),
    ('\u{10a0}', '\u{10ff}'),
    ('\u{13a0}', '\u{13fd}'),
    ('\u{1c80}', '\u{1cbf}'),
    ('\u{1d79}', '\u{1d8e}'),
    ('\u{1e00}', '\u{1ffc}'),
    ('\u{2126}', '\u{2188}'),
    ('\u{24b6}', '\u{24e9}'),
    ('\u{2c00}', '\u{2d2d}'),
    ('\u{a640}', '\u{a69b}'),
    ('\u{a722}', '\u{a7ff}'),
    ('\u{ab53}', '\u{abbf}'),
    ('\u{fb05}', '\u{fb06}'),
    ('\u{ff21}', '\u{ff5a}'),
    ('\u{10400}', '\u{1044f}'),
    ('\u{104b0}', '\u{104fb}'),
    ('\u{10570}', '\u{105bc}'),
    ('\u{10c80}', '\u{10cf2}'),
    ('\u{10d50}', '\u{10d85}'),
    ('\u{118a0}', '\u{118df}'),
    ('\u{16e40}', '\u{16e7f}'),
    ('\u{16ea0}', '\u{16edf}'),
    ('\u{1e900}', '\u{1e943}'),
];

/// The text with every character replaced by the one that stands for its orbit: two texts are the same without regard
/// to case when their folded texts are.
pub(super) fn folded(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return match text.bytes().any(|byte| byte.is_ascii_uppercase()) {
            true => Cow::Owned(text.to_ascii_lowercase()),
            false => Cow::Borrowed(text),
        };
    }
    Cow::Owned(text.chars().map(representative).collect::<String>())
}

/// Adds to the class the orbits of all its members; gives the number of members that had to be looked up.
pub(super) fn close_over_case(class: &mut ClassUnicode) -> usize {
    let mut cased = ClassUnicode::new(CASED.map(|(start, end)| ClassUnicodeRange::new(start, end)));
    cased.intersect(class);
    let mut others = Vec::new();
    for character in cased.iter().flat_map(|range| range.start()..=range.end()) {
        other_cases(character, |other| others.push(ClassUnicodeRange::new(other, other)));
    }
    let mut closed = ClassUnicode::new(others);
    closed.difference(&cased);
    for (one, other) in JOINED_LATER {
        closed.difference(&class_of([one, other]));
    }
    class.union(&closed);
    cased.iter().map(ClassUnicodeRange::len).sum()
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
    fn nothing_outside_the_cased_blocks_has_a_second_case() {
        let mut rest = ClassUnicode::new([ClassUnicodeRange::new('\0', char::MAX)]);
        rest.difference(&ClassUnicode::new(CASED.map(|(start, end)| ClassUnicodeRange::new(start, end))));
        let mut closed = rest.clone();
        closed.try_case_fold_simple().unwrap();
        assert_eq!(closed, rest);
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
