//! Settings as the database prints them: which values does this output of `SHOW CLUSTER SETTINGS` hold?
//!
//! The first row names the columns. A tab in it means tab-separated values, a `|` the table of a terminal (`psql`,
//! `cockroach sql`), a comma comma-separated values.

use alloc::string::String;

use super::{
    Settings, delimited,
    error::SettingsError,
    json::{twice, unknown},
    names::{SettingName, is_ours},
    reading::Reading,
    table,
    traced::Traced,
};
use crate::{fault::Fault, reason::ReasonCode};

const VARIABLE: &str = "variable";
const VALUE: &str = "value";

/// What the database prints instead of a sensitive value to a user who may not see it.
const REDACTED: &str = "<redacted>";

/// Whether a text that begins so is such an output.
pub(super) fn begins(text: &str) -> bool {
    let names_column = |line: &str| {
        let cells = line.split(['\t', '|', ',']).map(|cell| cell.trim().trim_matches('"'));
        let mut names = cells.filter(|cell| cell.eq_ignore_ascii_case(VARIABLE) || cell.eq_ignore_ascii_case(VALUE));
        names.next().is_some()
    };
    // A table with a border has a rule above its header.
    text.lines().take(2).any(names_column)
}

pub(super) fn read(text: &str) -> Result<Settings, SettingsError> {
    let mut rows = Rows { document: text, reading: Reading::new(text)? };
    let start = text.trim_start_matches(['\n', '\r', ' ']);
    let header = start.lines().find(|line| !table::is_rule(line)).unwrap_or_default();
    if header.contains('\t') {
        delimited::read(text, b'\t', &mut rows)?;
    } else if header.contains('|') {
        table::read(text, &mut rows)?;
    } else {
        delimited::read(text, b',', &mut rows)?;
    }
    Ok(rows.reading.finish())
}

/// Takes the rows, whatever form they are printed in.
pub(super) struct Rows<'d> {
    document: &'d str,
    reading: Reading<'d>,
}

/// Which columns hold the names and the values, of how many.
#[derive(Clone, Copy)]
pub(super) struct Columns {
    pub(super) variable: usize,
    pub(super) value: usize,
    pub(super) count: usize,
}

impl Rows<'_> {
    /// Finds the columns in the header, which stands there.
    pub(super) fn columns<S: AsRef<str>>(&self, header: &[S], at: usize) -> Result<Columns, SettingsError> {
        let find = |name: &str| header.iter().position(|cell| cell.as_ref().trim().eq_ignore_ascii_case(name));
        match (find(VARIABLE), find(VALUE)) {
            (Some(variable), Some(value)) => Ok(Columns { variable, value, count: header.len() }),
            _ => Err(self.broken(at, "expected a header row with the columns `variable` and `value`")),
        }
    }

    /// Takes in one row; the name stands there.
    pub(super) fn row(&mut self, name: &str, at: usize, value: Traced) -> Result<(), SettingsError> {
        let Some(known) = SettingName::named(name) else {
            if is_ours(name) {
                return Err(unknown(self.document, at, name));
            }
            self.reading.ignore(name);
            return Ok(());
        };
        if value.as_str() == REDACTED {
            let offset = value.document_offset(0);
            let fault = Fault::new(ReasonCode::SettingWrongType, offset, "the database has withheld the value");
            let remedy = "run SHOW CLUSTER SETTINGS as a user who may see sensitive settings, or write the value in";
            return Err(self.reading.refusal(known, fault.with_remedy(remedy)));
        }
        let value = self.reading.textual(known, value)?;
        if self.reading.insert(known, value) { Ok(()) } else { Err(twice(known).at(self.document, at)) }
    }

    /// The error of an output that breaks its form there.
    pub(super) fn broken(&self, at: usize, message: impl Into<String>) -> SettingsError {
        self.reading.broken(at, message)
    }
}

/// Whether the line closes a table: the number of its rows, or the time that it took.
pub(super) fn is_footer(line: &str) -> bool {
    let words = line.trim_start_matches(['(', '#', ' ']);
    let rest = words.trim_start_matches(|character: char| character.is_ascii_digit());
    let counts = rest.len() < words.len() && matches!(rest.trim_end_matches([')', ' ', '\r']), " row" | " rows");
    counts || line.starts_with("Time: ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn a_name_of_ours_has_to_be_known_and_unique() {
        let code = |text: &str| read(text).unwrap_err().code;
        assert_eq!(code("variable,value\nserver.jwt_authentication.issuer,a"), ReasonCode::SettingUnknown);
        assert_eq!(code("variable,value\nengine.profile,soft"), ReasonCode::ProfileUnknown);
        assert_eq!(code("variable,value\nserver.jwt_authentication.enabled,"), ReasonCode::SettingWrongType);
        let both = "variable,value\nserver.jwt_authentication.issuers,a\n\
                    server.jwt_authentication.issuers.configuration,a\n";
        let error = read(both).unwrap_err();
        assert_eq!((error.code, error.position.unwrap().line), (ReasonCode::SettingsInvalid, 3));
    }

    #[test]
    fn a_withheld_value_is_not_taken_for_the_value() {
        let error = read("variable,value\nserver.identity_map.configuration,<redacted>").unwrap_err();
        assert_eq!(error.code, ReasonCode::SettingWrongType);
        assert_eq!(error.position.unwrap().column, 35);
    }

    #[test]
    fn a_header_has_to_name_both_columns() {
        for text in ["", "variable\n", "name,value\n", "a|b\n", "server.jwt_authentication.enabled\ttrue\n"] {
            let error = read(text).unwrap_err();
            assert_eq!(error.code, ReasonCode::SettingsInvalid, "{text:?}");
            assert!(error.message.contains("header"), "{text:?}: {}", error.message);
        }
    }

    #[test]
    fn footers_are_told_from_rows() {
        for line in ["(1 row)", "(312 rows)", "# 2 rows", "Time: 4ms total (execution 3ms / network 1ms)"] {
            assert!(is_footer(line), "{line}");
        }
        for line in ["( rows)", "1 rower", "", "server.a,b", "(1 row) x"] {
            assert!(!is_footer(line), "{}", line.to_string());
        }
    }
}
