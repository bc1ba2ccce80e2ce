//! What changes between two settings: what is told is what the engine decides, by both.

mod schema;

use std::{collections::BTreeSet, fmt::Write as _, slice::from_ref, time::Instant};

use serde_json::{Value, json};
use sqljwt::{
    Settings, Validator,
    advisor::{self, ChangeEvidence, ChangeKind, CompareDocument, ComparedSettings},
};
use sqljwt_conformance::{
    mint::{Members, key},
    noise::Noise,
    ordinary::{NOW, claims, jwks, token},
};

use schema::schema;

const IDP: &str = "https://idp.example";

fn settings(map: &str) -> Value {
    json!({
        "server.jwt_authentication.enabled": true,
        "server.jwt_authentication.issuers": IDP,
        "server.jwt_authentication.audience": "db-login",
        "server.identity_map.configuration": map,
    })
}

/// The settings with lines for the issuer.
fn lines(lines: &[&str]) -> Value {
    let lines: Vec<String> = lines.iter().map(|line| format!("{IDP} {line}")).collect();
    settings(&lines.join("\n"))
}

fn with(mut settings: Value, name: &str, value: impl Into<Value>) -> Value {
    settings[name] = value.into();
    settings
}

fn cockroachdb(settings: Value) -> Value {
    with(settings, "engine.profile", "cockroachdb")
}

fn compare(old: &Value, new: &Value) -> Value {
    schema().answer(&json!({"verb": "compare", "settings": old, "new_settings": new}))
}

/// Kind, setting, principal, old users and new users of the changes that were shown by somebody.
fn shown(told: &Value) -> Vec<(String, String, String, Value, Value)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let shown = told["changes"].as_array().expect("a list").iter().filter(|change| change["evidence"] == "principal");
    shown
        .map(|change| {
            let example = &change["example"];
            let users = |side: &str| example[side]["users"].clone();
            (text(&change["kind"]), text(&change["setting"]), text(&example["principal"]), users("old"), users("new"))
        })
        .collect()
}

fn kinds(told: &Value) -> Vec<(String, String)> {
    shown(told).into_iter().map(|(kind, _, principal, ..)| (kind, principal)).collect()
}

fn messages(told: &Value) -> Vec<&str> {
    told["changes"].as_array().expect("a list").iter().map(|change| change["message"].as_str().unwrap()).collect()
}

const MAP: &str = "server.identity_map.configuration";

#[test]
fn a_dot_that_is_escaped_no_more_lets_a_neighbour_in() {
    let told = compare(&lines(&[r"/^([a-z]+)@example\.com$ \1"]), &lines(&[r"/^([a-z]+)@example.com$ \1"]));
    assert_eq!((&told["gained"], &told["lost"], &told["complete"]), (&json!(1), &json!(0), &json!(true)));
    let change = &told["changes"][0];
    assert_eq!((&change["kind"], &change["setting"], &change["new_line"]), (&json!("gained"), &json!(MAP), &json!(1)));
    assert_eq!(
        change["message"],
        "`x@examplexcom` of `https://idp.example` logs in as `x` by line 1 of the new identity map \
         (`/^([a-z]+)@example.com$ \\1`), and could not log in before; that line was `/^([a-z]+)@example\\.com$ \\1`"
    );
    assert_eq!(change["example"]["old"]["code"], "identity_unmapped");
}

#[test]
fn edits_that_quietly_widen_a_map_are_shown_by_who_gets_in() {
    for (old, new, gained) in [
        (r"/^([a-z]+)@example\.com$ app", r"/@example\.com$ app", "@example.com"),
        (r"/^([a-z]+)@example\.com$ \1", r"/(.*)@example\.com$ \1", "0@example.com"),
        (r"/^([a-z]+)@example\.com$ \1", r"/^([a-z]+)@example\.com \1", "x@example.comx"),
        (r"/^(a|b)$ \1", r"/^a|b$ x", "xb"),
    ] {
        let told = compare(&cockroachdb(lines(&[old])), &cockroachdb(lines(&[new])));
        let found = kinds(&told);
        assert!(found.contains(&("gained".into(), gained.into())), "{old} {new}: {told:#}");
        assert_eq!(told["complete"], true, "{old} {new}: {told:#}");
    }
}

