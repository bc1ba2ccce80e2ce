//! Which rules does the name of a profile stand for?

use crate::{
    ground::{profile::Profile, reason::Check},
    rules::profile::{cockroachdb::COCKROACHDB, hardened::HARDENED, rules::Rules},
};

impl Profile {
    /// The checks in the order in which they decide: the first that fails is the reason.
    #[must_use]
    pub const fn order(self) -> &'static [Check] {
        self.rules().order
    }

    pub(crate) const fn rules(self) -> &'static Rules {
        match self {
            Self::Hardened => &HARDENED,
            Self::Cockroachdb => &COCKROACHDB,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    #[test]
    fn every_order_holds_the_same_checks() {
        let sorted = |profile: Profile| {
            let mut order: Vec<_> = profile.order().to_vec();
            order.sort_unstable();
            order
        };
        for &profile in Profile::all() {
            assert_eq!(sorted(profile), sorted(Profile::default()), "{profile}");
        }
    }
}
