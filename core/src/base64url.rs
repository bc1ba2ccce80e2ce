//! Base64url as RFC 7515 section 2 has it, and the looser forms that CockroachDB reads in a key set.
//!
//! The strict reading gives every sequence of bytes exactly one spelling: the URL-safe alphabet, no padding, no white
//! space, and zero in the bits that the last character has left over. A token is then the only text of its kind.

use alloc::vec::Vec;

use base64::{
    Engine,
    alphabet::{STANDARD, URL_SAFE},
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};

/// The bytes of a strict base64url text.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    STRICT.decode(text).ok()
}

/// Appends the bytes of a strict base64url text to `bytes`; on `false` what was appended means nothing.
pub(crate) fn decode_into(text: &[u8], bytes: &mut Vec<u8>) -> bool {
    STRICT.decode_vec(text, bytes).is_ok()
}

/// The bytes of a text in either alphabet, but not both at once, with or without padding.
pub(crate) fn decode_lenient(text: &str) -> Option<Vec<u8>> {
    let standard = text.contains(['+', '/']);
    let engine = if standard { LENIENT_STANDARD } else { LENIENT_URL_SAFE };
    engine.decode(text).ok()
}

const STRICT: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::RequireNone),
);

const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);
const LENIENT_URL_SAFE: GeneralPurpose = GeneralPurpose::new(&URL_SAFE, LENIENT);
const LENIENT_STANDARD: GeneralPurpose = GeneralPurpose::new(&STANDARD, LENIENT);

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    #[test]
    fn strict_text_has_one_spelling() {
        assert_eq!(decode(""), Some(vec![]));
        assert_eq!(decode("_-8"), Some(vec![0xff, 0xef]));
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
}