#[test]
fn a_prefix_that_goes_gives_everybody_another_user() {
    let told = compare(&lines(&[r"/^([a-z]+)@x$ app_\1"]), &lines(&[r"/^([a-z]+)@x$ \1"]));
    assert_eq!(told["complete"], true, "{told:#}");
    let found = shown(&told);
    assert_eq!(found[0], ("other_user".into(), MAP.into(), "x@x".into(), json!(["app_x"]), json!(["x"])));
    assert_eq!(found[1].2, "root@x", "who would be a reserved user is kept out");
    assert_eq!(found.len(), 2, "{told:#}");
}

#[test]
fn the_part_that_is_taken_over_counts_and_not_how_it_is_written() {
    for (old, new) in [
        (r"/^([a-z]+)@x$ \1", r"/^(?:([a-z]+))@x$ \1"),
        (r"/^([a-z]+)@x$ \1", r"/^([a-z][a-z]*)@x$ \1"),
        (r"/^(a|b)$ \1", r"/^([ab])$ \1"),
        ("/^ada$ ada", "ada ada"),
    ] {
        let told = compare(&lines(&[old]), &lines(&[new]));
        assert_eq!((kinds(&told), &told["complete"]), (vec![], &json!(true)), "{old} {new}: {told:#}");
    }
    let told = compare(&lines(&[r"/^([a-z]+)@([a-z]+)$ \1"]), &lines(&[r"/^[a-z]+@([a-z]+)$ \1"]));
    assert!(kinds(&told).contains(&("other_user".into(), "xx@x".into())), "{told:#}");
}

#[test]
fn an_issuer_without_lines_beside_others_lets_everybody_be_anybody() {
    let old = lines(&["ada ada"]);
    let new = with(old.clone(), "server.jwt_authentication.issuers", json!([IDP, "https://new.example"]));
    let told = compare(&old, &new);
    assert_eq!((&told["gained"], &told["lost"], &told["changed"]), (&json!(1), &json!(0), &json!(0)), "{told:#}");
    let change = &told["changes"][0];
    assert_eq!(change["issuer"], "https://new.example");
    assert_eq!(
        (&change["example"]["principal"], &change["example"]["new"]["users"]),
        (&json!("admin"), &json!(["admin"]))
    );
    let message = change["message"].as_str().unwrap();
    assert!(message.contains("has no lines for the issuer), where 1 other issuer has lines"), "{message}");
    // And the other way.
    let told = compare(&new, &old);
    assert_eq!((&told["gained"], &told["lost"]), (&json!(0), &json!(1)), "{told:#}");
}

#[test]
fn a_move_from_v1_to_v2_of_entra_reads_as_one() {
    let tenant = "11111111-2222-3333-4444-555555555555";
    let (one, two) =
        (format!("https://sts.windows.net/{tenant}/"), format!("https://login.microsoftonline.com/{tenant}/v2.0"));
    let entra = |issuer: &str, audience: &str, map: &str| {
        let all = settings(map);
        let all = with(all, "server.jwt_authentication.issuers", issuer);
        with(all, "server.jwt_authentication.audience", audience)
    };
    let line = |issuer: &str| format!(r"{issuer} /^([a-z]+)@example\.com$ \1");
    let old = entra(&one, "api://db", &line(&one));
    let told = compare(&old, &entra(&two, "client", &line(&two)));
    let text = messages(&told).join("\n");
    assert!(text.contains("are the v1 and the v2 issuer of one Entra tenant"), "{text}");
    assert!(text.contains("tokens for the audience `client` are accepted"), "{text}");
    assert!(text.contains("tokens for the audience `api://db` alone are refused"), "{text}");
    assert_eq!((&told["gained"], &told["lost"], &told["changed"]), (&json!(2), &json!(2), &json!(0)), "{told:#}");
    assert_eq!(told["complete"], true);
    // Each fetches its own keys: that is no change beside.
    let fetched = |all| with(all, "server.jwt_authentication.jwks_auto_fetch.enabled", true);
    let told = compare(&fetched(old.clone()), &fetched(entra(&two, "client", &line(&two))));
    assert_eq!((&told["gained"], &told["lost"], &told["changed"]), (&json!(2), &json!(2), &json!(0)), "{told:#}");

    // The lines were forgotten: they are for the old name, and count for nobody.
    let told = compare(&old, &entra(&two, "client", ""));
    let gained = shown(&told).into_iter().find(|(kind, setting, ..)| kind == "gained" && setting == MAP);
    assert_eq!(gained.expect("everybody").4, json!(["x"]), "{told:#}");
    assert!(kinds(&told).contains(&("lost".into(), "x@example.com".into())), "{told:#}");
    assert_eq!(told["complete"], true, "{told:#}");
}

