//! How do the tables hold characters that have one other case? In runs, in which it lies equally far from each.

/// Characters in a row that have one other case each, which lies equally far from each.
pub(super) struct Run {
    pub(super) first: char,
    pub(super) count: u16,
    pub(super) side: Side,
}

/// Which case the characters of a run are, and how far on the other one lies.
#[derive(Clone, Copy)]
pub(super) enum Side {
    Capital(i32),
    Small(i32),
    /// Capital and small letters in turn.
    InTurn,
}

impl Run {
    /// Which of its characters this is, counted from 0, if it is one of them.
    pub(super) fn place(&self, character: char) -> Option<u32> {
        u32::from(character).checked_sub(self.first.into()).filter(|&place| place < self.count.into())
    }
}
