//! What in the settings was read as it stands and was probably meant otherwise? Names that are nearly ours and were passed
//! over, and placeholders that nobody filled in.

use alloc::{format, string::String, vec::Vec};

use crate::{
    ground::{reason::Check, text::shown},
    parsed::settings::{Settings, nearly_ours},
    telling::document::{Advice, AdviceKind},
};

/// How many warnings of each kind are given.
const TOLD: usize = 3;

/// How many of the names that were passed over are looked at: a whole cluster has some 500 settings.
const LOOKED_AT: usize = 1000;

/// The warnings, whatever is decided.
pub(super) fn collect(settings: &Settings) -> Vec<Advice> {
    let passed_over = settings.passed_over().take(LOOKED_AT).filter_map(|(name, position)| {
        let meant = nearly_ours(name)?;
        Some(Advice {
            position: Some(position()),
            ..warning(
                format!("`{}` was passed over: no setting has that name", shown(name)),
                format!("write `{meant}` if that is the setting meant, or remove it"),
                meant,
            )
        })
    });
    let placeholders = settings.placeholders().map(|(name, offset, placeholder)| Advice {
        position: settings.position(name, offset),
        ..warning(
            format!(
                "`{}` looks like a placeholder that was never filled in; it is taken literally",
                shown(placeholder)
            ),
            format!("write the real value into {}", name.as_str()),
            name.as_str(),
        )
    });
    passed_over.take(TOLD).chain(placeholders.take(TOLD)).collect()
}

fn warning(message: String, remedy: String, setting: &'static str) -> Advice {
    Advice {
        kind: AdviceKind::Warning,
        code: None,
        check: Check::Settings,
        message,
        remedy: Some(remedy),
        setting: Some(setting),
        position: None,
    }
}
