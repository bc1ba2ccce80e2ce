//! Can the first group of a regex hold different parts of one text? Two of it walk the same text side by side; where they can
//! come apart, engines that prefer other ways take over something else.

use alloc::{string::String, vec::Vec};

use foldhash::fast::FixedState;
use hashbrown::HashSet;
use regex_syntax::hir::Look;

use super::{
    super::program::Program,
    alphabet::plainest_in,
    led::{NONE, led},
    ops::{Op, ops},
    search::Searched,
};
use crate::ground::{limits::WITNESS_STATES_MAX, work::Work};

/// A short text whose first group can hold different parts of it. The regex has to span the whole text, and its group must
/// not be repeated.
pub(crate) fn two_ways(program: &Program, work: &Work) -> Searched<String> {
    let Some(ops) = ops(program) else { return Searched::Unknown };
    let mut walk = Walk { ops, work, nodes: Vec::new(), known: HashSet::default() };
    let start = Thread { place: 0, group: Group::Before };
    walk.add(Pair { threads: [start; 2], apart: false }, NONE, ' ');
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

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Group {
    Before,
    Inside,
    After,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Thread {
    place: u32,
    group: Group,
}

/// Two ways through the same text, and whether their groups hold different parts of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Pair {
    threads: [Thread; 2],
    apart: bool,
}

struct Node {
    pair: Pair,
    parent: usize,
    character: char,
}

struct Walk<'w> {
    ops: Vec<Op>,
    work: &'w Work,
    nodes: Vec<Node>,
    known: HashSet<Pair, FixedState>,
}

impl Walk<'_> {
    fn add(&mut self, pair: Pair, parent: usize, character: char) {
        // Which of the two is which does not matter.
        let mut pair = pair;
        pair.threads.sort_unstable();
        if self.known.insert(pair) {
            self.nodes.push(Node { pair, parent, character });
        }
    }

    /// Adds what follows with one more character. Whether both match here and have come apart; nothing where the work is used
    /// up.
    fn go_on(&mut self, at: usize) -> Option<bool> {
        let (pair, is_start) = self.nodes.get(at).map(|node| (node.pair, node.parent == NONE))?;
        let [one, other] = pair.threads.map(|thread| self.closure(thread, is_start));
        let (ways, ends) = (one.waiting.len().saturating_mul(other.waiting.len()), (one.ends, other.ends));
        self.work.spend(ways.saturating_add(one.steps).saturating_add(other.steps).saturating_add(NODE_STEPS)).ok()?;
        let apart = ends.0.iter().any(|one| ends.1.iter().any(|other| pair.apart || one != other));
        if apart {
            return Some(true);
        }
        for &first in &one.waiting {
            for &second in &other.waiting {
                if let Some(character) = self.both(first, second) {
                    let apart = pair.apart || first.group != second.group;
                    let further = |thread: Thread| Thread { place: thread.place.saturating_add(1), ..thread };
                    self.add(Pair { threads: [further(first), further(second)], apart }, at, character);
                }
            }
        }
        Some(false)
    }

    /// A character that both take.
    fn both(&self, first: Thread, second: Thread) -> Option<char> {
        let [Op::Take(first), Op::Take(second)] =
            [self.ops.get(first.place as usize)?, self.ops.get(second.place as usize)?]
        else {
            return None;
        };
        let overlaps = first.iter().flat_map(|&(start, end)| {
            let from = second.partition_point(|&(_, other_end)| other_end < start);
            let others = second.get(from..).unwrap_or_default().iter().take_while(move |&&(other, _)| other <= end);
            others.map(move |&(other_start, other_end)| (start.max(other_start), end.min(other_end)))
        });
        plainest_in(overlaps)
    }

    fn closure(&self, thread: Thread, is_start: bool) -> Closure {
        let mut closure = Closure { waiting: Vec::new(), ends: Vec::new(), steps: 0 };
        for is_end in [false, true] {
            let mut pending = Vec::from([thread]);
            let mut seen: HashSet<Thread, FixedState> = HashSet::default();
            while let Some(thread) = pending.pop() {
                if !seen.insert(thread) {
                    continue;
                }
                closure.steps = closure.steps.saturating_add(1);
                let next = Thread { place: thread.place.saturating_add(1), ..thread };
                match self.ops.get(thread.place as usize) {
                    Some(Op::Take(_)) if !is_end => closure.waiting.push(thread),
                    Some(Op::Look(Look::Start)) if is_start => pending.push(next),
                    Some(Op::Look(Look::End)) if is_end => pending.push(next),
                    Some(&Op::Split(first, second)) => {
                        pending.extend([first, second].map(|place| Thread { place, ..thread }));
                    }
                    Some(&Op::Goto(place)) => pending.push(Thread { place, ..thread }),
                    Some(Op::Mark(0)) => pending.push(Thread { group: Group::Inside, ..next }),
                    Some(Op::Mark(_)) => pending.push(Thread { group: Group::After, ..next }),
                    Some(Op::Match) if is_end => closure.ends.push(thread.group),
                    _ => {}
                }
            }
        }
        closure
    }

    fn text(&self, at: usize) -> String {
        led(at, |at| self.nodes.get(at).map(|node| (node.parent, node.character)))
    }
}

struct Closure {
    waiting: Vec<Thread>,
    /// What the group can be in where the text ends here.
    ends: Vec<Group>,
    /// How many places were looked at.
    steps: usize,
}

/// What it takes to keep a pair, in steps.
const NODE_STEPS: usize = 16;
