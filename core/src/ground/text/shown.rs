//! How values from outside are shown inside a message: short, on one line, and visibly what they are.
//!
//! Whatever reaches a terminal, a log, a page or a file goes through here: nothing in it moves the cursor, hides, turns
//! the text around it, or begins a line of its own.

use alloc::{borrow::Cow, string::String};

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

/// A value as documents carry it beside their messages: cut, on one line, back-ticks kept, no private key in it.
pub(crate) fn quoted(text: &str) -> String {
    let rest = private_keys::without(text);
    private_keys::withheld(&rest).map_or_else(|| one_line(cut(&rest)), String::from)
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

/// Whether the text is printable ASCII alone, as nearly every text is: told a byte at a time, without branches.
fn is_printed(text: &str) -> bool {
    text.bytes().fold(true, |printed, byte| printed & (b' '..0x7f).contains(&byte))
}

/// Characters that leave no mark, or that change how the text around them is drawn: control and format characters,
/// separators but the space, what Unicode says may be ignored when a text is drawn (`Default_Ignorable_Code_Point`,
/// assigned or not), the empty Braille pattern, and noncharacters.
pub(crate) fn is_invisible(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{a0}' | '\u{ad}' | '\u{34f}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}'
            | '\u{890}'..='\u{891}' | '\u{8e2}' | '\u{115f}'..='\u{1160}' | '\u{1680}' | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{2000}'..='\u{200f}' | '\u{2028}'..='\u{202f}' | '\u{205f}'..='\u{206f}'
            | '\u{2800}' | '\u{3000}' | '\u{3164}' | '\u{fdd0}'..='\u{fdef}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{110bd}' | '\u{110cd}' | '\u{13430}'..='\u{1343f}'
            | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
        || u32::from(character) & 0xfffe == 0xfffe
}

/// Characters of the blocks of combining marks, which are drawn over what stands before them.
fn is_mark(character: char) -> bool {
    matches!(character,
        '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}'
        | '\u{20d0}'..='\u{20ff}' | '\u{3099}'..='\u{309a}' | '\u{fe20}'..='\u{fe2f}')
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
    fn a_mark_cannot_be_drawn_over_the_back_tick_before_a_value() {
        assert_eq!(shown("\u{301}a"), "\\u{301}a");
        assert_eq!(shown("e\u{301}"), "e\u{301}");
    }

    #[test]
    fn one_line_keeps_back_ticks_and_length() {
        assert_eq!(one_line("expected `a`"), "expected `a`");
        assert_eq!(one_line("a\nb\u{9b}c\u{2028}d"), "a\\u{a}b\\u{9b}c\\u{2028}d");
    }

    /// The general categories of what is not drawn, and the ranges of `Default_Ignorable_Code_Point` in Unicode 15.0
    /// (`DerivedCoreProperties.txt`) that none of them holds.
    #[test]
    fn every_character_without_a_mark_of_its_own_is_invisible() {
        use regex_syntax_unicode_15::hir::{Class, HirKind};
        let pattern = r"[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Zs}\x{34F}\x{115F}-\x{1160}\x{17B4}-\x{17B5}\x{180B}-\x{180F}\x{2065}\x{3164}\x{FE00}-\x{FE0F}\x{FFA0}\x{FFF0}-\x{FFF8}\x{E0000}-\x{E0FFF}]";
        let HirKind::Class(Class::Unicode(class)) = regex_syntax_unicode_15::parse(pattern).unwrap().into_kind() else {
            panic!("a class");
        };
        for range in class.iter() {
            for character in (range.start()..=range.end()).filter(|&character| character != ' ') {
                assert!(is_invisible(character), "{:x}", u32::from(character));
            }
        }
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
