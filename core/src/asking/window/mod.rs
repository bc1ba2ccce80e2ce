//! When does a login begin to work, and when will it stop?

mod ask;
mod document;
mod edge;
mod pieces;
mod told;

pub(crate) use ask::window;
pub use document::{Turn, Window, WindowDocument, WindowEdge, WindowOutcome, WindowState};
