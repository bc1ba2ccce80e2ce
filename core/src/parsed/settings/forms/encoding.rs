//! Which characters are these bytes of a settings file?
//!
//! Editors and shells of Windows write byte order marks and UTF-16. A mark is no part of the text.

use alloc::{borrow::Cow, string::String, vec::Vec};

use crate::{ground::reason::ReasonCode, parsed::settings::error::SettingsError};

/// U+FEFF at the start of a text, as a character.
const MARK: char = '\u{feff}';

/// The text without a byte order mark in front.
pub(crate) fn unmarked(text: &str) -> &str {
    text.strip_prefix(MARK).unwrap_or(text)
}

/// The text of UTF-8, or of UTF-16 with its byte order mark or with an ASCII character first.
///
/// # Errors
/// `settings_invalid` where a byte begins no character.
pub(crate) fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, SettingsError> {
    let unit: Option<fn([u8; 2]) -> u16> = match bytes {
        [0xff, 0xfe, ..] => Some(u16::from_le_bytes),
        [0xfe, 0xff, ..] => Some(u16::from_be_bytes),
        [1..=0x7f, 0, ..] => Some(u16::from_le_bytes),
        [0, 1..=0x7f, ..] => Some(u16::from_be_bytes),
        _ => None,
    };
    let Some(unit) = unit else {
        return str::from_utf8(bytes).map(|text| Cow::Borrowed(unmarked(text))).map_err(|error| {
            let place = error.valid_up_to().saturating_add(1);
            unreadable(alloc::format!("the settings are not UTF-8: byte {place} begins no character"))
        });
    };
    let (pairs, rest) = bytes.as_chunks::<2>();
    let units: Vec<u16> = pairs.iter().copied().map(unit).collect();
    match String::from_utf16(&units) {
        Ok(text) if rest.is_empty() => Ok(Cow::Owned(unmarked(&text).into())),
        _ => Err(unreadable("the settings begin like UTF-16 and are not".into())),
    }
}

/// The error of a text that came of UTF-16 read as something else, if it is one: every other character is NUL then.
pub(crate) fn misread(text: &str) -> Option<SettingsError> {
    const LOOKED_AT: usize = 8;
    text.chars().take(LOOKED_AT).any(|character| character == '\0').then(|| {
        unreadable("the settings are a UTF-16 text that was read as another encoding: it is full of NUL".into())
    })
}

fn unreadable(message: String) -> SettingsError {
    SettingsError::new(ReasonCode::SettingsInvalid, message)
        .with_remedy("save the settings as UTF-8 (in PowerShell: `Set-Content -Encoding utf8`)")
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "SET é\u{1f600}";

    fn utf16(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(unit).collect()
    }

    #[test]
    fn every_encoding_gives_the_text_without_its_mark() {
        for marked in [TEXT.into(), alloc::format!("{MARK}{TEXT}")] {
            let forms =
                [marked.clone().into_bytes(), utf16(&marked, u16::to_le_bytes), utf16(&marked, u16::to_be_bytes)];
            for bytes in forms {
                assert_eq!(decode(&bytes).unwrap(), TEXT, "{bytes:x?}");
            }
        }
        assert_eq!(decode(b"").unwrap(), "");
    }

    #[test]
    fn what_is_no_text_is_an_error_that_names_the_encoding() {
        assert!(decode(b"ab\xff").unwrap_err().message.contains("UTF-8: byte 3"));
        for bytes in [b"\xff\xfea\0b".as_slice(), b"\xff\xfe\0\xd8"] {
            assert!(decode(bytes).unwrap_err().message.contains("UTF-16"), "{bytes:x?}");
        }
        assert!(misread("S\0E\0T\0").unwrap().message.contains("UTF-16"));
        assert!(misread("\u{fffd}\u{fffd}S\0E\0").is_some() && misread("SET \0").is_some() && misread(TEXT).is_none());
    }
}
