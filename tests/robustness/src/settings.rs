//! Can a settings document, as JSON, as SQL or as the database prints it, do anything but be read or refused, survive
//! every form that we write, and let in only tokens that somebody signed?

use sqljwt::{Settings, SettingsError, Validator};

use crate::{
    promise::{self, Attempt},
    scene::{FORGED, GENUINE, NOW},
};

/// An input is a JSON document of settings.
pub(crate) fn run_json(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    if let Some(settings) = read(&text, Settings::from_json) {
        survives(&settings);
        compiled(&text, &settings);
    }
}

/// An input is SQL statements, or separated values, or a table of a terminal.
pub(crate) fn run_sql(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    for reader in [Settings::from_sql, Settings::from_show] {
        if let Some(settings) = read(&text, reader) {
            survives(&settings);
            compiled(&text, &settings);
        }
    }
    read(&text, Settings::from_text);
}

fn read(text: &str, reader: fn(&str) -> Result<Settings, SettingsError>) -> Option<Settings> {
    reader(text).map_err(|error| promise::refused(text, &error)).ok()
}

fn survives(settings: &Settings) {
    let sql = settings.to_sql();
    let from_sql = Settings::from_sql(&sql).unwrap_or_else(|error| panic!("{error}: {sql}"));
    assert!(from_sql == *settings, "SQL changes the settings: {sql}");
    assert_eq!(from_sql.to_sql(), sql);
    assert!(from_sql.ignored().is_empty(), "{:?}: {sql}", from_sql.ignored());
    let json = settings.to_json();
    let from_json = Settings::from_json(&json).unwrap_or_else(|error| panic!("{error}: {json}"));
    assert!(from_json == *settings, "JSON changes the settings: {json}");
    assert_eq!(from_json.to_json(), json);
}

fn compiled(text: &str, settings: &Settings) {
    let validator = match Validator::new(settings) {
        Ok(validator) => validator,
        Err(error) => return promise::refused(text, &error),
    };
    for (token, user) in [(&*GENUINE, "alice"), (&*FORGED, "")] {
        let (login, _) = promise::login(&validator, Attempt { token: token.as_bytes(), user, now: NOW });
        assert!(login.is_none() || *token != *FORGED, "nobody signed it, and {login:?}: {text}");
    }
}
