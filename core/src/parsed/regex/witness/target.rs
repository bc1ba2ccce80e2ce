//! What is the first group of a regex to hold?

use alloc::{vec, vec::Vec};

use super::super::fold::orbit;
use crate::parsed::sql_user;

/// Characters as sorted ranges.
pub(super) type Ranges = Vec<(char, char)>;

/// What a group is to hold: any number of leading characters, one character after the other of these, and then nothing, or
/// others.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    /// None of them is one of the first that follows.
    pub(super) leading: Option<Ranges>,
    pub(super) sequence: Vec<Ranges>,
    /// What may follow them; `None` where nothing may.
    pub(super) rest: Option<Ranges>,
}

impl Target {
    /// Nothing.
    pub(crate) const EMPTY: Self = Self { leading: None, sequence: Vec::new(), rest: None };

    /// This text.
    pub(crate) fn exact(text: &str) -> Self {
        Self { sequence: text.chars().map(|character| vec![(character, character)]).collect(), ..Self::EMPTY }
    }

    /// A text of which this is the lower-case form, character by character, as CockroachDB makes names of texts.
    pub(crate) fn lowered(text: &str) -> Self {
        let lowered_to = |wanted: char| -> Ranges {
            let alike = orbit(wanted);
            let members = alike.iter().flat_map(|range| range.start()..=range.end());
            let mut ranges: Ranges = members
                .filter(|&member| is_lowered(member, wanted))
                .chain([wanted])
                .map(|member| (member, member))
                .collect();
            ranges.sort_unstable();
            ranges.dedup();
            ranges
        };
        Self { sequence: text.chars().map(lowered_to).collect(), ..Self::EMPTY }
    }

    /// One of these characters, given as sorted ranges.
    pub(crate) fn one_of(characters: &[(char, char)]) -> Self {
        Self { sequence: vec![characters.to_vec()], ..Self::EMPTY }
    }

    /// The same after any number of these characters, of which none is one of the first that it begins with.
    pub(crate) fn after_any_of(self, characters: &[(char, char)]) -> Self {
        Self { leading: Some(characters.to_vec()), ..self }
    }

    /// Everything but texts of one character of each set after the other: what is shorter, what is longer, and what differs at
    /// each place.
    pub(crate) fn others(self) -> Vec<Self> {
        let Self { sequence, .. } = self;
        let begun = |length: usize| Self { sequence: sequence.iter().take(length).cloned().collect(), ..Self::EMPTY };
        let mut targets = Vec::new();
        for (place, ranges) in sequence.iter().enumerate() {
            targets.push(begun(place));
            targets.push(begun(place).and_one_of(&outside(ranges)).and_more_of(ANY));
        }
        targets.push(begun(sequence.len()).and_one_of(ANY).and_more_of(ANY));
        targets
    }

    fn and_one_of(mut self, characters: &[(char, char)]) -> Self {
        self.sequence.push(characters.to_vec());
        self
    }

    /// What begins so and goes on with these characters, given as sorted ranges.
    pub(crate) fn and_more_of(self, characters: &[(char, char)]) -> Self {
        Self { rest: Some(characters.to_vec()), ..self }
    }
}

/// All characters that are not among these sorted ranges.
pub(crate) fn outside(ranges: &[(char, char)]) -> Vec<(char, char)> {
    let mut rest = Vec::new();
    let mut from = Some('\0');
    for &(start, end) in ranges {
        if let (Some(first), Some(last)) = (from, before(start))
            && first <= last
        {
            rest.push((first, last));
        }
        from = after(end);
    }
    rest.extend(from.map(|first| (first, char::MAX)));
    rest
}

/// The character before, and the one after: those that are none are passed over.
fn before(character: char) -> Option<char> {
    ('\0'..character).next_back()
}

fn after(character: char) -> Option<char> {
    (character..=char::MAX).nth(1)
}

/// All characters.
const ANY: &[(char, char)] = &[('\0', char::MAX)];

fn is_lowered(member: char, wanted: char) -> bool {
    let mut bytes = [0; 4];
    let lowered = sql_user::normalized(member.encode_utf8(&mut bytes));
    lowered.chars().eq([wanted])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_outside_ranges_is_all_that_they_leave() {
        assert_eq!(outside(&[('a', 'z')]), [('\0', '`'), ('{', char::MAX)]);
        assert_eq!(outside(&[('\0', 'a'), ('c', char::MAX)]), [('b', 'b')]);
        assert_eq!(outside(&[('\u{e000}', char::MAX)]), [('\0', '\u{d7ff}')]);
        assert_eq!(outside(ANY), []);
        assert_eq!(outside(&[]), ANY);
    }
}
