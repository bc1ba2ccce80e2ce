//! Many logins at once: on all cores, without the interpreter's lock, the answers in the order of the questions.

use std::{
    sync::{
        LazyLock, OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use pyo3::{prelude::*, types::PyList};

use crate::{
    attempt::Attempt,
    engine::Engine,
    guard::{Bug, guarded},
    python,
};

/// How many threads answer, this one included. Asking the system reads files; its answer does not change.
static CORES: LazyLock<usize> = LazyLock::new(|| thread::available_parallelism().map_or(1, usize::from));

/// How many threads answer.
#[pyfunction]
pub(crate) fn cores() -> usize {
    *CORES
}

/// For each row a `Login`, or the refusal as an exception that nobody has raised.
#[pyfunction]
pub(crate) fn decide_many<'py>(
    py: Python<'py>,
    engine: &Bound<'py, Engine>,
    rows: &Bound<'py, PyList>,
) -> PyResult<Bound<'py, PyList>> {
    let rows: Vec<_> = rows.iter().map(|row| Attempt::of_row(engine, &row)).collect::<PyResult<_>>()?;
    let outcomes = on_all_cores(py, &rows, |row| row.as_ref().ok().map(Attempt::decide));
    let outcome = |(row, outcome): (Result<Attempt, String>, Result<_, Bug>)| match (row, outcome) {
        (Err(fault), _) => python::row_unreadable(py, &fault),
        (Ok(_), Ok(Some(Ok(login)))) => python::login(py, &login),
        (Ok(attempt), Ok(Some(Err(refusal)))) => python::refusal(py, attempt, &refusal),
        (Ok(_), Ok(None)) => Bug::unanswered().exception(py),
        (Ok(_), Err(bug)) => bug.exception(py),
    };
    PyList::new(py, rows.into_iter().zip(outcomes).map(outcome).collect::<PyResult<Vec<_>>>()?)
}

/// For each attempt the explanation as a JSON document; for one that met a bug, the exception.
#[pyfunction]
pub(crate) fn explain_many<'py>(py: Python<'py>, attempts: &Bound<'py, PyList>) -> PyResult<Bound<'py, PyList>> {
    documents(py, attempts, |attempt| attempt.explanation().to_json())
}

/// For each attempt the short decision as a JSON document; for one that met a bug, the exception.
#[pyfunction]
pub(crate) fn verdict_many<'py>(py: Python<'py>, attempts: &Bound<'py, PyList>) -> PyResult<Bound<'py, PyList>> {
    documents(py, attempts, |attempt| attempt.verdict().to_json())
}

fn documents<'py>(
    py: Python<'py>,
    attempts: &Bound<'py, PyList>,
    ask: impl Fn(&Attempt) -> String + Sync,
) -> PyResult<Bound<'py, PyList>> {
    let document = |document: Result<String, Bug>| match document {
        Ok(document) => Ok(document.into_pyobject(py)?.into_any()),
        Err(bug) => bug.exception(py),
    };
    let attempts: Vec<Py<Attempt>> = attempts.extract()?;
    let documents = on_all_cores(py, &attempts, |attempt| ask(attempt.get()));
    PyList::new(py, documents.into_iter().map(document).collect::<PyResult<Vec<_>>>()?)
}

/// Answers every question. Whichever thread is free takes the next one, so that one slow question holds up no other.
fn on_all_cores<Q: Sync, A: Send + Sync>(
    py: Python<'_>,
    questions: &[Q],
    ask: impl Fn(&Q) -> A + Sync,
) -> Vec<Result<A, Bug>> {
    let answers: Vec<OnceLock<Result<A, Bug>>> = questions.iter().map(|_| OnceLock::new()).collect();
    let next = AtomicUsize::new(0);
    let work = || {
        while let Some((question, answer)) = {
            let index = next.fetch_add(1, Ordering::Relaxed);
            questions.get(index).zip(answers.get(index))
        } {
            // OK because each index is taken once: the place is still empty.
            let _ = answer.set(guarded(|| ask(question)));
        }
    };
    py.detach(|| {
        thread::scope(|scope| {
            for _ in 1..cores().min(questions.len()) {
                // Without a helper (no more threads to be had) the others do its share.
                let _ = thread::Builder::new().spawn_scoped(scope, work);
            }
            work();
        });
    });
    answers.into_iter().map(|answer| answer.into_inner().unwrap_or_else(|| Err(Bug::unanswered()))).collect()
}
