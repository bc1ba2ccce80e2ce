//! Who does the configured claim say the bearer is? The claim by its name or by a JSON Pointer, and its value as
//! principals.

use alloc::{borrow::Cow, format, string::String, vec::Vec};

use super::dialect::Dialect;
use crate::{
    ground::{
        go,
        json::{Kind, Value},
        limits::PRINCIPALS_MAX,
        text::shown,
        time,
    },
    parsed::settings::Claim,
};

/// Why a claim names nobody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ClaimDefect {
    /// The token does not have it.
    Missing,
    /// The pointer leads through something that cannot be entered; CockroachDB's words.
    Unreachable(String),
    /// The value is of a kind that names nobody; the fact, as the end of a sentence about the claim.
    Unusable(String),
}

/// The principals that the claim names, in order.
pub(crate) fn principals<'t>(
    claims: Value<'t>,
    claim: &Claim,
    dialect: &Dialect,
) -> Result<Vec<Cow<'t, str>>, ClaimDefect> {
    let principals = match claim {
        Claim::Subject => subject(claims, dialect)?,
        Claim::Named(name) if dialect.loose_principals => loose(Some(name), find(claims, name)?),
        Claim::Named(name) => strict(find(claims, name)?)?,
        Claim::Pointer { segments, .. } => {
            let value = walk(claims, segments, dialect)?;
            // A pointer to a registered claim finds the value as the token library has typed it.
            let registered = segments.first().filter(|_| segments.len() == 1);
            if dialect.loose_principals { loose(registered.map(String::as_str), value) } else { strict(value)? }
        }
    };
    if principals.len() > PRINCIPALS_MAX {
        let fact = format!("has {} values; at most {PRINCIPALS_MAX} are read", principals.len());
        return Err(ClaimDefect::Unusable(fact));
    }
    let longest = dialect.principal_bytes_max;
    if principals.iter().any(|principal| principal.len() > longest) {
        return Err(ClaimDefect::Unusable(format!("has a value of more than {longest} bytes")));
    }
    Ok(principals)
}

/// The object on the way of a pointer claim that states a member twice, and the member.
pub(crate) fn duplicate_on_the_way(claims: Value<'_>, claim: &Claim) -> Option<String> {
    let Claim::Pointer { segments, .. } = claim else { return None };
    let mut value = claims;
    for segment in segments {
        let mut names: Vec<_> = value.members().filter_map(|(name, _)| name.string()).collect();
        names.sort_unstable();
        if let Some(twice) = names.windows(2).find_map(|pair| match pair {
            [first, second] if first == second => Some(first.clone().into_owned()),
            _ => None,
        }) {
            return Some(twice);
        }
        value = enter(value, segment, false).ok()?;
    }
    None
}

/// Whether groups can be read from this claim at all. CockroachDB's token library makes times and a list of audiences of
/// these, which the database's reader of groups does not know.
pub(crate) fn can_hold_groups(name: &str) -> bool {
    !matches!(name, "exp" | "nbf" | "iat" | "aud")
}

fn subject<'t>(claims: Value<'t>, dialect: &Dialect) -> Result<Vec<Cow<'t, str>>, ClaimDefect> {
    match claims.member("sub") {
        None if dialect.loose_principals => Ok([Cow::Borrowed("")].into()),
        None => Err(ClaimDefect::Missing),
        Some(sub) if sub.is_null() && dialect.loose_principals => Ok([Cow::Borrowed("")].into()),
        Some(sub) => match sub.string() {
            Some(text) => Ok([text].into()),
            None => Err(ClaimDefect::Unusable(format!("is {}, not a string", sub.kind().describe()))),
        },
    }
}

fn find<'t>(claims: Value<'t>, name: &str) -> Result<Value<'t>, ClaimDefect> {
    claims.member(name).ok_or(ClaimDefect::Missing)
}

