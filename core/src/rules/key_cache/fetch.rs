//! What does the host have to ask for next?

use alloc::{format, string::String, sync::Arc};
use core::fmt;

use crate::{
    ground::{
        limits::FETCHED_BYTES_MAX,
        text::{cut, shown},
    },
    parsed::fetched::{FetchError, FetchFault, Response},
    rules::key_cache::origins::Origins,
};

/// One fetch of an issuer's keys, at the address to be asked next: that of the discovery document, or that of the key set.
///
/// The host asks with GET, without a redirect followed, and gives the answer to
/// [`KeyCache::answer`](crate::KeyCache::answer), or, where none comes, the fetch to
/// [`KeyCache::give_up`](crate::KeyCache::give_up).
#[must_use = "for a while nobody else fetches these keys"]
#[derive(Clone)]
pub struct Fetch {
    pub(super) issuer: Arc<str>,
    pub(super) at: i64,
    pub(super) is_refresh: bool,
    pub(super) url: String,
    /// The discovery document, once it is there.
    pub(super) discovered: Option<Response>,
    pub(super) origins: Arc<Origins>,
}

impl Fetch {
    /// The issuer whose keys are fetched.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// The address to ask.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The header fields to ask with. After a token with an unknown key id caches on the way are passed over.
    pub fn headers(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let anew = self.is_refresh.then_some(("Cache-Control", "no-cache"));
        [("Accept", "application/json")].into_iter().chain(anew)
    }
}

/// How much of a useless answer is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quoted {
    /// What it says.
    Answer,
    /// Nothing: the request carried a token, which an answer may repeat.
    Nothing,
}

/// That the answer is a success, and no longer than is read.
pub(super) fn succeeded(url: &str, response: &Response, quoted: Quoted) -> Result<(), FetchError> {
    let url = shown(url);
    let is_told = quoted == Quoted::Answer;
    if response.body.len() > FETCHED_BYTES_MAX {
        let message = format!("`{url}`: response body exceeds {FETCHED_BYTES_MAX} bytes");
        return Err(FetchError::new(FetchFault::BodyTooLong, message, KEY_SET));
    }
    match response.status {
        200..300 => Ok(()),
        300..400 => {
            let to = response
                .header("location")
                .next()
                .filter(|_| is_told)
                .map(|to| format!(" to `{}`", shown(to)))
                .unwrap_or_default();
            let message = format!("`{url}` redirects{to}, and redirects are not followed");
            let remedy = "configure the address that is meant: as the issuer, or in issuer_jwks_map";
            Err(FetchError::new(FetchFault::Redirected, message, remedy))
        }
        status => {
            const SHOWN: usize = 200;
            let text = String::from_utf8_lossy(&response.body);
            let start: String = text.chars().take(SHOWN).collect();
            let body = if start.is_empty() || !is_told { String::new() } else { format!(": {}", cut(&shown(&start))) };
            let message = format!("GET `{url}` returned {status}{body}");
            let remedy =
                "open the address in a browser: it has to serve the discovery document or the key set to anybody";
            Err(FetchError::new(FetchFault::HttpStatus, message, remedy))
        }
    }
}

pub(super) const KEY_SET: &str = "open the address in a browser: it has to serve a JWK Set";

impl fmt::Debug for Fetch {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Fetch").field("issuer", &self.issuer).field("url", &self.url).finish_non_exhaustive()
    }
}
