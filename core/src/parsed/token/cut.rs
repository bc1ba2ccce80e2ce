//! Was the end of this token lost on its way? What its text alone shows: whole parts are JSON, and a signature is as long
//! as its algorithm makes it.

use alloc::{format, string::String, vec::Vec};

use crate::{
    ground::{
        base64url,
        json::{Document, Duplicates, Value},
    },
    parsed::keys::Algorithm,
};

/// Where a token ends that is not whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cut {
    /// Within its header.
    Header,
    /// Within its claims.
    Claims,
    /// Before its signature.
    NoSignature,
    /// Within its signature.
    Signature {
        /// How many whole bytes of it are there.
        bytes: usize,
        /// How many it has when it is whole; `None` where only the key tells.
        whole: Option<usize>,
    },
}

impl Cut {
    /// Finds the place in a text that begins as a token does.
    pub(crate) fn find(token: &[u8]) -> Option<Self> {
        let text = core::str::from_utf8(token).ok().filter(|text| text.bytes().all(is_of_tokens))?;
        let mut parts = text.split('.');
        let header = parts.next()?;
        let claims = parts.next();
        let signature = parts.next();
        if parts.next().is_some() || !begins_object(header) {
            return None;
        }
        let Some(claims) = claims else { return is_header_alone(header).then_some(Self::Header) };
        let header = whole_bytes(header);
        let header = Document::parse(core::str::from_utf8(&header).ok()?, Duplicates::LastWins).ok()?;
        let algorithm = header.root().member("alg").and_then(Value::string)?;
        let Some(signature) = signature else {
            if has_more_behind(&String::from_utf8_lossy(&whole_bytes(claims))) {
                return None;
            }
            return Some(if is_object(claims) { Self::NoSignature } else { Self::Claims });
        };
        // An unsigned token ends with its second dot.
        if signature.is_empty() {
            return (!algorithm.eq_ignore_ascii_case("none")).then_some(Self::NoSignature);
        }
        let bytes = bytes_of(signature);
        let is_rsa = algorithm.starts_with("RS") || algorithm.starts_with("PS");
        let whole = signature_bytes(&algorithm);
        let short = match whole {
            Some(whole) => bytes < whole,
            None => is_rsa && (bytes < RSA_BYTES_MIN || base64url::decode(signature).is_none() && !is_usual(signature)),
        };
        short.then_some(Self::Signature { bytes, whole })
    }

    /// The fact, for a token of which so many bytes arrived.
    pub(crate) fn message(self, arrived: usize) -> String {
        match self {
            Self::Header => format!("the token is cut within its header: {arrived} bytes arrived"),
            Self::Claims => {
                format!("the token is cut within its claims: {arrived} bytes arrived, and the signature is missing")
            }
            Self::NoSignature => format!("the token is cut: {arrived} bytes arrived, and the signature is missing"),
            Self::Signature { bytes, whole: Some(whole) } => {
                format!("the token is cut: {arrived} bytes arrived, and the signature has {bytes} of {whole} bytes")
            }
            Self::Signature { bytes, whole: None } => {
                format!("the token is cut: {arrived} bytes arrived, and the signature ends after {bytes} bytes")
            }
        }
    }
}

/// Whether a token's signature is as long as those of its algorithm and of usual keys are: nothing is missing and nothing is
/// too much.
pub(crate) fn is_of_usual_length(token: &str) -> bool {
    let mut parts = token.split('.');
    let (Some(header), Some(signature)) = (parts.next(), parts.nth(1)) else { return false };
    let header = whole_bytes(header);
    let text = core::str::from_utf8(&header).unwrap_or_default();
    let Ok(header) = Document::parse(text, Duplicates::LastWins) else { return false };
    let algorithm = header.root().member("alg").and_then(Value::string).unwrap_or_default();
    match signature_bytes(&algorithm) {
        Some(whole) => signature.len() == (whole * 4).div_ceil(3),
        None => is_usual(signature),
    }
}

/// How long the signatures of an algorithm of that name are; `None` where only the key tells.
fn signature_bytes(algorithm: &str) -> Option<usize> {
    match algorithm {
        "HS256" => Some(32),
        "HS384" => Some(48),
        "HS512" | "ES256K" => Some(64),
        name => name.parse().ok().and_then(Algorithm::signature_bytes),
    }
}

/// What to do about a token that is cut.
pub(crate) const SEND_THE_WHOLE: &str =
    "send the whole token: look for a limit on the length of passwords in the client, the driver or the pooler";

