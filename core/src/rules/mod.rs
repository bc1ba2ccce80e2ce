//! The rules: what differs between the profiles, and the settings compiled under one of them.

pub(crate) mod key_cache;
pub(crate) mod policy;
pub(crate) mod profile;
