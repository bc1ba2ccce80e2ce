//! What tomorrow's key set does: what the rehearsal says is what the engine decides once the set is there.

mod schema;

use serde_json::{Value, json};
use sqljwt::{FetchRecord, KeyCache, Refusal, Response, Validator, wire};
use sqljwt_conformance::{
    mint::{Members, Token, encode, key},
    noise::Noise,
    ordinary::{NOW, claims, jwks},
};

use schema::schema;

const ISSUER: &str = "https://idp.example";
const OTHER: &str = "https://other.example";

/// Where the keys are held.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Place {
    Common,
    Own,
    Fetched,
}

fn settings(place: Place, profile: &str, set: &str) -> Value {
    let issuers = json!({"issuer_jwks_map": {ISSUER: "https://idp.example/keys"}});
    let mut settings = json!({
        "server.jwt_authentication.enabled": true,
        "server.jwt_authentication.issuers": ISSUER,
        "server.jwt_authentication.audience": "db-login",
        "engine.profile": profile,
    });
    match place {
        Place::Common => settings["server.jwt_authentication.jwks"] = set.into(),
        Place::Own => {
            settings["engine.issuer_keys"] = json!({ISSUER: serde_json::from_str::<Value>(set).expect("a set")});
        }
        Place::Fetched => {
            settings["server.jwt_authentication.issuers"] = issuers;
            settings["server.jwt_authentication.jwks_auto_fetch.enabled"] = true.into();
        }
    }
    settings
}

fn fetched(set: &str, at: i64) -> Value {
    let answer = json!({"status": 200, "headers": [["Cache-Control", "max-age=300"]], "body": set});
    json!([{"issuer": ISSUER, "at": at, "answers": [answer]}])
}

fn ask(place: Place, profile: &str, today: &str, new: &str, tokens: &[String]) -> Value {
    let mut call = json!({
        "verb": "rehearse", "settings": settings(place, profile, today), "key_set": new, "tokens": tokens, "now": NOW,
    });
    if place == Place::Fetched {
        call["fetched"] = fetched(today, NOW - 10);
    }
    schema().answer(&call)
}

fn token(kid: &str, by: &str) -> String {
    let algorithm = match by {
        "test-ed25519" => "EdDSA",
        "test-p256" => "ES256",
        _ => "RS256",
    };
    Token::new(key(by), kid, algorithm, claims()).text()
}

fn public(kid: &str, by: &str) -> Members {
    key(by).public(kid)
}

/// A key of RFC 9964 as an identity provider would publish it; its bytes are nobody's key.
fn ml_dsa(kid: &str) -> Members {
    let bytes: Vec<u8> = (0..1312_u32).map(|number| (number % 251) as u8).collect();
    Members::new().set("kty", "AKP").set("alg", "ML-DSA-44").set("kid", kid).set("use", "sig").set("pub", encode(bytes))
}

fn found<'d>(document: &'d Value, finding: &str) -> Option<&'d Value> {
    document["findings"].as_array().expect("findings").iter().find(|found| found["finding"] == finding)
}

fn fates(document: &Value) -> Vec<(String, String)> {
    let keys = document["keys"].as_array().expect("keys").iter();
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    keys.map(|key| (text(&key["key"]["kid"]), text(&key["fate"]))).collect()
}

fn reader<'d>(document: &'d Value, name: &str, versions: &str) -> &'d Value {
    let mut readers = document["readers"].as_array().expect("readers").iter();
    let is_it =
        |row: &&Value| row["reader"] == name && row["versions"].as_str().is_some_and(|text| text.starts_with(versions));
    readers.find(is_it).unwrap_or_else(|| panic!("{name} {versions}"))
}

const PLACES: [Place; 3] = [Place::Common, Place::Own, Place::Fetched];
const PROFILES: [&str; 2] = ["hardened", "cockroachdb"];

