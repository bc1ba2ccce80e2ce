//! Does every remedy do what it says? Each change that an explanation offers is made, and the login is asked again.
//!
//! The changes are made as a reader would make them: by the library, by the values of the document, by the replacements in
//! the settings text and by the statements.

use std::collections::BTreeSet;

use serde_json::{Map, Value};
use sqljwt::{Check, Decision, DocumentEdit, Explanation, Outcome, Remedy, Settings, TextRange, Validator};
use sqljwt_conformance::{Vector, vectors};

/// The remedies of an explanation, wherever they stand.
fn remedies(explanation: &Explanation) -> Vec<&Remedy> {
    let reason = explanation.reason.iter().flat_map(|reason| &reason.remedies);
    let keys = explanation.keys_needed.iter().flat_map(|keys| &keys.remedies);
    let advice = explanation.advice.iter().flat_map(|advice| &advice.remedies);
    reason.chain(keys).chain(advice).collect()
}

fn explain(settings: &str, vector: &Vector) -> Explanation {
    Explanation::of(Settings::from_text(settings), &vector.row.token, &vector.row.user, vector.row.now)
}

#[test]
fn every_change_that_is_offered_gives_what_was_promised() {
    let (mut made, mut lets_in) = (0, 0);
    for vector in vectors() {
        let before = explain(&vector.settings, &vector);
        for remedy in remedies(&before) {
            let about = format!("{}: {}", vector.row.id, remedy.message);
            let Some(edits) = &remedy.edits else {
                assert!(remedy.change.is_none() && remedy.after.is_none() && remedy.document.is_none(), "{about}");
                continue;
            };
            let settings = readable(&vector);
            let changed = settings.with(edits).unwrap_or_else(|error| panic!("{about}: {error}"));
            let after = remedy.after.as_ref().unwrap_or_else(|| panic!("{about}: nothing was tried"));
            let got = explain(&changed.to_json(), &vector);
            assert_eq!(got.decision, after.decision, "{about}: {got}");
            assert_eq!(got.login.as_ref().map(|login| login.user.as_str()), after.user.as_deref(), "{about}");
            assert_eq!(got.reason.as_ref().map(|reason| reason.code), after.code, "{about}: {got}");
            assert!(Validator::new(&changed).is_ok(), "{about}: the settings cannot be used");
            let was = (before.decision, before.reason.as_ref().map(|reason| reason.code));
            assert_ne!((after.decision, after.code), was, "{about}: nothing is mended");
            same_change(&settings, &changed, remedy, &about);
            no_key_is_added(&settings, &changed, &about);
            if got.decision == Decision::Accept {
                lets_in += 1;
                let signature = got.checks.iter().find(|report| report.check == Check::Signature).expect("the check");
                assert_eq!(signature.outcome, Outcome::Pass, "{about}");
            }
            if vector.profile == sqljwt_conformance::Profile::Cockroachdb {
                let options = remedy.change.iter().flatten().any(|value| value.setting.starts_with("engine."));
                let given = vector.settings.contains("engine.issuer");
                assert!(!options || given, "{about}: the database has no such setting");
            }
            made += 1;
        }
    }
    assert!(made > 150 && lets_in > 60, "{made} {lets_in}");
}

/// The settings of a vector; where they cannot be used, what can be read of them.
fn readable(vector: &Vector) -> Settings {
    Settings::from_text(&vector.settings).unwrap_or_else(|error| panic!("{}: {error}", vector.row.id))
}

/// All ways of making a change give the same settings.
fn same_change(settings: &Settings, changed: &Settings, remedy: &Remedy, about: &str) {
    if let Some(values) = &remedy.change {
        let Ok(Value::Object(mut object)) = serde_json::from_str(&settings.to_json()) else { panic!("{about}") };
        for value in values {
            match &value.value {
                None => drop(object.remove(value.setting)),
                Some(json) => {
                    let json = serde_json::from_str(json).unwrap_or_else(|error| panic!("{about}: {error}"));
                    object.insert(value.setting.into(), json);
                }
            }
        }
        same(&Value::Object(object).to_string(), changed, about);
    }
    if let Some(statements) = &remedy.sql {
        let sql = settings.to_sql() + &statements.join("\n");
        let read = Settings::from_sql(&sql).unwrap_or_else(|error| panic!("{about}: {error}\n{sql}"));
        assert_eq!(read, *changed, "{about}: {statements:?}");
    }
}

