//! How is an identity map read? What servers disagree on.

/// How a map is read and compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Dialect {
    /// Every regex has to be anchored at both ends, and `\2` to `\9` are refused.
    pub(crate) anchored: bool,
    /// A name that is a configured issuer's but for a slash, case or the like spoils the map.
    pub(crate) exact_names: bool,
    /// Principals are compared without regard to case.
    pub(crate) ignore_case: bool,
}

impl Dialect {
    /// Nothing matches more than it seems to.
    pub(crate) const STRICT: Self = Self { anchored: true, exact_names: true, ignore_case: false };

    /// As CockroachDB reads `server.identity_map.configuration`.
    pub(crate) const COCKROACHDB: Self = Self { anchored: false, exact_names: false, ignore_case: true };
}
