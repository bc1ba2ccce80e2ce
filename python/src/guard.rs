//! What becomes of a bug in the engine? An `InternalError` without a word of the input, never the end of the process.

use std::panic::{AssertUnwindSafe, catch_unwind};

use pyo3::prelude::*;

use crate::python;

/// The engine panicked; the panic's own text stays on standard error.
pub(crate) struct Bug;

impl From<Bug> for PyErr {
    fn from(_: Bug) -> Self {
        Python::attach(|py| match python::internal_error(py) {
            Ok(error) => Self::from_value(error),
            Err(error) => error,
        })
    }
}

/// Runs the engine without the interpreter's lock.
pub(crate) fn detached<T: Send>(py: Python<'_>, work: impl FnOnce() -> T + Send) -> Result<T, Bug> {
    py.detach(|| guarded(work))
}

/// Runs the engine and turns a panic into a value.
pub(crate) fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, Bug> {
    // OK because the engine's values are immutable: a panic leaves nothing half changed that anyone could see.
    catch_unwind(AssertUnwindSafe(work)).map_err(|_| Bug)
}

/// Panics inside the guard, so that a test can see what becomes of a bug.
#[pyfunction]
pub(crate) fn break_on_purpose(py: Python<'_>) -> PyResult<()> {
    Ok(detached(py, || panic!("broken on purpose"))?)
}
