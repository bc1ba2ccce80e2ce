//! What does a server do that lets the engine decide by keys that rotate? It asks, and decides again.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use sqljwt::{
    Explanation, Fetch, FetchError, KeyCache, KeysNeeded, Login, Need, Refusal, Start, UserInfo, UserInfoNeeded,
    UserInfoStep, Validator, Verdict,
};

use crate::{
    http::{CertificateError, Http},
    shared::{SharedKeys, SharedValidator},
};

/// Decides logins, and fetches what they need: the keys of issuers, and the groups of people.
///
/// Shared by as many threads as there are. A login whose keys are at hand asks nobody and takes no lock. For the others one
/// thread asks, and the rest waits for it, each no longer than the timeout of the settings. Nobody is let in whom the
/// engine does not let in.
///
/// # Example
/// ```
/// use sqljwt::{Settings, Validator};
/// use sqljwt_fetch::Fetcher;
///
/// let settings = Settings::from_json(r#"{
///     "server.jwt_authentication.enabled": true,
///     "server.jwt_authentication.issuers": "https://idp.example",
///     "server.jwt_authentication.audience": "db-login",
///     "server.jwt_authentication.jwks_auto_fetch.enabled": true
/// }"#)?;
/// let fetcher = Fetcher::new(Validator::new(&settings)?)?;
/// // In a server, for each login, with the present moment:
/// assert!(fetcher.validate("eyJ…", "alice", 1_800_000_000).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Fetcher {
    validator: SharedValidator,
    keys: Arc<SharedKeys>,
    http: Http,
    /// How long a login waits for what another one fetches: for two answers.
    patience: Duration,
}

/// How often a login asks anew: for keys, for newer keys, and for keys that became stale meanwhile.
const ROUNDS: usize = 3;

impl Fetcher {
    /// Decides by these settings.
    ///
    /// # Errors
    /// The settings name certificates that cannot be read.
    pub fn new(validator: Validator) -> Result<Self, CertificateError> {
        let keys = Arc::new(SharedKeys::new(&validator));
        Self::with_keys(validator, keys)
    }

    /// Decides by these settings with keys that are there already: those of the settings before, or of another host.
    ///
    /// # Errors
    /// The settings name certificates that cannot be read.
    pub fn with_keys(validator: Validator, keys: Arc<SharedKeys>) -> Result<Self, CertificateError> {
        let http = Http::new(&validator)?;
        keys.change(|cache| cache.follow(&validator));
        let patience = validator.settings().fetch_timeout().saturating_mul(2).min(Duration::from_secs(60));
        let validator = SharedValidator::new(validator).with_keys(&keys);
        Ok(Self { validator, keys, http, patience })
    }

    /// The keys as they are shared.
    #[must_use]
    pub fn keys(&self) -> &Arc<SharedKeys> {
        &self.keys
    }

    /// The settings with the keys that are at hand: what it is asked it answers at once, and nothing is fetched for it.
    #[must_use]
    pub fn at_hand(&self) -> &SharedValidator {
        &self.validator
    }

    /// Decides as [`Validator::validate`] does, with whatever has to be fetched for it. `now` is the present in Unix seconds.
    ///
    /// # Errors
    /// As [`Validator::validate`]; [`Refusal::KeysNeeded`] only when the keys cannot be had, and then its cause says why.
    pub fn validate(&self, token: impl AsRef<[u8]>, user: &str, now: i64) -> Result<Login, Refusal> {
        let (token, clock) = (token.as_ref(), Clock::at(now));
        let decide = |validator: &Validator| validator.validate(token, user, now);
        let refusal = match self.with_fetched_keys(&clock, decide, |outcome| outcome.as_ref().err().and_then(keys)) {
            Err(refusal) => refusal,
            login => return login,
        };
        let Some(Need::UserInfo(needed)) = refusal.need() else { return Err(refusal) };
        match self.user_info(needed, token) {
            Some(known) => self.validator.ask(|validator| decide(&validator.with_user_info(known))),
            None => Err(refusal),
        }
    }

    /// Decides as [`Verdict::decided`] does, with whatever has to be fetched for it.
    #[must_use]
    pub fn verdict(&self, token: impl AsRef<[u8]>, user: &str, now: i64) -> Verdict {
        let (token, clock) = (token.as_ref(), Clock::at(now));
        let decide = |validator: &Validator| Verdict::decided(validator, token, user, now);
        let verdict = self.with_fetched_keys(&clock, decide, |verdict| verdict.keys_needed.as_ref());
        let known = verdict.userinfo_needed.as_ref().and_then(|needed| self.user_info(needed, token));
        match known {
            Some(known) => self.validator.ask(|validator| decide(&validator.with_user_info(known))),
            None => verdict,
        }
    }

    /// Explains as [`Validator::explain`] does, with whatever has to be fetched for it.
    #[must_use]
    pub fn explain(&self, token: impl AsRef<[u8]>, user: &str, now: i64) -> Explanation {
        let (token, clock) = (token.as_ref(), Clock::at(now));
        let explain = |validator: &Validator| validator.explain(token, user, now);
        let explanation = self.with_fetched_keys(&clock, explain, |explanation| explanation.keys_needed.as_ref());
        let known = explanation.userinfo_needed.as_ref().and_then(|needed| self.user_info(needed, token));
        match known {
            Some(known) => self.validator.ask(|validator| explain(&validator.with_user_info(known))),
            None => explanation,
        }
    }

