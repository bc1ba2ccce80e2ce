//! What of these settings can be used, although not all can?

use alloc::collections::BTreeSet;

use super::{names::SettingName, settings::Settings};
use crate::ground::profile::Profile;

/// Settings as far as they can be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Readable {
    pub(crate) settings: Settings,
    /// The settings that were meant to have a value which cannot be used.
    pub(crate) broken: BTreeSet<SettingName>,
}

impl Readable {
    /// What can be read of a text whose form is broken: it may have set anything.
    pub(crate) fn nothing() -> Self {
        Self { settings: Settings::default(), broken: SettingName::ALL.iter().copied().collect() }
    }

    /// Whose rules the settings ask for, if that can be read.
    pub(crate) fn profile(&self) -> Option<Profile> {
        (!self.broken.contains(&SettingName::EngineProfile)).then(|| self.settings.profile())
    }
}
