//! Does this regex match this text, and what does its first group hold?
//!
//! A syntax tree becomes a short list of steps; a backtracking search that never visits a step twice at one place walks
//! them, so that its time is bounded by their product, and by what the login may still cost. Among several ways to match it
//! finds the one that Go's `regexp` finds: the leftmost, then the first in the order of the pattern.

use alloc::{boxed::Box, vec::Vec};
use core::{iter, ops::Range};

use regex_syntax::hir::{Class, Hir, Look};

use super::{
    fold::orbit,
    steps::{Step, Steps, TooLong},
};
use crate::ground::{
    limits::{MATCH_PENDING_MAX, MATCH_VISITS_MAX},
    work::{TooCostly, Work},
};

/// A compiled regex.
#[derive(Debug)]
pub(crate) struct Program {
    steps: Box<[Step]>,
    literals: Box<str>,
    ranges: Box<[(char, char)]>,
    /// It can only match at the start of the text.
    from_start: bool,
}

impl Program {
    pub(crate) fn compile(tree: &Hir) -> Result<Self, TooLong> {
        let Steps { steps, literals, ranges } = Steps::of(tree)?;
        let from_start = tree.properties().look_set_prefix().contains(Look::Start);
        Ok(Self { steps: steps.into(), literals: literals.into(), ranges: ranges.into(), from_start })
    }

    /// A regex that matches this text and no other.
    pub(crate) fn of_text(text: &str, ignore_case: bool) -> Result<Self, TooLong> {
        let character = |character: char| match ignore_case {
            true => Hir::class(Class::Unicode(orbit(character))),
            false => Hir::literal(character.encode_utf8(&mut [0; 4]).as_bytes()),
        };
        let (start, end) = (Hir::look(Look::Start), Hir::look(Look::End));
        let parts = iter::once(start).chain(text.chars().map(character)).chain([end]);
        Self::compile(&Hir::concat(parts.collect()))
    }

    /// How many steps it has.
    pub(crate) fn step_count(&self) -> usize {
        self.steps.len()
    }

    /// About how much memory it takes, in bytes.
    pub(crate) fn bytes(&self) -> usize {
        size_of::<Self>() + size_of_val(&*self.steps) + size_of_val(&*self.literals) + size_of_val(&*self.ranges)
    }

    /// Its steps, for those who walk them in another way.
    pub(super) fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// Whether it can only match at the start of the text.
    pub(super) fn is_from_start(&self) -> bool {
        self.from_start
    }

    /// The text of a step that is a literal.
    pub(super) fn literal(&self, step: Step) -> &str {
        match step {
            Step::Literal { start, end } => self.literals.get(range(start, end)).unwrap_or_default(),
            _ => "",
        }
    }

    /// The sorted ranges of a step that is a class.
    pub(super) fn class(&self, step: Step) -> &[(char, char)] {
        match step {
            Step::Class { start, end } => self.ranges.get(range(start, end)).unwrap_or_default(),
            _ => &[],
        }
    }

    /// What the first group holds, `None` inside when it took no part, if the regex matches somewhere in the text.
    pub(crate) fn find<'t>(&self, text: &'t str, work: &Work) -> Result<Option<Option<&'t str>>, TooCostly> {
        let visits = self.steps.len().saturating_mul(text.len().saturating_add(1));
        if visits > MATCH_VISITS_MAX || u32::try_from(text.len()).is_err() {
            return Err(TooCostly);
        }
        let words = visits.div_ceil(64);
        work.spend(TRY_STEPS.saturating_add(words / WORDS_PER_STEP))?;
        let (mut few, mut many) = ([0; FEW_WORDS], Vec::new());
        let visited = match few.get_mut(..words) {
            Some(few) => few,
            None => {
                many.resize(words, 0);
                &mut many
            }
        };
        let pending = Vec::with_capacity(PENDING);
        let mut search = Search { program: self, text, visited, pending, marks: [None; 2], left: work.left() };
        let found = search.leftmost();
        work.leave(search.left);
        found
    }
}

struct Search<'p, 't> {
    program: &'p Program,
    text: &'t str,
    /// One bit for each pair of a step and a place.
    visited: &'p mut [u64],
    pending: Vec<Pending>,
    marks: [Option<u32>; 2],
    /// How many steps the login may still take.
    left: u64,
}

