//! What was a line of the map probably meant to be? The ways in which people write it who know other files, other tools or
//! other regexes.

mod columns;
mod draft;
mod line;
mod pattern;
mod user;

pub(crate) use line::Misread;
pub(super) use line::{LINE_BYTES_MAX, meant};
pub(crate) use pattern::anchored;
