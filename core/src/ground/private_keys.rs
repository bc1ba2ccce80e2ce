//! Does this value hold a private key, and how does it read without?
//!
//! Tokens and settings sometimes carry one by mistake. Whoever sent it, none of it may reach a message, a document or a
//! log.

use alloc::{borrow::Cow, string::String};

use crate::ground::{
    json::{Document, Duplicates, Kind, Value, quote},
    text::line::cut,
};

/// The members of a JWK that only its owner may know: of RSA and EC keys (RFC 7518 sections 6.2.2 and 6.3.2) and octet
/// key pairs (RFC 8037 section 2), of shared secrets (RFC 7518 section 6.4.1), and `priv` of the key type AKP.
pub(crate) const PRIVATE_MEMBERS: [&str; 9] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"];

/// The members of headers and claims that hold a JWK or a list of them (RFC 7515 section 4.1.3, RFC 7800 section 3.2).
const HOLDERS: [&str; 3] = ["jwk", "jwks", "keys"];

/// How much of a text is searched: more than any key takes, and more than is ever shown of a text.
const SEARCHED_BYTES_MAX: usize = 16_384;

/// What stands for a text that is a private key.
pub(crate) const NOT_SHOWN: &str = "(a private key, not shown)";

/// What a text is that is nothing to be quoted: a key, wherever it was pasted, or something beside one. Broken JSON, and JSON
/// inside a string, may be a key too.
pub(crate) fn named(text: &str) -> Option<&'static str> {
    if !may_be_one(text) {
        return None;
    }
    match text.split_once("-----BEGIN") {
        Some((_, rest)) if first_line(rest).contains("PRIVATE KEY") => Some("a private key (PEM)"),
        Some((_, rest)) if first_line(rest).contains("CERTIFICATE") => Some("a certificate (PEM)"),
        Some((_, rest)) if first_line(rest).contains("PUBLIC KEY") => Some("a public key (PEM)"),
        Some(_) => Some("a PEM text"),
        None => (has_private_member(text) || is_one(text)).then_some("a private key (JWK)"),
    }
}

/// What stands in a message in the place of such a text.
pub(crate) fn withheld(text: &str) -> Option<&'static str> {
    named(text).map(|name| match name {
        "a private key (PEM)" => "(a private key as PEM, not shown)",
        "a certificate (PEM)" => "(a certificate as PEM, not shown)",
        "a public key (PEM)" => "(a public key as PEM, not shown)",
        "a private key (JWK)" => "(a private key as JSON, not shown)",
        _ => "(a PEM text, not shown)",
    })
}

/// Whether the text has what every form of a key has: nearly no text does, and a look at each byte tells.
fn may_be_one(text: &str) -> bool {
    text.bytes().fold(false, |found, byte| found | matches!(byte, b'"' | b'[')) || text.contains("-----BEGIN")
}

/// Whether the text is a private key: as PEM, or as JSON that holds a JWK with a private member.
pub(crate) fn is_one(text: &str) -> bool {
    is_pem(text) || in_json(text, Place::Claims) || in_go_text(text)
}

/// The text without the private members of whatever JSON it is.
pub(crate) fn without(text: &str) -> Cow<'_, str> {
    if is_pem(text) || in_go_text(text) {
        return Cow::Borrowed(NOT_SHOWN);
    }
    if !in_json(text, Place::Header) {
        return Cow::Borrowed(text);
    }
    // OK because what cannot be read, or is too long to be searched, is not shown.
    let Ok(document) = Document::parse(searched(text), Duplicates::LastWins) else { return Cow::Borrowed(NOT_SHOWN) };
    let mut rest = String::new();
    write(document.root(), Place::Header, &mut rest);
    Cow::Owned(rest)
}

/// Where a value stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// In a token's header, which has no other use for the names of private members.
    Header,
    /// Among claims or in a setting, where `d` or `k` may be anything: only a JWK's members count.
    Claims,
    /// Inside a JWK.
    Key,
}

