//! The settings, turned into what a login needs.

pub(crate) mod common_keys;
pub(crate) mod compiled;
pub(crate) mod groups;
pub(crate) mod issuer;
pub(crate) mod sides;
