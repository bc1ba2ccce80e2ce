//! Which principals do two identity maps treat differently? Each line that does not stand in both is searched for one: alone,
//! where the other map gives nobody, and beside each line of the other map that can match the same principal.
//!
//! A candidate is constructed from the regexes and asked of both maps as logins ask them. Where the other map lets it in too,
//! the lines that do are excluded, and the next is constructed: what is said not to exist was excluded by lines that let in.

use alloc::{
    collections::BTreeSet,
    string::{String, ToString},
    vec::Vec,
};

use crate::{
    asking::compare::{line::MapLine, map_side::MapSide},
    ground::{
        limits::{COMPARE_EXCLUDED_MAX, COMPARE_QUESTION_STEPS_MAX, SAMPLES_TOLD_MAX},
        work::Work,
    },
    judging::reached::Reached,
    parsed::regex::{Program, Searched, Target, Wanted, captures_differ, shortest, shortest_of_several},
};

/// What all searches of a comparison have in common.
pub(super) struct Search<'s> {
    pub(super) work: &'s Work,
    /// A regex that matches everything but the empty text, and whose group holds it.
    pub(super) anybody: &'s Program,
}

impl Search<'_> {
    /// Asks one question, which may take no more than its share.
    pub(super) fn asked<R>(&self, ask: impl FnOnce(&Work) -> R) -> R {
        let steps = self.work.left().min(COMPARE_QUESTION_STEPS_MAX);
        let work = Work::of(steps);
        let answer = ask(&work);
        self.work.leave(self.work.left().saturating_sub(steps.saturating_sub(work.left())));
        answer
    }

    /// A text that is wanted and that the check takes.
    fn found<T>(&self, wanted: &[Wanted<'_>], check: impl Fn(&str, &Work) -> Option<T>) -> Searched<T> {
        match self.asked(|work| shortest(wanted, work, |text| check(text, work))) {
            Searched::Unknown => self.asked(|work| shortest_of_several(wanted, work, |text| check(text, work))),
            known => known,
        }
    }
}

/// A principal that the two treat differently.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Difference {
    pub(super) principal: String,
    pub(super) old: Given,
    pub(super) new: Given,
}

/// The users as whom a principal can log in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Given {
    /// The first of them, those first that the other side does not give.
    pub(super) users: Vec<Reached>,
    /// How many the other side does not give.
    pub(super) beyond: usize,
}

impl Given {
    fn of(users: Vec<Reached>, others: &[Reached]) -> Self {
        let others: BTreeSet<&str> = others.iter().map(|other| &*other.user).collect();
        let (mut first, rest): (Vec<_>, Vec<_>) =
            users.into_iter().partition(|reached| !others.contains(&*reached.user));
        let beyond = first.len();
        first.extend(rest);
        first.truncate(SAMPLES_TOLD_MAX);
        Self { users: first, beyond }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.users.is_empty()
    }
}

/// Principals that are treated differently, and how many questions could not be answered.
#[derive(Default)]
pub(super) struct Differences {
    pub(super) found: Vec<Difference>,
    pub(super) unsearched: usize,
}

/// Compares what both make of the principals of an issuer.
pub(super) fn differences(old: &MapSide<'_>, new: &MapSide<'_>, search: &Search<'_>) -> Differences {
    let mut differences = Differences::default();
    let whole = search.work;
    let is_same = means_the_same(old, new);
    for (here, there, is_new) in [(new, old, true), (old, new, false)] {
        // The second direction has at least as much as the first.
        let share = Work::of(if is_new { search.work.left() / 2 } else { search.work.left() });
        let given = share.left();
        let search = &Search { work: &share, anybody: search.anybody };
        for line in &here.lines {
            if (is_same && there.holds(line)) || here.is_nobody(line) {
                continue;
            }
            if search.work.left() == 0 {
                differences.unsearched = differences.unsearched.saturating_add(1);
                continue;
            }
            let mut of_line =
                OfLine { here, there, line, search, is_new, is_same, found: Vec::new(), is_unsearched: false };
            of_line.search();
            differences.unsearched = differences.unsearched.saturating_add(of_line.is_unsearched.into());
            differences.found.append(&mut of_line.found);
        }
        let used = given.saturating_sub(share.left());
        whole.leave(whole.left().saturating_sub(used));
    }
    differences
}

/// Whether a line means the same in both maps.
fn means_the_same(old: &MapSide<'_>, new: &MapSide<'_>) -> bool {
    let (one, other) = (old.compiled, new.compiled);
    // Lines for certain names give nobody where others give somebody.
    one.rules.map.ignore_case == other.rules.map.ignore_case
        && one.rules.users.plain == other.rules.users.plain
        && one.names == other.names
}

