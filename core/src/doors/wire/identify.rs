//! The verb `identify`: who bears the token, for a server that maps names to SQL users itself.

use alloc::string::String;

use crate::{
    asking::IdentityDocument,
    doors::wire::call::{Call, CallError},
};

pub(super) fn answer(call: &Call<'_>) -> Result<String, CallError> {
    let document = call.answered(
        |validator, question| IdentityDocument::of(validator, &*question.token, question.now),
        IdentityDocument::refused,
    )?;
    Ok(document.to_json())
}
