//! Can the first groups of two regexes hold different parts of a text that both match? They walk the same text side by side,
//! each one way; where no two ways come apart, what one takes over the other does too.

use alloc::{string::String, vec, vec::Vec};

use foldhash::fast::FixedState;
use hashbrown::HashSet;
use regex_syntax::hir::Look;

use super::{
    super::program::Program,
    alphabet::plainest_in,
    ops::{Op, ops},
    search::Searched,
};
use crate::ground::{
    limits::{WITNESS_STATES_MAX, WITNESS_TRIED_MAX},
    work::Work,
};

/// A short text that both match, whose first groups can hold different parts of it, and that the check takes. Each regex
/// prefers one of its ways, so the check has the last word; nothing is found only where no ways at all come apart.
pub(crate) fn captures_differ<T>(
    one: &Program,
    other: &Program,
    work: &Work,
    mut check: impl FnMut(&str) -> Option<T>,
) -> Searched<T> {
    let (Some(first), Some(second)) = (Walked::of(one), Walked::of(other)) else { return Searched::Unknown };
    let mut walk = Walk { regexes: [first, second], work, nodes: Vec::new(), known: HashSet::default() };
    let start = Thread { place: 0, group: Group::Before };
    walk.add(Pair { threads: [start; 2], apart: false }, usize::MAX, ' ');
    let (mut at, mut refused) = (0_usize, 0_usize);
    while at < walk.nodes.len() {
        match walk.go_on(at) {
            Some(true) => match check(&walk.text(at)) {
                Some(found) => return Searched::Found(found),
                None => refused = refused.saturating_add(1),
            },
            Some(false) => {}
            None => return Searched::Unknown,
        }
        if refused > WITNESS_TRIED_MAX || walk.nodes.len() > WITNESS_STATES_MAX {
            return Searched::Unknown;
        }
        at = at.saturating_add(1);
    }
    if refused > 0 { Searched::Unknown } else { Searched::Nothing }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Group {
    Before,
    /// It has begun, and what it holds does not count, as it is to begin again.
    Skipped,
    Inside,
    After,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Thread {
    /// [`MATCHED`] where it has matched, whatever follows.
    place: u32,
    group: Group,
}

/// A way of each through the same text, and whether their groups hold different parts of it.
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

/// A regex by its steps.
struct Walked {
    ops: Vec<Op>,
    from_start: bool,
}

impl Walked {
    fn of(program: &Program) -> Option<Self> {
        Some(Self { ops: ops(program)?, from_start: program.is_from_start() })
    }
}

struct Walk<'w> {
    regexes: [Walked; 2],
    work: &'w Work,
    nodes: Vec<Node>,
    known: HashSet<Pair, FixedState>,
}

impl Walk<'_> {
    fn add(&mut self, pair: Pair, parent: usize, character: char) {
        if self.known.insert(pair) {
            self.nodes.push(Node { pair, parent, character });
        }
    }

    /// Adds what follows with one more character. Whether both match here and have come apart; nothing where the work is used
    /// up.
    fn go_on(&mut self, at: usize) -> Option<bool> {
        let (pair, is_start) = self.nodes.get(at).map(|node| (node.pair, node.parent == usize::MAX))?;
        let [first, second] = &self.regexes;
        let [one, other] = pair.threads;
        let (one, other) = (first.closure(one, is_start), second.closure(other, is_start));
        let ways = one.moves.len().saturating_mul(other.moves.len());
        self.work.spend(ways.saturating_add(one.steps).saturating_add(other.steps).saturating_add(NODE_STEPS)).ok()?;
        let mut found = Vec::new();
        for first in &one.moves {
            for second in &other.moves {
                if let Some(character) = plainest_in(common(&first.takes, &second.takes).into_iter()) {
                    let apart = pair.apart || first.is_inside != second.is_inside;
                    found.push((Pair { threads: [first.to, second.to], apart }, character));
                }
            }
        }
        for (pair, character) in found {
            self.add(pair, at, character);
        }
        Some(pair.apart && one.ends && other.ends)
    }

    fn text(&self, at: usize) -> String {
        let (mut characters, mut at) = (Vec::new(), at);
        while let Some(node) = self.nodes.get(at).filter(|node| node.parent != usize::MAX) {
            characters.push(node.character);
            at = node.parent;
        }
        characters.into_iter().rev().collect()
    }
}

/// A character that can come next.
struct Move {
    takes: Vec<(char, char)>,
    is_inside: bool,
    to: Thread,
}

#[derive(Default)]
struct Closure {
    moves: Vec<Move>,
    /// Whether it matches where the text ends here.
    ends: bool,
    /// How many places were looked at.
    steps: usize,
}

