//! JSON: what a text says, and how a document is written.

mod defect;
#[cfg(test)]
mod differential;
mod document;
mod duplicates;
mod reader;
mod string;
#[cfg(test)]
mod tests;
mod writer;

pub(crate) use document::{Document, Kind, Value};
pub(crate) use reader::{Defect, Duplicates, JsonError};
pub(crate) use writer::{on_one_line, quote, written};
