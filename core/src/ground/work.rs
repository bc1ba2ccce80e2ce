//! How much may this login still cost?
//!
//! What a stranger sends and what an administrator configured multiply: principals by lines of the identity map, audiences
//! by audiences, claims by names. Every such product is counted in steps against one budget. Where it ends the login is
//! refused and says so; it is never taken for "nothing matches". The count depends on the question alone, so that the same
//! question has the same answer on every machine and on every face.

use core::cell::Cell;

/// What is left of a budget, in steps. A step is what one step of a regex does at one place of a text, or about as much:
/// some ten bytes hashed, compared or copied.
#[derive(Debug)]
pub(crate) struct Work {
    left: Cell<u64>,
}

/// The budget does not allow what was to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooCostly;

impl Work {
    pub(crate) const fn of(steps: u64) -> Self {
        Self { left: Cell::new(steps) }
    }

    /// Takes steps from the budget; once it is overdrawn nothing more can be taken.
    pub(crate) fn spend(&self, steps: usize) -> Result<(), TooCostly> {
        // OK because a step more or less does not matter where a usize is wider than a u64.
        let left = self.left.get().checked_sub(u64::try_from(steps).unwrap_or(u64::MAX));
        self.left.set(left.unwrap_or(0));
        left.map(drop).ok_or(TooCostly)
    }

    pub(crate) fn left(&self) -> u64 {
        self.left.get()
    }

    /// Says how much a loop that has counted for itself has left; less never becomes more.
    pub(crate) fn leave(&self, steps: u64) {
        self.left.set(steps.min(self.left.get()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_can_be_used_up_and_not_overdrawn() {
        let work = Work::of(10);
        assert_eq!(work.spend(10), Ok(()));
        assert_eq!(work.spend(0), Ok(()));
        assert_eq!(work.spend(1), Err(TooCostly));
    }

    #[test]
    fn what_was_too_costly_leaves_nothing_for_something_cheaper() {
        let work = Work::of(10);
        assert_eq!(work.spend(11), Err(TooCostly));
        assert_eq!(work.spend(1), Err(TooCostly));
        work.leave(5);
        assert_eq!(work.left(), 0);
    }
}
