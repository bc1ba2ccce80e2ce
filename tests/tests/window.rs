//! When a login begins to be accepted and when it will stop: whatever the answer says, the validator says the same.

use serde_json::{Value, json};
use sqljwt::{
    Decision, FetchRecord, KeyCache, Refusal, Response, Validator,
    advisor::{self, WindowDocument},
    wire,
};
use sqljwt_conformance::{
    mint::{Members, Token, key},
    noise::Noise,
    ordinary::{NOW, claims, jwks},
};

const ISSUER: &str = "https://idp.example";

fn settings(profile: &str, more: &[(&str, Value)]) -> Value {
    let mut settings = json!({
        "server.jwt_authentication.enabled": true,
        "server.jwt_authentication.jwks": jwks(&[key("test-ed25519").public("k1")]),
        "server.jwt_authentication.issuers": ISSUER,
        "server.jwt_authentication.audience": "db-login",
        "engine.profile": profile,
    });
    more.iter().for_each(|(name, value)| settings[*name] = value.clone());
    settings
}

fn validator(settings: &Value) -> Validator {
    Validator::from_text(&settings.to_string()).expect("settings that can be used")
}

fn token(claims: Members) -> String {
    Token::new(key("test-ed25519"), "k1", "EdDSA", claims).text()
}

fn ask(settings: &Value, token: &str, now: i64) -> Value {
    let call = json!({"verb": "window", "settings": settings, "token": token, "user": "alice", "now": now});
    serde_json::from_str(&wire::call(&call.to_string())).expect("a document")
}

/// What the validator decides, and why.
fn decided(validator: &Validator, token: &str, now: i64) -> (Decision, Option<String>) {
    match validator.validate(token, "alice", now) {
        Ok(_) => (Decision::Accept, None),
        Err(Refusal::Rejected(reason)) => (Decision::Reject, Some(reason.code.as_str().to_owned())),
        Err(_) => (Decision::KeysNeeded, None),
    }
}

/// What the document says of a moment.
fn told(document: &WindowDocument, moment: i64) -> (Decision, Option<String>) {
    let last = document.turns.iter().rev().find(|turn| turn.at.seconds <= moment).map(|turn| &turn.after);
    match last.or(document.turns.first().map(|turn| &turn.before)) {
        Some(outcome) => (outcome.decision, outcome.code.map(|code| code.as_str().to_owned())),
        None => {
            let code = document.reason.as_ref().map(|reason| reason.code.as_str().to_owned());
            (document.decision, code)
        }
    }
}

/// Holds the document against the validator at its own moments and at others.
fn holds(validator: &Validator, token: &str, now: i64, noise: &mut Noise) -> WindowDocument {
    let document = advisor::window(validator, token, "alice", now);
    let edges = [&document.from, &document.until].map(|edge| edge.as_ref().map(|edge| edge.seconds));
    let turns: Vec<i64> = document.turns.iter().map(|turn| turn.at.seconds).collect();
    let mut moments: Vec<i64> = edges.into_iter().flatten().chain(turns).chain([now]).collect();
    moments = moments.iter().flat_map(|at| [at.saturating_sub(1), *at, at.saturating_add(1)]).collect();
    moments.extend([i64::MIN, i64::MAX, 0, 253_402_300_799]);
    moments.extend((0..10).map(|_| NOW + noise.below(20_000) as i64 - 10_000));
    for moment in moments {
        let decision = decided(validator, token, moment);
        assert_eq!(told(&document, moment), decision, "at {moment}: {}", document.to_json());
        let [from, until] = edges;
        let is_inside = from.is_none_or(|from| from <= moment) && until.is_none_or(|until| moment < until);
        let has_window = document.accepted_now || edges != [None, None];
        assert_eq!(has_window && is_inside, decision.0 == Decision::Accept, "at {moment}: {}", document.to_json());
    }
    document
}

