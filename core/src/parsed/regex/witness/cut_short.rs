//! Is there a text that a regex can match as a whole, of which it prefers to match less when nobody asks for the whole? Its
//! states are kept in the order of its preference, as a backtracking engine would try them, beside all that it can be in.

use alloc::{string::String, vec::Vec};

use foldhash::fast::FixedState;
use hashbrown::HashSet;
use regex_syntax::hir::Look;

use super::{
    super::program::Program,
    alphabet::{Predicate, Predicates, Symbol, symbols},
    led::{NONE, led},
    ops::{Op, ops},
    search::{Searched, read},
};
use crate::ground::{limits::WITNESS_STATES_MAX, work::Work};

/// A short text that the regex, which begins with the start of the text, can match up to its end, and does not.
pub(crate) fn cut_short(program: &Program, work: &Work) -> Searched<String> {
    if read(program, work).is_err() {
        return Searched::Unknown;
    }
    let Some(ops) = ops(program) else { return Searched::Unknown };
    let mut predicates = Predicates::default();
    let numbers: Vec<Option<Predicate>> = ops
        .iter()
        .map(|op| match op {
            Op::Take(ranges) => Some(predicates.add(ranges)),
            _ => None,
        })
        .collect();
    let Some(symbols) = symbols(predicates, false) else { return Searched::Unknown };
    let mut walk = Walk { ops, numbers, symbols, work, nodes: Vec::new(), known: HashSet::default() };
    walk.add(States { preferred: [0].into(), all: [0].into() }, NONE, ' ');
    let mut at = 0;
    while at < walk.nodes.len() {
        match walk.go_on(at) {
            Some(true) => return Searched::Found(walk.text(at)),
            Some(false) if walk.nodes.len() <= WITNESS_STATES_MAX => {}
            _ => return Searched::Unknown,
        }
        at = at.saturating_add(1);
    }
    Searched::Nothing
}

/// Places in the steps after a text.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct States {
    /// Those that a match which is preferred to all found so far can go through, in the order of preference.
    preferred: Vec<u32>,
    /// All, sorted.
    all: Vec<u32>,
}

struct Node {
    states: States,
    parent: usize,
    character: char,
}

struct Walk<'w> {
    ops: Vec<Op>,
    numbers: Vec<Option<Predicate>>,
    symbols: Vec<Symbol>,
    work: &'w Work,
    nodes: Vec<Node>,
    known: HashSet<States, FixedState>,
}

impl Walk<'_> {
    fn add(&mut self, states: States, parent: usize, character: char) {
        if !states.all.is_empty() && self.known.insert(states.clone()) {
            self.nodes.push(Node { states, parent, character });
        }
    }

    /// Adds what follows with one more character. Whether the text could be matched up to here and is not; nothing where the
    /// work is used up.
    fn go_on(&mut self, at: usize) -> Option<bool> {
        let node = self.nodes.get(at)?;
        let is_start = node.parent == NONE;
        let ends = |places: &[u32]| self.closure(places, is_start, true).matched;
        if ends(&node.states.all) && !ends(&node.states.preferred) {
            return Some(true);
        }
        let preferred = self.closure(&node.states.preferred, is_start, false);
        let all = self.closure(&node.states.all, is_start, false);
        // The same places were looked at to see whether the text can end here.
        self.work.spend(preferred.steps.saturating_add(all.steps).saturating_mul(2)).ok()?;
        let mut all = all.seen;
        all.sort_unstable();
        let mut found = Vec::new();
        for symbol in &self.symbols {
            self.work.spend(all.len().saturating_add(preferred.waiting.len()).saturating_add(SYMBOL_STEPS)).ok()?;
            let taken = |places: &[u32]| -> Vec<u32> {
                let takes = |&&place: &&u32| {
                    self.numbers.get(place as usize).copied().flatten().is_some_and(|number| symbol.is(number))
                };
                places.iter().filter(takes).map(|place| place.saturating_add(1)).collect()
            };
            found.push((States { preferred: taken(&preferred.waiting), all: taken(&all) }, symbol.character));
        }
        for (states, character) in found {
            self.add(states, at, character);
        }
        Some(false)
    }

    /// The places that wait for a character, in the order of preference up to the first match.
    fn closure(&self, places: &[u32], is_start: bool, is_end: bool) -> Closure {
        let mut closure = Closure { waiting: Vec::new(), seen: Vec::new(), matched: false, steps: 0 };
        let mut seen: HashSet<u32, FixedState> = HashSet::default();
        let mut pending: Vec<u32> = places.iter().rev().copied().collect();
        while let Some(place) = pending.pop() {
            if !seen.insert(place) {
                continue;
            }
            closure.steps = closure.steps.saturating_add(1);
            let next = place.saturating_add(1);
            match self.ops.get(place as usize) {
                Some(Op::Take(_)) => {
                    closure.seen.push(place);
                    if !closure.matched {
                        closure.waiting.push(place);
                    }
                }
                Some(Op::Look(Look::Start)) if is_start => pending.push(next),
                Some(Op::Look(Look::End)) if is_end => pending.push(next),
                Some(&Op::Split(first, second)) => pending.extend([second, first]),
                Some(&Op::Goto(to)) => pending.push(to),
                Some(Op::Mark(_)) => pending.push(next),
                Some(Op::Match) => closure.matched = true,
                _ => {}
            }
        }
        closure
    }

    fn text(&self, at: usize) -> String {
        led(at, |at| self.nodes.get(at).map(|node| (node.parent, node.character)))
    }
}

struct Closure {
    /// In the order of preference, up to the first match.
    waiting: Vec<u32>,
    /// All.
    seen: Vec<u32>,
    matched: bool,
    /// How many places were looked at.
    steps: usize,
}

/// What it takes to keep the states after a symbol, in steps.
const SYMBOL_STEPS: usize = 8;
