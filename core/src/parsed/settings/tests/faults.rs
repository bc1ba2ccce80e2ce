//! A document with several faults tells all of them, each at its place, whatever form it has.

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};

use crate::{
    ground::{limits::SETTINGS_FAULTS_MAX, profile::Profile, reason::ReasonCode},
    parsed::settings::{SettingName, Settings, SettingsError},
};

use ReasonCode::{ProfileUnknown, SettingUnknown, SettingWrongType, SettingsInvalid};

/// Every fault with its line, its column and its setting.
fn faults(text: &str) -> Vec<(ReasonCode, u32, u32, Option<&'static str>)> {
    let error = error(text);
    let all = core::iter::once(&error).chain(&error.others);
    let told = all.map(|error| {
        let position = error.position.unwrap_or_else(|| panic!("{text}: {error}"));
        assert!(error.remedy.len() > 10 && !error.message.ends_with('.'), "{error}");
        (error.code, position.line, position.column, error.setting)
    });
    told.collect()
}

fn error(text: &str) -> SettingsError {
    let error = Settings::from_text(text).err().unwrap_or_else(|| panic!("{text} is read"));
    assert!(
        error.others.iter().all(|other| other.others.is_empty() && other.untold == 0 && other.readable().is_none())
    );
    assert!(error.others.iter().all(|other| other.profile == error.profile));
    error
}

const ENABLED: Option<&str> = Some("server.jwt_authentication.enabled");
const CLAIM: Option<&str> = Some("server.jwt_authentication.claim");
const LEEWAY: Option<&str> = Some("engine.leeway_seconds");
const PROFILE: Option<&str> = Some("engine.profile");

/// The settings that every document below breaks, and one that none does.
fn assert_readable(text: &str) {
    let error = error(text);
    let readable = error.readable().unwrap_or_else(|| panic!("{text}"));
    let broken: Vec<_> = readable.broken.iter().copied().collect();
    use SettingName::{Claim, Enabled, EngineLeewaySeconds, EngineProfile, Issuers};
    assert_eq!(broken, [Enabled, Issuers, Claim, EngineProfile, EngineLeewaySeconds], "{text}");
    let values: Vec<_> = readable.settings.values().collect();
    assert_eq!(values, [(SettingName::Audience, "db")], "{text}");
}

#[test]
fn an_object_of_json_tells_five_faults() {
    let text = r#"{
        "server.jwt_authentication.enabled": "yes",
        "server.jwt_authentication.issuer": "a",
        "server.jwt_authentication.claim": "email",
        "engine.profile": "soft", "server.jwt_authentication.audience": "db",
        "server.jwt_authentication.claim": "sub",
        "engine.leeway_seconds": 301
    }"#;
    let expected = [
        (SettingWrongType, 2, 46, ENABLED),
        (SettingUnknown, 3, 9, None),
        (ProfileUnknown, 5, 28, PROFILE),
        (SettingsInvalid, 6, 9, CLAIM),
        (SettingWrongType, 7, 34, LEEWAY),
    ];
    assert_eq!(faults(text), expected);
    assert_readable(text);
}

#[test]
fn statements_tell_five_faults() {
    let text = "-- sqljwt: engine.leeway_seconds = 301\n\
                SET CLUSTER SETTING server.jwt_authentication.enabled = 'often';\n\
                SET CLUSTER SETTING server.jwt_authentication.audience = 'db';\n\
                SET CLUSTER SETTING server.jwt_authentication.issuer = 'it''s; a';\n\
                SET CLUSTER SETTING server.jwt_authentication.claim = b'email'; SET CLUSTER SETTING engine.profile = 'soft';";
    let expected = [
        (SettingWrongType, 1, 36, LEEWAY),
        (SettingWrongType, 2, 58, ENABLED),
        (SettingUnknown, 4, 21, None),
        (SettingsInvalid, 5, 55, CLAIM),
        (ProfileUnknown, 5, 103, PROFILE),
    ];
    assert_eq!(faults(text), expected);
    assert_readable(text);
}

