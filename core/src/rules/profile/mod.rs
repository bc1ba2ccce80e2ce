//! The profiles: whose rules decide, all of it data.

mod cockroachdb;
mod hardened;
pub(crate) mod rules;