#[test]
fn keys_that_are_fetched_are_told_and_those_that_are_not_any_more() {
    let set = jwks(&[key("test-rsa-1").public("k1")]);
    let old = with(lines(&["ada ada"]), "server.jwt_authentication.jwks", set);
    let new = with(old.clone(), "server.jwt_authentication.jwks_auto_fetch.enabled", true);
    let told = compare(&old, &new);
    let text = messages(&told);
    assert_eq!(
        text,
        [
            "the keys of `https://idp.example` are fetched from `https://idp.example/.well-known/openid-configuration`: \
             whoever answers there decides which tokens verify",
            "tokens of `https://idp.example` whose key is not served by \
             `https://idp.example/.well-known/openid-configuration` are refused: the 1 configured key no longer decide",
        ]
    );
}

#[test]
fn keys_come_and_go_by_what_they_are() {
    let set = |keys: &[Members]| with(lines(&["ada ada"]), "server.jwt_authentication.jwks", jwks(keys));
    let (one, two) = (key("test-rsa-1").public("k1"), key("test-p256").public("k2"));
    let told = compare(&set(from_ref(&one)), &set(&[one.clone(), two.clone()]));
    assert_eq!(messages(&told), ["tokens are accepted that are signed with the key `k2` (ES256)"]);
    let told = compare(&set(&[one.clone(), two]), &set(from_ref(&one)));
    assert_eq!(messages(&told), ["tokens are refused that are signed with the key `k2` (ES256)"]);
    // The id stays and the key is another.
    let told = compare(&set(&[one]), &set(&[key("test-rsa-2").public("k1")]));
    assert_eq!((&told["gained"], &told["lost"]), (&json!(1), &json!(1)), "{told:#}");
}

#[test]
fn the_profile_of_the_database_means_something_else_by_the_same_lines() {
    let old = lines(&["ada ada", r"/^([a-z]+)@x$ \1"]);
    let told = compare(&old, &cockroachdb(old.clone()));
    assert_eq!((&told["profile"], &told["new_profile"]), (&json!("hardened"), &json!("cockroachdb")));
    assert_eq!(told["complete"], true, "{told:#}");
    let found = shown(&told);
    assert_eq!((&*found[0].0, &*found[0].1), ("gained", "engine.profile"), "{told:#}");
    assert_eq!(found[0].2.to_lowercase(), "ada");
    assert_eq!(told["changes"][0]["count"], 2, "both lines");
    assert!(messages(&told).iter().any(|text| text.starts_with("tokens without `exp` are accepted")));
    assert!(told["changes"].as_array().unwrap().iter().any(|change| change["kind"] == "other_message"));
    // The same by the members of the call.
    let call = json!({"verb": "compare", "settings": old, "new_settings": old, "new_profile": "cockroachdb"});
    assert_eq!(schema().answer(&call)["changes"], told["changes"]);
}

#[test]
fn settings_that_cannot_be_used_let_nobody_in_and_tell_why() {
    let (good, bad) = (lines(&["ada ada"]), lines(&["/ada ada"]));
    let told = compare(&good, &bad);
    assert_eq!(
        (&told["gained"], &told["lost"], &told["new"]["usable"]),
        (&json!(0), &json!(1), &json!(false)),
        "{told:#}"
    );
    assert_eq!(told["new"]["faults"][0]["setting"], MAP);
    assert!(told["message"].as_str().unwrap().starts_with("the new settings cannot be used"), "{told:#}");
    let told = compare(&bad, &good);
    assert_eq!((&told["gained"], &told["lost"]), (&json!(1), &json!(0)), "{told:#}");
    let told = compare(&bad, &bad);
    assert_eq!((&told["gained"], &told["lost"], told["changes"].as_array().unwrap().len()), (&json!(0), &json!(0), 0));
    let told = compare(&json!(7), &good);
    assert_eq!((&told["old"]["usable"], &told["gained"]), (&json!(false), &json!(1)), "{told:#}");
}

