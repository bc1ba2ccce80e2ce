//! What may a caller pass? Tokens as text or bytes, users as text; anything else is a `TypeError` that names the argument.

use pyo3::{
    exceptions::PyTypeError,
    prelude::*,
    pybacked::{PyBackedBytes, PyBackedStr},
    types::{PyBytes, PyString},
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
}

impl<'py> FromPyObject<'_, 'py> for Token {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        if let Ok(bytes) = object.cast::<PyBytes>() {
            return Ok(Self::Bytes(bytes.extract()?));
        }
        let Ok(text) = object.cast::<PyString>() else {
            return Err(PyTypeError::new_err(format!("expected str or bytes, not {}", object.get_type().name()?)));
        };
        match text.extract() {
            Ok(text) => Ok(Self::Text(text)),
            Err(_) => {
                // A text with lone surrogates is no token; its bytes let the engine say so.
                let bytes = text.call_method1("encode", ("utf-8", "surrogatepass"))?;
                Ok(Self::Bytes(bytes.cast::<PyBytes>()?.extract()?))
            }
        }
    }
}
