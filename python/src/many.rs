//! Many logins at once: on all cores, without the interpreter's lock, the answers in the order of the questions.
//!
//! Threads live no longer than a call: a pool would be missing in a process that forked after its first use, and hang it.

use std::{
    mem,
    sync::{
        LazyLock, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use pyo3::{prelude::*, types::PyList};

use crate::{
    engine::{Attempt, Engine},
    guard::{Bug, guarded},
    objects::{self, Names},
    rows,
};

/// How many questions a thread takes at a time: few, so that no thread waits long for the last one.
const TAKEN: usize = 8;

/// How many threads answer, the caller's own included. Asking the system reads files; its answer does not change.
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
    let mut attempts = Vec::with_capacity(rows.len());
    let mut faults = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        match rows::attempt(engine, &row)? {
            Ok(attempt) => attempts.push(attempt),
            Err(fault) => faults.push((index, fault)),
        }
    }
    let mut names = Names::default();
    let mut outcomes = on_all_cores(py, &attempts, Attempt::decide, |attempt, outcome| match outcome {
        Ok(login) => objects::login(py, &login, &mut names),
        Err(refusal) => attempt.clone_ref(py).refused(py, &refusal),
    })?;
    for (index, fault) in faults {
        outcomes.insert(index, objects::row_unreadable(py, &fault)?);
    }
    PyList::new(py, outcomes)
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
    let attempts: Vec<Py<Attempt>> = attempts.extract()?;
    let document = |_: &Py<Attempt>, document: String| Ok(document.into_pyobject(py)?.into_any());
    PyList::new(py, on_all_cores(py, &attempts, |attempt| ask(attempt.get()), document)?)
}

/// Answers every question, and makes an object of every answer, or of the bug that stood in its place.
///
/// Whichever thread is free takes the next questions. The caller's thread makes objects of what is answered, its own and the
/// others', while these go on; between that it lets Python see to signals, so that Ctrl-C need not wait for the end.
fn on_all_cores<'py, Q: Sync, A: Send>(
    py: Python<'py>,
    questions: &[Q],
    ask: impl Fn(&Q) -> A + Sync,
    mut object: impl FnMut(&Q, A) -> PyResult<Bound<'py, PyAny>>,
) -> PyResult<Vec<Bound<'py, PyAny>>> {
    let next = AtomicUsize::new(0);
    let take = || {
        let first = next.fetch_add(TAKEN, Ordering::Relaxed);
        let taken = questions.get(first..)?.iter().take(TAKEN);
        let answers: Vec<_> = taken.map(|question| guarded(|| ask(question))).collect();
        (!answers.is_empty()).then_some((first, answers))
    };
    let answered = Mutex::new(Vec::new());
    let answered = || answered.lock().unwrap_or_else(PoisonError::into_inner);
    let work = || {
        while let Some(answers) = take() {
            answered().push(answers);
        }
    };

    let mut objects: Vec<Option<Bound<'py, PyAny>>> = vec![None; questions.len()];
    let mut keep = |(first, answers): (usize, Vec<Result<A, Bug>>)| {
        let places = questions.iter().skip(first).zip(objects.iter_mut().skip(first));
        places.zip(answers).try_for_each(|((question, place), answer)| -> PyResult<()> {
            *place = Some(answer.map_or_else(|bug| bug.exception(py), |answer| object(question, answer))?);
            Ok(())
        })
    };
    thread::scope(|scope| {
        // Without a helper (no more threads to be had) the others do its share.
        let helpers = 1..cores().min(questions.len().div_ceil(TAKEN));
        let helpers: Vec<_> = helpers.filter_map(|_| thread::Builder::new().spawn_scoped(scope, work).ok()).collect();
        let all = || {
            while let Some(answers) = py.detach(take) {
                keep(answers)?;
                mem::take(&mut *answered()).into_iter().try_for_each(&mut keep)?;
                py.check_signals()?;
            }
            py.detach(|| helpers.into_iter().for_each(|helper| drop(helper.join())));
            mem::take(&mut *answered()).into_iter().try_for_each(&mut keep)
        };
        // Whoever waits for no answer any more asks no more questions.
        all().inspect_err(|_| next.store(questions.len(), Ordering::Relaxed))
    })?;
    objects.into_iter().map(|object| object.map_or_else(|| Bug::unanswered().exception(py), Ok)).collect()
}
