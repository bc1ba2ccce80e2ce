//! A text that some regexes match, others do not, and whose first group holds what is wanted: constructed, not guessed.

mod alphabet;
mod machine;
mod search;
mod target;
#[cfg(test)]
mod tests;

pub(crate) use search::{Searched, Wanted, shortest};
pub(crate) use target::Target;
