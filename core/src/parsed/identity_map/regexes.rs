//! Which regexes match this principal?
//!
//! Most patterns hold a fixed text, at their start, at their end or inside, `…@example\.com$`, and are found by its hash,
//! however many there are. Those that hold none are tried one by one. The index only spares work: the regex's own program
//! has the last word.

use alloc::{boxed::Box, string::String, vec::Vec};

use foldhash::fast::FixedState;
use hashbrown::HashMap;
use regex_syntax::hir::Hir;

use super::budget::{Budget, Exhausted};
use crate::{
    ground::work::{TooCostly, Work},
    parsed::regex::{Fixed, Program, TEXTS_MAX, folded, told_by},
};

/// A rule that matches, and what the first group of its regex holds.
#[derive(Debug)]
pub(super) struct Hit<'t> {
    pub(super) rule: u32,
    pub(super) capture: Option<&'t str>,
}

/// The regexes of one issuer.
#[derive(Debug, Default)]
pub(super) struct Regexes {
    programs: Vec<(u32, Program)>,
    prefixes: Index,
    suffixes: Index,
    inner: Index,
    /// Places in `programs` of those that no index holds.
    others: Vec<u32>,
}

impl Regexes {
    pub(super) fn add(
        &mut self,
        rule: u32,
        program: Program,
        tree: &Hir,
        budget: &mut Budget,
    ) -> Result<(), Exhausted> {
        // OK because a map has at most MAP_LINES_MAX rules, which a u32 holds.
        let place = u32::try_from(self.programs.len()).unwrap_or(u32::MAX);
        self.programs.push((rule, program));
        let Fixed { prefixes, suffixes, inner } = Fixed::of(tree);
        // Where it tells most; of places that tell as much, the one that is looked up fastest.
        let mut options = [(suffixes, &mut self.suffixes), (prefixes, &mut self.prefixes), (inner, &mut self.inner)];
        options.sort_by_key(|(texts, _)| usize::MAX - told_by(texts));
        for (texts, index) in options {
            if index.insert(texts, place, budget)? {
                return Ok(());
            }
        }
        budget.charge(size_of_val(&place))?;
        self.others.push(place);
        Ok(())
    }

    /// The regex of a rule.
    pub(super) fn program(&self, rule: u32) -> Option<&Program> {
        let place = self.programs.binary_search_by_key(&rule, |&(of, _)| of).ok()?;
        self.programs.get(place).map(|(_, program)| program)
    }

    /// What the first group of a rule's regex holds.
    pub(super) fn capture<'t>(&self, rule: u32, principal: &'t str, work: &Work) -> Option<&'t str> {
        self.program(rule)?.find(principal, work).ok()??
    }

    /// Adds the rules whose regex matches, in no particular order.
    pub(super) fn hits<'t>(&self, principal: &'t str, work: &Work, hits: &mut Vec<Hit<'t>>) -> Result<(), TooCostly> {
        let mut places = Vec::new();
        if self.others.len() < self.programs.len() {
            work.spend(principal.len() / BYTES_PER_STEP)?;
            let folded = folded(principal);
            self.prefixes.at_start(&folded, work, &mut places)?;
            self.suffixes.at_end(&folded, work, &mut places)?;
            self.inner.anywhere(&folded, work, &mut places)?;
            // Two texts of one regex can both fit, and one text in several places.
            places.sort_unstable();
            places.dedup();
        }
        for &place in places.iter().chain(&self.others) {
            let Some((rule, program)) = self.programs.get(place as usize) else { continue };
            if let Some(capture) = program.find(principal, work)? {
                hits.push(Hit { rule: *rule, capture });
            }
        }
        Ok(())
    }
}

/// Regexes by the fixed text that they hold at one place, folded.
#[derive(Debug, Default)]
struct Index {
    /// Of the texts, in bytes, each once.
    lengths: Vec<usize>,
    /// One bit for each byte that a text begins with.
    first: [u64; 4],
    places: HashMap<Box<str>, Vec<u32>, FixedState>,
}

impl Index {
    /// Whether there is room for the texts; a login tries each length and every regex that it finds.
    fn insert(&mut self, texts: Vec<String>, place: u32, budget: &mut Budget) -> Result<bool, Exhausted> {
        let has_room = |text: &String| {
            let length =
                self.lengths.contains(&text.len()) || self.lengths.len().saturating_add(TEXTS_MAX) <= LENGTHS_MAX;
            length && self.places.get(&**text).is_none_or(|places| places.len() < ALIKE_MAX)
        };
        if texts.is_empty() || !texts.iter().all(has_room) {
            return Ok(false);
        }
        for text in texts {
            budget.charge(INDEXED_BYTES.saturating_add(text.len()))?;
            if !self.lengths.contains(&text.len()) {
                self.lengths.push(text.len());
            }
            if let Some((word, bit)) = text.bytes().next().and_then(|byte| bit_of(&mut self.first, byte)) {
                *word |= bit;
            }
            self.places.entry(text.into_boxed_str()).or_default().push(place);
        }
        Ok(true)
    }

    fn at_start(&self, text: &str, work: &Work, places: &mut Vec<u32>) -> Result<(), TooCostly> {
        self.lengths.iter().try_for_each(|&length| self.find(text.get(..length), work, places))
    }

    fn at_end(&self, text: &str, work: &Work, places: &mut Vec<u32>) -> Result<(), TooCostly> {
        let end = |length| text.get(text.len().checked_sub(length)?..);
        self.lengths.iter().try_for_each(|&length| self.find(end(length), work, places))
    }

    fn anywhere(&self, text: &str, work: &Work, places: &mut Vec<u32>) -> Result<(), TooCostly> {
        if self.lengths.is_empty() {
            return Ok(());
        }
        work.spend(text.len() / BYTES_PER_STEP)?;
        let mut first = self.first;
        for (start, byte) in text.bytes().enumerate() {
            if bit_of(&mut first, byte).is_some_and(|(word, bit)| *word & bit != 0) {
                let rest = text.get(start..).unwrap_or_default();
                self.at_start(rest, work, places)?;
            }
        }
        Ok(())
    }

    /// Adds the regexes that hold this part of the text.
    fn find(&self, part: Option<&str>, work: &Work, places: &mut Vec<u32>) -> Result<(), TooCostly> {
        let Some(part) = part else { return Ok(()) };
        work.spend(LOOKUP_STEPS.saturating_add(part.len() / BYTES_PER_STEP))?;
        if let Some(found) = self.places.get(part) {
            // Each of them is tried, and kept until then.
            work.spend(found.len().saturating_mul(LOOKUP_STEPS))?;
            places.extend_from_slice(found);
        }
        Ok(())
    }
}

/// The word of a set of bytes that a byte's bit is in, and the bit.
fn bit_of(set: &mut [u64; 4], byte: u8) -> Option<(&mut u64, u64)> {
    Some((set.get_mut(usize::from(byte / 64))?, 1 << (byte % 64)))
}

/// Most lengths of text in one index, each of which a login looks up.
const LENGTHS_MAX: usize = 32;
/// Most regexes with the same text at one place; more are looked for elsewhere.
const ALIKE_MAX: usize = 8;
/// About what a place in an index takes beside its text.
const INDEXED_BYTES: usize = 96;
/// What it takes to look a short text up, in steps, and how many bytes more make a step more.
const LOOKUP_STEPS: usize = 4;
const BYTES_PER_STEP: usize = 16;
