//! What does the host have to ask for next?

use alloc::{string::String, sync::Arc};
use core::fmt;

use crate::{parsed::fetched::Response, rules::key_cache::origins::Origins};

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

impl fmt::Debug for Fetch {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Fetch").field("issuer", &self.issuer).field("url", &self.url).finish_non_exhaustive()
    }
}
