//! The verb `log`: what the lines of a log say of logins.

use alloc::{format, string::String};

use crate::{
    doors::{
        advisor,
        wire::call::{Call, CallError, invalid, missing},
    },
    ground::limits::LOG_BYTES_MAX,
};

pub(super) fn answer(call: &Call<'_>) -> Result<String, CallError> {
    let text = call.string("text")?.ok_or_else(|| missing("text"))?;
    if text.len() > LOG_BYTES_MAX {
        return Err(invalid(format!("the log is {} bytes long; at most {LOG_BYTES_MAX} are read at once", text.len())));
    }
    Ok(advisor::from_log(&text).to_json())
}
