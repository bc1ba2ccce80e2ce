//! The verb `roles`: what a login would do to the roles of its SQL user.

use alloc::string::String;

use crate::{
    asking::RolesDocument,
    doors::wire::call::{Call, CallError},
    telling::Explanation,
};

pub(super) fn answer(call: &Call<'_>) -> Result<String, CallError> {
    call.unredacted()?;
    let (question, memberships) = (call.question()?, call.memberships()?);
    let existing = call.existing_roles()?;
    let document = match question.validator {
        Ok(validator) => {
            let (token, user) = (&*question.token, &*question.user);
            validator.roles(token, user, question.now, &memberships, existing.as_deref())
        }
        Err(error) => {
            RolesDocument::refused(Explanation::of_unusable_settings(&error, &*question.token).into_verdict())
        }
    };
    Ok(document.to_json())
}
