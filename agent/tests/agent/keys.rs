//! Where do the keys come from, and where do they go?

use std::{fs, os::unix::fs::PermissionsExt, sync::atomic::Ordering};

use sqljwt::FetchRecord;
use sqljwt_testing::{Issuer, now};

use crate::{
    exchange::{Exchange, fetching},
    house::{Agent, Folder, wait},
    site::{Mood, Site},
};

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
    let (folder, site) = (Folder::new(), Site::new());
    let exchange = Exchange::new(&site);
    let keys = folder.writable("keys");
    let agent = Agent::new(&folder, &fetching(&site), &["--keys-dir", keys.to_str().unwrap()]);
    let good = exchange.under(CLIENTS, |token| {
        let answer = agent.answer(token, "alice");
        if answer["accepted"] == true { Ok(()) } else { Err(answer["log_line"].to_string()) }
    });
    assert!(good >= CLIENTS, "{good} logins");
}
