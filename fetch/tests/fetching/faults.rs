//! What if the identity provider is slow, down or wrong? Nobody is let in who does not belong, and everybody who does once it
//! is well again.

use std::{
    sync::atomic::Ordering,
    time::{Duration, Instant},
};

use crate::site::{Mood, Site};
use serde_json::{Value, json};
use sqljwt::{Algorithm, Refusal, Settings, Validator, limits::RETRY_SECONDS};
use sqljwt_fetch::Fetcher;
use sqljwt_testing::{Issuer, SigningKey};

const NOW: i64 = 1_800_000_000;

/// Keys that are fetched from the site, in half a second at most.
fn fetcher(site: &Site, more: &[(&str, Value)]) -> Fetcher {
    let mut settings = json!({
        "server.jwt_authentication.enabled": true,
        "server.jwt_authentication.issuers": site.url,
        "server.jwt_authentication.audience": "db-login",
        "server.jwt_authentication.jwks_auto_fetch.enabled": true,
        "server.jwt_authentication.client.timeout": "500ms",
    });
    for (name, value) in more {
        settings[*name] = value.clone();
    }
    let settings = Settings::from_json(&settings.to_string()).unwrap();
    Fetcher::new(Validator::new(&settings).unwrap()).unwrap()
}

fn issuer(site: &Site) -> Issuer {
    Issuer::new(site.url.as_str()).with_key(SigningKey::generate("k1", Algorithm::EdDSA)).with_claim("sub", "alice")
}

/// Whether the login passes; why not, for people.
fn decided(fetcher: &Fetcher, token: &str, now: i64) -> Result<(), String> {
    match fetcher.validate(token, "alice", now) {
        Ok(login) if login.user == "alice" => Ok(()),
        Ok(login) => panic!("{login:?}"),
        Err(refusal) => Err(refusal.to_string()),
    }
}

#[test]
fn whatever_the_issuer_does_only_its_own_tokens_log_in_and_they_do_once_it_is_well() {
    let (site, evil) = (Site::new(), Site::new());
    let idp = issuer(&site);
    // Somebody who can make the site serve what it should not.
    let forger = Issuer::new(site.url.as_str())
        .with_key(SigningKey::generate("k1", Algorithm::EdDSA))
        .with_claim("sub", "alice");
    evil.serve(forger.jwks().to_string(), "max-age=300");
    let foreign = json!({"issuer": evil.url, "jwks_uri": format!("{}/keys", evil.url)}).to_string();
    let elsewhere = |uri: &str| json!({"issuer": site.url, "jwks_uri": uri}).to_string();
    let good = [("as it should", Mood::Well), ("slow", Mood::Slow(Duration::from_millis(100)))];
    let bad = [
        ("too slow", Mood::Slow(Duration::from_secs(2))),
        ("a byte now and then", Mood::Dripping),
        ("down", Mood::Down),
        ("500", Mood::Status(500)),
        ("403 with the right body", Mood::Status(403)),
        ("2 MB", Mood::Large(2_000_000)),
        ("another issuer's document", Mood::Document(foreign)),
        ("a document that names http elsewhere", Mood::Document(elsewhere("http://192.0.2.1/keys"))),
        ("a document that names no address", Mood::Document(elsewhere("file:///etc/passwd"))),
        ("a page for a document", Mood::Document("<html>".into())),
        ("garbage for keys", Mood::Keys("{\"keys\": [".into())),
        ("no keys", Mood::Keys("{\"error\": \"busy\"}".into())),
        ("a redirect to somebody else's keys", Mood::Redirect(evil.url.clone())),
        ("a body that is cut", Mood::Cut),
        ("noise", Mood::Noise),
    ];
    let mut table = Vec::new();
    for (is_bad, (name, mood)) in good.map(|row| (false, row)).into_iter().chain(bad.map(|row| (true, row))) {
        let fetcher = fetcher(&site, &[]);
        site.serve(idp.jwks().to_string(), "max-age=300");
        site.is(mood);
        let begun = Instant::now();
        let (token, forged) = (idp.token(NOW).mint(), forger.token(NOW).mint());
        let told = decided(&fetcher, &token, NOW);
        assert_eq!(told.is_err(), is_bad, "{name}: {told:?}");
        assert!(decided(&fetcher, &forged, NOW).is_err(), "{name}: a forged token logs in");
        assert!(begun.elapsed() < Duration::from_secs(10), "{name}: nobody is held that long");
        site.is(Mood::Well);
        let later = NOW + RETRY_SECONDS;
        assert_eq!(decided(&fetcher, &token, later), Ok(()), "{name}: it is well again");
        assert!(decided(&fetcher, &forged, later).is_err(), "{name}: a forged token logs in afterwards");
        table.push(format!("{name:42} {}", told.err().unwrap_or_else(|| "logs in".into())));
    }
    println!("{}", table.join("\n"));
}

#[test]
fn keys_that_are_at_hand_are_not_asked_for() {
    let site = Site::new();
    let idp = issuer(&site);
    site.serve(idp.jwks().to_string(), "max-age=300");
    let fetcher = fetcher(&site, &[]);
    for at in 0..100 {
        assert_eq!(decided(&fetcher, &idp.token(NOW).mint(), NOW + at), Ok(()));
    }
    assert_eq!(site.asked.load(Ordering::Relaxed), 2, "the document and the keys");
    fetcher.renew(&site.url, NOW + 290).unwrap();
    assert_eq!(decided(&fetcher, &idp.token(NOW).mint(), NOW + 500), Ok(()));
    assert_eq!(site.asked.load(Ordering::Relaxed), 4, "once more, before they are stale");
}

#[test]
fn made_up_key_ids_make_nobody_ask_more_often() {
    let site = Site::new();
    let idp = issuer(&site);
    site.serve(idp.jwks().to_string(), "max-age=300");
    let fetcher = fetcher(&site, &[]);
    for number in 0..50 {
        let stranger = Issuer::new(site.url.as_str())
            .with_key(SigningKey::generate(format!("made-up-{number}"), Algorithm::EdDSA))
            .with_claim("sub", "alice");
        assert!(decided(&fetcher, &stranger.token(NOW).mint(), NOW).is_err());
    }
    assert_eq!(site.asked.load(Ordering::Relaxed), 4, "once because there are no keys, once because of an unknown id");
}

#[test]
fn many_threads_that_lack_keys_ask_once() {
    let site = Site::new();
    let idp = issuer(&site);
    site.serve(idp.jwks().to_string(), "max-age=300");
    site.is(Mood::Slow(Duration::from_millis(100)));
    let fetcher = fetcher(&site, &[]);
    let token = idp.token(NOW).mint();
    std::thread::scope(|scope| {
        let logins: Vec<_> = (0..50).map(|_| scope.spawn(|| decided(&fetcher, &token, NOW))).collect();
        assert!(logins.into_iter().all(|login| login.join().unwrap() == Ok(())));
    });
    assert_eq!(site.asked.load(Ordering::Relaxed), 2);
}

#[test]
fn a_server_hears_why_there_are_no_keys() {
    let site = Site::new();
    site.is(Mood::Status(503));
    let fetcher = fetcher(&site, &[]);
    let token = issuer(&site).token(NOW).mint();
    let Err(Refusal::KeysNeeded(needed)) = fetcher.validate(&token, "alice", NOW) else { panic!("no keys") };
    assert!(needed.cause.contains("returned 503"), "{}", needed.cause);
    let explanation = fetcher.explain(&token, "alice", NOW);
    assert!(explanation.to_string().contains("returned 503"), "{explanation}");
}
