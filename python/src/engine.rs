//! The engine itself: compiled settings that decide and explain.

use pyo3::prelude::*;
use sqljwt::{Settings, Validator};

use crate::{
    arguments,
    attempt::Attempt,
    documents::{Texts, read},
    guard::detached,
    python::{self, Names},
};

/// Settings compiled once; shared by as many threads as there are.
#[pyclass(frozen, module = "sqljwt._native")]
pub(crate) struct Engine(pub(crate) Validator);

#[pymethods]
impl Engine {
    /// Compiles settings: a JSON object, SQL statements or what `SHOW CLUSTER SETTINGS` prints.
    #[new]
    fn new(py: Python<'_>, settings: &Bound<'_, PyAny>) -> PyResult<Self> {
        let text = arguments::text("settings", settings)?;
        let settings = read(py, &text, Settings::from_text)?;
        match detached(py, || Validator::new(&settings))? {
            Ok(validator) => Ok(Self(validator)),
            Err(error) => Err(python::settings_invalid(py, &error)),
        }
    }

    /// The settings as a JSON object.
    #[getter]
    fn settings(&self, py: Python<'_>) -> PyResult<String> {
        Ok(detached(py, || self.0.settings().to_json())?)
    }

    /// The name of the profile whose rules decide.
    #[getter]
    fn profile(&self) -> &'static str {
        self.0.profile().as_str()
    }

    /// The names in the settings text that were passed over.
    #[getter]
    fn ignored(&self) -> Vec<String> {
        self.0.settings().ignored().to_vec()
    }

    /// Gives a `Login`, or raises the refusal.
    #[pyo3(signature = (token, user, now=None))]
    fn decide<'py>(
        slf: &Bound<'py, Self>,
        token: &Bound<'py, PyAny>,
        user: &Bound<'py, PyAny>,
        now: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let attempt = Attempt::of(slf, token, user, now)?;
        match detached(slf.py(), || attempt.decide())? {
            Ok(login) => python::login(slf.py(), &login, &mut Names::default()),
            Err(refusal) => Err(PyErr::from_value(python::refusal(slf.py(), attempt, &refusal)?)),
        }
    }

    /// The explanation of the same decision, in its texts.
    #[pyo3(signature = (token, user, now=None))]
    fn explain(
        slf: &Bound<'_, Self>,
        token: &Bound<'_, PyAny>,
        user: &Bound<'_, PyAny>,
        now: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Texts> {
        let attempt = Attempt::of(slf, token, user, now)?;
        Ok(detached(slf.py(), || Texts::of(attempt.explanation()))?)
    }
}
