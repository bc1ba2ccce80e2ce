//! What was the token issued for? (RFC 9068 section 2.2.3, RFC 8693 section 4.2, RFC 6749 section 3.3)

use alloc::borrow::Cow;

use crate::ground::json::{Kind, Value};

/// Where a token states its scopes: the registered claim, and the one of Microsoft Entra ID and Okta.
pub(crate) const CLAIMS: [&str; 2] = ["scope", "scp"];

/// Whether a text is one scope, which holds neither blanks nor quotes.
pub(crate) fn is_one(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| matches!(byte, 0x21 | 0x23..=0x5b | 0x5d..=0x7e))
}

/// Visits the scopes that a token states, in a text with blanks between them or in an array. Where the registered claim is
/// there it alone counts, whatever it holds.
pub(crate) fn for_each(claims: Value<'_>, mut visit: impl FnMut(&str)) {
    let Some(value) = CLAIMS.iter().find_map(|name| claims.member(name)) else { return };
    match value.kind() {
        Kind::Array => value.elements().filter_map(Value::string).for_each(|scope: Cow<'_, str>| visit(&scope)),
        _ => value.string().iter().flat_map(|text| text.split(' ')).for_each(visit),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::json::{Document, Duplicates};
    use alloc::{string::String, vec::Vec};

    fn scopes(text: &str) -> Vec<String> {
        let document = Document::parse(text, Duplicates::Refused).unwrap();
        let mut scopes = Vec::new();
        for_each(document.root(), |scope| scopes.push(scope.into()));
        scopes
    }

    #[test]
    fn a_text_or_an_array_states_scopes() {
        assert_eq!(scopes(r#"{"scope": "openid db:login"}"#), ["openid", "db:login"]);
        assert_eq!(scopes(r#"{"scp": ["openid", 1, "db:login"]}"#), ["openid", "db:login"]);
        assert_eq!(scopes(r#"{"scp": "db:login"}"#), ["db:login"]);
        for none in ["{}", r#"{"scope": 1}"#, r#"{"scope": null, "scp": "db:login"}"#, r#"{"scope": {"a": 1}}"#] {
            assert_eq!(scopes(none), [""; 0], "{none}");
        }
        assert_eq!(scopes(r#"{"scope": "a", "scp": "b"}"#), ["a"]);
    }

    #[test]
    fn one_scope_holds_no_blank() {
        assert!(is_one("db:login") && is_one("https://idp.example/.default"));
        for other in ["", "a b", "a\"", "a\\", "é", "a\n"] {
            assert!(!is_one(other), "{other:?}");
        }
    }
}
