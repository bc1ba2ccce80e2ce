//! In which states can a regex be after a text? Its steps, one character each, as a machine that is in many states at once.

use alloc::{vec, vec::Vec};

use regex_syntax::hir::Look;

use super::{
    super::{program::Program, steps::Step},
    alphabet::{Around, Predicate, Predicates, Symbol},
    target::Target,
};

/// A state: a place in the steps, and how much of what the group is to hold has been read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct State {
    place: u32,
    group: Group,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Group {
    /// It has not begun.
    Before,
    /// It has begun; what it holds does not count, as it is to begin again.
    Skipped,
    /// So many characters of what it is to hold have been read.
    Inside(u32),
    Done,
}

impl State {
    /// The regex has matched: whatever follows.
    const MATCHED: Self = Self { place: u32::MAX, group: Group::Done };
}

#[derive(Clone, Copy)]
enum Op {
    Take(Predicate),
    Look(Look),
    Split(u32, u32),
    Goto(u32),
    Mark(u8),
    Match,
}

/// A regex as a machine.
pub(super) struct Machine {
    ops: Vec<Op>,
    /// The characters that the group is to hold, one after the other, and those that may follow.
    target: Option<(Vec<Predicate>, Option<Predicate>)>,
    /// Those that may stand before them.
    leading: Option<Predicate>,
    from_start: bool,
    pub(super) looks: bool,
}

impl Machine {
    pub(super) fn new(program: &Program, target: Option<&Target>, predicates: &mut Predicates) -> Self {
        let mut ops = Vec::new();
        // Literals become one step for each character: places move.
        let mut places = Vec::new();
        let mut looks = false;
        for &step in program.steps() {
            places.push(place(ops.len()));
            match step {
                Step::Literal { .. } => {
                    ops.extend(program.literal(step).chars().map(|one| Op::Take(predicates.add(&[(one, one)]))));
                }
                Step::Class { .. } => ops.push(Op::Take(predicates.add(program.class(step)))),
                Step::Look(look) => {
                    looks |= !matches!(look, Look::Start | Look::End);
                    ops.push(Op::Look(look));
                }
                Step::Mark(mark) => ops.push(Op::Mark(mark)),
                Step::Split { first, second } => ops.push(Op::Split(first, second)),
                Step::Jump(to) => ops.push(Op::Goto(to)),
                Step::Match => ops.push(Op::Match),
            }
        }
        let moved = |to: u32| places.get(to as usize).copied().unwrap_or(to);
        for op in &mut ops {
            match op {
                Op::Split(first, second) => (*first, *second) = (moved(*first), moved(*second)),
                Op::Goto(to) => *to = moved(*to),
                _ => {}
            }
        }
        let leading = target.and_then(|target| target.leading.as_deref()).map(|leading| predicates.add(leading));
        let target = target.map(|target| {
            let sequence = target.sequence.iter().map(|ranges| predicates.add(ranges)).collect();
            (sequence, target.rest.as_deref().map(|rest| predicates.add(rest)))
        });
        Self { ops, target, leading, from_start: program.is_from_start(), looks }
    }

    /// The states before any text.
    pub(super) fn start(&self) -> Vec<State> {
        vec![State { place: 0, group: Group::Before }]
    }

    /// Whether nothing that follows can make it match.
    pub(super) fn is_dead(states: &[State]) -> bool {
        states.is_empty()
    }

    /// Whether it has matched already.
    pub(super) fn has_matched(states: &[State]) -> bool {
        states.first() == Some(&State::MATCHED)
    }

