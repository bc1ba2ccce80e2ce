//! How does CockroachDB's token library read this text? Only for saying what the database decides; nobody is let in by it.
//!
//! The library tolerates what `compact`, `header` and `ground::json` refuse: other spellings of one token, and members that
//! count twice or not at all. Read its way, the token is written down anew in the one form that the engine's checks know,
//! so that none of them has to tolerate anything. What the signature covers is kept apart: the library writes the two parts
//! anew before it verifies. Where it is not known for certain how the library reads something, the text is not read.

use alloc::{
    borrow::Cow,
    collections::BTreeSet,
    format,
    string::{String, ToString},
    vec::Vec,
};

use super::{compact::Parts, header::says_otherwise, registered::misfit};
use crate::{
    ground::{
        base64url,
        json::{Defect, Document, Duplicates, Kind, Value, quote},
        time,
    },
    parsed::keys::{self, Algorithm},
};

/// A token as the library reads it.
pub(crate) struct Reread {
    signing_input: Vec<u8>,
    /// The id of the key, as JSON.
    key_id: String,
    /// The header's `alg`; nothing where it names none.
    pub(crate) algorithm: Option<String>,
    claims: String,
    signature: Vec<u8>,
    /// What was read over on the way.
    pub(crate) departures: BTreeSet<Departure>,
}

/// What the library reads over and the engine does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Departure {
    WhiteSpaceAround,
    LineEnds,
    OtherBase64,
    LooseBits,
    AroundTheHeader,
    Twice,
    AfterTheClaims,
    BrokenText,
    Crit,
    Zip,
    Cty,
    Typ,
    /// Which algorithm the token names.
    Alg,
    KeyBound,
    LongPast,
    Unset,
}

impl Reread {
    /// Reads a text; nothing if the library refuses it, or may.
    pub(crate) fn of(text: &[u8]) -> Option<Self> {
        let text = core::str::from_utf8(text).ok()?;
        let mut departures = BTreeSet::new();
        if text.trim() != text {
            departures.insert(Departure::WhiteSpaceAround);
        }
        let mut parts = text.trim().split('.');
        let mut part = || parts.next().and_then(|part| decode(part, &mut departures));
        let (header, payload, signature) = (part()?, part()?, part()?);
        if parts.next().is_some() {
            return None;
        }
        let header = core::str::from_utf8(&header).ok()?;
        let read = Document::parse_prefix(header, Duplicates::LastWins).ok()?.0;
        let (key_id, algorithm) = named(read.root(), &mut departures)?;
        let object = read.root().written();
        if object.len() != header.len() {
            departures.insert(Departure::AroundTheHeader);
        }
        let signing_input = format!("{}.{}", base64url::encode(object.as_bytes()), base64url::encode(&payload));
        let claims = claims(&payload, &mut departures)?;
        Some(Self { signing_input: signing_input.into_bytes(), key_id, algorithm, claims, signature, departures })
    }

    /// The token as if it named that algorithm and had been written as the engine reads tokens.
    pub(crate) fn parts(&self, algorithm: Algorithm) -> Parts<'_> {
        let header = format!(r#"{{"alg":"{algorithm}","kid":{}}}"#, self.key_id);
        Parts::reread(&self.signing_input, &header, &self.claims, &self.signature)
    }
}

fn decode(part: &str, departures: &mut BTreeSet<Departure>) -> Option<Vec<u8>> {
    if let Some(bytes) = base64url::decode(part) {
        return Some(bytes);
    }
    let bytes = base64url::decode_lenient(part)?;
    let without_line_ends = part.replace(['\r', '\n'], "");
    if without_line_ends.len() != part.len() {
        departures.insert(Departure::LineEnds);
    }
    if part.contains(['+', '/', '=']) {
        departures.insert(Departure::OtherBase64);
    } else if base64url::encode(&bytes) != without_line_ends {
        departures.insert(Departure::LooseBits);
    }
    Some(bytes)
}

