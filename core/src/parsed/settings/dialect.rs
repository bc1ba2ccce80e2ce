//! How are settings read? What servers disagree on.

/// How the values of settings are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Dialect {
    /// Values are read without duplicate members, trailing text or padding, and settings that are switched on need at least
    /// one issuer and one audience, none of them empty.
    pub(crate) strict: bool,
}

impl Dialect {
    /// Nothing that only looks like what it is taken for.
    pub(crate) const STRICT: Self = Self { strict: true };

    /// As CockroachDB takes what it is set to.
    pub(crate) const COCKROACHDB: Self = Self { strict: false };
}
