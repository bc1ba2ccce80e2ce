//! How much may an identity map still cost? Memory and time, in proportion to its text.

use crate::ground::limits::{
    MAP_BYTES_BASE, MAP_BYTES_PER_TEXT_BYTE, MAP_TREE_BYTES_BASE, MAP_TREE_BYTES_PER_TEXT_BYTE,
};

/// How much the map may still cost.
#[derive(Debug)]
pub(super) struct Budget {
    /// Bytes of the compiled map.
    left: usize,
    /// Bytes of syntax trees, which stand for the time to compile.
    trees_left: usize,
    /// Bytes of syntax trees so far.
    trees: usize,
}

impl Budget {
    /// What a text of this length may cost.
    pub(super) fn new(length: usize) -> Self {
        let of = |base: usize, each: usize| length.saturating_mul(each).saturating_add(base);
        Self {
            left: of(MAP_BYTES_BASE, MAP_BYTES_PER_TEXT_BYTE),
            trees_left: of(MAP_TREE_BYTES_BASE, MAP_TREE_BYTES_PER_TEXT_BYTE),
            trees: 0,
        }
    }

    pub(super) fn charge(&mut self, bytes: usize) -> Result<(), Exhausted> {
        self.left = self.left.checked_sub(bytes).ok_or(Exhausted)?;
        Ok(())
    }

    pub(super) fn charge_tree(&mut self, bytes: usize) -> Result<(), Exhausted> {
        self.trees_left = self.trees_left.checked_sub(bytes).ok_or(Exhausted)?;
        self.trees = self.trees.saturating_add(bytes);
        Ok(())
    }

    /// What it has taken to compile a text of that length, in the steps that a login is counted in.
    pub(super) fn steps(&self, length: usize) -> usize {
        (self.trees / TREE_BYTES_PER_STEP).saturating_add(length / TEXT_BYTES_PER_STEP)
    }
}

/// How many bytes of a syntax tree are built and compiled in the time of a step, and how many of the text are read.
const TREE_BYTES_PER_STEP: usize = 4;
const TEXT_BYTES_PER_STEP: usize = 2;

/// The map would cost more memory or time than its text allows.
#[derive(Clone, Copy, Debug)]
pub(super) struct Exhausted;
