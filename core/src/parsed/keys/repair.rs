//! How should this key read that cannot be used as it stands? Members in another base64, types in other letters, numbers
//! where texts have to stand.

use alloc::{format, string::String};

use super::unusable::{Unusable, invalid};
use crate::ground::{
    base64url,
    fault::Fault,
    json::{Kind, Value},
    reason::ReasonCode::JwksInvalid,
};

impl Unusable {
    /// The fault of a set that one key spoils.
    pub(super) fn spoils_set(self, offset: usize) -> Fault {
        let fault = Fault { instead: self.instead, ..Fault::new(JwksInvalid, offset, self.message) };
        match self.remedy {
            Some(remedy) => fault.with_remedy(remedy),
            None => fault,
        }
    }
}

/// A type that is missing, null or written in other letters, where the other members tell it.
pub(super) fn key_type(jwk: Value<'_>, unusable: Unusable) -> Unusable {
    let has = |names: &[&str]| names.iter().all(|name| jwk.member(name).is_some_and(|value| !value.is_null()));
    let meant = match () {
        () if has(&["n", "e"]) => "RSA",
        () if has(&["crv", "x", "y"]) => "EC",
        () if has(&["crv", "x"]) => "OKP",
        () => return unusable,
    };
    let written = jwk.member("kty");
    if written.and_then(Value::string).is_some_and(|text| !text.is_empty() && !text.eq_ignore_ascii_case(meant)) {
        return unusable;
    }
    let unusable = unusable.with_remedy(format!(
        "write `\"kty\": \"{meant}\"` into the key: its other members are those of an {meant} key"
    ));
    match written {
        Some(value) => unusable.instead(value, format!("\"{meant}\"")),
        None => unusable.inserted(jwk, &format!("\"kty\": \"{meant}\"")),
    }
}

/// A member that is not there.
pub(super) fn missing(jwk: Value<'_>, name: &str) -> Unusable {
    let certified = jwk.member("x5c").is_some() && matches!(name, "n" | "e" | "x" | "y" | "crv");
    if !certified {
        return invalid(format!("has no member `{name}`"))
            .with_remedy(format!("copy the whole key as the issuer serves it: its member `{name}` is missing"));
    }
    let (numbers, what) = if matches!(name, "n" | "e") {
        ("`n` and `e`", "modulus and exponent")
    } else {
        ("`crv`, `x` and `y`", "point")
    };
    invalid(format!("has a certificate (`x5c`) but no member `{name}`")).with_remedy(format!(
        "write {numbers} into the key, the {what} of the certificate's public key: certificates in `x5c` are not read"
    ))
}

/// An id that is no text.
pub(super) fn id(value: Value<'_>, unusable: Unusable) -> Unusable {
    match value.number() {
        Some(number) => unusable
            .with_remedy(format!("write the id in double quotes: `\"kid\": \"{number}\"`"))
            .instead(value, format!("\"{number}\"")),
        None => unusable.with_remedy("write the id (`kid`) as a text, the one that the tokens name"),
    }
}

/// A member that is a number: the exponent 65537 is often written so.
pub(super) fn number(jwk: Value<'_>, name: &str, unusable: Unusable) -> Unusable {
    let value =
        jwk.member(name).filter(|value| name == "e" && value.kind() == Kind::Number && value.written() == "65537");
    match value {
        Some(value) => {
            unusable.with_remedy("write the exponent 65537 in base64url: `\"e\": \"AQAB\"`").instead(value, "\"AQAB\"")
        }
        None => unusable,
    }
}

