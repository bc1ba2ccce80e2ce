//! How do threads share keys that change? Each login takes the keys as they are, without a lock; one thread at a time
//! exchanges them.

use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;
use sqljwt::{KeyCache, SettingsError, UserInfo, Validator};

#[cfg(feature = "http")]
use crate::flights::Flights;

/// A key cache that the threads of a server share.
///
/// # Example
/// ```
/// use sqljwt::{FetchRecord, Response, Settings, Validator};
/// use sqljwt_fetch::SharedKeys;
///
/// let settings = Settings::from_json(r#"{
///     "server.jwt_authentication.enabled": true,
///     "server.jwt_authentication.issuers": {"issuer_jwks_map": {"https://idp.example": "https://idp.example/keys"}},
///     "server.jwt_authentication.audience": "db-login",
///     "server.jwt_authentication.jwks_auto_fetch.enabled": true
/// }"#)?;
/// let validator = Validator::new(&settings)?;
/// let keys = SharedKeys::new(&validator);
///
/// // Somebody has fetched the key set.
/// let answer = Response::new(200, [("Cache-Control", "max-age=300")], r#"{"keys": []}"#);
/// keys.change(|cache| cache.replay(&FetchRecord::new("https://idp.example", 1_800_000_000, [answer])))?;
///
/// // Each login is judged by the keys as they are then.
/// assert!(keys.under(&validator).validate("eyJ…", "alice", 1_800_000_000).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct SharedKeys {
    current: ArcSwap<KeyCache>,
    /// Held by whoever exchanges the keys.
    changing: Mutex<()>,
    /// Whoever fetches some of them, whichever settings it goes by.
    #[cfg(feature = "http")]
    pub(crate) flights: Flights,
}

impl SharedKeys {
    /// No keys yet, for these settings.
    #[must_use]
    pub fn new(validator: &Validator) -> Self {
        Self {
            current: ArcSwap::from_pointee(KeyCache::new(validator)),
            changing: Mutex::new(()),
            #[cfg(feature = "http")]
            flights: Flights::default(),
        }
    }

    /// The settings with the keys as they are now: a copy that shares everything. It takes no lock and never waits.
    #[must_use]
    pub fn under(&self, validator: &Validator) -> Validator {
        validator.with_keys(&self.current.load())
    }

    /// Changes the keys for all logins that come after. Nobody waits for it who only reads.
    pub fn change<T>(&self, change: impl FnOnce(&mut KeyCache) -> T) -> T {
        // OK because the lock holds nothing that a panic could leave half done: the keys are exchanged as a whole.
        let _alone = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        let mut next = KeyCache::clone(&self.current.load());
        let outcome = change(&mut next);
        self.current.store(next.into());
        outcome
    }

    /// The keys as they are now.
    #[must_use]
    pub fn cache(&self) -> KeyCache {
        KeyCache::clone(&self.current.load())
    }
}

/// Settings, and the keys that threads share where somebody fetches them.
///
/// Without keys it is a validator like any other.
#[derive(Clone)]
pub struct SharedValidator {
    own: Arc<Validator>,
    keys: Option<Arc<SharedKeys>>,
}

impl SharedValidator {
    /// Settings alone.
    #[must_use]
    pub fn new(validator: Validator) -> Self {
        Self { own: Arc::new(validator), keys: None }
    }

    /// The same settings, judged by the keys as they are at each login.
    #[must_use]
    pub fn with_keys(&self, keys: &Arc<SharedKeys>) -> Self {
        Self { own: Arc::clone(&self.own), keys: Some(Arc::clone(keys)) }
    }

    /// The same with what an issuer's userinfo endpoint has answered for one token.
    #[must_use]
    pub fn with_user_info(&self, user_info: UserInfo) -> Self {
        Self { own: Arc::new(self.own.with_user_info(user_info)), keys: self.keys.clone() }
    }

    /// The same, asking for these scopes too.
    ///
    /// # Errors
    /// As [`Validator::with_required_scopes`].
    pub fn with_required_scopes<S: AsRef<str>>(&self, scopes: &[S]) -> Result<Self, SettingsError> {
        Ok(Self { own: Arc::new(self.own.with_required_scopes(scopes)?), keys: self.keys.clone() })
    }

    /// The settings alone.
    #[must_use]
    pub fn settings(&self) -> &Validator {
        &self.own
    }

    /// The settings with the keys of this moment, for an attempt that is asked about more than once.
    #[must_use]
    pub fn at_this_moment(&self) -> Arc<Validator> {
        match &self.keys {
            None => Arc::clone(&self.own),
            Some(keys) => Arc::new(keys.under(&self.own)),
        }
    }

    /// Asks by the keys of this moment.
    pub fn ask<R>(&self, question: impl FnOnce(&Validator) -> R) -> R {
        match &self.keys {
            None => question(&self.own),
            Some(keys) => question(&keys.under(&self.own)),
        }
    }
}
