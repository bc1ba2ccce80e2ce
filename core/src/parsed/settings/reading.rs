//! Settings while a document is being read: what every form has in common.

use alloc::{
    collections::{BTreeMap, BTreeSet},
    string::String,
    vec::Vec,
};

use super::{
    error::SettingsError,
    names::{ISSUERS_ALIAS, SettingName, unknown_remedy},
    settings::Settings,
    traced::Traced,
    value,
};
use crate::ground::{fault::Fault, limits::SETTINGS_BYTES_MAX, reason::ReasonCode, text::shown};

/// The values read so far out of one document.
pub(super) struct Reading<'d> {
    document: &'d str,
    values: BTreeMap<SettingName, Traced>,
    ignored: Ignored,
}

/// Names passed over, each once, in the order in which they were met.
#[derive(Default)]
struct Ignored {
    names: Vec<String>,
    /// Where each stands in the document, in bytes.
    offsets: Vec<usize>,
    known: BTreeSet<String>,
}

impl<'d> Reading<'d> {
    /// Begins to read a document, unless it is too large.
    pub(super) fn new(document: &'d str) -> Result<Self, SettingsError> {
        if document.len() > SETTINGS_BYTES_MAX {
            let (found, most) = (document.len(), SETTINGS_BYTES_MAX);
            let message = alloc::format!("the settings are {found} bytes long; at most {most} are read");
            return Err(SettingsError::new(ReasonCode::SettingsInvalid, message)
                .with_remedy("shorten the settings, above all the identity map and the key set"));
        }
        Ok(Self { document, values: BTreeMap::new(), ignored: Ignored::default() })
    }

    /// Takes in a value and tells whether it is the setting's first.
    pub(super) fn insert(&mut self, name: SettingName, value: Traced) -> bool {
        self.values.insert(name, value).is_none()
    }

    pub(super) fn remove(&mut self, name: SettingName) {
        self.values.remove(&name);
    }

    /// Notes a name that is none of ours, or a statement that sets nothing; it stands there.
    pub(super) fn ignore(&mut self, name: &str, at: usize) {
        let name = shown(name).into_owned();
        if self.ignored.known.insert(name.clone()) {
            self.ignored.names.push(name);
            self.ignored.offsets.push(at);
        }
    }

    /// A value that the document states as text, if it is of the setting's kind.
    pub(super) fn textual(&self, name: SettingName, value: Traced) -> Result<Traced, SettingsError> {
        value::from_text(name, value).map_err(|fault| self.refusal(name, fault))
    }

    /// The error of a value that its setting does not take; the fault's offset is one of the document.
    pub(super) fn refusal(&self, name: SettingName, fault: Fault) -> SettingsError {
        let Fault { code, offset, message, remedy } = fault;
        let error = SettingsError::new(code, message).of(name).at(self.document, offset);
        match remedy {
            Some(remedy) => error.with_remedy(remedy),
            None => error,
        }
    }

    /// The error of a name that is ours but means nothing; it stands there.
    pub(super) fn unknown(&self, name: &str, at: usize) -> SettingsError {
        let message = alloc::format!("no setting is named `{}`", shown(name));
        let error = SettingsError::new(ReasonCode::SettingUnknown, message).at(self.document, at);
        match unknown_remedy(name) {
            Some(remedy) => error.with_remedy(remedy),
            None => error,
        }
    }

    /// The error of a setting that is given a second value, there.
    pub(super) fn twice(&self, name: SettingName, at: usize) -> SettingsError {
        let spellings = if name == SettingName::Issuers {
            alloc::format!(", as `{}` and `{ISSUERS_ALIAS}`", name.as_str())
        } else {
            String::new()
        };
        let message = alloc::format!("the setting stands twice{spellings}");
        let error = SettingsError::new(ReasonCode::SettingsInvalid, message).of(name).at(self.document, at);
        error.with_remedy("remove one of the two")
    }

    /// The error of a document that breaks its form there.
    pub(super) fn broken(&self, at: usize, message: impl Into<String>) -> SettingsError {
        SettingsError::new(ReasonCode::SettingsInvalid, message).at(self.document, at)
    }

    pub(super) fn finish(self) -> Settings {
        let Ignored { names, offsets, .. } = self.ignored;
        Settings::new(self.document, self.values, names, offsets)
    }
}
