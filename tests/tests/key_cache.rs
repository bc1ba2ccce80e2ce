//! Does the key cache say when to ask and whom, and hold no more than it may? What its keys decide stands in the vectors
//! (`fetched.json`, `cockroachdb_fetched.json`).

use serde_json::{Value, json};
use sqljwt::{
    Decision, Fetch, FetchFault, FetchRecord, KeyCache, KeyHistory, KeysNeeded, Refusal, Response, Settings, Start,
    Validator,
    limits::{
        CACHED_BYTES_MAX, CACHED_ISSUERS_MAX, FETCH_SECONDS_MAX, FETCHED_BYTES_MAX, FETCHED_KEYS_MAX,
        REFRESH_COOLDOWN_SECONDS, RETRY_SECONDS,
    },
};
use sqljwt_conformance::{
    mint::{Token, key},
    ordinary::{NOW, claims, jwks},
};

const ISSUER: &str = "https://idp.example";
const FRESH: [(&str, &str); 1] = [("Cache-Control", "max-age=300")];

/// Settings that fetch the keys of these issuers.
fn settings(issuers: &Value, more: &[(&str, Value)]) -> Validator {
    let mut settings = json!({
        "server.jwt_authentication.enabled": true,
        "server.jwt_authentication.issuers": issuers,
        "server.jwt_authentication.audience": "db-login",
        "server.jwt_authentication.jwks_auto_fetch.enabled": true,
    });
    for (name, value) in more {
        settings[*name] = value.clone();
    }
    Validator::new(&Settings::from_json(&settings.to_string()).unwrap()).unwrap()
}

fn by_discovery() -> Validator {
    settings(&json!(ISSUER), &[])
}

fn by_address() -> Validator {
    settings(&json!({"issuer_jwks_map": {ISSUER: "https://idp.example/k"}}), &[])
}

fn token(kid: &str) -> String {
    Token::new(key("test-rsa-1"), kid, "RS256", claims()).text()
}

fn needed(validator: &Validator, token: &str, now: i64) -> KeysNeeded {
    match validator.validate(token, "alice", now) {
        Err(Refusal::KeysNeeded(needed)) => needed,
        other => panic!("{other:?}"),
    }
}

fn ask(cache: &mut KeyCache, needed: &KeysNeeded, now: i64) -> Fetch {
    match cache.start(&needed.issuer, needed.refresh, now) {
        Start::Ask(fetch) => fetch,
        other => panic!("{other:?}"),
    }
}

fn served(kid: &str) -> Response {
    Response::new(200, FRESH, jwks(&[key("test-rsa-1").public(kid)]))
}

fn document() -> Response {
    Response::new(200, FRESH, json!({"issuer": ISSUER, "jwks_uri": "https://idp.example/keys"}).to_string())
}

#[test]
fn a_host_asks_for_the_document_then_for_the_keys_and_the_login_passes() {
    let validator = by_discovery();
    let mut cache = KeyCache::new(&validator);
    let first = needed(&validator, &token("k1"), NOW);
    assert!(!first.refresh);
    let fetch = ask(&mut cache, &first, NOW);
    assert_eq!((fetch.issuer(), fetch.url()), (ISSUER, "https://idp.example/.well-known/openid-configuration"));
    assert_eq!(fetch.headers().collect::<Vec<_>>(), [("Accept", "application/json")]);
    // For everybody else there is somebody who asks already.
    let until = NOW + FETCH_SECONDS_MAX;
    assert!(matches!(cache.start(ISSUER, false, NOW + 1), Start::Wait { until: at } if at == until));
    let fetch = cache.answer(fetch, document()).unwrap().expect("the keys are to be asked for");
    assert_eq!(fetch.url(), "https://idp.example/keys");
    assert!(cache.answer(fetch, served("k1")).unwrap().is_none());
    let with_keys = validator.with_keys(&cache);
    assert_eq!(with_keys.validate(token("k1"), "alice", NOW + 299).unwrap().user, "alice");
    assert!(matches!(cache.start(ISSUER, false, NOW), Start::Again));
    // The one without keys is as it was.
    assert!(validator.validate(token("k1"), "alice", NOW).is_err());
}

