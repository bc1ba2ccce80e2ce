//! The verb `who_can`: who can become this SQL user.

use alloc::string::String;

use crate::doors::{
    advisor,
    wire::call::{Call, CallError},
};

pub(super) fn answer(call: &Call<'_>) -> Result<String, CallError> {
    let user = call.string("user")?;
    Ok(advisor::who_can(&call.usable_settings()?, user.as_deref()).to_json())
}
