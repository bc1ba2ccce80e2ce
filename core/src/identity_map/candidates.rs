//! Which regexes can match this principal at all?
//!
//! Most patterns begin or end with a fixed text, `…@example\.com$`, and are found by its hash. When many are left, one
//! automaton for all of them tells which match, in one pass over the principal. Both only spare work: the regex's own
//! program has the last word.

use alloc::{string::String, vec, vec::Vec};

use regex_syntax::hir::{Class, ClassUnicodeRange, Hir, HirKind, Look};

use super::{
    Hit, Map,
    automaton::Automaton,
    compile::{Budget, Exhausted},
    fold::{folded, representative},
    program::Program,
};

/// The regexes of one issuer.
#[derive(Debug, Default)]
pub(super) struct Candidates {
    regexes: Vec<(u32, Program)>,
    prefixes: Index,
    suffixes: Index,
    /// Places in `regexes` of those that no index holds.
    others: Vec<u32>,
    automaton: Option<Automaton>,
}

impl Candidates {
    pub(super) fn add(
        &mut self,
        rule: u32,
        program: Program,
        tree: &Hir,
        budget: &mut Budget,
    ) -> Result<(), Exhausted> {
        // OK because a map has at most MAP_LINES_MAX rules, which a u32 holds.
        let place = u32::try_from(self.regexes.len()).unwrap_or(u32::MAX);
        self.regexes.push((rule, program));
        // The end that tells more, judged by its shortest text.
        let (prefixes, suffixes) = fixed_ends(tree);
        let shortest = |texts: &[String]| texts.iter().map(String::len).min().unwrap_or(0);
        let indexed = if shortest(&prefixes) > shortest(&suffixes) {
            self.prefixes.insert(prefixes, place, budget)?
        } else {
            self.suffixes.insert(suffixes, place, budget)?
        };
        if !indexed {
            budget.charge(size_of_val(&place))?;
            self.others.push(place);
        }
        Ok(())
    }

    /// Ends the building: many regexes that no index holds get an automaton, if the budget allows.
    pub(super) fn finish(&mut self, budget: &mut Budget) {
        if self.others.len() > ONE_BY_ONE_MAX {
            let others = self.others.iter().filter_map(|&place| self.regexes.get(place as usize));
            self.automaton = Automaton::build(others.map(|(_, program)| program), budget);
        }
    }

    /// Adds the rules whose regex matches, in no particular order.
    pub(super) fn hits<'t>(&self, principal: &'t str, hits: &mut Vec<Hit<'t>>) {
        let mut places = Vec::new();
        if !self.prefixes.is_empty() || !self.suffixes.is_empty() {
            let folded = folded(principal);
            self.prefixes.find(|length| folded.get(..length), &mut places);
            self.suffixes.find(|length| folded.get(folded.len().checked_sub(length)?..), &mut places);
        }
        // Two texts of one regex can both fit.
        places.sort_unstable();
        places.dedup();
        match &self.automaton {
            Some(automaton) => automaton.find(principal, &self.others, &mut places),
            None => places.extend_from_slice(&self.others),
        }
        let regexes = places.iter().filter_map(|&place| self.regexes.get(place as usize));
        hits.extend(regexes.filter_map(|(rule, program)| {
            let capture = program.find(principal)?;
            Some(Hit { rule: *rule, capture })
        }));
    }
}

/// Regexes by the fixed text at one of their ends, folded.
#[derive(Debug, Default)]
struct Index {
    /// Of the texts, in bytes, each once.
    lengths: Vec<usize>,
    places: Map<Vec<u32>>,
}

impl Index {
    fn is_empty(&self) -> bool {
        self.lengths.is_empty()
    }