/// Strings, arrays of strings, and integers that every JSON reader agrees on (RFC 8259 section 6).
fn strict(value: Value<'_>) -> Result<Vec<Cow<'_, str>>, ClaimDefect> {
    const LARGEST_SAFE_INTEGER: u64 = 9_007_199_254_740_991;
    match value.kind() {
        Kind::String => Ok(value.string().into_iter().collect()),
        Kind::Number => {
            let written = value.number().unwrap_or_default();
            match written.parse::<i64>() {
                Ok(integer) if integer.unsigned_abs() <= LARGEST_SAFE_INTEGER => {
                    Ok([Cow::Owned(format!("{integer}"))].into())
                }
                _ => Err(ClaimDefect::Unusable(format!(
                    "is the number `{}`, which JSON readers may round; only integers up to 2^53 - 1 name somebody",
                    shown(written)
                ))),
            }
        }
        Kind::Array if value.elements().next().is_none() => Err(ClaimDefect::Unusable("is an empty array".into())),
        Kind::Array => value.strings().ok_or_else(|| {
            let stranger = value.elements().find(|element| element.kind() != Kind::String);
            let kind = stranger.map_or("something else", |element| element.kind().describe());
            ClaimDefect::Unusable(format!("is an array that holds {kind} beside strings"))
        }),
        kind => Err(ClaimDefect::Unusable(format!("is {}, not a string or an array of strings", kind.describe()))),
    }
}

/// Every value as Go prints it, registered claims as CockroachDB's token library types them.
fn loose<'t>(registered: Option<&str>, value: Value<'t>) -> Vec<Cow<'t, str>> {
    match (registered, value.kind()) {
        (Some("exp" | "nbf" | "iat"), _) => time::go_text(value).map(Cow::Owned).into_iter().collect(),
        (Some("iss" | "sub" | "jti"), Kind::Null) => [Cow::Borrowed("")].into(),
        (_, Kind::Array) => value.elements().map(go::text).collect(),
        _ => [go::text(value)].into(),
    }
}

fn walk<'t>(claims: Value<'t>, segments: &[String], dialect: &Dialect) -> Result<Value<'t>, ClaimDefect> {
    let mut value = claims;
    for (depth, segment) in segments.iter().enumerate() {
        let typed_list = depth == 1 && segments.first().is_some_and(|first| first == "aud") && dialect.loose_principals;
        if typed_list {
            return Err(neither(segment));
        }
        value = enter(value, segment, dialect.loose_principals)?;
    }
    Ok(value)
}

/// One step of a JSON Pointer (RFC 6901 section 4).
fn enter<'t>(value: Value<'t>, segment: &str, signs: bool) -> Result<Value<'t>, ClaimDefect> {
    match value.kind() {
        Kind::Object => value.member(segment).ok_or(ClaimDefect::Missing),
        Kind::Array => {
            let Some(index) = index(segment, signs) else {
                return Err(ClaimDefect::Unreachable(format!("invalid array index \"{}\"", shown(segment))));
            };
            value.elements().nth(index).ok_or_else(|| {
                let length = value.elements().count();
                ClaimDefect::Unreachable(format!("array index {index} out of bounds (len {length})"))
            })
        }
        _ => Err(neither(segment)),
    }
}

/// An index without leading zeros. The database reads it with Go's reader of integers, which takes a sign, and looks for
/// zeros only where the segment begins: `+01` is 1 and `-0` is 0.
fn index(segment: &str, signs: bool) -> Option<usize> {
    let signed = segment.strip_prefix(['+', '-']).filter(|_| signs);
    let digits = signed.unwrap_or(segment);
    let well_formed = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let canonical = digits == "0" || !digits.starts_with('0');
    let index: usize = digits.parse().ok()?;
    let negative = signed.is_some() && segment.starts_with('-') && index > 0;
    (well_formed && (canonical || signed.is_some()) && !negative).then_some(index)
}