/// Writes a value as JSON on one line without private members, every long text in it cut.
pub(crate) fn write(value: Value<'_>, place: Place, text: &mut String) {
    match value.kind() {
        Kind::Object => {
            let place = place.inside(value);
            let mut separator = '{';
            for (name, member) in value.members() {
                let name = name.string().unwrap_or_default();
                if place != Place::Claims && PRIVATE_MEMBERS.contains(&&*name) {
                    continue;
                }
                text.push(separator);
                text.push_str(&quote(&cut(&name)));
                text.push(':');
                write(member, place.under(&name), text);
                separator = ',';
            }
            text.push_str(if separator == '{' { "{}" } else { "}" });
        }
        Kind::Array => {
            let mut separator = '[';
            for element in value.elements() {
                text.push(separator);
                write(element, place, text);
                separator = ',';
            }
            text.push_str(if separator == '[' { "[]" } else { "]" });
        }
        Kind::String => {
            let string = value.string().unwrap_or_default();
            let shown = if is_one(&string) { Cow::Borrowed(NOT_SHOWN) } else { cut(&string) };
            text.push_str(&quote(&shown));
        }
        Kind::Number => match cut(value.written()) {
            Cow::Borrowed(digits) => text.push_str(digits),
            Cow::Owned(digits) => text.push_str(&quote(&digits)),
        },
        Kind::Bool(_) | Kind::Null => text.push_str(value.written()),
    }
}

impl Place {
    /// What an object is that stands here: a JWK has a type (RFC 7517 section 4.1).
    fn inside(self, object: Value<'_>) -> Self {
        if object.member("kty").is_some() { Self::Key } else { self }
    }

    /// Where the member of that name stands.
    fn under(self, name: &str) -> Self {
        if HOLDERS.contains(&name) { Self::Key } else { self }
    }
}

/// The beginning of the text that is searched.
fn searched(text: &str) -> &str {
    let end = SEARCHED_BYTES_MAX.min(text.len());
    (0..=end).rev().find_map(|end| text.get(..end)).unwrap_or_default()
}

/// Whether a member of such a name stands anywhere: its JSON may be broken, or stand inside a string.
fn has_private_member(text: &str) -> bool {
    text.match_indices('"').any(|(quote, _)| {
        let name = text.get(quote + 1..).unwrap_or_default();
        PRIVATE_MEMBERS.iter().any(|member| {
            let after = name.strip_prefix(member).map(|after| after.strip_prefix('\\').unwrap_or(after));
            after.and_then(|after| after.strip_prefix('"')).is_some_and(is_member)
        })
    })
}

