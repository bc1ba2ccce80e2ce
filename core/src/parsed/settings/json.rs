//! Settings as one JSON object: reading it strictly, and writing it for people to read.

use alloc::string::{String, ToString};

use super::{
    Settings,
    error::SettingsError,
    names::{ISSUERS_ALIAS, Kind, SettingName, unknown_remedy},
    reading::Reading,
    rows, value,
};
use crate::ground::{
    json::{self, Document, Duplicates, JsonError, quote},
    reason::ReasonCode,
    text::shown,
};

pub(super) fn read(text: &str) -> Result<Settings, SettingsError> {
    let mut reading = Reading::new(text)?;
    if let Some(settings) = rows::read(text) {
        return settings;
    }
    let document = Document::parse(text, Duplicates::Refused).map_err(|error| not_json(text, &error))?;
    let root = document.root();
    if root.kind() != json::Kind::Object {
        let message = alloc::format!("expected an object, found {}", root.kind().describe());
        return Err(SettingsError::new(ReasonCode::SettingsInvalid, message)
            .at(text, root.span().0)
            .with_remedy("write the settings as one JSON object: {\"server.jwt_authentication.enabled\": true, …}"));
    }
    for (key, member) in root.members() {
        let written = key.string().unwrap_or_default();
        let at = key.span().0;
        let name = SettingName::named(&written).ok_or_else(|| unknown(text, at, &written))?;
        let value = value::from_json(name, member, 0).map_err(|fault| reading.refusal(name, fault))?;
        if !reading.insert(name, value) {
            // OK because one name twice is refused as a duplicate member: these are its two spellings.
            return Err(twice(name).at(text, at));
        }
    }
    Ok(reading.finish())
}

pub(super) fn write(settings: &Settings) -> String {
    let mut text = String::from("{");
    let mut separator = "\n  ";
    for (name, value) in settings.values() {
        text.push_str(separator);
        text.push_str(&quote(name.as_str()));
        text.push_str(": ");
        text.push_str(&natural(name, value));
        separator = ",\n  ";
    }
    text.push_str("\n}\n");
    text
}

/// The value as JSON: what the database holds as text is a string, the rest is what it is.
pub(super) fn natural(name: SettingName, value: &str) -> String {
    match name.kind() {
        Kind::Text | Kind::TextOrJson => quote(value),
        Kind::Bool | Kind::Integer(..) | Kind::List | Kind::Object => value.to_string(),
    }
}

/// The error of a name that is ours but means nothing.
pub(super) fn unknown(document: &str, at: usize, name: &str) -> SettingsError {
    let message = alloc::format!("no setting is named `{}`", shown(name));
    let error = SettingsError::new(ReasonCode::SettingUnknown, message).at(document, at);
    match unknown_remedy(name) {
        Some(remedy) => error.with_remedy(remedy),
        None => error,
    }
}

/// The error of a setting that is given two values.
pub(super) fn twice(name: SettingName) -> SettingsError {
    let spellings = if name == SettingName::Issuers {
        alloc::format!(", as `{}` and `{ISSUERS_ALIAS}`", name.as_str())
    } else {
        String::new()
    };
    let message = alloc::format!("the setting stands twice{spellings}");
    SettingsError::new(ReasonCode::SettingsInvalid, message).of(name).with_remedy("remove one of the two")
}

fn not_json(text: &str, error: &JsonError) -> SettingsError {
    let message = alloc::format!("the settings are not JSON: {}", error.defect.describe());
    SettingsError::new(ReasonCode::SettingsInvalid, message).at(text, error.offset)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> (ReasonCode, String, u32, u32) {
        let error = read(text).unwrap_err();
        let position = error.position.unwrap();
        (error.code, error.message, position.line, position.column)
    }

    #[test]
    fn values_are_what_the_database_would_hold() {
        let settings = read(
            r#"{
                "server.jwt_authentication.enabled": true,
                "server.jwt_authentication.issuers.configuration": ["a", "b"],
                "server.jwt_authentication.audience": "[\"a\"]",
                "engine.leeway_seconds": 30
            }"#,
        )
        .unwrap();
        assert_eq!(settings.value("server.jwt_authentication.enabled"), Some("true"));
        assert_eq!(settings.value("server.jwt_authentication.issuers"), Some("[\"a\", \"b\"]"));
        assert_eq!(settings.value("server.jwt_authentication.audience"), Some("[\"a\"]"));
        assert_eq!(settings.value("engine.leeway_seconds"), Some("30"));
        assert_eq!(settings.value("server.jwt_authentication.claim"), None);
    }

    #[test]
    fn writing_puts_one_member_on_a_line() {
        let settings = read(r#"{"engine.required_claims":["a"],"server.jwt_authentication.claim":"e\nmail"}"#).unwrap();
        let expected =
            "{\n  \"server.jwt_authentication.claim\": \"e\\nmail\",\n  \"engine.required_claims\": [\"a\"]\n}\n";
        assert_eq!(write(&settings), expected);
        assert_eq!(read(&write(&Settings::default())).unwrap(), Settings::default());
    }

    #[test]
    fn what_is_not_one_object_of_known_settings_is_refused_with_its_place() {
        use ReasonCode::{SettingUnknown, SettingWrongType, SettingsInvalid};
        let enabled = "\"server.jwt_authentication.enabled\"";
        assert_eq!(refused("[]").0, SettingsInvalid);
        assert_eq!(refused("{\n\"a\" 1}").0, SettingsInvalid);
        assert_eq!(refused("{\n\"x\": 1}"), (SettingUnknown, "no setting is named `x`".into(), 2, 1));
        let twice = alloc::format!("{{{enabled}: true,\n {enabled}: true}}");
        assert_eq!((refused(&twice).0, refused(&twice).2, refused(&twice).3), (SettingsInvalid, 2, 2));
        assert_eq!(refused(&alloc::format!("{{\n{enabled}: null}}")).0, SettingWrongType);
    }

    #[test]
    fn an_unknown_name_brings_the_nearest_one() {
        let error = read(r#"{"server.jwt_authentication.issuer": "a"}"#).unwrap_err();
        assert_eq!(error.code, ReasonCode::SettingUnknown);
        assert_eq!(
            error.remedy,
            "write `server.jwt_authentication.issuers` if that is the setting meant, or remove it"
        );
    }

    #[test]
    fn the_two_spellings_of_the_issuers_exclude_each_other() {
        let text = "{\"server.jwt_authentication.issuers\": \"a\",\n\
                    \"server.jwt_authentication.issuers.configuration\": \"a\"}";
        let error = read(text).unwrap_err();
        assert_eq!(error.code, ReasonCode::SettingsInvalid);
        assert_eq!(error.position.unwrap().line, 2);
        assert!(error.message.contains("stands twice"), "{}", error.message);
    }
}
