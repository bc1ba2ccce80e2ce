//! How do the engine's answers look in Python? As the classes that the package defines, built field by field.

use std::sync::Arc;

use pyo3::{
    intern,
    prelude::*,
    sync::PyOnceLock,
    types::{PyDict, PyString, PyTuple, PyType},
};
use sqljwt::{
    Explanation, FetchError, Identity, IgnoredGroup, KeysNeeded, Login, Refusal, Rejection, SettingsError,
    UserInfoNeeded,
};

use crate::{
    guard::{Bug, guarded},
    texts::Texts,
};

/// The exception for a refusal.
pub(crate) fn refusal<'py>(py: Python<'py>, refusal: &Refusal) -> PyResult<Bound<'py, PyAny>> {
    match refusal {
        Refusal::Rejected(rejection) => token_rejected(py, rejection),
        Refusal::KeysNeeded(keys) => keys_needed(py, keys),
        // A kind that this version of the module does not know refuses all the same.
        _ => Bug::unanswered().exception(py),
    }
}

impl Bug {
    /// The exception for a bug in the engine, raised by nobody yet.
    pub(crate) fn exception<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
        CLASS.import(py, "sqljwt.errors", "InternalError")?.call1((self.place(),))
    }
}

impl From<Bug> for PyErr {
    fn from(bug: Bug) -> Self {
        Python::attach(|py| bug.exception(py).map_or_else(|error| error, Self::from_value))
    }
}

/// The exception for a row that is no login attempt.
pub(crate) fn row_unreadable<'py>(py: Python<'py>, fault: &str) -> PyResult<Bound<'py, PyAny>> {
    static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    CLASS.import(py, "sqljwt.errors", "RowUnreadable")?.call1((fault,))
}

/// The exception for keys that could not be had, raised by nobody yet.
pub(crate) fn fetch_failed<'py>(py: Python<'py>, error: &FetchError) -> PyResult<Bound<'py, PyAny>> {
    static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    let class = CLASS.import(py, "sqljwt.errors", "FetchFailed")?;
    class.call1((error.fault.as_str(), &error.message, &error.remedy))
}

/// The exception for keys that somebody else is fetching, raised by nobody yet.
pub(crate) fn keys_awaited(py: Python<'_>, until: i64) -> PyResult<Bound<'_, PyAny>> {
    static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    CLASS.import(py, "sqljwt.errors", "KeysAwaited")?.call1((until,))
}

/// The exception for settings that cannot be used, with the explanation that every login under them would get.
pub(crate) fn settings_invalid(py: Python<'_>, error: &SettingsError) -> PyErr {
    static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    let built = || {
        let (explanation, verdict) = guarded(|| {
            let explanation = Explanation::of_unusable_settings(error, "");
            (explanation.clone(), explanation.into_verdict().to_json())
        })?;
        let others = error.others.iter().map(|other| settings_fault(py, other)).collect::<PyResult<Vec<_>>>()?;
        CLASS.import(py, "sqljwt.errors", "SettingsInvalid")?.call1((
            error.code.as_str(),
            error.code.number(),
            error.setting,
            error.position.map(|position| position.line),
            error.position.map(|position| position.column),
            &error.message,
            &error.remedy,
            PyTuple::new(py, others)?,
            error.untold,
            Texts::of(explanation),
            verdict,
        ))
    };
    built().map_or_else(|error| error, PyErr::from_value)
}

/// One of the other faults of settings, an instance of the dataclass.
fn settings_fault<'py>(py: Python<'py>, fault: &SettingsError) -> PyResult<Bound<'py, PyAny>> {
    static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    CLASS.import(py, "sqljwt.errors", "SettingsFault")?.call1((
        fault.code.as_str(),
        fault.code.number(),
        fault.setting,
        fault.position.map(|position| position.line),
        fault.position.map(|position| position.column),
        &fault.message,
        &fault.remedy,
    ))
}

/// The login, an instance of the dataclass.
pub(crate) fn login<'py>(py: Python<'py>, login: &Login, names: &mut Names) -> PyResult<Bound<'py, PyAny>> {
    static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    let class = CLASS.import(py, "sqljwt.login", "Login")?;
    // Made as unpickling makes it: `__init__` of a frozen dataclass takes three times as long.
    let made = class.call_method1(intern!(py, "__new__"), (class,))?;
    let fields = made.getattr(intern!(py, "__dict__"))?.cast_into::<PyDict>()?;
    fields.set_item(intern!(py, "user"), &login.user)?;
    fields.set_item(intern!(py, "principal"), &login.principal)?;
    fields.set_item(intern!(py, "issuer"), names.issuer.object(py, &login.issuer))?;
    fields.set_item(intern!(py, "audience"), names.audience.object(py, &login.audience))?;
    fields.set_item(intern!(py, "issued_at"), login.issued_at)?;
    fields.set_item(intern!(py, "expires_at"), login.expires_at)?;
    fields.set_item(intern!(py, "key_id"), names.key_id.object(py, &login.key_id))?;
    fields.set_item(intern!(py, "algorithm"), login.algorithm.as_str())?;
    fields.set_item(intern!(py, "map_line"), login.map_line)?;
    fields.set_item(intern!(py, "roles"), tuple(py, login.roles.as_deref())?)?;
    fields.set_item(intern!(py, "ignored_groups"), ignored_groups(py, login.ignored_groups.as_deref())?)?;
    fields.set_item(intern!(py, "provision"), provision(py, login)?)?;
    Ok(made)
}

