//! The engine as a Python module, `sqljwt._native`: texts in, texts and plain objects out.
//!
//! Nothing is decided here. The Python package around it (`python/sqljwt/`) gives these functions their public names, their
//! documentation and their types; `_native.pyi` says what they are, and stubtest holds the two together.

mod arguments;
mod documents;
mod engine;
mod guard;
mod interpreter;
mod keys;
mod log;
mod many;
mod objects;
mod rows;
mod texts;
mod user_info;

use pyo3::prelude::pymodule;

#[pymodule(gil_used = false)]
mod _native {
    use pyo3::{Bound, PyResult, types::PyModule};

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        crate::interpreter::refuse_a_second(module.py())
    }

    #[pymodule_export]
    use crate::{
        documents::{
            call, decode, explain, keys_document, roles_document, settings_from_sql, settings_to_json, settings_to_sql,
            settings_with,
        },
        engine::{Attempt, Engine},
        guard::break_on_purpose,
        keys::{Fetch, History, Keys},
        log::Log,
        many::{cores, decide_many, explain_many, verdict_many},
        texts::Texts,
        user_info::{UserInfo, UserInfoFetch, ask_user_info},
    };
}
