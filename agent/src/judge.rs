//! Who decides? The engine, by the settings and keys of this moment; and whoever needs newer keys waits apart from the others.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError, RwLock},
    time::{Duration, Instant},
};

use sqljwt::{Validator, Verdict, limits::SETTINGS_BYTES_MAX};
use sqljwt_fetch::Fetcher;
use tokio::task;

use crate::{
    answer::{Answer, Outcome},
    clock::now,
    keys_dir::KeysDir,
    limits::ASKING,
    secret::Secret,
    trusted_file::{Stamp, read},
};

/// Settings and keys, and the logins that wait for some.
pub(crate) struct Judge {
    settings: PathBuf,
    /// How long settings serve while their file is broken.
    max_age: Option<Duration>,
    pub(crate) keys_dir: Option<KeysDir>,
    current: RwLock<Current>,
    for_keys: Waiting,
    for_user_info: Waiting,
}

struct Current {
    fetcher: Arc<Fetcher>,
    stamp: Option<Stamp>,
    broken: Option<Broken>,
}

/// Why the settings file cannot be used, and since when.
#[derive(Clone)]
struct Broken {
    since: Instant,
    why: String,
}

impl Judge {
    /// Reads the settings, and the keys that are written down.
    ///
    /// # Errors
    /// The settings cannot be used.
    pub(crate) fn new(
        settings: PathBuf,
        max_age: Option<Duration>,
        keys_dir: Option<KeysDir>,
        waiting: usize,
    ) -> Result<Self, String> {
        let stamp = Stamp::at(&settings);
        let fetcher =
            Fetcher::new(validator(&settings)?).map_err(|error| format!("{}: {error}", settings.display()))?;
        if let Some(keys_dir) = &keys_dir {
            recall(&fetcher, keys_dir);
        }
        let current = Current { fetcher: Arc::new(fetcher), stamp, broken: None };
        let (for_keys, for_user_info) = (Waiting::new(waiting), Waiting::new(ASKING));
        Ok(Self { settings, max_age, keys_dir, current: RwLock::new(current), for_keys, for_user_info })
    }

    /// What decides at this moment.
    pub(crate) fn fetcher(&self) -> Arc<Fetcher> {
        // OK because what is in the lock is whole whoever panicked with it; so below.
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner).fetcher)
    }

    /// Answers a login: at once, if everything is at hand that it needs.
    pub(crate) async fn answer(self: &Arc<Self>, token: &[u8], user: &str) -> Answer {
        if let Some(why) = self.unusable() {
            return Answer::unasked(Outcome::Unavailable, "settings_unusable", &why);
        }
        let (now, verdict) = self.at_hand(token, user);
        let Some(lack) = Lack::of(&verdict) else { return Answer::of(&verdict) };
        let Some(place) = self.waiting(&lack).place(lack.issuer) else {
            return Answer::crowded(&verdict);
        };
        let turn = match lack.is_keys {
            true => Some(place.turn.lock().await),
            false => None,
        };
        // What was lacking may have come while others had their turn.
        let verdict = if turn.is_some() { self.at_hand(token, user).1 } else { verdict };
        if Lack::of(&verdict).is_none() {
            return Answer::of(&verdict);
        }
        self.fetched(token, user, now).await
    }

    /// Decides by what is at hand at this moment.
    fn at_hand(&self, token: &[u8], user: &str) -> (i64, Verdict) {
        let now = now();
        (now, self.fetcher().at_hand().ask(|validator| Verdict::decided(validator, token, user, now)))
    }

    /// Decides by what has to be fetched first, in a thread that may wait for it.
    async fn fetched(self: &Arc<Self>, token: &[u8], user: &str, now: i64) -> Answer {
        let (judge, token, user) = (Arc::clone(self), Secret::of(token), user.to_owned());
        let waited = task::spawn_blocking(move || {
            let fetcher = judge.fetcher();
            let verdict = fetcher.verdict(token.bytes(), &user, now);
            judge.write_down(&fetcher);
            verdict
        });
        match waited.await {
            Ok(verdict) => Answer::of(&verdict),
            Err(_) => Answer::unasked(Outcome::Refused, "internal_error", "the thread that fetches has failed"),
        }
    }

    /// The logins that wait as this one does.
    fn waiting(&self, lack: &Lack<'_>) -> &Waiting {
        if lack.is_keys { &self.for_keys } else { &self.for_user_info }
    }

    /// Writes new keys down for the servers that read them.
    pub(crate) fn write_down(&self, fetcher: &Fetcher) {
        if let Some(keys_dir) = &self.keys_dir {
            keys_dir.follow(&fetcher.keys().cache());
        }
    }

    /// Why nobody can be judged: the settings are broken, and have been for longer than they may be.
    fn unusable(&self) -> Option<String> {
        let max_age = self.max_age?;
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
        current.broken.as_ref().filter(|broken| broken.since.elapsed() > max_age).map(|broken| broken.why.clone())
    }

    /// Whether the settings file is another one than was read last.
    pub(crate) fn has_changed(&self) -> bool {
        Stamp::at(&self.settings) != self.current.read().unwrap_or_else(PoisonError::into_inner).stamp
    }

    /// Reads the settings anew. Where they cannot be used, those of before stay, and the log says why.
    pub(crate) fn reload(&self) {
        let stamp = Stamp::at(&self.settings);
        let keys = Arc::clone(self.fetcher().keys());
        let fetcher = validator(&self.settings)
            .and_then(|validator| Fetcher::with_keys(validator, keys).map_err(|error| error.to_string()));
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        current.stamp = stamp;
        match fetcher {
            Ok(fetcher) => {
                *current = Current { fetcher: Arc::new(fetcher), stamp, broken: None };
                drop(current);
                log::info!("settings read from {}", self.settings.display());
                if let Some(keys_dir) = &self.keys_dir {
                    recall(&self.fetcher(), keys_dir);
                }
            }
            Err(why) => {
                let since = current.broken.as_ref().map_or_else(Instant::now, |broken| broken.since);
                current.broken = Some(Broken { since, why: why.clone() });
                drop(current);
                log::error!("{why}; the settings of before stay");
            }
        }
    }
}

