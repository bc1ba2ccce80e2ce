//! Which faults do these settings have? All of them, as far as anybody would read them.

use alloc::{sync::Arc, vec::Vec};

use super::{error::SettingsError, readable::Readable};
use crate::ground::limits::SETTINGS_FAULTS_MAX;

/// The faults found so far.
#[derive(Default)]
pub(super) struct Faults {
    told: Vec<SettingsError>,
    /// How many more were found.
    untold: u32,
}

impl Faults {
    /// Those that an error holds.
    pub(super) fn of(error: &SettingsError) -> Self {
        let first = SettingsError { others: Vec::new(), untold: 0, readable: None, ..error.clone() };
        let told = core::iter::once(first).chain(error.others.iter().cloned()).collect();
        Self { told, untold: error.untold }
    }

    /// Adds a fault. Beyond the limit it is only counted: nothing is spent on its place and its remedy.
    pub(super) fn add(&mut self, fault: impl FnOnce() -> SettingsError) {
        if self.told.len() < SETTINGS_FAULTS_MAX {
            self.told.push(fault());
        } else {
            self.untold = self.untold.saturating_add(1);
        }
    }

    /// Adds the fault that has ended the reading. It is told in any case.
    pub(super) fn end(&mut self, fault: SettingsError) {
        if self.told.len() == SETTINGS_FAULTS_MAX && self.told.pop().is_some() {
            self.untold = self.untold.saturating_add(1);
        }
        self.told.push(fault);
    }

    /// Puts the faults into the order of the document. A lookahead may have met a later one first.
    pub(super) fn sort(&mut self) {
        self.told.sort_by_key(|fault| fault.position);
    }

    /// The first fault, which holds the others and what can be read despite them.
    pub(super) fn into_error(self, readable: Option<Readable>) -> Option<SettingsError> {
        let mut told = self.told.into_iter();
        let first = told.next()?;
        let readable = readable.map(Arc::new);
        Some(SettingsError { others: told.collect(), untold: self.untold, readable, ..first })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::reason::ReasonCode;

    #[test]
    fn faults_beyond_the_limit_are_counted() {
        let mut faults = Faults::default();
        for number in 0..SETTINGS_FAULTS_MAX + 3 {
            faults.add(|| SettingsError::new(ReasonCode::SettingsInvalid, alloc::format!("{number}")));
        }
        let error = faults.into_error(None).unwrap();
        assert_eq!((error.message.as_str(), error.others.len(), error.untold), ("0", SETTINGS_FAULTS_MAX - 1, 3));
        let mut faults = Faults::of(&error);
        faults.end(SettingsError::new(ReasonCode::SettingsInvalid, "the end"));
        let ended = faults.into_error(None).unwrap();
        assert_eq!((ended.others.len(), ended.untold), (SETTINGS_FAULTS_MAX - 1, 4));
        assert_eq!(ended.others.last().unwrap().message, "the end");
        let again = Faults::of(&error).into_error(None).unwrap();
        assert_eq!(again, error);
    }
}
