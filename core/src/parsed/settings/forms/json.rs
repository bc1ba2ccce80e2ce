//! Settings as one JSON object: reading it strictly, and writing it for people to read.

use alloc::string::String;

use super::show::json_rows;
use crate::{
    ground::json::{self, Defect, Document, Duplicates, JsonError, Value, quote},
    parsed::settings::{error::SettingsError, names::SettingName, reading::Reading, settings::Settings, value},
};

pub(crate) fn read(reading: &mut Reading<'_>) -> Result<(), SettingsError> {
    if let Some(rows) = json_rows::read(reading) {
        return rows;
    }
    let text = reading.document();
    let document = Document::parse(text, Duplicates::Refused);
    match document {
        Ok(document) => object(document.root(), reading, false),
        Err(error) if matches!(error.defect, Defect::DuplicateMember(_)) => {
            // One name twice hides no other fault, unless the form breaks too.
            match Document::parse(text, Duplicates::LastWins) {
                Ok(document) => object(document.root(), reading, true),
                Err(_) => Err(not_json(text, &error)),
            }
        }
        Err(error) => Err(not_json(text, &error)),
    }
}

/// Takes in the members; where names stand twice, inside the values too.
fn object(root: Value<'_>, reading: &mut Reading<'_>, has_duplicates: bool) -> Result<(), SettingsError> {
    let text = reading.document();
    if root.kind() != json::Kind::Object {
        let message = alloc::format!("expected an object, found {}", root.kind().describe());
        return Err(SettingsError::misformed(text, root.span().0, message)
            .with_remedy("write the settings as one JSON object: {\"server.jwt_authentication.enabled\": true, …}"));
    }
    for (key, member) in root.members() {
        let written = key.string().unwrap_or_default();
        let at = key.span().0;
        let Some(name) = SettingName::named(&written) else {
            reading.unknown(&written, at);
            continue;
        };
        let twice = if has_duplicates { Document::parse(member.written(), Duplicates::Refused).err() } else { None };
        match twice {
            Some(JsonError { offset, defect }) => {
                let error = JsonError { offset: member.span().0.saturating_add(offset), defect };
                reading.refuse_with(name, || not_json(text, &error).of(name));
            }
            None => reading.set_once(name, at, value::from_json(name, member, 0)),
        }
    }
    Ok(())
}

pub(crate) fn write(settings: &Settings) -> String {
    let mut json = String::from("{");
    let mut separator = "\n  ";
    for (name, text) in settings.values() {
        json.push_str(separator);
        json.push_str(&quote(name.as_str()));
        json.push_str(": ");
        json.push_str(&value::natural(name, text));
        separator = ",\n  ";
    }
    json.push_str("\n}\n");
    json
}

fn not_json(text: &str, error: &JsonError) -> SettingsError {
    let message = alloc::format!("the settings are not JSON: {}", error.defect.describe());
    SettingsError::misformed(text, error.offset, message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::reason::ReasonCode;

    fn read(text: &str) -> Result<Settings, SettingsError> {
        Reading::of(text, super::read)
    }

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
