//! Which fetched keys decide about an issuer's tokens at this moment, and may they be fetched (again)?
//!
//! A value of the host's: it changes when an answer comes, and validators take a copy of it that costs nothing. What is
//! not fresh is not used, whatever became of fetching it again.

use alloc::{collections::BTreeMap, format, string::String, sync::Arc, vec::Vec};
use core::fmt;

use crate::{
    ground::{
        fault::Fault,
        json::Duplicates,
        limits::{CACHED_BYTES_MAX, CACHED_ISSUERS_MAX, CACHED_KEYS_MAX},
        text::shown,
        time::utc,
    },
    parsed::{
        fetched::{Discovery, FetchError, FetchFault, FetchRecord, Response},
        keys::{KeySet, Reading, remote::Remote},
    },
    rules::key_cache::{
        fetch::{Fetch, KEY_SET, Quoted, succeeded},
        kept::{FetchedKeys, Kept},
        origins::Origins,
    },
};

/// The fetched keys of the configured issuers.
///
/// The cache does no I/O: it says what to ask for, and is told what came back or that nothing did. A clone shares what is in
/// it.
#[derive(Clone)]
pub struct KeyCache {
    origins: Arc<Origins>,
    issuers: Arc<BTreeMap<Arc<str>, Arc<Kept>>>,
    /// The one moment that the keys are of, where they are not those of the present.
    moment: Option<i64>,
}

/// What a host that needs keys has to do.
#[derive(Debug)]
#[non_exhaustive]
pub enum Start {
    /// Ask this address.
    Ask(Fetch),
    /// Ask the validator again: the keys have come meanwhile, or it is too early to look for this key id again.
    Again,
    /// Wait: somebody else is fetching the keys, or it is too early to try again after a failure.
    Wait {
        /// Until when, in Unix seconds.
        until: i64,
    },
    /// Refuse: there is nothing to be fetched.
    Never(FetchError),
}

/// What there is of an issuer's keys at a moment.
pub(crate) enum Held<'k> {
    /// Keys that count.
    Keys(&'k FetchedKeys, &'k KeySet),
    /// Keys that count, but not as this profile reads them.
    Unreadable(&'k Fault),
    /// None, and what became of those that there were.
    None(Option<String>),
    /// None that are known to have counted at that moment, and why.
    Unknown(String),
}

impl KeyCache {
    /// A cache without keys.
    pub(crate) fn empty(origins: Arc<Origins>) -> Self {
        Self { origins, issuers: Arc::default(), moment: None }
    }

    /// The keys of a moment of the past.
    pub(super) fn of_the_past(origins: Arc<Origins>, issuers: BTreeMap<Arc<str>, Arc<Kept>>, moment: i64) -> Self {
        Self { origins, issuers: Arc::new(issuers), moment: Some(moment) }
    }

    /// The keys that are held of an issuer, whether they count or not.
    pub(super) fn keys(&self, issuer: &str) -> Option<Arc<FetchedKeys>> {
        self.issuers.get(issuer)?.keys.clone()
    }

    /// The same for other settings: without keys, unless they are fetched from the same places.
    pub(crate) fn under(&self, origins: &Arc<Origins>) -> Self {
        let is_same = Arc::ptr_eq(&self.origins, origins) || self.origins == *origins;
        if is_same { self.clone() } else { Self::empty(Arc::clone(origins)) }
    }

