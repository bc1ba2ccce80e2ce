//! Which regexes can match this principal at all?
//!
//! Most patterns begin or end with a fixed text, `…@example\.com$`, and are found by its hash. When many are left, one
//! automaton for all of them tells which match, in one pass over the principal. Both only spare work: the regex's own
//! program has the last word.

use alloc::{boxed::Box, string::String, vec, vec::Vec};
use core::panic::{RefUnwindSafe, UnwindSafe};

use regex_automata::{
    Input, MatchKind,
    hybrid::dfa::{Cache, DFA, OverlappingState},
    nfa::thompson::{self, WhichCaptures},
    util::pool::Pool,
};
use regex_syntax::hir::{Class, ClassUnicodeRange, Hir, HirKind, Look};

use super::{
    Hit, Map,
    compile::{Budget, Exhausted},
    fold::{folded, representative},
    program::Program,
    re2::Regex,
};
use crate::limits::{MAP_AUTOMATON_BYTES_MAX, MATCH_CACHE_BYTES_MAX};

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

    /// Ends the building. `regex` reads a rule's pattern again.
    pub(super) fn finish(&mut self, budget: &mut Budget, regex: impl Fn(u32) -> Option<Regex>) {
        if self.others.len() <= ONE_BY_ONE_MAX {
            return;
        }
        let mut left = budget.left().min(MAP_AUTOMATON_BYTES_MAX);
        let mut trees = Vec::with_capacity(self.others.len());
        for (rule, _) in self.others.iter().filter_map(|&place| self.regexes.get(place as usize)) {
            let Some(regex) = regex(*rule) else { return };
            let Some(rest) = left.checked_sub(regex.bytes) else { return };
            left = rest;
            trees.push(regex.tree);
        }
        self.automaton = Automaton::build(&trees, left, budget);
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

/// One automaton for many regexes.
#[derive(Debug)]
struct Automaton {
    dfa: DFA,
    scratch: Pool<Scratch, Create>,
}

type Create = Box<dyn Fn() -> Scratch + Send + Sync + UnwindSafe + RefUnwindSafe>;

/// What one thread needs to run the automaton.
#[derive(Debug)]
struct Scratch {
    cache: Cache,
    /// Which regexes have been found; all false between searches.
    found: Vec<bool>,
}

impl Automaton {
    /// `None` when it would take more than `limit` bytes while it is built.
    fn build(trees: &[Hir], limit: usize, budget: &mut Budget) -> Option<Self> {
        // While it is built the automaton exists twice.
        let config =
            thompson::Config::new().utf8(false).which_captures(WhichCaptures::None).nfa_size_limit(Some(limit / 2));
        let nfa = thompson::Compiler::new().configure(config).build_many_from_hir(trees).ok()?;
        budget.charge(nfa.memory_usage()).ok()?;
        let config = DFA::config()
            .match_kind(MatchKind::All)
            .cache_capacity(MATCH_CACHE_BYTES_MAX)
            .skip_cache_capacity_check(true)
            .minimum_cache_clear_count(Some(0))
            .minimum_bytes_per_state(Some(GIVE_UP_BYTES_PER_STATE));
        let dfa = DFA::builder().configure(config).build_from_nfa(nfa).ok()?;
        let (of_scratch, count) = (dfa.clone(), trees.len());
        let create: Create = Box::new(move || Scratch { cache: of_scratch.create_cache(), found: vec![false; count] });
        Some(Self { dfa, scratch: Pool::new(create) })
    }

    /// Adds, of the places given for its regexes, those whose regex matches.
    fn find(&self, principal: &str, places: &[u32], into: &mut Vec<u32>) {
        let mut scratch = self.scratch.get();
        let Scratch { cache, found } = &mut *scratch;
        let input = Input::new(principal);
        let mut state = OverlappingState::start();
        let mut matching = Vec::new();
        loop {
            if self.dfa.try_search_overlapping_fwd(cache, &input, &mut state).is_err() {
                // Too many different principals for its cache: the programs are faster than rebuilding that.
                into.extend_from_slice(places);
                matching.into_iter().for_each(|index| unmark(found, index));
                return;
            }
            let Some(end) = state.get_match() else { break };
            let index = end.pattern().as_usize();
            if let Some(found) = found.get_mut(index).filter(|found| !**found) {
                *found = true;
                matching.push(index);
            }
        }
        for index in matching {
            unmark(found, index);
            into.extend(places.get(index));
        }
    }
}

fn unmark(found: &mut [bool], index: usize) {
    if let Some(found) = found.get_mut(index) {
        *found = false;
    }
}

/// Most texts at one end of a regex, one of which every match has.
const ENDS_MAX: usize = 8;
/// Fewer bytes read for each state built mean that the automaton costs more than it spares.
const GIVE_UP_BYTES_PER_STATE: usize = 8;
/// Most regexes that are tried one by one instead of by an automaton: few cost less than its memory.
const ONE_BY_ONE_MAX: usize = 8;
/// Most lengths of text at one end that a login looks up.
const LENGTHS_MAX: usize = 32;
/// Most regexes with the same text at one end that are tried one by one.
const ALIKE_MAX: usize = 8;
/// About what a place in an index takes beside its text.
const INDEXED_BYTES: usize = 96;
