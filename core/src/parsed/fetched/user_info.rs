//! What does the issuer's userinfo endpoint say about the bearer of a token? (OpenID Connect Core 1.0 section 5.3)

use alloc::{boxed::Box, string::String};
use core::fmt;

use super::{
    fault::{FetchError, FetchFault},
    response::Response,
};
use crate::ground::{
    json::{Document, Duplicates, Kind},
    limits::FETCHED_BYTES_MAX,
};

/// What the endpoint has answered for one token. It counts for no other.
#[derive(Clone, PartialEq, Eq)]
pub struct UserInfo {
    token: Box<[u8]>,
    body: String,
}

impl UserInfo {
    /// The answer to a request that carried this token.
    ///
    /// # Errors
    /// [`FetchFault::HttpStatus`], [`FetchFault::BodyTooLong`] or [`FetchFault::UserInfoInvalid`]: the answer is of no use.
    pub fn new(token: impl Into<Box<[u8]>>, response: &Response) -> Result<Self, FetchError> {
        if !(200..300).contains(&response.status) {
            let message = alloc::format!("the userinfo endpoint answered {}", response.status);
            return Err(FetchError::new(FetchFault::HttpStatus, message, REMEDY));
        }
        if response.body.len() > FETCHED_BYTES_MAX {
            let message = alloc::format!("the userinfo endpoint's answer exceeds {FETCHED_BYTES_MAX} bytes");
            return Err(FetchError::new(FetchFault::BodyTooLong, message, REMEDY));
        }
        let is_object = |text: &&str| {
            Document::parse(text, Duplicates::LastWins).is_ok_and(|document| document.root().kind() == Kind::Object)
        };
        let text = response.text().filter(is_object).ok_or_else(|| {
            FetchError::new(FetchFault::UserInfoInvalid, "the userinfo endpoint's answer is no JSON object", REMEDY)
        })?;
        Ok(Self { token: token.into(), body: text.into() })
    }

    /// Whether it is the answer for this token.
    pub(crate) fn is_for(&self, token: &[u8]) -> bool {
        *self.token == *token
    }

    /// The answer as JSON.
    pub(crate) fn document(&self) -> Option<Document<'_>> {
        Document::parse(&self.body, Duplicates::LastWins).ok()
    }
}

const REMEDY: &str =
    "have the identity provider answer with the person's claims as a JSON object, or put the groups into the token";

/// Shows nothing of the token, and nothing of the person.
impl fmt::Debug for UserInfo {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("UserInfo").field("bytes", &self.body.len()).finish_non_exhaustive()
    }
}
