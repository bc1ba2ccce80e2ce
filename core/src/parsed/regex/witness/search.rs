//! Is there a text that some regexes match and others do not? They are walked side by side, breadth first, so that the
//! shortest is found; where there are too many states to be walked the answer is that nobody knows.

use alloc::{string::String, vec::Vec};

use foldhash::fast::FixedState;
use hashbrown::HashMap;

use super::{
    super::program::Program,
    alphabet::{Around, Predicates, Symbol, symbols},
    led::{NONE, led},
    machine::{Closure, Machine, State},
    target::Target,
};
use crate::ground::{
    limits::{WITNESS_STATES_MAX, WITNESS_TRIED_MAX},
    work::{TooCostly, Work},
};

/// How a regex is to treat the text.
#[derive(Clone, Copy)]
pub(crate) struct Wanted<'p> {
    program: &'p Program,
    matches: bool,
    group: Option<&'p Target>,
}

impl<'p> Wanted<'p> {
    /// It is to match.
    pub(crate) fn matching(program: &'p Program) -> Self {
        Self { program, matches: true, group: None }
    }

    /// It is to match, and its first group is to hold that.
    pub(crate) fn holding(program: &'p Program, group: &'p Target) -> Self {
        Self { program, matches: true, group: Some(group) }
    }

    /// It is not to match.
    pub(crate) fn missing(program: &'p Program) -> Self {
        Self { program, matches: false, group: None }
    }
}

/// What came of a search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Searched<T> {
    /// There is such a text.
    Found(T),
    /// There is none: every text was walked.
    Nothing,
    /// Nobody knows.
    Unknown,
}

impl<T> Searched<T> {
    pub(crate) fn found(self) -> Option<T> {
        match self {
            Self::Found(found) => Some(found),
            Self::Nothing | Self::Unknown => None,
        }
    }
}

