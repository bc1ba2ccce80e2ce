//! Settings as SQL: which statements give a database these values?

use alloc::{format, string::String, vec::Vec};

use super::lexer::OPTION_MARK;
use crate::parsed::settings::{
    names::{Kind, SettingName},
    settings::Settings,
    value::natural,
};

/// The engine's options as comments, then one statement for each setting of the database. The switch comes last, so
/// that nobody logs in under half of the settings.
pub(crate) fn write(settings: &Settings) -> String {
    let mut sql = String::new();
    for (name, value) in settings.values().filter(|(name, _)| name.is_engine_option()) {
        line(&mut sql, &statement(name, value));
    }
    let (switch, others): (Vec<_>, Vec<_>) = settings
        .values()
        .filter(|(name, _)| !name.is_engine_option())
        .partition(|&(name, _)| name == SettingName::Enabled);
    for (name, value) in others.into_iter().chain(switch) {
        line(&mut sql, &statement(name, value));
    }
    sql
}

/// What gives one setting its value: a statement, or for an option of the engine a comment.
pub(crate) fn statement(name: SettingName, value: &str) -> String {
    let setting = name.as_str();
    if name.is_engine_option() {
        return format!("-- {OPTION_MARK} {setting} = {}", natural(name, value));
    }
    let literal = if name.kind() == Kind::Bool { value.into() } else { literal(value) };
    format!("SET CLUSTER SETTING {setting} = {literal};")
}

/// What gives one setting its default.
pub(crate) fn reset(name: SettingName) -> String {
    if name.is_engine_option() {
        return format!("-- remove the line `{OPTION_MARK} {} = …`", name.as_str());
    }
    format!("RESET CLUSTER SETTING {};", name.as_str())
}

fn line(sql: &mut String, statement: &str) {
    sql.push_str(statement);
    sql.push('\n');
}

/// A string constant: in plain quotes where they can carry the text unharmed, otherwise with escapes. Line breaks stay
/// what they are, so that an identity map reads as one.
fn literal(text: &str) -> String {
    let plain = text.chars().all(|character| !character.is_control() || matches!(character, '\n' | '\t'));
    if plain { format!("'{}'", text.replace('\'', "''")) } else { escaped(text) }
}

fn escaped(text: &str) -> String {
    let mut sql = String::from("e'");
    for character in text.chars() {
        match character {
            '\'' => sql.push_str("\\'"),
            '\\' => sql.push_str("\\\\"),
            '\n' => sql.push_str("\\n"),
            '\r' => sql.push_str("\\r"),
            '\t' => sql.push_str("\\t"),
            control if control.is_control() => sql.push_str(&format!("\\u{:04x}", u32::from(control))),
            character => sql.push(character),
        }
    }
    sql.push('\'');
    sql
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_are_plain_unless_the_text_needs_escapes() {
        assert_eq!(literal("it's -- a */ \\ test\n"), "'it''s -- a */ \\ test\n'");
        assert_eq!(literal("\0it's\r\n\u{85}\\"), "e'\\u0000it\\'s\\r\\n\\u0085\\\\'");
    }

    #[test]
    fn options_stand_first_and_the_switch_last() {
        let settings = Settings::from_json(
            r#"{"server.jwt_authentication.enabled": true, "server.jwt_authentication.claim": "email",
                "engine.profile": "cockroachdb", "engine.required_claims": ["a",
                "b"]}"#,
        )
        .unwrap();
        let sql = write(&settings);
        let lines: Vec<_> = sql.lines().collect();
        assert_eq!(
            lines,
            [
                "-- sqljwt: engine.profile = \"cockroachdb\"",
                "-- sqljwt: engine.required_claims = [\"a\",                 \"b\"]",
                "SET CLUSTER SETTING server.jwt_authentication.claim = 'email';",
                "SET CLUSTER SETTING server.jwt_authentication.enabled = true;",
            ]
        );
    }
}
