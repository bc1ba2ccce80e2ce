//! What may a caller pass? Tokens as text or bytes, users as text, moments in Unix seconds; anything else is a `TypeError` or a
//! `ValueError` that names the argument.

use std::time::{SystemTime, UNIX_EPOCH};

use pyo3::{
    exceptions::{PyOverflowError, PyTypeError, PyValueError},
    prelude::*,
    pybacked::{PyBackedBytes, PyBackedStr},
    types::{PyBool, PyBytes, PyFloat, PyString},
};

/// A token as the caller holds it: borrowed from the Python object, readable without the interpreter's lock.
pub(crate) enum Token {
    Text(PyBackedStr),
    Bytes(PyBackedBytes),
}

impl Token {
    pub(crate) fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Text(text) => text.as_bytes(),
            Self::Bytes(bytes) => bytes,
        }
    }

    pub(crate) fn clone_ref(&self, py: Python<'_>) -> Self {
        match self {
            Self::Text(text) => Self::Text(text.clone_ref(py)),
            Self::Bytes(bytes) => Self::Bytes(bytes.clone_ref(py)),
        }
    }
}

/// The argument `token`.
pub(crate) fn token(object: &Bound<'_, PyAny>) -> PyResult<Token> {
    if let Ok(bytes) = object.cast::<PyBytes>() {
        return Ok(Token::Bytes(bytes.extract()?));
    }
    let Ok(text) = object.cast::<PyString>() else { return Err(of_another_type("token", "str or bytes", object)) };
    text.extract().map(Token::Text).or_else(|_| {
        // A text with lone surrogates is no token; its bytes let the engine say so.
        let bytes = text.call_method1("encode", ("utf-8", "surrogatepass"))?;
        Ok(Token::Bytes(bytes.cast::<PyBytes>()?.extract()?))
    })
}

/// An argument that is a text.
pub(crate) fn text(name: &str, object: &Bound<'_, PyAny>) -> PyResult<PyBackedStr> {
    let Ok(text) = object.cast::<PyString>() else { return Err(of_another_type(name, "str", object)) };
    text.extract().map_err(|_| PyValueError::new_err(format!("argument '{name}': the text holds a lone surrogate")))
}

/// The argument `now` in whole Unix seconds, the present for None; a fraction of a second has not been reached yet.
pub(crate) fn moment(now: Option<&Bound<'_, PyAny>>) -> PyResult<i64> {
    let Some(now) = now.filter(|now| !now.is_none()) else { return present() };
    let beyond = || PyValueError::new_err(format!("argument 'now': {now} is no moment within 64 bits of Unix seconds"));
    if let Ok(seconds) = now.cast::<PyFloat>() {
        let whole = seconds.value().floor();
        // OK because the bounds, -2^63 and 2^63, are floats to the bit; what is no number is within neither.
        return if (-BOUND..BOUND).contains(&whole) { Ok(whole as i64) } else { Err(beyond()) };
    }
    let wrong = || of_another_type("now", "Unix seconds, int or float", now);
    if now.is_instance_of::<PyBool>() {
        return Err(wrong());
    }
    now.extract().map_err(|error: PyErr| match error {
        error if error.is_instance_of::<PyTypeError>(now.py()) => wrong(),
        error if error.is_instance_of::<PyOverflowError>(now.py()) => beyond(),
        error => error,
    })
}

/// The argument `status`, an HTTP status code.
pub(crate) fn status(object: &Bound<'_, PyAny>) -> PyResult<u16> {
    object.extract().map_err(|error: PyErr| match error.is_instance_of::<PyTypeError>(object.py()) {
        true => of_another_type("status", "int", object),
        false => PyValueError::new_err(format!("argument 'status': {object} is no status of HTTP")),
    })
}

const BOUND: f64 = 9_223_372_036_854_775_808.0;

fn present() -> PyResult<i64> {
    let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).ok();
    let seconds = elapsed.and_then(|elapsed| i64::try_from(elapsed.as_secs()).ok());
    seconds.ok_or_else(|| {
        PyValueError::new_err("argument 'now': this machine's clock stands before 1970; give the moment")
    })
}

fn of_another_type(name: &str, expected: &str, object: &Bound<'_, PyAny>) -> PyErr {
    match object.get_type().name() {
        Ok(found) => PyTypeError::new_err(format!("argument '{name}': expected {expected}, not {found}")),
        Err(error) => error,
    }
}
