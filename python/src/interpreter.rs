//! Which interpreter is this? One process may hold several, and this module serves the first that imports it.
//!
//! Its classes, and those of the package that it raises, are one interpreter's objects. Another would get refusals that its own
//! `except sqljwt.TokenRejected` does not catch, and broken ones when the first is gone.

use pyo3::{exceptions::PyImportError, prelude::*, sync::PyOnceLock};

/// Refuses the import where another interpreter of the process was first.
pub(crate) fn refuse_a_second(py: Python<'_>) -> PyResult<()> {
    /// An object that every interpreter makes for itself when it starts; it is kept, so that no other takes its place in memory.
    static FIRST: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let this = py.import("sys")?.getattr("implementation")?;
    if FIRST.get_or_init(py, || this.clone().unbind()).bind(py).is(&this) {
        return Ok(());
    }
    Err(PyImportError::new_err(
        "sqljwt serves one interpreter of a process, and another one has imported it; use threads or processes instead",
    ))
}