/// A name and a value in each row. The claim stands in the second and in the fifth.
const ROWS: [(&str, &str); 7] = [
    ("server.jwt_authentication.enabled", "often"),
    ("server.jwt_authentication.claim", "email"),
    ("server.jwt_authentication.issuer", "a"),
    ("server.jwt_authentication.audience", "db"),
    ("server.jwt_authentication.claim", "sub"),
    ("engine.profile", "soft"),
    ("engine.leeway_seconds", "<redacted>"),
];

#[test]
fn separated_values_tell_five_faults() {
    for delimiter in [",", "\t"] {
        let rows = ROWS.map(|(name, value)| format!("{name}{delimiter}{value}\n")).concat();
        let text = format!("variable{delimiter}value\n{rows}");
        let expected = [
            (SettingWrongType, 2, 35, ENABLED),
            (SettingUnknown, 4, 1, None),
            (SettingsInvalid, 6, 1, CLAIM),
            (ProfileUnknown, 7, 16, PROFILE),
            (SettingWrongType, 8, 23, LEEWAY),
        ];
        assert_eq!(faults(&text), expected, "{text}");
        assert_readable(&text);
    }
}

#[test]
fn a_table_tells_five_faults() {
    let rows = ROWS.map(|(name, value)| format!(" {name:35}| {value:11}\n")).concat();
    let text = format!(" {:35}| value\n{}+{}\n{rows}(7 rows)\n", "variable", "-".repeat(36), "-".repeat(12));
    let expected = [
        (SettingWrongType, 3, 39, ENABLED),
        (SettingUnknown, 5, 2, None),
        (SettingsInvalid, 7, 2, CLAIM),
        (ProfileUnknown, 8, 39, PROFILE),
        (SettingWrongType, 9, 39, LEEWAY),
    ];
    assert_eq!(faults(&text), expected);
    assert_readable(&text);
}