enum Pending {
    Try { step: u32, at: u32 },
    Restore { mark: u8, to: Option<u32> },
}

impl<'t> Search<'_, 't> {
    fn leftmost(&mut self) -> Result<Option<Option<&'t str>>, TooCostly> {
        let starts = self.text.char_indices().map(|(start, _)| start).chain([self.text.len()]);
        let starts = starts.take(if self.program.from_start { 1 } else { usize::MAX });
        for start in starts {
            if self.matches_from(start)? {
                let [from, to] = self.marks.map(|mark| mark.map(|mark| mark as usize));
                return Ok(Some(from.zip(to).and_then(|(from, to)| self.text.get(from..to))));
            }
        }
        Ok(None)
    }

    fn matches_from(&mut self, start: usize) -> Result<bool, TooCostly> {
        self.marks = [None; 2];
        self.pending.clear();
        if self.walk(0, start)? {
            return Ok(true);
        }
        while let Some(pending) = self.pending.pop() {
            match pending {
                Pending::Restore { mark, to } => self.set_mark(mark, to),
                Pending::Try { step, at } => {
                    if self.walk(step as usize, at as usize)? {
                        return Ok(true);
                    }
                }
            }
        }
        Ok(false)
    }

    /// Follows the steps until they match or fail; ways not taken stay pending.
    fn walk(&mut self, mut step: usize, mut at: usize) -> Result<bool, TooCostly> {
        while self.is_new(step, at) {
            self.take(1)?;
            let Some(&now) = self.program.steps.get(step) else {
                return Ok(false);
            };
            step = step.saturating_add(1);
            match now {
                Step::Literal { .. } => {
                    let literal = self.program.literal(now);
                    self.take(literal.len() / BYTES_PER_STEP)?;
                    if !self.rest(at).starts_with(literal) {
                        return Ok(false);
                    }
                    at = at.saturating_add(literal.len());
                }
                Step::Class { .. } => {
                    let ranges = self.program.class(now);
                    match self.rest(at).chars().next() {
                        Some(character) if holds(ranges, character) => at = at.saturating_add(character.len_utf8()),
                        _ => return Ok(false),
                    }
                }
                Step::Look(look) => {
                    if !self.looks(look, at) {
                        return Ok(false);
                    }
                }
                Step::Mark(mark) => {
                    let to = self.marks.get(usize::from(mark)).copied().flatten();
                    self.put_off(Pending::Restore { mark, to })?;
                    self.set_mark(mark, Some(place(at)));
                }
                Step::Split { first, second } => {
                    self.put_off(Pending::Try { step: second, at: place(at) })?;
                    step = first as usize;
                }
                Step::Jump(to) => step = to as usize,
                Step::Match => return Ok(true),
            }
        }
        Ok(false)
    }

    /// Takes steps from what the login may still cost.
    fn take(&mut self, steps: usize) -> Result<(), TooCostly> {
        // OK because a usize is never wider than a u64 on a machine that this runs on; if it were, all would be taken.
        let left = self.left.checked_sub(u64::try_from(steps).unwrap_or(u64::MAX));
        self.left = left.unwrap_or(0);
        left.map(drop).ok_or(TooCostly)
    }

    fn put_off(&mut self, pending: Pending) -> Result<(), TooCostly> {
        if self.pending.len() >= MATCH_PENDING_MAX {
            return Err(TooCostly);
        }
        self.pending.push(pending);
        Ok(())
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

    fn set_mark(&mut self, mark: u8, to: Option<u32>) {
        if let Some(place) = self.marks.get_mut(usize::from(mark)) {
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

/// A place in the text.
fn place(at: usize) -> u32 {
    // OK because no text is searched whose length a u32 does not hold.
    u32::try_from(at).unwrap_or(u32::MAX)
}

fn range(start: u32, end: u32) -> Range<usize> {
    start as usize..end as usize
}

/// What it takes to try a regex at all, in steps.
const TRY_STEPS: usize = 8;
/// How many words of visits are cleared, and bytes of a literal compared, in the time of a step.
const WORDS_PER_STEP: usize = 8;
const BYTES_PER_STEP: usize = 16;
/// Words for visits that fit on the stack: a short regex on a short text.
const FEW_WORDS: usize = 32;
/// Room for the ways not taken that an ordinary match leaves.
const PENDING: usize = 32;
