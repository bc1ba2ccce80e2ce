//! How does an issuer differ from the usual one? Key, audience, and what all of its tokens and settings say.

use serde_json::Value;
use sqljwt::Algorithm;

use super::{Issuer, object};
use crate::keys::SigningKey;

impl Issuer {
    /// The same with a new key of that algorithm.
    ///
    /// # Panics
    /// As [`Issuer::new`].
    ///
    /// # Example
    /// ```
    /// use sqljwt::Algorithm;
    /// let idp = sqljwt_testing::Issuer::default().with_algorithm(Algorithm::EdDSA);
    /// assert_eq!(idp.key().public_jwk()["crv"], "Ed25519");
    /// ```
    #[must_use]
    pub fn with_algorithm(self, algorithm: Algorithm) -> Self {
        self.with_key(SigningKey::generate("key-1", algorithm))
    }

    /// The same with that key and no other.
    ///
    /// # Example
    /// ```
    /// use sqljwt::Algorithm;
    /// use sqljwt_testing::{Issuer, SigningKey};
    /// let idp = Issuer::default().with_key(SigningKey::generate("2027-01", Algorithm::ES256));
    /// assert_eq!(idp.jwks()["keys"][0]["kid"], "2027-01");
    /// ```
    #[must_use]
    pub fn with_key(mut self, key: SigningKey) -> Self {
        self.keys = vec![key];
        self
    }

    /// The same with tokens for another audience, which its [`settings`](Self::settings) accept.
    ///
    /// # Example
    /// ```
    /// let idp = sqljwt_testing::Issuer::default().with_audience("payroll");
    /// assert_eq!(idp.settings().value("server.jwt_authentication.audience"), Some("payroll"));
    /// ```
    #[must_use]
    pub fn with_audience(mut self, audience: impl Into<String>) -> Self {
        self.audience = audience.into();
        self
    }

    /// The same with a claim that every token has.
    ///
    /// # Example
    /// ```
    /// use sqljwt_testing::{Issuer, assert_logs_in};
    /// const NOW: i64 = 1_800_000_000;
    /// let idp = Issuer::default().with_claim("sub", "alice");
    /// assert_logs_in(&idp.settings(), idp.token(NOW).mint(), "alice", NOW);
    /// ```
    #[must_use]
    pub fn with_claim(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.claims.insert(name.into(), value.into());
        self
    }

    /// The same with a header member that every token has.
    ///
    /// # Example
    /// ```
    /// use sqljwt_testing::{Issuer, assert_logs_in};
    /// const NOW: i64 = 1_800_000_000;
    /// let idp = Issuer::default().with_header("typ", "at+jwt");
    /// assert_logs_in(&idp.settings(), idp.token(NOW).claim("sub", "alice").mint(), "alice", NOW);
    /// ```
    #[must_use]
    pub fn with_header(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.header.insert(name.into(), value.into());
        self
    }

    /// The same with a setting that its [`settings`](Self::settings) make, in place of another of that name.
    ///
    /// # Example
    /// ```
    /// use sqljwt_testing::{Issuer, assert_logs_in};
    /// const NOW: i64 = 1_800_000_000;
    /// let idp = Issuer::default().with_setting("engine.leeway_seconds", 30);
    /// let token = idp.token(NOW).claim("sub", "alice").mint();
    /// assert_logs_in(&idp.settings(), token, "alice", NOW + 3629);
    /// ```
    #[must_use]
    pub fn with_setting(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.settings.insert(name.into(), value.into());
        self
    }

    /// The same with claims that every token has.
    pub(crate) fn with_claims(mut self, claims: Value) -> Self {
        self.claims.extend(object(claims));
        self
    }

    /// The same with tokens that say from when they are valid.
    pub(crate) fn with_not_before(mut self) -> Self {
        self.not_before = true;
        self
    }

    /// The same with published keys that differ from the usual in these members; null leaves one out.
    pub(crate) fn publishing(mut self, members: Value) -> Self {
        self.published = object(members);
        self
    }

    /// The same with a key set that holds this key too.
    pub(crate) fn publishing_too(mut self, jwk: Value) -> Self {
        self.published_too.push(jwk);
        self
    }
}
