//! Who logs in: the one good answer.

use alloc::{borrow::Cow, string::String, sync::Arc, vec::Vec};

use serde::Serialize;

use crate::{
    judging::attempt::{Candidate, Times},
    parsed::{keys::Algorithm, token::VerifiedToken},
    rules::policy::issuer::Policy,
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
}

impl Login {
    pub(crate) fn new(
        token: &VerifiedToken<'_>,
        candidate: Candidate,
        principal: Cow<'_, str>,
        policy: &Policy,
        audience: Arc<str>,
        times: Times,
        roles: Option<Vec<String>>,
    ) -> Self {
        Self {
            user: candidate.user,
            principal: principal.into_owned(),
            issuer: Arc::clone(&policy.issuer),
            audience,
            issued_at: times.issued_at,
            expires_at: times.expires_at,
            key_id: Arc::clone(token.key().id()),
            algorithm: token.algorithm(),
            map_line: candidate.line,
            roles,
        }
    }
}
