//! Which characters have a general category or a script, and which another case?

use alloc::vec::Vec;

use regex_syntax::hir::{ClassUnicode, ClassUnicodeRange};

use super::{
    cases::{LARGER_ORBITS, RUNS},
    letters::LOWERCASE,
    properties::PROPERTIES,
};

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

/// The category of all letters that have a case, by its name.
pub(crate) const CASED_LETTER: &str = "lc";

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
pub(crate) fn other_cases(class: &ClassUnicode, others: &mut Vec<ClassUnicodeRange>) {
    for range in class.ranges() {
        let first = RUNS.partition_point(|run| run.first <= range.start()).saturating_sub(1);
        let runs = RUNS.iter().skip(first).take_while(|run| run.first <= range.end());
        others.extend(runs.filter_map(|run| paired(run, *range)));
    }
    let holds = |character: char| {
        let at = class.ranges().partition_point(|range| range.end() < character);
        class.ranges().get(at).is_some_and(|range| range.start() <= character)
    };
    for (small, capital) in LARGER_ORBITS {
        let members = || small.chars().chain(capital.chars());
        if members().any(holds) {
            others.extend(members().map(|character| ClassUnicodeRange::new(character, character)));
        }
    }
}

/// The other cases of the characters that a run and a range have in common.
fn paired(run: &Run, range: ClassUnicodeRange) -> Option<ClassUnicodeRange> {
    let last = run.count.checked_sub(1)?;
    let low = u32::from(range.start()).saturating_sub(run.first.into());
    let high = u32::from(last).min(u32::from(range.end()).checked_sub(run.first.into())?);
    if low > high {
        return None;
    }
    let ((low, high), distance) = match run.side {
        Side::InTurn => ((low & !1, high | 1), 0), // whole pairs
        Side::Capital(distance) | Side::Small(distance) => ((low, high), distance),
    };
    let other = |place: u32| char::from_u32(u32::from(run.first).checked_add(place)?.checked_add_signed(distance)?);
    Some(ClassUnicodeRange::new(other(low)?, other(high)?))
}

/// Characters in a row that have one other case each, which lies equally far from each.
pub(super) struct Run {
    pub(super) first: char,
    pub(super) count: u16,
    pub(super) side: Side,
}

/// Which case the characters of a run are, and how far on the other one lies.
#[derive(Clone, Copy)]
pub(super) enum Side {
    Capital(i32),
    Small(i32),
    /// Capital and small letters in turn.
    InTurn,
}

impl Run {
    /// Which of its characters this is, counted from 0, if it is one of them.
    fn place(&self, character: char) -> Option<u32> {
        u32::from(character).checked_sub(self.first.into()).filter(|&place| place < self.count.into())
    }
}

/// The lower case of a character that is one character whatever stands around it.
pub(crate) fn lower(character: char) -> char {
    // No folding puts it together with its lower case.
    if character == 'İ' {
        return 'i';
    }
    let at = RUNS.partition_point(|run| run.first <= character).checked_sub(1);
    if let Some((run, place)) = at.and_then(|at| RUNS.get(at)).and_then(|run| Some((run, run.place(character)?))) {
        let distance = match run.side {
            Side::InTurn => i32::from(place & 1 == 0),
            Side::Capital(distance) => distance,
            Side::Small(_) => 0,
        };
        return u32::from(character).checked_add_signed(distance).and_then(char::from_u32).unwrap_or(character);
    }
    let orbit = LARGER_ORBITS.iter().find(|(_, capitals)| capitals.contains(character));
    orbit.and_then(|(small, _)| small.chars().next()).unwrap_or(character)
}

/// Whether the character is of the general category Ll.
pub(crate) fn is_lowercase_letter(character: char) -> bool {
    let at = LOWERCASE.partition_point(|&(first, ..)| first <= character).checked_sub(1);
    at.and_then(|at| LOWERCASE.get(at)).is_some_and(|&(first, count, step)| {
        // OK because `first` is no later than the character.
        let offset = u32::from(character).saturating_sub(first.into());
        offset.checked_rem(step.into()) == Some(0) && offset.checked_div(step.into()) < Some(count.into())
    })
}
