//! Can a key set, however hostile, do anything but be read key by key, verify what its keys signed, and keep quiet about
//! private keys?
//!
//! An input is a JWK Set. It is tried as the database's text and as JSON inside the settings, and then each of its keys
//! alone.

use std::collections::HashSet;

use serde_json::{Value, json};
use sqljwt::{Check, Outcome, ReasonCode, Settings, Validator};

use crate::{
    promise::{self, Attempt},
    scene::{FORGED, GENUINE, KEYS, NOW, PROFILES, claims, settings, signed},
};

/// How many keys of a set are tried alone.
const ALONE: usize = 6;

pub(crate) fn run(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let parsed: Option<Value> = serde_json::from_str(&text).ok();
    let secrets = parsed.as_ref().map(Secrets::of).unwrap_or_default();
    for profile in PROFILES {
        let as_text = tried(profile, &Value::from(&*text), &secrets);
        if let Some(parsed) = &parsed {
            tried(profile, parsed, &secrets);
        }
        if let (Some(validator), Some(Value::Array(keys)), "hardened") =
            (as_text, parsed.as_ref().and_then(|parsed| parsed.get("keys")), profile)
        {
            each_alone(&validator, keys);
        }
    }
}

/// A validator of this key set, if the set can be used.
fn tried(profile: &str, jwks: &Value, secrets: &Secrets) -> Option<Validator> {
    let document = settings(profile, &json!({"server.jwt_authentication.jwks": jwks})).to_string();
    let validator = Settings::from_json(&document).and_then(|settings| Validator::new(&settings));
    let validator = match validator {
        Ok(validator) => validator,
        Err(error) => {
            promise::refused(&document, &error);
            secrets.assert_untold(&error.to_string());
            secrets.assert_untold(&error.remedy);
            return None;
        }
    };
    for (token, genuine) in [(&*GENUINE, true), (&*FORGED, false)] {
        let (login, explanation) =
            promise::login(&validator, Attempt { token: token.as_bytes(), user: "alice", now: NOW });
        secrets.assert_untold(&explanation.to_json());
        let trusted = || secrets.others.contains(KEYS["keys"][0]["x"].as_str().unwrap_or_default());
        assert!(login.is_none() || (genuine && trusted()), "{login:?} logs in under {jwks}");
    }
    Some(validator)
}

/// A key is judged alone as it is in its set, if no earlier key has its id.
fn each_alone(whole: &Validator, keys: &[Value]) {
    let mut seen = HashSet::new();
    for key in keys.iter().filter(|key| key["kid"].is_string()).take(ALONE) {
        if !seen.insert(key["kid"].as_str()) {
            continue;
        }
        let set = json!({"server.jwt_authentication.jwks": {"keys": [key]}});
        let document = settings("hardened", &set).to_string();
        let Ok(alone) = Settings::from_json(&document).and_then(|settings| Validator::new(&settings)) else {
            panic!("a key is set aside in its set and spoils one of its own: {key}");
        };
        for algorithm in ["RS256", "ES256", "EdDSA"] {
            let header = json!({"alg": algorithm, "kid": key["kid"]}).to_string();
            let token = signed(&header, &claims("alice"));
            assert_eq!(judged(whole, &token), judged(&alone, &token), "{key}");
        }
    }
}

/// What the check `key` finds; not its texts, which say where in the set the key stands.
fn judged(validator: &Validator, token: &str) -> Option<(Outcome, Option<ReasonCode>)> {
    let explanation = validator.explain(token, "alice", NOW);
    let report = explanation.checks.iter().find(|report| report.check == Check::Key);
    report.map(|report| (report.outcome, report.code))
}

/// What a key set holds of private keys.
#[derive(Default)]
struct Secrets {
    private: Vec<String>,
    others: HashSet<String>,
}

impl Secrets {
    fn of(set: &Value) -> Self {
        let mut secrets = Self::default();
        secrets.collect(set, false);
        // What also stands in a public place is no secret.
        let Self { private, others } = &mut secrets;
        private.retain(|secret| secret.len() >= 16 && !others.iter().any(|other| other.contains(&**secret)));
        secrets
    }

    fn collect(&mut self, value: &Value, private: bool) {
        match value {
            Value::String(text) if private => self.private.push(text.clone()),
            Value::String(text) => drop(self.others.insert(text.clone())),
            Value::Array(values) => values.iter().for_each(|value| self.collect(value, private)),
            Value::Object(members) => {
                for (name, value) in members {
                    self.others.insert(name.clone());
                    let private = matches!(&**name, "d" | "p" | "q" | "dp" | "dq" | "qi" | "oth" | "k");
                    self.collect(value, private);
                }
            }
            _ => {}
        }
    }

    fn assert_untold(&self, text: &str) {
        for secret in &self.private {
            assert!(!text.contains(&**secret), "a private member is told: {text}");
        }
    }
}