#[test]
fn a_rotation_with_overlap_loses_no_token() {
    let today = jwks(&[public("old", "test-p256")]);
    let new = jwks(&[public("new", "test-ed25519"), public("old", "test-p256")]);
    let tokens = [token("old", "test-p256"), token("new", "test-ed25519"), token("gone", "test-p256")];
    for (place, profile) in PLACES.into_iter().flat_map(|place| PROFILES.map(|profile| (place, profile))) {
        let document = ask(place, profile, &today, &new, &tokens);
        let told: Vec<_> =
            document["tokens"].as_array().unwrap().iter().map(|token| token["fate"].as_str().unwrap()).collect();
        let expected = match place {
            Place::Fetched => ["kept", "unknown", "unknown"],
            _ => ["kept", "gained", "refused"],
        };
        assert_eq!(told, expected, "{place:?} {profile}: {document}");
        assert_eq!((&document["overlap"], &document["lost"]), (&json!(1), &json!(0)));
        assert_eq!(fates(&document), [("new".into(), "new".into()), ("old".into(), "stays".into())]);
        assert_eq!((&document["findings"], &document["gone"]), (&json!([]), &json!([])), "{place:?} {profile}");
        let old = &document["keys"][1]["key"]["thumbprint"];
        assert_eq!(
            (&document["tokens"][0]["today"]["signed_with"], &document["tokens"][0]["tomorrow"]["signed_with"]),
            (old, old)
        );
        assert_eq!(document["keys"][1]["named_by"], 1);
        assert_eq!(document["tokens"][2]["tomorrow"]["code"], "key_not_found", "nobody has to ask for keys again");
        assert_eq!(document["tokens"][0]["principals"], json!(["alice"]));
    }
}

#[test]
fn a_rotation_without_overlap_says_when_tokens_are_refused() {
    let today = jwks(&[public("old", "test-p256")]);
    let new = jwks(&[public("new", "test-ed25519")]);
    let fetched = ask(Place::Fetched, "hardened", &today, &new, &[token("old", "test-p256")]);
    let overlap = found(&fetched, "no_overlap").expect("a finding");
    assert_eq!((&fetched["overlap"], &overlap["severity"]), (&json!(0), &json!("error")));
    assert!(overlap["message"].as_str().unwrap().contains("at the latest at 2027-01-15T08:04:50Z"), "{overlap}");
    assert_eq!(found(&fetched, "tokens_lost").expect("a finding")["keys"], json!(["old"]));
    assert_eq!(fetched["gone"][0]["kid"], "old");
    let own = ask(Place::Own, "hardened", &today, &new, &[]);
    assert!(
        found(&own, "no_overlap").unwrap()["message"]
            .as_str()
            .unwrap()
            .contains("as soon as engine.issuer_keys is changed")
    );
    assert_eq!((&own["setting"], &own["today"]["origin"]), (&json!("engine.issuer_keys"), &json!("own")));
}

#[test]
fn an_id_that_belongs_to_another_key_is_told_apart_from_a_key_under_another_id() {
    let today = jwks(&[public("a", "test-p256"), public("b", "test-ed25519")]);
    let new = jwks(&[public("a", "test-rsa-1"), public("c", "test-ed25519")]);
    for place in PLACES {
        let document = ask(place, "hardened", &today, &new, &[token("a", "test-p256"), token("b", "test-ed25519")]);
        assert_eq!(fates(&document), [("a".into(), "changed".into()), ("c".into(), "renamed".into())], "{document}");
        assert_eq!(
            document["message"],
            "the new key set has 2 keys: 1 under the id of another key of today and 1 under another id than today; accepted of 2 \
             tokens: 2 today, 0 with the new set"
        );
        assert_eq!(document["keys"][0]["replaces"], document["today"]["keys"][0]["thumbprint"]);
        assert_eq!(document["keys"][1]["was"], "b");
        assert_eq!(document["tokens"][1]["key_is_now"], "c", "{document}");
        assert_eq!(document["tokens"][0]["tomorrow"]["code"], "key_alg_mismatch");
        assert_eq!(found(&document, "key_changed").expect("a finding")["keys"], json!(["a"]));
        assert_eq!(found(&document, "key_renamed").expect("a finding")["keys"], json!(["c"]));
        assert_eq!(document["gone"], json!([]));
    }
}

