//! Warnings: what deserves attention beside the decision, in the settings whatever was decided, and in a login that was
//! accepted.

pub(super) mod all;
mod audience;
mod claim;
mod hba;
mod keys_set_aside;
pub(super) mod keys_unread;
mod left_alone;
mod lifetime;
mod line;
mod map_names;
mod provisioning;
mod roles;
mod shared_keys;
