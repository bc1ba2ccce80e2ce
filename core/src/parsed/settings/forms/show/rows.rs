//! What does one row of a table of settings set, whatever the table is written in?

use alloc::string::String;

use super::columns::Columns;
use crate::{
    ground::{fault::Fault, reason::ReasonCode},
    parsed::settings::{
        error::SettingsError,
        names::{SettingName, is_ours},
        reading::Reading,
        settings::Settings,
        traced::Traced,
    },
};

/// What the database prints instead of a sensitive value to a user who may not see it.
const REDACTED: &str = "<redacted>";

/// Takes the rows, whatever form they are printed in.
pub(super) struct Rows<'d> {
    reading: Reading<'d>,
}

impl<'d> Rows<'d> {
    pub(super) fn new(document: &'d str) -> Result<Self, SettingsError> {
        Ok(Self { reading: Reading::new(document)? })
    }

    pub(super) fn finish(self) -> Settings {
        self.reading.finish()
    }

    /// Finds the columns in the header, which stands there.
    pub(super) fn columns<S: AsRef<str>>(&self, header: &[S], at: usize) -> Result<Columns, SettingsError> {
        Columns::of(header)
            .ok_or_else(|| self.broken(at, "expected a header row with the columns `variable` and `value`"))
    }

    /// Takes in one row; the name stands there.
    pub(super) fn row(&mut self, name: &str, at: usize, value: Traced) -> Result<(), SettingsError> {
        let Some(known) = SettingName::named(name) else {
            if is_ours(name) {
                return Err(self.reading.unknown(name, at));
            }
            self.reading.ignore(name, at);
            return Ok(());
        };
        if value.as_str() == REDACTED {
            let offset = value.document_offset(0);
            let fault = Fault::new(ReasonCode::SettingWrongType, offset, "the database has withheld the value");
            let remedy = "run SHOW CLUSTER SETTINGS as a user who may see sensitive settings, or write the value in";
            return Err(self.reading.refusal(known, fault.with_remedy(remedy)));
        }
        let value = self.reading.textual(known, value)?;
        if self.reading.insert(known, value) { Ok(()) } else { Err(self.reading.twice(known, at)) }
    }

    /// The error of an output that breaks its form there.
    pub(super) fn broken(&self, at: usize, message: impl Into<String>) -> SettingsError {
        self.reading.broken(at, message)
    }
}
