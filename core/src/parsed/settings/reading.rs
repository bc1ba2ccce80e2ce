//! Settings while a document is being read: what every form has in common.

use alloc::{
    collections::{BTreeMap, BTreeSet},
    string::String,
    vec::Vec,
};

use super::{
    error::SettingsError,
    faults::Faults,
    names::{ISSUERS_ALIAS, SettingName, probably_meant, unknown_remedy},
    readable::Readable,
    settings::Settings,
    traced::Traced,
};
use crate::ground::{fault::Fault, limits::SETTINGS_BYTES_MAX, reason::ReasonCode, text::shown};

/// What has been read so far out of one document. A wrong name or value is noted, and reading goes on.
pub(super) struct Reading<'d> {
    document: &'d str,
    values: BTreeMap<SettingName, Traced>,
    ignored: Ignored,
    faults: Faults,
    /// The settings whose values cannot be used.
    broken: BTreeSet<SettingName>,
    /// The settings that names which mean nothing were probably meant for.
    meant: BTreeSet<SettingName>,
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
    /// Reads a document by a form's reader, whose error is that of a document which breaks the form.
    pub(super) fn of(
        document: &'d str,
        form: impl FnOnce(&mut Self) -> Result<(), SettingsError>,
    ) -> Result<Settings, SettingsError> {
        if document.len() > SETTINGS_BYTES_MAX {
            let (found, most) = (document.len(), SETTINGS_BYTES_MAX);
            let message = alloc::format!("the settings are {found} bytes long; at most {most} are read");
            return Err(SettingsError::new(ReasonCode::SettingsInvalid, message)
                .with_remedy("shorten the settings, above all the identity map and the key set"));
        }
        let mut reading = Self {
            document,
            values: BTreeMap::new(),
            ignored: Ignored::default(),
            faults: Faults::default(),
            broken: BTreeSet::new(),
            meant: BTreeSet::new(),
        };
        let form = form(&mut reading);
        reading.finish(form.err())
    }

    pub(super) fn document(&self) -> &'d str {
        self.document
    }

    /// Takes in a value, which overrides an earlier one.
    pub(super) fn set(&mut self, name: SettingName, value: Result<Traced, Fault>) {
        match value {
            Ok(value) => {
                self.broken.remove(&name);
                self.values.insert(name, value);
            }
            Err(fault) => self.refuse(name, fault),
        }
    }

    /// Takes in a value in a form in which a setting stands once; its name stands there.
    pub(super) fn set_once(&mut self, name: SettingName, at: usize, value: Result<Traced, Fault>) {
        if self.values.contains_key(&name) || self.broken.contains(&name) {
            self.twice(name, at);
        } else {
            self.set(name, value);
        }
    }

    /// Takes away the value that the document gave before.
    pub(super) fn reset(&mut self, name: SettingName) {
        self.values.remove(&name);
        self.broken.remove(&name);
    }

    /// Notes a name that is none of ours, or a statement that sets nothing; it stands there.
    pub(super) fn ignore(&mut self, name: &str, at: usize) {
        let name = shown(name).into_owned();
        if self.ignored.known.insert(name.clone()) {
            self.ignored.names.push(name);
            self.ignored.offsets.push(at);
        }
    }

    /// Notes a value that its setting does not take; the fault's offset is one of the document.
    pub(super) fn refuse(&mut self, name: SettingName, fault: Fault) {
        let document = self.document;
        self.refuse_with(name, || {
            let Fault { code, offset, message, remedy, .. } = fault;
            let error = SettingsError::new(code, message).of(name).at(document, offset);
            match remedy {
                Some(remedy) => error.with_remedy(remedy),
                None => error,
            }
        });
    }

    /// Notes a value that cannot be used, for whatever reason.
    pub(super) fn refuse_with(&mut self, name: SettingName, error: impl FnOnce() -> SettingsError) {
        self.values.remove(&name);
        self.broken.insert(name);
        self.faults.add(error);
    }

    /// Notes a name that is ours but means nothing; it stands there.
    pub(super) fn unknown(&mut self, name: &str, at: usize) {
        let Self { document, meant, .. } = self;
        self.faults.add(|| {
            meant.extend(probably_meant(name).and_then(SettingName::named));
            let message = alloc::format!("no setting is named `{}`", shown(name));
            let error = SettingsError::new(ReasonCode::SettingUnknown, message).at(document, at);
            match unknown_remedy(name) {
                Some(remedy) => error.with_remedy(remedy),
                None => error,
            }
        });
    }

    /// Notes a setting that is given a second value, there.
    fn twice(&mut self, name: SettingName, at: usize) {
        let document = self.document;
        self.refuse_with(name, || {
            let spellings = if name == SettingName::Issuers {
                alloc::format!(": `{}` and `{ISSUERS_ALIAS}` are one", name.as_str())
            } else {
                String::new()
            };
            let message = alloc::format!("the setting stands twice{spellings}");
            let error = SettingsError::new(ReasonCode::SettingsInvalid, message).of(name).at(document, at);
            error.with_remedy("remove one of the two")
        });
    }

    /// Notes a fault that has to do with no setting.
    pub(super) fn note(&mut self, error: impl FnOnce() -> SettingsError) {
        self.faults.add(error);
    }

    fn finish(mut self, form: Option<SettingsError>) -> Result<Settings, SettingsError> {
        let is_whole = form.is_none();
        self.faults.sort();
        if let Some(error) = form {
            self.faults.end(error);
        }
        let Ignored { names, offsets, .. } = self.ignored;
        self.meant.retain(|name| !self.values.contains_key(name));
        self.broken.append(&mut self.meant);
        let settings = Settings::new(self.document, self.values, names, offsets);
        let readable = is_whole.then(|| Readable { settings: settings.clone(), broken: self.broken });
        self.faults.into_error(readable).map_or(Ok(settings), Err)
    }
}
