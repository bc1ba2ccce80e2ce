//! The verb `window`: when a login begins to be accepted, and when it will stop.

use alloc::string::String;

use crate::doors::{
    advisor::{self, WindowDocument},
    wire::call::{Call, CallError, invalid},
};

pub(super) fn answer(call: &Call<'_>) -> Result<String, CallError> {
    if call.has("history") {
        return Err(invalid(
            "`history` says which keys counted at one moment, and `window` is about all of them: use `fetched`",
        ));
    }
    let document = call.answered(
        |validator, question| advisor::window(validator, &*question.token, &question.user, question.now),
        WindowDocument::refused,
    )?;
    Ok(document.to_json())
}
