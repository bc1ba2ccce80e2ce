//! What is wrong with the settings, and where in the administrator's document?

use alloc::string::{String, ToString};
use core::fmt;

use super::names::SettingName;
use crate::{
    ground::profile::Profile,
    ground::{reason::ReasonCode, text::one_line},
};

/// A place in a text, as editors count it.
///
/// # Example
/// ```
/// let error = sqljwt::Settings::from_json("{\n  \"x\": 1\n}").expect_err("no setting has that name");
/// let position = error.position.expect("the name stands in the document");
/// assert_eq!((position.line, position.column), (2, 3));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
pub struct Position {
    /// The line, the first being 1.
    pub line: u32,
    /// The character in that line, the first being 1.
    pub column: u32,
}

impl Position {
    /// The place of the byte at `offset`; beyond the end of the text, its end.
    pub(crate) fn of(text: &str, offset: usize) -> Self {
        let bytes = text.as_bytes();
        let before = bytes.get(..offset).unwrap_or(bytes);
        let newlines = before.iter().filter(|&&byte| byte == b'\n').count();
        let line = before.rsplit(|&byte| byte == b'\n').next().unwrap_or_default();
        // Every byte but a continuation byte of UTF-8 (0b10xx_xxxx) begins a character.
        let characters = line.iter().filter(|&&byte| byte & 0xc0 != 0x80).count();
        let one_based = |count: usize| u32::try_from(count).unwrap_or(u32::MAX).saturating_add(1);
        Self { line: one_based(newlines), column: one_based(characters) }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "line {}, column {}", self.line, self.column)
    }
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_lines_and_characters_from_one() {
        let text = "aé\n\u{1f600}b\r\nc";
        let at = |offset| {
            let position = Position::of(text, offset);
            (position.line, position.column)
        };
        assert_eq!(at(0), (1, 1));
        assert_eq!(at(3), (1, 3));
        assert_eq!(at(4), (2, 1));
        assert_eq!(at(8), (2, 2));
        assert_eq!(at(11), (3, 1));
        assert_eq!(at(usize::MAX), (3, 2));
    }
}
