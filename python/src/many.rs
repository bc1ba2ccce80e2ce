//! Many logins at once: on all cores, without the interpreter's lock, the answers in the order of the questions.

use std::{
    sync::{
        OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use pyo3::{prelude::*, pybacked::PyBackedStr, types::PyList};
use sqljwt::{Login, Refusal, Validator, Verdict};

use crate::{
    arguments::Token,
    documents::written,
    engine::Engine,
    guard::{Bug, guarded},
    python,
};

/// One login to decide: by which settings, the token, the requested SQL user, and the time in Unix seconds.
type Row = (Py<Engine>, Token, PyBackedStr, i64);

/// For each row a `Login` or the refusal as an exception that nobody has raised.
#[pyfunction]
pub(crate) fn decide_many(py: Python<'_>, rows: Vec<Row>) -> PyResult<Bound<'_, PyList>> {
    let decide = |validator: &Validator, token: &[u8], user: &str, now| -> Result<Login, Refusal> {
        validator.validate(token, user, now)
    };
    let outcomes: PyResult<Vec<_>> =
        on_all_cores(py, &rows, decide).into_iter().map(|outcome| python::outcome(py, outcome)).collect();
    PyList::new(py, outcomes?)
}

/// For each row the explanation as a JSON document.
#[pyfunction]
pub(crate) fn explain_many(py: Python<'_>, rows: Vec<Row>) -> PyResult<Vec<String>> {
    documents(py, &rows, |validator, token, user, now| validator.explain(token, user, now).to_json())
}

/// For each row the short decision as a JSON document.
#[pyfunction]
pub(crate) fn verdict_many(py: Python<'_>, rows: Vec<Row>) -> PyResult<Vec<String>> {
    documents(py, &rows, |validator, token, user, now| written(&Verdict::of(validator, token, user, now)))
}

fn documents(
    py: Python<'_>,
    rows: &[Row],
    ask: impl Fn(&Validator, &[u8], &str, i64) -> String + Sync,
) -> PyResult<Vec<String>> {
    on_all_cores(py, rows, ask).into_iter().map(|document| document.map_err(PyErr::from)).collect()
}

/// Answers every row. Whichever thread is free takes the next one, so that one slow row holds up no other.
fn on_all_cores<A: Send + Sync>(
    py: Python<'_>,
    rows: &[Row],
    ask: impl Fn(&Validator, &[u8], &str, i64) -> A + Sync,
) -> Vec<Result<A, Bug>> {
    let answers: Vec<OnceLock<Result<A, Bug>>> = rows.iter().map(|_| OnceLock::new()).collect();
    let next = AtomicUsize::new(0);
    let work = || {
        while let Some(((engine, token, user, now), answer)) = {
            let index = next.fetch_add(1, Ordering::Relaxed);
            rows.get(index).zip(answers.get(index))
        } {
            // OK because each index is taken once: the place is still empty.
            let _ = answer.set(guarded(|| ask(&engine.get().0, token.as_bytes(), user, *now)));
        }
    };
    py.detach(|| {
        let helpers = thread::available_parallelism().map_or(1, usize::from).min(rows.len()).saturating_sub(1);
        thread::scope(|scope| {
            for _ in 0..helpers {
                // Without a helper (no more threads to be had) the others do its share.
                let _ = thread::Builder::new().spawn_scoped(scope, work);
            }
            work();
        });
    });
    answers.into_iter().map(|answer| answer.into_inner().unwrap_or(Err(Bug))).collect()
}
