//! What in the settings was read as it stands and was probably meant otherwise? Names that are nearly ours and were passed
//! over, and placeholders that nobody filled in.

use alloc::{format, vec::Vec};

use crate::{
    ground::{reason::Check, text::shown},
    parsed::settings::{Places, Settings, nearly_ours},
    telling::document::Advice,
};

/// How many warnings of each kind are given.
const TOLD: usize = 3;

/// How many of the names that were passed over are looked at: a whole cluster has some 500 settings.
const LOOKED_AT: usize = 1000;

/// The warnings, whatever is decided.
pub(super) fn collect(settings: &Settings, places: &Places<'_>) -> Vec<Advice> {
    let passed_over = settings.passed_over().take(LOOKED_AT).filter_map(|(name, offset)| {
        let meant = nearly_ours(name)?;
        let warning = Advice::warning(
            Check::Settings,
            format!("`{}` was passed over: no setting has that name", shown(name)),
            format!("write `{meant}` if that is the setting meant, or remove it"),
        );
        let (position, range) = places.name(offset, name);
        Some(Advice { setting: Some(meant), position: Some(position), range: Some(range), ..warning })
    });
    let placeholders = settings.placeholders().map(|(name, offset, placeholder)| {
        let placeholder = shown(placeholder);
        let message =
            format!("`{placeholder}` looks like a placeholder that was never filled in; it is taken literally");
        let remedy = format!("write the real value into {}", name.as_str());
        Advice::warning(Check::Settings, message, remedy).at(places, name, offset)
    });
    passed_over.take(TOLD).chain(placeholders.take(TOLD)).collect()
}
