//! Which steps does a regex take? Its syntax tree as a short list with jumps, repetitions written out.

use alloc::{string::String, vec::Vec};
use core::ops::Range;

use regex_syntax::hir::{Class, ClassUnicode, Hir, HirKind, Look, Repetition};

use crate::ground::limits::REGEX_STEPS_MAX;

/// A regex that is too long once its repetitions are written out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooLong;

#[derive(Clone, Copy, Debug)]
pub(super) enum Step {
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

/// The steps of a regex, and the texts and classes that they point into.
#[derive(Debug, Default)]
pub(super) struct Steps {
    pub(super) steps: Vec<Step>,
    pub(super) literals: String,
    pub(super) ranges: Vec<(char, char)>,
}

impl Steps {
    /// The steps that match what the tree matches, in its order of preference.
    pub(super) fn of(tree: &Hir) -> Result<Self, TooLong> {
        let mut steps = Self::default();
        steps.add(tree)?;
        steps.push(Step::Match)?;
        Ok(steps)
    }

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
