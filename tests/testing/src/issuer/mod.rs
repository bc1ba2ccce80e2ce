//! An identity provider that lives in the test: it makes keys, publishes them, and mints tokens good and bad.

mod choices;

use std::fmt;

use serde_json::{Map, Value, json};
use sqljwt::{Algorithm, Settings};

use crate::{bad_tokens::BadToken, keys::SigningKey, token::TokenBuilder};

/// An identity provider for tests.
///
/// Its first key is of ES256, and its tokens are for the audience `db-login`, unless it is told otherwise.
///
/// # Example
/// ```
/// use sqljwt::{Algorithm, Validator};
/// use sqljwt_testing::Issuer;
///
/// const NOW: i64 = 1_800_000_000;
/// let idp = Issuer::new("https://idp.example").with_algorithm(Algorithm::RS256).with_audience("payroll");
/// let validator = Validator::new(&idp.settings())?;
/// let login = validator.validate(idp.token(NOW).claim("sub", "alice").mint(), "alice", NOW);
/// assert_eq!(login.expect("a login").user, "alice");
/// # Ok::<(), sqljwt::SettingsError>(())
/// ```
#[derive(Clone)]
pub struct Issuer {
    url: String,
    audience: String,
    claims: Map<String, Value>,
    header: Map<String, Value>,
    settings: Map<String, Value>,
    /// What it publishes; the last one signs.
    keys: Vec<SigningKey>,
    /// How many keys it has made: each has an id of its own.
    made: usize,
    /// Whether its tokens say from when they are valid: `nbf`.
    not_before: bool,
    /// How its published keys differ from the usual; null leaves a member out.
    published: Map<String, Value>,
    /// What else its key set holds.
    published_too: Vec<Value>,
}