fn time(noise: &mut Noise) -> Option<String> {
    let near = NOW + noise.below(8_000) as i64 - 4_000;
    let (near_text, whole) = (format!("{near}"), near.to_string());
    match noise.below(20) {
        0..4 => None,
        4..12 => Some(whole),
        12 => Some(format!("{near}.75")),
        13 => Some(format!("{:e}", near as f64)),
        14 => Some(format!("\"{near_text}\"")),
        15 => Some(format!("{}", near * 1000)),
        _ => Some(
            noise
                .one_of(&[
                    "0",
                    "-1",
                    "-1800000000",
                    "0.5",
                    "253402300799",
                    "253402300800",
                    "9223372036854775807",
                    "9223371974719179007",
                    "9223371974719179008",
                    "1e300",
                    "null",
                    "\"2027-01-15T08:00:00Z\"",
                    "\"2027-01-15T08:00:00.5+01:00\"",
                    "\"soon\"",
                    "[]",
                ])
                .to_owned(),
        ),
    }
}

#[test]
fn the_window_is_the_validator_s_whatever_the_token_and_the_settings_say() {
    let mut noise = Noise::new("windows");
    let mut states = std::collections::BTreeMap::new();
    for round in 0..600 {
        let mut more = Vec::new();
        let profile = noise.one_of(&["hardened", "hardened", "cockroachdb"]);
        if profile == "hardened" && noise.below(2) == 0 {
            more.push(("engine.leeway_seconds", json!(noise.one_of(&[0, 1, 60, 299, 300]))));
        }
        if noise.below(3) == 0 {
            more.push(("engine.max_token_lifetime_seconds", json!(noise.one_of(&[1, 60, 3600, 5000, 86_400]))));
        }
        let mut claims = claims().without("iat").without("exp");
        for name in ["iat", "nbf", "exp"] {
            if let Some(text) = time(&mut noise) {
                claims = claims.raw(name, &text);
            }
        }
        if round % 20 == 0 {
            claims = claims.set("aud", "somebody else");
        }
        let validator = validator(&settings(profile, &more));
        let near = NOW + noise.below(9_000) as i64 - 4_500;
        let now = noise.one_of(&[NOW, NOW, near, 0, i64::MIN, i64::MAX]);
        let document = holds(&validator, &token(claims), now, &mut noise);
        *states.entry(document.state.as_str()).or_insert(0) += 1;
    }
    for state in ["open", "later", "past", "never"] {
        assert!(states.get(state).is_some_and(|count| *count > 10), "{state}: {states:?}");
    }
}

#[test]
fn the_window_with_fetched_keys_is_the_validator_s() {
    let mut noise = Noise::new("windows of fetched keys");
    let mut states = std::collections::BTreeMap::new();
    for _ in 0..200 {
        let profile = noise.one_of(&["hardened", "cockroachdb"]);
        let issuers = json!({"issuer_jwks_map": {ISSUER: "https://idp.example/keys"}});
        let more = [
            ("server.jwt_authentication.issuers", issuers),
            ("server.jwt_authentication.jwks", json!({"keys": []})),
            ("server.jwt_authentication.jwks_auto_fetch.enabled", json!(true)),
        ];
        let validator = validator(&settings(profile, &more));
        let mut cache = KeyCache::new(&validator);
        for _ in 0..noise.below(3) {
            let at = NOW + noise.below(320) as i64 - 260;
            let id = noise.one_of(&["k1", "k1", "k2"]);
            let headers = [("Cache-Control", noise.one_of(&["max-age=300", "max-age=300", "max-age=40", "no-cache"]))];
            let set = jwks(&[key("test-ed25519").public(id)]);
            let mut record = FetchRecord::new(ISSUER, at, [Response::new(200, headers, set)]);
            record.refresh = noise.below(2) == 0;
            cache.replay(&record).expect("keys");
        }
        let validator = validator.with_keys(&cache);
        let text = token(claims().set("exp", NOW + noise.below(900) as i64 - 200));
        let document = holds(&validator, &text, NOW, &mut noise);
        *states.entry(document.state.as_str()).or_insert(0) += 1;
        let Some(record) = cache.record(ISSUER) else {
            assert_eq!(document.renewed, None);
            continue;
        };
        // Fetched at that very moment, the same keys give what is told of renewed ones.
        let [from, until] = match &document.renewed {
            Some(window) => [&window.from, &window.until].map(|edge| edge.as_ref().map(|edge| edge.seconds)),
            None => [None, None],
        };
        let is_ever = document.renewed.is_some();
        for edge in [from, until].into_iter().flatten().chain([NOW]) {
            for moment in [edge.saturating_sub(1), edge, edge.saturating_add(1)] {
                let mut cache = KeyCache::new(&validator);
                let mut renewed = record.clone();
                (renewed.at, renewed.refresh) = (moment, true);
                cache.replay(&renewed).expect("keys");
                let is_inside =
                    is_ever && from.is_none_or(|from| from <= moment) && until.is_none_or(|until| moment < until);
                let (decision, _) = decided(&validator.with_keys(&cache), &text, moment);
                assert_eq!(is_inside, decision == Decision::Accept, "at {moment}: {}", document.to_json());
            }
        }
    }
    for state in ["open", "unknown", "past"] {
        assert!(states.get(state).is_some_and(|count| *count > 5), "{state}: {states:?}");
    }
}

