//! The answers: who logs in, or why nobody does. Data alone.

pub(crate) mod login;
pub(crate) mod refusal;
