//! What does Unicode say about this character: its general category, its script, its other cases?
//!
//! The answers are those of `regex-syntax`; the tests write these tables from that library's own, and hold every name and
//! every character against them. There they take 170 kB, most of it in ranges of one character, and reading a name
//! brings a second parser of patterns along; here they take 25 kB.

mod cases;
mod properties;

use alloc::vec::Vec;

use regex_syntax::hir::{ClassUnicode, ClassUnicodeRange};

use cases::{LARGER_ORBITS, RUNS};
use properties::PROPERTIES;

/// Categories that hold others.
const GROUPS: [(&str, &[&str]); 7] = [
    ("l", &["ll", "lm", "lo", "lt", "lu"]),
    ("lc", &["ll", "lt", "lu"]),
    ("m", &["mc", "me", "mn"]),
    ("n", &["nd", "nl", "no"]),
    ("p", &["pc", "pd", "pe", "pf", "pi", "po", "ps"]),
    ("s", &["sc", "sk", "sm", "so"]),
    ("z", &["zl", "zp", "zs"]),
];

/// The other names of categories.
const ALIASES: [(&str, &str); 39] = [
    ("casedletter", "lc"),
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

/// The characters of a general category or a script, by its name in lower case, without spaces and hyphens.
pub(super) fn class(name: &str) -> Option<ClassUnicode> {
    let name = ALIASES.iter().find(|(alias, _)| *alias == name).map_or(name, |(_, name)| *name);
    let mut ranges = Vec::new();
    match GROUPS.iter().find(|(group, _)| *group == name) {
        Some((_, members)) => members.iter().try_for_each(|member| read(member, &mut ranges))?,
        None => read(name, &mut ranges)?,
    }
    Some(ClassUnicode::new(ranges))
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

/// Adds every character that simple case folding puts together with a member of the class, and perhaps members.
pub(super) fn other_cases(class: &ClassUnicode, others: &mut Vec<ClassUnicodeRange>) {
    for range in class.ranges() {
        let first = RUNS.partition_point(|&(first, ..)| first <= range.start()).saturating_sub(1);
        let runs = RUNS.iter().skip(first).take_while(|&&(first, ..)| first <= range.end());
        others.extend(runs.filter_map(|&run| paired(run, *range)));
    }
    let holds = |character: char| {
        let at = class.ranges().partition_point(|range| range.end() < character);
        class.ranges().get(at).is_some_and(|range| range.start() <= character)
    };
    for orbit in LARGER_ORBITS.iter().filter(|orbit| orbit.chars().any(holds)) {
        others.extend(orbit.chars().map(|character| ClassUnicodeRange::new(character, character)));
    }
}

/// The other cases of the characters that a run and a range have in common.
fn paired((first, count, distance): (char, u16, i32), range: ClassUnicodeRange) -> Option<ClassUnicodeRange> {
    let last = u32::from(first).checked_add(u32::from(count))?.checked_sub(1)?;
    let low = u32::from(range.start()).saturating_sub(first.into());
    let high = last.min(range.end().into()).checked_sub(first.into())?;
    if low > high {
        return None;
    }
    let (low, high) = match distance {
        // Upper and lower case in turn: whole pairs.
        0 => (low & !1, high | 1),
        _ => (low, high),
    };
    let other = |place: u32| char::from_u32(u32::from(first).checked_add(place)?.checked_add_signed(distance)?);
    Some(ClassUnicodeRange::new(other(low)?, other(high)?))
}

#[cfg(test)]
mod tests;