/// The settings of a file, compiled.
///
/// # Errors
/// The file, the place and the fault, on one line.
pub(crate) fn validator(path: &Path) -> Result<Validator, String> {
    let told = |why: String| format!("{}: {why}", path.display());
    let bytes = read(path, SETTINGS_BYTES_MAX as u64).map_err(told)?;
    let text = String::from_utf8(bytes).map_err(|_| told("is not UTF-8".into()))?;
    let validator = Validator::from_text(&text);
    let validator = validator.map_err(|error| told(format!("{}: {error}; {}", error.code, error.remedy)))?;
    // Settings that say nothing have CockroachDB's rules, to which `postgres` is a name like any other.
    match validator.settings().value("engine.user_names") {
        Some(_) => Ok(validator),
        None => Err(told(NAMELESS.into())),
    }
}

const NAMELESS: &str = "engine.user_names is missing, so the settings do not say whose users they are; \
     write \"engine.user_names\": \"postgresql\", \"mysql\" for MySQL and MariaDB, or \"cockroachdb\"";

/// Takes over the keys that are written down, unless newer ones are at hand.
fn recall(fetcher: &Fetcher, keys_dir: &KeysDir) {
    let cache = fetcher.keys().cache();
    let unknown = cache.issuers().filter(|issuer| cache.fresh_until(issuer).is_none());
    for record in keys_dir.records(unknown) {
        let taken = record.and_then(|record| {
            let replayed = fetcher.keys().change(|cache| cache.replay(&record));
            replayed.map_err(|error| error.to_string()).map(|()| record)
        });
        match taken {
            Ok(record) => log::info!("keys of `{}` taken from their file", record.issuer.escape_debug()),
            Err(why) => log::warn!("keys that are written down cannot be used: {why}"),
        }
    }
}

/// What has to be fetched before a login can be judged.
struct Lack<'v> {
    issuer: &'v str,
    is_keys: bool,
}

impl<'v> Lack<'v> {
    fn of(verdict: &'v Verdict) -> Option<Self> {
        match (&verdict.keys_needed, &verdict.userinfo_needed) {
            (Some(keys), _) => Some(Self { issuer: &keys.issuer, is_keys: true }),
            (None, Some(needed)) => Some(Self { issuer: &needed.issuer, is_keys: false }),
            (None, None) => None,
        }
    }
}

/// The logins that wait for identity providers: so many, and for one issuer no more than half of them, so that a provider that
/// is slow leaves room for the others.
struct Waiting {
    most: usize,
    queues: Queues,
}

type Queues = Arc<Mutex<BTreeMap<String, Queue>>>;

/// The logins that wait for one issuer.
#[derive(Default)]
struct Queue {
    length: usize,
    /// Held by the one of them that asks.
    turn: Arc<tokio::sync::Mutex<()>>,
}

/// One login that waits.
struct Place {
    issuer: String,
    turn: Arc<tokio::sync::Mutex<()>>,
    queues: Queues,
}

impl Waiting {
    fn new(most: usize) -> Self {
        Self { most, queues: Queues::default() }
    }

    fn place(&self, issuer: &str) -> Option<Place> {
        let mut queues = self.queues.lock().unwrap_or_else(PoisonError::into_inner);
        let all: usize = queues.values().map(|queue| queue.length).sum();
        let own = queues.get(issuer).map_or(0, |queue| queue.length);
        if all >= self.most || own >= self.most.div_ceil(2) {
            return None;
        }
        let queue = queues.entry(issuer.into()).or_default();
        queue.length += 1;
        Some(Place { issuer: issuer.into(), turn: Arc::clone(&queue.turn), queues: Arc::clone(&self.queues) })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut queues = self.queues.lock().unwrap_or_else(PoisonError::into_inner);
        match queues.get_mut(&self.issuer) {
            Some(queue) if queue.length > 1 => queue.length -= 1,
            _ => {
                queues.remove(&self.issuer);
            }
        }
    }
}
