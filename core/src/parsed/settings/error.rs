//! What is wrong with the settings, and where in the administrator's document?

use alloc::{
    string::{String, ToString},
    sync::Arc,
    vec::Vec,
};
use core::fmt;

use super::{names::SettingName, readable::Readable, settings::Settings};
use crate::ground::{
    position::{Position, TextRange},
    profile::Profile,
    reason::ReasonCode,
    splice::Splice,
    text::{counted, one_line},
};

/// Settings that cannot be used: which one, where, why, and what to write instead.
///
/// It is the first fault of all that the settings have; the others stand in [`SettingsError::others`].
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
///
/// let error = Settings::from_json(r#"{"engine.profile": "soft", "engine.leeway_seconds": -1}"#).expect_err("two faults");
/// assert_eq!(error.setting, Some("engine.profile"));
/// assert_eq!(error.others[0].setting, Some("engine.leeway_seconds"));
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
    /// The whole of what is at fault there.
    pub range: Option<TextRange>,
    /// The fact, with both sides.
    pub message: String,
    /// What to change.
    pub remedy: String,
    /// How the setting's value should read, where that is certain.
    pub(crate) instead: Option<Splice>,
    /// Where the fault stands in the setting's value, in bytes.
    pub(super) offset: Option<usize>,
    /// Whose rules the document asks for, as far as that can be read despite the fault.
    pub profile: Profile,
    /// The other faults of the same settings: those of the document in its order, then those of the values. They hold none
    /// themselves.
    pub others: Vec<Self>,
    /// How many more faults there are than [`SETTINGS_FAULTS_MAX`](crate::limits::SETTINGS_FAULTS_MAX), which are told.
    pub untold: u32,
    /// What can be read despite the faults; nothing where the form of the document is broken.
    pub(super) readable: Option<Arc<Readable>>,
}

impl SettingsError {
    pub(super) fn new(code: ReasonCode, message: impl Into<String>) -> Self {
        let remedy = code.remedy().to_string();
        Self {
            code,
            setting: None,
            position: None,
            range: None,
            message: one_line(message),
            remedy,
            instead: None,
            offset: None,
            profile: Profile::default(),
            others: Vec::new(),
            untold: 0,
            readable: None,
        }
    }

    /// The error of a document that breaks its form there.
    pub(super) fn misformed(document: &str, at: usize, message: impl Into<String>) -> Self {
        Self::new(ReasonCode::SettingsInvalid, message).at(document, at)
    }

    pub(super) fn of(mut self, name: SettingName) -> Self {
        self.setting = Some(name.as_str());
        self
    }

    pub(super) fn at(mut self, document: &str, offset: usize) -> Self {
        let position = Position::of(document, offset);
        let word = word(document.get(offset..).unwrap_or_default());
        let after = Position::of(word, word.len());
        // A word stands on one line.
        let end = Position { column: position.column.saturating_add(after.column).saturating_sub(1), ..position };
        (self.position, self.range) = (Some(position), Some(TextRange { start: position, end }));
        self
    }

    pub(super) fn under(mut self, profile: Profile) -> Self {
        self.profile = profile;
        self.others.iter_mut().for_each(|other| other.profile = profile);
        self
    }

    pub(super) fn with_remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = one_line(remedy);
        self
    }
}

impl SettingsError {
    /// The line of the identity map at fault, counted from 1; `settings` are those that the fault was found in.
    pub(crate) fn map_line(&self, settings: &Settings) -> Option<u32> {
        let name = SettingName::IdentityMap;
        let before = settings.text(name).get(..self.offset.filter(|_| self.setting == Some(name.as_str()))?)?;
        u32::try_from(before.matches('\n').count().saturating_add(1)).ok()
    }

    /// What can be read despite the faults; nothing where the form of the document is broken.
    pub(crate) fn readable(&self) -> Option<&Readable> {
        self.readable.as_deref()
    }
}

/// What stands at the beginning of a text: a name or a value in its quotes, or a word.
fn word(text: &str) -> &str {
    let quoted = text.chars().next().filter(|quote| matches!(quote, '"' | '\'' | '`'));
    let end = match quoted {
        Some(quote) => text.char_indices().skip(1).find(|&(_, c)| c == quote || c == '\n').map(|(at, c)| match c {
            '\n' => at,
            _ => at.saturating_add(1),
        }),
        None => {
            text.find(|c: char| c.is_ascii_whitespace() || matches!(c, ',' | ';' | ':' | '=' | '(' | ')' | ']' | '}'))
        }
    };
    // A mark that ends words is one where it stands alone.
    let least = text.chars().next().filter(|&c| c != '\n').map_or(0, char::len_utf8);
    text.get(..end.unwrap_or(text.len()).max(least)).unwrap_or_default()
}

/// The first fault and its place, and how many others there are.
impl fmt::Display for SettingsError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(setting) = &self.setting {
            write!(formatter, "{setting}: ")?;
        }
        formatter.write_str(&one_line(self.message.as_str()))?;
        if let Some(place) = self.position {
            write!(formatter, " ({place})")?;
        }
        match self.others.len().saturating_add(self.untold as usize) {
            0 => Ok(()),
            others => write!(formatter, ", and {}", counted(others, "other fault")),
        }
    }
}

impl core::error::Error for SettingsError {}
