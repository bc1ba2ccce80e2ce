//! Whose tokens may log in? The grammar of `server.jwt_authentication.issuers`.
//!
//! One plain text, a JSON array of texts, or `{"issuer_jwks_map": {issuer: URL}}`, which also says where an issuer's
//! keys are fetched.

use alloc::{collections::BTreeMap, string::String, vec, vec::Vec};

use super::{misread, strings::Style};
use crate::{
    ground::{
        fault::Fault,
        json::{Document, Duplicates, Kind, Value},
        reason::ReasonCode,
        text::shown,
    },
    parsed::settings::{
        names::SettingName,
        sourced::{Source, Sourced},
    },
};

const MAP_MEMBER: &str = "issuer_jwks_map";

/// One party whose tokens may log in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Issuer {
    /// Compared byte for byte with a token's `iss`.
    pub(crate) name: Sourced<String>,
    /// Where its keys are fetched, if the settings say so; otherwise its discovery document tells.
    pub(crate) jwks_url: Option<String>,
}

/// Reads the setting's text: strictly, or as the database does when it is set and then when it is used.
///
/// # Errors
/// `issuers_invalid`.
pub(crate) fn parse(text: &str, strict: bool) -> Result<Vec<Issuer>, Fault> {
    let style =
        Style { strict, code: ReasonCode::IssuersInvalid, noun: "issuer", source: &Source::of(SettingName::Issuers) };
    let issuers = whole(text, strict, style);
    issuers.map_err(|fault| misread::explained(fault, SettingName::Issuers, text))
}

fn whole(text: &str, strict: bool, style: Style<'_>) -> Result<Vec<Issuer>, Fault> {
    if let Some(document) = style.json(text)? {
        return read(document.root(), style);
    }
    if strict && text.trim().is_empty() {
        return Ok(Vec::new());
    }
    // The database takes the first JSON value for the issuers if it can be them, whatever follows.
    let first = if strict { None } else { Document::parse_prefix(text, Duplicates::LastWins).ok() };
    let issuers = first.and_then(|(document, _)| read(document.root(), style).ok());
    Ok(issuers.unwrap_or_else(|| vec![Issuer { name: style.sourced(text, 0), jwks_url: None }]))
}

fn read(root: Value<'_>, style: Style<'_>) -> Result<Vec<Issuer>, Fault> {
    match root.kind() {
        Kind::Null => Ok(Vec::new()),
        Kind::Array => {
            let names = style.list(root)?;
            Ok(names.into_iter().map(|name| Issuer { name, jwks_url: None }).collect())
        }
        Kind::Object => map(root, style),
        _ => Err(style.wrong(root, "an issuer's text, an array of them or an object")),
    }
}

fn map(root: Value<'_>, style: Style<'_>) -> Result<Vec<Issuer>, Fault> {
    let mut urls = BTreeMap::new();
    for (key, value) in root.members() {
        let name = key.string().unwrap_or_default();
        // The database compares member names of this object without regard to case.
        if name != MAP_MEMBER && (style.strict || !name.eq_ignore_ascii_case(MAP_MEMBER)) {
            let found = shown(&name);
            let message = alloc::format!("expected the member `{MAP_MEMBER}`, found `{found}`");
            return Err(style.fault(key.span().0, message));
        }
        match value.kind() {
            Kind::Object => {}
            Kind::Null if !style.strict => {
                urls.clear();
                continue;
            }
            _ => return Err(style.wrong(value, "an object of issuers and URLs")),
        }
        for (issuer, url) in value.members() {
            let name = issuer.string().unwrap_or_default().into_owned();
            if style.strict && name.is_empty() {
                return Err(style.fault(issuer.span().0, "expected the text of an issuer, found an empty string"));
            }
            urls.insert(name, (self::url(url, style)?, issuer.span().0));
        }
    }
    let issuer = |(name, (url, offset)): (String, _)| Issuer { name: style.sourced(name, offset), jwks_url: Some(url) };
    Ok(urls.into_iter().map(issuer).collect())
}

