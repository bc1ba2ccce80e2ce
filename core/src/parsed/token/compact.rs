//! Is this text one compact signed token? Three parts of canonical base64url with two dots between them (RFC 7515
//! section 7.1), and nothing around them.

use alloc::{format, string::String, vec::Vec};

use super::cut::{Cut, SEND_THE_WHOLE};
use crate::ground::{
    base64url,
    json::{Document, Duplicates},
    reason::ReasonCode,
    text::shown,
};

/// A compact token taken apart and decoded.
#[derive(Debug)]
pub(crate) struct Parts<'t> {
    /// Header and payload as they stand in the text: what the signature covers.
    pub(crate) signing_input: &'t [u8],
    /// Header, payload and signature, decoded, one after the other.
    decoded: Vec<u8>,
    header_end: usize,
    payload_end: usize,
}

impl<'t> Parts<'t> {
    /// A token as somebody else reads it, whose signature covers another text than this.
    pub(super) fn reread(signing_input: &'t [u8], header: &str, payload: &str, signature: &[u8]) -> Self {
        let decoded = [header.as_bytes(), payload.as_bytes(), signature].concat();
        Self { signing_input, decoded, header_end: header.len(), payload_end: header.len() + payload.len() }
    }
}

impl Parts<'_> {
    pub(crate) fn header(&self) -> &[u8] {
        self.decoded.get(..self.header_end).unwrap_or_default()
    }

    pub(crate) fn payload(&self) -> &[u8] {
        self.decoded.get(self.header_end..self.payload_end).unwrap_or_default()
    }

    /// How long the token's text is.
    pub(crate) fn text_bytes(&self) -> usize {
        // OK because a signature of n bytes has 4n/3 characters, rounded up.
        self.signing_input.len() + 1 + (self.signature().len() * 4).div_ceil(3)
    }

    pub(crate) fn signature(&self) -> &[u8] {
        self.decoded.get(self.payload_end..).unwrap_or_default()
    }
}

/// Why a text is no compact signed token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ShapeDefect {
    pub(crate) code: ReasonCode,
    pub(crate) message: String,
    pub(crate) remedy: Option<&'static str>,
}

/// Takes a token apart.
pub(crate) fn split(token: &[u8], bytes_max: usize) -> Result<Parts<'_>, ShapeDefect> {
    if token.is_empty() {
        return Err(defect(ReasonCode::TokenEmpty, "the token is empty"));
    }
    if token.len() > bytes_max {
        let message = format!("the token is {} bytes long; this server reads at most {bytes_max}", token.len());
        return Err(ShapeDefect { code: ReasonCode::TokenTooLarge, message, remedy: None });
    }
    if let Some(defect) = wrapped(token) {
        return Err(defect);
    }
    let Some([header, payload, signature]) = three(token) else { return Err(wrong_count(token)) };
    let signing_input = token.get(..header.len() + 1 + payload.len()).unwrap_or_default();
    let mut decoded = Vec::with_capacity(token.len());
    decode("header", header, &mut decoded)?;
    let header_end = decoded.len();
    decode("payload", payload, &mut decoded)?;
    let payload_end = decoded.len();
    decode("signature", signature, &mut decoded).map_err(|defect| cut(token, defect.code).unwrap_or(defect))?;
    Ok(Parts { signing_input, decoded, header_end, payload_end })
}

/// The parts of a text with two dots.
fn three(token: &[u8]) -> Option<[&[u8]; 3]> {
    let (header, rest) = at_dot(token)?;
    let (payload, signature) = at_dot(rest)?;
    (!signature.contains(&b'.')).then_some([header, payload, signature])
}

/// What stands before the first dot, and what after it.
fn at_dot(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let (before, rest) = text.split_at_checked(text.iter().position(|&byte| byte == b'.')?)?;
    Some((before, rest.get(1..)?))
}

fn decode(name: &str, part: &[u8], decoded: &mut Vec<u8>) -> Result<(), ShapeDefect> {
    if base64url::decode_into(part, decoded) {
        return Ok(());
    }
    let message = format!("the token's {name} is not base64url: {}", base64_defect(part));
    Err(ShapeDefect { code: ReasonCode::TokenBadBase64, message, remedy: None })
}

