//! The doors: what callers see of the engine.

pub mod advisor;
pub mod dangerous;
pub(crate) mod validator;
pub mod wire;