#[test]
fn rows_of_json_tell_five_faults() {
    let rows = ROWS.map(|(name, value)| format!(r#"{{"variable": "{name}", "value": "{value}"}}"#)).join(",\n");
    let lines = rows.replace(",\n", "\n");
    let values = ROWS.map(|(name, value)| format!(r#""{name}": {{"value": "{value}"}}"#)).join(",\n");
    for text in [format!("[{rows}]"), lines, format!("{{\"key_values\": {{\n{values}}}}}")] {
        let codes: Vec<_> = faults(&text).into_iter().map(|(code, _, _, setting)| (code, setting)).collect();
        let expected = [
            (SettingWrongType, ENABLED),
            (SettingUnknown, None),
            (SettingsInvalid, CLAIM),
            (ProfileUnknown, PROFILE),
            (SettingWrongType, LEEWAY),
        ];
        assert_eq!(codes, expected, "{text}");
        assert_readable(&text);
    }
}

#[test]
fn single_settings_tell_all_their_faults() {
    let print =
        |name: &str, value: &str| format!(" {name} \n-----------------------------------\n {value}\n(1 row)\n\n");
    let text = print("server.jwt_authentication.enabled", "often") + &print("engine.leeway_seconds", "301");
    assert_eq!(faults(&text), [(SettingWrongType, 3, 2, ENABLED), (SettingWrongType, 8, 2, LEEWAY)]);
}

#[test]
fn a_broken_form_ends_the_list_and_leaves_nothing_to_read() {
    for (text, lines) in [
        (
            "SET CLUSTER SETTING engine.leeway_seconds = 301;\nSET CLUSTER SETTING engine.x = 1;\nSELECT 'open;",
            [1, 2, 3],
        ),
        ("variable,value\nengine.leeway_seconds,301\nengine.x,1\nengine.y", [2, 3, 4]),
        (
            "{\"variable\": \"engine.leeway_seconds\", \"value\": 301}\n{\"variable\": \"engine.x\", \"value\": 1}\n{",
            [1, 2, 3],
        ),
    ] {
        let found: Vec<_> = faults(text).into_iter().map(|(_, line, _, _)| line).collect();
        assert_eq!(found, lines, "{text}");
        assert!(error(text).readable().is_none(), "{text}");
    }
    // JSON is read as a whole before its members are.
    let text = "{\"engine.x\": 1,\n\"engine.leeway_seconds\": 301,\n";
    assert_eq!(faults(text), [(SettingsInvalid, 3, 1, None)]);
}

#[test]
fn a_member_that_stands_twice_inside_a_value_hides_no_other_fault() {
    let text =
        "{\"engine.x\": 1,\n\"server.jwt_authentication.jwks\": {\"keys\": [],\n\"keys\": []},\n\"engine.y\": 1}";
    let jwks = Some("server.jwt_authentication.jwks");
    let expected = [(SettingUnknown, 1, 2, None), (SettingsInvalid, 3, 1, jwks), (SettingUnknown, 4, 1, None)];
    assert_eq!(faults(text), expected);
    // Beside a form that breaks it is told alone, as the first thing that a strict reader meets.
    assert_eq!(faults("{\"a\": {\"b\": 1,\n\"b\": 2}, \"c\" 3}"), [(SettingsInvalid, 2, 1, None)]);
}

#[test]
fn a_later_statement_mends_an_earlier_one_for_those_who_judge_despite_the_fault() {
    let set = |value: &str| format!("SET CLUSTER SETTING server.jwt_authentication.enabled = {value};\n");
    for (mended, value) in [(set("true"), Some("true")), (set("DEFAULT"), None)] {
        let error = error(&(set("often") + &mended));
        let readable = error.readable().unwrap();
        assert!(readable.broken.is_empty());
        assert_eq!(readable.settings.value("server.jwt_authentication.enabled"), value);
    }
    let error = error(&(set("true") + &set("often")));
    assert_eq!(error.readable().unwrap().settings, Settings::default());
}

#[test]
fn a_misspelt_name_breaks_the_setting_that_was_meant_unless_it_stands_there_too() {
    let broken = |text: &str| error(text).readable().unwrap().broken.iter().copied().collect::<Vec<_>>();
    let misspelt = r#""server.jwt_authentication.audiences": "a""#;
    let meant = r#""server.jwt_authentication.audience": "a""#;
    assert_eq!(broken(&format!("{{{misspelt}}}")), [SettingName::Audience]);
    assert_eq!(broken(&format!("{{{misspelt}, {meant}}}")), []);
    assert_eq!(broken(&format!("{{{meant}, {misspelt}}}")), []);
    assert_eq!(broken(r#"{"engine.zzzzzzzz": 1}"#), []);
}

#[test]
fn faults_beyond_the_limit_are_counted_and_the_end_is_told() {
    let unknown = |count: usize| (0..count).map(|number| format!("SET CLUSTER SETTING engine.x{number} = 1;\n"));
    let text: String = unknown(SETTINGS_FAULTS_MAX + 7).collect();
    let several = error(&text);
    assert_eq!((several.others.len(), several.untold), (SETTINGS_FAULTS_MAX - 1, 7));
    let ended = error(&(text + "SELECT 'open"));
    assert_eq!((ended.others.len(), ended.untold), (SETTINGS_FAULTS_MAX - 1, 8));
    assert_eq!(ended.others.last().unwrap().code, SettingsInvalid);
}

#[test]
fn the_text_of_an_error_is_its_first_fault_and_how_many_there_are_besides() {
    let shown = |text: &str| error(text).to_string();
    let one = "engine.leeway_seconds: expected an integer from 0 to 300, found `301` (line 1, column 27)";
    assert_eq!(shown(r#"{ "engine.leeway_seconds": 301}"#), one.replace("column 27", "column 28"));
    assert_eq!(shown(r#"{"engine.leeway_seconds": 301, "engine.x": 1}"#), format!("{one}, and 1 other fault"));
    let three = r#"{"engine.leeway_seconds": 301, "engine.x": 1, "engine.y": 1}"#;
    assert_eq!(shown(three), format!("{one}, and 2 other faults"));
}

#[test]
fn all_faults_are_told_under_the_profile_that_the_document_states() {
    let text = r#"{"engine.\u0070rofile": "cockroachdb", "engine.x": 1, "engine.y": 2}"#;
    let error = error(text);
    assert_eq!(error.profile, Profile::Cockroachdb);
    assert_eq!(error.others.len(), 1);
}