#[test]
fn the_last_second_and_the_first_are_told_with_what_puts_them_there() {
    let more = [("engine.leeway_seconds", json!(60))];
    let text = token(claims().set("nbf", NOW - 30));
    let open = ask(&settings("hardened", &more), &text, NOW);
    assert_eq!((&open["state"], &open["accepted_now"]), (&json!("open"), &json!(true)), "{open}");
    assert_eq!((&open["from"]["seconds"], &open["until"]["seconds"]), (&json!(NOW - 90), &json!(NOW + 3660)));
    assert_eq!((&open["seconds_left"], &open["never_expires"]), (&json!(3660), &json!(false)));
    assert_eq!(
        (&open["ends"]["code"], &open["ends"]["claims"], &open["ends"]["settings"]),
        (&json!("token_expired"), &json!(["exp"]), &json!(["engine.leeway_seconds"]))
    );
    assert_eq!((&open["begins"]["code"], &open["begins"]["claims"]), (&json!("token_not_yet_valid"), &json!(["nbf"])));
    let codes: Vec<_> = open["turns"].as_array().unwrap().iter().map(|turn| &turn["after"]["code"]).collect();
    // `iat` is a minute before now, `nbf` half a minute.
    assert_eq!(codes, [&Value::Null, &json!("token_expired")]);
    assert_eq!(
        open["message"],
        "the login is accepted for another 61 minutes, until 2027-01-15T09:01:00Z: `exp` is 2027-01-15T09:00:00Z, and \
         engine.leeway_seconds allows 60 seconds more"
    );
    let later = ask(&settings("hardened", &more), &text, NOW - 91);
    assert_eq!((&later["state"], &later["seconds_left"]), (&json!("later"), &Value::Null));
    assert_eq!((&later["from"], &later["until"]), (&open["from"], &open["until"]));
    assert!(later["message"].as_str().unwrap().starts_with("the login is accepted in 1 second, from "), "{later}");
    let past = ask(&settings("hardened", &more), &text, NOW + 3660);
    assert_eq!((&past["state"], &past["reason"]["code"]), (&json!("past"), &json!("token_expired")));
    assert!(
        past["message"].as_str().unwrap().starts_with("the login is refused since 2027-01-15T09:01:00Z, 0 seconds")
    );
}

#[test]
fn the_longest_life_is_an_edge_where_no_iat_is_stated() {
    let more = [("engine.max_token_lifetime_seconds", json!(600))];
    let document = ask(&settings("hardened", &more), &token(claims().without("iat")), NOW);
    assert_eq!((&document["state"], &document["from"]["seconds"]), (&json!("later"), &json!(NOW + 3000)));
    assert_eq!(
        (&document["begins"]["code"], &document["begins"]["settings"]),
        (&json!("lifetime_too_long"), &json!(["engine.max_token_lifetime_seconds"]))
    );
    let stated = ask(&settings("hardened", &more), &token(claims()), NOW);
    assert_eq!((&stated["state"], &stated["lasting"]["code"]), (&json!("never"), &json!("lifetime_too_long")));
}