/// The shortest signature of an RSA key that is accepted: 2048 bits.
const RSA_BYTES_MIN: usize = 256;

/// How many characters the signatures of usual RSA keys have: 2048, 3072, 4096 and 8192 bits.
fn is_usual(signature: &str) -> bool {
    matches!(signature.len(), 342 | 512 | 683 | 1366)
}

/// Whether what is there of a text without dots is a token's header and not base64 of anything else.
fn is_header_alone(part: &str) -> bool {
    const FIRST: [&str; 9] = ["alg", "typ", "kid", "cty", "x5t", "jku", "jwk", "x5c", "enc"];
    let bytes = whole_bytes(part);
    let text = String::from_utf8_lossy(&bytes);
    // A whole header with more behind it has lost its dot, not its end.
    if has_more_behind(&text) {
        return false;
    }
    let Some((_, rest)) = text.split_once('"') else { return part.len() < 8 };
    // The name may be cut itself.
    let name = rest.split('"').next().unwrap_or_default();
    FIRST.iter().any(|first| *first == name || rest.len() < 3 && first.starts_with(name))
}

/// Whether the text is a JSON value with something behind it.
fn has_more_behind(text: &str) -> bool {
    let Err(error) = Document::parse(text, Duplicates::LastWins) else { return false };
    let before = text.get(..error.offset).unwrap_or_default().trim_ascii_end();
    before.ends_with('}') && Document::parse(before, Duplicates::LastWins).is_ok()
}

fn is_of_tokens(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.')
}

/// Whether what is there of a part begins like a JSON object.
pub(crate) fn begins_object(part: &str) -> bool {
    let start = part.get(..part.len().min(16)).unwrap_or_default();
    let bytes = whole_bytes(start);
    let mut rest = bytes.trim_ascii_start().iter();
    rest.next() == Some(&b'{')
        && rest.find(|byte| !byte.is_ascii_whitespace()).is_none_or(|&byte| matches!(byte, b'"' | b'}'))
}

fn is_object(part: &str) -> bool {
    let bytes = base64url::decode(part).unwrap_or_default();
    core::str::from_utf8(&bytes).is_ok_and(|text| Document::parse(text, Duplicates::LastWins).is_ok())
}

/// The bytes that the whole characters of a part stand for; nothing where it is no base64url.
fn whole_bytes(part: &str) -> Vec<u8> {
    let quads = part.len() / 4 * 4;
    let start = part.get(..quads).and_then(base64url::decode).unwrap_or_default();
    if quads == part.len() { start } else { base64url::decode(part).unwrap_or(start) }
}

/// How many whole bytes so many characters hold.
fn bytes_of(part: &str) -> usize {
    part.len() / 4 * 3 + [0, 0, 1, 2].get(part.len() % 4).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `{"alg":"ES256"}` and `{"sub":"a"}`.
    const HEADER: &str = "eyJhbGciOiJFUzI1NiJ9";
    const CLAIMS: &str = "eyJzdWIiOiJhIn0";

    #[test]
    fn every_place_where_a_token_ends_too_early_is_told() {
        let whole = format!("{HEADER}.{CLAIMS}.{}", "A".repeat(86));
        assert_eq!(Cut::find(whole.as_bytes()), None);
        for length in 6..whole.len() {
            let cut = Cut::find(&whole.as_bytes()[..length]);
            let signature = length.saturating_sub(HEADER.len() + CLAIMS.len() + 2);
            let expected = match length {
                ..=20 => Cut::Header,
                21..=35 => Cut::Claims,
                36..=37 => Cut::NoSignature,
                _ => Cut::Signature { bytes: signature * 3 / 4, whole: Some(64) },
            };
            assert_eq!(cut, Some(expected), "{length}");
        }
    }

    #[test]
    fn other_texts_are_not_cut_tokens() {
        for text in
            ["", "password", "a.b", "a.b.c", "eyJhbGciOiJub25lIn0.e30.", "eyJmb28iOjF9", "eyJ.eyJ", "e30.e30.e30.e30"]
        {
            assert_eq!(Cut::find(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn without_the_key_a_signature_of_rsa_is_cut_where_it_cannot_be_whole() {
        let header = "eyJhbGciOiJSUzI1NiJ9";
        for (length, is_cut) in [(1, true), (341, true), (342, false), (343, false), (345, true), (512, false)] {
            let token = format!("{header}.{CLAIMS}.{}", "A".repeat(length));
            assert_eq!(Cut::find(token.as_bytes()).is_some(), is_cut, "{length}");
        }
    }
}
