//! What may a caller pass? Tokens as text or bytes, users as text, moments in Unix seconds; anything else is a `TypeError` or a
//! `ValueError` that names the argument.

use std::time::{SystemTime, UNIX_EPOCH};

use pyo3::{
    exceptions::{PyOverflowError, PyTypeError, PyValueError},
    prelude::*,
    pybacked::{PyBackedBytes, PyBackedStr},
    types::{PyBool, PyBytes, PyFloat, PyString, PyTuple},
};
use sqljwt::{Membership, Response};

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

/// The argument `now` in whole Unix seconds, the present for None.
pub(crate) fn moment(now: Option<&Bound<'_, PyAny>>) -> PyResult<i64> {
    now.filter(|now| !now.is_none()).map_or_else(present, |now| moment_given("now", now))
}

/// A moment in whole Unix seconds; a fraction of a second has not been reached yet.
pub(crate) fn moment_given(name: &str, now: &Bound<'_, PyAny>) -> PyResult<i64> {
    let beyond =
        || PyValueError::new_err(format!("argument '{name}': {now} is no moment within 64 bits of Unix seconds"));
    if let Ok(seconds) = now.cast::<PyFloat>() {
        let whole = seconds.value().floor();
        // OK because the bounds, -2^63 and 2^63, are floats to the bit; what is no number is within neither.
        return if (-BOUND..BOUND).contains(&whole) { Ok(whole as i64) } else { Err(beyond()) };
    }
    let wrong = || of_another_type(name, "Unix seconds, int or float", now);
    if now.is_instance_of::<PyBool>() {
        return Err(wrong());
    }
    now.extract().map_err(|error: PyErr| match error {
        error if error.is_instance_of::<PyTypeError>(now.py()) => wrong(),
        error if error.is_instance_of::<PyOverflowError>(now.py()) => beyond(),
        error => error,
    })
}

/// The argument `tokens`.
pub(crate) fn tokens(object: &Bound<'_, PyAny>) -> PyResult<Vec<Token>> {
    each("tokens", "tokens", object, token)
}

/// The argument that is texts of records: one text, or several.
pub(crate) fn records(object: &Bound<'_, PyAny>) -> PyResult<Vec<PyBackedStr>> {
    match object.cast::<PyString>() {
        Ok(_) => Ok(vec![text("records", object)?]),
        Err(_) => each("records", "a text or texts", object, |item| text("records", item)),
    }
}

/// The argument `existing_roles`: names, or None.
pub(crate) fn existing_roles(object: &Bound<'_, PyAny>) -> PyResult<Option<Vec<String>>> {
    let name = |item: &Bound<'_, PyAny>| text("existing_roles", item).map(|name| name.to_string());
    if object.is_none() { Ok(None) } else { each("existing_roles", "names of roles", object, name).map(Some) }
}

/// The argument `memberships`: a name for a role that is granted to the user, `(role, through)` for one that comes with another.
pub(crate) fn memberships(object: &Bound<'_, PyAny>) -> PyResult<Vec<Membership>> {
    let name = |object: &Bound<'_, PyAny>| text("memberships", object).map(|name| name.to_string());
    each("memberships", "names of roles", object, |item| match item.cast::<PyTuple>() {
        Ok(pair) if pair.len() == 2 => {
            Ok(Membership { role: name(&pair.get_item(0)?)?, through: Some(name(&pair.get_item(1)?)?) })
        }
        Ok(_) => Err(PyTypeError::new_err("argument 'memberships': expected (role, through)")),
        Err(_) => Ok(Membership { role: name(item)?, through: None }),
    })
}

/// What can be iterated over, and is no text: its letters are nothing that anybody meant.
fn each<T>(
    name: &str,
    expected: &str,
    object: &Bound<'_, PyAny>,
    read: impl Fn(&Bound<'_, PyAny>) -> PyResult<T>,
) -> PyResult<Vec<T>> {
    match object.try_iter() {
        Ok(items) if !object.is_instance_of::<PyString>() && !object.is_instance_of::<PyBytes>() => {
            items.map(|item| read(&item?)).collect()
        }
        _ => Err(of_another_type(name, expected, object)),
    }
}

/// The arguments `status`, `headers` and `body` of an answer over HTTP.
pub(crate) fn response(
    status: &Bound<'_, PyAny>,
    headers: &Bound<'_, PyAny>,
    body: &Bound<'_, PyAny>,
) -> PyResult<Response> {
    let status = self::status(status)?;
    let pair = |item: &Bound<'_, PyAny>| {
        item.extract::<(String, String)>()
            .map_err(|_| of_another_type("headers", "pairs of a field's name and its value", item))
    };
    let headers = each("headers", "pairs", headers, pair)?;
    let body = body.cast::<PyBytes>().map_err(|_| of_another_type("body", "bytes", body))?;
    Ok(Response::new(status, headers, body.as_bytes()))
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

pub(crate) fn of_another_type(name: &str, expected: &str, object: &Bound<'_, PyAny>) -> PyErr {
    match object.get_type().name() {
        Ok(found) => PyTypeError::new_err(format!("argument '{name}': expected {expected}, not {found}")),
        Err(error) => error,
    }
}
