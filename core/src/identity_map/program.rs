//! Does this regex match this text, and what does its first group hold?
//!
//! A syntax tree becomes a short list of steps; a backtracking search that never visits a step twice at one place walks
//! them, so that its time is bounded by their product. Among several ways to match it finds the one that Go's `regexp`
//! finds: the leftmost, then the first in the order of the pattern.

use alloc::{boxed::Box, string::String, vec::Vec};
use core::ops::Range;

use regex_syntax::hir::{Class, ClassUnicode, Hir, HirKind, Look, Repetition};

use crate::limits::{MATCH_VISITS_MAX, REGEX_STEPS_MAX};

/// A compiled regex.
#[derive(Debug)]
pub(super) struct Program {
    steps: Box<[Step]>,
    literals: Box<str>,
    ranges: Box<[(char, char)]>,
    /// It can only match at the start of the text.
    from_start: bool,
}

/// A regex that is too long once its repetitions are written out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TooLong;

#[derive(Clone, Copy, Debug)]
enum Step {
    /// Part of `literals`.
    Literal {
        start: u32,
        end: u32,
    },
    /// Part of `ranges`, sorted.
    Class {
        start: u32,
        end: u32,
    },
    Look(Look),
    /// Remember this place as an end of the first group: 0 its start, 1 its end.
    Mark(u8),
    /// Go on at `first`; if that fails, at `second`.
    Split {
        first: u32,
        second: u32,
    },
    Jump(u32),
    Match,
}

impl Program {
    pub(super) fn compile(tree: &Hir) -> Result<Self, TooLong> {
        let mut compiler = Compiler { steps: Vec::new(), literals: String::new(), ranges: Vec::new() };
        compiler.add(tree)?;
        compiler.push(Step::Match)?;
        Ok(Self {
            steps: compiler.steps.into(),
            literals: compiler.literals.into(),
            ranges: compiler.ranges.into(),
            from_start: tree.properties().look_set_prefix().contains(Look::Start),
        })
    }

    /// About how much memory it takes, in bytes.
    pub(super) fn bytes(&self) -> usize {
        size_of::<Self>() + size_of_val(&*self.steps) + size_of_val(&*self.literals) + size_of_val(&*self.ranges)
    }

    /// What the first group holds, `None` inside when it took no part, if the regex matches somewhere in the text and
    /// that is no longer than this regex may be tried on.
    pub(super) fn find<'t>(&self, text: &'t str) -> Option<Option<&'t str>> {
        let visits = self.steps.len().checked_mul(text.len().checked_add(1)?)?;
        if visits > MATCH_VISITS_MAX {
            return None;
        }
        let words = visits.div_ceil(64);
        let (mut few, mut many) = ([0; FEW_WORDS], Vec::new());
        let visited = match few.get_mut(..words) {
            Some(few) => few,
            None => {
                many.resize(words, 0);
                &mut many
            }
        };
        let pending = Vec::with_capacity(PENDING);
        let mut search = Search { program: self, text, visited, pending, marks: [None; 2] };
        let starts = text.char_indices().map(|(start, _)| start).chain([text.len()]);
        let starts = starts.take(if self.from_start { 1 } else { usize::MAX });
        for start in starts {
            if search.matches_from(start) {
                let [from, to] = search.marks;
                return Some(from.zip(to).and_then(|(from, to)| text.get(from..to)));
            }
        }
        None
    }
}

struct Compiler {
    steps: Vec<Step>,
    literals: String,
    ranges: Vec<(char, char)>,
}

impl Compiler {
    fn add(&mut self, tree: &Hir) -> Result<(), TooLong> {
        match tree.kind() {
            HirKind::Empty => Ok(()),
            HirKind::Literal(literal) => self.add_literal(&literal.0),
            HirKind::Class(Class::Unicode(class)) => self.add_class(class),
            HirKind::Class(Class::Bytes(class)) => {
                self.add_class(&class.to_unicode_class().unwrap_or_else(ClassUnicode::empty))
            }
            HirKind::Look(look) => self.push(Step::Look(*look)).map(drop),
            HirKind::Repetition(repetition) => self.add_repetition(repetition),
            HirKind::Capture(capture) if capture.index == 1 => {
                self.push(Step::Mark(0))?;
                self.add(&capture.sub)?;
                self.push(Step::Mark(1)).map(drop)
            }
            HirKind::Capture(capture) => self.add(&capture.sub),
            HirKind::Concat(parts) => parts.iter().try_for_each(|part| self.add(part)),
            HirKind::Alternation(branches) => self.add_alternation(branches),
        }
    }

