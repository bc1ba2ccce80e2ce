//! What did the administrator set? The settings of one server: read from JSON, from SQL or from what the database
//! prints, and written back.
//!
//! Reading a document checks its form: known names, values of the right kind. [`Settings::configuration`] then reads
//! the values themselves under the rules of a profile. Every value remembers where each part of it stands in the
//! document, so that a fault deep inside the identity map is reported by the line and column that the administrator
//! sees, through whatever quotes and escapes surround it.

mod audience;
mod claim;
mod configuration;
mod delimited;
mod error;
mod fetching;
mod group_claim;
mod issuers;
mod json;
mod names;
mod options;
mod reading;
mod show;
mod sql;
mod sql_lexer;
mod sql_writer;
mod strings;
mod table;
mod traced;
mod value;

#[cfg(test)]
mod round_trip;

use alloc::{collections::BTreeMap, string::String, vec::Vec};
use core::fmt;

use crate::{fault::Fault, profile::Profile, reason::ReasonCode};
use traced::Traced;

pub(crate) use claim::Claim;
pub(crate) use configuration::Configuration;
pub use error::{Position, SettingsError};
pub(crate) use names::SettingName;

/// The settings of one server, each value as the database would hold it.
///
/// Two settings are equal when they set the same names to the same values, whatever document they came from. `Debug`
/// shows names only, because values hold secrets.
///
/// # Example
/// ```
/// use sqljwt::Settings;
/// let settings = Settings::from_json(r#"{
///     "server.jwt_authentication.enabled": true,
///     "server.jwt_authentication.issuers": ["https://accounts.example.com"]
/// }"#)?;
/// assert_eq!(settings.value("server.jwt_authentication.enabled"), Some("true"));
/// assert_eq!(Settings::from_sql(&settings.to_sql())?, settings);
/// # Ok::<(), sqljwt::SettingsError>(())
/// ```
#[derive(Clone, Default)]
pub struct Settings {
    /// The text that the values were read from.
    document: String,
    values: BTreeMap<SettingName, Traced>,
    ignored: Vec<String>,
}

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
        json::read(text)
    }

    /// Reads `SET CLUSTER SETTING` and `RESET CLUSTER SETTING` statements; a later one overrides an earlier one.
    ///
    /// Settings of the database that have nothing to do with token logins are passed over and listed in
    /// [`Settings::ignored`]; so are `SHOW` statements, which change nothing, but without being listed. Any other
    /// statement is an error. The options of the engine stand in comments, as [`Settings::to_sql`] writes them.
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
        sql::read(text)
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
        show::read(text)
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
        let start = text.trim_start();
        if start.starts_with('{') {
            json::read(text)
        } else if sql::begins(start) {
            sql::read(text)
        } else if show::begins(start) {
            show::read(text)
        } else {
            let message = "expected a JSON object, `SET CLUSTER SETTING` statements or what `SHOW CLUSTER SETTINGS` \
                           prints";
            let at = text.len() - start.len();
            Err(SettingsError::new(ReasonCode::SettingsInvalid, message).at(text, at))
        }
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
        sql_writer::write(self)
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

    /// The names that SQL or a table set and that have nothing to do with token logins.
    ///
    /// # Example
    /// ```
    /// let settings = sqljwt::Settings::from_sql("SET CLUSTER SETTING sql.defaults.distsql = 'off';")?;
    /// assert_eq!(settings.ignored(), ["sql.defaults.distsql"]);
    /// # Ok::<(), sqljwt::SettingsError>(())
    /// ```
    #[must_use]
    pub fn ignored(&self) -> &[String] {
        &self.ignored
    }

    /// Whose rules the settings ask for.
    ///
    /// # Example
    /// ```
    /// use sqljwt::{Profile, Settings};
    /// assert_eq!(Settings::default().profile(), Profile::Hardened);
    /// ```
    #[must_use]
    pub fn profile(&self) -> Profile {
        // OK because no document with another value is read.
        self.text(SettingName::EngineProfile).parse().unwrap_or_default()
    }

    /// What the document sets a setting to, as the database would hold it; nothing for what it leaves out.
    ///
    /// # Example
    /// ```
    /// let settings = sqljwt::Settings::from_json(r#"{"server.jwt_authentication.claim": ""}"#)?;
    /// assert_eq!(settings.value("server.jwt_authentication.claim"), Some(""));
    /// assert_eq!(settings.value("server.jwt_authentication.audience"), None);
    /// # Ok::<(), sqljwt::SettingsError>(())
    /// ```
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&str> {
        SettingName::named(name).and_then(|name| self.given(name))
    }

    /// Reads every value under the profile's rules, except the key set and the identity map, which have readers of
    /// their own: they take [`Settings::text`] and bring their faults back to [`Settings::locate`].
    pub(crate) fn configuration(&self, profile: Profile) -> Result<Configuration, SettingsError> {
        configuration::read(self, profile.rules())
    }

    /// The value that holds: the document's, otherwise the database's default.
    pub(crate) fn text(&self, name: SettingName) -> &str {
        self.given(name).unwrap_or_else(|| name.default_text())
    }

    /// A fault inside a setting's value as an error at its place in the document.
    pub(crate) fn locate(&self, name: SettingName, fault: Fault) -> SettingsError {
        let position = self.position(name, fault.offset);
        let error = SettingsError { position, ..SettingsError::new(fault.code, fault.message).of(name) };
        match fault.remedy {
            Some(remedy) => error.with_remedy(remedy),
            None => error,
        }
    }

    /// Where in the document that byte of a setting's value stands; nowhere if the document leaves the setting out.
    pub(crate) fn position(&self, name: SettingName, offset: usize) -> Option<Position> {
        let value = self.values.get(&name)?;
        Some(Position::of(&self.document, value.document_offset(offset)))
    }

    fn given(&self, name: SettingName) -> Option<&str> {
        self.values.get(&name).map(Traced::as_str)
    }

    fn values(&self) -> impl Iterator<Item = (SettingName, &str)> {
        self.values.iter().map(|(&name, value)| (name, value.as_str()))
    }
}

impl PartialEq for Settings {
    fn eq(&self, other: &Self) -> bool {
        self.values().eq(other.values())
    }
}

impl Eq for Settings {}

impl fmt::Debug for Settings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.values().map(|(name, _)| name.as_str()).collect();
        formatter.debug_struct("Settings").field("names", &names).field("ignored", &self.ignored).finish()
    }
}

impl core::str::FromStr for Settings {
    type Err = SettingsError;

    fn from_str(text: &str) -> Result<Self, SettingsError> {
        Self::from_text(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn debug_shows_names_and_no_values() {
        let settings = Settings::from_json(r#"{"server.jwt_authentication.jwks": "secret"}"#).unwrap();
        let shown = alloc::format!("{settings:?}");
        assert!(shown.contains("server.jwt_authentication.jwks") && !shown.contains("secret"), "{shown}");
    }

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
        for text in ["", " \n", "[]", "server.jwt_authentication.claim=email", "DROP TABLE t", "setx", "\u{feff}{}"] {
            assert_eq!(Settings::from_text(text).unwrap_err().code, ReasonCode::SettingsInvalid, "{text:?}");
        }
    }

    #[test]
    fn documents_beyond_the_limit_are_refused() {
        let text = " ".repeat(crate::limits::SETTINGS_BYTES_MAX + 1);
        for read in [Settings::from_json, Settings::from_sql, Settings::from_show] {
            assert_eq!(read(&text).unwrap_err().code, ReasonCode::SettingsInvalid);
        }
    }
}
