//! Can anything that an identity provider answers let in whom its keys do not?
//!
//! An input is what comes back when keys are fetched: answers with a line `===` between them, each a status on a line of its
//! own, header lines, an empty line and the body.

use std::sync::LazyLock;

use serde_json::json;
use sqljwt::{FetchRecord, KeyCache, Response, Validator, limits::FRESH_SECONDS_MAX};

use crate::{
    promise::{self, Attempt},
    scene::{FORGED, GENUINE, ISSUER, KEYS, NOW, PROFILES, settings, validator},
};

/// Keys that are discovered, and keys at a given address, under both profiles.
static VALIDATORS: LazyLock<Vec<Validator>> = LazyLock::new(|| {
    let places = [json!([ISSUER]), json!({"issuer_jwks_map": {ISSUER: "https://idp.example/keys"}})];
    let of = |profile, issuers: &serde_json::Value| {
        let fetching = json!({
            "server.jwt_authentication.issuers": issuers,
            "server.jwt_authentication.jwks_auto_fetch.enabled": true,
            "server.jwt_authentication.jwks": {"keys": []},
        });
        validator(&settings(profile, &fetching))
    };
    PROFILES.into_iter().flat_map(|profile| places.each_ref().map(|place| of(profile, place))).collect()
});

/// The number that makes the genuine token's key what it is.
static NUMBER: LazyLock<String> =
    LazyLock::new(|| KEYS["keys"][0]["x"].as_str().expect("an Ed25519 key").trim_end_matches('=').into());

pub(crate) fn run(input: &[u8]) {
    let answers: Vec<Response> = split(input, b"\n===\n").into_iter().map(answer).collect();
    let record = FetchRecord::new(ISSUER, NOW, answers.clone());
    for validator in &*VALIDATORS {
        let mut cache = KeyCache::new(validator);
        match cache.replay(&record) {
            Err(error) => {
                promise::assert_one_line(&error.message);
                promise::assert_one_line(&error.remedy);
                assert!(cache.record(ISSUER).is_none(), "what failed is held");
            }
            Ok(()) => written_down(validator, &cache),
        }
        judged(validator, &cache, &answers);
    }
    // What is no text for its body is none as JSON either.
    if let Ok(read) = FetchRecord::from_json(&String::from_utf8_lossy(input)) {
        assert_eq!(FetchRecord::from_json(&read.to_json()), Ok(read));
    }
}

/// What is held passes to another cache as text.
fn written_down(validator: &Validator, cache: &KeyCache) {
    let record = cache.record(ISSUER).expect("the keys are held");
    let read = FetchRecord::from_json(&record.to_json()).expect("a record");
    let mut other = KeyCache::new(validator);
    other.replay(&read).expect("what was good is good once more");
    assert_eq!(other.record(ISSUER), Some(record));
}

/// Only the key itself lets its token in, and only while it counts.
fn judged(validator: &Validator, cache: &KeyCache, answers: &[Response]) {
    let validator = validator.with_keys(cache);
    let logs_in = |token: &str, now: i64| {
        let attempt = Attempt { token: token.as_bytes(), user: "alice", now };
        promise::login(&validator, attempt).0.is_some()
    };
    assert!(!logs_in(&FORGED, NOW), "nobody signed it");
    if logs_in(&GENUINE, NOW) {
        let body = &answers.last().expect("an answer").body;
        // JSON may write each character of it as an escape.
        let holds = String::from_utf8_lossy(body).contains(&*NUMBER) || body.contains(&b'\\') || body.contains(&b'=');
        assert!(holds, "its key stands in no answer");
    }
    assert!(!logs_in(&GENUINE, NOW.saturating_add(FRESH_SECONDS_MAX)), "keys for ever");
    let document = validator.keys::<&[u8]>(&[], &[GENUINE.as_bytes()], NOW).to_json();
    serde_json::from_str::<serde_json::Value>(&document).expect("a document");
}

fn answer(text: &[u8]) -> Response {
    let (head, body) = match text.windows(2).position(|pair| pair == b"\n\n") {
        Some(at) => (&text[..at], &text[at + 2..]),
        None => (text, &[][..]),
    };
    let head = String::from_utf8_lossy(head);
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.trim().parse().ok()).unwrap_or(200);
    let headers = lines.filter_map(|line| line.split_once(':')).map(|(name, value)| (name, value.trim()));
    Response::new(status, headers, body)
}

/// The parts of a text between separators.
fn split<'i>(input: &'i [u8], separator: &[u8]) -> Vec<&'i [u8]> {
    let (mut parts, mut rest) = (Vec::new(), input);
    while let Some(at) = rest.windows(separator.len()).position(|window| window == separator) {
        parts.push(&rest[..at]);
        rest = &rest[at + separator.len()..];
    }
    parts.push(rest);
    parts
}
