//! Does the kit keep its word: every look-alike logs in, every bad token is refused for its reason and no other, and
//! both are those of Python's kit?

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use sqljwt::{Algorithm, Outcome, Profile, ReasonCode, Refusal, Validator, dangerous::decode_unverified};
use sqljwt_testing::{BadToken, Issuer, LookAlike, assert_logs_in, assert_rejected};

const NOW: i64 = 1_800_000_000;

#[test]
fn good_tokens_log_in_with_every_algorithm() {
    for &algorithm in Algorithm::all() {
        let idp = Issuer::default().with_algorithm(algorithm);
        let login = assert_logs_in(&idp.settings(), idp.token(NOW).claim("sub", "alice").mint(), "alice", NOW);
        assert_eq!((login.algorithm, &*login.key_id, &*login.issuer), (algorithm, "key-1", idp.url()));
    }
}

#[test]
fn bad_tokens_are_refused_with_their_code() {
    // Every kind of key, and both names of one algorithm.
    for algorithm in ["RS256", "PS384", "ES256", "ES512", "EdDSA", "Ed25519"] {
        let algorithm = algorithm.parse().expect("an algorithm");
        let idp = Issuer::default().with_algorithm(algorithm).with_claim("sub", "alice");
        for &bad in BadToken::all() {
            let (settings, user) = (idp.bad_settings(bad), bad.user().unwrap_or("alice"));
            assert_eq!(settings.profile(), Profile::Hardened);
            let explanation = assert_rejected(&settings, idp.bad(bad, NOW).mint(), user, bad.code(), NOW);
            let failed = explanation.checks.iter().filter(|check| check.outcome == Outcome::Fail);
            assert_eq!(failed.count(), 1, "{bad} with {algorithm} is wrong in one way only\n\n{explanation}");
        }
    }
}

#[test]
fn look_alikes_log_in_until_they_expire() {
    for LookAlike { name, issuer, logs_in_as, .. } in LookAlike::all() {
        let settings = issuer.settings();
        assert_eq!(settings.profile(), Profile::Hardened, "{name}");
        assert_logs_in(&settings, issuer.token(NOW).mint(), logs_in_as, NOW);
        assert_rejected(
            &settings,
            issuer.bad(BadToken::Expired, NOW).mint(),
            logs_in_as,
            ReasonCode::TokenExpired,
            NOW,
        );
    }
}

#[test]
fn bad_tokens_of_look_alikes_are_refused_with_their_code() {
    // Keys without `alg` and of a templated issuer; a key for encryption beside; no identity map.
    let issuers = [Issuer::entra_v2("jane.doe@contoso.com"), Issuer::keycloak("jane.doe"), Issuer::cognito("jane.doe")];
    for issuer in issuers {
        for &bad in BadToken::all() {
            let (token, user) = (issuer.bad(bad, NOW).mint(), bad.user().unwrap_or("jane.doe"));
            let validator = Validator::new(&issuer.bad_settings(bad)).expect("settings that can be used");
            let Err(Refusal::Rejected(rejection)) = validator.validate(token, user, NOW) else {
                panic!("{bad} of {issuer:?} is not rejected");
            };
            assert_eq!(rejection.code, bad.code(), "{bad} of {issuer:?}");
        }
    }
}

#[test]
fn every_reason_that_a_token_can_give_has_a_kind() {
    let of_no_token = ["settings", "enabled", "internal"];
    let of_a_token = ReasonCode::all().iter().filter(|code| !of_no_token.contains(&code.check().as_str()));
    let expected: BTreeSet<_> = of_a_token.collect();
    let kinds: Vec<_> = BadToken::all().iter().map(|bad| bad.code()).collect();
    assert_eq!(kinds.iter().collect::<BTreeSet<_>>(), expected);
}

#[test]
fn bad_tokens_are_those_of_the_python_kit() {
    let ours = BadToken::all().iter().map(|bad| {
        let mut row = json!({"code": bad.code().as_str(), "about": bad.about()});
        if let Some(user) = bad.user() {
            row["user"] = user.into();
        }
        (bad.as_str().to_owned(), row)
    });
    same("bad_tokens", &ours.collect());
}

#[test]
fn look_alikes_are_those_of_the_python_kit() {
    let ours = LookAlike::all().into_iter().map(|LookAlike { name, issuer, logs_in_as, .. }| {
        let token = decode_unverified(issuer.token(NOW).mint()).expect("a token");
        let part = |text: Option<&str>| serde_json::from_str::<Value>(text.expect("a part")).expect("JSON");
        let mut settings: Value = serde_json::from_str(&issuer.settings().to_json()).expect("settings");
        settings.as_object_mut().expect("an object").remove("server.jwt_authentication.jwks");
        let mut keys = issuer.jwks()["keys"].take();
        for key in keys.as_array_mut().expect("a key set") {
            key.as_object_mut().expect("a key").retain(|name, _| !["n", "e"].contains(&name.as_str()));
        }
        let row = json!({
            "logs_in_as": logs_in_as,
            "header": part(token.header.as_ref().map(|text| text.get())),
            "claims": part(token.claims.as_ref().map(|text| text.get())),
            "keys": keys,
            "settings": settings,
        });
        (name.to_owned(), row)
    });
    same("look_alikes", &ours.collect());
}

#[test]
fn failed_assertions_are_explanations() {
    let idp = Issuer::default().with_claim("sub", "alice");
    let settings = idp.settings();
    let said = panics(|| drop(assert_logs_in(&settings, idp.bad(BadToken::WrongAudience, NOW).mint(), "alice", NOW)));
    assert!(said.starts_with("expected a login as `alice`\n\nREJECTED  audience_not_allowed"), "{said}");
    assert!(said.contains("this server accepts `db-login`") && said.contains("1 problem"), "{said}");
    let code = ReasonCode::TokenExpired;
    let said = panics(|| drop(assert_rejected(&settings, idp.token(NOW).mint(), "alice", code, NOW)));
    assert!(said.starts_with("expected a rejection with `token_expired`\n\nACCEPTED"), "{said}");
    let unusable = idp.clone().with_setting("server.jwt_authentication.jwks", "no key set").settings();
    let said = panics(|| drop(assert_logs_in(&unusable, idp.token(NOW).mint(), "alice", NOW)));
    assert!(said.contains("REJECTED  jwks_invalid"), "{said}");
}

/// Holds the kit against a member of the catalogue, one entry at a time.
fn same(member: &str, ours: &Map<String, Value>) {
    let catalogue: Value = serde_json::from_str(include_str!("../catalogue.json")).expect("the catalogue is JSON");
    let theirs = catalogue[member].as_object().expect("an object");
    for (name, row) in ours {
        assert_eq!(Some(row), theirs.get(name), "`{name}`, left as this kit has it and right as catalogue.json does");
    }
    let missing: Vec<_> = theirs.keys().filter(|name| !ours.contains_key(*name)).collect();
    assert!(missing.is_empty(), "catalogue.json has {member} that this kit has not: {missing:?}");
}

/// What the assertion says when it fails.
fn panics(assertion: impl FnOnce()) -> String {
    let panic = std::panic::catch_unwind(std::panic::AssertUnwindSafe(assertion)).expect_err("it fails");
    *panic.downcast::<String>().expect("a text")
}
