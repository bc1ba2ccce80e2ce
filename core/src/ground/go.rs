//! How does Go print this JSON value? CockroachDB turns claims of any kind into principals with Go's default formatting.

use alloc::{borrow::Cow, format, string::String, vec::Vec};

use crate::ground::json::{Kind, Value};

/// The value as `fmt.Sprint` prints what Go's JSON reader made of it.
pub(crate) fn text(value: Value<'_>) -> Cow<'_, str> {
    match value.kind() {
        Kind::Null => "<nil>".into(),
        Kind::Bool(true) => "true".into(),
        Kind::Bool(false) => "false".into(),
        Kind::Number => number(value.number().unwrap_or_default()).into(),
        Kind::String => value.string().unwrap_or_default(),
        Kind::Array => {
            let elements: Vec<_> = value.elements().map(text).collect();
            format!("[{}]", elements.join(" ")).into()
        }
        Kind::Object => object(value).into(),
    }
}

/// `map[a:2 b:1]`: names sorted by their bytes, of a member stated twice the last.
fn object(value: Value<'_>) -> String {
    let mut members: Vec<(Cow<'_, str>, Value<'_>)> =
        value.members().filter_map(|(name, value)| Some((name.string()?, value))).collect();
    members.reverse();
    members.sort_by(|(first, _), (second, _)| first.cmp(second));
    members.dedup_by(|(later, _), (earlier, _)| later == earlier);
    let printed: Vec<_> = members.into_iter().map(|(name, value)| format!("{name}:{}", text(value))).collect();
    format!("map[{}]", printed.join(" "))
}

/// A double in the fewest digits that read back as it; with an exponent below 1e-4 and from 1e6 on.
fn number(written: &str) -> String {
    let value: f64 = written.parse().unwrap_or_default();
    let scientific = format!("{value:e}");
    let Some((digits, exponent)) = scientific.split_once('e') else { return scientific };
    let exponent: i32 = exponent.parse().unwrap_or_default();
    if (-4..6).contains(&exponent) || value == 0.0 {
        return format!("{value}");
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{digits}e{sign}{:02}", exponent.unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::json::{Document, Duplicates};

    #[test]
    fn values_print_as_in_go() {
        for (json, go) in [
            ("1", "1"),
            ("1.0", "1"),
            ("-5", "-5"),
            ("0", "0"),
            ("-0", "-0"),
            ("999999", "999999"),
            ("1000000", "1e+06"),
            ("1234567", "1.234567e+06"),
            ("123456789", "1.23456789e+08"),
            ("1e20", "1e+20"),
            ("0.1", "0.1"),
            ("0.0001", "0.0001"),
            ("0.00001", "1e-05"),
            ("113794436627259432046", "1.1379443662725942e+20"),
            ("1e300", "1e+300"),
            ("true", "true"),
            ("null", "<nil>"),
            (r#"{"b":1,"a":2}"#, "map[a:2 b:1]"),
            (r#"{"a":1,"b":0,"a":2}"#, "map[a:2 b:0]"),
            (r#"[ "x", [1], {} ]"#, "[x [1] map[]]"),
        ] {
            let document = Document::parse(json, Duplicates::LastWins).unwrap();
            assert_eq!(text(document.root()), go, "{json}");
        }
    }
}
