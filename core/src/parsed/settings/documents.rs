//! In which form does this text hold settings, and how are they written back? JSON, SQL and what the database prints.

use alloc::{borrow::Cow, string::String};

use super::{
    error::SettingsError,
    forms::{encoding, foreign, json, quotes, show, sql, stated_profile},
    readable::Readable,
    reading::Reading,
    settings::Settings,
};

impl Settings {
    /// Reads one JSON object whose members are settings by the database's own names.
    ///
    /// Where the database holds JSON inside a string, the JSON value itself may stand instead.
    ///
    /// # Errors
    /// `settings_invalid` for text that is not one strict JSON object, `setting_unknown`, `setting_wrong_type`,
    /// `profile_unknown`. Whether a value makes sense is judged when the settings are compiled.
    ///
    /// # Example
    /// ```
    /// let settings = sqljwt::Settings::from_json(r#"{"server.jwt_authentication.audience": ["a", "b"]}"#)?;
    /// assert_eq!(settings.value("server.jwt_authentication.audience"), Some(r#"["a", "b"]"#));
    /// # Ok::<(), sqljwt::SettingsError>(())
    /// ```
    pub fn from_json(text: &str) -> Result<Self, SettingsError> {
        read(text, json::read, |_| None)
    }

    /// Reads `SET CLUSTER SETTING` and `RESET CLUSTER SETTING` statements; a later one overrides an earlier one.
    ///
    /// Settings of the database that have nothing to do with token logins, and statements that set no cluster setting, are
    /// passed over and listed in [`Settings::ignored`]; so are `SHOW` statements, prompts and answers of a shell, but
    /// without being listed. A text without any statement about cluster settings is an error. The options of the engine
    /// stand in comments, as [`Settings::to_sql`] writes them.
    ///
    /// # Errors
    /// As [`Settings::from_json`].
    ///
    /// # Example
    /// ```
    /// let settings = sqljwt::Settings::from_sql("SET CLUSTER SETTING server.jwt_authentication.claim = 'email';")?;
    /// assert_eq!(settings.value("server.jwt_authentication.claim"), Some("email"));
    /// # Ok::<(), sqljwt::SettingsError>(())
    /// ```
    pub fn from_sql(text: &str) -> Result<Self, SettingsError> {
        read(text, sql::statements::read, foreign::named)
    }

    /// Reads what `SHOW CLUSTER SETTINGS` prints, as comma- or tab-separated values or as the table of a terminal.
    ///
    /// A table of a terminal cannot carry blanks at the end of a line; separated values carry every text.
    ///
    /// # Errors
    /// As [`Settings::from_json`].
    ///
    /// # Example
    /// ```
    /// let settings = sqljwt::Settings::from_show("variable,value\nserver.jwt_authentication.enabled,true\n")?;
    /// assert_eq!(settings.value("server.jwt_authentication.enabled"), Some("true"));
    /// # Ok::<(), sqljwt::SettingsError>(())
    /// ```
    pub fn from_show(text: &str) -> Result<Self, SettingsError> {
        read(text, show::read::read, |_| None)
    }

    /// Reads any of the three, whichever the text begins like.
    ///
    /// # Errors
    /// As [`Settings::from_json`]; text that begins like none of them, and empty text, is `settings_invalid`.
    ///
    /// # Example
    /// ```
    /// use sqljwt::Settings;
    /// let json = Settings::from_text(r#"{"server.jwt_authentication.claim": "email"}"#)?;
    /// let sql = Settings::from_text("SET CLUSTER SETTING server.jwt_authentication.claim = 'email'")?;
    /// let show = Settings::from_text("variable\tvalue\nserver.jwt_authentication.claim\temail\n")?;
    /// assert!(json == sql && sql == show);
    /// # Ok::<(), sqljwt::SettingsError>(())
    /// ```
    pub fn from_text(text: &str) -> Result<Self, SettingsError> {
        let start = encoding::unmarked(text).trim_start();
        if start.starts_with('{') || show::json_rows::begins(start) {
            Self::from_json(text)
        } else if show::read::begins(start) {
            Self::from_show(text)
        } else if start.is_empty() {
            read(text, nothing, |_| None)
        } else {
            Self::from_sql(text)
        }
    }

    /// The text of a settings file, for [`Settings::from_text`]: UTF-8, or UTF-16 as editors and shells of Windows write it.
    ///
    /// # Errors
    /// `settings_invalid` for bytes that are no text.
    ///
    /// # Example
    /// ```
    /// let text = sqljwt::Settings::decode(b"\xff\xfe{\0}\0")?;
    /// assert_eq!(text, "{}");
    /// # Ok::<(), sqljwt::SettingsError>(())
    /// ```
    pub fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, SettingsError> {
        encoding::decode(bytes)
    }

