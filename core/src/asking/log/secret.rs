//! What of a log's text must not come back: tokens, and what looks like parts of them.

use alloc::{borrow::Cow, string::String};

use crate::ground::base64url;

/// What stands for a token.
pub(super) const TOKEN: &str = "(a token, not shown)";

/// What stands for a long text that may be part of a token, or of a key.
const LONG: &str = "(a long text, not shown)";

/// What to do about a token in a log.
pub(super) const REMEDY: &str = "a token stands in the log, and whoever reads the log can log in with it until it expires: revoke it at the identity \
     provider or wait until it has expired, blank it in the log and in its copies, and keep the program that wrote it from logging tokens";

/// Longest run of letters and digits in mixed case that is no part of a signature; one of RSA has 342 letters, of P-256 86.
const RUN_MAX: usize = 60;

/// Shortest text that is taken for an opaque token behind `Bearer`.
const OPAQUE_MIN: usize = 16;

/// The text without its tokens, and whether there were any.
pub(super) fn blanked(text: &str) -> (Cow<'_, str>, bool) {
    let (mut kept, mut token, mut changed) = (String::new(), false, false);
    let mut rest = text;
    let mut bearer = false;
    while !rest.is_empty() {
        let end = rest.find(|letter| !is_of_token(letter)).unwrap_or(rest.len());
        let (run, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
        match held(run, bearer) {
            Some(instead) => {
                token |= instead == TOKEN;
                changed = true;
                kept.push_str(instead);
            }
            None => kept.push_str(run),
        }
        if !run.is_empty() {
            bearer = run.eq_ignore_ascii_case("bearer");
        }
        let end = after.find(is_of_token).unwrap_or(after.len());
        let (between, after) = after.split_at_checked(end).unwrap_or((after, ""));
        kept.push_str(between);
        rest = after;
    }
    if changed { (Cow::Owned(kept), token) } else { (Cow::Borrowed(text), false) }
}

const fn is_of_token(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.' | '%' | '+' | '~')
}

/// What stands for a run of a token's letters; nothing where it may be shown.
fn held(run: &str, bearer: bool) -> Option<&'static str> {
    let opaque = bearer && run.len() >= OPAQUE_MIN && run.bytes().any(|byte| byte.is_ascii_digit());
    if opaque || is_token(run) {
        return Some(TOKEN);
    }
    let (mut upper, mut lower, mut digit) = (false, false, false);
    for byte in run.bytes() {
        upper |= byte.is_ascii_uppercase();
        lower |= byte.is_ascii_lowercase();
        digit |= byte.is_ascii_digit();
    }
    let long = || run.split(['.', '%']).any(|piece| piece.len() > RUN_MAX);
    (upper && lower && digit && long()).then_some(LONG)
}

/// Whether the run is a token, or the beginning of one: a JSON object in base64url.
fn is_token(run: &str) -> bool {
    run.contains("eyJ") && run.len() >= OPAQUE_MIN
        || run.split(['.', '%']).any(|piece| {
            // White space is allowed before and in a JSON object.
            let head = piece.get(..piece.len().min(64) / 4 * 4).unwrap_or_default();
            head.len() >= 12
                && piece.len() < run.len()
                && base64url::decode_lenient(head).is_some_and(|bytes| {
                    let object = bytes.trim_ascii_start();
                    object.starts_with(b"{")
                        && object.get(1..).is_some_and(|rest| rest.trim_ascii_start().starts_with(b"\""))
                })
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_and_their_parts_are_blanked() {
        for (text, shown, token) in [
            ("a eyJhbGciOiJub25lIn0.eyJpc3MiOiIifQ. b", "a (a token, not shown) b", true),
            ("(eyJhbGciOiJub25lIn0)", "((a token, not shown))", true),
            ("x=ewogICJhbGciOiAiUlMyNTYifQ.e30.AAAA", "x=(a token, not shown)", true),
            ("Authorization: Bearer 0123456789abcdef0", "Authorization: Bearer (a token, not shown)", true),
            ("the bearer of the token", "the bearer of the token", false),
            ("Bearer authentication-failed", "Bearer authentication-failed", false),
            ("https://idp.example/realms/eyJ", "https://idp.example/realms/eyJ", false),
            ("ada.lovelace@corp.example", "ada.lovelace@corp.example", false),
        ] {
            assert_eq!(blanked(text), (shown.into(), token), "{text}");
        }
        let signature = "aB3-".repeat(16);
        assert_eq!(blanked(&signature), (LONG.into(), false));
        assert_eq!(blanked(&signature[..60]).0, signature[..60]);
    }
}
