//! Settings as the database prints them: which values does this output of `SHOW CLUSTER SETTINGS` hold?
//!
//! The first row names the columns. A tab in it means tab-separated values, a `|` the table of a terminal (`psql`,
//! `cockroach sql`), a comma comma-separated values. Where one setting alone was asked for, its name is the only column.

use super::{
    columns::{self, bare, is_value, is_variable},
    delimited, single, table,
};
use crate::parsed::settings::{error::SettingsError, forms::frame::is_rule, reading::Reading};

/// Whether a text that begins so is such an output.
pub(crate) fn begins(text: &str) -> bool {
    let header = text.lines().find(|line| !is_rule(line)).unwrap_or_default();
    let names = |is: fn(&str) -> bool| header.split(['\t', '|', ',']).any(|cell| is(bare(cell)));
    names(is_variable) && names(is_value)
        || columns::is_single(header)
        || OTHER_FORMS.iter().any(|(begin, _)| text.starts_with(begin))
}

/// What `cockroach sql` also prints, by how it begins: these forms are named, not read.
const OTHER_FORMS: [(&str, &str); 4] = [
    ("-[ RECORD", "--format=records"),
    ("CREATE TABLE results", "--format=sql"),
    ("INSERT INTO results", "--format=sql"),
    ("# row ", "--format=raw"),
];

/// Whether a text is the output for one setting, or for several one after the other.
pub(crate) fn is_single(text: &str) -> bool {
    text.trim_start().lines().find(|line| !is_rule(line)).is_some_and(columns::is_single)
}

pub(crate) fn read(reading: &mut Reading<'_>) -> Result<(), SettingsError> {
    let text = reading.document();
    let start = text.trim_start_matches(['\n', '\r', ' ']);
    if let Some((_, form)) = OTHER_FORMS.iter().find(|(begin, _)| start.starts_with(begin)) {
        let message = alloc::format!("expected a table or separated values, found what `{form}` prints");
        let error = SettingsError::misformed(text, text.len() - start.len(), message);
        return Err(error.with_remedy("print the settings with --format=csv, which carries every text"));
    }
    let header = start.lines().find(|line| !is_rule(line)).unwrap_or_default();
    if columns::is_single(header) {
        single::read(reading)
    } else if header.contains('\t') {
        delimited::read(reading, b'\t')
    } else if header.contains('|') {
        table::read(reading)
    } else {
        delimited::read(reading, b',')
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ground::reason::ReasonCode, parsed::settings::Settings};
    use alloc::string::ToString;

    fn read(text: &str) -> Result<Settings, SettingsError> {
        Reading::of(text, super::read)
    }

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
}
