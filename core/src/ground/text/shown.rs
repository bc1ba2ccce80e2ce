//! How is a value from outside shown inside a message? Short, on one line, and visibly what they are.
//!
//! Whatever reaches a terminal, a log, a page or a file goes through here: nothing in it moves the cursor, hides, turns
//! the text around it, or begins a line of its own.

use alloc::{borrow::Cow, string::String};

use super::{
    invisible::{is_invisible, is_mark, is_printed},
    line::{cut, one_line},
};
use crate::ground::{limits::SHOWN_CHARACTERS_MAX, private_keys};

/// The text cut at [`SHOWN_CHARACTERS_MAX`] characters, control and invisible characters written as escapes, so that it
/// fits between back-ticks on one line of a log. What is a key is named instead.
pub(crate) fn shown(text: &str) -> Cow<'_, str> {
    if let Some(name) = private_keys::withheld(text) {
        return Cow::Borrowed(name);
    }
    if text.len() <= SHOWN_CHARACTERS_MAX && is_printed(text) && !text.contains('`') {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len().min(SHOWN_CHARACTERS_MAX * 4));
    for (count, character) in text.chars().enumerate() {
        if count == SHOWN_CHARACTERS_MAX {
            shown.push('…');
            break;
        }
        // A mark at the beginning would be drawn over the back-tick before it.
        if character == '`' || is_invisible(character) || count == 0 && is_mark(character) {
            shown.extend(character.escape_unicode());
        } else {
            shown.push(character);
        }
    }
    Cow::Owned(shown)
}

/// Whether the text is shown as it is, so that it can be copied from a message.
pub(crate) fn can_be_copied(text: &str) -> bool {
    shown(text) == text
}

/// A value as documents carry it beside their messages: cut, on one line, back-ticks kept, no private key in it.
pub(crate) fn quoted(text: &str) -> String {
    let rest = private_keys::without(text);
    private_keys::withheld(&rest).map_or_else(|| one_line(cut(&rest)), String::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invisible_characters_and_back_ticks_are_written_out() {
        assert_eq!(shown("alice"), "alice");
        assert_eq!(shown("a\u{202e}b`c\n"), "a\\u{202e}b\\u{60}c\\u{a}");
        assert_eq!(shown("Ünï"), "Ünï");
    }

    #[test]
    fn a_mark_cannot_be_drawn_over_the_back_tick_before_a_value() {
        assert_eq!(shown("\u{301}a"), "\\u{301}a");
        assert_eq!(shown("e\u{301}"), "e\u{301}");
    }

    #[test]
    fn long_texts_are_cut_at_the_limit() {
        let text = "x".repeat(SHOWN_CHARACTERS_MAX);
        assert_eq!(shown(&text), text.as_str());
        assert_eq!(cut(&text), text.as_str());
        let longer = text.clone() + "y";
        assert_eq!(shown(&longer), text.clone() + "…");
        assert_eq!(cut(&longer), text + "…");
    }
}
