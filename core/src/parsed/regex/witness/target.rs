//! What is the first group of a regex to hold?

use alloc::{vec, vec::Vec};

use super::super::fold::orbit;
use crate::parsed::sql_user;

/// Characters as sorted ranges.
pub(super) type Ranges = Vec<(char, char)>;

/// What a group is to hold: one character after the other of these, and then nothing, or others.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    pub(super) sequence: Vec<Ranges>,
    /// What may follow them; `None` where nothing may.
    pub(super) rest: Option<Ranges>,
}

impl Target {
    /// Nothing.
    pub(crate) const EMPTY: Self = Self { sequence: Vec::new(), rest: None };

    /// This text.
    pub(crate) fn exact(text: &str) -> Self {
        Self { sequence: text.chars().map(|character| vec![(character, character)]).collect(), rest: None }
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
        Self { sequence: text.chars().map(lowered_to).collect(), rest: None }
    }

    /// One of these characters, given as sorted ranges.
    pub(crate) fn one_of(characters: &[(char, char)]) -> Self {
        Self { sequence: vec![characters.to_vec()], rest: None }
    }

    /// What begins so and goes on with these characters, given as sorted ranges.
    pub(crate) fn and_more_of(self, characters: &[(char, char)]) -> Self {
        Self { rest: Some(characters.to_vec()), ..self }
    }
}

fn is_lowered(member: char, wanted: char) -> bool {
    let mut bytes = [0; 4];
    let lowered = sql_user::normalized(member.encode_utf8(&mut bytes));
    lowered.chars().eq([wanted])
}
