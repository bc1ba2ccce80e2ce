//! What becomes of a bug in the engine? An `InternalError` that names its place, never the end of the process.
//!
//! Nothing of a panic is printed: its text could quote the input. The hook that would print it is this module's own, because
//! the module holds the only copy of Rust's runtime that it uses; replacing it changes nothing for anybody else.

use std::{
    cell::Cell,
    panic::{AssertUnwindSafe, Location, catch_unwind, set_hook},
    sync::{
        Once,
        atomic::{AtomicBool, Ordering},
    },
};

use pyo3::prelude::*;

/// The engine panicked, at this place in its source.
pub(crate) struct Bug(String);

impl Bug {
    /// A question that no thread has answered.
    pub(crate) fn unanswered() -> Self {
        Self("an unknown place".into())
    }

    pub(crate) fn place(&self) -> &str {
        &self.0
    }
}

/// Asks the engine without the interpreter's lock.
pub(crate) fn detached<T: Send>(py: Python<'_>, work: impl FnOnce() -> T + Send) -> Result<T, Bug> {
    py.detach(|| guarded(work))
}

/// Asks the engine, and turns a panic into a value. Every call into the engine goes through here.
pub(crate) fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, Bug> {
    static QUIET: Once = Once::new();
    QUIET.call_once(|| set_hook(Box::new(|panic| PLACE.set(panic.location().map(Location::to_string)))));
    // Unwind safe because the engine's values are immutable: a panic leaves nothing half changed that anyone could see.
    catch_unwind(AssertUnwindSafe(|| {
        assert!(!BROKEN.load(Ordering::Relaxed), "broken on purpose");
        work()
    }))
    .map_err(|_| PLACE.take().map_or_else(Bug::unanswered, Bug))
}

thread_local! {
    /// Where the last panic of this thread began, between the hook and [`guarded`].
    static PLACE: Cell<Option<String>> = const { Cell::new(None) };
}

/// Whether every question meets a bug.
static BROKEN: AtomicBool = AtomicBool::new(false);

/// Makes every question meet a bug, or none any more, so that tests see what becomes of one wherever it strikes. It can only refuse.
#[pyfunction]
pub(crate) fn break_on_purpose(broken: bool) {
    BROKEN.store(broken, Ordering::Relaxed);
}
