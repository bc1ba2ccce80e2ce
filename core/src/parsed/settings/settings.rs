//! What did the administrator set? The values of one document, each with the place of every part of it.

use alloc::{collections::BTreeMap, string::String, sync::Arc, vec::Vec};
use core::{fmt, time::Duration};

use super::{
    grammar::{fetching, placeholder},
    names::SettingName,
    traced::Traced,
};
use crate::ground::{limits::FETCH_SECONDS_MAX, profile::Profile};

/// The settings of one server, each value as the database would hold it.
///
/// Two settings are equal when they set the same names to the same values, whatever document they came from. `Debug`
/// shows names only, because values hold secrets. A clone costs nothing: it shares what was read.
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
    /// Shared, for validators keep what they were made from.
    read: Arc<Read>,
}

/// What was read from one document.
#[derive(Default)]
struct Read {
    /// The text that the values were read from.
    document: String,
    values: BTreeMap<SettingName, Traced>,
    ignored: Vec<String>,
    /// Where each of the ignored names stands in the document, in bytes.
    ignored_at: Vec<usize>,
}

impl Settings {
    /// The values of a document, and the names in it that were passed over, each with its place.
    pub(super) fn new(
        document: &str,
        values: BTreeMap<SettingName, Traced>,
        ignored: Vec<String>,
        ignored_at: Vec<usize>,
    ) -> Self {
        Self { read: Arc::new(Read { document: document.into(), values, ignored, ignored_at }) }
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
        &self.read.ignored
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

    /// How long fetching an issuer's keys may take: `server.jwt_authentication.client.timeout`, and never so long that somebody else
    /// begins the same fetch.
    ///
    /// # Example
    /// ```
    /// use std::time::Duration;
    /// assert_eq!(sqljwt::Settings::default().fetch_timeout(), Duration::from_secs(15));
    /// ```
    #[must_use]
    pub fn fetch_timeout(&self) -> Duration {
        const LONGEST: Duration = Duration::from_secs(FETCH_SECONDS_MAX.unsigned_abs());
        // What is not read bounds nothing, and neither does 0 in the database.
        let set = fetching::timeout(self.text(SettingName::ClientTimeout)).unwrap_or_default();
        if set.is_zero() { LONGEST } else { set.min(LONGEST) }
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

    /// The same as far as the database knows them.
    pub(crate) fn without_engine_options(&self) -> Self {
        let values = self.read.values.iter().filter(|(name, _)| !name.is_engine_option());
        Self::new("", values.map(|(&name, value)| (name, value.clone())).collect(), Vec::new(), Vec::new())
    }

    /// The values, as those of settings without a document.
    pub(super) fn placeless(&self) -> BTreeMap<SettingName, Traced> {
        self.read.values.iter().map(|(&name, value)| (name, value.placeless())).collect()
    }

    /// The value that holds: the document's, otherwise the database's default.
    pub(crate) fn text(&self, name: SettingName) -> &str {
        self.given(name).unwrap_or_else(|| name.default_text())
    }

    /// Whether a switch is on.
    pub(crate) fn is_on(&self, name: SettingName) -> bool {
        self.text(name) == "true"
    }

    /// Where in the document that byte of a setting's value stands, in bytes; nowhere if the document leaves the setting out.
    pub(super) fn document_offset(&self, name: SettingName, offset: usize) -> Option<usize> {
        Some(self.read.values.get(&name)?.document_offset(offset))
    }

    /// The text that the settings were read from.
    #[must_use]
    pub fn document(&self) -> &str {
        &self.read.document
    }

    /// What a template or a person should have filled in: the settings that hold such a placeholder, each with its first
    /// one and the offset of that in its value.
    pub(crate) fn placeholders(&self) -> impl Iterator<Item = (SettingName, usize, &str)> {
        let names = self.read.values.keys().filter(|name| name.is_written_by_people());
        names.filter_map(|&name| self.placeholder(name).map(|(offset, placeholder)| (name, offset, placeholder)))
    }

    pub(super) fn placeholder(&self, name: SettingName) -> Option<(usize, &str)> {
        placeholder::find(name, self.given(name)?)
    }

    /// The names that were passed over, each with its offset in the document.
    pub(crate) fn passed_over(&self) -> impl Iterator<Item = (&str, usize)> {
        self.read.ignored.iter().map(String::as_str).zip(self.read.ignored_at.iter().copied())
    }

    pub(super) fn given(&self, name: SettingName) -> Option<&str> {
        self.read.values.get(&name).map(Traced::as_str)
    }

    pub(super) fn values(&self) -> impl Iterator<Item = (SettingName, &str)> {
        self.read.values.iter().map(|(&name, value)| (name, value.as_str()))
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
        formatter.debug_struct("Settings").field("names", &names).field("ignored", &self.read.ignored).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::{super::Change, *};

    #[test]
    fn a_clone_shares_what_was_read() {
        let settings = Settings::from_json(r#"{"server.jwt_authentication.claim": "email"}"#).unwrap();
        let clone = settings.clone();
        assert!(core::ptr::eq(settings.text(SettingName::Claim), clone.text(SettingName::Claim)));
        assert!(core::ptr::eq(&*settings.read.document, &*clone.read.document));
    }

    #[test]
    fn changed_settings_share_what_stays_as_it_is() {
        let settings = Settings::from_json(r#"{"server.jwt_authentication.claim": "email"}"#).unwrap();
        let changed = settings.changed(&Change::new().set("engine.leeway_seconds", "5")).unwrap();
        assert!(core::ptr::eq(settings.text(SettingName::Claim), changed.text(SettingName::Claim)));
    }

    #[test]
    fn debug_shows_names_and_no_values() {
        let settings = Settings::from_json(r#"{"server.jwt_authentication.jwks": "secret"}"#).unwrap();
        let shown = alloc::format!("{settings:?}");
        assert!(shown.contains("server.jwt_authentication.jwks") && !shown.contains("secret"), "{shown}");
    }
}
