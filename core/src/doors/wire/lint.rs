//! The verbs `lint` and `rules`: what is wrong with settings, judged without any token, and what is looked for.

use alloc::string::String;

use crate::doors::{
    advisor,
    wire::call::{Call, CallError},
};

pub(super) fn answer(call: &Call<'_>) -> Result<String, CallError> {
    Ok(advisor::lint(call.settings()?.as_ref()).to_json())
}

pub(super) fn rules(_: &Call<'_>) -> Result<String, CallError> {
    Ok(advisor::rules().to_json())
}
