//! Which regexes can match this principal at all?
//!
//! Most patterns begin or end with a fixed text, `…@example\.com$`, and are found by its hash. When many are left, one
//! automaton for all of them tells which match, in one pass over the principal. Both only spare work: the regex's own
//! program has the last word.

use alloc::{borrow::Cow, boxed::Box, string::String, vec::Vec};
use core::panic::{RefUnwindSafe, UnwindSafe};

use regex_automata::{
    Input, MatchKind,
    hybrid::dfa::{Cache, DFA, OverlappingState},
    nfa::thompson::{self, WhichCaptures},
    util::pool::Pool,
};
use regex_syntax::hir::{Class, Hir, HirKind, Look};

use super::{
    Hit, Map,
    compile::{Budget, Exhausted},
    fold::{folded, representative},
    program::Program,
    re2::Regex,
};
use crate::limits::MATCH_CACHE_BYTES_MAX;

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

/// The budget ran out at this rule.
#[derive(Clone, Copy, Debug)]
pub(super) struct Overflow {
    pub(super) rule: u32,
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
        let (prefix, suffix) = fixed_ends(tree);
        budget.charge(INDEXED_BYTES.saturating_add(prefix.len().max(suffix.len())))?;
        let indexed = if prefix.len() > suffix.len() {
            self.prefixes.insert(prefix, place)
        } else {
            self.suffixes.insert(suffix, place)
        };
        if !indexed {
            self.others.push(place);
        }
        Ok(())
    }

    /// Ends the building; `tree` reads a rule's pattern again.
    pub(super) fn finish(&mut self, budget: &mut Budget, tree: impl Fn(u32) -> Option<Regex>) -> Result<(), Overflow> {
        if self.others.len() <= ONE_BY_ONE_MAX {
            return Ok(());
        }
        let mut trees = Vec::new();
        let mut last = 0;
        let mut bytes = 0_usize;
        for (rule, _) in self.others.iter().filter_map(|&place| self.regexes.get(place as usize)) {
            last = *rule;
            let Some(regex) = tree(*rule) else { continue };
            bytes = bytes.saturating_add(regex.bytes);
            budget.charge(regex.bytes).map_err(|Exhausted| Overflow { rule: last })?;
            trees.push(regex.tree);
        }
        self.automaton = Some(Automaton::build(&trees, budget).map_err(|Exhausted| Overflow { rule: last })?);
        Ok(())
    }

    /// Adds the rules whose regex matches, in no particular order.
    pub(super) fn hits<'t>(&self, principal: &'t str, hits: &mut Vec<Hit<'t>>) {
        let mut places = Vec::new();
        if !self.prefixes.is_empty() || !self.suffixes.is_empty() {
            let folded = folded(principal);
            self.prefixes.find(|length| folded.get(..length), &mut places);
            self.suffixes.find(|length| folded.get(folded.len().checked_sub(length)?..), &mut places);
        }
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

    /// Whether there is room for the text; a login tries each length and every regex that it finds.
    fn insert(&mut self, text: String, place: u32) -> bool {
        let known = self.lengths.contains(&text.len());
        if text.is_empty() || (!known && self.lengths.len() >= LENGTHS_MAX) {
            return false;
        }
        if !known {
            self.lengths.push(text.len());
        }
        let places = self.places.entry(text.into_boxed_str()).or_default();
        let room = places.len() < ALIKE_MAX;
        if room {
            places.push(place);
        }
        room
    }

    fn find<'t>(&self, part: impl Fn(usize) -> Option<&'t str>, places: &mut Vec<u32>) {
        for &length in &self.lengths {
            let found = part(length).and_then(|part| self.places.get(part));
            places.extend_from_slice(found.map_or(&[], Vec::as_slice));
        }
    }
}

/// The folded texts that every match begins and ends with.
fn fixed_ends(tree: &Hir) -> (String, String) {
    let parts = match tree.kind() {
        HirKind::Concat(parts) => parts.as_slice(),
        _ => core::slice::from_ref(tree),
    };
    let mut prefix = String::new();
    let mut suffix = String::new();
    if let Some((first, rest)) = parts.split_first()
        && matches!(first.kind(), HirKind::Look(Look::Start))
    {
        rest.iter().map_while(fixed).for_each(|part| prefix.push_str(&part));
    }
    if let Some((last, rest)) = parts.split_last()
        && matches!(last.kind(), HirKind::Look(Look::End))
    {
        let fixed: Vec<_> = rest.iter().rev().map_while(fixed).collect();
        fixed.iter().rev().for_each(|part| suffix.push_str(part));
    }
    (prefix, suffix)
}

/// The folded text that the part matches, if it matches no other.
fn fixed(part: &Hir) -> Option<Cow<'_, str>> {
    match part.kind() {
        HirKind::Literal(literal) => core::str::from_utf8(&literal.0).ok().map(folded),
        HirKind::Class(Class::Unicode(class)) if class.ranges().len() <= 4 => {
            let mut members = class.iter().map(|range| {
                let alone = range.start() == range.end();
                alone.then(|| representative(range.start()))
            });
            let first = members.next()??;
            members.all(|member| member == Some(first)).then(|| Cow::Owned(String::from(first)))
        }
        _ => None,
    }
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
    fn build(trees: &[Hir], budget: &mut Budget) -> Result<Self, Exhausted> {
        // While it is built the automaton exists twice.
        let limit = budget.left() / 2;
        let config =
            thompson::Config::new().utf8(false).which_captures(WhichCaptures::None).nfa_size_limit(Some(limit));
        let nfa = thompson::Compiler::new().configure(config).build_many_from_hir(trees).map_err(|_| Exhausted)?;
        budget.charge(nfa.memory_usage())?;
        let config = DFA::config()
            .match_kind(MatchKind::All)
            .cache_capacity(MATCH_CACHE_BYTES_MAX)
            .skip_cache_capacity_check(true);
        let dfa = DFA::builder().configure(config).build_from_nfa(nfa).map_err(|_| Exhausted)?;
        let (of_scratch, count) = (dfa.clone(), trees.len());
        let create: Create =
            Box::new(move || Scratch { cache: of_scratch.create_cache(), found: alloc::vec![false; count] });
        Ok(Self { dfa, scratch: Pool::new(create) })
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
                // It cannot tell; the programs can. OK because no setting above makes it give up.
                matching = (0..places.len()).collect();
                break;
            }
            let Some(end) = state.get_match() else { break };
            let index = end.pattern().as_usize();
            if let Some(found) = found.get_mut(index).filter(|found| !**found) {
                *found = true;
                matching.push(index);
            }
        }
        for index in matching {
            found.get_mut(index).into_iter().for_each(|found| *found = false);
            into.extend(places.get(index));
        }
    }
}

/// Most regexes that are tried one by one instead of by an automaton: few cost less than its memory.
const ONE_BY_ONE_MAX: usize = 8;
/// Most lengths of text at one end that a login looks up.
const LENGTHS_MAX: usize = 32;
/// Most regexes with the same text at one end that are tried one by one.
const ALIKE_MAX: usize = 8;
/// About what a place in an index takes beside its text.
const INDEXED_BYTES: usize = 96;
