//! What text does a JSON string stand for, and where in the string does each piece of it stand?

use alloc::string::String;

/// Resolves the escapes of a string that the reader has accepted.
#[cold]
pub(super) fn unescape(inner: &str) -> String {
    let mut text = String::with_capacity(inner.len());
    for_each_piece(inner, |piece, _| text.push_str(piece));
    text
}

/// The resolved text of an accepted string, piece by piece, each with the offset in `inner` at which it is written.
pub(super) fn for_each_piece(inner: &str, mut visit: impl FnMut(&str, usize)) {
    let mut rest = inner;
    while let Some((before, after)) = rest.split_once('\\') {
        let at = inner.len() - rest.len();
        visit(before, at);
        let mut characters = after.chars();
        let resolved = match characters.next() {
            Some('b') => '\u{8}',
            Some('f') => '\u{c}',
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some('u') => {
                let first = hexadecimal(&mut characters);
                let scalar = if (0xd800..0xdc00).contains(&first) {
                    // OK because the reader accepts a high surrogate only with `\u` and a low one after it.
                    characters.nth(1);
                    let second = hexadecimal(&mut characters);
                    0x10000 + ((first & 0x3ff) << 10) + (second & 0x3ff)
                } else {
                    first
                };
                char::from_u32(scalar).unwrap_or(char::REPLACEMENT_CHARACTER)
            }
            Some(itself) => itself,
            None => char::REPLACEMENT_CHARACTER,
        };
        visit(resolved.encode_utf8(&mut [0; 4]), at + before.len());
        rest = characters.as_str();
    }
    visit(rest, inner.len() - rest.len());
}

fn hexadecimal(characters: &mut core::str::Chars<'_>) -> u32 {
    characters.take(4).filter_map(|digit| digit.to_digit(16)).fold(0, |value, digit| value << 4 | digit)
}
