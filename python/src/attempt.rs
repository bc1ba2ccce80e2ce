//! One login attempt: by which settings, with which token, as whom, and when.

use pyo3::{
    exceptions::{PyException, PyKeyError, PyTypeError},
    prelude::*,
    pybacked::PyBackedStr,
    types::{PyMapping, PyString, PyTuple},
};
use sqljwt::{Explanation, Login, Refusal, Validator, Verdict};

use crate::{
    arguments::{self, Token},
    documents::Texts,
    engine::Engine,
    guard::detached,
};

/// A login attempt whose arguments are of the right types. Refusals hold theirs, to explain themselves when they are asked.
#[pyclass(frozen, module = "sqljwt._native")]
pub(crate) struct Attempt {
    engine: Py<Engine>,
    token: Token,
    user: PyBackedStr,
    now: i64,
}

impl Attempt {
    /// Reads the arguments; an error names the one at fault.
    pub(crate) fn of(
        engine: &Bound<'_, Engine>,
        token: &Bound<'_, PyAny>,
        user: &Bound<'_, PyAny>,
        now: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        Ok(Self {
            token: arguments::token(token)?,
            user: arguments::text("user", user)?,
            now: arguments::moment(now)?,
            engine: engine.clone().unbind(),
        })
    }

    /// Reads a row: `(token, user)`, `(token, user, now)`, or a mapping with these names. An error says what it is instead;
    /// only what is no error, Ctrl-C for one, is raised.
    pub(crate) fn of_row(engine: &Bound<'_, Engine>, row: &Bound<'_, PyAny>) -> PyResult<Result<Self, String>> {
        let py = row.py();
        let attempt = match row.cast::<PyTuple>() {
            Ok(row) => Self::of_tuple(engine, row),
            Err(_) => tuple(row).and_then(|row| Self::of_tuple(engine, &row)),
        };
        match attempt {
            Ok(attempt) => Ok(Ok(attempt)),
            Err(error) if error.is_instance_of::<PyKeyError>(py) => {
                Ok(Err(format!("the row has no {}", error.value(py))))
            }
            Err(error) if error.is_instance_of::<PyException>(py) => Ok(Err(error.value(py).to_string())),
            Err(error) => Err(error),
        }
    }

    fn of_tuple(engine: &Bound<'_, Engine>, row: &Bound<'_, PyTuple>) -> PyResult<Self> {
        if !(2..=3).contains(&row.len()) {
            return Err(PyTypeError::new_err(format!("{ROW}, not {} values", row.len())));
        }
        let now = if row.len() == 3 { Some(row.get_item(2)?) } else { None };
        Self::of(engine, &row.get_item(0)?, &row.get_item(1)?, now.as_ref())
    }

    /// The same attempt once more.
    pub(crate) fn clone_ref(&self, py: Python<'_>) -> Self {
        let Self { engine, token, user, now } = self;
        Self { engine: engine.clone_ref(py), token: token.clone_ref(py), user: user.clone_ref(py), now: *now }
    }

    pub(crate) fn decide(&self) -> Result<Login, Refusal> {
        self.validator().validate(self.token.as_bytes(), &self.user, self.now)
    }

    pub(crate) fn explanation(&self) -> Explanation {
        self.validator().explain(self.token.as_bytes(), &self.user, self.now)
    }

    pub(crate) fn verdict(&self) -> Verdict {
        Verdict::of(self.validator(), self.token.as_bytes(), &self.user, self.now)
    }

    fn validator(&self) -> &Validator {
        &self.engine.get().0
    }
}

#[pymethods]
impl Attempt {
    #[new]
    #[pyo3(signature = (engine, token, user, now=None))]
    fn new(
        engine: &Bound<'_, Engine>,
        token: &Bound<'_, PyAny>,
        user: &Bound<'_, PyAny>,
        now: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        Self::of(engine, token, user, now)
    }

    /// The explanation in its texts.
    fn explain(&self, py: Python<'_>) -> PyResult<Texts> {
        Ok(detached(py, || Texts::of(self.explanation()))?)
    }
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
