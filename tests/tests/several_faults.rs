//! Where several things are wrong at once, does one answer name them all? And does no change that it offers give somebody
//! else's SQL user away, or believe a stranger?

use serde_json::{Map, Value, json};
use sqljwt::{Decision, Explanation, Remedy, Settings};
use sqljwt_conformance::{
    mint::{Members, Token, key},
    ordinary::{NOW, claims, jwks, settings},
};

const AUDIENCE: &str = "server.jwt_authentication.audience";
const ENABLED: &str = "server.jwt_authentication.enabled";
const FETCHING: &str = "server.jwt_authentication.jwks_auto_fetch.enabled";
const ISSUERS: &str = "server.jwt_authentication.issuers";
const JWKS: &str = "server.jwt_authentication.jwks";
const MAP: &str = "server.identity_map.configuration";

#[test]
fn what_is_mended_elsewhere_names_what_else_is_in_the_way() {
    let old = || claims().set("iat", NOW - 9000).set("exp", NOW - 5400);
    let other_key = json!(jwks(&[key("test-p384").public("k2")]));
    for (name, value, claims, wanted) in [
        (AUDIENCE, json!("db-login"), old().set("aud", "reports"), "for audience `reports`"),
        (JWKS, other_key.clone(), old(), "expired 90 minutes ago"),
        (ENABLED, json!(false), old(), "expired 90 minutes ago"),
        (MAP, json!("https://idp.example bob bob"), old(), "none matches `alice`"),
    ] {
        for profile in ["hardened", "cockroachdb"] {
            let explanation = explain(&[(name, value.clone())], profile, &signed("k1", claims.clone()), "alice");
            let reason = explanation.reason.as_ref().expect("a refusal");
            let said = format!("{} {}", reason.message, reason.remedies[0].message);
            assert!(said.contains(wanted), "{name} {profile}: {said}");
        }
    }
}

#[test]
fn a_single_fault_has_nothing_else_in_the_way() {
    for claims in [claims().set("iat", NOW - 9000).set("exp", NOW - 5400), claims().set("aud", "reports")] {
        let explanation = explain(&[], "hardened", &signed("k1", claims), "alice");
        assert!(remedies(&explanation).all(|remedy| !remedy.message.contains("in the way")), "{explanation}");
    }
}

/// Each change leads on to the next answer, until the login is accepted.
#[test]
fn changes_followed_one_after_another_lead_to_the_login() {
    let renamed = json!(jwks(&[key("test-p384").public("k9"), key("test-p256").public("k8")]));
    let faults = [
        (ENABLED, json!(false)),
        (ISSUERS, json!("https://idp.example/")),
        (AUDIENCE, json!("db-login/")),
        (JWKS, renamed),
        (MAP, json!("https://idp.example bob bob")),
    ];
    for (place, one) in faults.iter().enumerate() {
        for other in &faults[place + 1..] {
            for profile in ["hardened", "cockroachdb"] {
                let mut all = ordinary(&[one.clone(), other.clone()], profile);
                let token = signed("k1", claims());
                for _ in 0..3 {
                    let explanation = ask(&all, &token, "alice");
                    let Some(change) = remedies(&explanation).find_map(|remedy| remedy.change.clone()) else { break };
                    for new in json!(change).as_array().expect("a list") {
                        all.insert(new["setting"].as_str().expect("a name").to_owned(), new["value"].clone());
                    }
                }
                let last = ask(&all, &token, "alice");
                assert_eq!(last.decision, Decision::Accept, "{} {} {profile}: {last}", one.0, other.0);
            }
        }
    }
}

#[test]
fn a_key_under_another_id_is_no_key_of_a_stranger() {
    let renamed = (JWKS, json!(jwks(&[key("test-p256").public("k8")])));
    let ours = explain(std::slice::from_ref(&renamed), "hardened", &signed("k1", claims()), "alice");
    assert!(!ours.to_string().contains("nobody has proven"), "{ours}");
    let strangers = Token::new(key("test-p384"), "k1", "ES384", claims()).text();
    for slash in ["https://idp.example", "https://idp.example/"] {
        let faults = [renamed.clone(), (ISSUERS, json!(slash)), (MAP, json!("https://idp.example bob bob"))];
        for profile in ["hardened", "cockroachdb"] {
            let explanation = explain(&faults, profile, &strangers, "alice");
            assert!(explanation.to_string().contains("nobody has proven"), "{explanation}");
            let widened =
                remedies(&explanation).any(|remedy| remedy.change.iter().flatten().any(|new| new.setting != MAP));
            assert!(!widened, "{explanation}");
        }
    }
}

