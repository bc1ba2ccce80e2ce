//! The verb `coverage`: what of settings no sample login goes by that is accepted.

use alloc::string::String;

use crate::doors::{
    advisor::{self, ComparedSettings},
    wire::{
        call::{Call, CallError, invalid, missing},
        logins,
    },
};

pub(super) fn answer(call: &Call<'_>) -> Result<String, CallError> {
    let (settings, profile) = (call.settings()?, call.profile("profile")?);
    if !call.has("logins") {
        return Err(missing("logins"));
    }
    let (logins, records) = (logins::read(call)?, call.records("fetched")?);
    let side = ComparedSettings::new(settings.as_ref()).with_fetched(&records);
    let side = profile.map_or(side, |profile| side.under(profile));
    Ok(advisor::coverage(side, &logins).map_err(|error| invalid(error.message))?.to_json())
}