/// The id of the key, as JSON, and the algorithm that a header names.
fn named(header: Value<'_>, departures: &mut BTreeSet<Departure>) -> Option<(String, Option<String>)> {
    if header.kind() != Kind::Object {
        return None;
    }
    let mut names = BTreeSet::new();
    for (name, value) in header.members() {
        let name = name.string()?;
        let is_readable = match &*name {
            "alg" | "kid" => value.is_null() || value.kind() == Kind::String,
            "typ" | "cty" | "jku" | "x5u" | "x5t" | "x5t#S256" => value.kind() == Kind::String,
            "crit" | "x5c" => value.strings().is_some(),
            "jwk" => keys::is_public_key(value),
            // The payload may then be read unencoded.
            "b64" => false,
            _ => true,
        };
        if !is_readable {
            return None;
        }
        if !names.insert(name) {
            departures.insert(Departure::Twice);
        }
    }
    let [is_nested, is_of_another_type] = says_otherwise(header);
    for (is_so, departure) in [
        (names.contains("crit"), Departure::Crit),
        (names.contains("zip"), Departure::Zip),
        (is_nested, Departure::Cty),
        (is_of_another_type, Departure::Typ),
    ] {
        if is_so {
            departures.insert(departure);
        }
    }
    let text = |name| header.member(name).and_then(Value::string).filter(|text| !text.is_empty());
    let algorithm = text("alg").map(Cow::into_owned);
    text("kid")?;
    Some((header.member("kid")?.written().to_string(), algorithm))
}

/// The claims as one object whose every member stands once and counts.
fn claims(payload: &[u8], departures: &mut BTreeSet<Departure>) -> Option<String> {
    let mut text = as_go_reads(payload);
    if let Err(error) = Document::parse_prefix(&text, Duplicates::LastWins)
        && error.defect == Defect::LoneSurrogate
    {
        text = without_lone_surrogates(&text).into();
    }
    if text.as_bytes() != payload {
        departures.insert(Departure::BrokenText);
    }
    let (document, end) = Document::parse_prefix(&text, Duplicates::LastWins).ok()?;
    if !text.get(end..)?.bytes().all(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n')) {
        departures.insert(Departure::AfterTheClaims);
    }
    let root = document.root();
    if root.kind() != Kind::Object {
        return None;
    }
    let members: Vec<_> = root.members().map(|(name, value)| Some((name.string()?, value))).collect::<Option<_>>()?;
    let mut names = BTreeSet::new();
    let mut kept: Vec<String> = Vec::with_capacity(members.len());
    for (name, value) in members.iter().rev() {
        let dropped = match &**name {
            "cnf" => Some(Departure::KeyBound),
            "exp" | "nbf" | "iat" if time::is_unset_for_go(*value) => Some(Departure::Unset),
            "nbf" | "iat" if time::is_long_past_for_go(*value) => Some(Departure::LongPast),
            _ => None,
        };
        // Of one that does not count the library still wants the right kind.
        if dropped.is_none() && misfit(name, *value).is_some() {
            return None;
        }
        let is_the_last = names.insert(name);
        departures.extend(if is_the_last { dropped } else { Some(Departure::Twice) });
        if is_the_last && dropped.is_none() {
            kept.push(format!("{}:{}", quote(name), value.written()));
        }
    }
    match kept.len() == members.len() {
        true => Some(root.written().to_string()),
        false => Some(format!("{{{}}}", kept.join(","))),
    }
}

/// Go's JSON reader takes every byte that belongs to no character for U+FFFD.
fn as_go_reads(bytes: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = core::str::from_utf8(bytes) {
        return text.into();
    }
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|_| char::REPLACEMENT_CHARACTER));
    }
    text.into()
}

