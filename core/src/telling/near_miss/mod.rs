//! What nearly fits? For a failed check, the one detail that keeps a token, a setting and a login apart.

pub(super) mod audience;
pub(super) mod claim;
mod claim_path;
pub(super) mod fetched;
pub(super) mod find;
mod groups;
pub(super) mod hint;
pub(super) mod issuer;
pub(super) mod key;
mod line;
mod listed;
mod misread;
pub(super) mod relation;
mod time;
mod user;