    fn add_literal(&mut self, bytes: &[u8]) -> Result<(), TooLong> {
        let start = index(self.literals.len())?;
        // OK because the front end makes literals of whole characters only.
        self.literals.push_str(core::str::from_utf8(bytes).unwrap_or_default());
        self.push(Step::Literal { start, end: index(self.literals.len())? }).map(drop)
    }

    fn add_class(&mut self, class: &ClassUnicode) -> Result<(), TooLong> {
        let start = index(self.ranges.len())?;
        self.ranges.extend(class.iter().map(|range| (range.start(), range.end())));
        self.push(Step::Class { start, end: index(self.ranges.len())? }).map(drop)
    }

    /// `e{n,m}` is n times e, then m − n times an optional e, each inside the one before; `e{n,}` ends with a loop.
    fn add_repetition(&mut self, repetition: &Repetition) -> Result<(), TooLong> {
        let Repetition { min, max, greedy, ref sub } = *repetition;
        let Some(max) = max else {
            return self.add_loop(min, greedy, sub);
        };
        self.add_times(sub, min)?;
        let mut exits = Vec::new();
        let mut block = None;
        for _ in min..max {
            exits.push(self.push(Step::Match)?);
            self.add_again(sub, &mut block)?;
        }
        let end = self.next()?;
        for split in exits {
            self.set_split(split, split.saturating_add(1), end, greedy);
        }
        Ok(())
    }

    fn add_loop(&mut self, min: u32, greedy: bool, sub: &Hir) -> Result<(), TooLong> {
        self.add_times(sub, min.saturating_sub(1))?;
        // An e that can match the empty text makes `e*` the same as `(e+)?`, so that its own order of preference holds.
        let skip = match min {
            0 => Some(self.push(Step::Match)?),
            _ => None,
        };
        let start = self.next()?;
        let can_be_empty = sub.properties().minimum_len().is_none_or(|length| length == 0);
        self.add(sub)?;
        match skip {
            Some(skip) if !can_be_empty => {
                self.push(Step::Jump(skip))?;
                let end = self.next()?;
                self.set_split(skip, start, end, greedy);
            }
            _ => {
                let again = self.push(Step::Match)?;
                let end = self.next()?;
                self.set_split(again, start, end, greedy);
                if let Some(skip) = skip {
                    self.set_split(skip, start, end, greedy);
                }
            }
        }
        Ok(())
    }

    fn add_times(&mut self, tree: &Hir, times: u32) -> Result<(), TooLong> {
        let mut block = None;
        (0..times).try_for_each(|_| self.add_again(tree, &mut block))
    }

    /// Adds a tree, the first time by compiling it, then by copying the steps that this gave.
    fn add_again(&mut self, tree: &Hir, block: &mut Option<Range<usize>>) -> Result<(), TooLong> {
        let start = self.steps.len();
        let Some(block) = block else {
            self.add(tree)?;
            *block = Some(start..self.steps.len());
            return Ok(());
        };
        let distance = index(start.saturating_sub(block.start))?;
        let further = |place: u32| place.saturating_add(distance);
        for place in block.clone() {
            match self.steps.get(place).copied() {
                Some(Step::Split { first, second }) => {
                    self.push(Step::Split { first: further(first), second: further(second) })?;
                }
                Some(Step::Jump(to)) => {
                    self.push(Step::Jump(further(to)))?;
                }
                Some(step) => {
                    self.push(step)?;
                }
                None => {}
            }
        }
        Ok(())
    }

    fn add_alternation(&mut self, branches: &[Hir]) -> Result<(), TooLong> {
        let Some((last, others)) = branches.split_last() else {
            return Ok(());
        };
        let mut jumps = Vec::new();
        for branch in others {
            let split = self.push(Step::Match)?;
            self.add(branch)?;
            jumps.push(self.push(Step::Match)?);
            let next = self.next()?;
            self.set_split(split, split.saturating_add(1), next, true);
        }
        self.add(last)?;
        let end = self.next()?;
        for jump in jumps {
            self.set(jump, Step::Jump(end));
        }
        Ok(())
    }

    fn push(&mut self, step: Step) -> Result<u32, TooLong> {
        if self.steps.len() >= REGEX_STEPS_MAX {
            return Err(TooLong);
        }
        let place = self.next()?;
        self.steps.push(step);
        Ok(place)
    }

    fn next(&self) -> Result<u32, TooLong> {
        index(self.steps.len())
    }

    fn set_split(&mut self, at: u32, inside: u32, outside: u32, greedy: bool) {
        let (first, second) = if greedy { (inside, outside) } else { (outside, inside) };
        self.set(at, Step::Split { first, second });
    }

