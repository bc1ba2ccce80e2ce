//! Was a text meant as a list?

use alloc::{format, string::String, vec::Vec};

use crate::ground::{json, text::can_be_copied};

/// The parts of a text that was meant as a list, as the list to write; nothing unless the token states one of them.
pub(super) fn list_in_a_text(
    configured: &str,
    divides: impl Fn(char) -> bool,
    is_stated: impl Fn(&str) -> bool,
) -> Option<String> {
    let parts: Vec<&str> = configured.split(divides).map(str::trim).filter(|part| !part.is_empty()).collect();
    let is_meant =
        parts.len() > 1 && parts.iter().all(|part| can_be_copied(part)) && parts.iter().any(|part| is_stated(part));
    is_meant.then(|| format!("[{}]", parts.iter().map(|part| json::quote(part)).collect::<Vec<_>>().join(", ")))
}

/// What people write between the parts of a list, and what stands in none of them.
pub(super) fn divides(character: char) -> bool {
    matches!(character, ',' | ';') || character.is_whitespace()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_in_a_text_is_named_as_the_list_to_write() {
        let list = Some(r#"["https://a.example", "https://b.example"]"#);
        for text in [
            "https://a.example,https://b.example",
            "https://a.example https://b.example",
            "https://a.example; https://b.example",
        ] {
            let read = |stated: &str| list_in_a_text(text, divides, |part| part == stated);
            assert_eq!(read("https://a.example").as_deref(), list, "{text}");
            assert_eq!(read("https://evil.example"), None);
        }
        assert_eq!(list_in_a_text("https://a.example", divides, |_| true), None);
    }
}
