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
mod dialect;
mod encoding;
mod error;
mod fetching;
mod foreign;
mod group_claim;
mod issuers;
mod json;
mod names;
mod options;
mod passing;
mod placeholder;
mod reading;
mod rows;
mod session;
mod show;
mod sql;
mod sql_lexer;
mod sql_writer;
mod stated_profile;
mod strings;
mod table;
mod traced;
mod value;

#[cfg(test)]
mod pasted;
#[cfg(test)]
mod round_trip;

use alloc::{borrow::Cow, collections::BTreeMap, string::String, vec::Vec};
use core::fmt;

use crate::{
    ground::profile::Profile,
    ground::{fault::Fault, private_keys, reason::ReasonCode, text::shown},
};
use traced::Traced;

pub(crate) use claim::Claim;
pub(crate) use configuration::Configuration;
pub(crate) use dialect::Dialect;
pub use error::{Position, SettingsError};
pub(crate) use names::{SettingName, nearly_ours};
pub(crate) use strings::Placed;

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
    /// Where each of the ignored names stands in the document, in bytes.
    ignored_at: Vec<usize>,
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
        read(text, json::read)
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
        read(text, |text| sql::read(text).map_err(|error| foreign::named(text).unwrap_or(error)))
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
        read(text, show::read)
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
        read(text, |text| {
            let start = text.trim_start();
            if start.starts_with('{') || rows::begins(start) {
                json::read(text)
            } else if show::begins(start) {
                show::read(text)
            } else if start.is_empty() {
                let message = "expected a JSON object, `SET CLUSTER SETTING` statements or what `SHOW CLUSTER \
                               SETTINGS` prints, found nothing";
                Err(SettingsError::new(ReasonCode::SettingsInvalid, message).at(text, text.len()))
            } else {
                sql::read(text).map_err(|error| foreign::named(text).unwrap_or(error))
            }
        })
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

    /// Reads every value in a profile's dialect, except the key set and the identity map, which have readers of
    /// their own: they take [`Settings::text`] and bring their faults back to [`Settings::locate`].
    pub(crate) fn configuration(&self, dialect: Dialect) -> Result<Configuration, SettingsError> {
        configuration::read(self, dialect)
    }

    /// The value that holds: the document's, otherwise the database's default.
    pub(crate) fn text(&self, name: SettingName) -> &str {
        self.given(name).unwrap_or_else(|| name.default_text())
    }

    /// A fault inside a setting's value as an error at its place in the document.
    pub(crate) fn locate(&self, name: SettingName, fault: Fault) -> SettingsError {
        let position = self.position(name, fault.offset);
        let error = SettingsError::new(fault.code, fault.message).of(name).under(self.profile());
        let mut error = SettingsError { position, ..error };
        if name.may_be_quoted()
            && let Some(secret) = private_keys::named(self.text(name))
        {
            error.message = alloc::format!("the value is or holds {secret}, which does not belong there");
            return error;
        }
        if name.is_written_by_people()
            && let Some((_, placeholder)) = self.placeholder(name)
        {
            error.message.push_str(&alloc::format!("; `{}` in it was never filled in", shown(placeholder)));
        }
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

    /// What a template or a person should have filled in: the settings that hold such a placeholder, each with its first
    /// one and the offset of that in its value.
    pub(crate) fn placeholders(&self) -> impl Iterator<Item = (SettingName, usize, &str)> {
        let names = self.values.keys().filter(|name| name.is_written_by_people());
        names.filter_map(|&name| self.placeholder(name).map(|(offset, placeholder)| (name, offset, placeholder)))
    }

    fn placeholder(&self, name: SettingName) -> Option<(usize, &str)> {
        placeholder::find(name, self.given(name)?)
    }

    /// The names that were passed over, each with its place.
    pub(crate) fn passed_over(&self) -> impl Iterator<Item = (&str, impl Fn() -> Position)> {
        let places = self.ignored_at.iter().map(move |&offset| move || Position::of(&self.document, offset));
        self.ignored.iter().map(String::as_str).zip(places)
    }

    fn given(&self, name: SettingName) -> Option<&str> {
        self.values.get(&name).map(Traced::as_str)
    }

    fn values(&self) -> impl Iterator<Item = (SettingName, &str)> {
        self.values.iter().map(|(&name, value)| (name, value.as_str()))
    }
}

/// Reads a document without its byte order mark; an error says whose rules the document asks for.
fn read(text: &str, reader: impl FnOnce(&str) -> Result<Settings, SettingsError>) -> Result<Settings, SettingsError> {
    let text = encoding::unmarked(text);
    reader(text).map_err(|error| encoding::misread(text).unwrap_or(error).under(stated_profile::find(text)))
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
