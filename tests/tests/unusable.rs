//! Settings that cannot be used hide nothing: all their faults are told, and every check that does not go by what is broken
//! says what it says under settings that can be used.

use serde_json::{Map, Value, json};
use sqljwt::{Check, CheckReport, Decision, Explanation, Outcome, Settings, Validator};
use sqljwt_conformance::{Vector, vectors};

const PREFIX: &str = "server.jwt_authentication.";

/// Values that no profile can use, and the checks that go by their settings and so say nothing.
fn breaks() -> Vec<(String, Value, &'static [Check])> {
    vec![
        (format!("{PREFIX}jwks"), json!("{"), &[Check::Key, Check::Signature]),
        (format!("{PREFIX}claim"), json!("//"), &[Check::Principal, Check::IdentityMap, Check::User, Check::Reserved]),
        (format!("{PREFIX}audience"), json!({"a": 1}), &[Check::Audience]),
        (
            "server.identity_map.configuration".into(),
            json!("a /( b"),
            &[Check::IdentityMap, Check::User, Check::Reserved],
        ),
        (format!("{PREFIX}group_claim"), json!(",,"), &[Check::Groups]),
        ("engine.leeway_seconds".into(), json!(-1), &[Check::Time]),
        (format!("{PREFIX}client.timeout"), json!("soon"), &[]),
        (format!("{PREFIX}zzzzzzzz"), json!(1), &[]),
    ]
}

#[test]
fn a_check_says_the_same_whatever_else_is_broken() {
    let mut judged = 0;
    for vector in vectors() {
        let Ok(Value::Object(settings)) = serde_json::from_str(&vector.settings) else { continue };
        let whole = explained(&vector, &settings);
        if whole.checks.iter().any(|report| report.check == Check::Settings && report.outcome == Outcome::Fail) {
            continue;
        }
        for (name, value, silent) in breaks() {
            let mut settings = settings.clone();
            settings.insert(name.clone(), value);
            let broken = explained(&vector, &settings);
            let about = format!("{} {name}", vector.row.id);
            assert_eq!((broken.decision, broken.login.is_none()), (Decision::Reject, true), "{about}");
            assert_eq!(view(&broken), view(&whole), "{about}");
            for (report, before) in broken.checks.iter().zip(&whole.checks) {
                assert_eq!(report.check, before.check, "{about}");
                match report.check {
                    Check::Settings => assert_eq!(report.outcome, Outcome::Fail, "{about}"),
                    check if silent.contains(&check) => assert_eq!(report.outcome, Outcome::NotReached, "{about}"),
                    // What only follows from a check that says nothing.
                    _ if report.outcome == Outcome::NotReached => {}
                    // Members that stand twice on the way of the claim: which way is unknown.
                    Check::Token if silent.contains(&Check::Principal) && vector.row.id.starts_with("pointer-") => {}
                    _ => {
                        assert_eq!(said(report), said(before), "{about}");
                        judged += 1;
                    }
                }
            }
        }
    }
    assert!(judged > 20_000, "{judged} checks were judged");
}

#[test]
fn every_fault_is_told_with_its_place() {
    for vector in vectors().into_iter().step_by(50) {
        let Ok(Value::Object(mut settings)) = serde_json::from_str(&vector.settings) else { continue };
        if Settings::from_json(&vector.settings).is_err() {
            continue;
        }
        let faults = breaks();
        for (name, value, _) in &faults {
            settings.insert(name.clone(), value.clone());
        }
        let explanation = explained(&vector, &settings);
        let reason = explanation.reason.expect("nobody logs in");
        let others =
            explanation.advice.iter().filter(|advice| advice.check == Check::Settings && advice.code.is_some());
        let told: Vec<_> = others.map(|advice| (advice.setting, advice.position, advice.range)).collect();
        assert!(told.len() >= faults.len() - 1, "{}: {told:?}", vector.row.id);
        assert!(reason.position.is_some() && reason.range.is_some(), "{}: {reason:?}", vector.row.id);
        assert!(told.iter().all(|(_, position, range)| position.is_some() && range.is_some()), "{told:?}");
    }
}

/// Keys stand in two settings, and only one of them is at fault.
#[test]
fn a_key_set_that_cannot_be_used_is_mended_where_it_stands() {
    let issuer = "https://idp.example";
    let keys = json!({"keys": 5});
    for (name, value) in
        [("server.jwt_authentication.jwks", keys.clone()), ("engine.issuer_keys", json!({issuer: keys}))]
    {
        let mut settings = json!({"server.jwt_authentication.issuers": issuer});
        settings[name] = value;
        let validator = Settings::from_json(&settings.to_string()).and_then(|settings| Validator::new(&settings));
        let error = validator.expect_err("a number is no array");
        assert!(error.remedy.contains(name), "{name}: {}", error.remedy);
    }
}

fn explained(vector: &Vector, settings: &Map<String, Value>) -> Explanation {
    let text = Value::Object(settings.clone()).to_string();
    Explanation::of(Settings::from_json(&text), &vector.row.token, &vector.row.user, vector.row.now)
}

fn view(explanation: &Explanation) -> String {
    serde_json::to_string(&explanation.token).expect("a document")
}

/// All but the places, which the broken setting may have moved.
fn said(report: &CheckReport) -> impl PartialEq + std::fmt::Debug {
    let CheckReport { outcome, code, summary, setting, expected, actual, .. } = report.clone();
    (outcome, code, summary, setting, expected, actual)
}