/// The shortest text that is treated so by all of them and that the check, which has the last word, takes: where a regex can
/// match in several ways, a group may hold something else than is wanted.
pub(crate) fn shortest<T>(wanted: &[Wanted<'_>], work: &Work, check: impl FnMut(&str) -> Option<T>) -> Searched<T> {
    walked(wanted, work, 1, check)
}

/// The same, where of several texts that the regexes cannot tell apart the check may take another than the shortest.
pub(crate) fn shortest_of_several<T>(
    wanted: &[Wanted<'_>],
    work: &Work,
    check: impl FnMut(&str) -> Option<T>,
) -> Searched<T> {
    walked(wanted, work, ALIKE_MAX, check)
}

/// How many texts that cannot be told apart go on.
const ALIKE_MAX: u8 = 4;

fn walked<T>(wanted: &[Wanted<'_>], work: &Work, alike: u8, mut check: impl FnMut(&str) -> Option<T>) -> Searched<T> {
    if wanted.iter().any(|wanted| read(wanted.program, work).is_err()) {
        return Searched::Unknown;
    }
    let mut predicates = Predicates::default();
    let machines: Vec<Machine> =
        wanted.iter().map(|wanted| Machine::new(wanted.program, wanted.group, &mut predicates)).collect();
    let looks = machines.iter().any(|machine| machine.looks);
    let Some(symbols) = symbols(predicates, looks) else { return Searched::Unknown };
    let plain: Vec<&Symbol> = symbols.iter().filter(|symbol| symbol.is_plain()).collect();
    let all: Vec<&Symbol> = symbols.iter().collect();
    // What people can read is looked for first.
    for symbols in [plain, all] {
        let mut walk = Walk { alike, ..Walk::new(&machines, wanted, symbols, work) };
        match walk.shortest(&mut check) {
            Searched::Nothing => {}
            known => return known,
        }
    }
    Searched::Nothing
}

/// Takes from the budget what it costs to make a machine of a regex, and to tell its characters apart.
pub(super) fn read(program: &Program, work: &Work) -> Result<(), TooCostly> {
    work.spend(program.bytes() / BYTES_PER_STEP)
}

const BYTES_PER_STEP: usize = 4;

struct Walk<'w, 'p> {
    machines: &'w [Machine],
    wanted: &'w [Wanted<'p>],
    symbols: Vec<&'w Symbol>,
    work: &'w Work,
    nodes: Vec<Node>,
    /// What is known, and how many texts lead there.
    known: HashMap<(Around, Vec<Vec<State>>), u8, FixedState>,
    /// How many texts that lead to the same may go on.
    alike: u8,
    /// Whether what stands before a place matters beyond the start of the text.
    looks: bool,
    refused: usize,
    /// How many states all nodes hold.
    held: usize,
}

/// What all machines are in after a text, and how that text ends.
struct Node {
    states: Vec<Vec<State>>,
    before: Around,
    parent: usize,
    character: char,
}

impl<'w, 'p> Walk<'w, 'p> {
    fn new(machines: &'w [Machine], wanted: &'w [Wanted<'p>], symbols: Vec<&'w Symbol>, work: &'w Work) -> Self {
        let looks = machines.iter().any(|machine| machine.looks);
        Self {
            machines,
            wanted,
            symbols,
            work,
            nodes: Vec::new(),
            known: HashMap::default(),
            alike: 1,
            looks,
            refused: 0,
            held: 0,
        }
    }

    fn shortest<T>(&mut self, check: &mut impl FnMut(&str) -> Option<T>) -> Searched<T> {
        let states = self.machines.iter().map(Machine::start).collect();
        self.nodes.push(Node { states, before: Around::Edge, parent: NONE, character: ' ' });
        let mut at = 0;
        while at < self.nodes.len() {
            if self.is_wanted(at) {
                match check(&self.text(at)) {
                    Some(found) => return Searched::Found(found),
                    None => self.refused = self.refused.saturating_add(1),
                }
            }
            if self.refused > WITNESS_TRIED_MAX || self.held > WITNESS_STATES_MAX || self.go_on(at).is_none() {
                return Searched::Unknown;
            }
            at = at.saturating_add(1);
        }
        // Another text that leads to the same states may be one that the check takes.
        if self.refused > 0 { Searched::Unknown } else { Searched::Nothing }
    }

    /// Whether the text that led there is treated as is wanted.
    fn is_wanted(&self, at: usize) -> bool {
        let Some(node) = self.nodes.get(at) else { return false };
        self.each(node).all(|(machine, wanted, states)| {
            machine.closure(states, node.before, Around::Edge).matched == wanted.matches
        })
    }

    fn each<'n>(&'n self, node: &'n Node) -> impl Iterator<Item = (&'n Machine, &'n Wanted<'n>, &'n Vec<State>)> {
        self.machines
            .iter()
            .zip(self.wanted)
            .zip(&node.states)
            .map(|((machine, wanted), states)| (machine, wanted, states))
    }

    /// Adds what follows with one more character; nothing where the work is used up.
    fn go_on(&mut self, at: usize) -> Option<()> {
        let mut found = Vec::new();
        let node = self.nodes.get(at)?;
        for after in Around::OF_CHARACTERS {
            let mut symbols = self.symbols.iter().filter(|symbol| symbol.around == after).peekable();
            if symbols.peek().is_none() {
                continue;
            }
            let closures: Vec<Closure> =
                self.each(node).map(|(machine, _, states)| machine.closure(states, node.before, after)).collect();
            let size: usize = closures.iter().map(|closure| closure.waiting.len().saturating_add(1)).sum();
            for &symbol in symbols {
                self.work.spend(size).ok()?;
                let stepped =
                    self.machines.iter().zip(&closures).map(|(machine, closure)| machine.step(closure, symbol));
                let states: Vec<Vec<State>> = stepped.collect();
                if self.is_hopeful(&states) {
                    found.push((symbol.character, if self.looks { after } else { Around::Other }, states));
                }
            }
        }
        for (character, before, states) in found {
            let key = (before, states);
            match self.known.get_mut(&key) {
                Some(texts) if *texts >= self.alike => continue,
                Some(texts) => *texts = texts.saturating_add(1),
                None => {
                    self.known.insert(key.clone(), 1);
                }
            }
            let held: usize = key.1.iter().map(|states| states.len().saturating_add(1)).sum();
            self.held = self.held.saturating_add(held);
            self.nodes.push(Node { states: key.1, before, parent: at, character });
        }
        Some(())
    }

    /// Whether texts that go on from there can be treated as is wanted.
    fn is_hopeful(&self, states: &[Vec<State>]) -> bool {
        self.wanted.iter().zip(states).all(|(wanted, states)| match wanted.matches {
            true => !Machine::is_dead(states),
            false => !Machine::has_matched(states),
        })
    }

    fn text(&self, at: usize) -> String {
        led(at, |at| self.nodes.get(at).map(|node| (node.parent, node.character)))
    }
}