/// A member in another encoding.
pub(super) fn encoding(jwk: Value<'_>, name: &str, text: &str, expected: &str) -> Unusable {
    let Some(value) = jwk.member(name) else { return missing(jwk, name) };
    if name == "e" && text == "65537" {
        let unusable = invalid(format!("has a member `e` that is a number, expected {expected}"));
        return unusable.with_remedy("write the exponent 65537 in base64url: `AQAB`").instead(value, "\"AQAB\"");
    }
    let is_stray = |c: char| c == ',' || c == ';' || c == '"' || c.is_whitespace();
    let bare: String = text
        .chars()
        .filter(|&c| !is_stray(c) && c != '=')
        .map(|c| match c {
            '+' => '-',
            '/' => '_',
            other => other,
        })
        .collect();
    let end = text.get(text.trim_end_matches(|c: char| is_stray(c) || c == '=').len()..).unwrap_or_default();
    let (fact, remedy) = match () {
        () if text.contains(['+', '/']) => (
            "that is standard base64".into(),
            format!("write the member `{name}` in base64url: `-` for `+`, `_` for `/`, and no `=`"),
        ),
        () if text.contains(',') => (
            format!("that ends in `{end}`, which is no base64url"),
            format!("take the commas out of the member `{name}`"),
        ),
        () if text.contains('=') => (
            format!("that ends in `{end}`, the padding of base64"),
            format!("leave the padding `{end}` out of the member `{name}`"),
        ),
        () if text.contains(is_stray) => (
            "that holds white space or quotes".into(),
            format!("take the white space and the quotes out of the member `{name}`"),
        ),
        () => (String::new(), String::new()),
    };
    // The bits that the last character has left over may be any where Go reads them.
    let meant = base64url::decode_lenient(&bare).map(|_| bare).filter(|bare| base64url::decode(bare).is_some());
    match meant {
        Some(meant) if !fact.is_empty() => invalid(format!("has a member `{name}` {fact}, expected {expected}"))
            .with_remedy(remedy)
            .instead(value, format!("\"{meant}\"")),
        _ => invalid(format!("has a member `{name}` that is not {expected}")).with_remedy(format!(
            "copy the member `{name}` of that key anew, whole and unchanged, as the issuer serves it"
        )),
    }
}

impl Unusable {
    /// Says which member the key lacks.
    fn inserted(self, jwk: Value<'_>, member: &str) -> Self {
        use crate::ground::splice::Splice;
        let at = jwk.span().0.saturating_add(1);
        let comma = if jwk.members().next().is_some() { ", " } else { "" };
        Self { instead: Some(Splice { start: at, end: at, text: format!("{member}{comma}") }), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parsed::keys::{KeySet, Reading, examples::P256};

    /// The key with a text replaced, and what is said of it.
    fn repaired(from: &str, to: &str) -> (String, Unusable) {
        assert!(P256.contains(from), "{from}");
        let text = format!(r#"{{"keys":[{}]}}"#, P256.replacen(from, to, 1));
        let set = KeySet::parse(&text, Reading::Strict).unwrap();
        let unusable = set.entries()[0].state.as_ref().unwrap_err().clone();
        (text, unusable)
    }

    #[test]
    fn what_is_slightly_wrong_says_how_it_should_read() {
        for (from, to, word) in [
            (r#""kty":"EC""#, r#""kty":null"#, "\"kty\": \"EC\""),
            (r#""kty":"EC""#, r#""kty":"ec""#, "\"kty\": \"EC\""),
            (r#""kty":"EC","#, "", "\"kty\": \"EC\""),
            ("EU\"", "EU=\"", "padding"),
            ("EU\"", "EU,,\"", "commas"),
            ("EU\"", "EU\\n\"", "white space"),
            (r#""kid":"k""#, r#""kid":7"#, "\"kid\": \"7\""),
            ("{", r#"{"use":"jwt-svid","#, "`sig`"),
            ("{", r#"{"use":"SIG","#, "`sig`"),
        ] {
            let (text, unusable) = repaired(from, to);
            assert!(unusable.remedy.as_ref().is_some_and(|remedy| remedy.contains(word)), "{to}: {unusable:?}");
            let meant = unusable.instead.unwrap_or_else(|| panic!("{to}")).apply(&text).unwrap();
            let set = KeySet::parse(&meant, Reading::Strict).unwrap();
            assert_eq!(set.usable_count(), 1, "{to}: {meant}");
        }
    }

    #[test]
    fn what_cannot_be_known_is_named() {
        for (from, to, word) in [
            (r#""x":"#, r#""x5c":["MII"],"X":"#, "`x5c`"),
            (r#""x":"#, r#""X":"#, "`x` is missing"),
            (r#""y":""#, r#""y":"!"#, "anew"),
            ("{", r#"{"use":"enc","#, ""),
        ] {
            let (_, unusable) = repaired(from, to);
            assert!(unusable.remedy.as_deref().unwrap_or_default().contains(word), "{to}: {unusable:?}");
            assert_eq!(unusable.instead, None, "{to}");
        }
    }
}
