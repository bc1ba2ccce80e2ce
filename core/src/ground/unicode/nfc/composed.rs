//! What is a text in Unicode's composed form, NFC (UAX #15)? Taken apart, the marks of each letter put in order, and put
//! together again.

use alloc::{string::String, vec::Vec};

use super::canonical::{combining_class, compose, decompose};

/// The composed form.
pub(crate) fn composed(text: impl Iterator<Item = char>) -> String {
    let (mut composed, mut starter, mut marks, mut last_class) = (String::new(), None, String::new(), 0);
    for (class, character) in decomposed(text) {
        // A mark that follows one of its own class, or of a higher one, belongs to no letter before that (D115).
        let blocked = !marks.is_empty() && last_class >= class;
        let composite = starter.filter(|_| !blocked).and_then(|starter| compose(starter, character));
        if composite.is_some() {
            starter = composite;
        } else if class == 0 {
            composed.extend(starter.replace(character));
            composed.push_str(&marks);
            marks.clear();
        } else {
            marks.push(character);
            last_class = class;
        }
    }
    composed.extend(starter);
    composed + &marks
}

/// Every character taken apart, the marks of each letter in canonical order (D109), each with its combining class.
fn decomposed(text: impl Iterator<Item = char>) -> Vec<(u8, char)> {
    let mut decomposed = Vec::new();
    for character in text {
        decompose(character, &mut |part| decomposed.push((combining_class(part), part)));
    }
    for letter in decomposed.chunk_by_mut(|_, &(class, _)| class != 0) {
        letter.sort_by_key(|&(class, _)| class);
    }
    decomposed
}

#[cfg(test)]
mod tests {
    use super::*;
    use unicode_normalization::UnicodeNormalization;

    fn agrees(text: &str) {
        assert_eq!(composed(text.chars()), text.nfc().collect::<String>(), "{}", text.escape_unicode());
    }

    #[test]
    fn every_character_alone_and_between_marks_composes_as_in_the_iterator() {
        // Nothing beyond composes or is a mark.
        for character in '\0'..='\u{2ffff}' {
            agrees(character.encode_utf8(&mut [0; 4]));
            agrees(&String::from_iter(['e', '\u{327}', character, '\u{301}', '\u{323}']));
        }
    }

    #[test]
    fn a_sign_between_a_letter_and_its_marks_keeps_them_apart() {
        // Signs that are no marks and yet the second half of a composite. The database's library composes across them.
        for sign in ['\u{9be}', '\u{9d7}', '\u{1133e}', '\u{114b0}'] {
            let text = String::from_iter(['y', sign, '\u{318}', '\u{308}']);
            assert_eq!(composed(text.chars()), text);
            agrees(&text);
        }
    }

    #[test]
    fn any_few_letters_marks_and_syllables_compose_as_in_the_iterator() {
        // A letter, marks of several classes, a composite that decomposes twice, one that never recomposes, Hangul.
        const PARTS: [char; 12] = [
            'a', '\u{301}', '\u{308}', '\u{323}', '\u{338}', '\u{345}', 'ǖ', '\u{958}', '\u{1100}', '\u{1161}',
            '\u{11a8}', '각',
        ];
        for number in 0..PARTS.len().pow(4) {
            agrees(&(0..4).map(|place| PARTS[number / PARTS.len().pow(place) % PARTS.len()]).collect::<String>());
        }
    }
}