/// The bearer of a token, an instance of the dataclass.
pub(crate) fn identity<'py>(py: Python<'py>, identity: &Identity) -> PyResult<Bound<'py, PyAny>> {
    static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    CLASS.import(py, "sqljwt.login", "Identity")?.call1((
        PyTuple::new(py, &identity.principals)?,
        &*identity.issuer,
        &*identity.audience,
        identity.issued_at,
        identity.expires_at,
        &*identity.key_id,
        identity.algorithm.as_str(),
        tuple(py, identity.roles.as_deref())?,
        ignored_groups(py, identity.ignored_groups.as_deref())?,
    ))
}

/// The groups that give no role, instances of the dataclass.
fn ignored_groups<'py>(py: Python<'py>, groups: Option<&[IgnoredGroup]>) -> PyResult<Option<Bound<'py, PyTuple>>> {
    static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    let Some(groups) = groups else { return Ok(None) };
    let class = CLASS.import(py, "sqljwt.login", "IgnoredGroup")?;
    let groups = groups.iter().map(|ignored| class.call1((&ignored.group, ignored.why.as_str())));
    PyTuple::new(py, groups.collect::<PyResult<Vec<_>>>()?).map(Some)
}

/// The SQL user to be made, an instance of the dataclass.
fn provision<'py>(py: Python<'py>, login: &Login) -> PyResult<Option<Bound<'py, PyAny>>> {
    static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    let Some(provision) = &login.provision else { return Ok(None) };
    let class = CLASS.import(py, "sqljwt.login", "Provision")?;
    class.call1((&provision.source, &provision.statement)).map(Some)
}

/// The names that the settings gave to the login before: one login after another has the same.
#[derive(Default)]
pub(crate) struct Names {
    issuer: Name,
    audience: Name,
    key_id: Name,
}

#[derive(Default)]
struct Name(Option<(Arc<str>, Py<PyString>)>);

impl Name {
    fn object<'py>(&mut self, py: Python<'py>, name: &Arc<str>) -> &Bound<'py, PyString> {
        self.0.take_if(|(known, _)| !Arc::ptr_eq(known, name));
        self.0.get_or_insert_with(|| (Arc::clone(name), PyString::new(py, name).unbind())).1.bind(py)
    }
}

fn token_rejected<'py>(py: Python<'py>, rejection: &Rejection) -> PyResult<Bound<'py, PyAny>> {
    static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    CLASS.import(py, "sqljwt.errors", "TokenRejected")?.call1((
        rejection.code.as_str(),
        rejection.code.number(),
        rejection.code.check().as_str(),
        &rejection.message,
        &rejection.remedy,
        rejection.setting,
        tuple(py, rejection.expected.as_deref())?,
        tuple(py, rejection.actual.as_deref())?,
        &rejection.client.message,
        rejection.client.detail.as_deref(),
        rejection.client.sqlstate,
        rejection.user_info.as_ref().map(|needed| user_info_to_ask(py, needed)).transpose()?,
    ))
}

/// Whom to ask about the bearer, an instance of the dataclass.
fn user_info_to_ask<'py>(py: Python<'py>, needed: &UserInfoNeeded) -> PyResult<Bound<'py, PyAny>> {
    static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    CLASS.import(py, "sqljwt.explanation", "UserInfoToAsk")?.call1((&needed.issuer, &needed.discovery_url))
}

fn keys_needed<'py>(py: Python<'py>, keys: &KeysNeeded) -> PyResult<Bound<'py, PyAny>> {
    static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    CLASS.import(py, "sqljwt.errors", "KeysNeeded")?.call1((
        &keys.issuer,
        keys.kid.as_deref(),
        keys.discovery_url.as_deref(),
        keys.jwks_url.as_deref(),
        &keys.cause,
        keys.refresh,
        &keys.client.message,
        keys.client.detail.as_deref(),
        keys.client.sqlstate,
    ))
}

fn tuple<'py>(py: Python<'py>, texts: Option<&[String]>) -> PyResult<Option<Bound<'py, PyTuple>>> {
    texts.map(|texts| PyTuple::new(py, texts)).transpose()
}