#[test]
fn a_switch_moves_everybody() {
    let on = lines(&["ada ada"]);
    let off = with(on.clone(), "server.jwt_authentication.enabled", false);
    let told = compare(&on, &off);
    assert_eq!((&told["gained"], &told["lost"], &told["changed"]), (&json!(0), &json!(1), &json!(0)), "{told:#}");
    assert_eq!(told["changes"][0]["setting"], "server.jwt_authentication.enabled");
    let told = compare(&off, &on);
    assert_eq!((&told["gained"], &told["lost"]), (&json!(1), &json!(0)), "{told:#}");
    // Off in both, what changes is told, as it counts later.
    let other = with(lines(&["ada bob"]), "server.jwt_authentication.enabled", false);
    let told = compare(&off, &other);
    assert_eq!(kinds(&told), [("other_user".into(), "ada".into())]);
    assert!(told["message"].as_str().unwrap().contains("switched off in both"));
}

#[test]
fn options_say_whom_they_keep_out() {
    let base = || lines(&["ada ada"]);
    for (name, old, new, kind, text) in [
        ("engine.leeway_seconds", json!(0), json!(60), "gained", "leeway of 60 seconds, which was 0"),
        ("engine.leeway_seconds", json!(60), json!(0), "lost", "leeway of 0 seconds, which was 60"),
        ("engine.required_claims", json!([]), json!(["email"]), "lost", "tokens without the claim `email` are refused"),
        ("engine.required_scopes", json!(["db"]), json!([]), "gained", "tokens without the scope `db` are accepted"),
        ("engine.max_token_lifetime_seconds", json!(3600), json!(7200), "gained", "7200 seconds, where 3600"),
        ("engine.max_token_lifetime_seconds", json!(7200), json!(3600), "lost", "more than 3600 seconds"),
        ("engine.max_token_bytes", json!(1000), json!(2000), "gained", "2000 bytes"),
        ("server.jwt_authentication.audience", json!("db-login"), json!(["db-login", "x"]), "gained", "audience `x`"),
        (
            "server.jwt_authentication.claim",
            json!("sub"),
            json!("email"),
            "gained",
            "the claim `email`, and was said by `sub`",
        ),
        ("security.provisioning.jwt.enabled", json!(false), json!(true), "other_effect", "`true`, and was `false`"),
        ("server.jwt_authentication.client.timeout", json!("15s"), json!("5s"), "other_effect", "`5s`, and was `15s`"),
        ("engine.reserved_users", json!([]), json!(["ada"]), "lost", "engine.reserved_users changes"),
    ] {
        let told = compare(&with(base(), name, old.clone()), &with(base(), name, new.clone()));
        let is_it = |change: &&Value| change["setting"] == name && change["kind"] == kind;
        let found = told["changes"].as_array().unwrap().iter().find(is_it);
        let found = found.unwrap_or_else(|| panic!("{name} {old} {new}: {told:#}"));
        assert!(found["message"].as_str().unwrap().contains(text), "{found}");
    }
    assert!(compare(&base(), &base())["changes"].as_array().unwrap().is_empty());
}

#[test]
fn values_of_keys_and_certificates_are_never_told() {
    let secret = "-----BEGIN CERTIFICATE-----\nc2VjcmV0\n-----END CERTIFICATE-----";
    let old = lines(&["ada ada"]);
    let new = with(old.clone(), "server.jwt_authentication.issuers.custom_ca", secret);
    let told = compare(&old, &new).to_string();
    assert!(!told.contains("c2VjcmV0"), "{told}");
}

