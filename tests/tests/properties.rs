//! Is every input answered, whatever it is, and by every door alike? Tried on the vectors, on their mutations and on
//! noise, the same at every run.

use serde_json::Value;
use sqljwt::{Decision, Explanation, Refusal, Rejection, Settings, Validator, wire};
use sqljwt_conformance::{Vector, noise::Noise, vectors};

#[test]
fn validate_and_explain_agree_about_mutated_tokens_users_and_moments() {
    for vector in vectors() {
        let Some(validator) = validator(&vector) else { continue };
        let document: Value = serde_json::from_str(&vector.settings).expect("they were read as JSON");
        let mut noise = Noise::new(&vector.row.id);
        // The large tokens are for the limits; here they would only cost time.
        let rounds = if vector.row.token.len() > 20_000 { 1 } else { 3 };
        for _ in 0..rounds {
            let token = noise.mutated(vector.row.token.as_bytes());
            let user = String::from_utf8_lossy(&noise.mutated(vector.row.user.as_bytes())).into_owned();
            let now = [vector.row.now, i64::MIN, i64::MAX, 0, -1, vector.row.now * 1000][noise.below(6)];
            let explanation = validator.explain(&token, &user, now);
            match validator.validate(&token, &user, now) {
                Ok(login) => assert_eq!(explanation.login, Some(login), "{}", vector.row.id),
                Err(Refusal::Rejected(rejection)) => {
                    let told = explanation.reason.clone().expect("a reason");
                    let (position, range) = (told.position, told.range);
                    assert_eq!(as_validated(told, &rejection), rejection, "{}", vector.row.id);
                    let stands = rejection.setting.is_some_and(|setting| document.get(setting).is_some());
                    assert_eq!(position.is_some(), stands, "{}: {rejection:?}", vector.row.id);
                    assert_eq!(range.map(|range| range.start), position, "{}", vector.row.id);
                }
                Err(Refusal::KeysNeeded(keys)) => {
                    let mut told = explanation.keys_needed.clone().expect("keys are needed");
                    told.remedies.clear();
                    assert_eq!(told, keys, "{}", vector.row.id);
                }
                Err(other) => panic!("an unknown kind of refusal: {other}"),
            }
            well_formed(&explanation);
        }
    }
}

#[test]
fn any_settings_text_is_compiled_or_refused_with_a_place() {
    for vector in vectors().into_iter().filter(|vector| vector.settings.len() < 20_000) {
        let mut noise = Noise::new(&vector.row.id);
        let mut texts = vec![vector.settings.clone()];
        if let Ok(settings) = Settings::from_json(&vector.settings) {
            texts.push(settings.to_sql());
        }
        for text in &texts {
            let mutated = String::from_utf8_lossy(&noise.mutated(text.as_bytes())).into_owned();
            match Settings::from_text(&mutated).and_then(|settings| Validator::new(&settings)) {
                Ok(validator) => drop(validator.explain(&vector.row.token, &vector.row.user, vector.row.now)),
                Err(error) => {
                    assert_eq!(error.code.check().as_str(), "settings");
                    let lines = mutated.split('\n').count();
                    assert!(error.position.is_none_or(|position| (1..=lines + 1).contains(&(position.line as usize))));
                    assert!(!error.message.contains('\n') && !error.message.is_empty(), "{}", error.message);
                }
            }
        }
    }
}

#[test]
fn noise_is_answered_whatever_it_is() {
    let mut noise = Noise::new("noise");
    let settings = Settings::from_json("{}").expect("no settings are settings");
    let validator = Validator::new(&settings).expect("and the defaults work");
    for round in 0..3_000 {
        let length = noise.below(1 + round / 4);
        let bytes: Vec<u8> = (0..length).map(|_| noise.bits() as u8).collect();
        well_formed(&validator.explain(&bytes, "alice", 0));
        let text = String::from_utf8_lossy(&bytes);
        assert!(wire::call(&text).starts_with(r#"{"schema":2,"#));
        drop(Settings::from_text(&text));
    }
}

/// The reason as `validate` gives it, which does not look for places.
/// What `validate` says of the same refusal: it looks for no place and tries nothing.
fn as_validated(mut told: Rejection, rejection: &Rejection) -> Rejection {
    (told.position, told.range) = (None, None);
    let best = told.remedies.first().map(|best| best.message.clone());
    assert_eq!(Some(&told.remedy), best.as_ref());
    told.remedy = rejection.remedy.clone();
    told.remedies.clear();
    told
}

fn well_formed(explanation: &Explanation) {
    let accepted = explanation.decision == Decision::Accept;
    assert_eq!(explanation.login.is_some(), accepted);
    assert_eq!(explanation.reason.is_some(), explanation.decision == Decision::Reject);
    assert_eq!(explanation.client.is_none(), accepted);
    let order: Vec<_> = explanation.checks.iter().map(|check| check.check).collect();
    assert_eq!(order, explanation.profile.order());
    let document: Value = serde_json::from_str(&explanation.to_json()).expect("a JSON document");
    assert_eq!(document["schema"], 2);
}

fn validator(vector: &Vector) -> Option<Validator> {
    Settings::from_json(&vector.settings).and_then(|settings| Validator::new(&settings)).ok()
}
