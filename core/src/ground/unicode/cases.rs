//! Which other cases has a character, which lower one, and is it a small letter?

use alloc::{string::String, vec::Vec};

use regex_syntax::hir::{ClassUnicode, ClassUnicodeRange};

use super::{
    classes::holds,
    run::{Run, Side},
    tables::{
        cases::{LARGER_ORBITS, RUNS},
        letters::LOWERCASE,
    },
};

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

/// The lower case of a text, each character by itself.
pub(crate) fn lowered(text: &str) -> String {
    text.chars().map(lower).collect()
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

/// Adds every character that simple case folding puts together with a member of the class, and perhaps members.
pub(crate) fn other_cases(class: &ClassUnicode, others: &mut Vec<ClassUnicodeRange>) {
    for range in class.ranges() {
        let first = RUNS.partition_point(|run| run.first <= range.start()).saturating_sub(1);
        let runs = RUNS.iter().skip(first).take_while(|run| run.first <= range.end());
        others.extend(runs.filter_map(|run| paired(run, *range)));
    }
    for (small, capital) in LARGER_ORBITS {
        let members = || small.chars().chain(capital.chars());
        if members().any(|character| holds(class, character)) {
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
