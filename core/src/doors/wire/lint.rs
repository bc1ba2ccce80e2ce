//! The verb `lint`: what is wrong with settings, judged without any token.

use alloc::string::String;

use crate::doors::{
    advisor,
    wire::call::{Call, CallError},
};

pub(super) fn answer(call: &Call<'_>) -> Result<String, CallError> {
    Ok(advisor::lint(call.settings()?.as_ref()).to_json())
}
