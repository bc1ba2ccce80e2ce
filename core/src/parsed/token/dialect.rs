//! How is a token read? What servers disagree on.

use crate::ground::limits::{PRINCIPAL_BYTES_MAX, PRINCIPAL_BYTES_MAX_COCKROACHDB};

/// How a token's claims are read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Dialect {
    /// Registered claims of the wrong kind spoil the whole token instead of failing their own check.
    pub(crate) kinds_first: bool,
    /// Times may also be decimal or RFC 3339 strings, and a time that truncates to 0 counts as absent.
    pub(crate) loose_dates: bool,
    /// Numbers, booleans, null and objects become principals as Go prints them; a missing `sub` is the empty principal.
    pub(crate) loose_principals: bool,
    /// The longest principal, in bytes.
    pub(crate) principal_bytes_max: usize,
    /// No object on the way of a pointer claim states a member twice.
    pub(crate) pointer_members_once: bool,
    /// `Ed25519` (RFC 9864) names the algorithm of a token wherever `EdDSA` does.
    pub(crate) newer_names: bool,
    /// Groups of another kind, and groups that cannot be had from anywhere, are said to be that, instead of being asked for.
    pub(crate) exact_groups: bool,
    /// Tokens that report an event (logout, security event) are no logins.
    pub(crate) events_refused: bool,
}

impl Dialect {
    /// What the standards say, and of two readings the one that lets in less.
    pub(crate) const STRICT: Self = Self {
        kinds_first: false,
        loose_dates: false,
        loose_principals: false,
        principal_bytes_max: PRINCIPAL_BYTES_MAX,
        pointer_members_once: true,
        newer_names: true,
        exact_groups: true,
        events_refused: true,
    };

    /// As CockroachDB's token library reads tokens.
    pub(crate) const COCKROACHDB: Self = Self {
        kinds_first: true,
        loose_dates: true,
        loose_principals: true,
        principal_bytes_max: PRINCIPAL_BYTES_MAX_COCKROACHDB,
        pointer_members_once: false,
        newer_names: false,
        exact_groups: false,
        events_refused: false,
    };
}