#[test]
fn an_unknown_key_id_is_asked_for_once_in_a_while_and_past_caches() {
    let validator = by_address();
    let mut cache = KeyCache::new(&validator);
    let first = needed(&validator, &token("k1"), NOW);
    let fetch = ask(&mut cache, &first, NOW);
    cache.answer(fetch, served("old")).unwrap();
    let again = needed(&validator.with_keys(&cache), &token("k1"), NOW + 1);
    assert!(again.refresh && again.cause.contains("hold no key `k1`"), "{}", again.cause);
    let fetch = ask(&mut cache, &again, NOW + 1);
    assert!(fetch.headers().any(|header| header == ("Cache-Control", "no-cache")));
    // Meanwhile nobody is refused for a key that is just being looked for.
    assert!(needed(&validator.with_keys(&cache), &token("k1"), NOW + 1).refresh);
    assert!(matches!(cache.start(ISSUER, true, NOW + 1), Start::Wait { .. }));
    cache.answer(fetch, served("old")).unwrap();
    for seconds in [1, REFRESH_COOLDOWN_SECONDS] {
        let refusal = validator.with_keys(&cache).validate(token("k1"), "alice", NOW + seconds).unwrap_err();
        assert!(matches!(refusal, Refusal::Rejected(reason) if reason.code.as_str() == "key_not_found"));
        assert!(matches!(cache.start(ISSUER, true, NOW + seconds), Start::Again));
    }
    let later = NOW + 1 + REFRESH_COOLDOWN_SECONDS;
    let again = needed(&validator.with_keys(&cache), &token("k1"), later);
    let fetch = ask(&mut cache, &again, later);
    cache.answer(fetch, served("k1")).unwrap();
    assert!(validator.with_keys(&cache).validate(token("k1"), "alice", later).is_ok());
}

#[test]
fn after_a_failure_the_host_waits_and_every_login_is_told_why() {
    let validator = by_address();
    let mut cache = KeyCache::new(&validator);
    let first = needed(&validator, &token("k1"), NOW);
    let fetch = ask(&mut cache, &first, NOW);
    let error = cache.give_up(fetch, "connection refused");
    assert_eq!(error.fault, FetchFault::Unreachable);
    assert_eq!(error.message, "`https://idp.example/k` gave no answer: connection refused");
    let told = needed(&validator.with_keys(&cache), &token("k1"), NOW + 1);
    assert!(told.cause.contains("connection refused") && told.cause.contains("2027-01-15T08:00:00Z"), "{}", told.cause);
    assert!(
        matches!(cache.start(ISSUER, told.refresh, NOW + 1), Start::Wait { until } if until == NOW + RETRY_SECONDS)
    );
    let fetch = ask(&mut cache, &told, NOW + RETRY_SECONDS);
    cache.answer(fetch, served("k1")).unwrap();
    assert!(validator.with_keys(&cache).validate(token("k1"), "alice", NOW + RETRY_SECONDS).is_ok());
    // A clock that is set back by more than that waits for nobody.
    let mut cache = KeyCache::new(&validator);
    drop(ask(&mut cache, &first, NOW));
    drop(ask(&mut cache, &first, NOW - FETCH_SECONDS_MAX));
}

#[test]
fn what_is_no_use_is_refused_for_what_it_is() {
    let large = " ".repeat(FETCHED_BYTES_MAX);
    let many = jwks(&vec![key("test-ed25519").public("k"); FETCHED_KEYS_MAX + 1]);
    for (response, fault, word) in [
        (Response::new(500, FRESH, "out of\u{1b}[2J order"), FetchFault::HttpStatus, r"returned 500: out of\u{1b}[2J"),
        (
            Response::new(301, [("location", "https://evil.example")], ""),
            FetchFault::Redirected,
            "https://evil.example",
        ),
        (Response::new(200, FRESH, large + "{}"), FetchFault::BodyTooLong, "response body exceeds 1048576 bytes"),
        (Response::new(200, FRESH, "<html>"), FetchFault::KeysInvalid, "cannot be read as JSON"),
        (Response::new(200, FRESH, b"{\"keys\": \"\xff\"}"), FetchFault::KeysInvalid, "UTF-8"),
        (Response::new(200, FRESH, many), FetchFault::KeysInvalid, "at most 1000"),
        (Response::new(200, FRESH, "{}"), FetchFault::KeysInvalid, "neither `keys` nor `kty`"),
    ] {
        let validator = by_address();
        let mut cache = KeyCache::new(&validator);
        let fetch = ask(&mut cache, &needed(&validator, &token("k1"), NOW), NOW);
        let error = cache.answer(fetch, response).expect_err(word);
        assert_eq!(error.fault, fault, "{error}");
        assert!(error.message.contains(word) && !error.message.contains('\u{1b}'), "{error}");
        assert!(cache.record(ISSUER).is_none());
    }
}