#[test]
fn sample_logins_are_judged_by_both_and_grouped() {
    let set = jwks(&[key("test-rsa-1").public("k1")]);
    let signed = token(key("test-rsa-1"), "RS256").text();
    let base = |map: &[&str]| with(lines(map), "server.jwt_authentication.jwks", set.clone());
    let claims = |sub: &str| json!({"sub": sub, "aud": "db-login", "exp": NOW + 100});
    let logins = json!([
        {"token": signed, "user": "alice"},
        {"claims": claims("bob"), "issuer": IDP, "user": "bob"},
        {"claims": claims("carol"), "issuer": IDP, "user": "carol"},
        {"claims": claims("dora"), "issuer": IDP, "user": "dora"},
        {"claims": claims("eve"), "issuer": IDP, "now": NOW + 1000},
        {"claims": claims("fay"), "issuer": IDP},
    ]);
    let old = base(&["alice alice", "bob bob", "fay fay"]);
    let new = base(&["alice alice", "carol carol", "dora dora", "fay fae"]);
    let call = json!({"verb": "compare", "settings": old, "new_settings": new, "logins": logins, "now": NOW});
    let told = schema().answer(&call);
    assert_eq!(
        told["logins"],
        json!({"judged": 6, "unsigned": 5, "untried": 0, "gained": 2, "other_user": 1, "lost": 1,
               "otherwise_refused": 0, "same": 2})
    );
    let by_logins: Vec<&Value> =
        told["changes"].as_array().unwrap().iter().filter(|change| change["evidence"] == "login").collect();
    let gained = by_logins.iter().filter(|change| change["kind"] == "gained").count();
    assert_eq!(gained, 2, "by two lines: {told:#}");
    let lost = by_logins.iter().find(|change| change["kind"] == "lost").expect("bob");
    assert_eq!((&lost["logins"], &lost["example"]["unsigned"]), (&json!([1]), &json!(true)));
    assert_eq!(lost["example"]["new"]["code"], "identity_unmapped");
    let other = by_logins.iter().find(|change| change["kind"] == "other_user").expect("fay");
    assert_eq!(
        (&other["example"]["old"]["users"], &other["example"]["new"]["users"]),
        (&json!(["fay"]), &json!(["fae"]))
    );
    // Under another profile the refused are told other words.
    let call = json!({"verb": "compare", "settings": old, "new_settings": old, "logins": logins, "now": NOW,
                      "new_profile": "cockroachdb"});
    let told = schema().answer(&call);
    assert!(told["logins"]["otherwise_refused"].as_u64() > Some(0), "{told:#}");
    assert!(!told.to_string().contains(&signed), "no token is repeated");
}

/// A forged token and claims without a signature are nobody, whatever the comparison says of them.
#[test]
fn claims_without_a_signature_never_become_a_login() {
    let set = jwks(&[key("test-rsa-1").public("k1")]);
    let base = with(lines(&["alice alice"]), "server.jwt_authentication.jwks", set);
    let forged = token(key("test-rsa-2"), "RS256").text();
    let logins = json!([
        {"token": forged, "user": "alice"},
        {"claims": serde_json::from_str::<Value>(&claims().to_string()).unwrap(), "user": "alice"},
    ]);
    let call = json!({"verb": "coverage", "settings": base, "logins": logins, "now": NOW});
    let told = schema().answer(&call);
    assert_eq!((&told["accepted"], &told["unsigned"]), (&json!(1), &json!(1)));
    assert_eq!(told["refusals"][0]["code"], "signature_invalid");
    assert_eq!(told["keys"]["reached"], 0, "claims need no key");
}

