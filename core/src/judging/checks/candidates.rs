//! Which SQL users do the token's principals give? Each user once, and how many the database would count.

use alloc::{borrow::Cow, vec::Vec};
use core::mem;

use crate::{
    ground::{
        distinct::Distinct,
        limits::{CANDIDATE_BYTES_MAX, CANDIDATES_MAX},
        work::TooCostly,
    },
    judging::attempt::Candidate,
};

/// The candidates while they are collected, one principal after the other.
pub(super) struct Candidates {
    given: Distinct<Given>,
    /// CockroachDB counts a user again for each principal that gives it.
    entries: usize,
    bytes: usize,
}

struct Given {
    candidate: Candidate,
    /// The last principal that gave it.
    by: usize,
}

impl AsRef<str> for Given {
    fn as_ref(&self) -> &str {
        &self.candidate.user
    }
}

impl Candidates {
    pub(super) const fn new() -> Self {
        Self { given: Distinct::new(), entries: 0, bytes: 0 }
    }

    /// Adds a candidate that its principal gives `times` times, because the token states that principal so often.
    pub(super) fn add(&mut self, candidate: Candidate, times: usize) -> Result<(), TooCostly> {
        let by = candidate.principal;
        match self.given.place(&candidate.user).and_then(|place| self.given.get_mut(place)) {
            None => {
                self.bytes = self.bytes.saturating_add(candidate.user.len());
                if self.given.len() >= CANDIDATES_MAX || self.bytes > CANDIDATE_BYTES_MAX {
                    return Err(TooCostly);
                }
                // OK because no candidate of that name is there.
                let _ = self.given.insert(Given { candidate, by });
            }
            Some(known) => {
                // Of two ways to one name the first that can be used counts.
                if known.candidate.defect.is_some() && candidate.defect.is_none() {
                    known.candidate = candidate;
                }
                if mem::replace(&mut known.by, by) == by {
                    return Ok(());
                }
            }
        }
        self.entries = self.entries.saturating_add(times);
        Ok(())
    }

    /// The candidates in the order in which they came, and how many users the database would count.
    pub(super) fn finish(self) -> (Vec<Candidate>, usize) {
        (self.given.into_vec().into_iter().map(|given| given.candidate).collect(), self.entries)
    }
}

/// The principals, each once with its place and how often the token states it.
pub(super) fn distinct<'p>(principals: &'p [Cow<'_, str>]) -> Vec<(usize, &'p str, usize)> {
    let mut known = Distinct::new();
    let mut counted: Vec<(usize, &str, usize)> = Vec::with_capacity(principals.len());
    for (place, principal) in principals.iter().enumerate() {
        match known.insert(&**principal) {
            Ok(()) => counted.push((place, principal, 1)),
            Err(first) => {
                if let Some((.., times)) = counted.get_mut(first) {
                    *times = times.saturating_add(1);
                }
            }
        }
    }
    counted
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::{format, vec};

    fn candidate(user: &str, principal: usize, defect: Option<&'static str>) -> Candidate {
        Candidate { user: user.into(), principal, line: None, defect }
    }

    #[test]
    fn a_user_is_kept_once_and_counted_for_every_principal_that_gives_it() {
        let mut candidates = Candidates::new();
        for (user, principal, times) in [("a", 0, 1), ("a", 0, 1), ("b", 0, 1), ("a", 1, 3), ("b", 2, 1)] {
            candidates.add(candidate(user, principal, None), times).unwrap();
        }
        let (users, entries) = candidates.finish();
        assert_eq!(users, [candidate("a", 0, None), candidate("b", 0, None)]);
        assert_eq!(entries, 1 + 1 + 3 + 1);
    }

    #[test]
    fn of_two_ways_to_a_name_the_one_that_can_be_used_is_kept() {
        let mut candidates = Candidates::new();
        for (principal, defect) in [(0, Some("folded")), (1, None), (2, None), (3, Some("folded"))] {
            candidates.add(candidate("a", principal, defect), 1).unwrap();
        }
        assert_eq!(candidates.finish(), (vec![candidate("a", 1, None)], 4));
    }

    #[test]
    fn there_is_a_limit_to_users_and_to_their_bytes() {
        let mut candidates = Candidates::new();
        for number in 0..CANDIDATES_MAX {
            assert_eq!(candidates.add(candidate(&format!("{number}"), 0, None), 1), Ok(()));
        }
        assert_eq!(candidates.add(candidate("0", 1, None), 1), Ok(()));
        assert_eq!(candidates.add(candidate("one more", 1, None), 1), Err(TooCostly));

        let mut candidates = Candidates::new();
        assert_eq!(candidates.add(candidate(&"a".repeat(CANDIDATE_BYTES_MAX), 0, None), 1), Ok(()));
        assert_eq!(candidates.add(candidate("b", 0, None), 1), Err(TooCostly));
    }

    #[test]
    fn equal_principals_are_one() {
        let principals: Vec<Cow<'_, str>> = ["a", "b", "a", "A", "a"].map(Cow::Borrowed).into();
        assert_eq!(distinct(&principals), [(0, "a", 3), (1, "b", 1), (3, "A", 1)]);
    }
}