/// The search of one line.
struct OfLine<'s, 'c> {
    here: &'s MapSide<'c>,
    there: &'s MapSide<'c>,
    line: &'s MapLine<'c>,
    search: &'s Search<'s>,
    is_new: bool,
    is_same: bool,
    found: Vec<Difference>,
    is_unsearched: bool,
}

/// The users of a candidate, by the map whose line is searched and by the other one.
struct Tried {
    principal: String,
    here: Vec<Reached>,
    there: Vec<Reached>,
}

impl Tried {
    /// Whether the line's map lets it in as somebody whom the other map does not give.
    fn is_beyond(&self) -> bool {
        let there: BTreeSet<&str> = self.there.iter().map(|there| &*there.user).collect();
        self.here.iter().any(|here| !there.contains(&*here.user))
    }
}

impl<'s> OfLine<'s, '_> {
    fn search(&mut self) {
        let line = self.line;
        if line.is_literal() {
            self.try_text(line.identity);
            let is_all = line.is_exact() || (self.is_same && !self.here.regards_case && !self.there.regards_case);
            if is_all {
                return;
            }
        }
        let Some(program) = line.program() else {
            self.is_unsearched = true;
            return;
        };
        let usable = self.here.usable(line);
        let mine = usable.as_ref().map_or_else(|| Wanted::matching(program), |usable| Wanted::holding(program, usable));
        self.alone(mine);
        self.beside(mine, program);
    }

    /// Asks both maps about a text.
    fn try_text(&mut self, principal: &str) {
        if principal.is_empty() {
            return;
        }
        match self.search.asked(|work| self.tried(principal, work)) {
            Some(tried) if tried.is_beyond() => self.add(tried),
            Some(_) => {}
            None => self.is_unsearched = true,
        }
    }

    fn tried(&self, principal: &str, work: &Work) -> Option<Tried> {
        let (here, there) = (self.here.users(principal, work)?, self.there.users(principal, work)?);
        Some(Tried { principal: principal.to_string(), here, there })
    }

    fn add(&mut self, tried: Tried) {
        let Tried { principal, here, there } = tried;
        let (mine, others) = (Given::of(here.clone(), &there), Given::of(there, &here));
        let (old, new) = if self.is_new { (others, mine) } else { (mine, others) };
        self.found.push(Difference { principal, old, new });
    }

    fn has_found(&self, alone: bool) -> bool {
        self.found.iter().any(|found| (found.old.is_empty() || found.new.is_empty()) == alone)
    }

    /// Looks for a principal that the other map gives nobody.
    fn alone<'w>(&mut self, mine: Wanted<'w>)
    where
        's: 'w,
    {
        if self.has_found(true) {
            return;
        }
        let mut excluded: Vec<usize> = Vec::new();
        while let Some(wanted) = self.wanted(&[mine], &excluded) {
            let is_let_in =
                |principal: &str, work: &Work| self.tried(principal, work).filter(|tried| !tried.here.is_empty());
            match self.search.found(&wanted, is_let_in) {
                Searched::Found(tried) if tried.there.is_empty() => return self.add(tried),
                Searched::Found(tried) => {
                    let before = excluded.len();
                    for place in tried.there.iter().filter_map(|reached| self.there.place(reached.line)) {
                        if !excluded.contains(&place) {
                            excluded.push(place);
                        }
                    }
                    if tried.is_beyond() && !self.has_found(false) {
                        self.add(tried);
                    }
                    if excluded.len() == before || excluded.len() > COMPARE_EXCLUDED_MAX {
                        break;
                    }
                }
                Searched::Nothing => return self.where_nobody(mine, &excluded),
                Searched::Unknown => break,
            }
        }
        self.is_unsearched = true;
    }

    /// Looks for a principal that a line of the other map matches, and gives a user as whom nobody can log in.
    fn where_nobody(&mut self, mine: Wanted<'_>, excluded: &[usize]) {
        let there = self.there;
        for &place in excluded {
            let Some(other) = there.lines.get(place).filter(|other| other.template().is_some()) else { continue };
            let Some(program) = other.program() else { continue };
            if self.is_same && self.gives_the_same(other) {
                continue;
            }
            let is_alike = self.takes_over_the_same(other);
            let fixed: Vec<usize> = excluded
                .iter()
                .copied()
                .filter(|&place| there.lines.get(place).is_some_and(|line| line.template().is_none()))
                .collect();
            let targets = there.unusable(other, is_alike.then_some((self.here, self.line)));
            let held = targets.iter().map(|target| Wanted::holding(program, target));
            let mut is_known = true;
            // Other servers have other rules: then anything may be no name.
            let is_all = self.here.compiled.names.stores_like(&there.compiled.names);
            for other in held.chain((!is_all).then(|| Wanted::matching(program))) {
                match self.one(&[mine, other], &fixed, |tried| !tried.here.is_empty() && tried.there.is_empty()) {
                    Searched::Found(tried) => return self.add(tried),
                    Searched::Nothing => {}
                    Searched::Unknown => is_known = false,
                }
            }
            self.is_unsearched |= !is_known;
        }
    }

    /// Looks for a principal that a line of the other map gives another user.
    fn beside(&mut self, mine: Wanted<'_>, program: &Program) {
        if self.has_found(false) {
            return;
        }
        let there = self.there;
        let (mut alike, mut is_known): (Vec<usize>, bool) = (Vec::new(), true);
        for place in there.near(self.line) {
            let Some(other) = there.lines.get(place) else { continue };
            if self.search.work.spend(LINE_STEPS).is_err() {
                is_known = false;
                break;
            }
            if there.is_nobody(other) {
                continue;
            }
            if other.is_literal() {
                match self.search.asked(|work| program.find(other.identity, work)) {
                    Ok(Some(_)) => self.try_text(other.identity),
                    Ok(None) => {}
                    Err(_) => is_known = false,
                }
                if self.has_found(false) {
                    return;
                }
                if other.is_exact() {
                    continue;
                }
            }
            if self.line.is_apart_from(other) {
                continue;
            }
            if self.gives_the_same(other) {
                alike.push(place);
                continue;
            }
            match self.beside_one(mine, place, &alike) {
                Searched::Found(tried) => return self.add(tried),
                Searched::Nothing => {}
                Searched::Unknown => is_known = false,
            }
        }
        self.is_unsearched |= !is_known;
    }

    /// The same, beside that line alone, where none of these matches, which give the same user.
    fn beside_one(&self, mine: Wanted<'_>, place: usize, alike: &[usize]) -> Searched<Tried> {
        let there = self.there;
        let Some(line) = there.lines.get(place) else { return Searched::Nothing };
        let (Some(program), Some(my_program)) = (line.program(), self.line.program()) else { return Searched::Unknown };
        let usable = there.usable(line);
        let other =
            usable.as_ref().map_or_else(|| Wanted::matching(program), |usable| Wanted::holding(program, usable));
        match self.beside_so([mine, other], place, alike) {
            Searched::Unknown => {}
            known => return known,
        }
        // Where one gives always the same user, the other has to take over something else.
        let names = &there.compiled.names;
        let differing = |template: (&str, &str), user: Option<String>| {
            let (before, after) = (names.normalized(template.0), names.normalized(template.1));
            let user = user?;
            let held = user.strip_prefix(&*before)?.strip_suffix(&*after)?;
            let target = if names.normalized("A") == "A" { Target::exact(held) } else { Target::lowered(held) };
            Some(target.others())
        };
        if !self.here.compiled.names.stores_like(names) {
            return Searched::Unknown;
        }
        match (self.line.template(), line.template()) {
            (Some(one), Some(another)) if one == another => {
                let look = |principal: &str, work: &Work| {
                    self.tried(principal, work).filter(|tried| tried.is_beyond() && !tried.there.is_empty())
                };
                self.search.asked(|work| captures_differ(my_program, program, work, |text| look(text, work)))
            }
            (Some(template), None) => {
                let Some(targets) = differing(template, line.only_user(names)) else { return Searched::Unknown };
                let held = targets.iter().map(|target| [Wanted::holding(my_program, target), other]);
                self.beside_each(held, place, alike)
            }
            (None, Some(template)) => {
                let Some(targets) = differing(template, self.line.only_user(names)) else { return Searched::Unknown };
                let held = targets.iter().map(|target| [mine, Wanted::holding(program, target)]);
                self.beside_each(held, place, alike)
            }
            _ => Searched::Unknown,
        }
    }

    /// The same by the first of these that finds somebody.
    fn beside_each<'w>(
        &self,
        each: impl Iterator<Item = [Wanted<'w>; 2]>,
        place: usize,
        alike: &[usize],
    ) -> Searched<Tried> {
        let mut is_known = true;
        for wanted in each {
            match self.beside_so(wanted, place, alike) {
                Searched::Nothing => {}
                Searched::Unknown => is_known = false,
                found => return found,
            }
        }
        if is_known { Searched::Nothing } else { Searched::Unknown }
    }

    fn beside_so(&self, both: [Wanted<'_>; 2], place: usize, alike: &[usize]) -> Searched<Tried> {
        let there = self.there;
        let mut excluded: Vec<usize> = alike.to_vec();
        loop {
            let Some(wanted) = self.wanted(&both, &excluded) else { return Searched::Unknown };
            // Where the same user comes from another line too, that line is excluded.
            let further = |tried: &Tried| -> Vec<usize> {
                let places = tried.there.iter().filter_map(|reached| there.place(reached.line));
                let is_new = |other: &usize| {
                    *other != place
                        && !excluded.contains(other)
                        && there.lines.get(*other).is_some_and(|line| self.gives_the_same(line))
                };
                places.filter(is_new).collect()
            };
            let look = |principal: &str, work: &Work| {
                let tried = self.tried(principal, work)?;
                if tried.here.is_empty() || tried.there.is_empty() {
                    return None;
                }
                if tried.is_beyond() {
                    return Some((tried, Vec::new()));
                }
                let further = further(&tried);
                (!further.is_empty()).then_some((tried, further))
            };
            match self.search.found(&wanted, look) {
                Searched::Found((tried, further)) if further.is_empty() => return Searched::Found(tried),
                Searched::Found((_, further)) => {
                    excluded.extend(further);
                    if excluded.len() > COMPARE_EXCLUDED_MAX {
                        return Searched::Unknown;
                    }
                }
                Searched::Nothing => return Searched::Nothing,
                Searched::Unknown => return Searched::Unknown,
            }
        }
    }

    /// One search, whose check has the last word.
    fn one(&self, wanted: &[Wanted<'_>], excluded: &[usize], check: impl Fn(&Tried) -> bool) -> Searched<Tried> {
        let Some(wanted) = self.wanted(wanted, excluded) else { return Searched::Unknown };
        let look = |principal: &str, work: &Work| self.tried(principal, work).filter(&check);
        self.search.found(&wanted, look)
    }

    /// What is wanted, of texts that are not empty, without those that these lines of the other map match.
    fn wanted<'w>(&self, wanted: &[Wanted<'w>], excluded: &[usize]) -> Option<Vec<Wanted<'w>>>
    where
        's: 'w,
    {
        let there = self.there;
        let mut all = wanted.to_vec();
        all.push(Wanted::matching(self.search.anybody));
        for &place in excluded {
            all.push(Wanted::missing(there.lines.get(place)?.program()?));
        }
        Some(all)
    }

    /// Whether another line gives the same user wherever both match.
    fn gives_the_same(&self, other: &MapLine<'_>) -> bool {
        let (one_names, other_names) = (&self.here.compiled.names, &self.there.compiled.names);
        one_names.stores_like(other_names)
            && match (self.line.template(), other.template()) {
                (None, None) => self.line.only_user(one_names) == other.only_user(other_names),
                (Some(one), Some(another)) => one == another && self.takes_over_the_same(other),
                _ => false,
            }
    }

    /// Whether another line takes over the same part wherever both match, and makes a name of it by the same rules.
    fn takes_over_the_same(&self, other: &MapLine<'_>) -> bool {
        if self.line.template().is_none() || !self.here.compiled.names.stores_like(&self.there.compiled.names) {
            return false;
        }
        let (Some(one), Some(another)) = (self.line.program(), other.program()) else { return false };
        self.search.asked(|work| captures_differ(one, another, work, |_| Some(()))) == Searched::Nothing
    }
}

