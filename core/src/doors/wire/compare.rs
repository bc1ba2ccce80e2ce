//! The verb `compare`: which logins, users, reasons and messages change between two settings.

use alloc::string::String;

use crate::doors::{
    advisor::{self, ComparedSettings},
    wire::{
        call::{Call, CallError, invalid},
        logins,
    },
};

pub(super) fn answer(call: &Call<'_>) -> Result<String, CallError> {
    let (old, new) = (call.settings()?, call.new_settings()?);
    let (profile, new_profile) = (call.profile("profile")?, call.profile("new_profile")?);
    let (logins, records) = (logins::read(call)?, call.records("fetched")?);
    let side = |settings, profile: Option<_>| {
        let side = ComparedSettings::new(settings).with_fetched(&records);
        profile.map_or(side, |profile| side.under(profile))
    };
    let told = advisor::compare(side(old.as_ref(), profile), side(new.as_ref(), new_profile), &logins);
    Ok(told.map_err(|error| invalid(error.message))?.to_json())
}
