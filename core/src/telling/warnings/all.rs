//! Which warnings does this login carry? Those about the settings stand whatever was decided; those about the login only
//! where it is accepted, as a refusal says itself what is wrong.

use alloc::vec::Vec;

use crate::{
    judging::attempt::Attempt,
    parsed::settings::{Places, Settings},
    telling::{
        document::Advice,
        warnings::{
            audience, claim, hba, keys_set_aside, left_alone, lifetime, line, map_names, provisioning, roles,
            shared_keys,
        },
    },
};

/// The warnings, those about the settings first.
pub(in crate::telling) fn collect(
    settings: &Settings,
    places: &Places<'_>,
    attempt: &Attempt<'_>,
    accepted: bool,
) -> Vec<Advice> {
    let mut warnings = Vec::new();
    warnings.extend(keys_set_aside::warning(places, attempt));
    warnings.extend(map_names::warnings(settings, places, attempt));
    if accepted {
        warnings.extend(audience::warning(places, attempt));
        warnings.extend(claim::warnings(places, attempt));
        warnings.extend(line::warning(places, attempt));
        warnings.extend(lifetime::warning(attempt));
        warnings.extend(shared_keys::warning(places, attempt));
        warnings.extend(provisioning::warning(places, attempt));
        warnings.extend(roles::warnings(places, attempt));
    }
    warnings.extend(hba::warnings(settings, places, attempt, accepted));
    warnings.extend(left_alone::collect(settings, places));
    warnings
}