impl Walked {
    fn closure(&self, thread: Thread, is_start: bool) -> Closure {
        let mut closure = Closure::default();
        if thread.place == MATCHED {
            closure.moves.push(Move { takes: vec![ANY], is_inside: false, to: thread });
            closure.ends = true;
            return closure;
        }
        // Where it need not begin with the text, it may begin later.
        if thread == (Thread { place: 0, group: Group::Before }) && !self.from_start {
            closure.moves.push(Move { takes: vec![ANY], is_inside: false, to: thread });
        }
        for is_end in [false, true] {
            let mut pending = vec![thread];
            let mut seen: HashSet<Thread, FixedState> = HashSet::default();
            while let Some(thread) = pending.pop() {
                if !seen.insert(thread) {
                    continue;
                }
                closure.steps = closure.steps.saturating_add(1);
                let next = Thread { place: thread.place.saturating_add(1), ..thread };
                match self.ops.get(thread.place as usize) {
                    Some(Op::Take(ranges)) if !is_end => closure.moves.push(Move {
                        takes: ranges.clone(),
                        is_inside: thread.group == Group::Inside,
                        to: next,
                    }),
                    Some(Op::Look(Look::Start)) if is_start => pending.push(next),
                    Some(Op::Look(Look::End)) if is_end => pending.push(next),
                    Some(&Op::Split(first, second)) => {
                        pending.extend([first, second].map(|place| Thread { place, ..thread }));
                    }
                    Some(&Op::Goto(place)) => pending.push(Thread { place, ..thread }),
                    Some(&Op::Mark(mark)) => {
                        pending.extend(
                            marked(mark, thread.group).into_iter().flatten().map(|group| Thread { group, ..next }),
                        );
                    }
                    Some(Op::Match) if matches!(thread.group, Group::Before | Group::After) => {
                        if is_end {
                            closure.ends = true;
                        } else {
                            let to = Thread { place: MATCHED, group: Group::After };
                            closure.moves.push(Move { takes: vec![ANY], is_inside: false, to });
                        }
                    }
                    _ => {}
                }
            }
        }
        closure
    }
}

/// What becomes of a group at one of its ends: of a group that is repeated the last time counts.
fn marked(mark: u8, group: Group) -> [Option<Group>; 2] {
    match (mark, group) {
        (0, Group::Before | Group::Skipped) => [Some(Group::Inside), Some(Group::Skipped)],
        (0, _) => [None, None],
        (_, Group::Inside) => [Some(Group::After), None],
        (_, other) => [Some(other), None],
    }
}

/// The characters of both.
fn common(first: &[(char, char)], second: &[(char, char)]) -> Vec<(char, char)> {
    let overlaps = first.iter().flat_map(|&(start, end)| {
        let from = second.partition_point(|&(_, other_end)| other_end < start);
        let others = second.get(from..).unwrap_or_default().iter().take_while(move |&&(other, _)| other <= end);
        others.map(move |&(other_start, other_end)| (start.max(other_start), end.min(other_end)))
    });
    overlaps.collect()
}

/// The place of a regex that has matched.
const MATCHED: u32 = u32::MAX;

/// All characters.
const ANY: (char, char) = ('\0', char::MAX);

/// What it takes to keep a pair, in steps.
const NODE_STEPS: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parsed::regex::{Reading, parse};

    fn program(pattern: &str) -> Program {
        Program::compile(&parse(pattern, Reading::default()).unwrap().tree).unwrap()
    }

    /// What the first groups take over of a text that the two treat differently.
    fn differ(one: &str, other: &str) -> Searched<(String, String)> {
        let (one, other) = (program(one), program(other));
        let work = Work::of(10_000_000);
        captures_differ(&one, &other, &work, |text| {
            let held = |program: &Program| program.find(text, &work).ok()?.map(|held| String::from(held.unwrap_or("")));
            let (one, other) = (held(&one)?, held(&other)?);
            (one != other).then_some((one, other))
        })
    }

    #[test]
    fn regexes_that_take_over_the_same_part_do_not_differ() {
        for (one, other) in [
            ("^([a-z]+)@a$", "^([a-z]+)@a$"),
            ("^([a-z]+)@a$", "^([a-z0-9]+)@a$"),
            ("^([a-z]+)@a$", "^(.*)@a$"),
            ("^([a-z]+)@(?:a|b)$", "^([a-z]+)@b$"),
            ("^(a)$", "^(b)$"),
            ("^(.+)$", "^(?:(.+))$"),
        ] {
            assert_eq!(differ(one, other), Searched::Nothing, "{one} {other}");
        }
    }

    #[test]
    fn regexes_that_take_over_other_parts_differ() {
        for (one, other) in [
            ("^([a-z]+)@a$", "^([a-z]+@a)$"),
            ("^(.*)@a$", "^.*@(a)$"),
            ("(x)", "^(.*)$"),
            ("^(?:(a)|b)*$", "^(.*)$"),
            ("^(a)*b$", "^(a*)b$"),
            ("^([^@]*)@.*$", "^(.*)@[^@]*$"),
            ("([a-z]+)@a", "^([a-z]+)@a"),
        ] {
            assert!(matches!(differ(one, other), Searched::Found(_)), "{one} {other}: {:?}", differ(one, other));
        }
    }

    #[test]
    fn what_looks_at_words_is_unknown() {
        assert_eq!(differ(r"^(\ba)$", "^(a)$"), Searched::Unknown);
    }
}
