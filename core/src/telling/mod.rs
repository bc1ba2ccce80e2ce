//! Telling: everything there is to tell about one login. Every check with what was expected and what the token says, what
//! to mend, what else would fail, and what nearly fits.

mod advice;
mod document;
pub(crate) mod explain;
mod marks;
mod near_miss;
mod newer_name;
mod pasted;
mod redacted;
mod remedies;
mod report;
mod server_decision;
mod teller;
mod timeline;
mod token_view;
pub(crate) mod unusable;
mod warnings;

pub use document::{Advice, AdviceKind, Also, CheckReport, Explanation, Outcome, Reads, SCHEMA, Verdict};
pub(crate) use document::{Answer, passed_over};
pub use marks::{CheckMarks, Marks};
pub use timeline::{Line, Timeline, Tone};
pub use token_view::{Moment, TokenView};
