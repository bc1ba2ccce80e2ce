//! What does a regex mean? Go's `regexp/syntax`, read the way `regexp.Compile` reads it.
//!
//! The reader follows Go's step by step and builds the syntax tree itself, so that nothing is interpreted twice. What
//! cannot be translated with certainty is refused, in Go's own words where it has them.

mod class;
mod escape;
mod group;
mod node;
mod parser;
mod pattern;
mod repeat;
#[cfg(test)]
mod tests;

pub(crate) use pattern::{Reading, Regex, parse};
