//! Which services' tokens may log in? The grammar of `server.jwt_authentication.audience`.
//!
//! One plain text or a JSON array of texts. Unlike the issuers, a list with something after it is a plain text for the
//! database.

use alloc::{string::String, vec, vec::Vec};

use super::{misread, strings::Style};
use crate::{
    ground::{fault::Fault, json::Kind, reason::ReasonCode},
    parsed::settings::sourced::{Source, Sourced},
};

/// Reads the text of a setting, or of a member of one, which `source` says: strictly, or as the database does.
///
/// # Errors
/// `audience_invalid`.
pub(crate) fn parse(text: &str, strict: bool, source: &Source) -> Result<Vec<Sourced<String>>, Fault> {
    let style = Style { strict, code: ReasonCode::AudienceInvalid, noun: "audience", source };
    let read = read(text, strict, style);
    read.map_err(|fault| misread::explained(fault, source.setting, text))
}

fn read(text: &str, strict: bool, style: Style<'_>) -> Result<Vec<Sourced<String>>, Fault> {
    match style.json(text)? {
        None if strict && text.trim().is_empty() => Ok(Vec::new()),
        None => Ok(vec![style.sourced(text, 0)]),
        Some(document) => match document.root().kind() {
            Kind::Null => Ok(Vec::new()),
            Kind::Array => style.list(document.root()),
            _ => Err(style.wrong(document.root(), "an audience's text or an array of them")),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parsed::settings::names::SettingName;
    use alloc::string::ToString;

    fn parse(text: &str, strict: bool) -> Result<Vec<Sourced<String>>, Fault> {
        super::parse(text, strict, &Source::of(SettingName::Audience))
    }

    fn texts(text: &str, strict: bool) -> Option<Vec<String>> {
        parse(text, strict).ok().map(|audiences| audiences.into_iter().map(|audience| audience.value).collect())
    }

    #[test]
    fn every_audience_has_a_place_of_its_own() {
        let offsets: Vec<_> =
            parse(r#" ["a", "b","a", "c"]"#, true).unwrap().iter().map(|one| one.source.offset).collect();
        assert_eq!(offsets, [2, 7, 16]);
        assert_eq!(parse("a", true).unwrap(), [Sourced::new("a".into(), Source::of(SettingName::Audience))]);
    }

    type Row = (&'static str, Option<&'static [&'static str]>, Option<&'static [&'static str]>);

    #[test]
    fn every_row_of_the_grammar_gives_its_audiences() {
        let rows: &[Row] = &[
            ("", Some(&[""]), Some(&[])),
            ("aud", Some(&["aud"]), Some(&["aud"])),
            (" aud ", Some(&[" aud "]), Some(&[" aud "])),
            ("aud{}", Some(&["aud{}"]), Some(&["aud{}"])),
            ("[]", Some(&[]), Some(&[])),
            ("null", Some(&[]), Some(&[])),
            (r#"["aud 1"]"#, Some(&["aud 1"]), Some(&["aud 1"])),
            (r#"["c","b","a"]"#, Some(&["c", "b", "a"]), Some(&["c", "b", "a"])),
            (r#"["a",null]"#, Some(&["a", ""]), None),
            (r#"[""]"#, Some(&[""]), None),
            (r#"["a"] x"#, Some(&[r#"["a"] x"#]), None),
            (r#"["a",]"#, Some(&[r#"["a",]"#]), None),
            (r#"{"a":"b"}"#, None, None),
            (r#""a""#, None, None),
            ("123", None, None),
            ("false", None, None),
            (r#"["a",1]"#, None, None),
        ];
        for (text, database, strict) in rows {
            for (expected, is_strict) in [(database, false), (strict, true)] {
                let found = texts(text, is_strict);
                let expected = expected.map(|names| names.iter().map(ToString::to_string).collect::<Vec<_>>());
                assert_eq!(found, expected, "{text}, strict: {is_strict}");
            }
        }
    }

    #[test]
    fn an_application_id_that_begins_like_a_number_is_a_plain_text() {
        let id = "6e74172b-be56-4843-9ff4-e66a39bb12e3";
        for strict in [true, false] {
            assert_eq!(texts(id, strict).unwrap(), [id]);
            assert!(parse("6e74172", strict).is_err());
        }
    }

    #[test]
    fn faults_say_both_sides() {
        let fault = parse(r#"{"a":"b"}"#, false).unwrap_err();
        assert_eq!(fault.code, ReasonCode::AudienceInvalid);
        assert_eq!(fault.message, "expected an audience's text or an array of them, found an object");
        let fault = parse(r#"["a",]"#, true).unwrap_err();
        assert_eq!(
            (fault.offset, fault.message.as_str()),
            (5, "the value begins like JSON and is not: expected a value; the comma before `]` is one too many")
        );
    }
}
