//! What one of the two settings makes of the principals of an issuer.

use alloc::{string::String, vec::Vec};

use hashbrown::HashMap;

use foldhash::fast::FixedState;

use crate::{
    asking::compare::line::MapLine,
    ground::work::Work,
    judging::reached::{Reached, reached},
    parsed::regex::{Program, Target, folded},
    rules::policy::compiled::Compiled,
};

/// The lines of an issuer under one of the two settings.
pub(super) struct MapSide<'c> {
    pub(super) compiled: &'c Compiled,
    pub(super) issuer: &'c str,
    pub(super) lines: Vec<MapLine<'c>>,
    /// Places of lines whose principal is a text, by that text without regard to case.
    literals: HashMap<String, Vec<usize>, FixedState>,
    /// Whether case can matter to any line.
    pub(super) regards_case: bool,
}

impl<'c> MapSide<'c> {
    pub(super) fn of(compiled: &'c Compiled, issuer: &'c str, anybody: &'c Program) -> Self {
        let lines: Vec<MapLine<'c>> = match compiled.map.lines_for(issuer) {
            None => Vec::from([MapLine::everybody(anybody)]),
            Some(map) => {
                let ignore_case = map.ignores_case();
                map.lines_and_patterns().map(|(line, program)| MapLine::of(line, program, ignore_case)).collect()
            }
        };
        let mut literals: HashMap<String, Vec<usize>, FixedState> = HashMap::default();
        for (place, line) in lines.iter().enumerate().filter(|(_, line)| line.is_literal()) {
            literals.entry(folded(line.identity).into_owned()).or_default().push(place);
        }
        let regards_case = lines.iter().any(MapLine::regards_case);
        Self { compiled, issuer, lines, literals, regards_case }
    }

    /// Whether the identity map has lines for the issuer.
    pub(super) fn is_mapped(&self) -> bool {
        self.compiled.map.lines_for(self.issuer).is_some()
    }

    /// The SQL users as whom the bearer of that principal can log in; nothing where it takes too much work to say.
    pub(super) fn users(&self, principal: &str, work: &Work) -> Option<Vec<Reached>> {
        let mut users = reached(self.compiled, self.issuer, principal, work).ok()?;
        users.retain(|reached| reached.refused.is_none());
        Some(users)
    }

    /// The place of the line of that number.
    pub(super) fn place(&self, number: Option<u32>) -> Option<usize> {
        match number {
            None => self.lines.first().filter(|line| line.number.is_none()).map(|_| 0),
            Some(_) => self.lines.binary_search_by_key(&number, |line| line.number).ok(),
        }
    }

    /// The line of that number.
    pub(super) fn line(&self, number: Option<u32>) -> Option<&MapLine<'c>> {
        self.lines.get(self.place(number)?)
    }

    /// The places of the lines whose principal is that text, without regard to case.
    pub(super) fn alike(&self, text: &str) -> &[usize] {
        self.literals.get(&*folded(text)).map_or(&[], Vec::as_slice)
    }

    /// Whether names have to be valid and plain.
    pub(super) fn checks_names(&self) -> bool {
        self.compiled.rules.users.plain
    }

    /// Whether nobody can log in as the user that a line gives everybody.
    pub(super) fn is_nobody(&self, line: &MapLine<'_>) -> bool {
        let names = &self.compiled.names;
        let Some(user) = line.only_user(names) else { return false };
        let is_invalid = self.checks_names() && (names.check(&user).is_err() || !names.is_plain(line.user));
        is_invalid || names.is_reserved(&user)
    }

    /// What the group of a line holds at most for its user to be one that anybody can log in as; nothing where that may be
    /// anything.
    pub(super) fn usable(&self, line: &MapLine<'_>) -> Option<Target> {
        let (before, after) = line.template().filter(|_| self.checks_names())?;
        let (first, further) = self.compiled.names.characters();
        Some(match before.is_empty() && after.is_empty() {
            true => Target::one_of(first).and_more_of(further),
            false => Target::EMPTY.and_more_of(further),
        })
    }

    /// What the group of a line may hold for its user to be one that nobody can log in as: nothing, what a name cannot begin
    /// with, and what is reserved. Names that are too long are left out.
    pub(super) fn unusable(&self, line: &MapLine<'_>) -> Vec<Target> {
        let names = &self.compiled.names;
        let Some((before, after)) = line.template() else { return Vec::new() };
        let mut targets = Vec::new();
        if before.is_empty() && after.is_empty() {
            targets.push(Target::EMPTY);
        }
        if self.checks_names() {
            let (first, further) = names.characters();
            let wrong = outside(if before.is_empty() { first } else { further });
            targets.push(Target::one_of(&wrong).and_more_of(&[ANY]));
        }
        let (before, after) = (names.normalized(before), names.normalized(after));
        let (whole, starts) = names.reserved();
        let held = |name: &str| name.strip_prefix(&*before)?.strip_suffix(&*after).map(Target::lowered);
        targets.extend(whole.filter_map(held));
        for start in starts {
            match start.strip_prefix(&*before) {
                Some(held) => targets.push(Target::lowered(held).and_more_of(&[ANY])),
                None if before.starts_with(start) => targets.push(Target::EMPTY.and_more_of(&[ANY])),
                None => {}
            }
        }
        targets
    }
}

/// All characters that are not among these sorted ranges.
fn outside(ranges: &[(char, char)]) -> Vec<(char, char)> {
    let mut rest = Vec::new();
    let mut from = 0_u32;
    let of = |number| char::from_u32(number);
    for &(start, end) in ranges {
        if let (Some(first), Some(last)) = (of(from), u32::from(start).checked_sub(1).and_then(of))
            && first <= last
        {
            rest.push((first, last));
        }
        from = u32::from(end).saturating_add(1);
    }
    if let Some(first) = of(from) {
        rest.push((first, char::MAX));
    }
    rest
}

/// All characters.
const ANY: (char, char) = ('\0', char::MAX);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_outside_ranges_is_all_that_they_leave() {
        assert_eq!(outside(&[('a', 'z')]), [('\0', '`'), ('{', char::MAX)]);
        assert_eq!(outside(&[('\0', 'a'), ('c', char::MAX)]), [('b', 'b')]);
        assert_eq!(outside(&[ANY]), []);
        assert_eq!(outside(&[]), [ANY]);
    }
}
