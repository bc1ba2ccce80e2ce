//! Does the identity map give a principal the SQL users that its lines say, and no others?
//!
//! An input is a principal on one line and the map's text after it. The map is held against a reading of it that is slow
//! and obvious, wherever that can read it.

use std::collections::BTreeSet;

use serde_json::json;
use sqljwt::{Check, Explanation, Login, Outcome, Profile, Settings, Validator};

use crate::{
    promise::{self, Attempt},
    reference::{self, Rule},
    scene::{AUDIENCE, ISSUER, KEY_ID, NOW, PROFILES, settings, signed},
};

/// How many users an explanation lists, and how long a name it shows; beyond that nothing can be compared.
const LISTED: usize = 50;
const SHOWN: usize = 256;

pub(crate) fn run(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let (principal, map) = text.split_once('\n').unwrap_or((&text, ""));
    let claims = json!({"iss": ISSUER, "sub": principal, "aud": AUDIENCE, "iat": NOW, "exp": NOW + 60});
    let token = signed(&format!(r#"{{"alg":"EdDSA","kid":"{KEY_ID}"}}"#), &claims.to_string());
    for profile in PROFILES {
        let document = settings(profile, &json!({"server.identity_map.configuration": map})).to_string();
        let settings = Settings::from_json(&document).expect("a map is any text");
        let validator = match Validator::new(&settings) {
            Ok(validator) => validator,
            Err(error) => {
                promise::refused(&document, &error);
                continue;
            }
        };
        let asked = |user| promise::login(&validator, Attempt { token: token.as_bytes(), user, now: NOW });
        let (login, explanation) = asked("");
        login.into_iter().for_each(|login| assert_given(&explanation, &login));
        let ignore_case = validator.profile() == Profile::Cockroachdb;
        if let Some(expected) = expected(map, principal, ignore_case) {
            compare(&explanation, &expected, principal, map);
            for user in expected.iter().take(3).map(String::as_str).chain(["alice"]) {
                let (login, _) = asked(user);
                assert!(login.is_none() || expected.contains(user), "{user:?} by {principal:?} of\n{map}");
            }
        }
    }
}

/// The SQL users that the map gives, by its letter; nothing where the reference cannot read it.
fn expected(map: &str, principal: &str, ignore_case: bool) -> Option<BTreeSet<String>> {
    let rules = reference::rules(map)?;
    let mut ours = rules.iter().filter(|rule| rule.issuer == ISSUER).peekable();
    if ours.peek().is_none() {
        return principal.is_ascii().then(|| [principal.to_ascii_lowercase()].into());
    }
    let mut users = BTreeSet::new();
    for rule in ours {
        // What a group holds depends on which of several ways a regex matches; the engine's own tests compare that.
        if rule.user.contains("\\1") {
            return None;
        }
        if matches(rule, principal, ignore_case)? && !rule.user.is_empty() {
            users.insert(rule.user.to_ascii_lowercase());
        }
    }
    Some(users)
}

fn matches(rule: &Rule<'_>, principal: &str, ignore_case: bool) -> Option<bool> {
    match rule.identity.strip_prefix('/') {
        Some(pattern) => reference::is_match(pattern, principal, ignore_case),
        None if !principal.is_ascii() || !rule.identity.is_ascii() => None,
        None if ignore_case => Some(rule.identity.eq_ignore_ascii_case(principal)),
        None => Some(rule.identity == principal),
    }
}

fn compare(explanation: &Explanation, expected: &BTreeSet<String>, principal: &str, map: &str) {
    let report = explanation.checks.iter().find(|report| report.check == Check::IdentityMap).expect("every check");
    let told = || format!("{principal:?} is {report:?}, expected {expected:?} of\n{map}");
    match report.outcome {
        Outcome::Pass if expected.len() < LISTED && expected.iter().all(|user| is_listed_whole(user)) => {
            let found: BTreeSet<String> = report.actual.iter().flatten().cloned().collect();
            assert_eq!(found, *expected, "{}", told());
        }
        Outcome::Fail if report.code.is_some_and(|code| code.as_str() == "identity_unmapped") => {
            assert!(expected.is_empty(), "{}", told());
        }
        // Otherwise every name is one that the profile refuses, or the principal itself was.
        _ => {}
    }
}

/// Whoever logs in is among the users that the explanation lists.
fn assert_given(explanation: &Explanation, login: &Login) {
    let report = explanation.checks.iter().find(|report| report.check == Check::IdentityMap).expect("every check");
    let listed = report.actual.as_deref().unwrap_or_default();
    assert!(listed.contains(&login.user) || listed.len() >= LISTED || !is_listed_whole(&login.user), "{login:?}");
}

/// Whether a document surely lists the name as it is: long ones are cut, what cannot be seen is written as an escape, and what
/// could be a key is withheld.
fn is_listed_whole(user: &str) -> bool {
    let is_plain = |character: char| character.is_alphanumeric() || matches!(character, '_' | '.' | '@' | '/' | '+');
    user.len() < SHOWN && user.chars().all(is_plain)
}
