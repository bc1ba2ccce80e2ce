//! One of the two settings that are compared, under the profile that it is asked under.

use alloc::{string::String, sync::Arc, vec::Vec};

use crate::{
    asking::compare::document::{ComparedSide, SettingsFault},
    ground::{profile::Profile, text::one_line},
    parsed::{
        fetched::{FetchError, FetchRecord},
        settings::{Settings, SettingsError},
    },
    rules::{
        key_cache::{KeyCache, Origins},
        policy::compiled::Compiled,
    },
};

/// Settings to be compared, usable or not.
#[derive(Clone, Copy, Debug)]
pub struct ComparedSettings<'s> {
    settings: Result<&'s Settings, &'s SettingsError>,
    profile: Option<Profile>,
    fetched: &'s [FetchRecord],
}

impl<'s> ComparedSettings<'s> {
    /// The settings, under the profile that they name.
    #[must_use]
    pub const fn new(settings: Result<&'s Settings, &'s SettingsError>) -> Self {
        Self { settings, profile: None, fetched: &[] }
    }

    /// The same under that profile, whichever they name.
    #[must_use]
    pub const fn under(self, profile: Profile) -> Self {
        Self { profile: Some(profile), ..self }
    }

    /// The same with keys that were fetched.
    #[must_use]
    pub const fn with_fetched(self, fetched: &'s [FetchRecord]) -> Self {
        Self { fetched, ..self }
    }
}

/// Settings as they decide.
pub(in crate::asking) struct Side {
    pub(in crate::asking) profile: Profile,
    /// As they were given; of unusable ones what could be read.
    pub(in crate::asking) settings: Settings,
    /// What decides, with the keys that were fetched, or all that is wrong.
    pub(in crate::asking) state: Result<(Compiled, KeyCache), SettingsError>,
}

impl Side {
    /// Compiles the settings.
    ///
    /// # Errors
    /// A fetch that cannot be one.
    pub(in crate::asking) fn of(given: ComparedSettings<'_>) -> Result<Self, FetchError> {
        let stated = given.settings.map_or_else(|error| error.profile, Settings::profile);
        let profile = given.profile.unwrap_or(stated);
        let compiled = match given.settings {
            Ok(settings) => Compiled::new(settings, profile),
            Err(error) => Err(error.clone()),
        };
        let settings = match given.settings {
            Ok(settings) => settings.clone(),
            Err(error) => error.readable().map(|readable| readable.settings.clone()).unwrap_or_default(),
        };
        let state = match compiled {
            Ok(compiled) => {
                let mut keys = KeyCache::empty(Arc::new(Origins::of(&settings, &compiled)));
                keys.replay_all(given.fetched)?;
                Ok((compiled, keys))
            }
            Err(error) => Err(Compiled::of_readable(&error).1),
        };
        Ok(Self { profile, settings, state })
    }

    /// What decides; nothing where the settings cannot be used.
    pub(in crate::asking) fn compiled(&self) -> Option<&Compiled> {
        self.state.as_ref().ok().map(|(compiled, _)| compiled)
    }

    /// What decides where token logins are switched on.
    pub(super) fn open(&self) -> Option<&Compiled> {
        self.compiled().filter(|compiled| compiled.enabled)
    }

    pub(super) fn told(&self) -> ComparedSide {
        ComparedSide {
            usable: self.state.is_ok(),
            enabled: self.compiled().is_some_and(|compiled| compiled.enabled),
            faults: self.state.as_ref().err().map(faults).unwrap_or_default(),
            untold_faults: self.state.as_ref().err().map_or(0, |error| error.untold),
        }
    }
}

/// All faults that are told.
fn faults(error: &SettingsError) -> Vec<SettingsFault> {
    let fault = |error: &SettingsError| SettingsFault {
        code: error.code,
        setting: error.setting,
        message: one_line(error.message.as_str()),
        remedy: one_line(error.remedy.as_str()),
        position: error.position,
    };
    core::iter::once(error).chain(&error.others).map(fault).collect()
}

/// The two sides of a comparison by what people call them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Which {
    Old,
    New,
}

impl Which {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Old => "old",
            Self::New => "new",
        }
    }
}

/// The line of a map as messages show it.
pub(super) fn shown_line(number: u32, which: Which) -> String {
    alloc::format!("line {number} of the {} identity map", which.as_str())
}
