//! What is to be said of a text that is no token, or of a token that is cut?

use alloc::{borrow::Cow, format, string::String, vec::Vec};

use super::{
    instead,
    layer::Inside,
    limits,
    peel::{Peeled, peel},
    scan,
};
use crate::{
    answers::refusal::Refusal,
    ground::{base64url, json::Value, mend::Mend, reason::ReasonCode, text::shown},
    judging::{attempt::Attempt, run::decide},
    parsed::token::{
        UnverifiedToken, compact,
        cut::{Cut, SEND_THE_WHOLE},
    },
    telling::near_miss::hint::Hint,
};

/// What was sent in the place of a token, or around it.
pub(in crate::telling) fn mistaken(text: &[u8], attempt: &Attempt<'_>) -> Vec<Hint> {
    if text.len() > BYTES_MAX {
        return Vec::new();
    }
    if text.is_empty() {
        let message = "the password field was empty: the client sent no token";
        return [Hint::new(message, Mend::client(instead::LOG_IN_BY_TOKEN))].into();
    }
    if let Some(cut) = Cut::find(text) {
        return limits::known(text.len()).or_else(|| by_its_key(cut, text, attempt)).into_iter().collect();
    }
    let peeled = peel(text);
    match &peeled.inside {
        Inside::Tokens(tokens) => [several(&peeled, tokens, attempt)].into(),
        Inside::Text(inside) if scan::is_token(inside) && Cut::find(inside.as_bytes()).is_none() => {
            let verdict = verdict(inside, attempt);
            // Nothing was taken off: the claims or the header are at fault, and the reason says how.
            if peeled.layers.is_empty() {
                Vec::new()
            } else {
                [one(&peeled, &format!("the token itself would {verdict}"))].into()
            }
        }
        Inside::Text(inside) => without_token(&peeled, inside, text).into_iter().collect(),
    }
}

/// How much of the signature is missing, where only the key tells how long it is.
fn by_its_key(cut: Cut, text: &[u8], attempt: &Attempt<'_>) -> Option<Hint> {
    let Cut::Signature { bytes, whole: None } = cut else { return None };
    // The header and the claims are whole: with any signature the token can be taken apart.
    let rest = text.get(..text.iter().rposition(|&byte| byte == b'.')?.saturating_add(1))?;
    let parts = compact::split(rest, attempt.compiled.max_token_bytes);
    let token = UnverifiedToken::read(&parts);
    let member = |value: Value<'_>, name| value.member(name).and_then(Value::string).map(Cow::into_owned);
    let issuer = member(token.claims().ok()?, "iss")?;
    let id = member(token.header().ok()?, "kid")?;
    let policy = attempt.compiled.policy(&issuer).unwrap_or(&attempt.compiled.common);
    let keys = attempt.keys_of(policy, attempt.rules()).set()?;
    let whole = keys.find(&id)?.state.as_ref().ok()?.signature_bytes();
    let cut = Cut::Signature { bytes, whole: Some(whole) };
    (bytes < whole).then(|| Hint::new(cut.message(text.len()), Mend::client(SEND_THE_WHOLE)))
}

/// The known limit at which a token's end was lost.
pub(in crate::telling) fn cut(text: &[u8]) -> Option<Hint> {
    limits::known(text.len())
}

/// Longer texts are not looked through: twice what a password message carries.
const BYTES_MAX: usize = 131_072;

fn one(peeled: &Peeled, then: &str) -> Hint {
    let facts = peeled.layers.iter().map(|layer| &*layer.fact).collect::<Vec<_>>().join(", and ");
    let fixes = peeled.layers.iter().map(|layer| &*layer.fix).collect::<Vec<_>>().join(", then ");
    let alone = if fixes.contains("send") { "" } else { ", and send the token alone" };
    Hint::new(format!("{facts}; {then}"), Mend::client(format!("{fixes}{alone}")))
}

