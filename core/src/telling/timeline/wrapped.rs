//! How does a text read in lines of so many characters? Broken at blanks alone, so that what is copied stays whole.

use alloc::{string::String, vec::Vec};

/// The text in lines: the first of `first` characters, the others of `others`. A word that is longer stands alone.
pub(super) fn wrapped(text: &str, first: usize, others: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let (mut line, mut taken) = (String::new(), 0);
    for (number, word) in text.split(' ').enumerate() {
        let length = word.chars().count();
        let room = if lines.is_empty() { first } else { others };
        let fits = taken + 1 + length <= room;
        if number > 0 && fits {
            line.push(' ');
            taken += 1;
        } else if number > 0 {
            lines.push(line.trim_end().into());
            (line, taken) = (String::new(), 0);
        }
        line.push_str(word);
        taken += length;
    }
    lines.push(line.trim_end().into());
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_broken_at_blanks_and_words_are_not() {
        assert_eq!(wrapped("ab cd ef", 5, 5), ["ab cd", "ef"]);
        assert_eq!(wrapped("ab cd ef", 4, 5), ["ab", "cd ef"]);
        assert_eq!(wrapped("a https://idp.example b", 6, 6), ["a", "https://idp.example", "b"]);
        assert_eq!(wrapped("äöü äöü", 7, 7), ["äöü äöü"]);
        assert_eq!(wrapped("", 7, 7), [""]);
    }
}
