//! In what form do settings stand in a text? JSON, SQL, and what the database prints; and what is neither.

pub(super) mod encoding;
pub(super) mod foreign;
pub(super) mod json;
pub(super) mod quotes;
pub(super) mod show;
pub(super) mod sql;
pub(super) mod stated_profile;

mod frame;