fn several(peeled: &Peeled, tokens: &[(String, String)], attempt: &Attempt<'_>) -> Hint {
    let told = tokens.iter().map(|(name, token)| {
        let name = if name.starts_with("the ") { name.clone() } else { format!("`{}`", shown(name)) };
        format!("{name} alone would {}", verdict(token, attempt))
    });
    one(peeled, &told.collect::<Vec<_>>().join("; "))
}

/// What the engine would decide of the token.
fn verdict(token: &str, attempt: &Attempt<'_>) -> String {
    let parts = compact::split(token.as_bytes(), attempt.compiled.max_token_bytes);
    let token = UnverifiedToken::read(&parts);
    match decide(attempt.under(attempt.compiled, &token)) {
        Ok(login) => format!("log in as `{}`", shown(&login.user)),
        Err(Refusal::KeysNeeded(_)) => "be judged once the issuer's keys are fetched".into(),
        Err(Refusal::Rejected(rejection)) => format!("still be refused: {}", rejection.message),
    }
}

/// A text in which there is no whole token.
fn without_token(peeled: &Peeled, inside: &str, text: &[u8]) -> Option<Hint> {
    let whole = String::from_utf8_lossy(text);
    if let Some(hint) = shortened(&whole) {
        return Some(hint);
    }
    if let Some(cut) = Cut::find(inside.as_bytes()) {
        let then = cut.message(inside.len());
        let known = limits::known(text.len()).map(|hint| hint.message).unwrap_or(then);
        return Some(match peeled.layers.is_empty() {
            true => Hint::new(known, Mend::client(SEND_THE_WHOLE)),
            false => Hint { remedy: Mend::client(SEND_THE_WHOLE), ..one(peeled, &known) },
        });
    }
    if let Some(hint) = encrypted(inside) {
        return Some(hint);
    }
    // A token that is damaged inside is one all the same, and the reason says where.
    if scan::begins(inside) && inside.contains('.') {
        return None;
    }
    let (message, remedy) = instead::what(inside, &whole);
    Some(Hint::new(message, remedy))
}

/// An ellipsis where the rest of a token was.
fn shortened(whole: &str) -> Option<Hint> {
    let (at, mark) = ["…", "...", "[truncated]", "(truncated)", "<snip>", "[...]", "~~"]
        .iter()
        .find_map(|mark| Some((whole.find(mark)?, mark)))?;
    let before = whole.get(..at)?;
    if !scan::holds_any(before) && !before.ends_with("eyJ") {
        return None;
    }
    let message = format!("the token was shortened for display: `{mark}` stands where the rest of it was cut off");
    Some(Hint::new(message, Mend::client("copy the whole token from where it was issued")))
}

/// Five parts, the first a header that names an encryption.
fn encrypted(text: &str) -> Option<Hint> {
    let parts: Vec<&str> = text.split('.').collect();
    let header = base64url::decode(parts.first()?)?;
    let header = String::from_utf8_lossy(&header);
    if parts.len() != 5 || !header.contains("\"enc\"") {
        return None;
    }
    let direct = header.contains("\"dir\"");
    let (message, remedy) = match direct {
        true => (
            "the token is encrypted (JWE, `alg` is `dir`) for the identity provider itself: Auth0, for example, issues such tokens \
             where no `audience` is requested",
            Mend::client(
                "request the token for the `audience` of an API that is registered with the identity provider, or send the ID token",
            ),
        ),
        false => (
            "the token is encrypted (JWE) for somebody who has the key: nothing in it can be read or verified here",
            Mend::provider(
                "in the identity provider, switch encryption off for this application, so that its tokens are only signed",
            ),
        ),
    };
    Some(Hint::new(message, remedy))
}

/// Whether the failed check is one of those that a text fails that is no token.
pub(in crate::telling) fn is_about_the_text(code: ReasonCode) -> bool {
    use ReasonCode::{HeaderInvalid, PayloadInvalid, TokenBadBase64, TokenEmpty, TokenEncrypted, TokenMalformed};
    matches!(code, TokenEmpty | TokenMalformed | TokenEncrypted | TokenBadBase64 | PayloadInvalid | HeaderInvalid)
}
