//! The verb `roles`: what a login would do to the roles of its SQL user.

use alloc::string::String;

use crate::{
    asking::RolesDocument,
    doors::wire::call::{Call, CallError},
};

pub(super) fn answer(call: &Call<'_>) -> Result<String, CallError> {
    let (memberships, existing) = (call.memberships()?, call.existing_roles()?);
    let document = call.answered(
        |validator, question| {
            validator.roles(&*question.token, &question.user, question.now, &memberships, existing.as_deref())
        },
        RolesDocument::refused,
    )?;
    Ok(document.to_json())
}
