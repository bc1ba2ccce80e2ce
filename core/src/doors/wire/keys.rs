//! The verb `keys`: which keys there are, which of them can be used, and which signs these tokens.

use alloc::{string::String, vec::Vec};

use crate::doors::wire::call::{Call, CallError};

pub(super) fn answer(call: &Call<'_>) -> Result<String, CallError> {
    let (now, tokens) = (call.now()?, call.strings("tokens")?.unwrap_or_default());
    let (validator, records) = call.keys()?;
    let tokens: Vec<&[u8]> = tokens.iter().map(|token| token.as_bytes()).collect();
    Ok(validator.keys(&records, &tokens, now).to_json())
}
