//! Settings from a sample token: the engine itself logs the same token in under them, and refuses a stranger's.

use serde_json::{Value, json};
use sqljwt::{
    Settings, Validator,
    advisor::{self, SuggestDocument},
    wire,
};
use sqljwt_conformance::{
    mint::{Members, Token, key},
    noise::Noise,
    ordinary::{NOW, jwks},
};
use sqljwt_testing::LookAlike;

const ISSUER: &str = "https://idp.example";

fn members(claims: &Value) -> Members {
    let claims = claims.as_object().expect("an object");
    claims.iter().fold(Members::new(), |members, (name, value)| members.set(name, value.clone()))
}

fn token(claims: &Value) -> String {
    Token::new(key("test-ed25519"), "k1", "EdDSA", members(claims)).text()
}

fn keys() -> String {
    jwks(&[key("test-ed25519").public("k1")])
}

fn claims() -> Value {
    json!({"iss": ISSUER, "aud": "db-login", "sub": "u-17", "iat": NOW - 30, "exp": NOW + 3570})
}

fn with(changes: &Value) -> Value {
    let mut changed = claims();
    for (name, value) in changes.as_object().expect("an object") {
        changed[name] = value.clone();
    }
    changed
}

fn suggest(claims: &Value) -> SuggestDocument {
    advisor::suggest(token(claims), "alice", Some(&keys()), None, NOW)
}

/// The settings that are suggested, as somebody else applies them.
fn applied(document: &SuggestDocument) -> Validator {
    let sql = document.sql.as_deref().unwrap_or_else(|| panic!("no SQL: {}", document.to_json()));
    assert_eq!(sql.lines().next(), Some(&*document.first_line));
    let settings = Settings::from_sql(sql).expect("the SQL is read");
    assert_eq!(advisor::lint(Ok(&settings)).errors, 0, "{sql}");
    Validator::new(&settings).expect("the settings are usable")
}

