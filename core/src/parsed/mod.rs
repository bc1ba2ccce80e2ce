//! What was sent and what was set, read and judged by nobody yet.

pub(crate) mod fetched;
pub(crate) mod foreign_map;
pub(crate) mod groups;
pub(crate) mod hba;
pub(crate) mod identity_map;
pub(crate) mod keys;
pub(crate) mod map_line;
pub(crate) mod providers;
pub(crate) mod provisioning;
pub(crate) mod regex;
pub(crate) mod risk;
pub(crate) mod settings;
pub(crate) mod sql_user;
pub(crate) mod token;
pub(crate) mod user_names;
