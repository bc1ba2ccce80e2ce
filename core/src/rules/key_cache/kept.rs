//! What is held of one issuer: its keys, for how long they count, and when they were asked for.

use alloc::{boxed::Box, format, string::String, sync::Arc, vec::Vec};

use once_cell::race::OnceBox;

use crate::{
    ground::{
        fault::Fault,
        limits::{FETCH_SECONDS_MAX, FETCHED_KEYS_MAX, REFRESH_COOLDOWN_SECONDS, RETRY_SECONDS},
        reason::ReasonCode::JwksInvalid,
    },
    parsed::{
        fetched::{FetchError, Response, fresh_for},
        keys::{KeySet, Reading},
    },
};

/// One issuer's keys and the attempts to have them.
#[derive(Clone, Default)]
pub(super) struct Kept {
    pub(super) keys: Option<Arc<FetchedKeys>>,
    /// When keys were last had, and until when they counted.
    pub(super) had: Option<(i64, i64)>,
    /// When a fetch began that is under way.
    pub(super) asked: Option<i64>,
    /// When keys were last asked for because of an unknown key id.
    pub(super) refreshed: Option<i64>,
    /// Why there are no keys of a moment of the past.
    pub(super) lack: Option<String>,
    /// When and why the last attempt failed; nothing once one has not.
    pub(super) failed: Option<(i64, FetchError)>,
}

impl Kept {
    /// Until when somebody else's fetch may be under way.
    pub(super) fn awaited(&self, now: i64) -> Option<i64> {
        self.asked.filter(|&at| is_within(FETCH_SECONDS_MAX, at, now)).map(|at| at.saturating_add(FETCH_SECONDS_MAX))
    }

    /// Until when it is too early to ask again after a failure.
    pub(super) fn backing_off(&self, now: i64) -> Option<i64> {
        let (at, _) = self.failed.as_ref().filter(|(at, _)| is_within(RETRY_SECONDS, *at, now))?;
        Some(at.saturating_add(RETRY_SECONDS))
    }

    /// Whether keys may be asked for anew because of an unknown key id.
    pub(super) fn may_refresh(&self, now: i64) -> bool {
        !self.refreshed.is_some_and(|at| is_within(REFRESH_COOLDOWN_SECONDS, at, now))
    }

    /// Takes new keys; those of an answer that was overtaken by a later one are no news.
    pub(super) fn take(&mut self, keys: &Arc<FetchedKeys>) {
        (self.asked, self.failed) = (None, None);
        if self.keys.as_ref().is_none_or(|other| other.at <= keys.at) {
            self.keys = Some(Arc::clone(keys));
            self.had = Some((keys.at, keys.fresh_until));
        }
    }

    /// Gives up keys that count for nobody any more, not even for a login that has waited for them.
    pub(super) fn tidy(&mut self, now: i64) {
        let is_over = |keys: &FetchedKeys| now.saturating_sub(keys.at.max(keys.fresh_until)) > FETCH_SECONDS_MAX;
        self.keys = self.keys.take().filter(|keys| !is_over(keys));
    }

    /// The moments on whose two sides the answers above may differ.
    pub(super) fn moments(&self) -> Vec<i64> {
        let around = |at: i64, seconds: i64| [at, at.saturating_sub(seconds), at.saturating_add(seconds)];
        let keys = self.keys.iter().flat_map(|keys| {
            let [at, earliest, _] = around(keys.at, FETCH_SECONDS_MAX);
            [at, earliest, keys.fresh_until]
        });
        let refreshed = self.refreshed.into_iter().flat_map(|at| around(at, REFRESH_COOLDOWN_SECONDS));
        let asked = self.asked.into_iter().flat_map(|at| around(at, FETCH_SECONDS_MAX));
        keys.chain(refreshed).chain(asked).collect()
    }

    /// The keys, where they count at this moment.
    pub(super) fn usable(&self, now: i64) -> Option<&FetchedKeys> {
        self.keys.as_deref().filter(|keys| keys.count_at(now))
    }
}