#[test]
fn a_line_for_somebody_s_sql_user_says_whose_it_is() {
    let map = (MAP, json!("https://idp.example alice billing"));
    let explanation = explain(&[map], "hardened", &signed("k1", claims().set("sub", "eve")), "billing");
    let risk = remedies(&explanation).find_map(|remedy| remedy.risk.clone()).unwrap_or_default();
    assert!(risk.contains("line 1 gives `billing` to `alice` already"), "{risk}");
}

/// Accounts of all namespaces may have one name.
#[test]
fn a_line_for_a_claim_that_names_nobody_says_so() {
    let account = json!({"namespace": "dev", "serviceaccount": {"name": "orders", "uid": "u1"}});
    let token = signed("k1", claims().set("kubernetes.io", account));
    let faults = [
        ("server.jwt_authentication.claim", json!("/kubernetes.io/serviceaccount/name")),
        (MAP, json!("https://idp.example bob bob")),
    ];
    let explanation = explain(&faults, "hardened", &token, "orders");
    let lines =
        remedies(&explanation).filter(|remedy| remedy.message.starts_with("add the line `https://idp.example orders"));
    for line in lines {
        assert!(line.risk.as_ref().is_some_and(|risk| risk.contains("other namespaces")), "{line:?}");
    }
}

/// The words of others come before a change that lets in what is meant for another server.
#[test]
fn another_server_s_audience_is_added_last() {
    for (token, wanted) in [
        (claims().set("aud", "reports"), true),
        (claims().set("aud", "reports,db-login"), false),
        (claims().set("aud", "reports db-login"), false),
    ] {
        let explanation = explain(&[], "hardened", &signed("k1", token), "alice");
        let all: Vec<&Remedy> = remedies(&explanation).collect();
        assert!(all[0].change.is_none(), "{explanation}");
        assert_eq!(all.iter().any(|remedy| remedy.change.is_some()), wanted, "{explanation}");
    }
}

#[test]
fn an_audience_that_has_to_be_set_is_the_token_s_own() {
    for (audience, wanted) in [
        (json!("db-login"), true),
        (json!(["db-login", "account"]), true),
        (json!("account"), false),
        (json!(["a", "b"]), false),
    ] {
        for switched in [true, false] {
            let faults = [(AUDIENCE, json!("")), (ENABLED, json!(switched))];
            let token = signed("k1", claims().set("aud", audience.clone()));
            let explanation = explain(&faults, "hardened", &token, "alice");
            let lets_in = remedies(&explanation).any(|remedy| {
                let after = remedy.after.as_ref().map(|after| after.decision);
                after == Some(Decision::Accept) && remedy.risk.is_some()
            });
            assert_eq!(lets_in, wanted, "{audience}: {explanation}");
        }
    }
}

#[test]
fn keys_that_are_needed_come_with_the_ways_to_have_them() {
    let explanation = explain(&[(FETCHING, json!(true))], "hardened", &signed("k1", claims()), "alice");
    let needed = explanation.keys_needed.as_ref().expect("keys are needed");
    let said: Vec<&str> = needed.remedies.iter().map(|remedy| remedy.message.as_str()).collect();
    assert!(said[0].contains("if the keys in server.jwt_authentication.jwks are meant"), "{said:?}");
    assert!(said[1].contains("curl -s") && said[1].contains("--keys FILE"), "{said:?}");
    assert!(said[2].contains("engine.issuer_keys") && said[2].contains("\"https://idp.example\""), "{said:?}");
    // Keys that do not verify the token are not meant.
    let strangers = Token::new(key("test-p384"), "k1", "ES384", claims()).text();
    let explanation = explain(&[(FETCHING, json!(true))], "hardened", &strangers, "alice");
    let needed = explanation.keys_needed.as_ref().expect("keys are needed");
    assert!(needed.remedies.iter().all(|remedy| remedy.change.is_none()), "{needed:?}");
}

