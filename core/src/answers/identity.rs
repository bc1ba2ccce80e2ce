//! Who bears a token? For a server that maps names to users itself.

use alloc::{string::String, sync::Arc, vec::Vec};

use serde::Serialize;

use crate::{
    answers::roles::IgnoredGroup,
    parsed::{keys::Algorithm, token::VerifiedToken},
};

/// The bearer of a token that every check has passed but those of the SQL user: whom they may log in as, somebody else
/// decides. Made only from a token whose signature has verified.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Identity {
    /// The bearer by each name that the configured claim gives; no user of any server.
    pub principals: Vec<String>,
    /// The issuer of the token.
    pub issuer: Arc<str>,
    /// The configured audience that the token is for.
    pub audience: Arc<str>,
    /// When the token was issued, in Unix seconds.
    pub issued_at: Option<i64>,
    /// When the token expires, in Unix seconds.
    pub expires_at: Option<i64>,
    /// The id of the key that signed.
    pub key_id: Arc<str>,
    /// The algorithm of the signature.
    pub algorithm: Algorithm,
    /// The roles that the token's groups give; `None` where groups are not synchronised.
    pub roles: Option<Vec<String>>,
    /// The groups that give no role by the engine's options; `None` where groups are not synchronised.
    pub ignored_groups: Option<Vec<IgnoredGroup>>,
    /// Nothing outside this file can write it, so nothing makes an identity but [`Identity::new`].
    #[serde(skip)]
    verified: Verified,
}

/// Says that an identity comes of a verified token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Verified;

/// What the checks have found of the bearer.
pub(crate) struct Found {
    pub(crate) principals: Vec<String>,
    pub(crate) issuer: Arc<str>,
    pub(crate) audience: Arc<str>,
    pub(crate) issued_at: Option<i64>,
    pub(crate) expires_at: Option<i64>,
    pub(crate) roles: Option<Vec<String>>,
    pub(crate) ignored_groups: Option<Vec<IgnoredGroup>>,
}

impl Identity {
    /// The bearer of a verified token; there is no other way to make one.
    pub(crate) fn new(token: &VerifiedToken<'_>, found: Found) -> Self {
        let Found { principals, issuer, audience, issued_at, expires_at, roles, ignored_groups } = found;
        Self {
            principals,
            issuer,
            audience,
            issued_at,
            expires_at,
            key_id: Arc::clone(token.key().id()),
            algorithm: token.algorithm(),
            roles,
            ignored_groups,
            verified: Verified,
        }
    }
}
