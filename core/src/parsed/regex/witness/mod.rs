//! A text that some regexes match, others do not, and whose first group holds what is wanted: constructed, not guessed.

mod alphabet;
mod captures;
mod cut_short;
mod led;
mod machine;
mod ops;
mod search;
mod target;
#[cfg(test)]
mod tests;
mod two_ways;

pub(crate) use captures::captures_differ;
pub(crate) use cut_short::cut_short;
pub(crate) use search::{Searched, Wanted, shortest, shortest_of_several};
pub(crate) use target::{Target, outside};
pub(crate) use two_ways::two_ways;
