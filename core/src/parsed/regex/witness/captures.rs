//! Do the first groups of two regexes hold different parts of a text that both match? Both walk the same text side by side,
//! each with all its ways in the order of its preference, as a backtracking engine would try them.

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
use crate::ground::{
    limits::{WITNESS_STATES_MAX, WITNESS_TRIED_MAX},
    work::Work,
};

/// A short text that both match, whose first groups hold different parts of it, and that the check takes: different parts may
/// read alike. Nothing is found only where the groups hold the same part of every text that both match.
pub(crate) fn captures_differ<T>(
    one: &Program,
    other: &Program,
    work: &Work,
    mut check: impl FnMut(&str) -> Option<T>,
) -> Searched<T> {
    if read(one, work).is_err() || read(other, work).is_err() {
        return Searched::Unknown;
    }
    let mut predicates = Predicates::default();
    let regexes = [Walked::of(one, &mut predicates), Walked::of(other, &mut predicates)];
    let ([Some(first), Some(second)], Some(symbols)) = (regexes, symbols(predicates, false)) else {
        return Searched::Unknown;
    };
    let mut walk =
        Walk { regexes: [first, second], symbols, work, nodes: Vec::new(), known: HashSet::default(), held: 0 };
    walk.add(State::default(), NONE, ' ');
    let (mut at, mut refused) = (0_usize, 0_usize);
    while at < walk.nodes.len() {
        if walk.is_apart(at) {
            match check(&walk.text(at)) {
                Some(found) => return Searched::Found(found),
                None => refused = refused.saturating_add(1),
            }
        }
        if refused > WITNESS_TRIED_MAX || walk.held > WITNESS_STATES_MAX || walk.go_on(at).is_none() {
            return Searched::Unknown;
        }
        at = at.saturating_add(1);
    }
    if refused > 0 { Searched::Unknown } else { Searched::Nothing }
}

/// A way through the text so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Thread {
    /// [`MATCHED`] where it has matched, whatever follows.
    place: u32,
    /// Whether the group has begun and not ended.
    is_inside: bool,
    /// Whether what the group holds is empty so far.
    is_empty: bool,
}

/// All ways of both, each in the order of preference, and of which pairs of them the groups hold different parts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct State {
    threads: [Vec<Thread>; 2],
    /// For each of the first's ways one for each of the second's.
    apart: Vec<bool>,
}

struct Node {
    state: State,
    parent: usize,
    character: char,
}

/// A regex by its steps.
struct Walked {
    ops: Vec<Op>,
    takes: Vec<Option<Predicate>>,
    from_start: bool,
}

/// A way that waits for a character, or has matched, and the way that it comes from.
#[derive(Clone, Copy)]
struct Waiting {
    thread: Thread,
    /// Its place among the ways before; nothing for one that begins here.
    origin: Option<usize>,
    /// Whether the group has begun anew here.
    is_fresh: bool,
}

impl Walked {
    fn of(program: &Program, predicates: &mut Predicates) -> Option<Self> {
        let ops = ops(program)?;
        let takes = ops.iter().map(|op| match op {
            Op::Take(ranges) => Some(predicates.add(ranges)),
            _ => None,
        });
        let takes = takes.collect();
        Some(Self { ops, takes, from_start: program.is_from_start() })
    }