/// And every escape that is half a surrogate pair.
fn without_lone_surrogates(text: &str) -> String {
    let unit = |escape: &str| {
        let digits = escape.strip_prefix("\\u")?.get(..4)?;
        u32::from_str_radix(digits, 16).ok()
    };
    let mut whole = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, escape)) = rest.find('\\').and_then(|at| rest.split_at_checked(at)) {
        whole.push_str(before);
        let low = || escape.get(6..).and_then(unit).is_some_and(|low| (0xdc00..0xe000).contains(&low));
        let length = match unit(escape) {
            Some(0xd800..0xdc00) if low() => 12,
            Some(0xd800..0xe000) => {
                whole.push(char::REPLACEMENT_CHARACTER);
                rest = escape.get(6..).unwrap_or_default();
                continue;
            }
            _ => 2,
        };
        let (kept, after) = escape.split_at_checked(length).unwrap_or((escape, ""));
        whole.push_str(kept);
        rest = after;
    }
    whole + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(header: &str, claims: &[u8]) -> String {
        format!("{}.{}.AQ", base64url::encode(header.as_bytes()), base64url::encode(claims))
    }

    /// The claims as they are read, and what was read over.
    fn read(header: &str, claims: &str) -> Option<(String, Vec<Departure>)> {
        let reread = Reread::of(token(header, claims.as_bytes()).as_bytes())?;
        Some((reread.claims, reread.departures.into_iter().collect()))
    }

    const HEADER: &str = r#"{"alg":"ES256","kid":"k"}"#;

    #[test]
    fn the_database_reads_some_spellings_and_not_others() {
        let plain = token(HEADER, b"{}");
        let [header, ..] = plain.split('.').collect::<Vec<_>>()[..] else { panic!("{plain}") };
        for (text, departures) in [
            (plain.clone(), &[][..]),
            (format!(" {plain}\u{a0}"), &[Departure::WhiteSpaceAround]),
            (plain.replacen("eyJ", "ey\r\nJ", 1), &[Departure::LineEnds]),
            (format!("{header}.e30=.AQ=="), &[Departure::OtherBase64]),
            (format!("{header}.e30.AR"), &[Departure::LooseBits]),
        ] {
            let reread = Reread::of(text.as_bytes()).unwrap_or_else(|| panic!("{text:?}"));
            assert_eq!(reread.signing_input, format!("{header}.e30").into_bytes(), "{text:?}");
            assert_eq!((&*reread.claims, &*reread.signature), ("{}", &[1][..]), "{text:?}");
            assert_eq!(reread.departures.into_iter().collect::<Vec<_>>(), departures, "{text:?}");
        }
        // White space inside, a part of an impossible length, wrong padding, both alphabets at once, something around it.
        for rest in ["e3 0.AQ", "e30.AQIDA", "e30==.AQ", "e30._+8", "e30.AQ\"", "e30", "e30.AQ\0", "e30.AQ.e30"] {
            assert!(Reread::of(format!("{header}.{rest}").as_bytes()).is_none(), "{rest:?}");
        }
        assert!(Reread::of(&[0xff]).is_none() && Reread::of(b"").is_none());
    }

    #[test]
    fn members_that_the_library_passes_over_are_named() {
        for (members, expected) in [
            ("", Some(&[][..])),
            (r#","crit":["x"]"#, Some(&[Departure::Crit])),
            (r#","zip":"DEF""#, Some(&[Departure::Zip])),
            (r#","cty":"jwt","typ":"dpop+jwt""#, Some(&[Departure::Cty, Departure::Typ])),
            (r#","kid":"other""#, Some(&[Departure::Twice])),
            (r#"} "#, Some(&[Departure::AroundTheHeader])),
            (r#","crit":1"#, None),
            (r#","typ":1"#, None),
            (r#","kid":1,"kid":"k""#, None),
            (r#","b64":false"#, None),
            (r#","kid":null"#, None),
            (r#","jwk":{"kty":"FOO"}"#, None),
        ] {
            let header = HEADER.replacen('}', &format!("{members}}}"), 1);
            let departures = read(&header, "{}").map(|(_, departures)| departures);
            assert_eq!(departures.as_deref(), expected, "{header}");
        }
    }

    #[test]
    fn claims_are_written_down_as_the_library_takes_them() {
        for (claims, expected) in [
            (r#"{"a":{"b":1,"b":2}}"#, Some((r#"{"a":{"b":1,"b":2}}"#, &[][..]))),
            (r#"{"sub":"a","x":1,"sub":"b"}"#, Some((r#"{"sub":"b","x":1}"#, &[Departure::Twice]))),
            (r#"{"x":1} junk"#, Some((r#"{"x":1}"#, &[Departure::AfterTheClaims]))),
            (r#"{"cnf":{},"x":1}"#, Some((r#"{"x":1}"#, &[Departure::KeyBound]))),
            (
                r#"{"x":"\ud800\u0041\ud83d\ude00\\udead"}"#,
                Some(("{\"x\":\"\u{fffd}\\u0041\\ud83d\\ude00\\\\udead\"}", &[Departure::BrokenText])),
            ),
            (r#"{"nbf":"1969-12-31T23:59:59Z"}"#, Some(("{}", &[Departure::LongPast]))),
            (r#"{"exp":"0001-01-01T00:00:00Z"}"#, Some(("{}", &[Departure::Unset]))),
            (r#"{"exp":"1969-12-31T23:59:59Z"}"#, None),
            (r#"{"exp":"soon","exp":1}"#, None),
            (r#"{"sub":1}"#, None),
            (r#"{"x":1e400}"#, None),
            ("[]", None),
            ("", None),
            ("\u{feff}{}", None),
        ] {
            let found = read(HEADER, claims);
            let found = found.as_ref().map(|(claims, departures)| (&**claims, &**departures));
            assert_eq!(found, expected, "{claims}");
        }
        let broken = Reread::of(token(HEADER, b"{\"x\":\"\xe2\x82\"}").as_bytes()).unwrap();
        assert_eq!(broken.claims, "{\"x\":\"\u{fffd}\u{fffd}\"}");
    }
}
