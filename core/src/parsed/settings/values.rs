//! What do these values say, each to its own reader, and which of them cannot be used?

use alloc::collections::BTreeSet;

use super::{error::SettingsError, faults::Faults, names::SettingName, readable::Readable, settings::Settings};
use crate::ground::fault::Fault;

/// The values of settings while they are read, one after another. A fault hides no other.
pub(crate) struct Values {
    readable: Readable,
    faults: Faults,
    /// The settings whose faults are told; nothing if all are.
    told: Option<BTreeSet<SettingName>>,
}

impl Values {
    pub(crate) fn of(settings: &Settings) -> Self {
        let readable = Readable { settings: settings.clone(), broken: BTreeSet::new() };
        Self { readable, faults: Faults::default(), told: None }
    }

    /// Those of settings that are known not to be usable: what can be read despite their faults.
    pub(crate) fn despite(error: &SettingsError) -> Self {
        let readable = error.readable().cloned().unwrap_or_else(Readable::nothing);
        Self { readable, faults: Faults::of(error), told: None }
    }

    /// Tells the faults of these settings only; asked twice, of those that are named both times.
    pub(crate) fn tell_only(&mut self, mut settings: BTreeSet<SettingName>) {
        if let Some(told) = &self.told {
            settings.retain(|name| told.contains(name));
        }
        self.told = Some(settings);
    }

    /// What a setting says: the document's value, otherwise the database's default. Nothing if the setting is broken; that
    /// is told once.
    pub(crate) fn read<T>(&mut self, name: SettingName, parse: impl FnOnce(&str) -> Result<T, Fault>) -> Option<T> {
        if self.is_broken(name) {
            return None;
        }
        match parse(self.readable.settings.text(name)) {
            Ok(value) => Some(value),
            Err(fault) => {
                self.refuse(name, fault);
                None
            }
        }
    }

    /// Notes a fault in a setting's value, which breaks the setting.
    pub(crate) fn refuse(&mut self, name: SettingName, fault: Fault) {
        let is_told = self.told.as_ref().is_none_or(|told| told.contains(&name));
        if self.readable.broken.insert(name) && is_told {
            let settings = &self.readable.settings;
            self.faults.add(|| settings.locate(name, fault));
        }
    }

    /// Whether the setting's value cannot be used.
    pub(crate) fn is_broken(&self, name: SettingName) -> bool {
        self.readable.broken.contains(&name)
    }

    pub(super) fn is_on(&self, name: SettingName) -> bool {
        self.readable.settings.is_on(name)
    }

    /// OK because no document with a number out of its range is read.
    pub(super) fn integer<N: core::str::FromStr>(&self, name: SettingName) -> Option<N> {
        self.readable.settings.text(name).parse().ok()
    }

    /// The settings that are broken, and all faults.
    pub(crate) fn finish(self) -> (BTreeSet<SettingName>, Option<SettingsError>) {
        let broken = self.readable.broken.clone();
        (broken, self.faults.into_error(Some(self.readable)))
    }
}
