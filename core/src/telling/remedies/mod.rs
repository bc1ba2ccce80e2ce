//! What would let this login in? Changes of the settings, each tried on the same login before it is told, and what others
//! can do.

mod audience;
mod claim;
mod groups;
mod issuer;
mod keys;
mod line;
mod misread;
mod next;
mod proposal;
mod propose;
mod search;
mod time;
pub(super) mod told;
mod trial;
mod written;