#[test]
fn the_token_of_each_look_alike_logs_in_and_a_strangers_does_not() {
    let mut faults = Vec::new();
    for it in LookAlike::all() {
        let token = it.issuer.token(NOW).mint();
        let keys = it.issuer.jwks().to_string();
        let document = advisor::suggest(&token, it.logs_in_as, Some(&keys), None, NOW);
        let Some(sql) = document.sql.as_deref() else {
            faults.push(format!("{}: {:?} {:?}", it.name, document.refused, document.trial));
            continue;
        };
        assert!(document.proven && sql.starts_with("-- proven:"), "{}", it.name);
        let validator = applied(&document);
        let login = validator.validate(&token, it.logs_in_as, NOW);
        if login.as_ref().map(|login| login.user.to_string()).ok().as_deref() != Some(it.logs_in_as) {
            faults.push(format!("{}: {login:?}", it.name));
        }
        let claim =
            document.settings.iter().find(|one| one.setting.ends_with(".claim")).expect("a claim").value.clone();
        for (name, value) in [(&*claim, "stranger@evil.example"), ("aud", "another"), ("iss", "https://evil.example")] {
            let stranger = it.issuer.token(NOW).claim(name, value).mint();
            if validator.validate(&stranger, it.logs_in_as, NOW).is_ok() {
                faults.push(format!("{}: another `{name}` logs in", it.name));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn another_branch_namespace_and_tenant_stay_out_and_the_wider_line_is_only_told() {
    for (good, strangers) in [
        (
            "repo:o/r:ref:refs/heads/main",
            ["repo:o/r:ref:refs/heads/x", "repo:o/r2:ref:refs/heads/main", "repo:o/r:pull_request"],
        ),
        ("system:serviceaccount:prod:etl", ["system:serviceaccount:test:etl", "system:serviceaccount:prod:x", "etl"]),
        (
            "project_path:g/p:ref_type:branch:ref:main",
            ["project_path:g/p:ref_type:branch:ref:x", "project_path:g/q:ref_type:branch:ref:main", "g"],
        ),
    ] {
        let document = suggest(&with(&json!({"sub": good})));
        let validator = applied(&document);
        assert_eq!(document.wider.len(), 1, "{good}");
        assert!(!document.sql.as_deref().unwrap_or_default().contains(&document.wider[0].line));
        assert!(validator.validate(token(&with(&json!({"sub": good}))), "alice", NOW).is_ok(), "{good}");
        for stranger in strangers {
            assert!(validator.validate(token(&with(&json!({"sub": stranger}))), "alice", NOW).is_err(), "{stranger}");
        }
    }
}

#[test]
fn without_keys_the_first_line_says_that_nothing_is_proven() {
    let document = advisor::suggest(token(&claims()), "alice", None, None, NOW);
    assert!(!document.proven);
    assert!(document.sql.as_deref().is_some_and(|sql| sql.starts_with("-- not proven:")), "{}", document.to_json());
    applied(&document);
}

#[test]
fn keys_that_have_not_signed_the_token_and_private_ones_suggest_nothing() {
    let wrong = jwks(&[key("test-rsa-1").public("k1")]);
    let private = r#"{"keys":[{"kty":"oct","k":"c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0","kid":"k1"}]}"#;
    let turned = keys().replace("k1", "k1\u{202e}");
    let escape = keys().replace("k1", "k1\u{1b}[2J");
    for keys in [&*wrong, private, "", "no keys", "{}", &turned, &escape] {
        let document = advisor::suggest(token(&claims()), "alice", Some(keys), None, NOW);
        assert!(
            document.sql.is_none() && !document.proven && document.refused.is_some(),
            "{keys}: {}",
            document.to_json()
        );
        assert!(document.settings.is_empty() && !document.to_json().contains("c2VjcmV0"), "{}", document.to_json());
    }
}

#[test]
fn what_cannot_work_is_refused_with_its_reason() {
    for (text, user, why) in [
        (String::from("hunter2"), "alice", "not a JSON Web Token"),
        (token(&with(&json!({"sub": null, "email": "a@b.example"}))), "alice", "names one bearer"),
        (token(&with(&json!({"aud": null}))), "alice", "no audience"),
        (token(&with(&json!({"iss": null}))), "alice", "no issuer"),
        (token(&claims()), "root", "reserved"),
        (token(&claims()), "a b", "can be called"),
    ] {
        let document = advisor::suggest(&text, user, Some(&keys()), None, NOW);
        let refused = document.refused.as_ref().map(|refused| refused.message.clone()).unwrap_or_default();
        assert!(refused.contains(why), "{why}: {refused}");
        assert!(document.sql.is_none() && document.settings.is_empty(), "{}", document.to_json());
    }
}

#[test]
fn an_expired_token_is_told_and_no_signature_or_token_is_in_the_answer() {
    for exp in [NOW - 1000, NOW + 3570] {
        let text = token(&with(&json!({"iat": NOW - 3000, "exp": exp})));
        let document = advisor::suggest(&text, "alice", Some(&keys()), None, NOW);
        let code = document.trial.as_ref().and_then(|trial| trial.code).map(sqljwt::ReasonCode::as_str);
        assert_eq!(code, (exp < NOW).then_some("token_expired"), "{}", document.to_json());
        for part in text.split('.') {
            assert!(!document.to_json().contains(part));
        }
    }
}

#[test]
fn a_shared_audience_is_told_and_an_own_one_is_preferred() {
    let audience = |document: &SuggestDocument| {
        document.settings.iter().find(|one| one.setting.ends_with(".audience")).cloned().expect("an audience")
    };
    assert_eq!(audience(&suggest(&with(&json!({"aud": ["account", "db-login"]})))).value, "db-login");
    let document = advisor::suggest(token(&with(&json!({"aud": "account"}))), "alice", None, None, NOW);
    if document.sql.is_some() {
        assert!(audience(&document).risk.is_some(), "{}", document.to_json());
    }
}

#[test]
fn broken_tokens_and_long_ones_never_panic() {
    let good = token(&claims());
    let mut noise = Noise::new("suggest");
    for _ in 0..300 {
        let mut bytes = good.clone().into_bytes();
        let (at, to) = (noise.below(bytes.len()), noise.below(256));
        bytes[at] = u8::try_from(to).expect("a byte");
        bytes.truncate(noise.below(good.len() + 1));
        let document = advisor::suggest(&bytes, "alice", Some(&keys()), None, NOW);
        assert!(document.sql.is_none() || document.proven);
    }
    let long = "a".repeat(2_000_000);
    assert!(advisor::suggest(&long, &long, Some(&long), Some(&long), NOW).sql.is_none());
}

#[test]
fn the_verb_gives_the_same_document() {
    let text = token(&claims());
    let call = json!({"verb": "suggest", "token": text, "user": "alice", "keys": keys(), "user_names": "postgresql", "now": NOW});
    let document = advisor::suggest(&text, "alice", Some(&keys()), Some("postgresql"), NOW);
    assert_eq!(wire::call(&call.to_string()), document.to_json());
    assert!(document.to_json().contains("engine.user_names"));
}

/// The tokens of `samples/lookalikes.json`, signed anew: whoever they are of, the engine logs them in under what is suggested.
#[test]
fn the_good_token_of_each_sample_logs_in_and_a_strangers_does_not() {
    let text =
        std::fs::read_to_string(sqljwt_conformance::folder().join("samples/lookalikes.json")).expect("the samples");
    let samples: Vec<Value> = serde_json::from_str(&text).expect("the samples are JSON");
    let mut faults = Vec::new();
    for sample in &samples {
        let (title, user) = (sample["title"].as_str().expect("a title"), sample["user"].as_str().expect("a user"));
        let good = token(&sample["claims"]);
        let document = advisor::suggest(&good, user, Some(&keys()), None, NOW);
        if document.sql.is_none() {
            faults.push(format!("{title}: {:?} {:?}", document.refused, document.trial));
            continue;
        }
        let validator = applied(&document);
        if let Err(refusal) = validator.validate(&good, user, NOW) {
            faults.push(format!("{title}: {refusal:?}"));
        }
        let claim =
            document.settings.iter().find(|one| one.setting.ends_with(".claim")).expect("a claim").value.clone();
        for (name, value) in [(&*claim, "stranger"), ("aud", "another"), ("iss", "https://evil.example")] {
            let mut changed = sample["claims"].clone();
            changed[name] = json!(value);
            if validator.validate(token(&changed), user, NOW).is_ok() {
                faults.push(format!("{title}: another `{name}` logs in"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
