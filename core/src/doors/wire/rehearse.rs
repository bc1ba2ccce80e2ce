//! The verb `rehearse`: what a key set does that is not there yet.

use alloc::{string::String, vec::Vec};

use crate::doors::{
    advisor,
    wire::call::{Call, CallError, invalid, missing},
};

pub(super) fn answer(call: &Call<'_>) -> Result<String, CallError> {
    let (now, tokens) = (call.now()?, call.strings("tokens")?.unwrap_or_default());
    let (issuer, set) = (call.string("issuer")?, call.string("key_set")?.ok_or_else(|| missing("key_set"))?);
    let (validator, _) = call.keys()?;
    let tokens: Vec<&[u8]> = tokens.iter().map(|token| token.as_bytes()).collect();
    let document = advisor::rehearse(&validator, issuer.as_deref(), &set, &tokens, now);
    Ok(document.map_err(|error| invalid(error.message))?.to_json())
}
