//! Was everything in the document understood as it was meant? Names that are nearly settings', and places that nobody has
//! filled in.

use alloc::format;

use super::super::{
    findings::{Draft, Findings},
    rule::Rule,
    subject::Subject,
};
use crate::{ground::text::shown, parsed::settings::nearly_ours};

/// How many of the names that were passed over are looked at: a whole cluster has some 500 settings.
const LOOKED_AT: usize = 1000;

pub(super) fn find(subject: &Subject<'_>, found: &mut Findings<'_>) {
    for (name, offset) in subject.settings.passed_over().take(LOOKED_AT) {
        let Some(meant) = nearly_ours(name) else { continue };
        found.add(Rule::SettingMisspelt, || {
            let (position, range) = subject.places.name(offset, name);
            Draft::new(
                format!("`{}` was passed over: no setting has that name", shown(name)),
                format!("write `{meant}` if that is the setting meant, or remove it"),
            )
            .placed(Some(meant), Some(position), Some(range))
        });
    }
    for (name, offset, placeholder) in subject.settings.placeholders() {
        found.add(Rule::SettingPlaceholder, || {
            Draft::new(
                format!("`{}` looks like a placeholder that was never filled in", shown(placeholder)),
                format!("write the real value into {}", name.as_str()),
            )
            .at(name, offset)
        });
    }
}
