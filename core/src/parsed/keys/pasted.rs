//! What was pasted where a key set belongs? Addresses, certificates, other documents of an identity provider, and key sets
//! out of another file's quotes.

use alloc::{
    borrow::Cow,
    format,
    string::{String, ToString},
    vec::Vec,
};

use crate::ground::{
    base64url,
    json::{Document, Duplicates, Kind, Value},
    private_keys,
    text::{is_invisible, shown},
};

/// What a text is that is no key set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pasted {
    /// The thing with its article, or what is wrong with it.
    pub(super) what: Cow<'static, str>,
    /// What to do, a clause without its full stop.
    pub(super) remedy: Cow<'static, str>,
    /// The text as a key set, where it holds one.
    pub(super) instead: Option<String>,
}

fn pasted(what: impl Into<Cow<'static, str>>, remedy: impl Into<Cow<'static, str>>) -> Pasted {
    Pasted { what: what.into(), remedy: remedy.into(), instead: None }
}

impl Pasted {
    fn instead(self, text: impl Into<String>) -> Self {
        Self { instead: Some(text.into()), ..self }
    }
}

/// What the text is; nothing where nobody can tell.
pub(super) fn named(text: &str) -> Option<Pasted> {
    let visible = text.trim_matches(|c: char| is_invisible(c) || c.is_whitespace());
    if visible.is_empty() {
        return Some(pasted("the value is empty", PASTE));
    }
    if let Some(key) =
        private_keys::named(visible).filter(|_| visible.contains("-----BEGIN") && !visible.starts_with('{'))
    {
        return Some(pem(key));
    }
    if let Ok(document) = Document::parse(visible, Duplicates::LastWins) {
        let around = visible.len() < text.trim_ascii().len();
        let hidden = || {
            let what = "a byte order mark (U+FEFF) or another invisible character stands around the key set";
            pasted(what, "take the invisible characters out").instead(visible)
        };
        return other_json(document.root()).or_else(|| around.then(hidden).filter(|_| is_set(document.root())));
    }
    no_json(visible)
}

const PASTE: &str = "paste the issuer's public key set (JWKS), which its `jwks_uri` serves";

fn pem(key: &str) -> Pasted {
    match key {
        "a private key (PEM)" => pasted(
            "the value is a private key (PEM), which nobody but the issuer may have",
            format!("{PASTE}, and have the identity provider replace the key: whoever has seen this text can sign"),
        ),
        _ => pasted(
            format!("the value is {key}, not a key set"),
            format!("{PASTE}, or write the key as a JWK: an object with `kty`, `kid` and the numbers of the key"),
        ),
    }
}

/// A text that is no JSON.
fn no_json(text: &str) -> Option<Pasted> {
    let one_line = !text.contains(char::is_whitespace);
    if one_line && (text.starts_with("https://") || text.starts_with("http://")) {
        return Some(address(text));
    }
    let is_file = |text: &str| text.ends_with(".json") || text.ends_with(".pem") || text.starts_with("file:");
    if one_line && !text.contains('{') && (is_file(text) || text.starts_with(['/', '@', '~'])) {
        return Some(pasted("the value is the name of a file, not what it holds", "paste what the file holds"));
    }
    if text.starts_with('<') && !text.contains('{') || text.starts_with("<!") || text.starts_with("<html") {
        return Some(pasted(
            "the value is an HTML or XML page, not a key set",
            format!("{PASTE}: open that address itself, without a login page or a proxy before it"),
        ));
    }
    repaired(text).or_else(|| encoded(text)).or_else(|| {
        let place = ["...", "…"].into_iter().find(|place| text.contains(place))?;
        let what = format!("`{place}` is a placeholder of an example, in whose place the keys have to stand");
        Some(pasted(what, PASTE))
    })
}

fn address(text: &str) -> Pasted {
    let what = format!("the value is an address, `{}`, not a key set", shown(text));
    match text.contains("/.well-known/openid-configuration") || text.contains("/.well-known/oauth-authorization-server")
    {
        true => pasted(what, "open that address, and paste what the `jwks_uri` in it serves"),
        false => pasted(
            what,
            "paste what that address serves, or give it in server.jwt_authentication.issuers as \
             {\"issuer_jwks_map\": {\"<issuer>\": \"<address>\"}} and switch on \
             server.jwt_authentication.jwks_auto_fetch.enabled",
        ),
    }
}

