//! In which encoding did the text arrive? Byte order marks, UTF-16, NULs, and bytes that are no text around it.

use alloc::{format, string::String, vec::Vec};

use super::layer::Layer;
use crate::ground::text::counted;

/// The text that the bytes stand for, and what had to be taken off.
pub(super) fn text_of(bytes: &[u8]) -> (Vec<Layer>, String) {
    let mut layers = Vec::new();
    if is_utf16(bytes) {
        layers.push(Layer::new(
            "the text is UTF-16, as PowerShell's `>` writes files (every second byte is NUL)",
            "save it as UTF-8 without a byte order mark",
        ));
        let ascii = bytes.iter().copied().filter(|byte| matches!(byte, 1..=0x7f)).map(char::from);
        return (layers, ascii.collect());
    }
    let mut rest = bytes;
    if let Some(after) = rest.strip_prefix(b"\xef\xbb\xbf") {
        layers.push(Layer::new("a byte order mark stands before the token", "save it without a byte order mark"));
        rest = after;
    }
    let text = |byte: &&u8| matches!(byte, b'\t' | b'\n' | b'\r' | b' '..=0x7e);
    // What is written in another language than ASCII is text too.
    if core::str::from_utf8(rest).is_ok_and(|text| !text.contains(|c: char| c.is_control() && !c.is_ascii_whitespace()))
    {
        return (layers, String::from_utf8_lossy(rest).into_owned());
    }
    let end = rest.iter().rposition(|byte| text(&byte)).map_or(0, |last| last.saturating_add(1));
    let (kept, behind) = rest.split_at_checked(end).unwrap_or((rest, &[]));
    // A length may look like text itself: what counts is the last byte that does not.
    let start =
        kept.iter().take(LENGTH_BYTES_MAX).rposition(|byte| !text(&byte)).map_or(0, |last| last.saturating_add(1));
    let (before, kept) = kept.split_at_checked(start).unwrap_or((&[], kept));
    if !before.is_empty() {
        let count = counted(before.len(), "byte");
        let verb = if before.len() == 1 { "that is no text stands" } else { "that are no text stand" };
        layers.push(Layer::new(
            format!("{count} {verb} before the token, such as the length that a binary protocol writes"),
            "remove these bytes",
        ));
    }
    match behind {
        [] => {}
        [0, zeros @ ..] if zeros.iter().all(|&byte| byte == 0) => {
            layers.push(Layer::new("a NUL byte stands after the token", "remove the NUL byte"));
        }
        more => {
            let count = counted(more.len(), "byte");
            layers.push(Layer::new(format!("{count} of no text stand after the token"), "remove these bytes"));
        }
    }
    (layers, String::from_utf8_lossy(kept).into_owned())
}

/// So many bytes of no text before a token are looked at: a message's type and two lengths.
const LENGTH_BYTES_MAX: usize = 16;

/// Whether a third of the bytes or more are NUL and alternate with others: UTF-16, with a mark, with what became of a mark,
/// or without.
fn is_utf16(bytes: &[u8]) -> bool {
    let zeros = bytes.iter().filter(|&&byte| byte == 0).count();
    let pairs = bytes.windows(2).filter(|pair| matches!(pair, [0, 0])).count();
    bytes.len() >= 4 && zeros.saturating_mul(3) >= bytes.len() && pairs.saturating_mul(8) < zeros
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(bytes: &[u8]) -> (usize, String) {
        let (layers, text) = text_of(bytes);
        (layers.len(), text)
    }

    #[test]
    fn utf_16_is_read_in_both_orders_with_and_without_a_mark() {
        let little: Vec<u8> = "eyJ.a.b".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = "eyJ.a.b".encode_utf16().flat_map(u16::to_be_bytes).collect();
        for bytes in
            [little.clone(), big.clone(), [&[0xff, 0xfe], &little[..]].concat(), [&[0xfe, 0xff], &big[..]].concat()]
        {
            assert_eq!(told(&bytes), (1, "eyJ.a.b".into()));
        }
    }

    #[test]
    fn bytes_of_no_text_come_off_both_ends() {
        assert_eq!(told(b"eyJ.a.b"), (0, "eyJ.a.b".into()));
        assert_eq!(told("\u{feff}eyJ.a.b".as_bytes()), (1, "eyJ.a.b".into()));
        assert_eq!(told(b"\x01\xfc\x9c\x02eyJ.a.b"), (1, "eyJ.a.b".into()));
        assert_eq!(told(b"\x00\x00\x01ceyJ"), (1, "ceyJ".into()));
        assert_eq!(told(b"eyJ.a.b\0"), (1, "eyJ.a.b".into()));
        assert_eq!(told(b"\x02eyJ.a.b\x03\x80"), (2, "eyJ.a.b".into()));
        assert_eq!(told("\u{201c}eyJ\u{201d}".as_bytes()), (0, "\u{201c}eyJ\u{201d}".into()));
    }
}
