//! Judging: one token, one SQL user, one moment, check by check.

pub(crate) mod attempt;
pub(crate) mod checks;
pub(crate) mod client;
