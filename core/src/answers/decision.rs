//! What was decided?

use serde::Serialize;

/// What was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Decision {
    /// The token may log in.
    Accept,
    /// The token may not log in.
    Reject,
    /// The issuer's keys have to be fetched before anything can be decided; nobody logs in.
    KeysNeeded,
}
