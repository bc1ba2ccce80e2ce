//! May this token log in? Settings compiled once, asked as often as there are logins.

use alloc::boxed::Box;

use once_cell::race::OnceBox;

use crate::{
    answers::{login::Login, refusal::Refusal},
    ground::profile::Profile,
    judging::{
        attempt::Attempt,
        checks::{self, Stop},
        client,
    },
    parsed::{
        settings::{Settings, SettingsError},
        token::{UnverifiedToken, compact},
    },
    rules::policy::compiled::Compiled,
    telling::Explanation,
};

/// Compiled settings: immutable, and shared by as many threads as there are.
///
/// # Example
/// ```
/// use sqljwt::{Refusal, Settings, Validator};
///
/// let settings = Settings::from_json(r#"{
///     "server.jwt_authentication.enabled": true,
///     "server.jwt_authentication.issuers": "https://idp.example",
///     "server.jwt_authentication.audience": "db-login"
/// }"#)?;
/// let validator = Validator::new(&settings)?;
/// let Err(Refusal::Rejected(rejection)) = validator.validate("not a token", "alice", 1_800_000_000) else {
///     unreachable!("nobody logs in without a token");
/// };
/// assert_eq!(rejection.code.as_str(), "token_malformed");
/// assert_eq!(rejection.client.message, "JWT authentication: invalid token");
/// # Ok::<(), sqljwt::SettingsError>(())
/// ```
pub struct Validator {
    settings: Settings,
    compiled: Compiled,
    /// The same settings under the other profile, compiled when an explanation first asks what it would decide.
    elsewhere: OnceBox<Result<Compiled, SettingsError>>,
}

impl Validator {
    /// Compiles settings under the profile they name.
    ///
    /// # Errors
    /// The first setting that cannot be used, with its place in the document: any code of the check `settings`. It holds
    /// the [others](SettingsError::others).
    pub fn new(settings: &Settings) -> Result<Self, SettingsError> {
        let compiled = Compiled::new(settings, settings.profile())?;
        Ok(Self { settings: settings.clone(), compiled, elsewhere: OnceBox::new() })
    }

    /// Decides whether a token may log in as a SQL user at a moment.
    ///
    /// `user` is the requested SQL user, empty to log in as the only one the token gives. `now` is in Unix seconds.
    ///
    /// # Errors
    /// [`Refusal::Rejected`] with the first reason in the profile's order, or [`Refusal::KeysNeeded`] when the issuer's
    /// keys have to be fetched first. Nobody is to be logged in by either.
    pub fn validate(&self, token: impl AsRef<[u8]>, user: &str, now: i64) -> Result<Login, Refusal> {
        let parts = compact::split(token.as_ref(), self.compiled.max_token_bytes);
        let token = UnverifiedToken::read(&parts);
        let mut attempt = Attempt::new(&self.compiled, &token, user, now);
        for &check in self.compiled.profile.order() {
            match checks::run(check, &mut attempt) {
                Ok(()) | Err(Stop::Moot(_)) => {}
                Err(Stop::Failed(failure)) => {
                    let client = client::answer(&failure, &attempt);
                    return Err(Refusal::Rejected(failure.into_rejection(client)));
                }
                Err(Stop::KeysNeeded(keys)) => return Err(Refusal::KeysNeeded(*keys)),
            }
        }
        attempt.into_login().ok_or_else(|| Refusal::Rejected(client::internal_error(self.compiled.rules)))
    }

    /// Decides as [`Validator::validate`] does and tells everything there is to tell about it. It never fails, for any
    /// bytes, and its text is for the administrator, not for the client.
    #[must_use]
    pub fn explain(&self, token: impl AsRef<[u8]>, user: &str, now: i64) -> Explanation {
        crate::telling::explain(self, token.as_ref(), user, now)
    }

    /// The settings this validator was made from.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    pub(crate) fn compiled(&self) -> &Compiled {
        &self.compiled
    }

    pub(crate) fn elsewhere_profile(&self) -> Profile {
        other(self.compiled.profile)
    }

    /// The same settings under the other profile.
    pub(crate) fn elsewhere(&self) -> Result<&Compiled, &SettingsError> {
        let compile = || Box::new(Compiled::new(&self.settings, other(self.compiled.profile)));
        self.elsewhere.get_or_init(compile).as_ref()
    }

    /// The profile whose rules decide.
    #[must_use]
    pub fn profile(&self) -> Profile {
        self.compiled.profile
    }
}

impl core::fmt::Debug for Validator {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        formatter.debug_struct("Validator").field("settings", &self.settings).finish_non_exhaustive()
    }
}

fn other(profile: Profile) -> Profile {
    match profile {
        Profile::Hardened => Profile::Cockroachdb,
        _ => Profile::Hardened,
    }
}
