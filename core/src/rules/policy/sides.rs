//! The same settings under every profile: under their own from the start, under the others, and under the rules that say what
//! the database decides, when somebody asks.

use alloc::{boxed::Box, collections::BTreeSet, sync::Arc, vec::Vec};
use core::iter;

use once_cell::race::OnceBox;

use crate::{
    ground::profile::Profile,
    parsed::settings::{Change, SettingName, Settings, SettingsError},
    rules::{key_cache::Origins, policy::compiled::Compiled},
};

/// Settings, compiled under the profile they name, and under each other one when it is first asked for.
pub(crate) struct Sides {
    settings: Settings,
    own: Compiled,
    /// Where keys are fetched.
    origins: Arc<Origins>,
    others: Vec<Side>,
    /// What says what the database decides, where it can use the settings.
    reference: OnceBox<Option<Compiled>>,
}

struct Side {
    profile: Profile,
    compiled: OnceBox<Result<Compiled, SettingsError>>,
}

impl Sides {
    /// Compiles settings under the profile they name.
    ///
    /// # Errors
    /// The settings cannot be used.
    pub(crate) fn new(settings: Settings) -> Result<Self, SettingsError> {
        let own = Compiled::new(&settings, settings.profile())?;
        let origins = Arc::new(Origins::of(&settings, &own));
        Ok(Self::of(settings, own, origins))
    }

    /// The same after one setting has changed that decides neither the profile nor where keys come from: the identity map and
    /// the keys are shared.
    ///
    /// # Errors
    /// The settings cannot be used.
    pub(crate) fn after(&self, change: &Change, changed: SettingName) -> Result<Self, SettingsError> {
        let settings = self.settings.changed(change)?;
        let own = self.own.again(&settings, BTreeSet::from([changed]))?;
        Ok(Self::of(settings, own, Arc::clone(&self.origins)))
    }

    fn of(settings: Settings, own: Compiled, origins: Arc<Origins>) -> Self {
        let others = Profile::all().iter().filter(|profile| **profile != own.profile);
        let others = others.map(|&profile| Side { profile, compiled: OnceBox::new() }).collect();
        Self { settings, own, origins, others, reference: OnceBox::new() }
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.settings
    }

    pub(crate) fn origins(&self) -> &Arc<Origins> {
        &self.origins
    }

    /// What decides.
    pub(crate) fn own(&self) -> &Compiled {
        &self.own
    }

    /// The settings under each other profile, or why they cannot be used there.
    pub(crate) fn others(&self) -> impl Iterator<Item = (Profile, Result<&Compiled, &SettingsError>)> {
        self.others.iter().map(|side| {
            let compile = || Box::new(Compiled::new(&self.settings, side.profile));
            (side.profile, side.compiled.get_or_init(compile).as_ref())
        })
    }

    /// The settings as far as the database knows them, under the rules that say what it decides; nothing where it cannot
    /// use them.
    pub(crate) fn reference(&self) -> Option<&Compiled> {
        let compile = || {
            let others = self.others().filter_map(|(_, compiled)| compiled.ok());
            let own = iter::once(&self.own).chain(others).find(|side| side.profile == Profile::Cockroachdb);
            Box::new(Compiled::of_the_database(&self.settings, own).ok())
        };
        self.reference.get_or_init(compile).as_ref()
    }
}