    /// What there is of an issuer's keys, as a profile reads them.
    pub(crate) fn held(&self, issuer: &str, reading: Reading, now: i64) -> Held<'_> {
        let kept = self.issuers.get(issuer);
        let keys = match self.moment {
            None => kept.and_then(|kept| kept.usable(now)),
            Some(moment) => match kept.and_then(|kept| kept.keys.as_deref()).filter(|_| moment == now) {
                Some(keys) => Some(keys),
                None => return Held::Unknown(unknown(kept.and_then(|kept| kept.lack.as_deref()), now)),
            },
        };
        match keys {
            Some(keys) => match keys.set(reading) {
                Ok(set) => Held::Keys(keys, set),
                Err(fault) => Held::Unreadable(fault),
            },
            None => Held::None(kept.and_then(|kept| lack(kept, now))),
        }
    }

    /// Whether newer keys of an issuer are to be waited for because of an unknown key id: they may be asked for, or somebody is
    /// asking.
    pub(crate) fn may_refresh(&self, issuer: &str, now: i64) -> bool {
        let kept = self.issuers.get(issuer);
        self.moment.is_none() && kept.is_none_or(|kept| kept.may_refresh(now) || kept.awaited(now).is_some())
    }

    /// Begins to fetch an issuer's keys that a login needs: `refresh` as [`KeysNeeded`](crate::KeysNeeded) says it. `now` is
    /// the moment of the request, in Unix seconds: how long the keys count is reckoned from it.
    pub fn start(&mut self, issuer: &str, refresh: bool, now: i64) -> Start {
        self.begin(issuer, if refresh { Occasion::UnknownKey } else { Occasion::NoKeys }, now)
    }

    /// Begins to fetch an issuer's keys although nobody waits for them: before those that are there are stale, so that nobody
    /// has to.
    pub fn renew(&mut self, issuer: &str, now: i64) -> Start {
        self.begin(issuer, Occasion::Ahead, now)
    }

    fn begin(&mut self, issuer: &str, occasion: Occasion, now: i64) -> Start {
        let Some((issuer, remote)) = self.origins.place(issuer).filter(|_| self.moment.is_none()) else {
            return Start::Never(not_fetched(issuer));
        };
        let url = match remote {
            Remote::Discovery(url) | Remote::Jwks(url) => url.clone(),
            Remote::Nowhere(fact) => return Start::Never(refused(fact)),
        };
        let mut kept = self.kept(issuer);
        if let Some(until) = kept.awaited(now).or_else(|| kept.backing_off(now)) {
            return Start::Wait { until };
        }
        let is_refresh = match (kept.usable(now).is_some(), occasion) {
            (false, _) | (true, Occasion::Ahead) => false,
            (true, Occasion::UnknownKey) if kept.may_refresh(now) => true,
            (true, Occasion::UnknownKey | Occasion::NoKeys) => return Start::Again,
        };
        if is_refresh {
            kept.refreshed = Some(now);
        }
        kept.asked = Some(now);
        let (issuer, origins) = (Arc::clone(issuer), Arc::clone(&self.origins));
        self.keep(&issuer, kept);
        Start::Ask(Fetch { issuer, at: now, is_refresh, url, discovered: None, origins })
    }

    /// Takes an answer to a fetch. `Ok` with a fetch is what to ask for next; without one the keys are there.
    ///
    /// # Errors
    /// The answer is of no use: nobody logs in by it, and the issuer is not asked again for a few seconds.
    #[allow(clippy::needless_pass_by_value, reason = "a question is answered once")]
    pub fn answer(&mut self, fetch: Fetch, response: Response) -> Result<Option<Fetch>, FetchError> {
        if *fetch.origins != *self.origins {
            return Err(not_fetched(&fetch.issuer));
        }
        for kept in Arc::make_mut(&mut self.issuers).values_mut() {
            Arc::make_mut(kept).tidy(fetch.at);
        }
        let outcome = self.taken(&fetch, response);
        match &outcome {
            Err(error) => self.failed(&fetch, error.clone()),
            Ok(Step::Next(_)) => {}
            Ok(Step::Keys(keys)) => {
                let mut kept = self.kept(&fetch.issuer);
                kept.take(keys);
                self.keep(&fetch.issuer, kept);
            }
        }
        outcome.map(|step| match step {
            Step::Next(next) => Some(next),
            Step::Keys(_) => None,
        })
    }

    /// Ends a fetch to which no answer came, and says why: a clause that begins in lower case, such as `connection refused`.
    #[allow(clippy::needless_pass_by_value, reason = "as above")]
    pub fn give_up(&mut self, fetch: Fetch, why: &str) -> FetchError {
        let message = format!("`{}` gave no answer: {}", shown(&fetch.url), shown(why));
        let remedy = "see that this host reaches the address, and trusts its certificate";
        let error = FetchError::new(FetchFault::Unreachable, message, remedy);
        if *fetch.origins == *self.origins {
            self.failed(&fetch, error.clone());
        }
        error
    }

    /// Takes over a fetch that was written down, as if it were made now by this host: with all checks, and for as long as its
    /// keys count.
    ///
    /// # Errors
    /// As [`KeyCache::answer`]; [`FetchFault::RecordInvalid`] where answers are missing or left over, and then nothing is
    /// taken over.
    pub fn replay(&mut self, record: &FetchRecord) -> Result<(), FetchError> {
        let mut after = self.clone();
        let outcome = after.replayed(record);
        if !matches!(&outcome, Err(error) if error.fault == FetchFault::RecordInvalid) {
            *self = after;
        }
        outcome
    }

    fn replayed(&mut self, record: &FetchRecord) -> Result<(), FetchError> {
        let Some((issuer, Remote::Discovery(url) | Remote::Jwks(url))) = self.origins.place(&record.issuer) else {
            return Err(not_fetched(&record.issuer));
        };
        let (issuer, url, origins) = (Arc::clone(issuer), url.clone(), Arc::clone(&self.origins));
        if record.refresh {
            self.keep(&issuer, Kept { refreshed: Some(record.at), ..self.kept(&issuer) });
        }
        let first = Fetch { issuer, at: record.at, is_refresh: record.refresh, url, discovered: None, origins };
        let mut fetch = Some(first);
        for answer in &record.answers {
            let Some(open) = fetch.take() else {
                return Err(spoilt(&record.issuer, "more answers than there were questions"));
            };
            fetch = self.answer(open, answer.clone())?;
        }
        match (fetch, &record.failure) {
            (Some(open), Some(why)) => Err(self.give_up(open, why)),
            (None, None) => Ok(()),
            (Some(_), None) => Err(spoilt(&record.issuer, "fewer answers than there were questions")),
            (None, Some(_)) => Err(spoilt(&record.issuer, "a failure after the last answer")),
        }
    }

    /// Takes over fetches in the order in which they were made. One that failed leaves what there was, and why it failed is
    /// told when keys are lacking.
    ///
    /// # Errors
    /// [`FetchFault::RecordInvalid`]: a record is none.
    pub fn replay_all<'r>(&mut self, records: impl IntoIterator<Item = &'r FetchRecord>) -> Result<(), FetchError> {
        records.into_iter().try_for_each(|record| match self.replay(record) {
            Err(error) if error.fault == FetchFault::RecordInvalid => Err(error),
            _ => Ok(()),
        })
    }

    /// The fetch that gave an issuer the keys that are held now, to be written down; `None` where there are none.
    #[must_use]
    pub fn record(&self, issuer: &str) -> Option<FetchRecord> {
        let keys = self.issuers.get(issuer)?.keys.as_ref()?;
        let answers: Vec<Response> = keys.discovery.iter().chain([&keys.response]).cloned().collect();
        Some(FetchRecord::new(issuer, keys.at, answers))
    }

    /// The issuers whose keys are fetched, whether any are there or not.
    pub fn issuers(&self) -> impl Iterator<Item = &str> {
        self.origins.issuers().map(|issuer| &**issuer)
    }

    /// From when on the keys that are held of an issuer are stale, in Unix seconds; `None` where none are held. Who renews
    /// them before that lets no login wait.
    #[must_use]
    pub fn fresh_until(&self, issuer: &str) -> Option<i64> {
        Some(self.issuers.get(issuer)?.keys.as_ref()?.fresh_until)
    }

    /// The moments at which what is held of an issuer may begin or cease to decide.
    pub(crate) fn moments(&self, issuer: &str) -> Vec<i64> {
        let kept = self.issuers.get(issuer);
        kept.map(|kept| kept.moments()).unwrap_or_default().into_iter().chain(self.moment).collect()
    }

    /// The same as if an issuer's keys had been fetched at that moment and been those that are held; nothing where none are.
    pub(crate) fn renewed(&self, issuer: &str, at: i64) -> Option<Self> {
        let (issuer, kept) = self.issuers.get_key_value(issuer)?;
        let keys = kept.keys.as_ref()?.renewed(at);
        let mut renewed = Self { moment: None, ..self.clone() };
        // Keys that are as new as the login are not asked for again.
        renewed.keep(issuer, Kept { keys: Some(Arc::new(keys)), refreshed: Some(at), ..Kept::default() });
        Some(renewed)
    }

    /// The same as if an issuer's key set had been fetched now and been this text.
    ///
    /// # Errors
    /// As [`KeyCache::answer`], beside a cache that has no keys of this issuer, and why.
    pub(crate) fn rehearsed(&self, issuer: &str, set: &str, now: i64) -> (Self, Option<FetchError>) {
        let mut cache = Self { moment: None, ..self.clone() };
        let place = cache.origins.place(issuer).map(|(issuer, remote)| (Arc::clone(issuer), remote.clone()));
        let (issuer, discovered, url) = match place {
            Some((issuer, Remote::Jwks(url))) => (issuer, None, url),
            // What is asked after a discovery document is the key set.
            Some((issuer, Remote::Discovery(url))) => (issuer, Some(Response::new(200, NO_HEADERS, "{}")), url),
            Some((_, Remote::Nowhere(fact))) => return (cache, Some(refused(&fact))),
            None => return (cache, Some(not_fetched(issuer))),
        };
        cache.keep(&issuer, Kept { refreshed: Some(now), ..Kept::default() });
        let origins = Arc::clone(&cache.origins);
        let fetch = Fetch { issuer, at: now, is_refresh: true, url, discovered, origins };
        let fault = cache.answer(fetch, Response::new(200, NO_HEADERS, set)).err();
        (cache, fault)
    }

    fn taken(&self, fetch: &Fetch, response: Response) -> Result<Step, FetchError> {
        succeeded(&fetch.url, &response, Quoted::Answer)?;
        let response = response.without_strangers();
        let is_discovery = fetch.discovered.is_none() && self.is_discovered(&fetch.issuer);
        if is_discovery {
            return self.discovered(fetch, response).map(Step::Next);
        }
        let reading = self.origins.reading();
        let keys = FetchedKeys::new(fetch.at, fetch.url.clone(), fetch.discovered.clone(), response, reading);
        let keys = keys.map_err(|fault| {
            let remedy = fault.remedy.unwrap_or_else(|| KEY_SET.into());
            FetchError::new(FetchFault::KeysInvalid, format!("`{}`: {}", shown(&fetch.url), fault.message), remedy)
        })?;
        self.room(&fetch.issuer, &keys).map(|()| Step::Keys(Arc::new(keys)))
    }

    fn is_discovered(&self, issuer: &str) -> bool {
        matches!(self.origins.place(issuer), Some((_, Remote::Discovery(_))))
    }

    /// From the discovery document on to the key set.
    fn discovered(&self, fetch: &Fetch, response: Response) -> Result<Fetch, FetchError> {
        let is_strict = self.origins.is_strict();
        let duplicates = if is_strict { Duplicates::RefusedAtTop } else { Duplicates::LastWins };
        let url = Discovery::parse(&response, duplicates).and_then(|discovery| {
            if is_strict {
                discovery.is_of(&fetch.issuer)?;
            }
            match Remote::new(&fetch.issuer, Some(discovery.keys_at()?), self.origins.over()) {
                Remote::Jwks(url) => Ok(url),
                Remote::Nowhere(fact) => Err(refused(&fact)),
                Remote::Discovery(_) => Err(not_fetched(&fetch.issuer)),
            }
        });
        let url = url.map_err(|error| error.at(&format!("`{}`", shown(&fetch.url))))?;
        Ok(Fetch { url, discovered: Some(response), ..fetch.clone() })
    }

    /// That there is room for an issuer's keys beside those of the others. Keys that count are never given up for others.
    fn room(&self, issuer: &str, new: &FetchedKeys) -> Result<(), FetchError> {
        let reading = self.origins.reading();
        let others = self.issuers.iter().filter(|(other, _)| ***other != *issuer);
        let held: Vec<_> = others.filter_map(|(_, kept)| kept.keys.as_ref()).collect();
        let (bytes, keys) = held.iter().fold((new.bytes(), new.count(reading)), |(bytes, count), keys| {
            (bytes.saturating_add(keys.bytes()), count.saturating_add(keys.count(reading)))
        });
        let fact = match (held.len(), bytes, keys) {
            (CACHED_ISSUERS_MAX.., ..) => format!("keys of {CACHED_ISSUERS_MAX} issuers are held already"),
            (_, bytes, _) if bytes > CACHED_BYTES_MAX => format!("more than {CACHED_BYTES_MAX} bytes of keys are held"),
            (.., keys) if keys > CACHED_KEYS_MAX => format!("more than {CACHED_KEYS_MAX} keys are held"),
            _ => return Ok(()),
        };
        Err(FetchError::new(FetchFault::CacheFull, fact, "configure fewer issuers whose keys are fetched"))
    }

    fn failed(&mut self, fetch: &Fetch, error: FetchError) {
        let kept = Kept { asked: None, failed: Some((fetch.at, error)), ..self.kept(&fetch.issuer) };
        self.keep(&fetch.issuer, kept);
    }

    fn kept(&self, issuer: &str) -> Kept {
        self.issuers.get(issuer).map(|kept| Kept::clone(kept)).unwrap_or_default()
    }

    fn keep(&mut self, issuer: &Arc<str>, kept: Kept) {
        Arc::make_mut(&mut self.issuers).insert(Arc::clone(issuer), Arc::new(kept));
    }
}