    /// The states that wait for a character at this place, or that it has matched.
    pub(super) fn closure(&self, states: &[State], before: Around, after: Around) -> Closure {
        let mut closure = Closure { waiting: Vec::new(), matched: Self::has_matched(states) };
        if closure.matched {
            return closure;
        }
        let mut pending: Vec<State> = states.to_vec();
        let mut seen: Vec<State> = Vec::new();
        while let Some(state) = pending.pop() {
            match seen.binary_search(&state) {
                Ok(_) => continue,
                Err(place) => seen.insert(place, state),
            }
            let next = State { place: state.place.saturating_add(1), ..state };
            match self.ops.get(state.place as usize) {
                Some(Op::Take(_)) => closure.waiting.push(state),
                Some(&Op::Look(look)) if holds(look, before, after) => pending.push(next),
                Some(&Op::Split(first, second)) => {
                    pending.extend([first, second].map(|place| State { place, ..state }));
                }
                Some(&Op::Goto(to)) => pending.push(State { place: to, ..state }),
                Some(&Op::Mark(mark)) => {
                    pending.extend(
                        self.marked(mark, state.group).into_iter().flatten().map(|group| State { group, ..next }),
                    );
                }
                Some(Op::Match) if self.is_satisfied(state.group) => {
                    closure.matched = true;
                    return closure;
                }
                _ => {}
            }
        }
        closure
    }

    /// What becomes of a group at one of its ends.
    fn marked(&self, mark: u8, group: Group) -> [Option<Group>; 2] {
        let Some((sequence, _)) = &self.target else { return [Some(group), None] };
        match (mark, group) {
            (0, Group::Before | Group::Skipped) => [Some(Group::Skipped), Some(Group::Inside(0))],
            (0, _) => [Some(Group::Inside(0)), None],
            (_, Group::Inside(read)) => [(read as usize >= sequence.len()).then_some(Group::Done), None],
            (_, other) => [Some(other), None],
        }
    }

    /// Whether the group holds what it is to hold; one that took no part holds nothing.
    fn is_satisfied(&self, group: Group) -> bool {
        match (&self.target, group) {
            (None, _) | (_, Group::Done) => true,
            (Some((sequence, _)), Group::Before) => sequence.is_empty(),
            _ => false,
        }
    }

    /// The states after a symbol.
    pub(super) fn step(&self, closure: &Closure, symbol: &Symbol) -> Vec<State> {
        if closure.matched {
            return vec![State::MATCHED];
        }
        let mut states: Vec<State> = closure.waiting.iter().filter_map(|&state| self.taken(state, symbol)).collect();
        if !self.from_start {
            states.push(State { place: 0, group: Group::Before });
        }
        states.sort_unstable();
        states.dedup();
        states
    }

    fn taken(&self, state: State, symbol: &Symbol) -> Option<State> {
        let Some(&Op::Take(predicate)) = self.ops.get(state.place as usize) else { return None };
        if !symbol.is(predicate) {
            return None;
        }
        let group = match (state.group, &self.target) {
            (Group::Inside(read), Some((sequence, rest))) => match sequence.get(read as usize) {
                Some(&wanted) if symbol.is(wanted) => Group::Inside(read.saturating_add(1)),
                Some(_) if read == 0 && self.leading.is_some_and(|leading| symbol.is(leading)) => Group::Inside(0),
                None if rest.is_some_and(|rest| symbol.is(rest)) => Group::Inside(read),
                _ => return None,
            },
            (group, _) => group,
        };
        Some(State { place: state.place.saturating_add(1), group })
    }
}

/// What a machine is in between two characters.
pub(super) struct Closure {
    pub(super) waiting: Vec<State>,
    pub(super) matched: bool,
}

fn holds(look: Look, before: Around, after: Around) -> bool {
    let at_word = (before == Around::Word) != (after == Around::Word);
    match look {
        Look::Start => before == Around::Edge,
        Look::End => after == Around::Edge,
        Look::StartLF => matches!(before, Around::Edge | Around::LineFeed),
        Look::EndLF => matches!(after, Around::Edge | Around::LineFeed),
        Look::WordAscii => at_word,
        Look::WordAsciiNegate => !at_word,
        _ => false, // OK because the front end makes no other
    }
}

/// A place in the steps.
fn place(at: usize) -> u32 {
    // OK because a regex has at most REGEX_STEPS_MAX steps and its literals are no longer than its text.
    u32::try_from(at).unwrap_or(u32::MAX)
}
