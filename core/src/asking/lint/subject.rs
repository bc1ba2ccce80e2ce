//! What is looked at? Settings as far as they can be read, with what was compiled of them.

use alloc::sync::Arc;

use crate::{
    ground::{fault::Fault, limits::LINT_STEPS_MAX, work::Work},
    parsed::{
        identity_map::{self, IdentityMap},
        settings::{Places, SettingName, Settings, SettingsError},
    },
    rules::policy::compiled::Compiled,
};
use alloc::vec::Vec;

/// Settings that are judged.
pub(super) struct Subject<'s> {
    pub(super) settings: &'s Settings,
    pub(super) places: Places<'s>,
    /// What is broken has its default; ask [`Compiled::is_broken`] first.
    pub(super) compiled: &'s Compiled,
    /// The lines of the identity map that can be read, patterns that are not anchored among them, whatever the profile.
    pub(super) map: Arc<IdentityMap>,
    /// What is wrong with the other lines.
    pub(super) map_faults: Vec<Fault>,
    /// Why the settings cannot be used, where they cannot.
    pub(super) error: Option<&'s SettingsError>,
    /// How much may still be searched.
    pub(super) work: Work,
}

impl<'s> Subject<'s> {
    pub(super) fn new(settings: &'s Settings, compiled: &'s Compiled, error: Option<&'s SettingsError>) -> Self {
        let text = settings.text(SettingName::IdentityMap);
        let dialect = identity_map::Dialect { anchored: false, exact_names: false, ..compiled.rules.map };
        let (map, map_faults) = match compiled.is_broken(SettingName::IdentityMap) {
            true => {
                let (map, faults) = IdentityMap::parse_readable(text, dialect);
                (Arc::new(map), faults)
            }
            false => (Arc::clone(&compiled.map), Vec::new()),
        };
        let places = Places::of(settings);
        Self { settings, places, compiled, map, map_faults, error, work: Work::of(LINT_STEPS_MAX) }
    }

    /// The value of a setting, if it is one that can be used.
    pub(super) fn usable(&self, name: SettingName) -> Option<&'s str> {
        (!self.compiled.is_broken(name)).then(|| self.settings.text(name))
    }

    /// The offset in the identity map at which a line begins, counted from 1.
    pub(super) fn map_text(&self) -> &'s str {
        self.settings.text(SettingName::IdentityMap)
    }
}
