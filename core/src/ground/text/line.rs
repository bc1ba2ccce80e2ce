//! How does a text fit on one line? Cut, and with escapes for whatever would break the line or hide in it.
//!
//! Nothing here looks for keys: [`shown`](super::shown()) does, and is what messages take.

use alloc::{borrow::Cow, string::String};

use super::invisible::{is_invisible, is_printed};
use crate::ground::limits::SHOWN_CHARACTERS_MAX;

/// The text as one clean line: control and invisible characters written as escapes, otherwise as it is.
pub(crate) fn one_line(text: impl Into<String>) -> String {
    let text = text.into();
    if is_printed(&text) || !text.chars().any(is_invisible) {
        return text;
    }
    let mut line = String::with_capacity(text.len());
    for character in text.chars() {
        if is_invisible(character) {
            line.extend(character.escape_unicode());
        } else {
            line.push(character);
        }
    }
    line
}

/// The text cut at [`SHOWN_CHARACTERS_MAX`] characters, otherwise as it is.
pub(crate) fn cut(text: &str) -> Cow<'_, str> {
    if text.len() <= SHOWN_CHARACTERS_MAX {
        return Cow::Borrowed(text);
    }
    match text.char_indices().nth(SHOWN_CHARACTERS_MAX) {
        None => Cow::Borrowed(text),
        Some((end, _)) => {
            let mut kept = String::from(text.get(..end).unwrap_or_default());
            kept.push('…');
            Cow::Owned(kept)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_keeps_back_ticks_and_length() {
        assert_eq!(one_line("expected `a`"), "expected `a`");
        assert_eq!(one_line("a\nb\u{9b}c\u{2028}d"), "a\\u{a}b\\u{9b}c\\u{2028}d");
    }
}
