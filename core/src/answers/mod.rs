//! The answers: who logs in, or why nobody does. Data alone.

pub(crate) mod decision;
pub(crate) mod failure;
pub(crate) mod finding;
pub(crate) mod identity;
pub(crate) mod login;
pub(crate) mod provision;
pub(crate) mod refusal;
pub(crate) mod remedy;
pub(crate) mod roles;