#[test]
fn a_map_of_key_addresses_has_one_name() {
    for member in ["issuer_jwks", "jwks_map", "issuers_jwks_map"] {
        let issuers = json!({member: {"https://idp.example": "https://idp.example/keys"}});
        let explanation = explain(&[(ISSUERS, issuers)], "hardened", &signed("k1", claims()), "alice");
        let first = remedies(&explanation).next().unwrap_or_else(|| panic!("{explanation}"));
        assert!(first.message.contains("issuer_jwks_map"), "{first:?}");
        assert_eq!(first.after.as_ref().map(|after| after.decision), Some(Decision::Accept), "{first:?}");
    }
}

#[test]
fn an_issuer_that_the_map_has_right_is_written_into_the_issuers() {
    let faults = [(ISSUERS, json!("https://idp.example/")), (MAP, json!("https://idp.example alice alice"))];
    let explanation = explain(&faults, "hardened", &signed("k1", claims()), "alice");
    let change = remedies(&explanation).find_map(|remedy| remedy.change.clone()).unwrap_or_default();
    let settings: Vec<&str> = change.iter().map(|new| new.setting).collect();
    assert_eq!(settings, [ISSUERS], "{explanation}");
}

/// The setting holds what stands beside the issuer in the provider's documents.
#[test]
fn an_address_of_the_provider_is_no_other_provider() {
    let token = || signed("k1", claims().set("iss", "https://kc.example.com/realms/corp"));
    for configured in [
        "https://kc.example.com",
        "https://kc.example.com/realms/corp/protocol/openid-connect/token",
        "https://kc.example.com/realms/corp/protocol/openid-connect/certs",
        "https://kc.example.com/realms/corp/.well-known/openid-configuration",
    ] {
        let explanation = explain(&[(ISSUERS, json!(configured))], "hardened", &token(), "alice");
        assert!(!explanation.to_string().contains("two identity providers"), "{explanation}");
        let first = remedies(&explanation).next().unwrap_or_else(|| panic!("{explanation}"));
        assert_eq!(first.after.as_ref().map(|after| after.decision), Some(Decision::Accept), "{first:?}");
    }
    let other = signed("k1", claims().set("iss", "https://kc.example.com/realms/test"));
    let configured = [(ISSUERS, json!("https://kc.example.com/realms/corp"))];
    let explanation = explain(&configured, "hardened", &other, "alice");
    assert!(explanation.to_string().contains("two identity providers"), "{explanation}");
    assert!(remedies(&explanation).all(|remedy| remedy.change.is_none()), "{explanation}");
}

/// What a near miss knows of the text that was sent comes before what is said of any text.
#[test]
fn the_words_for_a_pasted_text_say_what_stands_around_the_token() {
    for (before, after, wanted) in [("Bearer ", "", "`Bearer`"), ("id_token=", "&state=x", "id_token="), ("", ";", ";")]
    {
        let text = format!("{before}{}{after}", signed("k1", claims()));
        let explanation = explain(&[], "hardened", &text, "alice");
        let first = remedies(&explanation).next().unwrap_or_else(|| panic!("{explanation}"));
        assert!(first.message.contains(wanted) || first.message.contains("semicolon"), "{wanted}: {first:?}");
    }
}

/// What can be done about the refusal.
fn remedies(explanation: &Explanation) -> impl Iterator<Item = &Remedy> {
    explanation.reason.iter().flat_map(|reason| &reason.remedies)
}

fn explain(faults: &[(&str, Value)], profile: &str, token: &str, user: &str) -> Explanation {
    ask(&ordinary(faults, profile), token, user)
}

fn ask(settings: &Map<String, Value>, token: &str, user: &str) -> Explanation {
    Explanation::of(Settings::from_json(&Value::Object(settings.clone()).to_string()), token, user, NOW)
}

fn ordinary(faults: &[(&str, Value)], profile: &str) -> Map<String, Value> {
    let keys = jwks(&[key("test-p256").public("k1")]);
    let mut all: Map<String, Value> =
        settings(&keys).into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    all.insert("engine.profile".into(), profile.into());
    all.extend(faults.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
    all
}

fn signed(id: &str, claims: Members) -> String {
    Token::new(key("test-p256"), id, "ES256", claims).text()
}
