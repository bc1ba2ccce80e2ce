//! What holds for every login attempt, whatever the settings, the token, the user and the moment?

use sqljwt::{Decision, Explanation, Login, Refusal, Remedy, SettingsError, Validator};

use crate::document;

/// One login attempt.
#[derive(Clone, Copy)]
pub(crate) struct Attempt<'a> {
    pub(crate) token: &'a [u8],
    pub(crate) user: &'a str,
    pub(crate) now: i64,
}

/// Asks both ways and returns who may log in: `validate` and `explain` agree, the explanation is a document that keeps to
/// the contract, and neither it nor the refusal holds the token's signature.
pub(crate) fn login(validator: &Validator, attempt: Attempt<'_>) -> (Option<Login>, Explanation) {
    let Attempt { token, user, now } = attempt;
    let decided = validator.validate(token, user, now);
    let explained = validator.explain(token, user, now);
    let document = explained.to_json();
    document::explanation(&document);
    let order: Vec<_> = explained.checks.iter().map(|check| check.check).collect();
    assert_eq!(order, validator.profile().order());
    if let Some(signature) = secret_signature(attempt, &explained) {
        assert!(!document.contains(signature), "the signature `{signature}` is shown: {document}");
        assert!(!explained.to_string().contains(signature), "the signature `{signature}` is in the timeline");
    }
    document::redacted(&explained.clone().redacted().to_json());
    let login = match decided {
        Ok(login) => {
            assert_eq!(explained.decision, Decision::Accept);
            assert_eq!(explained.login.as_ref(), Some(&login));
            Some(login)
        }
        Err(Refusal::Rejected(rejection)) => {
            assert_eq!(explained.decision, Decision::Reject);
            assert_one_line(&rejection.message);
            assert_one_line(&rejection.remedy);
            // That the two agree but for the place and what can be done: `validate` looks for neither.
            let told = explained.reason.clone().map(|mut reason| {
                (reason.position, reason.range) = (None, None);
                reason.remedies.clear();
                reason.remedy.clone_from(&rejection.remedy);
                reason
            });
            assert_eq!(told, Some(rejection));
            for remedy in explained.reason.iter().flat_map(|reason| &reason.remedies) {
                kept(validator, attempt, remedy);
            }
            None
        }
        Err(Refusal::KeysNeeded(keys)) => {
            assert_eq!(explained.decision, Decision::KeysNeeded);
            let told = explained.keys_needed.clone().map(|mut told| {
                told.remedies.clear();
                told
            });
            assert_eq!(told, Some(keys));
            None
        }
        Err(other) => panic!("an unknown kind of refusal: {other}"),
    };
    (login, explained)
}

/// A change that is offered can be made, and the login then gives what was promised.
fn kept(validator: &Validator, attempt: Attempt<'_>, remedy: &Remedy) {
    assert_one_line(&remedy.message);
    let Some(edits) = &remedy.edits else { return };
    let changed = validator.settings().with(edits).unwrap_or_else(|error| panic!("{}: {error}", remedy.message));
    let changed = Validator::new(&changed).unwrap_or_else(|error| panic!("{}: {error}", remedy.message));
    let after = remedy.after.as_ref().unwrap_or_else(|| panic!("{}: nothing was tried", remedy.message));
    let (decision, user, code) = match changed.validate(attempt.token, attempt.user, attempt.now) {
        Ok(login) => (Decision::Accept, Some(login.user), None),
        Err(Refusal::Rejected(rejection)) => (Decision::Reject, None, Some(rejection.code)),
        Err(Refusal::KeysNeeded(_)) => (Decision::KeysNeeded, None, None),
        Err(other) => panic!("an unknown kind of refusal: {other}"),
    };
    assert_eq!((decision, user, code), (after.decision, after.user.clone(), after.code), "{}", remedy.message);
}

/// Settings that cannot be used say what is wrong with them, where, and what to do.
pub(crate) fn refused(text: &str, error: &SettingsError) {
    assert_eq!(error.code.check().as_str(), "settings");
    assert_one_line(&error.message);
    assert_one_line(&error.remedy);
    let Some(position) = error.position else { return };
    let line = text.split('\n').nth(position.line as usize - 1);
    let Some(line) = line else { panic!("line {} of {text:?}", position.line) };
    assert!(position.column as usize <= line.chars().count() + 1, "column {} of {line:?}", position.column);
}

/// The token's third part, if it is long enough to be recognised and stands nowhere in what may be shown.
fn secret_signature<'a>(attempt: Attempt<'a>, explanation: &Explanation) -> Option<&'a str> {
    const RECOGNISED: usize = 24;
    let token = std::str::from_utf8(attempt.token).ok()?;
    let parts: Vec<_> = token.split('.').collect();
    let &[_, _, signature] = &*parts else { return None };
    if signature.len() < RECOGNISED || attempt.user.contains(signature) {
        return None;
    }
    let view = explanation.token.as_ref()?;
    let read = |part: &Option<Box<serde_json::value::RawValue>>| {
        part.as_ref().is_some_and(|part| {
            // Undoes the escapes of JSON; a number that Rust cannot hold is no hiding place for a signature.
            let plain = serde_json::from_str::<serde_json::Value>(part.get()).map(|value| value.to_string());
            part.get().contains(signature) || plain.is_ok_and(|plain| plain.contains(signature))
        })
    };
    (!read(&view.header) && !read(&view.claims)).then_some(signature)
}

pub(crate) fn assert_one_line(text: &str) {
    assert!(!text.is_empty() && !text.contains(['\n', '\r', '\0']), "{text:?}");
}
