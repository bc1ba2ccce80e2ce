//! Would the token do without what stands around it?

use alloc::{format, vec::Vec};

use crate::{
    answers::refusal::Refusal,
    ground::{reason::Check, text::shown},
    judging::{attempt::Attempt, run::decide},
    parsed::token::{UnverifiedToken, compact},
    telling::near_miss::hint::Hint,
};

/// Tries the token without white space, quotes, a byte order mark, a NUL or the word `Bearer` around it.
pub(super) fn wrapped(text: &[u8], attempt: &Attempt<'_>) -> Vec<Hint> {
    let token = unwrapped(text);
    if token.len() == text.len() || token.is_empty() {
        return Vec::new();
    }
    let parts = compact::split(token, attempt.compiled.max_token_bytes);
    let token = UnverifiedToken::read(&parts);
    let verdict = match decide(Attempt::new(attempt.compiled, &token, attempt.requested, attempt.now)) {
        Ok(login) => format!("log in as `{}`", shown(&login.user)),
        Err(Refusal::KeysNeeded(_)) => "be judged once the issuer's keys are fetched".into(),
        // Nothing is gained by unwrapping what is no token.
        Err(Refusal::Rejected(rejection)) if is_no_token(rejection.code.check()) => return Vec::new(),
        Err(Refusal::Rejected(rejection)) => format!("still be refused: {}", rejection.message),
    };
    let message = format!("without what stands around it the token would {verdict}");
    [Hint::new(message, "send the token alone: no white space, quotes or `Bearer` around it")].into()
}

/// Whether a check says that a text is no token, or was made before anything looked at it.
fn is_no_token(check: Check) -> bool {
    matches!(check, Check::Settings | Check::Enabled | Check::Token)
}

fn unwrapped(text: &[u8]) -> &[u8] {
    let mut token = text;
    loop {
        let before = token.len();
        token = token.trim_ascii();
        token = token.strip_prefix(b"\xef\xbb\xbf").unwrap_or(token);
        token = token.strip_suffix(b"\0").unwrap_or(token);
        for quote in [b"\"", b"'"] {
            token = token.strip_prefix(quote).unwrap_or(token);
            token = token.strip_suffix(quote).unwrap_or(token);
        }
        if let Some((start, rest)) = token.split_at_checked(7)
            && start.eq_ignore_ascii_case(b"bearer ")
        {
            token = rest;
        }
        if token.len() == before {
            return token;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::unwrapped;

    #[test]
    fn every_wrapping_comes_off() {
        for text in ["a.b.c", " a.b.c\n", "\"a.b.c\"", "Bearer a.b.c", "\u{feff}'bearer  a.b.c'\r\n", "a.b.c\0"] {
            assert_eq!(unwrapped(text.as_bytes()), b"a.b.c", "{text:?}");
        }
    }
}