/// Whether less than so many seconds lie between two moments, whichever is the later: clocks are set back.
fn is_within(seconds: i64, at: i64, now: i64) -> bool {
    now.saturating_sub(at).saturating_abs() < seconds
}

/// A key set as it was fetched.
pub(crate) struct FetchedKeys {
    /// When it was asked for, in Unix seconds.
    pub(crate) at: i64,
    /// From when on it is stale.
    pub(crate) fresh_until: i64,
    /// Where it was fetched.
    pub(crate) url: String,
    pub(super) discovery: Option<Response>,
    pub(super) response: Response,
    /// The set that was fetched next, where only keys count that stand in both.
    next: Option<Response>,
    sets: Sets,
}

impl FetchedKeys {
    /// # Errors
    /// The set cannot be read as the profile that decides reads it.
    pub(super) fn new(
        at: i64,
        url: String,
        discovery: Option<Response>,
        response: Response,
        reading: Reading,
    ) -> Result<Self, Fault> {
        let fresh_until = at.saturating_add(fresh_for(&response, at));
        let keys = Self { at, fresh_until, url, discovery, response, next: None, sets: Sets::default() };
        keys.set(reading).clone().map(|_| keys)
    }

    /// The keys as a profile reads them, or why it cannot.
    pub(crate) fn set(&self, reading: Reading) -> &Result<Arc<KeySet>, Fault> {
        let both = || match &self.next {
            None => read(&self.response, reading),
            Some(next) => Ok(read(&self.response, reading)?.common(&read(next, reading)?)),
        };
        self.sets.slot(reading).get_or_init(|| Box::new(both().map(Arc::new)))
    }

    /// The same keys as if they had been fetched at that moment, to be used at that moment alone.
    pub(super) fn renewed(&self, at: i64) -> Self {
        Self {
            at,
            fresh_until: at,
            url: self.url.clone(),
            discovery: self.discovery.clone(),
            response: self.response.clone(),
            next: self.next.clone(),
            sets: self.sets.clone(),
        }
    }

    /// Of these keys those that stand in a later set too.
    pub(super) fn confirmed_by(&self, later: &Self) -> Self {
        Self {
            at: self.at,
            fresh_until: later.at,
            url: self.url.clone(),
            discovery: self.discovery.clone(),
            response: self.response.clone(),
            next: Some(later.response.clone()),
            sets: Sets::default(),
        }
    }

    /// Whether the keys count for a login at this moment: as long as they are fresh, and in any case for a login that
    /// waited for them.
    fn count_at(&self, now: i64) -> bool {
        let waited = self.at.saturating_sub(now);
        waited <= FETCH_SECONDS_MAX && (now < self.fresh_until || waited >= 0)
    }

    pub(super) fn bytes(&self) -> usize {
        self.response.body.len().saturating_add(self.discovery.as_ref().map_or(0, |document| document.body.len()))
    }

    pub(super) fn count(&self, reading: Reading) -> usize {
        self.set(reading).as_ref().map_or(0, |set| set.entries().len())
    }
}

fn read(response: &Response, reading: Reading) -> Result<KeySet, Fault> {
    let text = response.text().ok_or_else(|| Fault::new(JwksInvalid, 0, "the key set is no text in UTF-8"))?;
    let set = KeySet::parse_fetched(text, reading)?;
    match set.entries().len() {
        ..=FETCHED_KEYS_MAX => Ok(set),
        count => {
            let message = format!("the key set holds {count} keys; at most {FETCHED_KEYS_MAX} are read");
            Err(Fault::new(JwksInvalid, 0, message))
        }
    }
}

/// The same keys in each reading, once somebody asks for it.
#[derive(Clone, Default)]
struct Sets {
    strict: OnceBox<Result<Arc<KeySet>, Fault>>,
    database: OnceBox<Result<Arc<KeySet>, Fault>>,
    reference: OnceBox<Result<Arc<KeySet>, Fault>>,
}

impl Sets {
    fn slot(&self, reading: Reading) -> &OnceBox<Result<Arc<KeySet>, Fault>> {
        match reading {
            Reading::Strict => &self.strict,
            Reading::Database => &self.database,
            Reading::Reference => &self.reference,
        }
    }
}