/// Two maps of 10,000 lines of which few differ take no longer than two of ten.
#[test]
fn maps_of_thousands_of_lines_are_compared_by_what_differs() {
    let map = |changed: &str| {
        let mut map = String::new();
        for number in 0..10_000 {
            let _ = match number % 2 {
                0 => writeln!(map, "{IDP} u{number}@example.com u{number}"),
                _ => writeln!(map, r"{IDP} /^([a-z]+)@d{number}\.example\.com$ \1"),
            };
        }
        settings(&(map + changed))
    };
    let (old, new) =
        (map(&format!(r"{IDP} /^([a-z]+)@example\.com$ \1")), map(&format!(r"{IDP} /^([a-z]+)@example.com$ \1")));
    let [old, new] = [old, new].map(|all| Settings::from_json(&all.to_string()).expect("settings"));
    let begun = Instant::now();
    let told =
        advisor::compare(ComparedSettings::new(Ok(&old)), ComparedSettings::new(Ok(&new)), &[]).expect("no fetches");
    let took = begun.elapsed();
    assert!(told.complete, "{}", told.to_json());
    assert_eq!((told.gained, told.lost), (1, 0), "{}", told.to_json());
    assert!(took.as_secs() < 5, "{took:?}");
    println!("few of 10,000 lines: {took:?}");

    // All lines differ: the steps are bounded, and what was not searched is said.
    let lines = |suffix: &str| {
        let mut map = String::new();
        for number in 0..10_000 {
            let _ = match number % 2 {
                0 => writeln!(map, "{IDP} u{number}@{suffix} u{number}"),
                _ => writeln!(map, r"{IDP} /^([a-z]+)@d{number}\.{suffix}$ \1"),
            };
        }
        Settings::from_json(&settings(&map).to_string()).expect("settings")
    };
    let (old, new) = (lines("a"), lines("b"));
    let begun = Instant::now();
    let told =
        advisor::compare(ComparedSettings::new(Ok(&old)), ComparedSettings::new(Ok(&new)), &[]).expect("no fetches");
    let took = begun.elapsed();
    println!(
        "all of 10,000 lines: {took:?}, {} gained, {} lost, {} unsearched",
        told.gained, told.lost, told.unsearched
    );
    assert!(took.as_secs() < 10, "{took:?}");
    assert!(told.gained >= 5000 && told.lost >= 5000, "{} {}", told.gained, told.lost);
    assert!(told.to_json().len() < 1_000_000);
    let old = lines("a");
    let new = Settings::from_json(&settings("").to_string()).expect("settings");
    let begun = Instant::now();
    let told =
        advisor::compare(ComparedSettings::new(Ok(&old)), ComparedSettings::new(Ok(&new)), &[]).expect("no fetches");
    println!("no lines any more: {:?}, {} unsearched", begun.elapsed(), told.unsearched);
    let begun = Instant::now();
    let of_the_database = ComparedSettings::new(Ok(&old)).under(sqljwt::Profile::Cockroachdb);
    let told = advisor::compare(ComparedSettings::new(Ok(&old)), of_the_database, &[]).expect("no fetches");
    println!("another profile: {:?}, {} unsearched", begun.elapsed(), told.unsearched);
}

/// Random maps over few characters, against all principals of up to five of them.
#[test]
fn small_maps_are_compared_as_all_short_principals_say() {
    let mut noise = Noise::new("comparisons");
    let principals = principals(&["a", "b", "@", "A"], 5);
    let (mut complete, mut different, mut pairs) = (0, 0, 0);
    for _ in 0..PAIRS {
        let profiles = [noise.one_of(&PROFILES), noise.one_of(&PROFILES)];
        let count = noise.below(4);
        let old: Vec<String> = (0..count).map(|_| line(&mut noise, profiles[0] == "cockroachdb")).collect();
        let mut new = old.clone();
        // An edit, or another map.
        match noise.below(4) {
            0 => new = (0..noise.below(4)).map(|_| line(&mut noise, profiles[1] == "cockroachdb")).collect(),
            1 if !new.is_empty() => {
                let at = noise.below(new.len());
                new.remove(at);
            }
            2 if !new.is_empty() => {
                let at = noise.below(new.len());
                new[at] = line(&mut noise, profiles[1] == "cockroachdb");
            }
            _ => new.push(line(&mut noise, profiles[1] == "cockroachdb")),
        }
        let side = |map: &[String], profile: &str| {
            let map: Vec<&str> = map.iter().map(String::as_str).collect();
            Settings::from_json(&with(lines(&map), "engine.profile", profile).to_string()).expect("settings")
        };
        let (old, new) = (side(&old, profiles[0]), side(&new, profiles[1]));
        let (Ok(old_validator), Ok(new_validator)) = (Validator::new(&old), Validator::new(&new)) else { continue };
        pairs += 1;
        let told = advisor::compare(ComparedSettings::new(Ok(&old)), ComparedSettings::new(Ok(&new)), &[])
            .expect("no fetches");
        let found = differing(&old_validator, &new_validator, &principals);
        let context = || {
            format!(
                "{:?} {:?}\n{:?} {:?}\n{}",
                profiles[0],
                old.value(MAP),
                profiles[1],
                new.value(MAP),
                told.to_json()
            )
        };
        examples_differ(&told, &old_validator, &new_validator, &context);
        complete += usize::from(told.complete);
        different += usize::from(!found.is_empty());
        if told.complete {
            let kinds: BTreeSet<ChangeKind> = told
                .changes
                .iter()
                .filter(|change| change.evidence == ChangeEvidence::Principal)
                .map(|change| change.kind)
                .collect();
            for (kind, principal) in found {
                assert!(kinds.contains(&kind), "{principal} is {kind}\n{}", context());
            }
        } else if std::env::var_os("SHOW").is_some() {
            println!("INCOMPLETE {:?} {:?} | {:?} {:?}", profiles[0], old.value(MAP), profiles[1], new.value(MAP));
        }
    }
    println!("{pairs} pairs, {complete} complete, {different} different");
    assert!(pairs > PAIRS / 2 && different > pairs / 3, "{pairs} pairs, {different} different");
    assert!(complete * 10 > pairs * 9, "{complete} of {pairs} were searched to the end");
}