impl Issuer {
    /// An identity provider of that name.
    ///
    /// # Panics
    /// Where the machine has no randomness.
    ///
    /// # Example
    /// ```
    /// let idp = sqljwt_testing::Issuer::new("https://idp.example");
    /// assert_eq!((idp.url(), idp.audience()), ("https://idp.example", "db-login"));
    /// ```
    #[must_use]
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            audience: "db-login".into(),
            claims: Map::new(),
            header: object(json!({"typ": "JWT"})),
            settings: Map::new(),
            keys: vec![SigningKey::generate("key-1", Algorithm::ES256)],
            made: 1,
            not_before: false,
            published: Map::new(),
            published_too: Vec::new(),
        }
    }

    /// Its name: the claim `iss` of its tokens.
    ///
    /// # Example
    /// ```
    /// assert_eq!(sqljwt_testing::Issuer::default().url(), "https://idp.test");
    /// ```
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Whom its tokens are for: their claim `aud`.
    ///
    /// # Example
    /// ```
    /// assert_eq!(sqljwt_testing::Issuer::default().audience(), "db-login");
    /// ```
    #[must_use]
    pub fn audience(&self) -> &str {
        &self.audience
    }

    /// The key that signs now.
    ///
    /// # Panics
    /// Never: it has one.
    ///
    /// # Example
    /// ```
    /// assert_eq!(sqljwt_testing::Issuer::default().key().id(), "key-1");
    /// ```
    #[must_use]
    pub fn key(&self) -> &SigningKey {
        self.keys.last().expect("a key that signs")
    }

    /// The key set as the provider publishes it (RFC 7517).
    ///
    /// # Example
    /// ```
    /// let jwks = sqljwt_testing::Issuer::default().jwks();
    /// assert_eq!((&jwks["keys"][0]["kid"], &jwks["keys"][0]["alg"]), (&"key-1".into(), &"ES256".into()));
    /// ```
    #[must_use]
    pub fn jwks(&self) -> Value {
        let signing = self.keys.iter().map(|key| {
            let mut jwk = object(key.public_jwk());
            jwk.extend(self.published.clone());
            jwk.retain(|_, value| !value.is_null());
            Value::Object(jwk)
        });
        json!({"keys": self.published_too.iter().cloned().chain(signing).collect::<Vec<_>>()})
    }

    /// Signs with a new key from now on, and goes on publishing so many of the old ones.
    ///
    /// # Panics
    /// As [`Issuer::new`].
    ///
    /// # Example
    /// ```
    /// use sqljwt::ReasonCode;
    /// use sqljwt_testing::{Issuer, assert_logs_in, assert_rejected};
    /// const NOW: i64 = 1_800_000_000;
    /// let mut idp = Issuer::default().with_claim("sub", "alice");
    /// let (old, stale) = (idp.token(NOW).mint(), idp.settings());
    /// idp.rotate(1);
    /// assert_logs_in(&idp.settings(), &old, "alice", NOW);
    /// assert_logs_in(&idp.settings(), idp.token(NOW).mint(), "alice", NOW);
    /// assert_rejected(&stale, idp.token(NOW).mint(), "alice", ReasonCode::KeyNotFound, NOW);
    /// idp.rotate(0);
    /// assert_rejected(&idp.settings(), &old, "alice", ReasonCode::KeyNotFound, NOW);
    /// ```
    pub fn rotate(&mut self, keep: usize) -> &SigningKey {
        let new = SigningKey::generate(format!("key-{}", self.made + 1), self.key().algorithm());
        self.made += 1;
        self.keys.drain(..self.keys.len().saturating_sub(keep));
        self.keys.push(new);
        self.key()
    }

    /// Settings under which its tokens log in.
    ///
    /// # Panics
    /// Where [`with_setting`](Self::with_setting) named no setting, or gave one a value of another kind.
    ///
    /// # Example
    /// ```
    /// let idp = sqljwt_testing::Issuer::new("https://idp.example");
    /// assert_eq!(idp.settings().value("server.jwt_authentication.issuers"), Some("https://idp.example"));
    /// assert_eq!(idp.settings().value("engine.profile"), None);
    /// ```
    #[must_use]
    pub fn settings(&self) -> Settings {
        self.settings_with(Map::new())
    }

    /// One's own settings, with its test keys in place of this issuer's real ones; all else stays as it is.
    ///
    /// # Example
    /// ```
    /// use sqljwt::{ReasonCode, Settings};
    /// use sqljwt_testing::{Issuer, assert_logs_in, assert_rejected};
    ///
    /// const NOW: i64 = 1_800_000_000;
    /// let production = Settings::from_sql("
    ///     SET CLUSTER SETTING server.jwt_authentication.enabled = true;
    ///     SET CLUSTER SETTING server.jwt_authentication.issuers = 'https://idp.example';
    ///     SET CLUSTER SETTING server.jwt_authentication.audience = 'db-login';
    ///     SET CLUSTER SETTING server.jwt_authentication.jwks = '{\"keys\": []}';
    /// ")?;
    /// let idp = Issuer::new("https://idp.example");
    /// let token = idp.token(NOW).claim("sub", "alice").mint();
    /// assert_rejected(&production, &token, "alice", ReasonCode::KeyNotFound, NOW);
    /// assert_logs_in(&idp.trusted(&production), &token, "alice", NOW);
    /// # Ok::<(), sqljwt::SettingsError>(())
    /// ```
    #[must_use]
    pub fn trusted(&self, settings: &Settings) -> Settings {
        let name = "engine.issuer_keys";
        let mut document: Value = serde_json::from_str(&settings.to_json()).expect("JSON as settings write it");
        if document[name].is_null() {
            document[name] = json!({});
        }
        document[name][&self.url] = self.jwks();
        read(&document)
    }

    /// A token in the making: issued at `now`, in Unix seconds, for an hour.
    ///
    /// # Example
    /// ```
    /// use sqljwt_testing::{Issuer, assert_logs_in};
    /// const NOW: i64 = 1_800_000_000;
    /// let idp = Issuer::default();
    /// let login = assert_logs_in(&idp.settings(), idp.token(NOW).claim("sub", "alice").mint(), "alice", NOW);
    /// assert_eq!((login.issued_at, login.expires_at), (Some(NOW), Some(NOW + 3600)));
    /// ```
    pub fn token(&self, now: i64) -> TokenBuilder<'_> {
        let key = self.key().clone();
        let mut header = object(json!({"alg": key.algorithm().as_str(), "kid": key.id()}));
        header.extend(self.header.clone());
        let mut claims = object(json!({"iss": self.url, "aud": self.audience, "iat": now, "exp": now + 3600}));
        if self.not_before {
            claims.insert("nbf".into(), now.into());
        }
        claims.extend(self.claims.clone());
        TokenBuilder { issuer: self, now, header, claims, key, bad: None }
    }

    /// A token in the making that is to be refused, but for that one thing as good as any.
    ///
    /// # Example
    /// ```
    /// use sqljwt::ReasonCode;
    /// use sqljwt_testing::{BadToken, Issuer, assert_rejected};
    /// const NOW: i64 = 1_800_000_000;
    /// let idp = Issuer::default();
    /// let token = idp.bad(BadToken::AlgNone, NOW).claim("sub", "alice").mint();
    /// assert_rejected(&idp.settings(), token, "alice", ReasonCode::AlgNotAllowed, NOW);
    /// ```
    pub fn bad(&self, kind: BadToken, now: i64) -> TokenBuilder<'_> {
        TokenBuilder { bad: Some(kind), ..self.token(now) }
    }

    /// Settings under which a token of that kind is refused for that reason and no other: for most kinds those of
    /// [`settings`](Self::settings).
    ///
    /// # Panics
    /// As [`Issuer::settings`].
    ///
    /// # Example
    /// ```
    /// use sqljwt::ReasonCode;
    /// use sqljwt_testing::{BadToken, Issuer, assert_rejected};
    /// const NOW: i64 = 1_800_000_000;
    /// let idp = Issuer::default();
    /// let token = idp.bad(BadToken::LivesTooLong, NOW).claim("sub", "alice").mint();
    /// let settings = idp.bad_settings(BadToken::LivesTooLong);
    /// assert_eq!(settings.value("engine.max_token_lifetime_seconds"), Some("86400"));
    /// assert_rejected(&settings, token, "alice", ReasonCode::LifetimeTooLong, NOW);
    /// ```
    #[must_use]
    pub fn bad_settings(&self, kind: BadToken) -> Settings {
        self.settings_with(object(kind.settings(self)))
    }

    fn settings_with(&self, changes: Map<String, Value>) -> Settings {
        let mut settings = object(json!({
            "server.jwt_authentication.enabled": true,
            "server.jwt_authentication.issuers": self.url,
            "server.jwt_authentication.audience": self.audience,
            "server.jwt_authentication.jwks": self.jwks(),
        }));
        settings.extend(self.settings.clone());
        settings.extend(changes);
        read(&Value::Object(settings))
    }
}

impl Default for Issuer {
    /// `https://idp.test`.
    fn default() -> Self {
        Self::new("https://idp.test")
    }
}

impl fmt::Debug for Issuer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Issuer").field("url", &self.url).field("key", self.key()).finish_non_exhaustive()
    }
}

/// The members of a JSON object.
fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        value => panic!("expected an object, found {value}"),
    }
}

fn read(settings: &Value) -> Settings {
    Settings::from_json(&settings.to_string()).unwrap_or_else(|error| panic!("these are no settings: {error}"))
}
