//! The checks: each judges one thing, adds what it found to the attempt, and says what that was.
//!
//! Which of them decides first is the profile's order; a check judges whenever it can, whatever failed before it, so
//! that an explanation can show all there is to mend.

pub(super) mod audience;
mod candidates;
pub(super) mod enabled;
pub(super) mod groups;
pub(super) mod header;
pub(super) mod identity_map;
pub(super) mod issuer;
pub(super) mod key;
pub(super) mod principal;
mod requested;
pub(super) mod reserved;
pub(super) mod settings;
pub(super) mod signature;
pub(super) mod time;
pub(super) mod token;
pub(super) mod user;
