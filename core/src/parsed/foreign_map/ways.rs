//! In which ways does a text match a pattern, the preferred first? Slow and obvious: every way is tried in the order in which
//! a backtracking engine tries it. It is the other server's side of a witness.

use alloc::vec::Vec;

use super::pattern::Pattern;
use crate::ground::limits::{MODEL_CHARACTERS_MAX, MODEL_STEPS_MAX};

/// What the first group holds, from one character to another.
pub(crate) type Captured = Option<(usize, usize)>;

/// All ways in which one text can match.
pub(crate) struct Ways {
    text: Vec<char>,
    left: usize,
}

/// Nobody knows: it takes too long, or has parts that are not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unknown;

/// What is done with a way: whether no other is wanted.
type Next<'n> = &'n mut dyn FnMut(&mut Ways, usize, Captured) -> Result<bool, Unknown>;

impl Ways {
    pub(crate) fn of(text: &str) -> Result<Self, Unknown> {
        let text: Vec<char> = text.chars().collect();
        if text.len() > MODEL_CHARACTERS_MAX { Err(Unknown) } else { Ok(Self { text, left: MODEL_STEPS_MAX }) }
    }

    pub(crate) fn length(&self) -> usize {
        self.text.len()
    }

    /// Visits the ways to match from that character on, the preferred first, with where each ends and what the first group
    /// holds, until one is wanted.
    pub(crate) fn visit(
        &mut self,
        pattern: &Pattern,
        from: usize,
        mut wanted: impl FnMut(usize, Captured) -> bool,
    ) -> Result<bool, Unknown> {
        self.walk(pattern, from, None, &mut |_, end, captured| Ok(wanted(end, captured)))
    }

    fn walk(&mut self, pattern: &Pattern, at: usize, captured: Captured, next: Next<'_>) -> Result<bool, Unknown> {
        self.left = self.left.checked_sub(1).ok_or(Unknown)?;
        match pattern {
            Pattern::Set(characters) => {
                let Some(&character) = self.text.get(at) else { return Ok(false) };
                let holds = characters.iter().any(|range| (range.start()..=range.end()).contains(&character));
                if holds { next(self, at.saturating_add(1), captured) } else { Ok(false) }
            }
            Pattern::Start => {
                if at == 0 {
                    next(self, at, captured)
                } else {
                    Ok(false)
                }
            }
            Pattern::End => {
                if at == self.text.len() {
                    next(self, at, captured)
                } else {
                    Ok(false)
                }
            }
            Pattern::LineEnd => {
                if self.is_line_end(at) {
                    next(self, at, captured)
                } else {
                    Ok(false)
                }
            }
            Pattern::Sequence(parts) => self.sequence(parts, at, captured, next),
            Pattern::Choice(branches) => {
                for branch in branches {
                    if self.walk(branch, at, captured, next)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Pattern::Group(1, sub) => {
                self.walk(sub, at, captured, &mut |ways, end, _| next(ways, end, Some((at, end))))
            }
            Pattern::Group(_, sub) => self.walk(sub, at, captured, next),
            Pattern::Repeat { sub, min, max, greedy } => {
                self.repeat(&Repeated { sub, min: *min, max: *max, greedy: *greedy }, 0, at, captured, next)
            }
            Pattern::Foreign(..) => Err(Unknown),
        }
    }

    fn sequence(&mut self, parts: &[Pattern], at: usize, captured: Captured, next: Next<'_>) -> Result<bool, Unknown> {
        let Some((first, others)) = parts.split_first() else { return next(self, at, captured) };
        self.walk(first, at, captured, &mut |ways, at, captured| ways.sequence(others, at, captured, next))
    }

    fn repeat(
        &mut self,
        repeated: &Repeated<'_>,
        count: u32,
        at: usize,
        captured: Captured,
        next: Next<'_>,
    ) -> Result<bool, Unknown> {
        let enough = count >= repeated.min;
        if enough && !repeated.greedy && next(self, at, captured)? {
            return Ok(true);
        }
        if repeated.max.is_none_or(|max| count < max) {
            let found = self.walk(repeated.sub, at, captured, &mut |ways, after, captured| {
                // Another round of nothing leads nowhere.
                if after == at && enough {
                    return Ok(false);
                }
                ways.repeat(repeated, count.saturating_add(1), after, captured, next)
            })?;
            if found {
                return Ok(true);
            }
        }
        if enough && repeated.greedy { next(self, at, captured) } else { Ok(false) }
    }

    fn is_line_end(&self, at: usize) -> bool {
        matches!(self.text.get(at..), Some([] | ['\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}'] | ['\r', '\n']))
    }
}

struct Repeated<'p> {
    sub: &'p Pattern,
    min: u32,
    max: Option<u32>,
    greedy: bool,
}
