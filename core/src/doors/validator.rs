//! May this token log in? Settings compiled once, asked as often as there are logins.

use alloc::{format, string::String, sync::Arc, vec::Vec};
use core::fmt;

use crate::{
    answers::{
        identity::Identity,
        login::Login,
        refusal::{Refusal, UserInfoNeeded},
        roles::Membership,
    },
    asking::{
        IdentityDocument, KeysDocument, RolesDocument,
        rehearsal::{IssuerNeeded, RehearsalDocument, rehearse},
        window::{WindowDocument, window},
    },
    ground::{json, profile::Profile},
    judging::{
        attempt::Attempt,
        run::{decide, identify},
    },
    parsed::{
        fetched::{FetchError, FetchRecord, UserInfo},
        settings::{Change, SettingName, Settings, SettingsError},
        token::{UnverifiedToken, compact},
    },
    rules::{
        key_cache::{KeyCache, KeyHistory, UserInfoFetch},
        policy::{compiled::Compiled, sides::Sides},
    },
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
    sides: Arc<Sides>,
    keys: KeyCache,
    user_info: Option<Arc<UserInfo>>,
}

impl Validator {
    /// Compiles settings under the profile they name.
    ///
    /// # Errors
    /// The first setting that cannot be used, with its place in the document: any code of the check `settings`. It holds
    /// the [others](SettingsError::others).
    pub fn new(settings: &Settings) -> Result<Self, SettingsError> {
        let sides = Sides::new(settings.clone())?;
        let keys = KeyCache::empty(Arc::clone(sides.origins()));
        Ok(Self { sides: Arc::new(sides), keys, user_info: None })
    }

