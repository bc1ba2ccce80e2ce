//! Where do the keys come from, and where do they go?

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::{Duration, Instant},
};

use serde_json::json;
use sqljwt::{Algorithm, FetchRecord, Settings};
use sqljwt_testing::{Issuer, SigningKey, now};

use crate::{
    house::{Agent, Folder, count, wait},
    site::{Mood, Site},
};

fn fetching(site: &Site) -> Settings {
    let settings = json!({
        "server.jwt_authentication.enabled": true,
        "server.jwt_authentication.issuers": site.url,
        "server.jwt_authentication.audience": "db-login",
        "server.jwt_authentication.jwks_auto_fetch.enabled": true,
    });
    Settings::from_json(&settings.to_string()).unwrap()
}

fn name_of(issuer: &str) -> String {
    FetchRecord::file_name(issuer).trim_end_matches(".json").to_owned()
}

#[test]
fn keys_are_written_down_and_outlive_the_identity_provider() {
    let (folder, site) = (Folder::new(), Site::new());
    let idp = Issuer::new(site.url.as_str()).with_claim("sub", "alice");
    site.serve(idp.jwks().to_string(), "max-age=3600");
    let keys = folder.writable("keys");
    let (settings, options) = (fetching(&site), ["--keys-dir", keys.to_str().unwrap()]);
    let agent = Agent::new(&folder, &settings, &options);
    let token = idp.token(now()).mint();
    assert_eq!(agent.code(&token, "alice"), "accepted");

    let file = keys.join(format!("{}.json", name_of(&site.url)));
    wait(|| file.exists(), || agent.log());
    assert_eq!(file.metadata().unwrap().permissions().mode() & 0o7777, 0o644);
    let record = FetchRecord::from_json(&fs::read_to_string(&file).unwrap()).unwrap();
    assert_eq!(record.issuer, site.url);
    drop(agent);

    site.is(Mood::Down);
    let agent = Agent::new(&folder, &settings, &options);
    assert_eq!(agent.code(&token, "alice"), "accepted", "{}", agent.log());
    drop(agent);

    // What is written there by whoever cannot write keys is told and does no harm.
    for text in ["", "{}", "[]", "\u{0}"] {
        fs::write(&file, text).unwrap();
        let agent = Agent::new(&folder, &settings, &options);
        assert_eq!(agent.code(&token, "alice"), "keys_needed", "{text}");
        agent.logs("keys that are written down cannot be used: ", 1);
    }
    // Keys of another issuer are not those of this one.
    let other = FetchRecord::new("https://other.example", record.at, record.answers.clone());
    fs::write(&file, other.to_json()).unwrap();
    let agent = Agent::new(&folder, &settings, &options);
    assert_eq!(agent.code(&token, "alice"), "keys_needed");
    agent.logs("holds the keys of another issuer", 1);
}

#[test]
fn what_a_server_wants_is_fetched() {
    let (folder, site) = (Folder::new(), Site::new());
    let mut idp = Issuer::new(site.url.as_str()).with_claim("sub", "alice");
    site.serve(idp.jwks().to_string(), "max-age=3600");
    let keys = folder.writable("keys");
    folder.writable("keys/wanted");
    let agent = Agent::new(&folder, &fetching(&site), &["--keys-dir", keys.to_str().unwrap()]);
    let file = keys.join(format!("{}.json", name_of(&site.url)));
    wait(|| file.exists(), || agent.log());

    let new = idp.rotate(1).id().to_owned();
    site.serve(idp.jwks().to_string(), "max-age=3600");
    let wanted = keys.join("wanted").join(name_of(&site.url));
    fs::write(&wanted, "").unwrap();
    fs::write(keys.join("wanted").join("no-issuer"), "").unwrap();
    wait(|| fs::read_to_string(&file).unwrap().contains(&new), || agent.log());
    wait(|| !wanted.exists(), || agent.log());
    assert!(keys.join("wanted/no-issuer").exists());
}

#[test]
fn keys_are_renewed_before_a_login_has_to_wait_for_them() {
    let (folder, site) = (Folder::new(), Site::new());
    let idp = Issuer::new(site.url.as_str()).with_claim("sub", "alice");
    site.serve(idp.jwks().to_string(), "max-age=4");
    let agent = Agent::new(&folder, &fetching(&site), &[]);
    // The discovery document and the key set, three times, and nobody logs in.
    wait(|| site.asked.load(Ordering::Relaxed) >= 6, || agent.log());
    assert_eq!(agent.code(&idp.token(now()).mint(), "alice"), "accepted");
}

#[test]
fn over_http_keys_that_cannot_be_had_are_no_refusal() {
    let (folder, site) = (Folder::new(), Site::new());
    site.is(Mood::Down);
    let idp = Issuer::new(site.url.as_str()).with_claim("sub", "alice");
    let agent = Agent::new(&folder, &fetching(&site), &[]);
    let basic = base64::Engine::encode(
        &base64::engine::general_purpose::STANDARD,
        format!("alice:{}", idp.token(now()).mint()),
    );
    let request = format!("GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Basic {basic}\r\n\r\n");
    let back = agent.says_over_http(request.as_bytes()).unwrap();
    assert!(back.starts_with("HTTP/1.1 503 ") && back.ends_with("\r\n\r\n"), "{back}");
    agent.logs("warn login http=", 1);
}

#[test]
fn fifty_clients_and_a_new_key_every_second() {
    const CLIENTS: usize = 50;
    let seconds = count("SECONDS", 3);
    let (folder, site) = (Folder::new(), Site::new());
    let issuers: Vec<Issuer> = (0..seconds + 60)
        .map(|number| {
            let key = SigningKey::generate(format!("k{number}"), Algorithm::EdDSA);
            Issuer::new(site.url.as_str()).with_key(key).with_claim("sub", "alice")
        })
        .collect();
    // The key of each second is published a second before and a second after.
    let publish = |second: usize| {
        let keys = issuers.iter().skip(second.saturating_sub(1)).take(3).map(|issuer| issuer.key().public_jwk());
        site.serve(json!({"keys": keys.collect::<Vec<_>>()}).to_string(), "max-age=1");
    };
    publish(0);
    let keys = folder.writable("keys");
    let agent = Agent::new(&folder, &fetching(&site), &["--keys-dir", keys.to_str().unwrap()]);
    let begun = Instant::now();
    let (good, bad) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let (wrongly_refused, wrongly_accepted) = (AtomicUsize::new(0), AtomicUsize::new(0));
    thread::scope(|scope| {
        for _ in 0..CLIENTS {
            scope.spawn(|| {
                while begun.elapsed() < Duration::from_secs(seconds as u64) {
                    let second = begun.elapsed().as_secs() as usize;
                    let (issuer, now) = (&issuers[second], now());
                    let answer = agent.answer(&issuer.token(now).mint(), "alice");
                    if answer["accepted"] != true {
                        println!("{second}: {}", answer["log_line"]);
                        wrongly_refused.fetch_add(1, Ordering::Relaxed);
                    }
                    good.fetch_add(1, Ordering::Relaxed);
                    // Signed with another key than the one that it names.
                    let key = issuers[second + 1].key();
                    let forged = issuer.token(now).signed_with(key).header("kid", issuer.key().id()).mint();
                    if agent.code(&forged, "alice") == "accepted" {
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
    assert!(read(&good) >= CLIENTS, "{} logins", read(&good));
}
