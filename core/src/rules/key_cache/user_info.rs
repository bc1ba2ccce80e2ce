//! Where is an issuer's userinfo endpoint, and may a token be sent there?

use alloc::{format, string::String, sync::Arc};
use core::fmt;

use crate::{
    ground::{json::Duplicates, text::shown},
    parsed::{
        fetched::{Discovery, FetchError, FetchFault, Response, UserInfo},
        keys::remote::{Over, Remote},
    },
    rules::key_cache::{
        fetch::{Quoted, succeeded},
        origins::Origins,
    },
};

/// One request for what an issuer knows of the bearer of a token, at the address to be asked next.
///
/// The host asks with GET, without a redirect followed; the second time, when [`UserInfoFetch::sends_token`] says so, with the
/// header field `Authorization: Bearer` and the token, which no other address may ever see. `engine.fetch_over_http` is for
/// keys: a token goes over https, or over the loopback interface.
pub struct UserInfoFetch {
    issuer: String,
    url: String,
    sends_token: bool,
    origins: Arc<Origins>,
}

/// What an answer leads to.
#[derive(Debug)]
#[non_exhaustive]
pub enum UserInfoStep {
    /// Ask this address.
    Ask(UserInfoFetch),
    /// That is what the issuer knows.
    Done(UserInfo),
}

impl UserInfoFetch {
    /// Begins with the issuer's discovery document.
    pub(crate) fn new(origins: Arc<Origins>, issuer: &str) -> Result<Self, FetchError> {
        match Remote::new(issuer, None, Over::Https) {
            Remote::Discovery(url) => Ok(Self { issuer: issuer.into(), url, sends_token: false, origins }),
            Remote::Jwks(_) | Remote::Nowhere(_) => {
                let message = format!("`{}` is no address to ask for a discovery document", shown(issuer));
                Err(FetchError::new(FetchFault::AddressRefused, message, IN_THE_TOKEN))
            }
        }
    }

    /// The address to ask.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Whether to send the token.
    #[must_use]
    pub fn sends_token(&self) -> bool {
        self.sends_token
    }

    /// Takes an answer; `token` is the one that the login came with.
    ///
    /// # Errors
    /// The answer is of no use: the groups are not known, and nobody logs in.
    pub fn answer(self, token: impl AsRef<[u8]>, response: &Response) -> Result<UserInfoStep, FetchError> {
        succeeded(&self.url, response, if self.sends_token { Quoted::Nothing } else { Quoted::Answer })?;
        if self.sends_token {
            return UserInfo::new(token.as_ref(), response).map(UserInfoStep::Done);
        }
        let is_strict = self.origins.is_strict();
        let discovery =
            Discovery::parse(response, if is_strict { Duplicates::RefusedAtTop } else { Duplicates::LastWins })?;
        if is_strict {
            discovery.is_of(&self.issuer)?;
        }
        let endpoint = discovery.userinfo_endpoint.ok_or_else(|| {
            FetchError::new(
                FetchFault::UserInfoMissing,
                "the discovery document has no `userinfo_endpoint`",
                IN_THE_TOKEN,
            )
        })?;
        match Remote::new(&self.issuer, Some(&endpoint), Over::Https) {
            Remote::Jwks(url) => Ok(UserInfoStep::Ask(Self { url, sends_token: true, ..self })),
            Remote::Nowhere(fact) => Err(FetchError::new(FetchFault::AddressRefused, fact, IN_THE_TOKEN)),
            Remote::Discovery(_) => {
                Err(FetchError::new(FetchFault::UserInfoMissing, "no userinfo endpoint", IN_THE_TOKEN))
            }
        }
    }
}

const IN_THE_TOKEN: &str = "have the identity provider put the groups into the token";

impl fmt::Debug for UserInfoFetch {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("UserInfoFetch").field("url", &self.url).finish_non_exhaustive()
    }
}
