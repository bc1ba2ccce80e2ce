//! Is this value of the kind that its setting takes, and which text would the database hold for it?

use alloc::{
    string::{String, ToString},
    vec::Vec,
};
use core::ops::RangeInclusive;

use super::{
    names::{Kind, SettingName},
    traced::Traced,
};
use crate::ground::{
    fault::Fault,
    json::{self, Document, Duplicates},
    profile::Profile,
    reason::ReasonCode,
    text::shown,
};

/// A value that a document states as JSON; `base` is where the JSON text begins in the document.
///
/// # Errors
/// `setting_wrong_type`, `profile_unknown`; the offset is one of the document.
pub(super) fn from_json(name: SettingName, value: json::Value<'_>, base: usize) -> Result<Traced, Fault> {
    let at = base.saturating_add(value.span().0);
    let traced = match (name.kind(), value.kind()) {
        (Kind::Text | Kind::TextOrJson, json::Kind::String) => Traced::json_string(value, base),
        (Kind::Bool, json::Kind::Bool(_))
        | (Kind::Integer(..), json::Kind::Number)
        | (Kind::List | Kind::TextOrJson, json::Kind::Array)
        | (Kind::Object | Kind::TextOrJson, json::Kind::Object) => Traced::verbatim(value.written(), at),
        (_, found) => return Err(Fault { offset: at, ..wrong_type(name, found.describe()) }),
    };
    from_text(name, traced)
}

/// A value that a document states as plain text, as SQL and tables do.
///
/// # Errors
/// `setting_wrong_type`, `profile_unknown`; the offset is one of the document.
pub(super) fn from_text(name: SettingName, value: Traced) -> Result<Traced, Fault> {
    let text = value.as_str();
    let normal = match name.kind() {
        Kind::Text | Kind::TextOrJson if name == SettingName::EngineProfile => profile(text).map(|()| None),
        Kind::Text | Kind::TextOrJson => Ok(None),
        Kind::Bool => boolean(name, text).map(|text| Some((0, text))),
        Kind::Integer(least, most) => integer(name, text, least..=most).map(|text| Some((0, text))),
        Kind::List => json_on_one_line(name, text, json::Kind::Array).map(Some),
        Kind::Object => json_on_one_line(name, text, json::Kind::Object).map(Some),
    };
    match normal {
        Ok(None) => Ok(value),
        Ok(Some((start, text))) => Ok(value.with_text(start, text)),
        Err(fault) => Err(Fault { offset: value.document_offset(fault.offset), ..fault }),
    }
}

/// The value as JSON: what the database holds as text is a string, the rest is what it is.
pub(super) fn natural(name: SettingName, value: &str) -> String {
    match name.kind() {
        Kind::Text | Kind::TextOrJson => json::quote(value),
        Kind::Bool | Kind::Integer(..) | Kind::List | Kind::Object => value.to_string(),
    }
}

/// The value as JSON as a person would write it: a text that holds JSON is that JSON.
pub(super) fn plain(name: SettingName, value: &str) -> String {
    let is_json = || serde_json::from_str::<&serde_json::value::RawValue>(value).is_ok();
    match name.kind() {
        Kind::TextOrJson if value.trim_start().starts_with(['[', '{']) && is_json() => value.to_string(),
        _ => natural(name, value),
    }
}

/// The fault of a value of another kind.
pub(super) fn wrong_type(name: SettingName, found: &str) -> Fault {
    let expected = expected(name.kind());
    let quotes = if name.kind() == Kind::Bool { ", without quotes" } else { "" };
    Fault::new(ReasonCode::SettingWrongType, 0, alloc::format!("expected {expected}, found {found}"))
        .with_remedy(alloc::format!("set {} to {expected}{quotes}", name.as_str()))
}

fn expected(kind: Kind) -> String {
    match kind {
        Kind::Bool => "true or false".to_string(),
        Kind::Text => "a string".to_string(),
        Kind::TextOrJson => "a string, an array or an object".to_string(),
        Kind::Integer(least, i64::MAX) => alloc::format!("an integer of at least {least}"),
        Kind::Integer(least, most) => alloc::format!("an integer from {least} to {most}"),
        Kind::List => "an array of strings".to_string(),
        Kind::Object => "an object".to_string(),
    }
}

/// The words that the database takes for a boolean.
fn boolean(name: SettingName, text: &str) -> Result<String, Fault> {
    let word = text.trim();
    let any = |words: &[&str]| words.iter().any(|known| word.eq_ignore_ascii_case(known));
    if any(&["true", "on", "yes", "t", "y", "1"]) {
        Ok("true".into())
    } else if any(&["false", "off", "no", "f", "n", "0"]) {
        Ok("false".into())
    } else {
        Err(wrong_type(name, &quoted(word)))
    }
}

fn integer(name: SettingName, text: &str, range: RangeInclusive<i64>) -> Result<String, Fault> {
    match text.trim().parse() {
        Ok(number) if range.contains(&number) => Ok(number.to_string()),
        _ => Err(wrong_type(name, &quoted(text))),
    }
}

