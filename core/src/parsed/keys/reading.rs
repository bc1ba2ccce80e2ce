//! How is a key set read? What servers disagree on.

/// How the text of a key set is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reading {
    /// RFC 7517 to the letter; a key that cannot be read is set aside.
    Strict,
    /// As CockroachDB reads its setting: a key that it cannot read spoils the set.
    Database,
    /// The same, and every key worth what it is worth to the database, also one that nobody is let in by here: for saying
    /// what the database decides.
    Reference,
}

/// Whose text a key set is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// The administrator's, who can correct it.
    Configured,
    /// The identity provider's, which serves what it serves: in the strict reading one bad key is set aside and spoils nothing,
    /// while CockroachDB takes a set only if it can use every key of it.
    Fetched,
}

impl Reading {
    /// Whether texts are read as CockroachDB's token library reads them.
    pub(super) fn is_the_library_s(self) -> bool {
        self != Self::Strict
    }
}
