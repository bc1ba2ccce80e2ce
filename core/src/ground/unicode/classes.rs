//! Which characters have a general category or a script, by any of its names?

use alloc::vec::Vec;

use regex_syntax::hir::{ClassUnicode, ClassUnicodeRange};

use super::tables::properties::PROPERTIES;

/// The category of all letters that have a case, by its name.
pub(crate) const CASED_LETTER: &str = "lc";

/// The short name of a category by any of its names, all in lower case, without spaces, `_` and `-`; any other name as
/// it is.
pub(crate) fn short_name(name: &str) -> &str {
    ALIASES.iter().find(|(alias, _)| *alias == name).map_or(name, |(_, short)| short)
}

/// The characters of a general category or a script, by its [short name](short_name).
pub(crate) fn class(name: &str) -> Option<ClassUnicode> {
    let mut ranges = Vec::new();
    match GROUPS.iter().find(|(group, _)| *group == name) {
        Some((_, members)) => members.iter().try_for_each(|member| read(member, &mut ranges))?,
        None => read(name, &mut ranges)?,
    }
    Some(ClassUnicode::new(ranges))
}

/// Whether the class holds the character.
pub(crate) fn holds(class: &ClassUnicode, character: char) -> bool {
    let at = class.ranges().partition_point(|range| range.end() < character);
    class.ranges().get(at).is_some_and(|range| range.start() <= character)
}

/// Adds the ranges of a property. They are written one after the other: in hexadecimal, how many characters lie between
/// the one before and the first of this, and, after a `+`, how many follow that.
fn read(name: &str, ranges: &mut Vec<ClassUnicodeRange>) -> Option<()> {
    let at = PROPERTIES.binary_search_by_key(&name, |(known, _)| known).ok()?;
    let (_, written) = PROPERTIES.get(at)?;
    let mut next = 0_u32;
    for range in written.split_ascii_whitespace() {
        let (gap, more) = range.split_once('+').unwrap_or((range, "0"));
        let number = |digits| u32::from_str_radix(digits, 16).ok();
        let first = next.checked_add(number(gap)?)?;
        let last = first.checked_add(number(more)?)?;
        ranges.push(ClassUnicodeRange::new(char::from_u32(first)?, char::from_u32(last)?));
        next = last.checked_add(1)?;
    }
    Some(())
}

/// Categories that hold others.
pub(super) const GROUPS: [(&str, &[&str]); 7] = [
    ("l", &["ll", "lm", "lo", "lt", "lu"]),
    (CASED_LETTER, &["ll", "lt", "lu"]),
    ("m", &["mc", "me", "mn"]),
    ("n", &["nd", "nl", "no"]),
    ("p", &["pc", "pd", "pe", "pf", "pi", "po", "ps"]),
    ("s", &["sc", "sk", "sm", "so"]),
    ("z", &["zl", "zp", "zs"]),
];

/// The other names of categories.
pub(super) const ALIASES: [(&str, &str); 39] = [
    ("casedletter", CASED_LETTER),
    ("closepunctuation", "pe"),
    ("cntrl", "cc"),
    ("combiningmark", "m"),
    ("connectorpunctuation", "pc"),
    ("control", "cc"),
    ("currencysymbol", "sc"),
    ("dashpunctuation", "pd"),
    ("decimalnumber", "nd"),
    ("digit", "nd"),
    ("enclosingmark", "me"),
    ("finalpunctuation", "pf"),
    ("format", "cf"),
    ("initialpunctuation", "pi"),
    ("letter", "l"),
    ("letternumber", "nl"),
    ("lineseparator", "zl"),
    ("lowercaseletter", "ll"),
    ("mark", "m"),
    ("mathsymbol", "sm"),
    ("modifierletter", "lm"),
    ("modifiersymbol", "sk"),
    ("nonspacingmark", "mn"),
    ("number", "n"),
    ("openpunctuation", "ps"),
    ("otherletter", "lo"),
    ("othernumber", "no"),
    ("otherpunctuation", "po"),
    ("othersymbol", "so"),
    ("paragraphseparator", "zp"),
    ("privateuse", "co"),
    ("punct", "p"),
    ("punctuation", "p"),
    ("separator", "z"),
    ("spaceseparator", "zs"),
    ("spacingmark", "mc"),
    ("symbol", "s"),
    ("titlecaseletter", "lt"),
    ("uppercaseletter", "lu"),
];
