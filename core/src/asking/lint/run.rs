//! All rules, asked about one document of settings.

use super::{document::LintDocument, findings::Findings, rules, subject::Subject};
use crate::{
    parsed::settings::{Settings, SettingsError},
    rules::policy::compiled::Compiled,
};

impl LintDocument {
    /// Judges settings that may or may not be usable. It never fails.
    pub(crate) fn of(settings: Result<&Settings, &SettingsError>) -> Self {
        match settings {
            Ok(settings) => match Compiled::new(settings, settings.profile()) {
                Ok(compiled) => found(&Subject::new(settings, &compiled, None)),
                Err(error) => despite(&error),
            },
            Err(error) => despite(error),
        }
    }
}

/// What is found in settings that cannot be used, as far as they can be read.
fn despite(error: &SettingsError) -> LintDocument {
    let (compiled, error) = Compiled::of_readable(error);
    let nothing = Settings::default();
    let settings = error.readable().map_or(&nothing, |readable| &readable.settings);
    found(&Subject::new(settings, &compiled, Some(&error)))
}

fn found(subject: &Subject<'_>) -> LintDocument {
    let mut found = Findings::new(subject);
    for find in rules::ALL {
        find(subject, &mut found);
    }
    found.document()
}