    /// Fetches the keys of an issuer before those that are there are stale, so that no login has to wait for it.
    ///
    /// # Errors
    /// They cannot be had; those that are there stay as long as they count.
    pub fn renew(&self, issuer: &str, now: i64) -> Result<(), FetchError> {
        self.fetch_ahead(issuer, |cache| cache.renew(issuer, now)).map(drop)
    }

    /// Fetches the keys of an issuer as a login does that names an unknown key: past caches on the way, and no more often than
    /// the engine allows. Whether they were fetched.
    ///
    /// # Errors
    /// As [`Fetcher::renew`].
    pub fn refresh(&self, issuer: &str, now: i64) -> Result<bool, FetchError> {
        self.fetch_ahead(issuer, |cache| cache.start(issuer, true, now))
    }

    /// Fetches keys for no login; one that needs them meanwhile waits for this. Whether they were fetched.
    fn fetch_ahead(&self, issuer: &str, start: impl FnOnce(&mut KeyCache) -> Start) -> Result<bool, FetchError> {
        // Whoever fetches them already does so for us too.
        let Some(_flight) = self.keys.flights.take_off(issuer) else { return Ok(false) };
        match self.keys.change(start) {
            Start::Ask(fetch) => self.fetch(fetch).map(|()| true),
            Start::Never(error) => Err(error),
            _ => Ok(false),
        }
    }

    /// Asks the engine, and again once the keys that it lacks are fetched.
    fn with_fetched_keys<T>(
        &self,
        clock: &Clock,
        ask: impl Fn(&Validator) -> T,
        lacks: impl Fn(&T) -> Option<&KeysNeeded>,
    ) -> T {
        let mut outcome = self.validator.ask(&ask);
        for _ in 0..ROUNDS {
            let Some(needed) = lacks(&outcome) else { break };
            let is_worth_asking = self.bring(needed, clock);
            outcome = self.validator.ask(&ask);
            if !is_worth_asking {
                break;
            }
        }
        outcome
    }

    /// Brings the keys of an issuer, by whichever thread; whether there is anything new.
    fn bring(&self, needed: &KeysNeeded, clock: &Clock) -> bool {
        let Some(_flight) = self.keys.flights.take_off(&needed.issuer) else {
            self.keys.flights.wait(&needed.issuer, self.patience);
            return true;
        };
        match self.keys.change(|cache| cache.start(&needed.issuer, needed.refresh, clock.now())) {
            Start::Ask(fetch) => self.fetch(fetch).is_ok(),
            Start::Again => true,
            _ => false,
        }
    }

    fn fetch(&self, first: Fetch) -> Result<(), FetchError> {
        let issuer = first.issuer().to_owned();
        let (mut next, begun) = (Some(first), Instant::now());
        let outcome = loop {
            let Some(fetch) = next else { break Ok(()) };
            let outcome = match self.http.get(fetch.url(), fetch.headers()) {
                Ok(response) => self.keys.change(|cache| cache.answer(fetch, response)),
                Err(why) => Err(self.keys.change(|cache| cache.give_up(fetch, &why))),
            };
            match outcome {
                Ok(more) => next = more,
                Err(error) => break Err(error),
            }
        };
        match &outcome {
            Ok(()) => log::info!("keys of `{}` fetched in {:?}", issuer.escape_debug(), begun.elapsed()),
            Err(error) => log::warn!("keys of `{}` could not be had: {error}", issuer.escape_debug()),
        }
        outcome
    }

    /// What an issuer knows of the bearer of a token.
    fn user_info(&self, needed: &UserInfoNeeded, token: &[u8]) -> Option<UserInfo> {
        let outcome =
            self.validator.settings().user_info(needed).map_err(|error| error.to_string()).and_then(|mut fetch| {
                let bearer = format!("Bearer {}", String::from_utf8_lossy(token));
                loop {
                    let authorization = fetch.sends_token().then_some(("Authorization", bearer.as_str()));
                    let headers = [("Accept", "application/json")].into_iter().chain(authorization);
                    let response = self.http.get(fetch.url(), headers)?;
                    match fetch.answer(token, &response).map_err(|error| error.to_string())? {
                        UserInfoStep::Ask(more) => fetch = more,
                        UserInfoStep::Done(known) => return Ok(known),
                        _ => return Err("an unknown step".into()),
                    }
                }
            });
        outcome
            .inspect_err(|why| log::warn!("userinfo of `{}` could not be had: {why}", needed.issuer.escape_debug()))
            .ok()
    }
}

/// The keys that a refusal says are needed.
fn keys(refusal: &Refusal) -> Option<&KeysNeeded> {
    match refusal {
        Refusal::KeysNeeded(needed) => Some(needed),
        _ => None,
    }
}

/// The host's clock, as the login states it.
struct Clock {
    then: i64,
    since: Instant,
}

impl Clock {
    fn at(now: i64) -> Self {
        Self { then: now, since: Instant::now() }
    }

    fn now(&self) -> i64 {
        self.then.saturating_add(i64::try_from(self.since.elapsed().as_secs()).unwrap_or_default())
    }
}
