//! Does the database let in what was refused here? Told of the cause at hand, and only where nothing else keeps it out.

use alloc::{format, string::String, vec::Vec};

use crate::{
    answers::failure::Failure,
    ground::{base64url, json::Value, reason::ReasonCode},
    judging::{attempt::Attempt, run::decide},
    parsed::token::{UnverifiedToken, VerifiedToken, compact},
    rules::policy::issuer::Keys,
    telling::document::Advice,
};

/// Says so where CockroachDB does not make the check that refused the login, and makes none of the others that failed.
pub(super) fn warning<'f>(
    mut failures: impl Iterator<Item = &'f Failure>,
    attempt: &Attempt<'_>,
    text: &[u8],
) -> Option<Advice> {
    let failure = failures.next()?;
    let message = match spelling(failure.code, attempt, text) {
        Some(spelling) => format!("CockroachDB itself {spelling}, and takes this token"),
        None => {
            let database = not_made(failure.code)?;
            // What else failed keeps the token out of the database too, unless it is of the same kind.
            if !failures.all(|other| not_made(other.code).is_some()) || !may_be_signed(attempt) {
                return None;
            }
            format!("CockroachDB itself {database}, and may let this token in")
        }
    };
    let warning = Advice::warning(failure.code.check(), message, "do not rely on the database to refuse such tokens");
    Some(Advice { code: Some(failure.code), ..warning })
}

/// What the database does in the place of a check.
fn not_made(code: ReasonCode) -> Option<&'static str> {
    Some(match code {
        ReasonCode::CritUnsupported => "ignores the header member `crit`",
        ReasonCode::ZipUnsupported => "ignores the header member `zip`",
        ReasonCode::CtyNested => "ignores the header member `cty`",
        ReasonCode::TypNotAllowed => "does not look at the token's type",
        ReasonCode::CnfUnsupported => "takes a key-bound token for a bearer token",
        ReasonCode::KeyWeak => "verifies under such a key",
        ReasonCode::KeyNotForVerify => "ignores the key's `key_ops`",
        ReasonCode::KeyIssuerMismatch => "lets every key of the set sign for every issuer",
        ReasonCode::PayloadDuplicateMember | ReasonCode::HeaderDuplicateMember => {
            "takes the last of the members of one name"
        }
        ReasonCode::ExpMissing => "takes a token without `exp` for one that never expires",
        ReasonCode::EmailUnverified => "does not look at `email_verified`",
        _ => return None,
    })
}

/// Whether the signature verifies under the key that the token names, or that cannot be known here: the header cannot be read, the
/// keys have to be fetched, or the key is one that only the database verifies with.
fn may_be_signed(attempt: &Attempt<'_>) -> bool {
    let (Ok(header), Keys::Set(keys)) = (attempt.token.header(), &*attempt.policy().keys) else { return true };
    let text = |name| header.member(name).and_then(Value::string);
    let Some(algorithm) = text("alg").and_then(|alg| alg.parse().ok()) else { return false };
    let Some(entry) = text("kid").and_then(|kid| keys.find(&kid)) else { return false };
    match &entry.state {
        Ok(key) => VerifiedToken::verify(attempt.token, key, algorithm).is_some(),
        Err(unusable) => unusable.verifies_in_the_database,
    }
}

/// How the database spells a token that is not spelt as it was issued, if that token would log in.
fn spelling(code: ReasonCode, attempt: &Attempt<'_>, text: &[u8]) -> Option<&'static str> {
    if !matches!(code, ReasonCode::TokenBadBase64 | ReasonCode::TokenMalformed) {
        return None;
    }
    let text = core::str::from_utf8(text).ok()?;
    let read = as_the_database_reads(text)?;
    let parts = compact::split(read.as_bytes(), attempt.compiled.max_token_bytes);
    let token = UnverifiedToken::read(&parts);
    let login = decide(Attempt::new(attempt.compiled, &token, attempt.requested, attempt.now));
    login.is_ok().then_some(())?;
    Some(if text.trim() != text {
        "takes white space off both ends of a token"
    } else if text.contains(['\r', '\n']) {
        "reads over line ends inside a token"
    } else if text.contains(['+', '/', '=']) {
        "also decodes padded base64 and the standard alphabet"
    } else {
        "reads over the last bits of a part"
    })
}

/// The token in the one spelling that is taken here: white space around it and line ends inside it taken out, each part in
/// base64url and without padding (cockroachdb: `jws.Parse` of its token library).
fn as_the_database_reads(text: &str) -> Option<String> {
    let text = text.trim();
    let parts: Vec<&str> = text.split('.').collect();
    let [header, claims, signature] = parts.as_slice() else { return None };
    let plain = |part: &str| base64url::decode_lenient(part).map(|bytes| base64url::encode(&bytes));
    let read = format!("{}.{}.{}", plain(header)?, plain(claims)?, plain(signature)?);
    Some(read)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_database_reads_some_spellings_and_not_others() {
        for text in ["e30.e30.AQ", " e30.e30.AQ\n", "e3\n0.e30.AQ", "e30=.e30=.AQ==", "e30.e30.AR"] {
            assert_eq!(as_the_database_reads(text).as_deref(), Some("e30.e30.AQ"), "{text:?}");
        }
        // White space inside, a part of an impossible length, wrong padding, both alphabets at once, something around it.
        for text in
            ["e3 0.e30.AQ", "e30.e30.AQIDA", "e30==.e30.AQ", "e30.e30._+8", "\"e30.e30.AQ\"", "e30.e30", "e30.e30.AQ\0"]
        {
            assert_eq!(as_the_database_reads(text), None, "{text:?}");
        }
    }
}
