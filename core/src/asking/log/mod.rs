//! From a log back to the cause: what a line of a database's log, a client's or our own says of a login.

mod document;
mod events;
mod facts;
mod in_words;
mod json;
mod own;
mod reader;
mod secret;
mod words;

pub use document::{LogCount, LogDocument, LogEntry, LogOutcome, LogReason, LogSource, LogValue};
pub use reader::{LogCounts, LogReader};