#[test]
fn other_places_drop_what_was_fetched_and_other_settings_do_not() {
    let validator = by_address();
    let mut cache = KeyCache::new(&validator);
    let fetch = ask(&mut cache, &needed(&validator, &token("k1"), NOW), NOW);
    cache.answer(fetch, served("k1")).unwrap();
    let ca = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
    let address = |url: &str| json!({"issuer_jwks_map": {ISSUER: url}});
    for (issuers, name, value, stays) in [
        (address("https://idp.example/k"), "server.jwt_authentication.audience", json!(["db-login", "x"]), true),
        (
            address("https://idp.example/k"),
            "server.identity_map.configuration",
            json!("https://idp.example alice alice"),
            true,
        ),
        (address("https://idp.example/k2"), "engine.leeway_seconds", json!(0), false),
        (json!([ISSUER]), "engine.leeway_seconds", json!(0), false),
        (address("https://idp.example/k"), "server.jwt_authentication.issuers.custom_ca", json!(ca), false),
        (address("https://idp.example/k"), "engine.profile", json!("cockroachdb"), false),
        (address("https://idp.example/k"), "server.jwt_authentication.jwks_auto_fetch.enabled", json!(false), false),
        (address("https://idp.example/k"), "server.jwt_authentication.enabled", json!(false), false),
    ] {
        let other = settings(&issuers, &[(name, value)]);
        assert_eq!(other.with_keys(&cache).validate(token("k1"), "alice", NOW).is_ok(), stays, "{name}");
        let mut following = cache.clone();
        following.follow(&other);
        assert_eq!(following.record(ISSUER).is_some(), stays, "{name}");
    }
    // An answer to a question of the old settings is none to the new.
    let mut cache = KeyCache::new(&validator);
    let fetch = ask(&mut cache, &needed(&validator, &token("k1"), NOW), NOW);
    cache.follow(&by_discovery());
    assert_eq!(cache.answer(fetch, served("k1")).unwrap_err().fault, FetchFault::NotFetched);
    assert!(cache.record(ISSUER).is_none());
}

#[test]
fn there_is_room_for_so_many_and_keys_that_count_are_never_given_up() {
    let issuer = |number: usize| format!("https://{number}.example");
    let member = |number: usize| (issuer(number), Value::from(format!("{}/k", issuer(number))));
    let map: serde_json::Map<_, _> = (0..=CACHED_ISSUERS_MAX).map(member).collect();
    let validator = settings(&json!({"issuer_jwks_map": map}), &[]);
    let mut cache = KeyCache::new(&validator);
    let record =
        |number: usize, at: i64, body: String| FetchRecord::new(issuer(number), at, [Response::new(200, FRESH, body)]);
    for number in 0..CACHED_ISSUERS_MAX {
        cache.replay(&record(number, NOW, jwks(&[]))).unwrap();
    }
    let one_more = cache.replay(&record(CACHED_ISSUERS_MAX, NOW, jwks(&[]))).unwrap_err();
    assert_eq!(one_more.fault, FetchFault::CacheFull);
    // Once those of before count for nobody there is room.
    let later = NOW + 300 + FETCH_SECONDS_MAX + 1;
    cache.replay(&record(CACHED_ISSUERS_MAX, later, jwks(&[]))).unwrap();
    assert!(cache.record(&issuer(0)).is_none());

    let mut cache = KeyCache::new(&validator);
    let large = |number: usize| record(number, NOW, format!("{{\"keys\": []{}}}", " ".repeat(FETCHED_BYTES_MAX - 12)));
    let room = CACHED_BYTES_MAX / FETCHED_BYTES_MAX;
    for number in 0..room {
        cache.replay(&large(number)).unwrap();
    }
    assert_eq!(cache.replay(&large(room)).unwrap_err().fault, FetchFault::CacheFull);
    cache.replay(&large(room - 1)).expect("the keys of an issuer that has some are exchanged");
}

#[test]
fn a_fetch_is_written_down_without_what_is_none_of_its_business() {
    let validator = by_discovery();
    let mut cache = KeyCache::new(&validator);
    let fetch = ask(&mut cache, &needed(&validator, &token("k1"), NOW), NOW);
    let with_cookie = |mut response: Response| {
        response.headers.push(("Set-Cookie".into(), "session=secret".into()));
        response
    };
    let fetch = cache.answer(fetch, with_cookie(document())).unwrap().expect("the keys are next");
    cache.answer(fetch, with_cookie(served("k1"))).unwrap();
    let record = cache.record(ISSUER).expect("there are keys");
    let text = record.to_json();
    assert!(!text.contains("secret") && !format!("{cache:?} {record:?}").contains("secret"), "{text}");
    let mut other = KeyCache::new(&validator);
    other.replay(&FetchRecord::from_json(&text).unwrap()).unwrap();
    assert_eq!(other.record(ISSUER), Some(record));
    let explained = validator.with_keys(&other).explain(token("k1"), "alice", NOW + 60);
    assert_eq!(explained.decision, Decision::Accept);
    // Answers that are missing or left over are no record.
    let before = other.record(ISSUER);
    for answers in [vec![], vec![document()], vec![document(), served("k2"), served("k1")]] {
        let record = FetchRecord::new(ISSUER, NOW, answers);
        assert_eq!(other.replay(&record).unwrap_err().fault, FetchFault::RecordInvalid);
        assert_eq!(other.record(ISSUER), before, "nothing of a spoilt record is taken over");
    }
}

