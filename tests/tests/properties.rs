//! What holds for every input, whatever it is: tried on the vectors, on their mutations and on noise, the same at every
//! run.

use sqljwt::{Decision, Explanation, Refusal, Settings, Validator, wire};
use sqljwt_conformance::{Vector, vectors};

/// How often each vector is mutated.
const MUTATIONS: usize = 12;

#[test]
fn no_byte_can_be_changed_without_losing_the_login_or_keeping_every_claim() {
    for vector in accepted() {
        let validator = validator(&vector).expect("the settings of an accepted vector");
        let (user, now) = (&*vector.row.user, vector.row.now);
        let login = validator.validate(&vector.row.token, user, now).expect("an accepted vector");
        let mut noise = Noise::new(&vector.row.id);
        for _ in 0..MUTATIONS {
            let mut token = vector.row.token.clone().into_bytes();
            let at = noise.below(token.len());
            token[at] = b"ABCDEFabcdef0123456789-_.=+/ \0\xff"[noise.below(31)];
            if token == vector.row.token.as_bytes() {
                continue;
            }
            if let Ok(mutated) = validator.validate(&token, user, now) {
                assert_eq!(mutated, login, "{}: byte {at} of the token gives another login", vector.row.id);
            }
        }
    }
}

#[test]
fn validate_and_explain_agree_about_mutated_tokens_users_and_moments() {
    for vector in vectors() {
        let Some(validator) = validator(&vector) else { continue };
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
                    assert_eq!(explanation.reason, Some(rejection), "{}", vector.row.id);
                }
                Err(Refusal::KeysNeeded(keys)) => assert_eq!(explanation.keys_needed, Some(keys), "{}", vector.row.id),
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
        let bytes: Vec<u8> = (0..length).map(|_| noise.next() as u8).collect();
        well_formed(&validator.explain(&bytes, "alice", 0));
        let text = String::from_utf8_lossy(&bytes);
        assert!(wire::call(&text).starts_with(r#"{"schema":1,"#));
        drop(Settings::from_text(&text));
    }
}

#[test]
fn nothing_of_a_token_stands_in_its_explanation_but_what_it_says() {
    for vector in vectors() {
        let Some(validator) = validator(&vector) else { continue };
        let explanation = validator.explain(&vector.row.token, &vector.row.user, vector.row.now);
        let parts: Vec<&str> = vector.row.token.split('.').filter(|part| part.len() > 40).collect();
        let written = [explanation.to_json(), explanation.to_string(), format!("{validator:?} {explanation:?}")];
        for part in parts {
            assert!(written.iter().all(|text| !text.contains(part)), "{}: a part of the token", vector.row.id);
        }
        let redacted = explanation.redacted();
        assert!(redacted.token.is_none() && redacted.login.is_none());
        let document = redacted.to_json();
        let principal = format!("\"{}\"", vector.row.user);
        assert!(vector.row.user.is_empty() || !document.contains(&principal), "{}: {document}", vector.row.id);
    }
}

#[test]
fn a_strange_client_learns_nothing_about_the_settings() {
    for vector in vectors() {
        let Some(validator) = validator(&vector) else { continue };
        if validator.profile() != sqljwt::Profile::Hardened {
            continue;
        }
        let explanation = validator.explain(&vector.row.token, &vector.row.user, vector.row.now);
        let Some(client) = explanation.client else { continue };
        assert_eq!(client.detail, None, "{}", vector.row.id);
        let before_the_signature = explanation.reason.is_none_or(|reason| reason.code.number() < 4000);
        if before_the_signature && client.message != "JWT authentication: not enabled" {
            assert_eq!(client.message, "JWT authentication: invalid token", "{}", vector.row.id);
        }
    }
}

fn well_formed(explanation: &Explanation) {
    let accepted = explanation.decision == Decision::Accept;
    assert_eq!(explanation.login.is_some(), accepted);
    assert_eq!(explanation.reason.is_some(), explanation.decision == Decision::Reject);
    assert_eq!(explanation.client.is_none(), accepted);
    let order: Vec<_> = explanation.checks.iter().map(|check| check.check).collect();
    assert_eq!(order, explanation.profile.order());
    let document: serde_json::Value = serde_json::from_str(&explanation.to_json()).expect("a JSON document");
    assert_eq!(document["schema"], 1);
}

fn accepted() -> impl Iterator<Item = Vector> {
    vectors().into_iter().filter(|vector| vector.expect.code.is_none() && vector.expect.user.is_some())
}

fn validator(vector: &Vector) -> Option<Validator> {
    Settings::from_json(&vector.settings).and_then(|settings| Validator::new(&settings)).ok()
}

/// Numbers without a pattern, the same at every run (xorshift64*).
struct Noise(u64);

impl Noise {
    fn new(seed: &str) -> Self {
        let hash = seed
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        Self(hash | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 32
    }

    fn below(&mut self, bound: usize) -> usize {
        self.next() as usize % bound.max(1)
    }

    /// The bytes with a few of them changed, cut, doubled or swapped.
    fn mutated(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut bytes = bytes.to_vec();
        for _ in 0..=self.below(3) {
            let at = self.below(bytes.len());
            match self.below(6) {
                0 if !bytes.is_empty() => bytes[at] = self.next() as u8,
                1 if !bytes.is_empty() => bytes[at] ^= 1 << self.below(8),
                2 => bytes.truncate(at),
                3 => bytes.insert(at, b"\"\\{}[]:,.\0\n' ;$-"[self.below(16)]),
                4 => bytes.extend_from_within(at..),
                5 if !bytes.is_empty() => {
                    let other = self.below(bytes.len());
                    bytes.swap(at, other);
                }
                _ => {}
            }
        }
        bytes
    }
}