    /// Whether there is room for the texts; a login tries each length and every regex that it finds.
    fn insert(&mut self, texts: Vec<String>, place: u32, budget: &mut Budget) -> Result<bool, Exhausted> {
        let has_room = |text: &String| {
            let length =
                self.lengths.contains(&text.len()) || self.lengths.len().saturating_add(ENDS_MAX) <= LENGTHS_MAX;
            !text.is_empty() && length && self.places.get(&**text).is_none_or(|places| places.len() < ALIKE_MAX)
        };
        if texts.is_empty() || !texts.iter().all(has_room) {
            return Ok(false);
        }
        for text in texts {
            budget.charge(INDEXED_BYTES.saturating_add(text.len()))?;
            if !self.lengths.contains(&text.len()) {
                self.lengths.push(text.len());
            }
            self.places.entry(text.into_boxed_str()).or_default().push(place);
        }
        Ok(true)
    }

    fn find<'t>(&self, part: impl Fn(usize) -> Option<&'t str>, places: &mut Vec<u32>) {
        for &length in &self.lengths {
            let found = part(length).and_then(|part| self.places.get(part));
            places.extend_from_slice(found.map_or(&[], Vec::as_slice));
        }
    }
}

/// The folded texts with one of which every match begins, and those with one of which it ends; none when there are many.
fn fixed_ends(tree: &Hir) -> (Vec<String>, Vec<String>) {
    let parts = match tree.kind() {
        HirKind::Concat(parts) => parts.as_slice(),
        _ => core::slice::from_ref(tree),
    };
    let prefixes = match parts.split_first() {
        Some((first, rest)) if matches!(first.kind(), HirKind::Look(Look::Start)) => grown(rest.iter(), combinations),
        _ => Vec::new(),
    };
    let suffixes = match parts.split_last() {
        Some((last, rest)) if matches!(last.kind(), HirKind::Look(Look::End)) => {
            grown(rest.iter().rev(), |grown, part| combinations(part, grown))
        }
        _ => Vec::new(),
    };
    (prefixes, suffixes)
}

/// The texts of as many parts as have few enough of them.
fn grown<'h>(
    parts: impl Iterator<Item = &'h Hir>,
    join: fn(&[String], &[String]) -> Option<Vec<String>>,
) -> Vec<String> {
    let mut texts = vec![String::new()];
    for part in parts {
        match fixed(part).and_then(|part| join(&texts, &part)) {
            Some(longer) => texts = longer,
            None => break,
        }
    }
    texts
}

/// The folded texts that the part can match, if they are few.
fn fixed(part: &Hir) -> Option<Vec<String>> {
    let mut texts = match part.kind() {
        HirKind::Literal(literal) => vec![folded(core::str::from_utf8(&literal.0).ok()?).into_owned()],
        HirKind::Class(Class::Unicode(class))
            if class.iter().map(ClassUnicodeRange::len).sum::<usize>() <= 4 * ENDS_MAX =>
        {
            let members = class.iter().flat_map(|range| range.start()..=range.end());
            members.map(|member| String::from(representative(member))).collect()
        }
        HirKind::Capture(capture) => fixed(&capture.sub)?,
        HirKind::Concat(parts) => {
            let empty = vec![String::new()];
            parts.iter().try_fold(empty, |texts, part| combinations(&texts, &fixed(part)?))?
        }
        HirKind::Alternation(branches) => branches.iter().map(fixed).collect::<Option<Vec<_>>>()?.concat(),
        _ => return None,
    };
    texts.sort_unstable();
    texts.dedup();
    (texts.len() <= ENDS_MAX).then_some(texts)
}

/// Each text before followed by each text after, if these are few.
fn combinations(before: &[String], after: &[String]) -> Option<Vec<String>> {
    let few = before.len().saturating_mul(after.len()) <= ENDS_MAX;
    let pair = |one: &String| after.iter().map(move |other| [&**one, &**other].concat()).collect::<Vec<_>>();
    few.then(|| before.iter().flat_map(pair).collect())
}

/// Most texts at one end of a regex, one of which every match has.
const ENDS_MAX: usize = 8;
/// Most regexes that are tried one by one instead of by an automaton: few cost less than its memory.
const ONE_BY_ONE_MAX: usize = 8;
/// Most lengths of text at one end that a login looks up.
const LENGTHS_MAX: usize = 32;
/// Most regexes with the same text at one end that are tried one by one.
const ALIKE_MAX: usize = 8;
/// About what a place in an index takes beside its text.
const INDEXED_BYTES: usize = 96;
