//! Is this meant as a token? For a server that takes passwords too, before anything is read.

/// Shorter texts that begin as a header with white space does can well be somebody's password.
const UNUSUAL_BYTES_MIN: usize = 64;

/// Whether what a client sent in the place of a password is meant as a token: a token's first bytes are those of `{"`,
/// `eyJ` in base64url. One that was cut, or copied with the blanks or the word `Bearer` before it, counts as one too.
///
/// It lets nobody in. A server that takes tokens beside passwords asks it which of the two to check, so that no token, good
/// or bad, is handed to whoever checks passwords.
///
/// # Example
/// ```
/// assert!(sqljwt::looks_like_token("eyJhbGciOiJSUzI1NiIsImtpZCI6ImsxIn0.eyJpc3Mi"));
/// assert!(!sqljwt::looks_like_token("correct horse battery staple"));
/// ```
#[must_use]
pub fn looks_like_token(password: impl AsRef<[u8]>) -> bool {
    let bytes = without_scheme(trimmed(password.as_ref()));
    // A header that begins with a blank or a line's end is well formed.
    let unusual = [b"eyA", b"ewo", b"ew0", b"ewk"];
    bytes.starts_with(b"eyJ")
        || bytes.len() >= UNUSUAL_BYTES_MIN && unusual.iter().any(|&begin| bytes.starts_with(begin))
}

/// Without blanks and control characters before it.
fn trimmed(bytes: &[u8]) -> &[u8] {
    let begin = bytes.iter().position(|&byte| byte > b' ').unwrap_or(bytes.len());
    bytes.get(begin..).unwrap_or_default()
}

/// What stands behind `Bearer `, as in the header field of HTTP.
fn without_scheme(bytes: &[u8]) -> &[u8] {
    match bytes.split_at_checked(b"Bearer ".len()) {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case(b"Bearer ") => trimmed(rest),
        _ => bytes,
    }
}

#[cfg(test)]
mod tests {
    use alloc::{format, string::String};

    use super::*;

    #[test]
    fn a_cut_token_is_still_one() {
        for token in ["eyJ", "eyJhbGciOi", " eyJhbGciOi", "\n\teyJ", "Bearer eyJhbGciOi", "bearer  eyJ", "\0\x0beyJ"] {
            assert!(looks_like_token(token), "{token:?}");
        }
    }

    #[test]
    fn headers_with_white_space_are_told_by_their_length() {
        for begin in ["eyA", "ewo", "ew0", "ewk"] {
            let filled = |len: usize| format!("{begin}{}", String::from("A").repeat(len - begin.len()));
            assert!(looks_like_token(filled(UNUSUAL_BYTES_MIN)) && !looks_like_token(filled(UNUSUAL_BYTES_MIN - 1)));
        }
    }

    #[test]
    fn passwords_are_none() {
        for password in ["", "e", "ey", "eyj", "EYJ", "ewok", "Bearer", "Bearer ", "xeyJ", "{\"alg\""] {
            assert!(!looks_like_token(password), "{password:?}");
        }
        assert!(!looks_like_token([0xff, 0xfe]));
    }
}