fn base64_defect(part: &[u8]) -> String {
    let text = String::from_utf8_lossy(part);
    let foreign = text.chars().enumerate().find(|&(_, c)| !(c.is_ascii_alphanumeric() || c == '-' || c == '_'));
    match foreign {
        Some(_)
            if text
                .trim_end_matches('=')
                .bytes()
                .all(|byte| matches!(byte, b'-' | b'_') || byte.is_ascii_alphanumeric()) =>
        {
            "it is padded with `=`".into()
        }
        Some((at, character @ ('+' | '/'))) => {
            format!("`{character}` at character {} belongs to base64, not to base64url", at + 1)
        }
        Some((at, character)) => {
            format!("character {} is `{}`", at + 1, shown(character.encode_utf8(&mut [0; 4])))
        }
        None if part.len() % 4 == 1 => format!("of its {} characters one is missing or too many", part.len()),
        None => "its last character was changed, or one after it is missing".into(),
    }
}

/// A token whose end is missing, told as that.
fn cut(token: &[u8], code: ReasonCode) -> Option<ShapeDefect> {
    let message = Cut::find(token)?.message(token.len());
    Some(ShapeDefect { code, message, remedy: Some(SEND_THE_WHOLE) })
}

/// What people send around a token instead of the token alone.
fn wrapped(token: &[u8]) -> Option<ShapeDefect> {
    let (message, remedy) = match token {
        [b'{', ..] if is_json_serialization(token) => (
            "the text is a token in JSON serialization; only the compact form is a login token",
            "request the token in compact form: three base64url parts with two dots between them",
        ),
        [b'{', ..] => ("the text begins with `{`: it is not a JSON Web Token", "send the token alone"),
        [b'"' | b'\'', ..] | [.., b'"' | b'\''] => {
            ("the token stands in quotes", "send the token without the quotes around it")
        }
        [0xef, 0xbb, 0xbf, ..] => {
            ("a byte order mark stands before the token", "save the token without a byte order mark")
        }
        _ if token.get(..7).is_some_and(|start| start.eq_ignore_ascii_case(b"bearer ")) => {
            ("`Bearer ` stands before the token", "send the token without the word `Bearer`")
        }
        [first, ..] if is_space(*first) => {
            ("white space stands before the token", "send the token without the white space before it")
        }
        [.., b'\n' | b'\r'] => ("a line end stands after the token", "send the token without the line end after it"),
        [.., last] if is_space(*last) => {
            ("white space stands after the token", "send the token without the white space after it")
        }
        [.., 0] => ("a NUL byte stands after the token", "send the token without the NUL byte after it"),
        _ => return None,
    };
    Some(ShapeDefect { remedy: Some(remedy), ..defect(ReasonCode::TokenMalformed, message) })
}

/// RFC 7515 section 7.2.
fn is_json_serialization(text: &[u8]) -> bool {
    let Ok(text) = core::str::from_utf8(text) else { return false };
    let Ok(document) = Document::parse(text, Duplicates::LastWins) else { return false };
    let has = |name| document.root().member(name).is_some();
    has("payload") && (has("signatures") || has("signature"))
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t'..=b'\r')
}

fn wrong_count(token: &[u8]) -> ShapeDefect {
    if let Some(defect) = cut(token, ReasonCode::TokenMalformed) {
        return defect;
    }
    let dots = token.iter().filter(|&&byte| byte == b'.').count();
    match dots {
        4 if !names_encryption(token) => ShapeDefect {
            remedy: Some("send one signed token alone: three parts with two dots between them"),
            ..defect(
                ReasonCode::TokenEncrypted,
                "the text has five parts as encrypted tokens (JWE) have, and its header names no encryption",
            )
        },
        4 => defect(ReasonCode::TokenEncrypted, "the token has five parts: it is encrypted (JWE), not signed (JWS)"),
        0 => defect(ReasonCode::TokenMalformed, "the text has no dots: it is not a JSON Web Token"),
        1 => defect(
            ReasonCode::TokenMalformed,
            "the text has two parts instead of three, and the first is no token's header: it is not a JSON Web Token",
        ),
        _ => {
            let message = format!("the token has {} parts instead of three", dots.saturating_add(1));
            ShapeDefect { code: ReasonCode::TokenMalformed, message, remedy: None }
        }
    }
}