/// What it takes to look at a line, in steps.
const LINE_STEPS: usize = 4;

/// A principal that somebody can log in with, and as whom: for what begins or ends as a whole.
pub(super) fn anybody_of(side: &MapSide<'_>, search: &Search<'_>) -> Searched<Difference> {
    let told = |principal: &str, users: Vec<Reached>| {
        let given = Given::of(users, &[]);
        (!given.is_empty()).then(|| Difference { principal: principal.to_string(), old: Given::default(), new: given })
    };
    let mut is_known = true;
    if !side.is_mapped() {
        // Who may do everything is often called so.
        let found = search.asked(|work| told("admin", side.users("admin", work)?));
        if let Some(found) = found {
            return Searched::Found(found);
        }
    }
    for line in side.lines.iter().filter(|line| !side.is_nobody(line)) {
        if search.work.left() == 0 {
            return Searched::Unknown;
        }
        if line.is_literal() {
            match search.asked(|work| side.users(line.identity, work)) {
                Some(users) => {
                    if let Some(found) = told(line.identity, users) {
                        return Searched::Found(found);
                    }
                }
                None => is_known = false,
            }
            continue;
        }
        let Some(program) = line.program() else { continue };
        let usable: Option<Target> = side.usable(line);
        let mine = usable.as_ref().map_or_else(|| Wanted::matching(program), |usable| Wanted::holding(program, usable));
        let wanted = [mine, Wanted::matching(search.anybody)];
        match search.asked(|work| shortest(&wanted, work, |principal| told(principal, side.users(principal, work)?))) {
            Searched::Found(found) => return Searched::Found(found),
            Searched::Nothing => {}
            Searched::Unknown => is_known = false,
        }
    }
    if is_known { Searched::Nothing } else { Searched::Unknown }
}
