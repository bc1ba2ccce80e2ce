//! A change of settings that somebody may make: as new values, as statements to paste, as replacements in the document.

use alloc::{string::String, vec::Vec};

use serde::Serialize;

use crate::{
    answers::remedy::DocumentEdit,
    ground::private_keys,
    parsed::settings::{Change, NewValue, Settings},
};

/// A change of settings, ready to be made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SettingsChange {
    /// The edits, as [`Settings::with`] takes them.
    #[serde(skip)]
    pub edits: Change,
    /// The whole new value of each setting that changes.
    pub values: Vec<NewValue>,
    /// The same as statements to paste into the database's shell; options of the engine are comments that it reads.
    pub sql: Vec<String>,
    /// The same as replacements in the settings document, to be made together; `None` where the document has no place for
    /// them.
    pub document: Option<Vec<DocumentEdit>>,
}

impl SettingsChange {
    /// The change, where it can be made and shown: a value that holds a private key is shown to nobody.
    pub(crate) fn of(edits: Change, settings: &Settings) -> Option<Self> {
        let changed = settings.with(&edits).ok()?;
        let mut differing = changed.differing(settings).peekable();
        differing.peek()?;
        if differing.any(|name| {
            let text = changed.text(name);
            text.len() > CHANGE_BYTES_MAX || private_keys::named(text).is_some()
        }) {
            return None;
        }
        let document: Option<Vec<DocumentEdit>> = changed
            .document_edits(settings)
            .map(|edits| edits.into_iter().map(|(range, text)| DocumentEdit { range, text }).collect());
        Some(Self { edits, values: changed.new_values(settings), sql: changed.new_statements(settings), document })
    }
}

/// Longer values are left to the words of the remedy.
const CHANGE_BYTES_MAX: usize = 65_536;