const PAIRS: usize = 3000;

const PROFILES: [&str; 2] = ["hardened", "cockroachdb"];

fn line(noise: &mut Noise, unanchored: bool) -> String {
    let users = ["u", "v", "a", "root", "a@", "b"];
    if noise.below(3) == 0 {
        let text: String = (0..=noise.below(2)).map(|_| noise.one_of(&["a", "b", "@", "A", "ab"])).collect();
        return format!("{text} {}", noise.one_of(&users));
    }
    let atoms = ["a", "b", "@", "[ab]", ".", "a*", "[ab]+", "b?", "(?:a|@)", "[^@]", "A", ".*"];
    let mut piece = |most: usize| -> String { (0..=noise.below(most)).map(|_| noise.one_of(&atoms)).collect() };
    let (before, group, after) = (piece(1), piece(2), piece(1));
    let (before, after) =
        (if noise.below(2) == 0 { "" } else { &*before }, if noise.below(3) == 0 { "" } else { &*after });
    let (start, end) = match unanchored {
        true => (noise.one_of(&["^", "^", ""]), noise.one_of(&["$", "$", ""])),
        false => ("^", "$"),
    };
    let user = match noise.below(3) {
        0 => noise.one_of(&users),
        _ => noise.one_of(&[r"\1", r"\1", r"u\1", r"\1v"]),
    };
    let repeated = if noise.below(8) == 0 { "*" } else { "" };
    format!("/{start}{before}({group}){repeated}{after}{end} {user}")
}

/// All texts of up to so many of these.
fn principals(of: &[&str], most: usize) -> Vec<String> {
    let (mut all, mut last) = (Vec::new(), vec![String::new()]);
    for _ in 0..most {
        last = last.iter().flat_map(|text| of.iter().map(move |more| format!("{text}{more}"))).collect();
        all.extend(last.iter().cloned());
    }
    all
}

/// The users as whom a principal can log in.
fn users(validator: &Validator, principal: &str) -> BTreeSet<String> {
    let reach = advisor::reach(validator, Some(IDP), principal);
    let users = reach.issuers.into_iter().flat_map(|issuer| issuer.users);
    users.filter(|user| user.code.is_none()).map(|user| user.user).collect()
}

fn kind(old: &BTreeSet<String>, new: &BTreeSet<String>) -> Option<ChangeKind> {
    match (old.is_empty(), new.is_empty()) {
        _ if old == new => None,
        (true, _) => Some(ChangeKind::Gained),
        (_, true) => Some(ChangeKind::Lost),
        _ => Some(ChangeKind::OtherUser),
    }
}

fn differing(old: &Validator, new: &Validator, principals: &[String]) -> Vec<(ChangeKind, String)> {
    let of = |principal: &String| Some((kind(&users(old, principal), &users(new, principal))?, principal.clone()));
    principals.iter().filter_map(of).collect()
}

/// Every example is treated by both as it is told.
fn examples_differ(told: &CompareDocument, old: &Validator, new: &Validator, context: &dyn Fn() -> String) {
    for change in told.changes.iter().filter(|change| change.evidence == ChangeEvidence::Principal) {
        let example = change.example.as_ref().expect("an example");
        let principal = example.principal.as_deref().expect("a principal");
        if principal.contains("\\u{") {
            continue; // it is written so that it can be shown
        }
        let (before, after) = (users(old, principal), users(new, principal));
        assert_eq!(kind(&before, &after), Some(change.kind), "{principal}\n{}", context());
        let told = |users: &[String]| users.iter().cloned().collect::<BTreeSet<_>>();
        assert_eq!((told(&example.old.users), told(&example.new.users)), (before, after), "{principal}\n{}", context());
    }
}