/// The JSON without white space around it, and where it begins. Line breaks stand only between its tokens, where a blank
/// says the same: the options then fit into the one-line comments of the SQL form, and every offset stays what it is.
fn json_on_one_line(name: SettingName, text: &str, kind: json::Kind) -> Result<(usize, String), Fault> {
    let document = Document::parse(text, Duplicates::Refused).map_err(|error| {
        let message = alloc::format!("the value is not JSON: {}", error.defect.describe());
        Fault { offset: error.offset, message, ..wrong_type(name, "") }
    })?;
    let root = document.root();
    if root.kind() != kind {
        return Err(Fault { offset: root.span().0, ..wrong_type(name, root.kind().describe()) });
    }
    Ok((root.span().0, root.written().replace(['\n', '\r'], " ")))
}

fn profile(text: &str) -> Result<(), Fault> {
    text.parse::<Profile>().map(|_| ()).map_err(|_| {
        let names: Vec<_> = Profile::all().iter().map(|profile| alloc::format!("`{profile}`")).collect();
        let message = alloc::format!("expected {}, found {}", names.join(" or "), quoted(text));
        Fault::new(ReasonCode::ProfileUnknown, 0, message)
    })
}

fn quoted(text: &str) -> String {
    alloc::format!("`{}`", shown(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(name: SettingName, text: &str) -> Result<String, String> {
        let document = Document::parse(text, Duplicates::Refused).unwrap();
        from_json(name, document.root(), 0).map(|value| value.as_str().to_string()).map_err(|fault| fault.message)
    }

    fn text(name: SettingName, text: &str) -> Result<String, String> {
        let value = from_text(name, Traced::verbatim(text, 0));
        value.map(|value| value.as_str().to_string()).map_err(|fault| fault.message)
    }

    #[test]
    fn the_databases_words_for_a_boolean_are_understood() {
        for (word, value) in [("ON", "true"), ("t", "true"), (" true ", "true"), ("off", "false"), ("0", "false")] {
            assert_eq!(text(SettingName::Enabled, word).unwrap(), value);
        }
        assert_eq!(text(SettingName::Enabled, "maybe").unwrap_err(), "expected true or false, found `maybe`");
        assert_eq!(json(SettingName::Enabled, "\"on\"").unwrap_err(), "expected true or false, found a string");
        assert_eq!(json(SettingName::Enabled, "1").unwrap_err(), "expected true or false, found a number");
    }

    #[test]
    fn integers_stand_in_their_range() {
        use SettingName::{EngineLeewaySeconds, EngineMaxTokenBytes, EngineMaxTokenLifetimeSeconds};
        for (name, value, ok) in [
            (EngineLeewaySeconds, "0", true),
            (EngineLeewaySeconds, "300", true),
            (EngineLeewaySeconds, "301", false),
            (EngineLeewaySeconds, "-1", false),
            (EngineLeewaySeconds, "1.0", false),
            (EngineLeewaySeconds, "1e1", false),
            (EngineMaxTokenBytes, "0", false),
            (EngineMaxTokenBytes, "1", true),
            (EngineMaxTokenBytes, "1048576", true),
            (EngineMaxTokenBytes, "1048577", false),
            (EngineMaxTokenLifetimeSeconds, "0", false),
            (EngineMaxTokenLifetimeSeconds, "9223372036854775807", true),
            (EngineMaxTokenLifetimeSeconds, "9223372036854775808", false),
        ] {
            assert_eq!(json(name, value).is_ok(), ok, "{name:?} {value}");
            assert_eq!(text(name, value).is_ok(), ok, "{name:?} {value}");
        }
        let message = json(EngineLeewaySeconds, "301").unwrap_err();
        assert_eq!(message, "expected an integer from 0 to 300, found `301`");
        let message = json(EngineMaxTokenLifetimeSeconds, "true").unwrap_err();
        assert_eq!(message, "expected an integer of at least 1, found a boolean");
    }

    #[test]
    fn json_stands_for_text_only_where_the_text_would_be_json() {
        assert_eq!(json(SettingName::Audience, "[ \"a\" ]").unwrap(), "[ \"a\" ]");
        assert_eq!(json(SettingName::Claim, "[\"a\"]").unwrap_err(), "expected a string, found an array");
        let message = json(SettingName::Audience, "null").unwrap_err();
        assert_eq!(message, "expected a string, an array or an object, found null");
    }

    #[test]
    fn options_that_are_json_are_kept_on_one_line() {
        assert_eq!(json(SettingName::EngineRequiredClaims, "[\n\"a\"\r\n]").unwrap(), "[ \"a\"  ]");
        assert_eq!(text(SettingName::EngineIssuers, "{\n}").unwrap(), "{ }");
        assert_eq!(text(SettingName::EngineIssuers, " {}\t\n").unwrap(), "{}");
        assert_eq!(text(SettingName::EngineIssuers, "[]").unwrap_err(), "expected an object, found an array");
        assert_eq!(
            text(SettingName::EngineIssuers, "{").unwrap_err(),
            "the value is not JSON: expected a member name in double quotes"
        );
        let message = json(SettingName::EngineProfile, "\"soft\"").unwrap_err();
        assert_eq!(message, "expected `hardened` or `cockroachdb`, found `soft`");
    }
}
