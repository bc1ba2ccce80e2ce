//! The verb `reach`: whom a principal becomes.

use alloc::string::String;

use crate::doors::{
    advisor,
    wire::call::{Call, CallError, missing},
};

pub(super) fn answer(call: &Call<'_>) -> Result<String, CallError> {
    let (issuer, principal) = (call.string("issuer")?, call.string("principal")?);
    let principal = principal.ok_or_else(|| missing("principal"))?;
    Ok(advisor::reach(&call.usable_settings()?, issuer.as_deref(), &principal).to_json())
}
