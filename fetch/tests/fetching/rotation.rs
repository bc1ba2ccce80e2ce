//! What if the identity provider exchanges its key every second? Every good token logs in, and no bad one.
//!
//! `SECONDS` says for how long it goes on; a full run of all tests lets it go on for a minute.

use std::{
    env,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::{Duration, Instant},
};

use crate::site::Site;
use serde_json::json;
use sqljwt::{Algorithm, Settings, Validator};
use sqljwt_fetch::Fetcher;
use sqljwt_testing::{Issuer, SigningKey, now};

const THREADS: usize = 50;

#[test]
fn fifty_threads_and_a_new_key_every_second() {
    let seconds: usize = env::var("SECONDS").ok().and_then(|seconds| seconds.parse().ok()).unwrap_or(3);
    let site = Site::new();
    let issuers: Vec<Issuer> = (0..seconds + 3)
        .map(|number| {
            let key = SigningKey::generate(format!("k{number}"), Algorithm::EdDSA);
            Issuer::new(site.url.as_str()).with_key(key).with_claim("sub", "alice")
        })
        .collect();
    let settings = json!({
        "server.jwt_authentication.enabled": true,
        "server.jwt_authentication.issuers": site.url,
        "server.jwt_authentication.audience": "db-login",
        "server.jwt_authentication.jwks_auto_fetch.enabled": true,
    });
    let settings = Settings::from_json(&settings.to_string()).unwrap();
    let fetcher = Fetcher::new(Validator::new(&settings).unwrap()).unwrap();
    // The key of each second is published a second before and a second after.
    let publish = |second: usize| {
        let keys = issuers.iter().skip(second.saturating_sub(1)).take(3).map(|issuer| issuer.key().public_jwk());
        site.serve(json!({"keys": keys.collect::<Vec<_>>()}).to_string(), "max-age=1");
    };
    publish(0);
    let begun = Instant::now();
    let (good, bad) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let (wrongly_refused, wrongly_accepted) = (AtomicUsize::new(0), AtomicUsize::new(0));
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                while begun.elapsed() < Duration::from_secs(seconds as u64) {
                    let second = begun.elapsed().as_secs() as usize;
                    let (issuer, now) = (&issuers[second], now());
                    let token = issuer.token(now).mint();
                    if let Err(refusal) = fetcher.validate(&token, "alice", now) {
                        println!("{second}: {refusal}");
                        wrongly_refused.fetch_add(1, Ordering::Relaxed);
                    }
                    good.fetch_add(1, Ordering::Relaxed);
                    // Signed with another key than the one that it names.
                    let forged = issuer
                        .token(now)
                        .signed_with(issuers[second + 1].key())
                        .header("kid", issuer.key().id())
                        .mint();
                    if fetcher.validate(&forged, "alice", now).is_ok() {
                        wrongly_accepted.fetch_add(1, Ordering::Relaxed);
                    }
                    bad.fetch_add(1, Ordering::Relaxed);
                    thread::sleep(Duration::from_millis(20));
                }
            });
        }
        for second in 1..seconds {
            thread::sleep(Duration::from_secs(second as u64).saturating_sub(begun.elapsed()));
            publish(second);
        }
    });
    let read = |count: &AtomicUsize| count.load(Ordering::Relaxed);
    println!(
        "{} good and {} bad logins in {seconds} s; {} wrongly refused, {} wrongly accepted; {} requests",
        read(&good),
        read(&bad),
        read(&wrongly_refused),
        read(&wrongly_accepted),
        read(&site.asked)
    );
    assert_eq!((read(&wrongly_refused), read(&wrongly_accepted)), (0, 0));
    assert!(read(&good) > seconds * THREADS, "{} logins", read(&good));
}
