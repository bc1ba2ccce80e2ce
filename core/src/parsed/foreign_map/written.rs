//! How is a pattern of known parts written for RE2, in a column of an identity map: without white space, without `#`, and
//! without a character that nobody sees?

use alloc::{format, string::String};

use regex_syntax::hir::ClassUnicode;

use super::pattern::{Pattern, set};

/// The pattern as the database reads it; what it has no word for is written as what it is at most.
pub(crate) fn written(pattern: &Pattern) -> String {
    let mut text = String::new();
    write(pattern, &mut text);
    text
}

fn write(pattern: &Pattern, text: &mut String) {
    match pattern {
        Pattern::Set(characters) => write_set(characters, text),
        Pattern::Start => text.push('^'),
        Pattern::End | Pattern::LineEnd => text.push('$'),
        Pattern::Sequence(parts) => {
            for part in parts {
                match part {
                    Pattern::Choice(branches) if branches.len() != 1 => grouped(part, text),
                    _ => write(part, text),
                }
            }
        }
        Pattern::Choice(branches) if branches.is_empty() => text.push_str(NOTHING),
        Pattern::Choice(branches) => {
            for (place, branch) in branches.iter().enumerate() {
                if place > 0 {
                    text.push('|');
                }
                match branch {
                    Pattern::Choice(_) => grouped(branch, text),
                    _ => write(branch, text),
                }
            }
        }
        Pattern::Group(_, sub) => {
            text.push('(');
            write(sub, text);
            text.push(')');
        }
        Pattern::Repeat { sub, min, max, greedy } => {
            match &**sub {
                Pattern::Set(_) | Pattern::Group(..) => write(sub, text),
                _ => grouped(sub, text),
            }
            text.push_str(&match (min, max) {
                (0, None) => "*".into(),
                (1, None) => "+".into(),
                (0, Some(1)) => "?".into(),
                (min, None) => format!("{{{min},}}"),
                (min, Some(max)) if min == max => format!("{{{min}}}"),
                (min, Some(max)) => format!("{{{min},{max}}}"),
            });
            if !greedy {
                text.push('?');
            }
        }
        Pattern::Foreign(_, most) => grouped(most, text),
    }
}

fn grouped(pattern: &Pattern, text: &mut String) {
    text.push_str("(?:");
    write(pattern, text);
    text.push(')');
}

fn write_set(characters: &ClassUnicode, text: &mut String) {
    let mut others = characters.clone();
    others.negate();
    match (characters.ranges(), others.ranges()) {
        ([], _) => text.push_str(NOTHING),
        (_, []) => text.push_str("(?s:.)"),
        (_, _) if others == set(&[('\n', '\n')]) => text.push('.'),
        ([one], _) if one.start() == one.end() => write_character(one.start(), OUTSIDE, text),
        // What leaves out a few is written as what it leaves out.
        (_, ranges) if characters.iter().any(|range| range.end() == char::MAX) => {
            text.push_str("[^");
            write_ranges(ranges, text);
            text.push(']');
        }
        (ranges, _) => {
            text.push('[');
            write_ranges(ranges, text);
            text.push(']');
        }
    }
}

fn write_ranges(ranges: &[regex_syntax::hir::ClassUnicodeRange], text: &mut String) {
    for range in ranges {
        write_character(range.start(), INSIDE, text);
        if range.end() != range.start() {
            if u32::from(range.end()) > u32::from(range.start()).saturating_add(1) {
                text.push('-');
            }
            write_character(range.end(), INSIDE, text);
        }
    }
}

/// A character that stands for itself; those in `special` behind a backslash.
fn write_character(character: char, special: &str, text: &mut String) {
    match character {
        ' ' | '#' => text.push_str(&format!("\\x{:02x}", u32::from(character))),
        _ if special.contains(character) => text.extend(['\\', character]),
        _ if character.is_ascii_graphic() || !character.is_ascii() && character.is_alphanumeric() => {
            text.push(character);
        }
        _ => text.push_str(&format!("\\x{{{:x}}}", u32::from(character))),
    }
}

/// What no text matches.
const NOTHING: &str = r"[^\x00-\x{10ffff}]";
/// What means something outside of brackets, and inside.
const OUTSIDE: &str = r"\.+*?()|[]{}^$";
const INSIDE: &str = r"\[]^-";
