//! How values from outside are shown inside a message: short, on one line, and visibly what they are.

use alloc::{borrow::Cow, string::String};

use crate::limits::SHOWN_CHARACTERS_MAX;

/// The text cut at [`SHOWN_CHARACTERS_MAX`] characters, control and invisible characters written as escapes, so that it
/// fits between back-ticks on one line of a log.
pub(crate) fn shown(text: &str) -> Cow<'_, str> {
    if let Some(name) = crate::secret::withheld(text) {
        return Cow::Borrowed(name);
    }
    let plain =
        text.len() <= SHOWN_CHARACTERS_MAX && text.bytes().all(|byte| (b' '..0x7f).contains(&byte) && byte != b'`');
    if plain {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len().min(SHOWN_CHARACTERS_MAX * 4));
    for (count, character) in text.chars().enumerate() {
        if count == SHOWN_CHARACTERS_MAX {
            shown.push('…');
            break;
        }
        if character == '`' || is_invisible(character) {
            shown.extend(character.escape_unicode());
        } else {
            shown.push(character);
        }
    }
    Cow::Owned(shown)
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

/// Characters that leave no mark, or that change how the text around them is drawn.
pub(crate) fn is_invisible(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{a0}' | '\u{ad}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{1680}' | '\u{180b}'..='\u{180f}'
            | '\u{2000}'..='\u{200f}' | '\u{2028}'..='\u{202f}' | '\u{205f}'..='\u{206f}' | '\u{3000}' | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// A sentence's list of values: `` `a`, `b` and `c` ``, at most `most` of them.
pub(crate) fn listed<S: AsRef<str>>(values: &[S], most: usize) -> String {
    let mut text = String::new();
    let hidden = values.len().saturating_sub(most);
    for (index, value) in values.iter().take(most).enumerate() {
        let last = index + 1 == values.len();
        text.push_str(match (index, last) {
            (0, _) => "`",
            (_, true) => " and `",
            (_, false) => ", `",
        });
        text.push_str(&shown(value.as_ref()));
        text.push('`');
    }
    if hidden > 0 {
        text.push_str(&alloc::format!(" and {hidden} more"));
    }
    text
}

/// `1 key`, `2 keys`.
pub(crate) fn counted(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    alloc::format!("{count} {noun}{plural}")
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
    fn long_texts_are_cut_at_the_limit() {
        let text = "x".repeat(SHOWN_CHARACTERS_MAX);
        assert_eq!(shown(&text), text.as_str());
        assert_eq!(cut(&text), text.as_str());
        let longer = text.clone() + "y";
        assert_eq!(shown(&longer), text.clone() + "…");
        assert_eq!(cut(&longer), text + "…");
    }

    #[test]
    fn lists_read_as_a_sentence_does() {
        assert_eq!(listed(&["a"], 3), "`a`");
        assert_eq!(listed(&["a", "b", "c"], 3), "`a`, `b` and `c`");
        assert_eq!(listed(&["a", "b", "c", "d"], 2), "`a`, `b` and 2 more");
    }
}
