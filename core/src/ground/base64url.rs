//! Base64url as RFC 7515 section 2 has it, and the looser forms that CockroachDB reads in a key set.
//!
//! The strict reading gives every sequence of bytes exactly one spelling: the URL-safe alphabet, no padding, no white
//! space, and zero in the bits that the last character has left over. A token is then the only text of its kind.

use alloc::{string::String, vec::Vec};

use base64::{
    Engine,
    alphabet::{STANDARD, URL_SAFE},
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};

/// The bytes of a strict base64url text.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    STRICT.decode(text).ok()
}

/// The strict base64url text of these bytes.
pub(crate) fn encode(bytes: &[u8]) -> String {
    STRICT.encode(bytes)
}

/// Appends the bytes of a strict base64url text to `bytes`; on `false` what was appended means nothing.
pub(crate) fn decode_into(text: &[u8], bytes: &mut Vec<u8>) -> bool {
    STRICT.decode_vec(text, bytes).is_ok()
}

/// The bytes of a text in either alphabet, but not both at once. One that ends with `=` is padded in full, any other not
/// at all; line ends count for nothing, as in Go's decoders.
pub(crate) fn decode_lenient(text: &str) -> Option<Vec<u8>> {
    let alphabet = if text.contains(['+', '/']) { &STANDARD } else { &URL_SAFE };
    let padding = match text.ends_with('=') {
        true => DecodePaddingMode::RequireCanonical,
        false => DecodePaddingMode::RequireNone,
    };
    let symbols: Vec<u8> = text.bytes().filter(|byte| !matches!(byte, b'\r' | b'\n')).collect();
    GeneralPurpose::new(alphabet, LENIENT.with_decode_padding_mode(padding)).decode(symbols).ok()
}

const STRICT: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new().with_encode_padding(false).with_decode_padding_mode(DecodePaddingMode::RequireNone),
);

const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true);

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    #[test]
    fn strict_text_has_one_spelling() {
        assert_eq!(decode(""), Some(vec![]));
        assert_eq!(decode("_-8"), Some(vec![0xff, 0xef]));
        assert_eq!(encode(&[0xff, 0xef]), "_-8");
        for other in ["_-8=", "/+8", "_-9", "_-8 ", " _-8", "_-\n8", "_", "_-8AA"] {
            assert_eq!(decode(other), None, "{other:?}");
        }
    }

    #[test]
    fn decoding_into_a_buffer_appends() {
        let mut bytes = vec![7];
        assert!(decode_into(b"AQID", &mut bytes));
        assert_eq!(bytes, [7, 1, 2, 3]);
        assert!(!decode_into(b"AQI=", &mut bytes));
    }

    #[test]
    fn lenient_text_may_be_padded_or_standard_or_carry_loose_bits() {
        for text in ["_-8", "_-8=", "/+8=", "/+8", "_-9"] {
            assert_eq!(decode_lenient(text), Some(vec![0xff, 0xef]), "{text:?}");
        }
        for text in ["_+8", "/-8=", "_-8==", "_-8 ", "_-8=A", "="] {
            assert_eq!(decode_lenient(text), None, "{text:?}");
        }
    }

    #[test]
    fn lenient_text_is_padded_in_full_or_not_at_all() {
        // By the length without padding, from 0 to 7: how many `=` may follow.
        let padded = [&[0][..], &[], &[0, 2], &[0, 1], &[0], &[], &[0, 2], &[0, 1]];
        for (length, allowed) in padded.into_iter().enumerate() {
            for padding in 0..4 {
                for symbol in ["A", "+", "_"] {
                    let text = symbol.repeat(length) + &"=".repeat(padding);
                    assert_eq!(decode_lenient(&text).is_some(), allowed.contains(&padding), "{text}");
                }
            }
        }
    }

    #[test]
    fn line_ends_in_a_lenient_text_count_for_nothing_except_after_its_padding() {
        for text in ["\n_-8", "_\r\n-8", "_-8\n", "_-8\n=", "/\r+8="] {
            assert_eq!(decode_lenient(text), Some(vec![0xff, 0xef]), "{text:?}");
        }
        assert_eq!(decode_lenient("\r\n"), Some(vec![]));
        // What does not end with `=` is read as unpadded, and then `=` is no symbol.
        assert_eq!(decode_lenient("_-8=\n"), None);
    }
}
