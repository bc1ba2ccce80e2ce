//! Judging: one token, one SQL user, one moment, check by check.

pub(crate) mod attempt;
mod checks;
pub(crate) mod client;
pub(crate) mod database;
pub(crate) mod found;
mod needs;
pub(crate) mod reached;
pub(crate) mod run;
#[cfg(test)]
mod seam;