/// A key set in other quotes or between other marks.
fn repaired(text: &str) -> Option<Pasted> {
    let attempts: [(&str, &str, Option<String>); 7] = [
        (
            "the text still has the backslashes of another file's quotes (`\\\"`)",
            "write `\"` instead of `\\\"`",
            text.contains("\\\"").then(|| text.replace("\\\"", "\"").replace("\\\\", "\\")),
        ),
        ("typographic quotes stand in it, such as `“`", "write straight quotes, `\"`", straight(text)),
        ("single quotes stand in it", "write double quotes, `\"`", python(text)),
        ("a comma before a closing bracket is one too many", "take the comma out", without_commas(text)),
        ("a call stands around the key set (JSONP)", "paste the JSON between the parentheses alone", called(text)),
        ("several key sets stand one after the other", "write one set with all keys in `keys`", chained(text)),
        (
            "quotes stand around the key set",
            "leave the quotes around it out",
            text.strip_prefix(['\'', '`', '“']).and_then(|t| t.strip_suffix(['\'', '`', '”'])).map(String::from),
        ),
    ];
    attempts.into_iter().find_map(|(what, remedy, meant)| {
        let meant = meant?;
        let document = Document::parse(&meant, Duplicates::LastWins).ok()?;
        is_set(document.root()).then(|| pasted(what.to_string(), remedy.to_string()).instead(meant.trim()))
    })
}

fn straight(text: &str) -> Option<String> {
    const OTHER: [char; 6] = ['“', '”', '„', '‟', '«', '»'];
    text.contains(OTHER).then(|| text.replace(OTHER, "\""))
}

/// What Python prints for a dictionary.
fn python(text: &str) -> Option<String> {
    let quoted = text.contains('\'') && !text.contains('"');
    quoted.then(|| text.replace('\'', "\"").replace(": None", ": null").replace(": True", ": true"))
}

fn without_commas(text: &str) -> Option<String> {
    let mut meant = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(',') {
        meant.push_str(before);
        if !after.trim_start().starts_with(['}', ']']) {
            meant.push(',');
        }
        rest = after;
    }
    meant.push_str(rest);
    // A comma behind the whole.
    let meant = meant.trim_end().trim_end_matches([',', ';']).to_string();
    (meant.len() < text.trim_end().len()).then_some(meant)
}

/// `callback({…});`.
fn called(text: &str) -> Option<String> {
    let (name, rest) = text.split_once('(')?;
    let is_name = name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '$' | '.' | '/' | '*' | ' '));
    let inside = rest.trim_end_matches([';', ' ', '\n', '\r']).strip_suffix(')')?;
    is_name.then(|| inside.to_string())
}

/// The keys of all sets that stand one after the other, as one set.
fn chained(text: &str) -> Option<String> {
    let mut keys = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (document, end) = Document::parse_prefix(rest, Duplicates::LastWins).ok()?;
        keys.extend(keys_of(document.root())?.iter().map(|key| key.written().to_string()));
        rest = rest.get(end..)?.trim_start_matches([',', ';', ' ', '\n', '\r', '\t']);
    }
    Some(format!("{{\"keys\": [{}]}}", keys.join(", ")))
}

/// A key set in base64, or a token.
fn encoded(text: &str) -> Option<Pasted> {
    if text.starts_with("eyJ") && text.matches('.').count() == 2 {
        return Some(pasted("the value is a token, not a key set", PASTE));
    }
    let bytes = base64url::decode_lenient(text)?;
    let inside = core::str::from_utf8(&bytes).ok()?;
    let document = Document::parse(inside, Duplicates::LastWins).ok()?;
    let found = is_set(document.root());
    found.then(|| pasted("the value is a key set in base64", "write the key set itself").instead(inside))
}

/// JSON that is no key set.
fn other_json(root: Value<'_>) -> Option<Pasted> {
    match root.kind() {
        Kind::String => {
            let inside = root.string()?;
            let document = Document::parse(&inside, Duplicates::LastWins).ok()?;
            let found = is_set(document.root());
            found.then(|| {
                pasted(
                    "the key set stands inside a JSON text",
                    "write the key set itself, without the quotes around it",
                )
                .instead(&*inside)
            })
        }
        Kind::Array if root.elements().next().is_some() && root.elements().all(|key| key.member("kty").is_some()) => {
            let text = format!("{{\"keys\": {}}}", root.written());
            Some(
                pasted("the value is a list of keys", "write the list as the member `keys` of an object").instead(text),
            )
        }
        Kind::Object if !is_set(root) => other_object(root),
        _ => None,
    }
}

fn other_object(root: Value<'_>) -> Option<Pasted> {
    if let Some(address) = root.member("jwks_uri").and_then(Value::string) {
        let what = "the value is the issuer's discovery document, which holds no keys";
        return Some(pasted(what, format!("paste what its `jwks_uri` serves, `{}`", shown(&address))));
    }
    let certificate = |value: Value<'_>| value.string().is_some_and(|text| text.contains("-----BEGIN"));
    if root.members().next().is_some() && root.members().all(|(_, value)| certificate(value)) {
        let what = "the value is a map of key ids and certificates (PEM), not a key set";
        return Some(pasted(
            what,
            format!(
                "{PASTE}; Google serves it as JWKS at https://www.googleapis.com/oauth2/v3/certs, and Firebase's at \
                     https://www.googleapis.com/service_accounts/v1/jwk/securetoken@system.gserviceaccount.com"
            ),
        ));
    }
    if let Some((name, inner)) = root.members().find(|(_, value)| is_set(*value)) {
        let name = name.string().unwrap_or_default();
        let what = format!("the key set stands inside the member `{}`", shown(&name));
        return Some(pasted(what, "write the key set itself, without the object around it").instead(inner.written()));
    }
    if let Some((name, list)) = root.members().find(|(name, value)| {
        name.string().is_some_and(|name| name.eq_ignore_ascii_case("keys")) && value.kind() == Kind::Array
    }) {
        let what = format!("the member of the keys is written `{}`", shown(&name.string().unwrap_or_default()));
        let text = format!("{{\"keys\": {}}}", list.written());
        return Some(pasted(what, "write `keys`").instead(text));
    }
    let kinds: [(&str, &str); 5] = [
        ("public_key", "the value is Keycloak's page about a realm, not its key set"),
        ("access_token", "the value is the answer of a token endpoint, not a key set"),
        ("id_token", "the value is the answer of a token endpoint, not a key set"),
        ("error", "the value is the answer of a request that failed, not a key set"),
        ("private_key", "the value is an account's file with a private key, not a key set"),
    ];
    let (_, what) = kinds.into_iter().find(|(name, _)| root.member(name).is_some())?;
    Some(pasted(what, PASTE))
}

