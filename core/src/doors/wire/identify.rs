//! The verb `identify`: who bears the token, for a server that maps names to SQL users itself.

use alloc::string::String;

use crate::{
    asking::IdentityDocument,
    doors::wire::call::{Call, CallError},
    telling::Explanation,
};

pub(super) fn answer(call: &Call<'_>) -> Result<String, CallError> {
    call.unredacted()?;
    let question = call.question()?;
    let document = match question.validator {
        Ok(validator) => IdentityDocument::of(&validator, &*question.token, question.now),
        Err(error) => {
            IdentityDocument::refused(Explanation::of_unusable_settings(&error, &*question.token).into_verdict())
        }
    };
    Ok(document.to_json())
}