fn neither(segment: &str) -> ClaimDefect {
    ClaimDefect::Unreachable(format!("value at \"{}\" is neither an object nor an array", shown(segment)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::json::{Document, Duplicates};

    const CLAIMS: &str = r#"{"sub":"s","email":"e@x","count":42,"empty":"","user":{"name":"n","profile":{"role":"admin"}},
        "roles":["viewer","editor","admin"],"nested_arr":{"items":[{"id":"first"},{"id":"second"}]},
        "a/b":"slash","a~c":"tilde","~0":"zero","~1":"one","aud":["x"],"exp":1700000000,
        "twice":{"a":{"x":1},"a":{"x":2}},"mixed":["a",1,null,true,["x"],{"k":1}],"big":1000000}"#;

    fn claim(text: &str) -> Claim {
        match text.strip_prefix('/') {
            Some(rest) => Claim::Pointer {
                text: text.into(),
                segments: rest.split('/').map(|s| s.replace("~1", "/").replace("~0", "~")).collect(),
            },
            None if text == "sub" => Claim::Subject,
            None => Claim::Named(text.into()),
        }
    }

    fn read(claims: &str, name: &str, dialect: Dialect) -> Result<Vec<String>, ClaimDefect> {
        let document = Document::parse(claims, Duplicates::RefusedAtTop).unwrap();
        principals(document.root(), &claim(name), &dialect)
            .map(|principals| principals.into_iter().map(Cow::into_owned).collect())
    }

    #[test]
    fn names_and_pointers_find_the_same_claims_in_both_profiles() {
        for dialect in [Dialect::STRICT, Dialect::COCKROACHDB] {
            for (name, value) in [
                ("sub", "s"),
                ("email", "e@x"),
                ("count", "42"),
                ("empty", ""),
                ("/email", "e@x"),
                ("/user/name", "n"),
                ("/user/profile/role", "admin"),
                ("/a~1b", "slash"),
                ("/a~0c", "tilde"),
                ("/~00", "zero"),
                ("/~01", "one"),
                ("/roles/0", "viewer"),
                ("/roles/2", "admin"),
                ("/nested_arr/items/1/id", "second"),
                ("/aud", "x"),
            ] {
                assert_eq!(read(CLAIMS, name, dialect).unwrap(), [value], "{name}");
            }
            for name in ["nope", "/user/missing", "/nonexistent/deep/path"] {
                assert_eq!(read(CLAIMS, name, dialect), Err(ClaimDefect::Missing), "{name}");
            }
            for (name, words) in [
                ("/email/something", "value at \"something\" is neither an object nor an array"),
                ("/roles/5", "array index 5 out of bounds (len 3)"),
                ("/roles/-", "invalid array index \"-\""),
                ("/roles/01", "invalid array index \"01\""),
                ("/roles/abc", "invalid array index \"abc\""),
            ] {
                assert_eq!(read(CLAIMS, name, dialect), Err(ClaimDefect::Unreachable(words.into())), "{name}");
            }
        }
    }

    #[test]
    fn only_cockroachdb_reads_a_plus_sign_and_does_not_enter_the_audience() {
        assert_eq!(read(CLAIMS, "/roles/+1", Dialect::COCKROACHDB).unwrap(), ["editor"]);
        assert!(read(CLAIMS, "/roles/+1", Dialect::STRICT).is_err());
        assert_eq!(read(CLAIMS, "/aud/0", Dialect::STRICT).unwrap(), ["x"]);
        assert!(read(CLAIMS, "/aud/0", Dialect::COCKROACHDB).is_err());
    }

    #[test]
    fn only_cockroachdb_makes_principals_of_anything() {
        assert_eq!(
            read(CLAIMS, "mixed", Dialect::COCKROACHDB).unwrap(),
            ["a", "1", "<nil>", "true", "[x]", "map[k:1]"]
        );
        assert_eq!(read(CLAIMS, "big", Dialect::COCKROACHDB).unwrap(), ["1e+06"]);
        assert_eq!(read(CLAIMS, "big", Dialect::STRICT).unwrap(), ["1000000"]);
        assert_eq!(read(CLAIMS, "exp", Dialect::COCKROACHDB).unwrap(), ["2023-11-14 22:13:20 +0000 UTC"]);
        for name in ["mixed", "user"] {
            assert!(matches!(read(CLAIMS, name, Dialect::STRICT), Err(ClaimDefect::Unusable(_))), "{name}");
        }
    }

    #[test]
    fn a_missing_subject_is_the_empty_principal_only_in_cockroachdb() {
        assert_eq!(read("{}", "sub", Dialect::COCKROACHDB).unwrap(), [""]);
        assert_eq!(read("{\"sub\":null}", "sub", Dialect::COCKROACHDB).unwrap(), [""]);
        assert_eq!(read("{}", "sub", Dialect::STRICT), Err(ClaimDefect::Missing));
        assert!(matches!(read("{\"sub\":1}", "sub", Dialect::STRICT), Err(ClaimDefect::Unusable(_))));
    }

    #[test]
    fn integers_name_somebody_up_to_two_to_the_53() {
        for (text, ok) in [
            ("9007199254740991", true),
            ("-9007199254740991", true),
            ("9007199254740992", false),
            ("1.0", false),
            ("1e3", false),
        ] {
            assert_eq!(read(&format!("{{\"uid\":{text}}}"), "uid", Dialect::STRICT).is_ok(), ok, "{text}");
        }
    }

    #[test]
    fn too_many_and_too_long_principals_are_refused() {
        let array = |count: usize| format!("{{\"g\":[{}]}}", alloc::vec!["\"a\""; count].join(","));
        assert!(read(&array(PRINCIPALS_MAX), "g", Dialect::COCKROACHDB).is_ok());
        assert!(read(&array(PRINCIPALS_MAX + 1), "g", Dialect::COCKROACHDB).is_err());
        let long = |bytes: usize| format!("{{\"g\":\"{}\"}}", "a".repeat(bytes));
        for dialect in [Dialect::STRICT, Dialect::COCKROACHDB] {
            let longest = dialect.principal_bytes_max;
            assert!(read(&long(longest), "g", dialect).is_ok());
            assert!(read(&long(longest + 1), "g", dialect).is_err());
        }
    }

    #[test]
    fn duplicates_count_only_on_the_way_of_the_pointer() {
        let document = Document::parse(CLAIMS, Duplicates::RefusedAtTop).unwrap();
        assert_eq!(duplicate_on_the_way(document.root(), &claim("/twice/a/x")), Some("a".into()));
        assert_eq!(duplicate_on_the_way(document.root(), &claim("/user/name")), None);
        assert_eq!(duplicate_on_the_way(document.root(), &claim("twice")), None);
    }
}