#[test]
fn of_several_keys_of_one_id_the_first_counts_also_when_it_is_for_encryption() {
    let today = jwks(&[public("k", "test-p256")]);
    let first = public("k", "test-rsa-1").set("use", "enc");
    let new = jwks(&[first, public("k", "test-p256")]);
    let document = ask(Place::Fetched, "hardened", &today, &new, &[token("k", "test-p256")]);
    assert_eq!(fates(&document), [("k".into(), "changed".into()), ("k".into(), "shadowed".into())], "{document}");
    assert_eq!(document["tokens"][0]["tomorrow"]["code"], "key_not_for_verify");
    assert_eq!(document["tokens"][0]["fate"], "lost");
    for finding in ["nothing_verifies", "no_overlap", "tokens_lost", "key_changed", "key_shadowed"] {
        assert!(found(&document, finding).is_some(), "{finding}: {document}");
    }
    // The same key twice is shadowed too, and loses nobody.
    let twice =
        ask(Place::Common, "hardened", &today, &jwks(&[public("k", "test-p256"), public("k", "test-p256")]), &[]);
    assert_eq!(fates(&twice), [("k".into(), "stays".into()), ("k".into(), "shadowed".into())]);
}

#[test]
fn keys_that_verify_nothing_are_told_with_the_reason() {
    let today = jwks(&[public("k1", "test-p256")]);
    let nameless = public("x", "test-ed25519").without("kid");
    let shared = Members::new().set("kty", "oct").set("kid", "shared").set("k", "c2VjcmV0LXNlY3JldA");
    let weak = public("weak", "test-rsa-1024");
    let free = public("free", "test-p384").without("alg");
    let new = jwks(&[public("k1", "test-p256"), nameless, shared, weak, free, ml_dsa("pq")]);
    let document = ask(Place::Fetched, "hardened", &today, &new, &[token("k1", "test-p256")]);
    let codes: Vec<_> = document["keys"].as_array().unwrap().iter().map(|key| key["key"]["code"].clone()).collect();
    let invalid = json!("key_invalid");
    assert_eq!(
        codes,
        [Value::Null, invalid.clone(), invalid.clone(), json!("key_weak"), Value::Null, invalid],
        "{document}"
    );
    assert_eq!(
        found(&document, "key_set_aside").expect("a finding")["keys"],
        json!(["number 2", "shared", "weak", "pq"])
    );
    assert_eq!(document["lost"], 0);
    let text = document.to_string();
    assert!(!text.contains("c2VjcmV0LXNlY3JldA") && text.contains("the private member `k`"), "{text}");
}

