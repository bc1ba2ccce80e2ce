//! The Rust face answers every vector: the same decision from `validate`, `explain` and the text call.

use std::collections::BTreeMap;

use sqljwt::{Explanation, ReasonCode, Refusal, wire};
use sqljwt_conformance::{Decision, Expect, Vector, vectors};

#[test]
fn every_vector_is_decided_as_it_says() {
    let (mut checks, mut wrong) = (BTreeMap::<String, u32>::new(), Vec::new());
    let vectors = vectors();
    for vector in &vectors {
        let validated = validated(vector);
        let explained = explained(vector);
        assert_eq!(validated, explained, "{}: `validate` and `explain` disagree", vector.row.id);
        let check =
            explained.code.as_ref().map_or("accepted", |code| code.parse::<ReasonCode>().unwrap().check().as_str());
        *checks.entry(check.into()).or_default() += 1;
        if explained != vector.expect {
            wrong.push(format!(
                "{}: {}\n    expected {:?}\n    decided  {explained:?}",
                vector.row.id, vector.row.about, vector.expect
            ));
        }
    }
    for (check, count) in &checks {
        println!("{count:5}  {check}");
    }
    assert!(wrong.is_empty(), "{} of {} vectors:\n{}", wrong.len(), vectors.len(), wrong.join("\n"));
}

#[test]
fn the_text_call_gives_the_documents_of_the_typed_one() {
    for vector in vectors() {
        let Row { token, user, now, settings } = Row::of(&vector);
        let fetched = serde_json::to_string(&vector.row.fetched).unwrap();
        let userinfo = vector.row.userinfo.as_ref().map(|body| format!(r#""userinfo":{},"#, serde_json::json!(body)));
        let userinfo = userinfo.unwrap_or_default();
        if serde_json::from_str::<serde_json::Value>(settings).is_err() {
            continue;
        }
        let (token, user) = (serde_json::to_string(token).unwrap(), serde_json::to_string(user).unwrap());
        let call = format!(
            r#"{{"verb":"explain","settings":{settings},"fetched":{fetched},{userinfo}"token":{token},"user":{user},"now":{now}}}"#
        );
        assert_eq!(wire::call(&call), explanation(&vector).to_json(), "{}", vector.row.id);
    }
}

struct Row<'v> {
    settings: &'v str,
    token: &'v str,
    user: &'v str,
    now: i64,
}

impl<'v> Row<'v> {
    fn of(vector: &'v Vector) -> Self {
        Self { settings: &vector.settings, token: &vector.row.token, user: &vector.row.user, now: vector.row.now }
    }
}

fn validated(vector: &Vector) -> Expect {
    let rejected =
        |code: ReasonCode| Expect { decision: Decision::Reject, code: Some(code.as_str().into()), user: None };
    let validator = match vector.validator() {
        Ok(validator) => validator,
        Err(error) => return rejected(error.code),
    };
    match validator.validate(&vector.row.token, &vector.row.user, vector.row.now) {
        Ok(login) => Expect { decision: Decision::Accept, code: None, user: Some(login.user) },
        Err(Refusal::Rejected(rejection)) => rejected(rejection.code),
        Err(Refusal::KeysNeeded(_)) => Expect { decision: Decision::KeysNeeded, code: None, user: None },
        Err(other) => panic!("an unknown kind of refusal: {other}"),
    }
}

fn explained(vector: &Vector) -> Expect {
    let explanation = explanation(vector);
    Expect {
        decision: match explanation.decision {
            sqljwt::Decision::Accept => Decision::Accept,
            sqljwt::Decision::KeysNeeded => Decision::KeysNeeded,
            _ => Decision::Reject,
        },
        code: explanation.reason.map(|reason| reason.code.as_str().into()),
        user: explanation.login.map(|login| login.user),
    }
}

fn explanation(vector: &Vector) -> Explanation {
    Explanation::by(vector.validator().as_ref(), &vector.row.token, &vector.row.user, vector.row.now)
}