/// Whether a colon follows, behind a few blanks at most.
fn is_member(after_name: &str) -> bool {
    const BLANKS_MAX: usize = 16;
    after_name.bytes().take(BLANKS_MAX).find(|byte| !byte.is_ascii_whitespace()) == Some(b':')
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

/// Whether a private key stands anywhere in the text as files hold it, be it behind certificates.
pub(crate) fn holds_pem(text: &str) -> bool {
    text.split("-----BEGIN").skip(1).any(|rest| first_line(rest).contains("PRIVATE KEY"))
}

fn is_pem(text: &str) -> bool {
    let text = searched(text);
    text.contains("-----BEGIN") && text.contains("PRIVATE KEY")
}

/// Whether the text is a JSON object, array or string that holds a private member.
fn in_json(text: &str, place: Place) -> bool {
    // Nearly no text is JSON: its first character tells without reading the rest.
    if !text.trim_start().starts_with(['{', '[', '"']) {
        return false;
    }
    if text.len() > SEARCHED_BYTES_MAX {
        let (text, anywhere) = (searched(text), place == Place::Header);
        return text.contains("kty") || anywhere && PRIVATE_MEMBERS.iter().any(|member| text.contains(&*quote(member)));
    }
    Document::parse(text, Duplicates::LastWins).is_ok_and(|document| holds_any(document.root(), place))
}

/// Whether an object as Go prints it, which is what the database takes for a principal, holds a JWK.
fn in_go_text(text: &str) -> bool {
    let text = searched(text);
    text.contains("map[")
        && (text.contains("kty:") || HOLDERS.iter().any(|name| text.contains(&[name, ":map["].concat())))
}

/// Whether a private member stands in the value, or in a JWK in it, or a text in it is a private key.
fn holds_any(value: Value<'_>, place: Place) -> bool {
    let place = place.inside(value);
    value.string().is_some_and(|text| is_one(&text))
        || value.elements().any(|element| holds_any(element, place))
        || value.members().any(|(name, member)| {
            let name = name.string().unwrap_or_default();
            place != Place::Claims && PRIVATE_MEMBERS.contains(&&*name) || holds_any(member, place.under(&name))
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::{format, string::String};

    #[test]
    fn every_private_member_is_left_out_wherever_the_key_stands() {
        for member in PRIVATE_MEMBERS {
            let key = format!(r#"{{"kty":"X","{member}":"c2VjcmV0","x5c":["MII"],"x":"AA"}}"#);
            let nested = [
                key.clone(),
                format!("[{key}]"),
                format!(r#"{{"keys":[{key}]}}"#),
                format!(r#"{{"cnf":{{"jwk":{key}}}}}"#),
                format!(r#"{{"jwk":{{"{member}":{{"a":"c2VjcmV0"}},"x5c":["MII"]}}}}"#),
            ];
            for text in nested {
                assert!(is_one(&text), "{text}");
                let rest = without(&text);
                assert!(!rest.contains("c2VjcmV0") && rest.contains("MII"), "{text}: {rest}");
            }
        }
    }

    #[test]
    fn a_text_that_holds_a_key_is_one_too() {
        for text in ["-----BEGIN PRIVATE KEY-----\nMII", "x -----BEGIN EC PRIVATE KEY-----"] {
            assert!(is_one(text));
            assert_eq!(without(text), NOT_SHOWN);
        }
        let text = r#"{"a":"{\"kty\":\"oct\",\"k\":\"c2VjcmV0\"}"}"#;
        let document = Document::parse(text, Duplicates::LastWins).unwrap();
        let mut written = String::new();
        write(document.root(), Place::Claims, &mut written);
        assert_eq!(written, r#"{"a":"(a private key, not shown)"}"#);
    }

    #[test]
    fn other_texts_and_public_keys_stay_as_they_are() {
        for text in
            ["", "alice", "{", r#"{"d":1,"k":"x"}"#, r#"{"kty":"EC","x":"AA","y":"AA"}"#, "-----BEGIN PUBLIC KEY-----"]
        {
            assert!(!is_one(text), "{text}");
        }
        for text in ["", "alice", "{", r#"{"kty":"EC","x":"AA","y":"AA"}"#] {
            assert_eq!(without(text), text);
        }
    }

    #[test]
    fn private_keys_are_known_in_every_form() {
        let mut secrets: alloc::vec::Vec<String> = PRIVATE_MEMBERS
            .iter()
            .flat_map(|member| {
                [
                    format!("{{\"kty\":\"x\",\"{member}\":\"c2VjcmV0\"}}"),
                    format!("{{\"keys\": [{{\"{member}\" : \"c2VjcmV0"),
                    format!("\"{{\\\"{member}\\\": \\\"c2VjcmV0\\\"}}\""),
                ]
            })
            .collect();
        for label in
            ["PRIVATE KEY", "RSA PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "OPENSSH PRIVATE KEY", "CERTIFICATE", "X"]
        {
            secrets.push(format!(" \n-----BEGIN {label}-----\nMIIB\n-----END {label}-----\n"));
        }
        for secret in secrets {
            assert!(
                named(&secret).is_some() && withheld(&secret).is_some_and(|text| !text.contains("MII")),
                "{secret}"
            );
        }
    }

    #[test]
    fn ordinary_values_are_no_secrets() {
        for text in
            ["", "alice", "https://idp.example", "[\"d\",\"k\"]", "{\"kty\":\"EC\",\"x\":\"a\"}", "--begin", "\"k\""]
        {
            assert_eq!(named(text), None, "{text}");
        }
    }
}