fn url(value: Value<'_>, style: Style<'_>) -> Result<String, Fault> {
    match value.string() {
        Some(url) if url.is_empty() && style.strict => {
            Err(style.fault(value.span().0, "expected the URL of the issuer's keys, found an empty string"))
        }
        Some(url) => Ok(url.into_owned()),
        None if value.is_null() && !style.strict => Ok(String::new()),
        None => Err(style.wrong(value, "the URL of the issuer's keys as a string")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    fn issuer(name: &str, jwks_url: Option<&str>, offset: usize) -> Issuer {
        let name = Sourced::new(name.into(), Source::of(SettingName::Issuers).at(offset));
        Issuer { name, jwks_url: jwks_url.map(String::from) }
    }

    fn names(text: &str, strict: bool) -> Result<Vec<String>, usize> {
        let issuers = parse(text, strict).map_err(|fault| {
            assert_eq!(fault.code, ReasonCode::IssuersInvalid);
            fault.offset
        })?;
        Ok(issuers.into_iter().map(|issuer| issuer.name.value).collect())
    }

    /// A setting's text, the issuers for the database and the issuers for the strict reader; `None` is an error.
    type Row = (&'static str, Option<&'static [&'static str]>, Option<&'static [&'static str]>);

    #[test]
    fn every_row_of_the_grammar_gives_its_issuers() {
        let rows: &[Row] = &[
            ("", Some(&[""]), Some(&[])),
            (" \n", Some(&[" \n"]), Some(&[])),
            ("issuer1", Some(&["issuer1"]), Some(&["issuer1"])),
            (" issuer1 ", Some(&[" issuer1 "]), Some(&[" issuer1 "])),
            ("issuer1{}", Some(&["issuer1{}"]), Some(&["issuer1{}"])),
            (r#"["a","b"]"#, Some(&["a", "b"]), Some(&["a", "b"])),
            (r#"  ["a"]  "#, Some(&["a"]), Some(&["a"])),
            (r#"["issuer 1"]"#, Some(&["issuer 1"]), Some(&["issuer 1"])),
            (r#"["e","d","c","b","a"]"#, Some(&["e", "d", "c", "b", "a"]), Some(&["e", "d", "c", "b", "a"])),
            (r#"["b","a","b"]"#, Some(&["b", "a"]), Some(&["b", "a"])),
            ("[]", Some(&[]), Some(&[])),
            ("{}", Some(&[]), Some(&[])),
            ("null", Some(&[]), Some(&[])),
            (r#"{"issuer_jwks_map":null}"#, Some(&[]), None),
            (r#"{"issuer_jwks_map":{}}"#, Some(&[]), Some(&[])),
            (r#"{"issuer_jwks_map":{"a":"u"}}"#, Some(&["a"]), Some(&["a"])),
            (r#"{"issuer_jwks_map":{"a":"u","b":"v"}}"#, Some(&["a", "b"]), Some(&["a", "b"])),
            (r#"{"ISSUER_JWKS_MAP":{"a":"u"}}"#, Some(&["a"]), None),
            (r#"{"issuer_jwks_map":{"a":null}}"#, Some(&["a"]), None),
            (r#"{"issuer_jwks_map":{"a":""}}"#, Some(&["a"]), None),
            (r#"{"issuer_jwks_map":{"":"u"}}"#, Some(&[""]), None),
            (r#"{"issuer_jwks_map":{"a":"u"},"issuer_jwks_map":{"b":"u"}}"#, Some(&["a", "b"]), None),
            (r#"["a",null]"#, Some(&["a", ""]), None),
            (r#"["a",""]"#, Some(&["a", ""]), None),
            (r#"["a"] trailing"#, Some(&["a"]), None),
            (r#"["a"]["b"]"#, Some(&["a"]), None),
            ("[]x", Some(&[]), None),
            (r#"{"issuer_jwks_map":{"a":"u"}} x"#, Some(&["a"]), None),
            ("['a','b']", Some(&["['a','b']"]), None),
            (r#"["a",]"#, Some(&[r#"["a",]"#]), None),
            (r#"["a",1] x"#, Some(&[r#"["a",1] x"#]), None),
            (r#""a"b"#, Some(&[r#""a"b"#]), None),
            ("123x", Some(&["123x"]), Some(&["123x"])),
            (r#""a""#, None, None),
            (r#" "a" "#, None, None),
            ("123", None, None),
            ("true", None, None),
            (r#"["a",1]"#, None, None),
            (r#"[["a"]]"#, None, None),
            (r#"{"issuer_jwks_map":["a"]}"#, None, None),
            (r#"{"issuer_jwks_map":{"a":"u"},"x":1}"#, None, None),
            (r#"{"redirect_urls":{"a":"u"}}"#, None, None),
        ];
        for (text, database, strict) in rows {
            for (expected, is_strict) in [(database, false), (strict, true)] {
                let found = names(text, is_strict).ok();
                let expected = expected.map(|names| names.iter().map(ToString::to_string).collect::<Vec<_>>());
                assert_eq!(found, expected, "{text}, strict: {is_strict}");
            }
        }
    }

    #[test]
    fn every_issuer_has_a_place_of_its_own() {
        for (text, offsets) in [
            (r#"["a", "b","a", "c"]"#, [1, 6, 15].as_slice()),
            (r#"{"issuer_jwks_map":{"b":"u", "a":"v"}}"#, &[29, 20]),
            ("a", &[0]),
        ] {
            let found: Vec<_> = parse(text, true).unwrap().iter().map(|issuer| issuer.name.source.offset).collect();
            assert_eq!(found, offsets, "{text}");
        }
    }

    #[test]
    fn the_map_says_where_keys_are_fetched() {
        let issuers = parse(r#"{"issuer_jwks_map":{"a":"https://a/keys"}}"#, true).unwrap();
        assert_eq!(issuers, [issuer("a", Some("https://a/keys"), 20)]);
        assert_eq!(parse("a", true).unwrap(), [issuer("a", None, 0)]);
        let null = parse(r#"{"issuer_jwks_map":{"a":null}}"#, false).unwrap();
        assert_eq!(null, [issuer("a", Some(""), 20)]);
    }

    #[test]
    fn faults_stand_where_the_text_goes_wrong() {
        for (text, offset) in [
            (r#"["a",]"#, 5),
            (r#"["a","#, 5),
            (r#" ["a"] x"#, 7),
            (r#"["a",1]"#, 5),
            (r#"["a", ""]"#, 6),
            (r#"{"issuer_jwks_map":{"a":1}}"#, 24),
            (r#"{"x":{}}"#, 1),
            (r#" "a""#, 1),
            (r#"{"issuer_jwks_map":{"a":"u","a":"v"}}"#, 28),
        ] {
            assert_eq!(names(text, true), Err(offset), "{text}");
        }
        let remedy = parse(r#""a""#, false).unwrap_err().remedy;
        assert_eq!(remedy.as_deref(), Some("write `a`, without quotes around it"));
    }
}
