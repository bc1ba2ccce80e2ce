//! The engine as a Python module, `sqljwt._native`: texts in, texts and plain objects out.
//!
//! Nothing is decided here. The Python package around it (`python/sqljwt/`) gives these functions their public names, their
//! documentation and their types; `_native.pyi` says what they are, and stubtest holds the two together.
// Python's arguments are converted into values of their own; a reference to them would have nobody to own it.
#![allow(clippy::needless_pass_by_value)]

mod arguments;
mod documents;
mod engine;
mod guard;
mod many;
mod python;

use pyo3::prelude::pymodule;

#[pymodule(gil_used = false)]
mod _native {
    #[pymodule_export]
    use crate::{
        documents::{call, decode, reasons, settings_from_sql, settings_to_json, settings_to_sql},
        engine::Engine,
        guard::break_on_purpose,
        many::{decide_many, explain_many, verdict_many},
    };
}
