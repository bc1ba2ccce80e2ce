//! Which of many regexes can match this principal? One pass over it for all of them.
//!
//! The automaton is made of the steps of the regexes' programs. It finds every regex that matches and may find more:
//! beyond ASCII its classes do not tell characters apart, which keeps it small. The programs have the last word.

use alloc::{boxed::Box, vec, vec::Vec};
use core::panic::{RefUnwindSafe, UnwindSafe};

use regex_automata::{
    Input, MatchKind,
    hybrid::dfa::{Cache, DFA, OverlappingState},
    nfa::thompson::{BuildError, Builder, NFA, Transition},
    util::{look, pool::Pool, primitives::StateID},
};
use regex_syntax::hir::Look;

use super::{compile::Budget, program::Program, steps::Step};
use crate::limits::MATCH_CACHE_BYTES_MAX;

/// One automaton for many regexes, which it knows by their places in the order given.
#[derive(Debug)]
pub(super) struct Automaton {
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
    /// `None` when the budget is too small for it.
    pub(super) fn build<'p>(programs: impl Iterator<Item = &'p Program>, budget: &mut Budget) -> Option<Self> {
        let nfa = combined(programs, budget.for_states()).ok()?;
        budget.charge(nfa.memory_usage()).ok()?;
        let config = DFA::config()
            .match_kind(MatchKind::All)
            .cache_capacity(MATCH_CACHE_BYTES_MAX)
            .skip_cache_capacity_check(true)
            .minimum_cache_clear_count(Some(0))
            .minimum_bytes_per_state(Some(GIVE_UP_BYTES_PER_STATE));
        let dfa = DFA::builder().configure(config).build_from_nfa(nfa).ok()?;
        let (of_scratch, count) = (dfa.clone(), dfa.pattern_len());
        let create: Create = Box::new(move || Scratch { cache: of_scratch.create_cache(), found: vec![false; count] });
        Some(Self { dfa, scratch: Pool::new(create) })
    }

    /// Adds, of the places given for its regexes, those whose regex may match.
    pub(super) fn find(&self, principal: &str, places: &[u32], into: &mut Vec<u32>) {
        let mut scratch = self.scratch.get();
        let Scratch { cache, found } = &mut *scratch;
        let input = Input::new(principal);
        let mut state = OverlappingState::start();
        let mut matching = Vec::new();
        let gave_up = loop {
            if self.dfa.try_search_overlapping_fwd(cache, &input, &mut state).is_err() {
                break true;
            }
            let Some(end) = state.get_match() else { break false };
            let index = end.pattern().as_usize();
            if let Some(found) = found.get_mut(index).filter(|found| !**found) {
                *found = true;
                matching.push(index);
            }
        };
        if gave_up {
            // Too many different principals for its cache: to try each program is faster than to rebuild that.
            into.extend_from_slice(places);
        } else {
            into.extend(matching.iter().filter_map(|&index| places.get(index)));
        }
        for index in matching {
            if let Some(found) = found.get_mut(index) {
                *found = false;
            }
        }
    }
}

/// The automaton of all programs before it is made deterministic, of states of at most `limit` bytes.
fn combined<'p>(programs: impl Iterator<Item = &'p Program>, limit: usize) -> Result<NFA, BuildError> {
    let mut builder = Builder::new();
    builder.set_utf8(false);
    builder.set_size_limit(Some(limit))?;
    let mut starts = Vec::new();
    let mut from_start = true;
    for program in programs {
        from_start &= program.from_start;
        builder.start_pattern()?;
        let start = add(&mut builder, program)?;
        builder.finish_pattern(start)?;
        starts.push(start);
    }
    let anchored = builder.add_union(starts)?;
    if from_start {
        return builder.build(anchored, anchored);
    }
    let skip = builder.add_range(Transition { start: 0, end: u8::MAX, next: StateID::ZERO })?;
    let unanchored = builder.add_union(vec![anchored, skip])?;
    builder.patch(skip, unanchored)?;
    builder.build(anchored, unanchored)
}

/// Adds a program's states, last step first: each needs to know the one after it.
fn add(builder: &mut Builder, program: &Program) -> Result<StateID, BuildError> {
    let mut states = vec![StateID::ZERO; program.steps.len()];
    let state_of = |states: &[StateID], step: u32| states.get(step as usize).copied().unwrap_or(StateID::ZERO);
    let mut backward = Vec::new();
    let mut next = StateID::ZERO;
    for (place, &step) in program.steps.iter().enumerate().rev() {
        let is_later = |to: u32| to as usize > place;
        next = match step {
            Step::Match => builder.add_match()?,
            Step::Mark(_) => next,
            Step::Look(look) => builder.add_look(next, same_look(look))?,
            Step::Literal { .. } => {
                let bytes = program.literal(step).bytes().rev();
                bytes
                    .into_iter()
                    .try_fold(next, |next, byte| builder.add_range(Transition { start: byte, end: byte, next }))?
            }
            Step::Class { .. } => add_class(builder, program.class(step), next)?,
            Step::Jump(to) if is_later(to) => state_of(&states, to),
            Step::Jump(to) => {
                let jump = builder.add_empty()?;
                backward.push((jump, to));
                jump
            }
            Step::Split { first, second } => {
                let (later, earlier): (Vec<u32>, Vec<u32>) = [first, second].into_iter().partition(|&to| is_later(to));
                let split = builder.add_union(later.into_iter().map(|to| state_of(&states, to)).collect())?;
                backward.extend(earlier.into_iter().map(|to| (split, to)));
                split
            }
        };
        if let Some(state) = states.get_mut(place) {
            *state = next;
        }
    }
    for (from, to) in backward {
        builder.patch(from, state_of(&states, to))?;
    }
    Ok(next)
}

/// A class: its ASCII members, and every other character if it has any of those.
fn add_class(builder: &mut Builder, ranges: &[(char, char)], next: StateID) -> Result<StateID, BuildError> {
    let ascii = |character: char| u8::try_from(character).unwrap_or(u8::MAX).min(ASCII_MAX);
    let mut transitions: Vec<_> = ranges
        .iter()
        .take_while(|(start, _)| start.is_ascii())
        .map(|&(start, end)| Transition { start: ascii(start), end: ascii(end), next })
        .collect();
    if ranges.last().is_some_and(|(_, end)| !end.is_ascii()) {
        let more = builder.add_range(Transition { start: 0x80, end: 0xbf, next: StateID::ZERO })?;
        let rest = builder.add_union(vec![more, next])?;
        builder.patch(more, rest)?;
        transitions.push(Transition { start: 0xc2, end: 0xf4, next: rest });
    }
    builder.add_sparse(transitions)
}

fn same_look(look: Look) -> look::Look {
    match look {
        Look::Start => look::Look::Start,
        Look::StartLF => look::Look::StartLF,
        Look::EndLF => look::Look::EndLF,
        Look::WordAscii => look::Look::WordAscii,
        Look::WordAsciiNegate => look::Look::WordAsciiNegate,
        _ => look::Look::End, // OK because the front end makes no other
    }
}

const ASCII_MAX: u8 = 0x7f;
/// Fewer bytes read for each state built mean that the automaton costs more than it spares.
const GIVE_UP_BYTES_PER_STATE: usize = 8;
