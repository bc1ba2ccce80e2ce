//! The engine itself: compiled settings, and the login attempts that they decide and explain.

use std::sync::Arc;

use pyo3::{intern, prelude::*, pybacked::PyBackedStr, types::PyString};
use sqljwt::{Explanation, Identity, Login, Membership, Refusal, RolesDocument, Validator, Verdict};
use sqljwt_fetch::SharedValidator;

use crate::{
    arguments::{self, Token},
    guard::detached,
    objects::{self, Names},
    texts::Texts,
};

/// Settings compiled once, and the keys that somebody fetches for them; shared by as many threads as there are.
#[pyclass(frozen, module = "sqljwt._native")]
pub(crate) struct Engine(pub(crate) SharedValidator);

#[pymethods]
impl Engine {
    /// Compiles settings: a JSON object, SQL statements or what `SHOW CLUSTER SETTINGS` prints.
    #[new]
    fn new(py: Python<'_>, settings: &Bound<'_, PyAny>) -> PyResult<Self> {
        let text = arguments::text("settings", settings)?;
        match detached(py, || Validator::from_text(&text))? {
            Ok(validator) => Ok(Self(SharedValidator::new(validator))),
            Err(error) => Err(objects::settings_invalid(py, &error)),
        }
    }

    /// The settings as a JSON object.
    #[getter]
    fn settings(&self, py: Python<'_>) -> PyResult<String> {
        Ok(detached(py, || self.validator().settings().to_json())?)
    }

    /// The name of the profile whose rules decide.
    #[getter]
    fn profile(&self) -> &'static str {
        self.validator().profile().as_str()
    }

    /// How long fetching an issuer's keys may take, in seconds.
    #[getter]
    fn fetch_timeout(&self) -> f64 {
        self.validator().settings().fetch_timeout().as_secs_f64()
    }

    /// The names in the settings text that were passed over.
    #[getter]
    fn ignored(&self) -> Vec<String> {
        self.validator().settings().ignored().to_vec()
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
            Ok(login) => objects::login(slf.py(), &login, &mut Names::default()),
            Err(refusal) => Err(PyErr::from_value(attempt.refused(slf.py(), &refusal)?)),
        }
    }

    /// Gives an `Identity`, or raises the refusal.
    #[pyo3(signature = (token, now=None))]
    fn identify<'py>(
        slf: &Bound<'py, Self>,
        token: &Bound<'py, PyAny>,
        now: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let attempt = Attempt::of_anybody(slf, token, now)?;
        match detached(slf.py(), || attempt.identify())? {
            Ok(identity) => objects::identity(slf.py(), &identity),
            Err(refusal) => Err(PyErr::from_value(attempt.refused(slf.py(), &refusal)?)),
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
        Attempt::of(slf, token, user, now)?.explain(slf.py())
    }
}

impl Engine {
    /// The settings alone.
    fn validator(&self) -> &Validator {
        self.0.settings()
    }
}

/// A login attempt whose arguments are of the right types, with the keys of the moment at which it was made. Refusals hold
/// theirs, to explain themselves when they are asked, whatever keys have come meanwhile.
#[pyclass(frozen, module = "sqljwt._native")]
pub(crate) struct Attempt {
    pub(crate) validator: Arc<Validator>,
    pub(crate) token: Token,
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
            validator: engine.get().0.at_this_moment(),
        })
    }

    /// The same of a login that names no user.
    pub(crate) fn of_anybody(
        engine: &Bound<'_, Engine>,
        token: &Bound<'_, PyAny>,
        now: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        Self::of(engine, token, PyString::new(engine.py(), "").as_any(), now)
    }

    /// The same attempt once more.
    pub(crate) fn clone_ref(&self, py: Python<'_>) -> Self {
        let Self { validator, token, user, now } = self;
        Self { validator: Arc::clone(validator), token: token.clone_ref(py), user: user.clone_ref(py), now: *now }
    }

    pub(crate) fn decide(&self) -> Result<Login, Refusal> {
        self.validator.validate(self.token.as_bytes(), &self.user, self.now)
    }

    pub(crate) fn identify(&self) -> Result<Identity, Refusal> {
        self.validator.identify(self.token.as_bytes(), self.now)
    }

    pub(crate) fn roles(&self, present: &[Membership], existing: Option<&[String]>) -> RolesDocument {
        self.validator.roles(self.token.as_bytes(), &self.user, self.now, present, existing)
    }

    /// The refusal as an exception that nobody has raised yet, and that explains itself by this attempt.
    pub(crate) fn refused<'py>(self, py: Python<'py>, refusal: &Refusal) -> PyResult<Bound<'py, PyAny>> {
        let exception = objects::refusal(py, refusal)?;
        exception.setattr(intern!(py, "_attempt"), Bound::new(py, self)?)?;
        Ok(exception)
    }

    pub(crate) fn explanation(&self) -> Explanation {
        self.validator.explain(self.token.as_bytes(), &self.user, self.now)
    }

    pub(crate) fn verdict(&self) -> Verdict {
        Verdict::of(&self.validator, self.token.as_bytes(), &self.user, self.now)
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

    /// The explanation, in its texts.
    fn explain(&self, py: Python<'_>) -> PyResult<Texts> {
        Ok(Texts::of(detached(py, || self.explanation())?))
    }
}
