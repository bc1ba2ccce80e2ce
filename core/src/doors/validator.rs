//! May this token log in? Settings compiled once, asked as often as there are logins.

use core::fmt;

use crate::{
    answers::{login::Login, refusal::Refusal},
    ground::profile::Profile,
    judging::{attempt::Attempt, run::decide},
    parsed::{
        settings::{Settings, SettingsError},
        token::{UnverifiedToken, compact},
    },
    rules::policy::{compiled::Compiled, sides::Sides},
    telling::{Explanation, Verdict, explain::explain, unusable},
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
    sides: Sides,
}

impl Validator {
    /// Compiles settings under the profile they name.
    ///
    /// # Errors
    /// The first setting that cannot be used, with its place in the document: any code of the check `settings`. It holds
    /// the [others](SettingsError::others).
    pub fn new(settings: &Settings) -> Result<Self, SettingsError> {
        Sides::new(settings.clone()).map(|sides| Self { sides })
    }

    /// Reads settings as [`Settings::from_text`] does and compiles them.
    ///
    /// # Errors
    /// All faults at once: those of the document, and those of every value that can be read despite them.
    ///
    /// # Example
    /// ```
    /// let settings = r#"{"engine.leeway_seconds": -1, "server.jwt_authentication.claim": "//"}"#;
    /// let error = sqljwt::Validator::from_text(settings).expect_err("two faults");
    /// assert_eq!(error.setting, Some("engine.leeway_seconds"));
    /// assert_eq!(error.others[0].setting, Some("server.jwt_authentication.claim"));
    /// ```
    pub fn from_text(text: &str) -> Result<Self, SettingsError> {
        let settings = Settings::from_text(text).map_err(|error| Compiled::of_readable(&error).1)?;
        Self::new(&settings)
    }

    /// Decides whether a token may log in as a SQL user at a moment.
    ///
    /// `user` is the requested SQL user, empty to log in as the only one the token gives. `now` is in Unix seconds.
    ///
    /// # Errors
    /// [`Refusal::Rejected`] with the first reason in the profile's order, or [`Refusal::KeysNeeded`] when the issuer's
    /// keys have to be fetched first. Nobody is to be logged in by either.
    pub fn validate(&self, token: impl AsRef<[u8]>, user: &str, now: i64) -> Result<Login, Refusal> {
        let compiled = self.sides.own();
        let parts = compact::split(token.as_ref(), compiled.max_token_bytes);
        let token = UnverifiedToken::read(&parts);
        decide(Attempt::new(compiled, &token, user, now))
    }

    /// Decides as [`Validator::validate`] does and tells everything there is to tell about it. It never fails, for any
    /// bytes, and its text is for the administrator, not for the client.
    #[must_use]
    pub fn explain(&self, token: impl AsRef<[u8]>, user: &str, now: i64) -> Explanation {
        explain(&self.sides, token.as_ref(), user, now)
    }

    /// The settings this validator was made from.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        self.sides.settings()
    }

    /// The profile whose rules decide.
    #[must_use]
    pub fn profile(&self) -> Profile {
        self.sides.own().profile
    }
}

impl fmt::Debug for Validator {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Validator").field("settings", self.settings()).finish_non_exhaustive()
    }
}

impl Explanation {
    /// Explains a login under settings that may or may not be usable. It never fails.
    ///
    /// # Example
    /// ```
    /// use sqljwt::{Explanation, Settings};
    /// let settings = Settings::from_text("SET CLUSTER SETTING server.jwt_authentication.enabled = 'often'");
    /// let explanation = Explanation::of(settings, "eyJ…", "alice", 1_800_000_000);
    /// assert_eq!(explanation.reason.expect("a reason").code.as_str(), "setting_wrong_type");
    /// ```
    #[must_use]
    pub fn of(settings: Result<Settings, SettingsError>, token: impl AsRef<[u8]>, user: &str, now: i64) -> Self {
        match settings.and_then(|settings| Validator::new(&settings)) {
            Ok(validator) => validator.explain(token, user, now),
            Err(error) => unusable::explain(&error, token.as_ref(), user, now),
        }
    }
}

impl Verdict {
    /// Decides as [`Validator::validate`] does, as a document: that of the verb `validate`. A refusal has the best that can
    /// be done about it; to find that takes as long as an explanation.
    #[must_use]
    pub fn of(validator: &Validator, token: impl AsRef<[u8]>, user: &str, now: i64) -> Self {
        match validator.validate(token.as_ref(), user, now) {
            Err(_) => validator.explain(token, user, now).into_verdict(),
            login => Self::new(login, validator.settings()),
        }
    }

    /// The same without what can be done: for a server, which only has to refuse.
    #[must_use]
    pub fn decided(validator: &Validator, token: impl AsRef<[u8]>, user: &str, now: i64) -> Self {
        Self::new(validator.validate(token, user, now), validator.settings())
    }
}