    /// The ways that go on from here in the order of preference, up to the first that matches; at the end of the text that one
    /// alone. Also how many places were looked at.
    fn closure(&self, threads: &[Thread], is_start: bool, is_end: bool) -> (Vec<Waiting>, usize) {
        let mut closure: Vec<Waiting> = Vec::new();
        let mut seen: HashSet<u32, FixedState> = HashSet::default();
        let mut pending = Vec::new();
        let begins = is_start || !self.from_start;
        let begun = Thread { place: 0, is_inside: false, is_empty: true };
        let begun = begins.then_some(Waiting { thread: begun, origin: None, is_fresh: true });
        let before = threads.iter().enumerate();
        let before = before.map(|(origin, &thread)| Waiting { thread, origin: Some(origin), is_fresh: false });
        for first in before.chain(begun) {
            pending.push(first);
            while let Some(way) = pending.pop() {
                let Waiting { thread, .. } = way;
                if !seen.insert(thread.place) {
                    continue;
                }
                let to = |place: u32| Waiting { thread: Thread { place, ..thread }, ..way };
                let next = to(thread.place.saturating_add(1));
                match self.ops.get(thread.place as usize) {
                    _ if thread.place == MATCHED => {
                        closure.push(way);
                        return (closure, seen.len());
                    }
                    Some(Op::Take(_)) if !is_end => closure.push(way),
                    Some(Op::Look(Look::Start)) if is_start => pending.push(next),
                    Some(Op::Look(Look::End)) if is_end => pending.push(next),
                    // What is preferred is taken from the stack first.
                    Some(&Op::Split(first, second)) => pending.extend([to(second), to(first)]),
                    Some(&Op::Goto(place)) => pending.push(to(place)),
                    Some(Op::Mark(0)) => {
                        let thread = Thread { is_inside: true, is_empty: true, ..next.thread };
                        pending.push(Waiting { thread, is_fresh: true, ..way });
                    }
                    Some(Op::Mark(_)) => {
                        pending.push(Waiting { thread: Thread { is_inside: false, ..next.thread }, ..way });
                    }
                    Some(Op::Match) => {
                        closure.push(Waiting { thread: Thread { is_inside: false, ..to(MATCHED).thread }, ..way });
                        return (closure, seen.len());
                    }
                    _ => {}
                }
            }
        }
        (closure, seen.len())
    }

    /// The way after a symbol; nothing where it ends there.
    fn taken(&self, way: &Waiting, symbol: &Symbol) -> Option<Thread> {
        let thread = way.thread;
        if thread.place == MATCHED {
            return Some(thread);
        }
        let predicate = self.takes.get(thread.place as usize).copied().flatten()?;
        symbol.is(predicate).then(|| Thread {
            place: thread.place.saturating_add(1),
            is_empty: thread.is_empty && !thread.is_inside,
            ..thread
        })
    }
}

struct Walk<'w> {
    regexes: [Walked; 2],
    symbols: Vec<Symbol>,
    work: &'w Work,
    nodes: Vec<Node>,
    known: HashSet<State, FixedState>,
    /// How many ways and pairs all nodes hold.
    held: usize,
}

impl Walk<'_> {
    fn add(&mut self, state: State, parent: usize, character: char) {
        if self.known.contains(&state) {
            return;
        }
        let ways: usize = state.threads.iter().map(Vec::len).sum();
        self.held = self.held.saturating_add(ways).saturating_add(state.apart.len()).saturating_add(1);
        self.known.insert(state.clone());
        self.nodes.push(Node { state, parent, character });
    }

    /// Whether both match the text that led there, and their groups hold different parts of it.
    fn is_apart(&self, at: usize) -> bool {
        let Some(node) = self.nodes.get(at) else { return false };
        let [first, second] = &self.regexes;
        let [one, other] = &node.state.threads;
        let is_start = node.parent == NONE;
        let last = |regex: &Walked, threads: &[Thread]| {
            let (closure, _) = regex.closure(threads, is_start, true);
            closure.last().copied().filter(|way| way.thread.place == MATCHED)
        };
        let (Some(one), Some(other)) = (last(first, one), last(second, other)) else { return false };
        node.state.are_apart(&one, &other)
    }

    /// Adds what follows with one more character; nothing where the work is used up.
    fn go_on(&mut self, at: usize) -> Option<()> {
        let node = self.nodes.get(at)?;
        let is_start = node.parent == NONE;
        let [first, second] = &self.regexes;
        let [one, other] = &node.state.threads;
        let (one, steps) = first.closure(one, is_start, false);
        let (other, more) = second.closure(other, is_start, false);
        self.work.spend(steps.saturating_add(more).saturating_mul(2)).ok()?;
        let mut found = Vec::new();
        for symbol in &self.symbols {
            let taken = |regex: &Walked, ways: &[Waiting]| -> Vec<(Waiting, Thread)> {
                ways.iter().filter_map(|way| Some((*way, regex.taken(way, symbol)?))).collect()
            };
            let (one, other) = (taken(first, &one), taken(second, &other));
            let pairs = one.len().saturating_mul(other.len());
            self.work.spend(pairs.saturating_add(one.len()).saturating_add(other.len()).saturating_add(1)).ok()?;
            // One that has no way left matches nothing that follows.
            let is_over = |regex: &Walked, ways: &[(Waiting, Thread)]| ways.is_empty() && regex.from_start;
            if is_over(first, &one) || is_over(second, &other) {
                continue;
            }
            let apart = one.iter().flat_map(|(one, _)| {
                let state = &node.state;
                other.iter().map(move |(other, _)| {
                    one.thread.is_inside != other.thread.is_inside || state.are_apart(one, other)
                })
            });
            let apart = apart.collect();
            let threads = [one, other].map(|ways| ways.into_iter().map(|(_, thread)| thread).collect());
            found.push((State { threads, apart }, symbol.character));
        }
        for (state, character) in found {
            self.add(state, at, character);
        }
        Some(())
    }

    fn text(&self, at: usize) -> String {
        led(at, |at| self.nodes.get(at).map(|node| (node.parent, node.character)))
    }
}