/// Whether the value is a JWK Set or a JWK.
fn is_set(value: Value<'_>) -> bool {
    keys_of(value).is_some()
}

fn keys_of(value: Value<'_>) -> Option<Vec<Value<'_>>> {
    match value.member("keys") {
        Some(keys) if keys.kind() == Kind::Array => Some(keys.elements().collect()),
        _ => value.member("kty").map(|_| alloc::vec![value]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parsed::keys::{KeySet, Reading, examples::P256};

    fn set() -> String {
        format!(r#"{{"keys":[{P256}]}}"#)
    }

    #[test]
    fn what_holds_a_key_set_says_how_it_should_read() {
        let set = set();
        for (text, word) in [
            (format!("\u{feff}{set}"), "byte order mark"),
            (set.replace('"', "\\\""), "backslashes"),
            (set.replace('"', "”"), "typographic"),
            (set.replace('"', "'"), "single quotes"),
            (format!("callback({set});"), "JSONP"),
            (format!("{set}\n{}", set.replace("\"k\"", "\"l\"")), "one after the other"),
            (set.replace("}]", "},]"), "comma"),
            (format!("{set},"), "comma"),
            (format!("'{set}'"), "quotes"),
            (crate::ground::json::quote(&set), "inside a JSON text"),
            (format!("[{P256}]"), "list of keys"),
            (format!(r#"{{"jwks": {set}}}"#), "member `jwks`"),
            (set.replace("keys", "KEYS"), "`KEYS`"),
        ] {
            let found = named(&text).unwrap_or_else(|| panic!("{text}"));
            assert!(found.what.contains(word), "{text}: {}", found.what);
            let meant = found.instead.unwrap_or_else(|| panic!("{text}"));
            for reading in [Reading::Strict, Reading::Database] {
                let keys = KeySet::parse(&meant, reading).unwrap();
                assert!(keys.usable_count() > 0, "{text}: {meant}");
                let fault = KeySet::parse(&text, Reading::Strict).unwrap_err();
                assert!(fault.message.contains(word), "{text}: {}", fault.message);
                assert_eq!(fault.instead.unwrap().apply(&text), Some(meant.clone()), "{text}");
            }
        }
    }

    #[test]
    fn other_documents_are_named() {
        for (text, word) in [
            ("https://idp.example/keys", "an address"),
            ("https://idp.example/.well-known/openid-configuration", "an address"),
            ("/etc/keys.json", "name of a file"),
            ("<!DOCTYPE html><html></html>", "HTML"),
            (r#"{"issuer": "https://a", "jwks_uri": "https://a/k"}"#, "discovery document"),
            (r#"{"k1": "-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----\n"}"#, "certificates"),
            ("-----BEGIN PUBLIC KEY-----\nMII\n-----END PUBLIC KEY-----", "a public key (PEM)"),
            ("-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----", "a certificate (PEM)"),
            ("-----BEGIN PRIVATE KEY-----\nMII\n-----END PRIVATE KEY-----", "a private key (PEM)"),
            ("{\n \"keys\": [\n {\n ...\n }\n ]\n}", "placeholder"),
            (r#"{"realm": "x", "public_key": "MII"}"#, "realm"),
            (r#"{"access_token": "x"}"#, "token endpoint"),
            ("eyJhbGciOiJub25lIn0.e30.", "a token"),
            ("", "empty"),
        ] {
            for reading in [Reading::Strict, Reading::Database] {
                let fault = KeySet::parse(text, reading).unwrap_err();
                assert!(fault.message.contains(word), "{text}: {}", fault.message);
                assert!(fault.remedy.is_some() && fault.instead.is_none(), "{text}");
            }
        }
        for text in ["{}", "null", "[]", "issuer1", "{"] {
            assert_eq!(named(text), None, "{text}");
        }
    }

    #[test]
    fn a_key_set_is_none_of_these() {
        assert_eq!(named(&set()), None);
        assert_eq!(named(P256), None);
    }
}