    /// The settings as statements that set them in a database; what only the engine knows stands in comments.
    ///
    /// # Example
    /// ```
    /// let settings = sqljwt::Settings::from_json(r#"{"server.jwt_authentication.audience": "it's"}"#)?;
    /// assert_eq!(settings.to_sql(), "SET CLUSTER SETTING server.jwt_authentication.audience = 'it''s';\n");
    /// # Ok::<(), sqljwt::SettingsError>(())
    /// ```
    #[must_use]
    pub fn to_sql(&self) -> String {
        sql::writer::write(self)
    }

    /// The settings as a JSON object, one member on a line.
    ///
    /// # Example
    /// ```
    /// let settings = sqljwt::Settings::from_sql("SET CLUSTER SETTING server.jwt_authentication.enabled = on")?;
    /// assert_eq!(settings.to_json(), "{\n  \"server.jwt_authentication.enabled\": true\n}\n");
    /// # Ok::<(), sqljwt::SettingsError>(())
    /// ```
    #[must_use]
    pub fn to_json(&self) -> String {
        json::write(self)
    }
}

impl core::str::FromStr for Settings {
    type Err = SettingsError;

    fn from_str(text: &str) -> Result<Self, SettingsError> {
        Self::from_text(text)
    }
}

fn nothing(reading: &mut Reading<'_>) -> Result<(), SettingsError> {
    let text = reading.document();
    let message = "expected a JSON object, `SET CLUSTER SETTING` statements or what `SHOW CLUSTER SETTINGS` prints, found \
                   nothing";
    Err(SettingsError::misformed(text, text.len(), message))
}

/// Reads a document without its byte order mark. An error says whose rules the document asks for; where the text is of
/// another kind than the form's, as `foreign` tells, that is the only fault.
fn read<'d>(
    text: &'d str,
    form: impl FnOnce(&mut Reading<'d>) -> Result<(), SettingsError>,
    foreign: impl FnOnce(&str) -> Option<SettingsError>,
) -> Result<Settings, SettingsError> {
    let text = encoding::unmarked(text);
    Reading::of(text, form).map_err(|error| {
        let named = encoding::misread(text).or_else(|| show::below_prompt::named(text)).or_else(|| foreign(text));
        let error = named.unwrap_or_else(|| quotes::told(error, text));
        let profile = error.readable().and_then(Readable::profile);
        error.under(profile.unwrap_or_else(|| stated_profile::find(text)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::reason::ReasonCode;
    use alloc::string::ToString;

    #[test]
    fn any_form_is_recognised_by_how_it_begins() {
        let value = |text: &str| {
            let settings = Settings::from_text(text).unwrap_or_else(|error| panic!("{text:?}: {error}"));
            settings.value("server.jwt_authentication.claim").map(ToString::to_string)
        };
        let claim = Some("email".to_string());
        for text in [
            "\n { \"server.jwt_authentication.claim\": \"email\" }",
            "-- comment\nset cluster setting server.jwt_authentication.claim = 'email'",
            "/* comment */ SET CLUSTER SETTING server.jwt_authentication.claim = 'email'",
            "> SET CLUSTER SETTING server.jwt_authentication.claim = 'email';",
            "RESET CLUSTER SETTING a.b; SET CLUSTER SETTING server.jwt_authentication.claim = 'email'",
            "SHOW CLUSTER SETTINGS; SET CLUSTER SETTING server.jwt_authentication.claim = 'email'",
            "variable,value\nserver.jwt_authentication.claim,email",
            "variable\tvalue\nserver.jwt_authentication.claim\temail",
            " variable | value\n----+----\n server.jwt_authentication.claim | email",
        ] {
            assert_eq!(value(text), claim, "{text:?}");
        }
        for text in ["", " \n", "[]", "server.jwt_authentication.claim=email", "DROP TABLE t", "setx"] {
            assert_eq!(Settings::from_text(text).unwrap_err().code, ReasonCode::SettingsInvalid, "{text:?}");
        }
    }

    #[test]
    fn documents_beyond_the_limit_are_refused() {
        let text = " ".repeat(crate::ground::limits::SETTINGS_BYTES_MAX + 1);
        for read in [Settings::from_json, Settings::from_sql, Settings::from_show] {
            assert_eq!(read(&text).unwrap_err().code, ReasonCode::SettingsInvalid);
        }
    }
}