    /// The same settings with keys that were fetched, as they are now: a copy that shares everything. Those that were fetched
    /// for other settings are left out, unless they come from the same places.
    ///
    /// # Example
    /// ```
    /// use sqljwt::{KeyCache, Refusal, Response, Settings, Start, Validator};
    ///
    /// let settings = Settings::from_json(r#"{
    ///     "server.jwt_authentication.enabled": true,
    ///     "server.jwt_authentication.issuers": {"issuer_jwks_map": {"https://idp.example": "https://idp.example/keys"}},
    ///     "server.jwt_authentication.audience": "db-login",
    ///     "server.jwt_authentication.jwks_auto_fetch.enabled": true
    /// }"#)?;
    /// let validator = Validator::new(&settings)?;
    /// let mut cache = KeyCache::new(&validator);
    /// // The header names the key `k1`; the claims name the issuer.
    /// let (token, now) = ("eyJhbGciOiJSUzI1NiIsImtpZCI6ImsxIn0.eyJpc3MiOiJodHRwczovL2lkcC5leGFtcGxlIn0.AA", 1_800_000_000);
    /// let Err(Refusal::KeysNeeded(needed)) = validator.validate(token, "alice", now) else { unreachable!() };
    ///
    /// let Start::Ask(fetch) = cache.start(&needed.issuer, needed.refresh, now) else { unreachable!("nobody else is asking") };
    /// assert_eq!(fetch.url(), "https://idp.example/keys");
    /// // The host asks the address, and this comes back.
    /// let response = Response::new(200, [("Cache-Control", "max-age=300")], r#"{"keys": []}"#);
    /// assert!(cache.answer(fetch, response)?.is_none(), "nothing more is to be asked");
    ///
    /// let validator = validator.with_keys(&cache);
    /// let refusal = validator.validate(token, "alice", now).expect_err("the key `k1` is not there");
    /// assert!(matches!(refusal, Refusal::KeysNeeded(needed) if needed.refresh));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_keys(&self, keys: &KeyCache) -> Self {
        let keys = keys.under(self.sides.origins());
        Self { sides: Arc::clone(&self.sides), keys, user_info: self.user_info.clone() }
    }

    /// The same settings with the keys of a moment of the past: for logins of that very moment.
    #[must_use]
    pub fn with_keys_at(&self, history: &KeyHistory, moment: i64) -> Self {
        self.with_keys(&history.keys_at(self.sides.origins(), moment))
    }

    /// The same settings with more scopes that a token has to be issued for, beside those of `engine.required_scopes`: a server
    /// whose own configuration names scopes asks for them so. The identity map and the keys are shared.
    ///
    /// # Errors
    /// `setting_wrong_type` for a text that is no scope (RFC 6749 section 3.3).
    ///
    /// # Example
    /// ```
    /// use sqljwt::Validator;
    ///
    /// let validator = Validator::from_text(r#"{"engine.required_scopes": ["openid"]}"#)?;
    /// let stricter = validator.with_required_scopes(&["db:login"])?;
    /// assert!(stricter.settings().to_json().contains(r#"["openid","db:login"]"#));
    /// assert!(validator.with_required_scopes(&["two words"]).is_err());
    /// # Ok::<(), sqljwt::SettingsError>(())
    /// ```
    pub fn with_required_scopes<S: AsRef<str>>(&self, scopes: &[S]) -> Result<Self, SettingsError> {
        const SCOPES: SettingName = SettingName::EngineRequiredScopes;
        let required = self.sides.own().required_scopes.iter().map(String::as_str);
        let quoted: Vec<String> = required.chain(scopes.iter().map(AsRef::as_ref)).map(json::quote).collect();
        let change = Change::new().set(SCOPES.as_str(), format!("[{}]", quoted.join(",")));
        let sides = self.sides.after(&change, SCOPES)?;
        Ok(Self { sides: Arc::new(sides), keys: self.keys.clone(), user_info: self.user_info.clone() })
    }

    /// The same with what the issuer's userinfo endpoint has answered for one token: it counts for that token alone.
    #[must_use]
    pub fn with_user_info(&self, user_info: UserInfo) -> Self {
        let user_info = Some(Arc::new(user_info));
        Self { sides: Arc::clone(&self.sides), keys: self.keys.clone(), user_info }
    }

    /// Begins to ask a token's issuer for what [`Need::UserInfo`](crate::Need::UserInfo) says is needed.
    ///
    /// # Errors
    /// [`FetchFault::AddressRefused`](crate::FetchFault::AddressRefused): the issuer cannot be asked.
    pub fn user_info(&self, needed: &UserInfoNeeded) -> Result<UserInfoFetch, FetchError> {
        UserInfoFetch::new(Arc::clone(self.sides.origins()), &needed.issuer)
    }

    /// Asks when a login begins to work and when it will stop.
    pub(super) fn window(&self, token: &[u8], user: &str, now: i64) -> WindowDocument {
        self.attempt(token, user, now, |attempt| window(attempt, self.settings()))
    }

    /// Rehearses a key set.
    pub(super) fn rehearse(
        &self,
        issuer: Option<&str>,
        key_set: &str,
        tokens: &[&[u8]],
        now: i64,
    ) -> Result<RehearsalDocument, IssuerNeeded> {
        rehearse(&self.sides, &self.keys, issuer, key_set, tokens, now)
    }

    /// What was asked for this token.
    fn user_info_of(&self, token: &[u8]) -> Option<&UserInfo> {
        self.user_info.as_deref().filter(|user_info| user_info.is_for(token))
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
        self.attempt(token.as_ref(), user, now, decide)
    }

    /// Says who bears a token at a moment, by every check but those of the SQL user: for a server that has a map of its own.
    ///
    /// # Errors
    /// As [`Validator::validate`]. Nobody is known by either.
    pub fn identify(&self, token: impl AsRef<[u8]>, now: i64) -> Result<Identity, Refusal> {
        self.attempt(token.as_ref(), "", now, identify)
    }

    /// Decides as [`Validator::validate`] does and tells everything there is to tell about it. It never fails, for any
    /// bytes, and its text is for the administrator, not for the client.
    #[must_use]
    pub fn explain(&self, token: impl AsRef<[u8]>, user: &str, now: i64) -> Explanation {
        explain(&self.sides, &self.keys, self.user_info_of(token.as_ref()), token.as_ref(), user, now)
    }

    /// Tells what a login would do to the roles of its SQL user, who has these memberships in a database with these roles;
    /// where the roles are not known, every role that can have its name counts as one.
    #[must_use]
    pub fn roles(
        &self,
        token: impl AsRef<[u8]>,
        user: &str,
        now: i64,
        present: &[Membership],
        existing: Option<&[String]>,
    ) -> RolesDocument {
        let told = |attempt: Attempt<'_>| RolesDocument::of(attempt, self.settings(), present, existing);
        self.attempt(token.as_ref(), user, now, told)
    }

    /// Tells which keys there are, which of them can be used, how they followed each other in these fetches, and which have
    /// signed these tokens.
    #[must_use]
    pub fn keys<T: AsRef<[u8]>>(&self, records: &[FetchRecord], tokens: &[T], now: i64) -> KeysDocument {
        let tokens: Vec<&[u8]> = tokens.iter().map(AsRef::as_ref).collect();
        KeysDocument::of(&self.sides, &self.keys, records, &tokens, now)
    }

    /// Asks about one login attempt by the rules that decide, with everything that was fetched for it.
    fn attempt<R>(&self, token: &[u8], user: &str, now: i64, ask: impl FnOnce(Attempt<'_>) -> R) -> R {
        let compiled = self.sides.own();
        let user_info = self.user_info_of(token);
        let parts = compact::split(token, compiled.max_token_bytes);
        let token = UnverifiedToken::read(&parts);
        ask(Attempt::new(compiled, &token, user, now).with(Some(&self.keys), user_info))
    }

    /// The settings as they decide.
    pub(super) fn compiled(&self) -> &Compiled {
        self.sides.own()
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

impl KeyCache {
    /// A cache without keys, for these settings.
    #[must_use]
    pub fn new(validator: &Validator) -> Self {
        Self::empty(Arc::clone(validator.sides.origins()))
    }

    /// Goes over to new settings. What was fetched stays as long as it is fetched from the same places with the same
    /// certificates; otherwise everything goes.
    pub fn follow(&mut self, validator: &Validator) {
        *self = self.under(validator.sides.origins());
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
        Self::by(settings.and_then(|settings| Validator::new(&settings)).as_ref(), token, user, now)
    }

    /// The same by settings that somebody has tried to compile.
    #[must_use]
    pub fn by(validator: Result<&Validator, &SettingsError>, token: impl AsRef<[u8]>, user: &str, now: i64) -> Self {
        match validator {
            Ok(validator) => validator.explain(token, user, now),
            Err(error) => unusable::explain(error, token.as_ref(), user, now),
        }
    }
}

impl IdentityDocument {
    /// Says who bears a token as [`Validator::identify`] does, as a document: that of the verb `identify`.
    #[must_use]
    pub fn of(validator: &Validator, token: impl AsRef<[u8]>, now: i64) -> Self {
        Self::new(validator.identify(token, now), validator.settings())
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
