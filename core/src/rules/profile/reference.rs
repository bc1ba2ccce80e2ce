//! CockroachDB without what the engine refuses in every profile. No profile: nobody is let in by these rules, they say what
//! the database decides.

use crate::{
    ground::reason::Check,
    parsed::keys,
    rules::profile::{cockroachdb::COCKROACHDB, rules::Rules},
};

/// Only whether a token passes counts here, so what is cheap to judge comes first. What is read of a token is the
/// database's as it is: see `parsed::token::reread`.
pub(crate) const REFERENCE: Rules = Rules {
    order: &[
        Check::Settings,
        Check::Enabled,
        Check::Token,
        Check::Header,
        Check::Time,
        Check::Issuer,
        Check::Audience,
        Check::Key,
        Check::Principal,
        Check::IdentityMap,
        Check::User,
        Check::Reserved,
        Check::Groups,
        Check::Signature,
    ],
    keys: keys::Reading::Reference,
    lets_in: false,
    ..COCKROACHDB
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_check_is_left_out() {
        let sorted = |order: &[Check]| {
            let mut order = order.to_vec();
            order.sort_unstable();
            order
        };
        assert_eq!(sorted(REFERENCE.order), sorted(COCKROACHDB.order));
    }
}
