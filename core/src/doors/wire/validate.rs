//! The verb `validate`: what was decided, and why.

use alloc::string::String;

use crate::{
    doors::wire::call::{Call, CallError, invalid},
    telling::{Explanation, Verdict},
};

pub(super) fn answer(call: &Call<'_>) -> Result<String, CallError> {
    let question = call.question()?;
    if call.redact()? {
        return Err(invalid("`redact` is for the verb `explain`"));
    }
    let verdict = match question.validator {
        Ok(validator) => Verdict::of(&validator, &*question.token, &question.user, question.now),
        Err(error) => Explanation::of_unusable_settings(&error, &*question.token).into_verdict(),
    };
    Ok(verdict.to_json())
}
