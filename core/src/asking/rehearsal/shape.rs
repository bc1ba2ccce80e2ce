//! What of a key set do readers stumble over? Its keys as their text has them, whatever they are worth.

use alloc::{borrow::Cow, format, string::String, vec::Vec};

use crate::ground::{
    json::{Document, Duplicates, Kind, Value},
    limits::KEYS_MAX,
    private_keys::PRIVATE_MEMBERS,
    text::quoted,
};

/// One member of the list of keys.
pub(super) struct Shape {
    /// What it is called: by its id, or by its place.
    pub(super) name: String,
    /// Where it begins in the text, in bytes.
    pub(super) offset: usize,
    /// Where it ends.
    pub(super) end: usize,
    /// Its `kty`, where that is a text.
    pub(super) key_type: Option<String>,
    /// Members that every JWK may have and whose values are of the wrong kind.
    pub(super) misshapen: Vec<&'static str>,
    /// A member that keys of its type have to have, and that it has not.
    pub(super) missing: Option<&'static str>,
    /// Its `use`, where that is a text.
    pub(super) usage: Option<String>,
    /// The first private member that holds something.
    pub(super) private: Option<String>,
}

/// The keys of a text; none where it is no key set.
pub(super) fn shapes(text: &str) -> Vec<Shape> {
    let Ok((document, _)) = Document::parse_prefix(text, Duplicates::LastWins) else { return Vec::new() };
    let root = document.root();
    let lists: Vec<_> = root.members().filter(|(name, _)| name.is_string("keys")).map(|(_, list)| list).collect();
    let keys: Vec<Value<'_>> = match lists.is_empty() {
        true => [root].into(),
        false => lists.into_iter().filter(|list| list.kind() == Kind::Array).flat_map(Value::elements).collect(),
    };
    let objects = keys.into_iter().take(KEYS_MAX).enumerate().filter(|(_, key)| key.kind() == Kind::Object);
    objects.map(|(place, key)| shape(place, key)).collect()
}

/// The place of a key that has no id, as it is called.
pub(super) fn number(place: usize) -> String {
    format!("number {}", place.saturating_add(1))
}

fn shape(place: usize, key: Value<'_>) -> Shape {
    let text = |name: &str| key.member(name).and_then(Value::string).filter(|text| !text.is_empty());
    let (offset, end) = key.span();
    Shape {
        offset,
        end,
        name: text("kid").map_or_else(|| number(place), |id| quoted(&id)),
        misshapen: MEMBERS
            .iter()
            .filter(|(name, list)| is_misshapen(key, name, *list))
            .map(|(name, _)| *name)
            .collect(),
        missing: missing(key),
        usage: key.member("use").and_then(Value::string).map(Cow::into_owned),
        key_type: key.member("kty").and_then(Value::string).map(Cow::into_owned),
        private: private(key),
    }
}

/// The members of every key (RFC 7517 section 4), and whether they are lists of texts.
const MEMBERS: [(&str, bool); 5] = [("kid", false), ("use", false), ("alg", false), ("key_ops", true), ("x5c", true)];

fn is_misshapen(key: Value<'_>, name: &str, is_list: bool) -> bool {
    let Some(value) = key.member(name).filter(|value| !value.is_null()) else { return false };
    match is_list {
        false => value.kind() != Kind::String,
        true => value.strings().is_none(),
    }
}

/// RFC 7518 section 6 and RFC 8037 section 2.
fn missing(key: Value<'_>) -> Option<&'static str> {
    let required: &[&'static str] = match key.member("kty").and_then(Value::string).as_deref() {
        Some("RSA") => &["n", "e"],
        Some("EC") => &["crv", "x", "y"],
        Some("OKP") => &["crv", "x"],
        Some("oct") => &["k"],
        _ => &[],
    };
    required.iter().copied().find(|name| key.member(name).is_none())
}

/// A shared secret is private as a whole.
fn private(key: Value<'_>) -> Option<String> {
    let holds = |value: Value<'_>| !value.is_string("") && !value.is_null();
    let is_private = |(name, value): &(Value<'_>, Value<'_>)| {
        PRIVATE_MEMBERS.iter().any(|private| name.is_string(private)) && holds(*value)
    };
    key.members().find(is_private).and_then(|(name, _)| name.string()).map(Cow::into_owned)
}
