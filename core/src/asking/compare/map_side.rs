//! What one of the two settings makes of the principals of an issuer.

use alloc::{collections::BTreeMap, string::String, vec::Vec};
use core::cell::OnceCell;

use foldhash::fast::FixedState;
use hashbrown::HashSet;

use crate::{
    asking::compare::line::MapLine,
    ground::work::Work,
    judging::reached::{Reached, reached},
    parsed::regex::{Program, Target, outside},
    rules::policy::compiled::Compiled,
};

/// The lines of an issuer under one of the two settings.
pub(super) struct MapSide<'c> {
    pub(super) compiled: &'c Compiled,
    pub(super) issuer: &'c str,
    pub(super) lines: Vec<MapLine<'c>>,
    /// Whether case can matter to any line.
    pub(super) regards_case: bool,
    texts: HashSet<(&'c str, &'c str), FixedState>,
    ends: OnceCell<Ends>,
}

/// Lines by what every principal that matches ends with, read backwards, or begins with; those that tell neither apart.
#[derive(Default)]
struct Ends {
    suffixes: BTreeMap<String, Vec<usize>>,
    without_suffix: Vec<usize>,
    prefixes: BTreeMap<String, Vec<usize>>,
    without_prefix: Vec<usize>,
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
        let regards_case = lines.iter().any(MapLine::regards_case);
        let texts = lines.iter().map(|line| (line.identity, line.user)).collect();
        Self { compiled, issuer, lines, regards_case, texts, ends: OnceCell::new() }
    }

    /// Whether the identity map has lines for the issuer.
    pub(super) fn is_mapped(&self) -> bool {
        self.compiled.map.lines_for(self.issuer).is_some()
    }

    /// Whether a line stands here too, under whatever number.
    pub(super) fn holds(&self, line: &MapLine<'_>) -> bool {
        self.texts.contains(&(line.identity, line.user))
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

    /// The places of the lines that can match a principal which that line of the other side matches, as far as the fixed text
    /// at their ends tells.
    pub(super) fn near(&self, line: &MapLine<'_>) -> Vec<usize> {
        let ends = self.ends.get_or_init(|| self.ends());
        let Some(fixed) = line.fixed() else { return (0..self.lines.len()).collect() };
        let backwards = |text: &String| text.chars().rev().collect::<String>();
        let suffixes: Vec<String> = fixed.suffixes.iter().map(backwards).collect();
        let mut near: Vec<usize> = match (suffixes.is_empty(), fixed.prefixes.is_empty()) {
            (false, _) => found(&ends.suffixes, &ends.without_suffix, &suffixes),
            (_, false) => found(&ends.prefixes, &ends.without_prefix, &fixed.prefixes),
            _ => (0..self.lines.len()).collect(),
        };
        near.sort_unstable();
        near.dedup();
        near
    }

    fn ends(&self) -> Ends {
        let mut ends = Ends::default();
        for (place, line) in self.lines.iter().enumerate() {
            let fixed = line.fixed();
            let (suffixes, prefixes) =
                fixed.map_or((&[][..], &[][..]), |fixed| (&fixed.suffixes[..], &fixed.prefixes[..]));
            if suffixes.is_empty() {
                ends.without_suffix.push(place);
            }
            for suffix in suffixes {
                ends.suffixes.entry(suffix.chars().rev().collect()).or_default().push(place);
            }
            if prefixes.is_empty() {
                ends.without_prefix.push(place);
            }
            for prefix in prefixes {
                ends.prefixes.entry(prefix.clone()).or_default().push(place);
            }
        }
        ends
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
    /// anything. The empty text is no user.
    pub(super) fn usable(&self, line: &MapLine<'_>) -> Option<Target> {
        let (before, after) = line.template()?;
        let (first, further) = match self.checks_names() {
            true => self.compiled.names.characters(),
            false => (ANY, ANY),
        };
        match before.is_empty() && after.is_empty() {
            true => Some(Target::one_of(first).and_more_of(further)),
            false => self.checks_names().then(|| Target::EMPTY.and_more_of(further)),
        }
    }

    /// What the group of a line may hold for its user to be one that nobody can log in as: nothing, what a name cannot begin
    /// with, and what is reserved. Names that are too long are left out, and those that nobody has by the template of
    /// another side either, which takes over the same.
    pub(super) fn unusable(&self, line: &MapLine<'_>, other: Option<(&Self, &MapLine<'_>)>) -> Vec<Target> {
        let names = &self.compiled.names;
        let Some((before, after)) = line.template() else { return Vec::new() };
        let mut targets = Vec::new();
        if before.is_empty() && after.is_empty() {
            targets.push(Target::EMPTY);
        }
        if self.checks_names() {
            let (first, further) = names.characters();
            if before.is_empty() {
                targets.push(Target::one_of(&outside(first)).and_more_of(ANY));
            }
            let with = |wrong: &[(char, char)]| Target::one_of(wrong).and_more_of(ANY).after_any_of(further);
            targets.push(with(&outside(further)));
            // Of others than ASCII some are letters; where both check the same part, they find the same.
            if other.is_none_or(|(other, _)| !other.checks_names()) {
                let ascii = |&(start, _): &(char, char)| start.is_ascii();
                let further: Vec<(char, char)> = further.iter().copied().filter(ascii).collect();
                let with = |wrong: &[(char, char)]| Target::one_of(wrong).and_more_of(ANY).after_any_of(&further);
                targets.extend([with(NO_NAME), with(NOT_ASCII)]);
            }
        }
        let (before, after) = (names.normalized(before), names.normalized(after));
        let (whole, starts) = names.reserved();
        let elsewhere = |held: &str, is_whole: bool| {
            let Some((other, (before, after))) = other.and_then(|(other, line)| Some((other, line.template()?))) else {
                return false;
            };
            let names = &other.compiled.names;
            let user = [&*names.normalized(before), held].concat();
            if !is_whole {
                return names.reserved().1.iter().any(|start| user.starts_with(start));
            }
            names.is_reserved(&[&*user, &*names.normalized(after)].concat())
        };
        let held = |name: &str| {
            let held = name.strip_prefix(&*before)?.strip_suffix(&*after)?;
            (!elsewhere(held, true)).then(|| Target::lowered(held))
        };
        targets.extend(whole.filter_map(held));
        for start in starts {
            let held = match start.strip_prefix(&*before) {
                Some(held) => held,
                None if before.starts_with(start) => "",
                None => continue,
            };
            if !elsewhere(held, false) {
                targets.push(Target::lowered(held).and_more_of(ANY));
            }
        }
        targets
    }
}

/// The places of what begins with one of these texts, and of what they begin with.
fn found(known: &BTreeMap<String, Vec<usize>>, others: &[usize], texts: &[String]) -> Vec<usize> {
    let mut places = others.to_vec();
    for text in texts {
        let longer = known.range(text.clone()..).take_while(|(other, _)| other.starts_with(text.as_str()));
        places.extend(longer.flat_map(|(_, places)| places));
        let shorter = text.char_indices().filter_map(|(end, _)| known.get(text.get(..end)?));
        places.extend(shorter.flatten());
    }
    places
}

/// Characters beyond ASCII, and some of them that stand in no name.
const NOT_ASCII: &[(char, char)] = &[('\u{80}', char::MAX)];
const NO_NAME: &[(char, char)] = &[('\u{4e00}', '\u{9fff}')];

/// All characters.
const ANY: &[(char, char)] = &[('\0', char::MAX)];
