//! What becomes of a setting's list when a value joins it, leaves it or changes? One text becomes an array, an array stays
//! one, and an `issuer_jwks_map` keeps its addresses.

use alloc::{borrow::Cow, format, string::String, vec::Vec};

use super::names::{Kind, SettingName};
use crate::ground::{
    json::{self, Document, Duplicates, quote},
    splice::Splice,
};

/// The list with a value more.
pub(super) fn added(name: SettingName, text: &str, value: &str) -> Option<String> {
    match List::of(text)? {
        List::Texts(mut texts) => {
            if !texts.iter().any(|text| text == value) {
                texts.push(Cow::Borrowed(value));
            }
            Some(written(name, &texts))
        }
        // Nobody knows the address of its keys.
        List::Addresses(_) => None,
    }
}

/// The list without a value.
pub(super) fn removed(name: SettingName, text: &str, value: &str) -> Option<String> {
    match List::of(text)? {
        List::Texts(mut texts) => {
            let before = texts.len();
            texts.retain(|text| text != value);
            (texts.len() < before).then(|| written(name, &texts))
        }
        List::Addresses(_) => None,
    }
}

/// The list with one value in another's place.
pub(super) fn replaced(name: SettingName, text: &str, old: &str, new: &str) -> Option<String> {
    match List::of(text)? {
        List::Texts(mut texts) => {
            let one = texts.iter_mut().find(|text| *text == old)?;
            *one = Cow::Borrowed(new);
            Some(written(name, &texts))
        }
        List::Addresses(document) => {
            let members = document.root().member("issuer_jwks_map")?;
            let (key, _) = members.members().find(|(key, _)| key.is_string(old))?;
            let (start, end) = key.span();
            Splice { start, end, text: quote(new) }.apply(text)
        }
    }
}

/// The value of a setting that holds these texts: one as it is, several as an array.
pub(crate) fn written<T: AsRef<str>>(name: SettingName, texts: &[T]) -> String {
    match texts {
        [one] if name.kind() == Kind::TextOrJson && is_plain(one.as_ref()) => one.as_ref().into(),
        _ => array(texts),
    }
}

/// The texts as a JSON array.
pub(crate) fn array<T: AsRef<str>>(texts: &[T]) -> String {
    let quoted: Vec<String> = texts.iter().map(|text| quote(text.as_ref())).collect();
    format!("[{}]", quoted.join(", "))
}

/// Whether the database takes the text for itself: what is JSON is read as JSON.
fn is_plain(text: &str) -> bool {
    !text.trim().is_empty() && !text.starts_with(['[', '{']) && Document::parse(text, Duplicates::LastWins).is_err()
}

enum List<'t> {
    Texts(Vec<Cow<'t, str>>),
    Addresses(Document<'t>),
}

impl<'t> List<'t> {
    fn of(text: &'t str) -> Option<Self> {
        if text.trim().is_empty() {
            return Some(Self::Texts(Vec::new()));
        }
        match Document::parse(text, Duplicates::LastWins) {
            Err(_) => Some(Self::Texts([Cow::Borrowed(text)].into())),
            Ok(document) => match document.root().kind() {
                json::Kind::Array => {
                    let texts = document.root().elements().map(|text| Some(Cow::Owned(text.string()?.into_owned())));
                    texts.collect::<Option<_>>().map(Self::Texts)
                }
                json::Kind::Object => Some(Self::Addresses(document)),
                json::Kind::Null => Some(Self::Texts(Vec::new())),
                _ => None,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_keeps_the_form_that_it_needs() {
        let name = SettingName::Issuers;
        let value = |text: Option<String>| text.unwrap_or_else(|| "nothing".into());
        assert_eq!(value(added(name, "", "a")), "a");
        assert_eq!(value(added(name, "a", "b")), r#"["a", "b"]"#);
        assert_eq!(value(added(name, r#"["a"]"#, "b")), r#"["a", "b"]"#);
        assert_eq!(value(added(name, "", "123")), r#"["123"]"#);
        assert_eq!(value(removed(name, r#"["a","b"]"#, "a")), "b");
        assert_eq!(value(removed(name, r#"["a","b"]"#, "c")), "nothing");
        assert_eq!(value(replaced(name, "a", "a", "b")), "b");
        let map = r#"{"issuer_jwks_map": {"a": "https://a/k", "c": "d"}}"#;
        assert_eq!(value(replaced(name, map, "a", "b\"")), r#"{"issuer_jwks_map": {"b\"": "https://a/k", "c": "d"}}"#);
        assert_eq!(value(added(SettingName::EngineRequiredClaims, "[]", "x")), r#"["x"]"#);
        assert_eq!(value(added(name, map, "x")), "nothing");
    }
}