/// Whether the text says what the changed settings say: JSON that stands for a text may be written otherwise.
fn same(text: &str, changed: &Settings, about: &str) {
    let read = Settings::from_json(text).unwrap_or_else(|error| panic!("{about}: {error}\n{text}"));
    let value = |settings: &Settings| -> Map<String, Value> {
        let Ok(Value::Object(object)) = serde_json::from_str(&settings.to_json()) else { panic!("{about}") };
        let plain = |value: Value| match &value {
            Value::String(text) => serde_json::from_str(text).unwrap_or(value),
            _ => value,
        };
        object.into_iter().map(|(name, value)| (name, plain(value))).collect()
    };
    assert_eq!(value(&read), value(changed), "{about}");
}

/// The material of the keys, however it is written.
fn keys(settings: &Settings) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for name in ["server.jwt_authentication.jwks", "engine.issuer_keys"] {
        let text = settings.value(name).unwrap_or_default();
        for part in text.split('"').filter(|part| part.len() > 30) {
            let plain = part.trim_end_matches(['=', ',', '\\']).replace('+', "-").replace('/', "_");
            all.insert(plain);
        }
    }
    all
}

fn no_key_is_added(before: &Settings, after: &Settings, about: &str) {
    let added: Vec<String> = keys(after).difference(&keys(before)).cloned().collect();
    assert!(added.is_empty(), "{about}: {added:?}");
}

#[test]
fn a_document_that_is_edited_says_what_the_change_says() {
    let mut edited = 0;
    for vector in vectors() {
        let Ok(settings) = Settings::from_text(&vector.settings) else { continue };
        for document in [vector.settings.clone(), settings.to_json(), settings.to_sql()] {
            let Ok(settings) = Settings::from_text(&document) else { continue };
            let explanation = explain(&document, &vector);
            for remedy in remedies(&explanation) {
                let (Some(edits), Some(parts)) = (&remedy.edits, &remedy.document) else { continue };
                let text = replaced(&document, parts);
                let read =
                    Settings::from_text(&text).unwrap_or_else(|error| panic!("{}: {error}\n{text}", vector.row.id));
                assert_eq!(read, settings.with(edits).expect("the change was tried"), "{}\n{text}", vector.row.id);
                edited += 1;
            }
        }
    }
    assert!(edited > 300, "{edited}");
}

/// The document with its parts replaced, the last first, as an editor would do it.
fn replaced(document: &str, edits: &[DocumentEdit]) -> String {
    let mut text = document.to_owned();
    for edit in edits.iter().rev() {
        let TextRange { start, end, .. } = edit.range;
        let offset = |line: u32, column: u32| {
            let before: usize = text.split_inclusive('\n').take(line as usize - 1).map(str::len).sum();
            let characters = text[before..].chars().take(column as usize - 1);
            before + characters.map(char::len_utf8).sum::<usize>()
        };
        let (from, to) = (offset(start.line, start.column), offset(end.line, end.column));
        text.replace_range(from..to, &edit.text);
    }
    text
}

