//! An identity provider that exchanges its key every second, under clients that log in meanwhile with good tokens and with bad ones.
//!
//! `SECONDS` says for how long it goes on; a full run of all tests lets it go on for a minute.

use std::{
    env,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::{Duration, Instant},
};

use serde_json::json;
use sqljwt::{Algorithm, Settings};
use sqljwt_testing::{Issuer, SigningKey, now};

use crate::site::Site;

/// How many, where the environment does not say.
pub(crate) fn count(name: &str, ordinarily: usize) -> usize {
    env::var(name).ok().and_then(|count| count.parse().ok()).unwrap_or(ordinarily)
}

/// Settings under which the site's keys are fetched.
pub(crate) fn fetching(site: &Site) -> Settings {
    let settings = json!({
        "server.jwt_authentication.enabled": true,
        "server.jwt_authentication.issuers": site.url,
        "server.jwt_authentication.audience": "db-login",
        "server.jwt_authentication.jwks_auto_fetch.enabled": true,
        "engine.user_names": "postgresql",
    });
    Settings::from_json(&settings.to_string()).unwrap()
}

/// The issuer of each second, on one site.
pub(crate) struct Exchange<'s> {
    site: &'s Site,
    pub(crate) seconds: usize,
    issuers: Vec<Issuer>,
}

impl<'s> Exchange<'s> {
    /// The keys of the first second are published.
    pub(crate) fn new(site: &'s Site) -> Self {
        let seconds = count("SECONDS", 3);
        // A machine that is slow is still at the end of it for a while.
        let issuers = (0..seconds + 60).map(|number| {
            let key = SigningKey::generate(format!("k{number}"), Algorithm::EdDSA);
            Issuer::new(site.url.as_str()).with_key(key).with_claim("sub", "alice")
        });
        let exchange = Self { site, seconds, issuers: issuers.collect() };
        exchange.publish(0);
        exchange
    }

    /// The key of each second is published a second before and a second after.
    fn publish(&self, second: usize) {
        let issuers = self.issuers.iter().skip(second.saturating_sub(1)).take(3);
        let keys: Vec<_> = issuers.map(|issuer| issuer.key().public_jwk()).collect();
        self.site.serve(json!({ "keys": keys }).to_string(), "max-age=1");
    }

    /// Lets so many clients log in as `alice` until it is over: no good token is refused, and no bad one accepted. How many good
    /// logins there were.
    pub(crate) fn under(&self, clients: usize, log_in: impl Fn(&str) -> Result<(), String> + Sync) -> usize {
        let begun = Instant::now();
        let (good, bad) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let (wrongly_refused, wrongly_accepted) = (AtomicUsize::new(0), AtomicUsize::new(0));
        thread::scope(|scope| {
            for _ in 0..clients {
                scope.spawn(|| {
                    while begun.elapsed() < Duration::from_secs(self.seconds as u64) {
                        let second = begun.elapsed().as_secs() as usize;
                        let (issuer, now) = (&self.issuers[second], now());
                        if let Err(refusal) = log_in(&issuer.token(now).mint()) {
                            println!("{second}: {refusal}");
                            wrongly_refused.fetch_add(1, Ordering::Relaxed);
                        }
                        good.fetch_add(1, Ordering::Relaxed);
                        // Signed with another key than the one that it names.
                        let other = self.issuers[second + 1].key();
                        let forged = issuer.token(now).signed_with(other).header("kid", issuer.key().id()).mint();
                        if log_in(&forged).is_ok() {
                            wrongly_accepted.fetch_add(1, Ordering::Relaxed);
                        }
                        bad.fetch_add(1, Ordering::Relaxed);
                        thread::sleep(Duration::from_millis(20));
                    }
                });
            }
            for second in 1..self.seconds {
                thread::sleep(Duration::from_secs(second as u64).saturating_sub(begun.elapsed()));
                self.publish(second);
            }
        });
        let read = |count: &AtomicUsize| count.load(Ordering::Relaxed);
        println!(
            "{} good and {} bad logins in {} s; {} wrongly refused, {} wrongly accepted; {} requests",
            read(&good),
            read(&bad),
            self.seconds,
            read(&wrongly_refused),
            read(&wrongly_accepted),
            read(&self.site.asked)
        );
        assert_eq!((read(&wrongly_refused), read(&wrongly_accepted)), (0, 0));
        read(&good)
    }
}
