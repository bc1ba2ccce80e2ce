//! What does a token say before it is signed? Claims and header, each to be changed or left out.

use serde_json::{Map, Value};

use crate::{
    bad_tokens::BadToken,
    issuer::Issuer,
    keys::{SigningKey, base64url},
};

/// A token in the making, from [`Issuer::token`] or [`Issuer::bad`].
///
/// # Example
/// ```
/// use sqljwt_testing::{Issuer, assert_logs_in};
/// const NOW: i64 = 1_800_000_000;
/// let idp = Issuer::default();
/// let token = idp.token(NOW).claim("sub", "alice").claim("groups", vec!["staff"]).without_header("typ").mint();
/// assert_logs_in(&idp.settings(), token, "alice", NOW);
/// ```
#[derive(Clone, Debug)]
#[must_use = "`mint` makes the token"]
pub struct TokenBuilder<'a> {
    pub(crate) issuer: &'a Issuer,
    pub(crate) now: i64,
    pub(crate) header: Map<String, Value>,
    pub(crate) claims: Map<String, Value>,
    pub(crate) key: SigningKey,
    pub(crate) bad: Option<BadToken>,
}

impl TokenBuilder<'_> {
    /// The token with this claim, in place of another of that name.
    ///
    /// # Example
    /// ```
    /// # use sqljwt_testing::{Issuer, assert_logs_in};
    /// # const NOW: i64 = 1_800_000_000;
    /// let idp = Issuer::default();
    /// let token = idp.token(NOW).claim("sub", "alice").claim("aud", vec!["db-login", "another-service"]).mint();
    /// assert_eq!(&*assert_logs_in(&idp.settings(), token, "alice", NOW).audience, "db-login");
    /// ```
    pub fn claim(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.claims.insert(name.into(), value.into());
        self
    }

    /// The token without that claim.
    ///
    /// # Example
    /// ```
    /// # use sqljwt_testing::{Issuer, assert_rejected};
    /// # const NOW: i64 = 1_800_000_000;
    /// let idp = Issuer::default();
    /// let token = idp.token(NOW).claim("sub", "alice").without_claim("exp").mint();
    /// assert_rejected(&idp.settings(), token, "alice", sqljwt::ReasonCode::ExpMissing, NOW);
    /// ```
    pub fn without_claim(mut self, name: &str) -> Self {
        self.claims.remove(name);
        self
    }

    /// The token with this header member, in place of another of that name. It is signed with the same key as before,
    /// whatever the header says.
    ///
    /// # Example
    /// ```
    /// # use sqljwt_testing::{Issuer, assert_rejected};
    /// # const NOW: i64 = 1_800_000_000;
    /// let idp = Issuer::default();
    /// let token = idp.token(NOW).claim("sub", "alice").header("kid", "../../etc/passwd").mint();
    /// assert_rejected(&idp.settings(), token, "alice", sqljwt::ReasonCode::KeyNotFound, NOW);
    /// ```
    pub fn header(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.header.insert(name.into(), value.into());
        self
    }

    /// The token without that header member.
    ///
    /// # Example
    /// ```
    /// # use sqljwt_testing::{Issuer, assert_rejected};
    /// # const NOW: i64 = 1_800_000_000;
    /// let idp = Issuer::default();
    /// let token = idp.token(NOW).claim("sub", "alice").without_header("kid").mint();
    /// assert_rejected(&idp.settings(), token, "alice", sqljwt::ReasonCode::KeyIdMissing, NOW);
    /// ```
    pub fn without_header(mut self, name: &str) -> Self {
        self.header.remove(name);
        self
    }

    /// The token that expires so many seconds after it is issued; an hour unless said.
    ///
    /// # Example
    /// ```
    /// # use sqljwt_testing::{Issuer, assert_logs_in, assert_rejected};
    /// # const NOW: i64 = 1_800_000_000;
    /// let idp = Issuer::default();
    /// let token = idp.token(NOW).claim("sub", "alice").lifetime(60).mint();
    /// assert_logs_in(&idp.settings(), &token, "alice", NOW + 59);
    /// assert_rejected(&idp.settings(), &token, "alice", sqljwt::ReasonCode::TokenExpired, NOW + 60);
    /// ```
    pub fn lifetime(self, seconds: i64) -> Self {
        let expiry = self.now + seconds;
        self.claim("exp", expiry)
    }

    /// The token signed with another key, without saying so in the header.
    ///
    /// # Example
    /// ```
    /// # use sqljwt_testing::{Issuer, assert_rejected};
    /// # const NOW: i64 = 1_800_000_000;
    /// let (idp, attacker) = (Issuer::default(), Issuer::default());
    /// let token = idp.token(NOW).claim("sub", "alice").signed_with(attacker.key()).mint();
    /// assert_rejected(&idp.settings(), token, "alice", sqljwt::ReasonCode::SignatureInvalid, NOW);
    /// ```
    pub fn signed_with(mut self, key: &SigningKey) -> Self {
        self.key = key.clone();
        self
    }

    /// Signs it, or for a bad token does what is wrong with it: the compact text, as a client sends it.
    ///
    /// # Example
    /// ```
    /// let idp = sqljwt_testing::Issuer::default();
    /// assert_eq!(idp.token(1_800_000_000).mint().split('.').count(), 3);
    /// ```
    #[must_use]
    pub fn mint(mut self) -> String {
        match self.bad.take() {
            Some(bad) => bad.mint(self),
            None => {
                let (header, claims) = self.texts();
                self.signed(&header, &claims)
            }
        }
    }

    /// The compact text over any header and claims, texts that are no JSON among them.
    pub(crate) fn signed(&self, header: &str, claims: &str) -> String {
        let input = format!("{}.{}", base64url(header), base64url(claims));
        format!("{input}.{}", base64url(self.key.sign(input.as_bytes())))
    }

    /// Header and claims as they would be signed.
    pub(crate) fn texts(&self) -> (String, String) {
        (Value::Object(self.header.clone()).to_string(), Value::Object(self.claims.clone()).to_string())
    }
}
