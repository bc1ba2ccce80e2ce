//! The verb `suggest`: settings from a sample token.

use alloc::string::String;

use crate::doors::{
    advisor,
    wire::call::{Call, CallError, missing},
};

pub(super) fn answer(call: &Call<'_>) -> Result<String, CallError> {
    let token = call.string("token")?.ok_or_else(|| missing("token"))?;
    let user = call.string("user")?.unwrap_or_default();
    let (keys, user_names) = (call.string("keys")?, call.string("user_names")?);
    Ok(advisor::suggest(&*token, &user, keys.as_deref(), user_names.as_deref(), call.now()?).to_json())
}