impl State {
    /// Whether the groups of two ways that go on from here hold different parts of the text. Where one has begun here, both
    /// have to be empty to be alike.
    fn are_apart(&self, one: &Waiting, other: &Waiting) -> bool {
        let (Some(first), Some(second)) = (one.origin, other.origin) else {
            return !(one.thread.is_empty && other.thread.is_empty);
        };
        if one.is_fresh || other.is_fresh {
            return !(one.thread.is_empty && other.thread.is_empty);
        }
        let [_, others] = &self.threads;
        let place = first.saturating_mul(others.len()).saturating_add(second);
        self.apart.get(place).copied().unwrap_or(true)
    }
}

/// The place of a regex that has matched.
const MATCHED: u32 = u32::MAX;

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
            ("^([a-z]+)@a$", "(.*)@a$"),
            ("^(?:(a)|b)*$", "^(?:b|(a))*$"),
            ("^(a*?)b$", "^(a*)b$"),
            ("x", "^x$"),
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
            ("([a-z]+)@a", "^.([a-z]+)@a"),
            ("^([a-z]+)@a", "(.*)@a"),
            ("^(a*?)a*$", "^(a*)a*$"),
            ("x(.)", "x.*x(.)"),
        ] {
            assert!(matches!(differ(one, other), Searched::Found(_)), "{one} {other}: {:?}", differ(one, other));
        }
    }

    /// Random regexes over two characters, against all texts of up to six of them.
    #[test]
    fn whatever_two_regexes_are_all_short_texts_agree() {
        let pieces =
            ["a", "b", "(?:a|b)", "a*", "b?", "(a)", "(a|b)", "(a*)", "(b)*", "(?:(a)|b)*", ".*", "(.*?)", "(a?)+"];
        let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
        let mut next = |bound: usize| {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            usize::try_from(seed % bound as u64).unwrap()
        };
        let mut texts = alloc::vec![String::new()];
        let mut last = texts.clone();
        for _ in 0..6 {
            last = last.iter().flat_map(|text| ["a", "b"].map(|more| [text, more].concat())).collect();
            texts.extend(last.iter().cloned());
        }
        let work = Work::of(u64::MAX);
        let held = |program: &Program, text: &str| {
            program.find(text, &work).unwrap().map(|held| String::from(held.unwrap_or_default()))
        };
        let (mut same, mut other) = (0, 0);
        for _ in 0..600 {
            let mut pattern = || {
                let middle: String = (0..=next(2)).map(|_| pieces[next(pieces.len())]).collect();
                [["", "^"][next(2)], &middle, ["", "$"][next(2)]].concat()
            };
            let (one, another) = (pattern(), pattern());
            let (first, second) = (program(&one), program(&another));
            let differs = |text: &str| {
                let (one, other) = (held(&first, text)?, held(&second, text)?);
                (one != other).then_some(())
            };
            match captures_differ(&first, &second, &work, differs) {
                Searched::Nothing => {
                    same += 1;
                    let found = texts.iter().find(|text| differs(text).is_some());
                    assert_eq!(found, None, "{one} {another}");
                }
                Searched::Found(()) => other += 1,
                Searched::Unknown => {}
            }
        }
        assert!(same > 50 && other > 200, "{same} {other}");
    }

    #[test]
    fn what_looks_at_words_is_unknown() {
        assert_eq!(differ(r"^(\ba)$", "^(a)$"), Searched::Unknown);
    }
}
