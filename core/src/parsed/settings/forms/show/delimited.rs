//! What are the rows of these comma- or tab-separated values (RFC 4180)?
//!
//! `cockroach sql --format=csv` and `--format=tsv` quote alike: a field in double quotes carries delimiters, line breaks
//! and, doubled, quotes.

use alloc::{string::String, vec::Vec};

use super::{columns::Columns, rows::row};
use crate::parsed::settings::{error::SettingsError, forms::frame::is_footer, reading::Reading, traced::Traced};

/// More columns than any version of the database prints; a limit for hostile input.
const COLUMNS_MAX: usize = 64;

pub(super) fn read(reading: &mut Reading<'_>, delimiter: u8) -> Result<(), SettingsError> {
    let text = reading.document();
    let mut fields = Fields { text, at: 0, delimiter };
    fields.skip_blank_lines();
    let start = fields.at;
    let header = fields.record(COLUMNS_MAX)?;
    let names: Vec<&str> = header.iter().map(Traced::as_str).collect();
    let columns = Columns::of(&names, text, start)?;
    loop {
        fields.skip_blank_lines();
        let start = fields.at;
        if start >= text.len() {
            return Ok(());
        }
        if fields.skip_footer() {
            continue;
        }
        let record = fields.record(columns.count)?;
        if record.len() != columns.count {
            let message = alloc::format!("expected {} columns, found {}", columns.count, record.len());
            return Err(SettingsError::misformed(text, start, message));
        }
        let mut name = Traced::empty(start);
        let mut value = Traced::empty(start);
        for (index, field) in record.into_iter().enumerate() {
            if index == columns.variable {
                name = field;
            } else if index == columns.value {
                value = field;
            }
        }
        let at = name.document_offset(0);
        row(reading, name.as_str(), at, value);
    }
}

/// Where the text has been read to.
struct Fields<'t> {
    text: &'t str,
    at: usize,
    delimiter: u8,
}

impl<'t> Fields<'t> {
    /// The fields to the end of the record, at most `most`.
    fn record(&mut self, most: usize) -> Result<Vec<Traced>, SettingsError> {
        let mut fields = Vec::new();
        loop {
            if fields.len() == most {
                return Err(self.misformed(self.at, alloc::format!("expected {most} columns, found more")));
            }
            fields.push(self.field()?);
            if self.peek() == Some(self.delimiter) {
                self.at += 1;
                continue;
            }
            self.skip("\r");
            self.skip("\n");
            return Ok(fields);
        }
    }

    fn field(&mut self) -> Result<Traced, SettingsError> {
        if self.peek() == Some(b'"') {
            return self.quoted();
        }
        let delimiter = char::from(self.delimiter);
        let rest = self.rest();
        let end = rest.find([delimiter, '\n']).unwrap_or(rest.len());
        let mut field = rest.get(..end).unwrap_or_default();
        if !rest.get(end..).is_some_and(|rest| rest.starts_with(delimiter)) {
            field = field.strip_suffix('\r').unwrap_or(field);
        }
        let traced = Traced::verbatim(field, self.at);
        self.at += field.len();
        Ok(traced)
    }

    fn quoted(&mut self) -> Result<Traced, SettingsError> {
        let start = self.at;
        self.at += 1;
        let mut field = Traced::empty(self.at);
        loop {
            let Some((piece, after)) = self.rest().split_once('"') else {
                return Err(self.misformed(start, "expected `\"` at the end of the field"));
            };
            field.push(piece, self.at);
            self.at += piece.len();
            if !after.starts_with('"') {
                self.at += 1;
                break;
            }
            field.push("\"", self.at);
            self.at += 2;
        }
        match self.peek() {
            None | Some(b'\n' | b'\r') => Ok(field),
            Some(byte) if byte == self.delimiter => Ok(field),
            Some(_) => Err(self.misformed(self.at, "expected the next field or the end of the line after `\"`")),
        }
    }

    fn misformed(&self, at: usize, message: impl Into<String>) -> SettingsError {
        SettingsError::misformed(self.text, at, message)
    }

    fn skip_blank_lines(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches(['\n', '\r']).len();
    }

    fn skip_footer(&mut self) -> bool {
        let line = self.rest().split('\n').next().unwrap_or_default();
        let footer = is_footer(line);
        if footer {
            self.at += line.len();
        }
        footer
    }

    fn skip(&mut self, text: &str) {
        if self.rest().starts_with(text) {
            self.at += text.len();
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use crate::parsed::settings::Settings;

    const CSV: &str = "variable,value,setting_type,description,default_value,origin\r\n\
        server.jwt_authentication.enabled,true,b,\"enables or disables JWT login, cluster-wide\",false,override\r\n\
        server.jwt_authentication.issuers.configuration,\"[\"\"https://a\"\", \"\"https://b\"\"]\",s,issuers,\"\",x\r\n\
        server.identity_map.configuration,\"https://a x y\nhttps://a /^(.*)$ \\1\n\",s,map,\"\",override\r\n\
        kv.range.max_bytes,512 MiB,z,,512 MiB,default\r\n";

    #[test]
    fn comma_separated_values_carry_quotes_and_line_breaks() {
        let settings = Settings::from_show(CSV).unwrap();
        assert_eq!(settings.value("server.jwt_authentication.enabled"), Some("true"));
        assert_eq!(settings.value("server.jwt_authentication.issuers"), Some("[\"https://a\", \"https://b\"]"));
        let map = "https://a x y\nhttps://a /^(.*)$ \\1\n";
        assert_eq!(settings.value("server.identity_map.configuration"), Some(map));
        assert_eq!(settings.ignored(), ["kv.range.max_bytes"]);
    }

    #[test]
    fn tab_separated_values_do_too() {
        let text = "variable\tvalue\tsetting_type\n\
                    server.jwt_authentication.audience\t\"[\"\"a\"\",\"\"b\"\"]\"\ts\n\
                    server.jwt_authentication.claim\t\ts\n\
                    server.jwt_authentication.jwks\t{\"keys\": []}\ts\n(3 rows)\n";
        let settings = Settings::from_show(text).unwrap();
        assert_eq!(settings.value("server.jwt_authentication.audience"), Some("[\"a\",\"b\"]"));
        assert_eq!(settings.value("server.jwt_authentication.claim"), Some(""));
        assert_eq!(settings.value("server.jwt_authentication.jwks"), Some("{\"keys\": []}"));
    }

    #[test]
    fn records_that_break_the_form_are_refused_with_their_place() {
        let header = "variable,value\n";
        for (row, line, column) in [
            ("a", 2, 1),
            ("a,b,c", 2, 5),
            ("a,\"b", 2, 3),
            ("a,\"b\"c", 2, 6),
            ("x,y\nserver.jwt_authentication.enabled,\"\n\"", 3, 36),
        ] {
            let error = Settings::from_show(&(alloc::string::String::from(header) + row)).unwrap_err();
            let position = error.position.unwrap();
            assert_eq!((position.line, position.column), (line, column), "{row:?}: {error}");
        }
        let wide = ",".repeat(1000);
        assert!(Settings::from_show(&wide).is_err());
    }
}