/// Who writes an unproven token writes it so that the advice asks for what they want: nothing in a change comes from it.
#[test]
fn nothing_that_an_unproven_token_says_is_offered() {
    for vector in vectors() {
        let explanation = explain(&vector.settings, &vector);
        let signature = explanation.checks.iter().find(|report| report.check == Check::Signature);
        if signature.is_none_or(|report| report.outcome == Outcome::Pass) {
            continue;
        }
        let Ok(settings) = Settings::from_text(&vector.settings) else { continue };
        let known = settings.to_json();
        for remedy in remedies(&explanation) {
            for value in remedy.change.iter().flatten() {
                let told = value.value.as_deref().unwrap_or_default();
                for claim in explanation.token.iter().filter_map(|token| token.claims.as_ref()) {
                    let claims: Value = serde_json::to_value(claim).expect("claims");
                    let Some(claims) = claims.as_object() else { continue };
                    for text in claims.values().filter_map(Value::as_str).filter(|text| text.len() > 5) {
                        let about = format!("{}: {} {told}", vector.row.id, remedy.message);
                        let lets_in = remedy.after.as_ref().is_some_and(|after| after.decision == Decision::Accept);
                        assert!(!told.contains(text) || known.contains(text) || lets_in, "{about}");
                    }
                }
            }
        }
    }
}

/// A new line that fits more tokens than this one is never offered without a word about the others.
#[test]
fn a_new_pattern_says_what_else_it_lets_in() {
    let map = |settings: &Settings| -> BTreeSet<String> {
        let text = settings.value("server.identity_map.configuration").unwrap_or_default();
        text.lines().map(|line| line.trim().to_owned()).collect()
    };
    let is_pattern = |line: &&String| line.split_whitespace().nth(1).is_some_and(|identity| identity.starts_with('/'));
    let mut patterns = 0;
    for vector in vectors() {
        let Ok(before) = Settings::from_text(&vector.settings) else { continue };
        for remedy in remedies(&explain(&vector.settings, &vector)) {
            let Some(edits) = &remedy.edits else { continue };
            let after = before.with(edits).expect("the change was tried");
            // Lines that are written anew in the place of others are those that their author meant.
            if map(&before).is_subset(&map(&after)) {
                let lines = map(&after);
                let new = lines.difference(&map(&before)).filter(is_pattern).count();
                assert!(new == 0 || remedy.risk.is_some(), "{}: {}", vector.row.id, remedy.message);
                patterns += new;
            }
        }
    }
    assert!(patterns > 5, "{patterns}");
}

/// What a change does not touch is not compiled again; what would cost too much is left out, and counted.
#[test]
fn a_large_map_is_shared_with_what_is_tried_and_what_is_not_tried_is_counted() {
    use sqljwt_conformance::{
        mint::{Token, key},
        ordinary::{NOW, claims, jwks, settings},
    };
    let map = |lines: usize| -> String {
        let line = |n| format!("https://idp.example /^([a-z]+)@dept{n}\\.example\\.com$ \\1");
        (0..lines).map(line).collect::<Vec<_>>().join("\n")
    };
    let explained = |lines: usize, token: sqljwt_conformance::mint::Members, user: &str| {
        let keys = jwks(&[key("test-p256").public("k1")]);
        let mut settings: Map<String, Value> =
            settings(&keys).into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        settings.insert("server.identity_map.configuration".into(), map(lines).into());
        let token = Token::new(key("test-p256"), "k1", "ES256", token).text();
        Explanation::of(Settings::from_json(&Value::Object(settings).to_string()), token, user, NOW)
    };
    for lines in [10, 10_000] {
        let other_audience = claims().set("sub", "jane@dept3.example.com").set("aud", "db-log1n");
        let explanation = explained(lines, other_audience, "jane");
        let best = &explanation.reason.as_ref().expect("a reason").remedies[0];
        assert_eq!(best.after.as_ref().and_then(|after| after.user.as_deref()), Some("jane"), "{explanation}");
        assert_eq!(explanation.untried, 0, "{explanation}");
        let unmapped = explained(lines, claims().set("sub", "jane@elsewhere.example"), "jane");
        let best = &unmapped.reason.as_ref().expect("a reason").remedies[0];
        assert!(best.message.contains("jane@elsewhere.example jane"), "{unmapped}");
    }
    let huge = explained(150_000, claims().set("sub", "jane@elsewhere.example"), "jane");
    assert!(huge.untried > 0, "{huge}");
}
