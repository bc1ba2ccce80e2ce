//! The verb `validate`: what was decided, and why.

use alloc::string::String;

use crate::{
    doors::wire::call::{Call, CallError},
    telling::{Explanation, Verdict},
};

pub(super) fn answer(call: &Call<'_>) -> Result<String, CallError> {
    call.unredacted()?;
    let question = call.question()?;
    let verdict = match question.validator {
        Ok(validator) => Verdict::of(&validator, &*question.token, &question.user, question.now),
        Err(error) => Explanation::of_unusable_settings(&error, &*question.token).into_verdict(),
    };
    Ok(verdict.to_json())
}