#[test]
fn other_profiles_read_the_same_keys_their_own_way() {
    let validator = by_address();
    let mut cache = KeyCache::new(&validator);
    let fetch = ask(&mut cache, &needed(&validator, &token("k1"), NOW), NOW);
    let broken = key("test-rsa-2").public("broken").set("e", "AA");
    cache.answer(fetch, Response::new(200, FRESH, jwks(&[broken, key("test-rsa-1").public("k1")]))).unwrap();
    let explained = validator.with_keys(&cache).explain(token("k1"), "alice", NOW);
    assert_eq!(explained.decision, Decision::Accept);
    let [also] = explained.also.as_slice() else { panic!("the database refuses the whole set") };
    assert_eq!(also.code.map(sqljwt::ReasonCode::as_str), Some("keys_unavailable"));
    assert!(explained.advice.iter().any(|advice| advice.message.contains("`broken`")), "{explained}");
}

#[test]
fn threads_share_one_validator_and_take_new_keys_as_they_come() {
    let validator = by_address();
    let mut cache = KeyCache::new(&validator);
    cache.replay(&FetchRecord::new(ISSUER, NOW, [served("k1")])).unwrap();
    let shared = std::sync::RwLock::new(std::sync::Arc::new(validator.with_keys(&cache)));
    std::thread::scope(|scope| {
        let logins = || {
            (0..200).all(|_| {
                let validator = std::sync::Arc::clone(&shared.read().unwrap());
                validator.validate(token("k1"), "alice", NOW + 1).is_ok()
            })
        };
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(logins)).collect();
        for at in 0..50 {
            cache.replay(&FetchRecord::new(ISSUER, NOW + at, [served("k1")])).unwrap();
            *shared.write().unwrap() = std::sync::Arc::new(validator.with_keys(&cache));
        }
        assert!(threads.into_iter().all(|thread| thread.join().unwrap()));
    });
}

#[test]
fn a_login_of_the_past_is_judged_by_the_keys_of_then() {
    let validator = by_address();
    let set = |keys: &[&str]| {
        let keys: Vec<_> =
            keys.iter().map(|kid| key(if *kid == "k1" { "test-rsa-1" } else { "test-rsa-2" }).public(kid)).collect();
        Response::new(200, FRESH, jwks(&keys))
    };
    let fetch = |at: i64, keys: &[&str]| FetchRecord::new(ISSUER, at, [set(keys)]);
    let mut failed = FetchRecord::new(ISSUER, NOW + 500, []);
    failed.failure = Some("connection refused".into());
    let history =
        KeyHistory::new([fetch(NOW + 2000, &["k2"]), fetch(NOW, &["k1"]), fetch(NOW + 1000, &["k1", "k2"]), failed]);
    let code = |at: i64| {
        let token = Token::new(key("test-rsa-1"), "k1", "RS256", claims().set("exp", NOW + 10_000)).text();
        match validator.with_keys_at(&history, at).validate(&token, "alice", at) {
            Ok(_) => "accepted".into(),
            Err(Refusal::Rejected(reason)) => format!("{}: {}", reason.code, reason.message),
            Err(other) => panic!("{other}"),
        }
    };
    for (at, expected) in [
        (-1, "keys_unavailable: no keys of `https://idp.example` are known of 2027-01-15T07:59:59Z: the first fetch"),
        (0, "accepted"),
        (299, "accepted"),
        // Stale, and yet in the set that was fetched next.
        (700, "accepted"),
        (1299, "accepted"),
        // Stale, and no longer in the set that was fetched next.
        (1300, "key_not_found"),
        (2000, "key_not_found"),
        (2300, "keys_unavailable: the keys that were fetched at 2027-01-15T08:33:20Z counted until"),
    ] {
        assert!(code(NOW + at).starts_with(expected), "{at}: {}", code(NOW + at));
    }
    // Keys of one moment are none of another, and the present is not asked for.
    let then = validator.with_keys_at(&history, NOW);
    let Err(Refusal::Rejected(reason)) = then.validate(token("k1"), "alice", NOW + 1) else { panic!("not asked") };
    assert_eq!(reason.code.as_str(), "keys_unavailable");
    // The text call says the same.
    let records: Vec<Value> =
        [fetch(NOW, &["k1"])].iter().map(|record| serde_json::from_str(&record.to_json()).unwrap()).collect();
    let settings: Value = serde_json::from_str(&validator.settings().to_json()).unwrap();
    for (now, decision) in [(NOW, "accept"), (NOW + 300, "reject")] {
        let call = json!({"verb": "validate", "settings": settings, "history": records, "token": token("k1"), "user": "alice", "now": now});
        let answer: Value = serde_json::from_str(&sqljwt::wire::call(&call.to_string())).unwrap();
        assert_eq!(answer["decision"], decision, "{answer}");
    }
}
