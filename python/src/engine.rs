//! The engine itself: compiled settings that decide and explain.

use pyo3::{prelude::*, pybacked::PyBackedStr};
use sqljwt::{Settings, Validator};

use crate::{
    arguments::Token,
    documents::{Texts, read},
    guard::detached,
    python,
};

/// Settings compiled once; shared by as many threads as there are.
#[pyclass(frozen, module = "sqljwt._native")]
pub(crate) struct Engine(pub(crate) Validator);

#[pymethods]
impl Engine {
    /// Compiles settings: a JSON object, SQL statements or what `SHOW CLUSTER SETTINGS` prints.
    #[new]
    fn new(py: Python<'_>, settings: &str) -> PyResult<Self> {
        let settings = read(py, settings, Settings::from_text)?;
        let compiled = detached(py, || Validator::new(&settings))?;
        compiled.map(Self).map_err(|error| python::settings_invalid(py, &error, settings.profile()))
    }

    /// The settings as a JSON object.
    #[getter]
    fn settings(&self) -> String {
        self.0.settings().to_json()
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

    /// A `Login`, or the refusal as an exception for the caller to raise.
    fn decide<'py>(&self, py: Python<'py>, token: Token, user: PyBackedStr, now: i64) -> PyResult<Bound<'py, PyAny>> {
        let outcome = detached(py, || self.0.validate(token.as_bytes(), &user, now));
        python::outcome(py, outcome)
    }

    /// The explanation of the same decision: JSON, timeline, and both redacted.
    fn explain(&self, py: Python<'_>, token: Token, user: PyBackedStr, now: i64) -> PyResult<Texts> {
        Ok(detached(py, || Texts::of(self.0.explain(token.as_bytes(), &user, now)))?)
    }
}
