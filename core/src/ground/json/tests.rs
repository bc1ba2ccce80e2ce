//! Is JSON read to the letter, at every boundary, and what is written read back?

use alloc::{string::ToString, vec, vec::Vec};
use serde::{Serialize, Serializer};

use super::{Defect, Document, Duplicates, JsonError, Kind, Value, quote, written};
use crate::ground::limits::JSON_DEPTH_MAX;

fn parse(text: &str) -> Result<Document<'_>, Defect> {
    Document::parse(text, Duplicates::RefusedAtTop).map_err(|error| error.defect)
}

#[test]
fn members_and_elements_come_in_order() {
    let document = parse(r#" {"a": [1, {"b": null}, "x"], "c": true} "#).unwrap();
    let root = document.root();
    let names: Vec<_> = root.members().map(|(name, _)| name.string().unwrap()).collect();
    assert_eq!(names, ["a", "c"]);
    let kinds: Vec<_> = root.member("a").unwrap().elements().map(Value::kind).collect();
    assert_eq!(kinds, [Kind::Number, Kind::Object, Kind::String]);
    assert_eq!(root.member("a").unwrap().written(), r#"[1, {"b": null}, "x"]"#);
    assert_eq!(root.member("c").unwrap().kind(), Kind::Bool(true));
    assert!(root.member("b").is_none());
}

#[test]
fn escapes_are_resolved_in_names_and_values() {
    let document = parse(r#"{"\u0073ub":"a\n\"\\\/\u00e9\ud83d\ude00"}"#).unwrap();
    assert_eq!(document.root().member("sub").unwrap().string().unwrap(), "a\n\"\\/\u{e9}\u{1f600}");
}

#[test]
fn pieces_tell_where_each_stretch_of_a_string_is_written() {
    let document = parse(r#"["ab\nc\ud83d\ude00"]"#).unwrap();
    let mut pieces = vec![];
    let string = document.root().elements().next().unwrap();
    string.for_each_piece(|piece, at| pieces.push((piece.to_string(), at)));
    let expected = [("ab", 2), ("\n", 4), ("c", 6), ("\u{1f600}", 7), ("", 19)];
    assert_eq!(pieces, expected.map(|(piece, at)| (piece.to_string(), at)));
}

#[test]
fn quoted_texts_read_back() {
    for text in ["", "a\"b\\c/", "\0\u{1f}\u{7f}\u{85}\u{2028}\r\n\t", "\u{1f600}é"] {
        let quoted = quote(text);
        let document = parse(&quoted).unwrap();
        assert_eq!(document.root().string().unwrap(), text);
    }
}

#[test]
fn everything_outside_the_grammar_is_refused() {
    for text in [
        "",
        " ",
        "{",
        "[",
        "\"",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "[1,]",
        "{a:1}",
        "{'a':1}",
        "01",
        "+1",
        "1.",
        ".5",
        "1e",
        "-",
        "0x1",
        "NaN",
        "Infinity",
        "tru",
        "nulll",
        "// c\n1",
        "[1] 2",
        "\u{feff}1",
        "\"\n\"",
        "\"\\x\"",
        "\"\\u12g4\"",
        "\"a",
        "1\0",
        "[1}",
        "{]",
    ] {
        assert!(matches!(parse(text), Err(Defect::Expected(_))), "{text:?}");
    }
}

#[test]
fn lone_surrogates_are_refused() {
    for text in [r#""\ud800""#, r#""\udc00""#, r#""\ud800\u0041""#, r#""\ud800\ud800""#, r#""\ud800x""#] {
        assert_eq!(parse(text).unwrap_err(), Defect::LoneSurrogate, "{text}");
    }
}

#[test]
fn numbers_beyond_a_double_are_refused() {
    for (text, ok) in [("1e308", true), ("1e309", false), ("-1e400", false), ("1e-999", true)] {
        assert_eq!(parse(text).is_ok(), ok, "{text}");
    }
    assert!(parse(&"9".repeat(308)).is_ok());
    assert_eq!(parse(&"9".repeat(310)).unwrap_err(), Defect::NumberOutOfRange);
}

#[test]
fn depth_is_bounded_at_the_limit() {
    let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
    assert!(parse(&nested(JSON_DEPTH_MAX)).is_ok());
    assert_eq!(parse(&nested(JSON_DEPTH_MAX + 1)).unwrap_err(), Defect::TooDeep);
    assert_eq!(parse(&"[".repeat(100_000)).unwrap_err(), Defect::TooDeep);
}

#[test]
fn duplicates_are_found_at_the_top_whatever_their_spelling_and_number() {
    let twice = Defect::DuplicateMember("a".into());
    assert_eq!(parse(r#"{"a":1,"\u0061":2}"#).unwrap_err(), twice);
    let many: Vec<_> = (0..40).map(|n| alloc::format!("\"m{n}\":{n}")).collect();
    assert!(parse(&alloc::format!("{{{}}}", many.join(","))).is_ok());
    let text = alloc::format!("{{\"a\":0,{},\"a\":1}}", many.join(","));
    assert_eq!(parse(&text).unwrap_err(), twice);
    assert!(parse(r#"{"x":{"a":1,"a":2}}"#).is_ok());
    let everywhere = Document::parse(r#"{"x":{"a":1,"a":2}}"#, Duplicates::Refused);
    assert_eq!(everywhere.unwrap_err(), JsonError { offset: 12, defect: twice });
    let last = Document::parse(r#"{"a":1,"a":2}"#, Duplicates::LastWins).unwrap();
    assert_eq!(last.root().member("a").unwrap().number(), Some("2"));
}

#[test]
fn a_prefix_ends_where_its_value_ends() {
    let (document, end) = Document::parse_prefix("[\"a\"] junk", Duplicates::Refused).unwrap();
    assert_eq!((document.root().strings(), end), (Some(vec!["a".into()]), 5));
}

#[test]
fn strings_of_a_mixed_array_are_no_list() {
    assert_eq!(parse("[\"a\",1]").unwrap().root().strings(), None);
    assert_eq!(parse("[]").unwrap().root().strings(), Some(vec![]));
    assert_eq!(parse("\"a\"").unwrap().root().strings(), None);
}

#[test]
fn a_document_that_cannot_be_written_is_an_error_of_its_schema() {
    struct Unwritable;
    impl Serialize for Unwritable {
        fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
            Err(serde::ser::Error::custom("no JSON says this"))
        }
    }
    assert_eq!(written(&["a"], 7), r#"["a"]"#);
    let text = written(&[Unwritable], 7);
    let document = parse(&text).unwrap();
    let (root, error) = (document.root(), document.root().member("error").unwrap());
    assert_eq!(root.member("schema").and_then(Value::number), Some("7"));
    assert!(error.member("code").unwrap().is_string("internal_error"));
    let names: Vec<_> = error.members().map(|(name, _)| name.string().unwrap()).collect();
    assert_eq!(names, ["code", "message", "line", "column"]);
}
