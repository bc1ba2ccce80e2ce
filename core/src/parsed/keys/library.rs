//! Does CockroachDB's token library read this JWK at all, and as a key of which type?
//!
//! The library refuses a whole set for one key that it cannot read. It looks ahead for the type, without regard to the
//! case of names, and then reads the key member by member, names compared exactly: every member that the type has must
//! be of its form wherever it stands, also where a later one of the same name counts. Null is the empty text, the empty
//! list, the empty number. What a key is worth is no question of reading.

use alloc::{format, string::String};

use super::unusable::{Unusable, invalid, misshapen};
use crate::ground::{
    base64url,
    json::{Kind, Value},
    text::shown,
};

/// The type, as `kty` names it, of a JWK that the library reads.
pub(super) fn key_type(jwk: Value<'_>) -> Result<&'static str, Unusable> {
    let (name, is_private) = look_ahead(jwk)?;
    let Some(key_type) = TYPES.iter().find(|key_type| key_type.name == name) else {
        return Err(invalid(match name.is_empty() {
            true => "has no member `kty`".into(),
            false => format!("has the type `{}`, expected `RSA`, `EC` or `OKP`", shown(&name)),
        }));
    };
    let private = if is_private { key_type.private } else { &[] };
    for (member, value) in jwk.members() {
        let known = COMMON.iter().chain(key_type.public).chain(private).find(|(known, _)| member.is_string(known));
        if let Some((known, form)) = known
            && !form.fits(value)
        {
            return Err(match value.string() {
                Some(_) => invalid(format!("has a member `{known}` that is not {}", form.describe())),
                None => misshapen(known, value, form.describe()),
            });
        }
        if member.is_string("kty") && !value.is_string(key_type.name) {
            return Err(invalid(format!("states its type twice: `{}` and another", key_type.name)));
        }
    }
    // Of the private members only the first is required, and what the library takes for a private key has to have it.
    let required = key_type.public.iter().chain(private.iter().take(1));
    match required.map(|(name, _)| *name).find(|name| jwk.member(name).is_none()) {
        Some(missing) => Err(invalid(format!("has no member `{missing}`"))),
        None => Ok(key_type.name),
    }
}

/// Whether a member of a JWK decides, by its name in any case, what the library takes the key for.
pub(super) fn is_hint(name: Value<'_>, hint: &str) -> bool {
    // Go's JSON reader folds names as Unicode does: the Kelvin sign is a `k`.
    let folded = |character| if character == '\u{212a}' { 'k' } else { character };
    let name = name.string().unwrap_or_default();
    name.chars().map(|character| folded(character).to_ascii_lowercase()).eq(hint.chars())
}

/// The type that the last `kty` names, and whether there is a `d`, both in any case. A null leaves the type as it was.
fn look_ahead(jwk: Value<'_>) -> Result<(String, bool), Unusable> {
    let (mut key_type, mut is_private) = (String::new(), false);
    for (name, value) in jwk.members() {
        is_private |= is_hint(name, "d");
        if is_hint(name, "kty") && !value.is_null() {
            key_type = value.string().ok_or_else(|| misshapen("kty", value, "a string"))?.into_owned();
        }
    }
    Ok((key_type, is_private))
}

/// What a member has to be, unless it is null.
#[derive(Clone, Copy)]
enum Form {
    Text,
    /// A list of texts, any of which may be null.
    Texts,
    /// Bytes in base64.
    Bytes,
}

impl Form {
    fn fits(self, value: Value<'_>) -> bool {
        let is_text = |value: Value<'_>| matches!(value.kind(), Kind::Null | Kind::String);
        match self {
            _ if value.is_null() => true,
            Self::Text => is_text(value),
            Self::Texts => value.kind() == Kind::Array && value.elements().all(is_text),
            Self::Bytes => value.string().is_some_and(|text| base64url::decode_lenient(&text).is_some()),
        }
    }

    fn describe(self) -> &'static str {
        match self {
            Self::Text => "a string",
            Self::Texts => "an array of strings",
            Self::Bytes => "base64url or base64",
        }
    }
}

struct KeyType {
    name: &'static str,
    /// Required; any other member is optional.
    public: &'static [(&'static str, Form)],
    /// Looked at only where the key has a `d`.
    private: &'static [(&'static str, Form)],
}

/// The members of every type (RFC 7517 section 4).
const COMMON: &[(&str, Form)] = &[
    ("kty", Form::Text),
    ("use", Form::Text),
    ("key_ops", Form::Texts),
    ("alg", Form::Text),
    ("kid", Form::Text),
    ("x5u", Form::Text),
    ("x5c", Form::Texts),
    ("x5t", Form::Text),
    ("x5t#S256", Form::Text),
];

