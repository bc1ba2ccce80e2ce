//! Who logs in: the one good answer.

use alloc::{string::String, sync::Arc, vec::Vec};

use serde::Serialize;

use crate::{
    answers::{provision::Provision, roles::IgnoredGroup},
    ground::text::{Template, shown},
    parsed::{keys::Algorithm, token::VerifiedToken},
};

/// A login that may go ahead, made only from a token whose signature has verified and that every check has passed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Login {
    /// The SQL user to log in, normalised.
    pub user: String,
    /// The bearer as the token names them.
    pub principal: String,
    /// The issuer of the token.
    pub issuer: Arc<str>,
    /// The configured audience that the token is for.
    pub audience: Arc<str>,
    /// When the token was issued, in Unix seconds.
    pub issued_at: Option<i64>,
    /// When the token expires, in Unix seconds; absent only in the `cockroachdb` profile.
    pub expires_at: Option<i64>,
    /// The id of the key that signed.
    pub key_id: Arc<str>,
    /// The algorithm of the signature.
    pub algorithm: Algorithm,
    /// The line of the identity map that gave the SQL user, counted from 1; `None` where the issuer has no map.
    pub map_line: Option<u32>,
    /// The roles that the token's groups give; `None` where groups are not synchronised.
    pub roles: Option<Vec<String>>,
    /// The groups that give no role by the engine's options, and why; `None` where groups are not synchronised.
    pub ignored_groups: Option<Vec<IgnoredGroup>>,
    /// The SQL user to be made where it is not there yet; `None` where users are not made of tokens, or this one cannot be.
    pub provision: Option<Provision>,
    /// Nothing outside this file can write it, so nothing makes a login but [`Login::new`].
    #[serde(skip)]
    verified: Verified,
}

/// Says that a login comes of a verified token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Verified;

/// What the checks have found of the bearer of a token.
pub(crate) struct Bearer {
    pub(crate) user: String,
    pub(crate) principal: String,
    pub(crate) issuer: Arc<str>,
    pub(crate) audience: Arc<str>,
    pub(crate) issued_at: Option<i64>,
    pub(crate) expires_at: Option<i64>,
    pub(crate) map_line: Option<u32>,
    pub(crate) roles: Option<Vec<String>>,
    pub(crate) ignored_groups: Option<Vec<IgnoredGroup>>,
    pub(crate) provision: Option<Provision>,
}

impl Login {
    /// The login of a verified token's bearer; there is no other way to make one.
    pub(crate) fn new(token: &VerifiedToken<'_>, bearer: Bearer) -> Self {
        let Bearer {
            provision,
            user,
            principal,
            issuer,
            audience,
            issued_at,
            expires_at,
            map_line,
            roles,
            ignored_groups,
        } = bearer;
        Self {
            user,
            principal,
            issuer,
            audience,
            issued_at,
            expires_at,
            key_id: Arc::clone(token.key().id()),
            algorithm: token.algorithm(),
            map_line,
            roles,
            ignored_groups,
            provision,
            verified: Verified,
        }
    }

    /// The login on one line of the server's log: who came in, as whom, by whose word and by which key. It quotes claims as the
    /// line of a refusal does, never the token.
    ///
    /// # Example
    /// ```
    /// fn tell(outcome: Result<sqljwt::Login, sqljwt::Refusal>) -> String {
    ///     match outcome {
    ///         // accepted: SQL user `ada`, principal `ada@corp.example` of issuer `https://idp.example`, key `k1`
    ///         Ok(login) => login.log_line(),
    ///         // token_expired: …
    ///         Err(refusal) => refusal.to_string(),
    ///     }
    /// }
    /// # let settings = sqljwt::Settings::from_json(r#"{
    /// #     "server.jwt_authentication.enabled": true,
    /// #     "server.jwt_authentication.issuers": "https://idp.example",
    /// #     "server.jwt_authentication.audience": "db-login"
    /// # }"#)?;
    /// # let validator = sqljwt::Validator::new(&settings)?;
    /// assert!(tell(validator.validate("x", "ada", 1_800_000_000)).starts_with("token_malformed: "));
    /// # Ok::<(), sqljwt::SettingsError>(())
    /// ```
    #[must_use]
    pub fn log_line(&self) -> String {
        let Self { user, principal, issuer, key_id, .. } = self;
        let [user, principal, issuer, key] = [user, principal, &**issuer, &**key_id].map(shown);
        ACCEPTED.filled(&[&user, &principal, &issuer, &key])
    }
}

/// The line of a login in a log.
pub(crate) const ACCEPTED: Template = Template::new(
    &["accepted: SQL user `", "`, principal `", "` of issuer `", "`, key `", "`"],
    &["user", "principal", "issuer", "key_id"],
);