#[test]
fn a_token_that_never_expires_says_so() {
    let document = ask(&settings("cockroachdb", &[]), &token(claims().without("exp")), NOW);
    assert_eq!((&document["state"], &document["never_expires"]), (&json!("open"), &json!(true)), "{document}");
    assert_eq!(
        (&document["until"], &document["seconds_left"], &document["ends"]),
        (&Value::Null, &Value::Null, &Value::Null)
    );
    assert!(document["message"].as_str().unwrap().contains("never expires"));
    let hardened = ask(&settings("hardened", &[]), &token(claims().without("exp")), NOW);
    assert_eq!((&hardened["state"], &hardened["lasting"]["code"]), (&json!("never"), &json!("exp_missing")));
}

#[test]
fn a_login_that_is_accepted_at_no_moment_says_what_stays() {
    let wrong = token(claims().set("aud", "somebody else"));
    for profile in ["hardened", "cockroachdb"] {
        // Also where the token is expired now, and nobody would come to the audience.
        for now in [NOW, NOW + 100_000] {
            let document = ask(&settings(profile, &[]), &wrong, now);
            assert_eq!(
                (&document["state"], &document["lasting"]["code"]),
                (&json!("never"), &json!("audience_not_allowed"))
            );
            assert!(document["message"].as_str().unwrap().starts_with("the login is accepted at no moment: "));
        }
        let crossed = token(claims().set("nbf", NOW + 100).set("exp", NOW + 50));
        assert_eq!(ask(&settings(profile, &[]), &crossed, NOW)["state"], "never");
    }
    let unusable = ask(&json!({"server.jwt_authentication.enabled": "often"}), &wrong, NOW);
    assert_eq!((&unusable["state"], &unusable["lasting"]["code"]), (&json!("never"), &json!("setting_wrong_type")));
    let history = json!({"verb": "window", "settings": {}, "token": "t", "now": NOW, "history": []});
    assert!(wire::call(&history.to_string()).contains("call_invalid"));
}

#[test]
fn keys_that_are_fetched_end_before_the_token_does() {
    let issuers = json!({"issuer_jwks_map": {ISSUER: "https://idp.example/keys"}});
    let more = [
        ("server.jwt_authentication.issuers", issuers),
        ("server.jwt_authentication.jwks", json!({"keys": []})),
        ("server.jwt_authentication.jwks_auto_fetch.enabled", json!(true)),
    ];
    let set = jwks(&[key("test-ed25519").public("k1")]);
    let answer = json!({"status": 200, "headers": [["Cache-Control", "max-age=300"]], "body": set});
    let fetched = json!([{"issuer": ISSUER, "at": NOW - 10, "answers": [answer]}]);
    let ask = |now: i64, fetched: &Value| -> Value {
        let call = json!({
            "verb": "window", "settings": settings("hardened", &more), "token": token(claims()), "user": "alice",
            "now": now, "fetched": fetched,
        });
        serde_json::from_str(&wire::call(&call.to_string())).expect("a document")
    };
    let open = ask(NOW, &fetched);
    assert_eq!((&open["state"], &open["until"]["seconds"]), (&json!("open"), &json!(NOW + 290)), "{open}");
    assert_eq!((&open["ends"]["decision"], &open["ends"]["code"]), (&json!("keys_needed"), &Value::Null));
    assert_eq!(open["renewed"]["until"]["seconds"], NOW + 3600);
    let stale = ask(NOW + 290, &fetched);
    assert_eq!((&stale["state"], &stale["renewed"]), (&json!("unknown"), &open["renewed"]), "{stale}");
    assert!(stale["keys_needed"]["jwks_url"].is_string());
    let nothing = ask(NOW, &json!([]));
    assert_eq!((&nothing["state"], &nothing["renewed"]), (&json!("unknown"), &Value::Null));
}
