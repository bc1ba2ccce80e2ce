//! How does a row read as a login attempt? As `(token, user)`, `(token, user, now)`, or a mapping with these names.

use pyo3::{
    exceptions::{PyException, PyKeyError, PyTypeError},
    prelude::*,
    pybacked::PyBackedStr,
    types::{PyMapping, PyString, PyTuple},
};

use crate::engine::{Attempt, Engine};

/// Reads a row. An error says what it is instead; only what is no error, Ctrl-C for one, is raised.
pub(crate) fn attempt(engine: &Bound<'_, Engine>, row: &Bound<'_, PyAny>) -> PyResult<Result<Attempt, String>> {
    let py = row.py();
    let attempt = match row.cast::<PyTuple>() {
        Ok(row) => of_tuple(engine, row),
        Err(_) => tuple(row).and_then(|row| of_tuple(engine, &row)),
    };
    match attempt {
        Ok(attempt) => Ok(Ok(attempt)),
        Err(error) if error.is_instance_of::<PyKeyError>(py) => Ok(Err(format!("the row has no {}", error.value(py)))),
        Err(error) if error.is_instance_of::<PyException>(py) => Ok(Err(error.value(py).to_string())),
        Err(error) => Err(error),
    }
}

fn of_tuple(engine: &Bound<'_, Engine>, row: &Bound<'_, PyTuple>) -> PyResult<Attempt> {
    if !(2..=3).contains(&row.len()) {
        return Err(PyTypeError::new_err(format!("{ROW}, not {} values", row.len())));
    }
    let now = if row.len() == 3 { Some(row.get_item(2)?) } else { None };
    Attempt::of(engine, &row.get_item(0)?, &row.get_item(1)?, now.as_ref())
}

const ROW: &str = "expected (token, user) or (token, user, now)";

/// A row of another kind as a tuple.
fn tuple<'py>(row: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyTuple>> {
    if let Ok(row) = row.cast::<PyMapping>() {
        for name in row.keys()? {
            if !["token", "user", "now"].contains(&&*name.extract::<PyBackedStr>()?) {
                return Err(PyTypeError::new_err(format!("a row has token, user and now, not {}", name.repr()?)));
            }
        }
        let now = if row.contains("now")? { row.get_item("now")? } else { row.py().None().into_bound(row.py()) };
        return PyTuple::new(row.py(), [row.get_item("token")?, row.get_item("user")?, now]);
    }
    match row.try_iter() {
        // One more than a row has, so that it is noticed; no more, for it may have no end.
        Ok(members) if !row.is_instance_of::<PyString>() => {
            PyTuple::new(row.py(), members.take(4).collect::<PyResult<Vec<_>>>()?)
        }
        _ => Err(PyTypeError::new_err(format!("{ROW}, not {}", row.get_type().name()?))),
    }
}