    fn set(&mut self, at: u32, step: Step) {
        if let Some(place) = self.steps.get_mut(at as usize) {
            *place = step;
        }
    }
}

fn index(length: usize) -> Result<u32, TooLong> {
    u32::try_from(length).map_err(|_| TooLong)
}

struct Search<'p, 't> {
    program: &'p Program,
    text: &'t str,
    /// One bit for each pair of a step and a place.
    visited: &'p mut [u64],
    pending: Vec<Pending>,
    marks: [Option<usize>; 2],
}

enum Pending {
    Try { step: usize, at: usize },
    Restore { mark: usize, to: Option<usize> },
}

impl<'t> Search<'_, 't> {
    fn matches_from(&mut self, start: usize) -> bool {
        self.marks = [None; 2];
        self.pending.clear();
        self.pending.push(Pending::Try { step: 0, at: start });
        while let Some(pending) = self.pending.pop() {
            match pending {
                Pending::Restore { mark, to } => self.set_mark(mark, to),
                Pending::Try { step, at } => {
                    if self.walk(step, at) {
                        return true;
                    }
                }
            }
        }
        false
    }

    /// Follows the steps until they match or fail; ways not taken stay pending.
    fn walk(&mut self, mut step: usize, mut at: usize) -> bool {
        while self.is_new(step, at) {
            let Some(&now) = self.program.steps.get(step) else {
                return false;
            };
            step = step.saturating_add(1);
            match now {
                Step::Literal { start, end } => {
                    let literal = self.program.literals.get(range(start, end)).unwrap_or_default();
                    if !self.rest(at).starts_with(literal) {
                        return false;
                    }
                    at = at.saturating_add(literal.len());
                }
                Step::Class { start, end } => {
                    let ranges = self.program.ranges.get(range(start, end)).unwrap_or_default();
                    match self.rest(at).chars().next() {
                        Some(character) if holds(ranges, character) => at = at.saturating_add(character.len_utf8()),
                        _ => return false,
                    }
                }
                Step::Look(look) => {
                    if !self.looks(look, at) {
                        return false;
                    }
                }
                Step::Mark(mark) => {
                    let mark = usize::from(mark);
                    let to = self.marks.get(mark).copied().flatten();
                    self.pending.push(Pending::Restore { mark, to });
                    self.set_mark(mark, Some(at));
                }
                Step::Split { first, second } => {
                    self.pending.push(Pending::Try { step: second as usize, at });
                    step = first as usize;
                }
                Step::Jump(to) => step = to as usize,
                Step::Match => return true,
            }
        }
        false
    }

    /// Marks the step as visited at this place; false when it was already.
    fn is_new(&mut self, step: usize, at: usize) -> bool {
        let place = step.saturating_mul(self.text.len().saturating_add(1)).saturating_add(at);
        let bit = 1 << (place % 64);
        match self.visited.get_mut(place / 64) {
            Some(word) if *word & bit == 0 => {
                *word |= bit;
                true
            }
            _ => false,
        }
    }

    fn set_mark(&mut self, mark: usize, to: Option<usize>) {
        if let Some(place) = self.marks.get_mut(mark) {
            *place = to;
        }
    }

    fn rest(&self, at: usize) -> &'t str {
        self.text.get(at..).unwrap_or_default()
    }

    fn looks(&self, look: Look, at: usize) -> bool {
        let before = at.checked_sub(1).and_then(|before| self.text.as_bytes().get(before));
        let after = self.text.as_bytes().get(at);
        let at_word = is_word(before) != is_word(after);
        match look {
            Look::Start => before.is_none(),
            Look::End => after.is_none(),
            Look::StartLF => before.is_none_or(|&byte| byte == b'\n'),
            Look::EndLF => after.is_none_or(|&byte| byte == b'\n'),
            Look::WordAscii => at_word,
            Look::WordAsciiNegate => !at_word,
            _ => false, // OK because the front end makes no other
        }
    }
}

fn is_word(byte: Option<&u8>) -> bool {
    byte.is_some_and(|&byte| byte == b'_' || byte.is_ascii_alphanumeric())
}

fn holds(ranges: &[(char, char)], character: char) -> bool {
    let after = ranges.partition_point(|&(_, end)| end < character);
    ranges.get(after).is_some_and(|&(start, _)| start <= character)
}

fn range(start: u32, end: u32) -> Range<usize> {
    start as usize..end as usize
}

/// Words for visits that fit on the stack: a short regex on an ordinary principal.
const FEW_WORDS: usize = 32;
/// Room for the ways not taken that an ordinary match leaves.
const PENDING: usize = 32;
