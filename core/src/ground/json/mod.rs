//! JSON: what a text says, and how a text is written as a string of it.

#[cfg(test)]
mod differential;
mod reader;

pub(crate) use reader::{Defect, Document, Duplicates, JsonError, Kind, Value, quote};
