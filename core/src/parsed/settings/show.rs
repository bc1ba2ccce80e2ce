//! Settings as the database prints them: which values does this output of `SHOW CLUSTER SETTINGS` hold?
//!
//! The first row names the columns. A tab in it means tab-separated values, a `|` the table of a terminal (`psql`,
//! `cockroach sql`), a comma comma-separated values. Where one setting alone was asked for, its name is the only column.

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
use crate::ground::{fault::Fault, reason::ReasonCode};

/// What the column of the names is called: by `SHOW CLUSTER SETTINGS`, by the console, by `system.settings`.
const VARIABLE: [&str; 4] = ["variable", "setting", "name", "setting_name"];
const VALUE: [&str; 2] = ["value", "current_value"];

/// What the database prints instead of a sensitive value to a user who may not see it.
const REDACTED: &str = "<redacted>";

/// Whether a text that begins so is such an output.
pub(super) fn begins(text: &str) -> bool {
    let header = text.lines().find(|line| !table::is_rule(line)).unwrap_or_default();
    let names = |known: &[&str]| header.split(['\t', '|', ',']).any(|cell| is_one_of(bare(cell), known));
    names(&VARIABLE) && names(&VALUE)
        || is_single(header)
        || OTHER_FORMS.iter().any(|(begin, _)| text.starts_with(begin))
}

/// What `cockroach sql` also prints, by how it begins: these forms are named, not read.
const OTHER_FORMS: [(&str, &str); 4] = [
    ("-[ RECORD", "--format=records"),
    ("CREATE TABLE results", "--format=sql"),
    ("INSERT INTO results", "--format=sql"),
    ("# row ", "--format=raw"),
];

pub(super) fn read(text: &str) -> Result<Settings, SettingsError> {
    let mut rows = Rows::new(text)?;
    let start = text.trim_start_matches(['\n', '\r', ' ']);
    if let Some((_, form)) = OTHER_FORMS.iter().find(|(begin, _)| start.starts_with(begin)) {
        let message = alloc::format!("expected a table or separated values, found what `{form}` prints");
        let error = rows.broken(text.len() - start.len(), message);
        return Err(error.with_remedy("print the settings with --format=csv, which carries every text"));
    }
    let header = start.lines().find(|line| !table::is_rule(line)).unwrap_or_default();
    if is_single(header) {
        table::read_single(text, &mut rows)?;
    } else if header.contains('\t') {
        delimited::read(text, b'\t', &mut rows)?;
    } else if header.contains('|') {
        table::read(text, &mut rows)?;
    } else {
        delimited::read(text, b',', &mut rows)?;
    }
    Ok(rows.finish())
}

/// Whether a line is a header of one column, the name of a setting.
pub(super) fn is_single(line: &str) -> bool {
    SettingName::named(bare(line.trim().trim_matches('|'))).is_some()
}

/// A cell without the padding and the quotes around it.
fn bare(cell: &str) -> &str {
    cell.trim().trim_matches('"')
}

fn is_one_of(name: &str, known: &[&str]) -> bool {
    known.iter().any(|known| name.eq_ignore_ascii_case(known))
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

impl<'d> Rows<'d> {
    pub(super) fn new(document: &'d str) -> Result<Self, SettingsError> {
        Ok(Self { document, reading: Reading::new(document)? })
    }

    pub(super) fn finish(self) -> Settings {
        self.reading.finish()
    }

    /// Finds the columns in the header, which stands there.
    pub(super) fn columns<S: AsRef<str>>(&self, header: &[S], at: usize) -> Result<Columns, SettingsError> {
        let find = |names: &[&str]| header.iter().position(|cell| is_one_of(bare(cell.as_ref()), names));
        match (find(&VARIABLE), find(&VALUE)) {
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
        if self.reading.insert(known, value) { Ok(()) } else { Err(twice(known).at(self.document, at)) }
    }

    /// The error of an output that breaks its form there.
    pub(super) fn broken(&self, at: usize, message: impl Into<String>) -> SettingsError {
        self.reading.broken(at, message)
    }
}

/// Whether a member or a column of this name holds the names of settings.
pub(super) fn is_variable(name: &str) -> bool {
    is_one_of(name, &VARIABLE)
}

/// Whether it holds their values.
pub(super) fn is_value(name: &str) -> bool {
    is_one_of(name, &VALUE)
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
        for text in ["", "variable\n", "key,value\n", "a|b\n", "server.jwt_authentication.enabled\ttrue\n"] {
            let error = read(text).unwrap_err();
            assert_eq!(error.code, ReasonCode::SettingsInvalid, "{text:?}");
            assert!(error.message.contains("header"), "{text:?}: {}", error.message);
        }
    }

    #[test]
    fn the_names_of_the_columns_are_those_of_every_place_that_prints_settings() {
        let claim = |text: &str| {
            let settings = Settings::from_text(text).unwrap_or_else(|error| panic!("{text}: {error}"));
            settings.value("server.jwt_authentication.claim").map(ToString::to_string)
        };
        for text in [
            "Setting\tValue\tDescription\nserver.jwt_authentication.claim\temail\tx",
            "name,value,lastUpdated,valueType\nserver.jwt_authentication.claim,email,x,s",
            " name                            | value\n---------------------------------+-------\n \
             server.jwt_authentication.claim | email\n(1 row)",
            "  server.jwt_authentication.claim\n-----------------------------------\n  email\n(1 row)\n\nTime: 1ms\n",
            " server.jwt_authentication.claim \n---------------------------------\n email\n(1 row)\n",
            "server.jwt_authentication.claim\nemail\n",
            "+---------------------------------+\n| server.jwt_authentication.claim |\n+---------------------------------+\n\
             | email                           |\n+---------------------------------+\n(1 row)",
            r#"[{"variable": "server.jwt_authentication.claim", "value": "email", "origin": "override"}]"#,
            "{\"variable\": \"server.jwt_authentication.claim\", \"value\": \"email\"}\n{\"variable\": \"a.b\", \"value\": 1}",
            r#"{"key_values": {"server.jwt_authentication.claim": {"value": "email", "type": "s"}, "a.b": {"value": ""}}}"#,
        ] {
            assert_eq!(claim(text).as_deref(), Some("email"), "{text}");
        }
        let several = " server.jwt_authentication.claim\n----\n email\n(1 row)\n\n server.identity_map.configuration\n----\n \
                       a b c+\n d e f\n(1 row)\n";
        let settings = Settings::from_text(several).unwrap();
        assert_eq!(settings.value("server.identity_map.configuration"), Some("a b c\nd e f"));
        assert_eq!(settings.value("server.jwt_authentication.claim"), Some("email"));
    }

    #[test]
    fn forms_that_are_not_read_are_named() {
        for (text, form) in [
            ("-[ RECORD 1 ]\nvariable | x", "records"),
            ("INSERT INTO results VALUES ('a', 'b');", "sql"),
            ("CREATE TABLE results (\n  variable STRING\n);", "sql"),
            ("# row 1\n## 4\nx", "raw"),
        ] {
            let error = Settings::from_text(text).unwrap_err();
            assert!(error.message.contains(form) && error.remedy.contains("csv"), "{text}: {error}");
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
