//! What is wrong with the settings, and where in the administrator's document?

use alloc::string::{String, ToString};
use core::fmt;

use super::names::SettingName;
use crate::ground::{position::Position, profile::Profile, reason::ReasonCode, text::one_line};

/// Settings that cannot be used: which one, where, why, and what to write instead.
///
/// # Example
/// ```
/// use sqljwt::{ReasonCode, Settings};
/// let error = Settings::from_json(r#"{"server.jwt_authentication.enabled": "yes"}"#).expect_err("not a boolean");
/// assert_eq!(error.code, ReasonCode::SettingWrongType);
/// assert_eq!(
///     error.to_string(),
///     "server.jwt_authentication.enabled: expected true or false, found a string (line 1, column 39)"
/// );
/// assert_eq!(error.remedy, "set server.jwt_authentication.enabled to true or false, without quotes");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SettingsError {
    /// The reason, one of the settings band.
    pub code: ReasonCode,
    /// The setting at fault, by the name that the database gives it, when it is one.
    pub setting: Option<&'static str>,
    /// Where the fault stands in the document; nowhere when it is something left out.
    pub position: Option<Position>,
    /// The fact, with both sides.
    pub message: String,
    /// What to change.
    pub remedy: String,
    /// Whose rules the document asks for, as far as that can be read despite the fault.
    pub profile: Profile,
}

impl SettingsError {
    pub(super) fn new(code: ReasonCode, message: impl Into<String>) -> Self {
        let remedy = code.remedy().to_string();
        Self { code, setting: None, position: None, message: one_line(message), remedy, profile: Profile::default() }
    }

    pub(super) fn of(mut self, name: SettingName) -> Self {
        self.setting = Some(name.as_str());
        self
    }

    pub(super) fn at(mut self, document: &str, offset: usize) -> Self {
        self.position = Some(Position::of(document, offset));
        self
    }

    pub(super) fn under(self, profile: Profile) -> Self {
        Self { profile, ..self }
    }

    pub(super) fn with_remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = one_line(remedy);
        self
    }
}

impl fmt::Display for SettingsError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(setting) = &self.setting {
            write!(formatter, "{setting}: ")?;
        }
        formatter.write_str(&one_line(self.message.as_str()))?;
        if let Some(place) = self.position {
            write!(formatter, " ({place})")?;
        }
        Ok(())
    }
}

impl core::error::Error for SettingsError {}