/// Whether the first part is a header with `enc` (RFC 7516 section 4.1.2).
fn names_encryption(token: &[u8]) -> bool {
    let header = at_dot(token).and_then(|(header, _)| base64url::decode(core::str::from_utf8(header).ok()?));
    let header = header.and_then(|header| String::from_utf8(header).ok()).unwrap_or_default();
    Document::parse(&header, Duplicates::LastWins).is_ok_and(|header| header.root().member("enc").is_some())
}

fn defect(code: ReasonCode, message: &str) -> ShapeDefect {
    ShapeDefect { code, message: message.into(), remedy: None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::limits::TOKEN_BYTES_DEFAULT;

    fn code(token: &str) -> ReasonCode {
        split(token.as_bytes(), TOKEN_BYTES_DEFAULT).unwrap_err().code
    }

    #[test]
    fn three_parts_are_decoded() {
        let parts = split(b"e30.e30.AQI", TOKEN_BYTES_DEFAULT).unwrap();
        assert_eq!(parts.signing_input, b"e30.e30");
        assert_eq!((parts.header(), parts.payload(), parts.signature()), (&b"{}"[..], &b"{}"[..], &[1, 2][..]));
    }

    #[test]
    fn an_empty_signature_is_a_matter_of_the_signature_check() {
        assert!(split(b"e30.e30.", TOKEN_BYTES_DEFAULT).is_ok());
    }

    #[test]
    fn another_number_of_parts_is_malformed_and_five_are_encrypted() {
        for token in ["e30", "e30.e30", "e30.e30.e30.e30", "e30.e30.e30.e30.e30.e30"] {
            assert_eq!(code(token), ReasonCode::TokenMalformed, "{token}");
        }
        assert_eq!(code("e30.e30.e30.e30.e30"), ReasonCode::TokenEncrypted);
        assert_eq!(code(""), ReasonCode::TokenEmpty);
    }

    #[test]
    fn what_stands_around_a_token_is_named() {
        for (token, word) in [
            (" e30.e30.AQ", "before"),
            ("e30.e30.AQ\n", "line end"),
            ("e30.e30.AQ\t", "after"),
            ("\"e30.e30.AQ\"", "quotes"),
            ("Bearer e30.e30.AQ", "Bearer"),
            ("\u{feff}e30.e30.AQ", "byte order mark"),
            ("e30.e30.AQ\0", "NUL"),
            ("{\"payload\":\"\",\"signature\":\"\"}", "JSON serialization"),
            ("{\"access_token\":\"\"}", "begins with `{`"),
            ("{JWT_TOKEN}", "begins with `{`"),
        ] {
            let defect = split(token.as_bytes(), TOKEN_BYTES_DEFAULT).unwrap_err();
            assert_eq!(defect.code, ReasonCode::TokenMalformed, "{token:?}");
            assert!(defect.message.contains(word), "{}", defect.message);
        }
    }

    #[test]
    fn only_canonical_unpadded_base64url_decodes() {
        for (part, word) in [
            ("e30=", "padded"),
            ("a=e30", "character 2 is `=`"),
            ("e3+0", "belongs to base64"),
            ("e 30", "character 2"),
            ("e3\u{200b}0", "\\u{200b}"),
            ("e30f1", "5 characters"),
            ("e31", "last character"),
        ] {
            let defect = split(format!("e30.{part}.AQ").as_bytes(), TOKEN_BYTES_DEFAULT).unwrap_err();
            assert_eq!(defect.code, ReasonCode::TokenBadBase64);
            assert!(defect.message.contains(word), "{}", defect.message);
        }
    }

    #[test]
    fn the_longest_token_is_read_and_a_longer_one_is_not() {
        let longest = format!("e30.e30.{}", "A".repeat(TOKEN_BYTES_DEFAULT - 8));
        assert!(split(longest.as_bytes(), TOKEN_BYTES_DEFAULT).is_ok());
        assert_eq!(code(&(longest + "A")), ReasonCode::TokenTooLarge);
    }
}