/// RFC 7518 section 6 and RFC 8037 section 2, as far as the library knows them.
const TYPES: &[KeyType] = &[
    KeyType {
        name: "RSA",
        public: &[("n", Form::Bytes), ("e", Form::Bytes)],
        private: &[
            ("d", Form::Bytes),
            ("p", Form::Bytes),
            ("q", Form::Bytes),
            ("dp", Form::Bytes),
            ("dq", Form::Bytes),
            ("qi", Form::Bytes),
        ],
    },
    KeyType {
        name: "EC",
        public: &[("crv", Form::Text), ("x", Form::Bytes), ("y", Form::Bytes)],
        private: &[("d", Form::Bytes)],
    },
    KeyType { name: "OKP", public: &[("crv", Form::Text), ("x", Form::Bytes)], private: &[("d", Form::Bytes)] },
    KeyType { name: "oct", public: &[("k", Form::Bytes)], private: &[] },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::json::{Document, Duplicates};
    use alloc::vec::Vec;

    const ANSWERS: &str = include_str!("library_answers.txt");

    const VALUES: [&str; 13] =
        ["null", "false", "1", "\"\"", "\"AA\"", "\"!\"", "[]", "[null]", "[\"a\"]", "[1]", "{}", "\"RSA\"", "\"OKP\""];

    /// A key that the library reads, member by member.
    fn sound(key_type: &str) -> Vec<(String, &'static str)> {
        let members: &[(&str, &'static str)] = match key_type {
            "RSA" => &[("kty", r#""RSA""#), ("kid", r#""k""#), ("n", r#""AQ""#), ("e", r#""AQAB""#)],
            "EC" => &[("kty", r#""EC""#), ("kid", r#""k""#), ("crv", r#""P-256""#), ("x", r#""AQ""#), ("y", r#""Ag""#)],
            "OKP" => &[("kty", r#""OKP""#), ("kid", r#""k""#), ("crv", r#""Ed25519""#), ("x", r#""AQ""#)],
            _ => &[("kty", r#""oct""#), ("kid", r#""k""#), ("k", r#""AQ""#)],
        };
        members.iter().map(|&(name, value)| (String::from(name), value)).collect()
    }

    /// The sound key with one member of that value more, in its own place, before or after it, or in upper case.
    fn with(key_type: &str, place: &str, name: &str, value: &'static str) -> String {
        let upper = (name.to_ascii_uppercase(), value);
        let sound = sound(key_type);
        let (mut own, rest): (Vec<_>, Vec<_>) = sound.iter().cloned().partition(|(member, _)| member == name);
        if own.is_empty() {
            own.push((name.into(), "null"));
        }
        let new = (String::from(name), value);
        let members = match place {
            "only" => [rest, [new].into()].concat(),
            "before" => [[new].into(), own, rest].concat(),
            "after" => [own, rest, [new].into()].concat(),
            "upper" => [sound, [upper].into()].concat(),
            "upper_before" => [[upper].into(), sound].concat(),
            _ => [rest, [upper].into()].concat(),
        };
        let members: Vec<_> = members.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
        format!("{{{}}}", members.join(","))
    }

    fn reads(jwk: &str) -> bool {
        key_type(Document::parse(jwk, Duplicates::LastWins).unwrap().root()).is_ok()
    }

    #[test]
    fn every_member_of_every_type_in_every_place_is_read_or_refused_as_by_the_library() {
        let mut asked = 0;
        for line in ANSWERS.lines().filter(|line| !line.starts_with('#')) {
            let [key_type, place, answers, members] = line.splitn(4, ' ').collect::<Vec<_>>()[..] else {
                panic!("{line}");
            };
            for member in members.split(' ') {
                for (value, answer) in VALUES.into_iter().zip(answers.chars()) {
                    let jwk = with(key_type, place, member, value);
                    assert_eq!(reads(&jwk), answer == 'y', "{jwk}");
                    asked += 1;
                }
            }
        }
        assert_eq!(asked, 7800);
    }

    #[test]
    fn the_look_ahead_folds_names_as_go_does() {
        for (name, hint) in [("kty", true), ("KtY", true), ("\u{212a}ty", true), ("kt", false), ("\u{138}ty", false)] {
            let jwk = format!(r#"{{"kty":"oct","k":"AQ","{name}":1}}"#);
            assert_eq!(reads(&jwk), !hint, "{name}");
        }
        assert!(!reads(r#"{"kty":"AKP","pub":"AQ"}"#));
        assert!(!reads(r#"{"kty":"rsa","n":"AQ","e":"AQAB"}"#));
        assert!(!reads("{}"));
    }
}