/// What an identity provider's first key of RFC 9964 does.
#[test]
fn an_ml_dsa_key_beside_the_others_is_an_outage_for_some_readers_and_none_for_others() {
    let today = jwks(&[public("k1", "test-p256")]);
    let new = jwks(&[public("k1", "test-p256"), ml_dsa("pq")]);
    for place in PLACES {
        let document = ask(place, "hardened", &today, &new, &[token("k1", "test-p256")]);
        assert_eq!((&document["lost"], &document["fault"]), (&json!(0), &Value::Null), "{document}");
        assert_eq!(reader(&document, "sqljwt, profile hardened", "this")["verdict"], "drops_keys");
        let row = reader(&document, "CockroachDB", "24.3");
        assert_eq!((&row["verdict"], &row["evidence"]), (&json!("drops_the_set"), &json!("measured")));
        assert!(row["why"].as_str().unwrap().contains("`AKP`"), "{row}");
        assert_eq!(row["keys"], json!(["pq"]));
        let authlib = reader(&document, "authlib.jose (Python)", "1.7.2");
        assert_eq!((&authlib["verdict"], &authlib["keys"]), (&json!("drops_the_set"), &json!(["pq"])));
        for (name, versions, verdict) in [
            ("PyJWT (Python)", "2.15.1", "drops_keys"),
            ("joserfc (Python)", "before", "drops_the_set"),
            ("joserfc (Python)", "1.8.0", "drops_keys"),
            ("jwcrypto (Python)", "1.6.1", "reads_all"),
            ("jose (JavaScript)", "5", "drops_keys"),
            ("jose (JavaScript)", "6", "reads_all"),
            ("jsonwebtoken (Rust)", "11", "drops_keys"),
        ] {
            assert_eq!(reader(&document, name, versions)["verdict"], verdict, "{name} {versions}");
        }
        assert_eq!(found(&document, "readers_drop_the_set").expect("a finding")["severity"], "warning");
        let plain = ask(place, "hardened", &today, &today, &[]);
        assert!(plain["readers"].as_array().unwrap().iter().all(|row| row["verdict"] == "reads_all"), "{plain}");
    }
    // The database itself.
    let fetched = ask(Place::Fetched, "cockroachdb", &today, &new, &[token("k1", "test-p256")]);
    assert_eq!(
        (&fetched["tokens"][0]["fate"], &fetched["tokens"][0]["tomorrow"]["decision"]),
        (&json!("lost"), &json!("keys_needed"))
    );
    assert!(
        fetched["message"].as_str().unwrap().contains("2027-01-15T08:04:50Z, and then nobody logs in"),
        "{fetched}"
    );
    let common = ask(Place::Common, "cockroachdb", &today, &new, &[token("k1", "test-p256")]);
    assert_eq!(common["tokens"][0]["tomorrow"]["code"], "jwks_invalid");
    let place = new.find(r#"{"kty":"AKP""#).expect("the key") as i64 + 1;
    assert_eq!(common["fault"]["position"], json!({"line": 1, "column": place}));
    assert_eq!(found(&common, "set_refused").expect("a finding")["severity"], "error");
}

/// The row of a reader that is at hand is what that reader does.
#[test]
fn what_the_table_says_of_jsonwebtoken_is_what_it_does() {
    let good = public("k1", "test-p256");
    for (other, expected) in [
        (public("k2", "test-rsa-1"), "reads_all"),
        (ml_dsa("pq"), "drops_keys"),
        (Members::new().set("kty", "LATTICE").set("kid", "l"), "drops_keys"),
        (public("k2", "test-rsa-1").set("kid", 1), "drops_the_set"),
        (public("k2", "test-rsa-1").set("use", json!(["sig"])), "drops_the_set"),
        (public("k2", "test-rsa-1").set("alg", 256), "drops_the_set"),
        (public("k2", "test-rsa-1").set("key_ops", "verify"), "drops_the_set"),
        (public("k2", "test-rsa-1").set("x5c", "MII"), "drops_the_set"),
        (public("k2", "test-rsa-1").set("use", Value::Null), "reads_all"),
    ] {
        let set = jwks(&[good.clone(), other]);
        let document = ask(Place::Fetched, "hardened", &jwks(std::slice::from_ref(&good)), &set, &[]);
        assert_eq!(reader(&document, "jsonwebtoken (Rust)", "11")["verdict"], expected, "{set}");
        let read = serde_json::from_str::<jsonwebtoken::jwk::JwkSet>(&set);
        let does = match &read {
            Err(_) => "drops_the_set",
            Ok(set) => {
                let known = |jwk: &jsonwebtoken::jwk::Jwk| {
                    !matches!(jwk.algorithm, jsonwebtoken::jwk::AlgorithmParameters::Other(_))
                };
                if set.keys.iter().all(known) { "reads_all" } else { "drops_keys" }
            }
        };
        assert_eq!(does, expected, "{set}");
    }
}

#[test]
fn a_private_key_that_was_pasted_is_refused_or_set_aside_and_never_repeated() {
    let today = jwks(&[public("k1", "test-p256")]);
    let secret = key("test-p256").member("d");
    let new = jwks(&[public("k1", "test-p256").set("d", secret)]);
    for (place, profile) in PLACES.into_iter().flat_map(|place| PROFILES.map(|profile| (place, profile))) {
        let document = ask(place, profile, &today, &new, &[token("k1", "test-p256")]);
        assert!(!document.to_string().contains(secret), "{document}");
        let private = found(&document, "private_key").expect("a finding");
        assert_eq!((&private["severity"], &private["keys"]), (&json!("error"), &json!(["k1"])), "{document}");
        assert_eq!(document["fault"].is_null(), place == Place::Fetched, "{document}");
    }
}

#[test]
fn a_text_that_is_no_key_set_is_told_with_its_place() {
    let today = jwks(&[public("k1", "test-p256")]);
    for (text, line, column) in [
        ("", 1, 1),
        ("{\n  \"keys\": [\n    oops\n]}", 3, 5),
        ("<html>", 1, 1),
        (r#"{"keys": {}}"#, 1, 10),
        (r#"{"keys": [1]}"#, 1, 11),
        (r#"["a"]"#, 1, 1),
    ] {
        for place in PLACES {
            let document = ask(place, "hardened", &today, text, &[token("k1", "test-p256")]);
            assert_eq!(
                document["fault"]["position"],
                json!({"line": line, "column": column}),
                "{place:?} {text}: {document}"
            );
            assert_eq!((&document["keys"], &document["tokens"][0]["fate"]), (&json!([]), &json!("lost")), "{document}");
        }
    }
    let long = format!("{}{}", " ".repeat(1_048_576), today);
    for place in PLACES {
        let document = ask(place, "hardened", &today, &long, &[]);
        assert!(document["fault"]["message"].as_str().unwrap().contains("at most 1048576"), "{place:?}");
    }
}

/// In the database's reading what follows the set is passed over; in an object around it, it must not become a member of that.
#[test]
fn what_follows_a_set_changes_nothing_around_it() {
    let today = jwks(&[public("k1", "test-p256")]);
    let new = format!(r#"{today}, "{OTHER}": {{"keys": []}} }} more"#);
    let document = ask(Place::Own, "cockroachdb", &today, &new, &[token("k1", "test-p256")]);
    assert_eq!((&document["fault"], &document["tokens"][0]["fate"]), (&Value::Null, &json!("kept")), "{document}");
}

#[test]
fn whose_set_it_is_has_to_be_said_where_nobody_can_tell() {
    let common = jwks(&[public("k1", "test-p256")]);
    let mut settings = settings(Place::Own, "hardened", &common);
    settings["server.jwt_authentication.issuers"] = json!([ISSUER, OTHER]);
    settings["server.jwt_authentication.jwks"] = jwks(&[public("other", "test-ed25519")]).into();
    let ask = |issuer: Option<&str>| -> Value {
        let mut call = json!({"verb": "rehearse", "settings": settings, "key_set": common, "now": NOW});
        if let Some(issuer) = issuer {
            call["issuer"] = issuer.into();
        }
        serde_json::from_str(&wire::call(&call.to_string())).expect("a document")
    };
    assert!(ask(None)["error"]["message"].as_str().unwrap().contains("`issuer` has to say"));
    assert!(ask(Some("https://idp.example/"))["error"]["message"].as_str().unwrap().contains("is probably meant"));
    assert_eq!(
        (&ask(Some(ISSUER))["overlap"], &ask(Some(ISSUER))["setting"]),
        (&json!(1), &json!("engine.issuer_keys"))
    );
    let other = ask(Some(OTHER));
    assert_eq!((&other["overlap"], &other["setting"]), (&json!(0), &json!("server.jwt_authentication.jwks")));
    assert_eq!(other["issuers"], json!([OTHER]));
    // One set for all: nobody needs to say whose it is.
    let shared = json!({
        "server.jwt_authentication.issuers": [ISSUER, OTHER], "server.jwt_authentication.jwks": common,
    });
    let call = json!({"verb": "rehearse", "settings": shared, "key_set": common, "now": NOW});
    let document: Value = serde_json::from_str(&wire::call(&call.to_string())).expect("a document");
    assert_eq!((&document["issuers"], &document["overlap"]), (&json!([ISSUER, OTHER]), &json!(1)), "{document}");
}

#[test]
fn more_tokens_than_a_sample_are_counted() {
    let set = jwks(&[public("k1", "test-ed25519")]);
    let tokens = vec!["x".to_owned(); 201];
    let document = ask(Place::Common, "hardened", &set, &set, &tokens);
    assert_eq!((document["tokens"].as_array().unwrap().len(), &document["untried"]), (200, &json!(1)));
}

/// A large set of the costliest keys there are, and one in which every key is a stranger.
#[test]
fn a_large_set_is_rehearsed_in_the_time_that_reading_it_takes() {
    let today = jwks(&[public("k1", "test-p256")]);
    let many = |key: &dyn Fn(usize) -> Members| {
        let keys: Vec<String> = (0..4_000).map(|number| key(number).to_string()).collect();
        format!("{{\"keys\":[{}]}}", keys.join(","))
    };
    for set in [
        many(&|number| public(&format!("k{number}"), "test-p256")),
        many(&|number| Members::new().set("kty", "X").set("kid", number.to_string())),
    ] {
        assert!(set.len() < 1_048_576);
        for place in [Place::Common, Place::Own] {
            let begin = std::time::Instant::now();
            let call = json!({"verb": "rehearse", "settings": settings(place, "hardened", &today), "key_set": set, "now": NOW});
            let answer = wire::call(&call.to_string());
            println!("{place:?}: {} bytes in {:?}", set.len(), begin.elapsed());
            assert!(answer.contains("\"finding\":\"") && answer.len() < 8_000_000, "{}", answer.len());
        }
    }
}

/// Whatever the sets, what is told of tomorrow is what a validator says that has the new set.
#[test]
fn the_rehearsal_is_what_the_validator_says_once_the_set_is_there() {
    let mut noise = Noise::new("rehearsals");
    // An id and a key: mostly its own.
    let pair = |noise: &mut Noise| {
        let (id, own) = noise.one_of(&[("a", "test-p256"), ("b", "test-ed25519"), ("c", "test-rsa-1")]);
        (id, if noise.below(5) == 0 { "test-p256" } else { own })
    };
    let (mut kept, mut lost, mut broken) = (0, 0, 0);
    for _ in 0..120 {
        let (place, profile) = (noise.one_of(&PLACES), noise.one_of(&PROFILES));
        let set = |noise: &mut Noise, spoils: bool| {
            let count = noise.below(3) + usize::from(!spoils);
            let members: Vec<Members> = (0..count)
                .map(|_| {
                    let (id, by) = pair(noise);
                    let member = public(id, by);
                    match noise.below(8) {
                        0 => member.set("use", "enc"),
                        1 => member.without("kid"),
                        2 if spoils => ml_dsa(id),
                        3 if spoils => member.set("kid", 1),
                        _ => member,
                    }
                })
                .collect();
            jwks(&members)
        };
        let (today, new) = (set(&mut noise, false), set(&mut noise, true));
        let tokens: Vec<String> = (0..4).map(|_| pair(&mut noise)).map(|(id, by)| token(id, by)).collect();
        let document = ask(place, profile, &today, &new, &tokens);
        let then = Validator::from_text(&settings(place, profile, &new).to_string()).map(|validator| {
            let mut cache = KeyCache::new(&validator);
            if place == Place::Fetched {
                let mut record = FetchRecord::new(ISSUER, NOW, [Response::new(200, [("Age", "0")], new.as_str())]);
                record.refresh = true;
                let _ = cache.replay(&record);
            }
            validator.with_keys(&cache)
        });
        for (row, token) in document["tokens"].as_array().unwrap().iter().zip(&tokens) {
            let (decision, code) = match then.as_ref().map(|validator| validator.identify(token, NOW)) {
                Ok(Ok(_)) => ("accept", Value::Null),
                Ok(Err(Refusal::Rejected(reason))) => ("reject", reason.code.as_str().into()),
                Ok(Err(_)) => ("keys_needed", Value::Null),
                Err(error) => ("reject", error.code.as_str().into()),
            };
            let told = (row["tomorrow"]["decision"].as_str().unwrap(), row["tomorrow"]["code"].clone());
            assert_eq!(told, (decision, code), "{place:?} {profile}\n{today}\n{new}\n{row}");
            kept += usize::from(row["fate"] == "kept");
            lost += usize::from(row["fate"] == "lost");
        }
        broken += usize::from(!document["fault"].is_null());
    }
    assert!(kept > 10 && lost > 10 && broken > 10, "{kept} {lost} {broken}");
}
