//! The verb `validate`: what was decided, and why.

use alloc::string::String;

use crate::{
    doors::wire::call::{Call, CallError},
    telling::Verdict,
};

pub(super) fn answer(call: &Call<'_>) -> Result<String, CallError> {
    let verdict = call.answered(
        |validator, question| Verdict::of(validator, &*question.token, &question.user, question.now),
        |verdict| verdict,
    )?;
    Ok(verdict.to_json())
}
