//! Where in a text does a token stand?

use alloc::{string::String, vec::Vec};
use core::ops::Range;

use crate::{
    ground::base64url,
    parsed::token::cut::{begins_object, is_of_usual_length},
};

/// Whether the text is one signed token of three parts, whole as far as can be told without the key.
pub(super) fn is_token(text: &str) -> bool {
    let mut parts = text.split('.');
    let (Some(header), Some(claims), Some(signature), None) = (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return false;
    };
    let decodes = |part: &str| base64url::decode(part).is_some();
    begins_object(header) && begins_object(claims) && decodes(header) && decodes(claims) && decodes(signature)
}

/// Whether the text is a token and ends where tokens of its algorithm do, with usual keys.
pub(super) fn is_whole(text: &str) -> bool {
    is_token(text) && is_of_usual_length(text)
}

/// Whether something in the text begins as tokens do.
pub(super) fn holds_any(text: &str) -> bool {
    starts(text).next().is_some()
}

/// The places of what begins as a token and has at least one dot, in order, a few of them.
pub(super) fn find(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for start in starts(text) {
        if found.len() == FOUND_MAX {
            break;
        }
        if found.last().is_some_and(|last| start < last.end) {
            continue;
        }
        let rest = text.get(start..).unwrap_or_default();
        let length = rest.bytes().take_while(|&byte| is_of_tokens(byte)).count();
        let token = rest.get(..length).unwrap_or_default();
        // A sentence's full stop, and the dots where the rest was left out, are no part of it.
        let token = token.trim_end_matches('.');
        if is_whole(token) {
            found.push(start..start.saturating_add(token.len()));
            continue;
        }
        // What breaks a token may stand inside it: line ends, spaces, the other alphabet, escapes.
        let length = rest.bytes().take_while(|&byte| is_of_tokens(byte) || b" \t\r\n\\+/=%".contains(&byte)).count();
        let longer = rest.get(..length).unwrap_or_default().trim_end_matches([' ', '\t', '\r', '\n', '\\']);
        let joined: String = longer.chars().filter(|&c| !c.is_ascii_whitespace() && c != '\\').collect();
        if is_whole(&in_url_alphabet(&joined).unwrap_or(joined)) {
            found.push(start..start.saturating_add(longer.len()));
        } else if token.contains('.') {
            found.push(start..start.saturating_add(token.len()));
        }
    }
    found
}

/// How many tokens of a text are told of.
const FOUND_MAX: usize = 4;

/// How many places that may begin a token are looked at.
const STARTS_MAX: usize = 64;

/// Where something begins that reads like a header: base64url of `{"`, of `{ "`, or of `{` and a line end.
fn starts(text: &str) -> impl Iterator<Item = usize> {
    let mut previous = b' ';
    let candidates = text.bytes().enumerate().filter_map(move |(at, byte)| {
        let begins = byte == b'e' && !is_of_tokens(previous);
        previous = byte;
        begins.then_some(at)
    });
    candidates.take(STARTS_MAX).filter(|&at| begins(text.get(at..).unwrap_or_default()))
}

/// Whether the text begins as tokens do.
pub(super) fn begins(text: &str) -> bool {
    ["eyJ", "eyA", "ewo", "ew0K"].iter().any(|start| text.starts_with(start))
}

/// The text in base64url; `None` where it is already, or is no base64.
pub(super) fn in_url_alphabet(text: &str) -> Option<String> {
    if !text.contains(['+', '/', '=']) {
        return None;
    }
    let parts = text.split('.').map(|part| part.trim_end_matches('=').replace('+', "-").replace('/', "_"));
    Some(parts.collect::<Vec<_>>().join("."))
}

pub(super) fn is_of_tokens(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.')
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;

    #[test]
    fn tokens_are_found_wherever_they_stand() {
        let token = format!("eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhIn0.{}", "A".repeat(86));
        for (before, after) in
            [("", ""), ("token=", ""), ("postgresql://a:", "@db.example:26257/x"), ("say ", "."), ("{'t': '", "'}")]
        {
            let text = format!("{before}{token}{after}");
            assert_eq!(find(&text).first(), Some(&(before.len()..before.len() + token.len())), "{text}");
        }
        let wrapped = format!("{}\n{}", &token[..40], &token[40..]);
        assert_eq!(find(&format!("Bearer {wrapped}\n")).first(), Some(&(7..7 + wrapped.len())));
        assert_eq!(find(&format!("{token} {token}")).len(), 2);
        assert!(find("a.b.c eyJ beyJhbGciOiJFUzI1NiJ9.eyJ").is_empty());
    }
}
