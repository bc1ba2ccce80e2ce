//! The profiles: whose rules decide, all of it data.

mod choice;
mod cockroachdb;
mod hardened;
pub(crate) mod reference;
pub(crate) mod rules;
pub(crate) mod words;
