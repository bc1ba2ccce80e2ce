//! Assertions whose failure is the explanation.

use sqljwt::{Explanation, Login, ReasonCode, Settings, Validator};

/// Asserts that the token logs in as the SQL user that is requested, and gives the login.
///
/// # Panics
/// It does not; the text is the explanation.
///
/// # Example
/// ```
/// use sqljwt_testing::{Issuer, assert_logs_in};
/// const NOW: i64 = 1_800_000_000;
/// let idp = Issuer::default();
/// let login = assert_logs_in(&idp.settings(), idp.token(NOW).claim("sub", "alice").mint(), "alice", NOW);
/// assert_eq!(login.expires_at, Some(NOW + 3600));
/// ```
#[track_caller]
pub fn assert_logs_in(settings: &impl SettingsOrValidator, token: impl AsRef<[u8]>, user: &str, now: i64) -> Login {
    assert_logs_in_as(settings, token, user, user, now)
}

/// Asserts that the token logs in as that SQL user where the client requests another text: none, or the same name in
/// capitals.
///
/// # Panics
/// As [`assert_logs_in`].
///
/// # Example
/// ```
/// use sqljwt_testing::{Issuer, assert_logs_in_as};
/// const NOW: i64 = 1_800_000_000;
/// let idp = Issuer::default();
/// assert_logs_in_as(&idp.settings(), idp.token(NOW).claim("sub", "alice").mint(), "", "alice", NOW);
/// ```
#[track_caller]
pub fn assert_logs_in_as(
    settings: &impl SettingsOrValidator,
    token: impl AsRef<[u8]>,
    requested: &str,
    user: &str,
    now: i64,
) -> Login {
    let explanation = settings.explain(token.as_ref(), requested, now);
    match &explanation.login {
        Some(login) if login.user == user => login.clone(),
        _ => panic!("expected a login as `{user}`\n\n{explanation}"),
    }
}

/// Asserts that the token is rejected for that reason, and gives the explanation.
///
/// # Panics
/// It is accepted, or rejected for another reason; the text is the explanation.
///
/// # Example
/// ```
/// use sqljwt::ReasonCode;
/// use sqljwt_testing::{BadToken, Issuer, assert_rejected};
/// const NOW: i64 = 1_800_000_000;
/// let idp = Issuer::default();
/// let token = idp.bad(BadToken::WrongAudience, NOW).claim("sub", "alice").mint();
/// let explanation = assert_rejected(&idp.settings(), token, "alice", ReasonCode::AudienceNotAllowed, NOW);
/// assert_eq!(explanation.reason.expect("a reason").actual, Some(vec!["another-service".to_owned()]));
/// ```
#[track_caller]
pub fn assert_rejected(
    settings: &impl SettingsOrValidator,
    token: impl AsRef<[u8]>,
    user: &str,
    code: ReasonCode,
    now: i64,
) -> Explanation {
    let explanation = settings.explain(token.as_ref(), user, now);
    assert!(
        explanation.reason.as_ref().is_some_and(|reason| reason.code == code),
        "expected a rejection with `{code}`\n\n{explanation}"
    );
    explanation
}

/// What the assertions ask: settings, unusable ones too, or a validator that was made from them.
///
/// # Example
/// ```
/// use sqljwt::Validator;
/// use sqljwt_testing::{Issuer, assert_logs_in};
/// const NOW: i64 = 1_800_000_000;
/// let idp = Issuer::default();
/// let (settings, token) = (idp.settings(), idp.token(NOW).claim("sub", "alice").mint());
/// let validator = Validator::new(&settings)?;
/// assert_eq!(assert_logs_in(&settings, &token, "alice", NOW), assert_logs_in(&validator, &token, "alice", NOW));
/// # Ok::<(), sqljwt::SettingsError>(())
/// ```
pub trait SettingsOrValidator {
    /// Everything there is to tell about the login.
    fn explain(&self, token: &[u8], user: &str, now: i64) -> Explanation;
}

impl SettingsOrValidator for Settings {
    fn explain(&self, token: &[u8], user: &str, now: i64) -> Explanation {
        Explanation::of(Ok(self.clone()), token, user, now)
    }
}

impl SettingsOrValidator for Validator {
    fn explain(&self, token: &[u8], user: &str, now: i64) -> Explanation {
        Self::explain(self, token, user, now)
    }
}
