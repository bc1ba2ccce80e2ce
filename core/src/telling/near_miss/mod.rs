//! What nearly fits? For a failed check, the one detail that keeps a token, a setting and a login apart.

mod audience;
mod claim;
pub(super) mod fetched;
pub(super) mod find;
mod groups;
pub(super) mod hint;
mod issuer;
mod key;
mod line;
mod shape;
mod time;
mod user;