const NO_HEADERS: [(&str, &str); 0] = [];

/// Why keys are fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Occasion {
    /// None are there that count.
    NoKeys,
    /// Those that are there lack the one that a token names.
    UnknownKey,
    /// Those that are there will be stale soon.
    Ahead,
}

enum Step {
    Next(Fetch),
    Keys(Arc<FetchedKeys>),
}

/// Why it is not known which keys counted at a moment.
fn unknown(lack: Option<&str>, now: i64) -> String {
    lack.map_or_else(|| format!("which keys counted at {} was not asked", utc(now)), Into::into)
}

/// Why there are no keys that count, where there were any or somebody has tried to have them.
fn lack(kept: &Kept, now: i64) -> Option<String> {
    Some(match (&kept.failed, kept.had) {
        (Some((at, error)), _) => format!("they could not be had at {}: {}", utc(*at), error.message),
        (None, Some((at, _))) if at > now => format!("they were fetched later than this login, at {}", utc(at)),
        (None, Some((at, until))) if at < until => {
            format!("they were fetched at {} and counted until {}", utc(at), utc(until))
        }
        (None, Some((at, _))) => format!("they were fetched at {}, to be fetched again for every login", utc(at)),
        (None, None) => return None,
    })
}

fn not_fetched(issuer: &str) -> FetchError {
    let message = format!("the settings fetch no keys of the issuer `{}`", shown(issuer));
    FetchError::new(FetchFault::NotFetched, message, "ask the validator again: its settings have changed")
}

fn spoilt(issuer: &str, holds: &str) -> FetchError {
    let message = format!("the record of a fetch for `{}` holds {holds}", shown(issuer));
    FetchError::new(FetchFault::RecordInvalid, message, "fetch the keys again")
}

fn refused(fact: &str) -> FetchError {
    let remedy = "give an https address of the key set in issuer_jwks_map";
    FetchError::new(FetchFault::AddressRefused, fact, remedy)
}

impl fmt::Debug for KeyCache {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_set().entries(self.issuers.keys()).finish()
    }
}
