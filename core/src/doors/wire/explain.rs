//! The verb `explain`: everything there is to tell about a login.

use alloc::string::String;

use crate::{
    doors::wire::call::{Call, CallError},
    telling::Explanation,
};

pub(super) fn answer(call: &Call<'_>) -> Result<String, CallError> {
    let question = call.question()?;
    let explanation = Explanation::by(question.validator.as_ref(), &*question.token, &question.user, question.now);
    Ok(if call.redact()? { explanation.redacted() } else { explanation }.to_json())
}
