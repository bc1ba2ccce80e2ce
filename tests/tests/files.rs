//! Do the vector files hold what they promise? Nothing here asks the engine to decide anything.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    process::Command,
};

use serde_json::Value;
use sqljwt::ReasonCode;
use sqljwt_conformance::{Decision, Profile, SignatureExpect, Vector, files, folder, signatures, vectors};

#[test]
fn every_file_conforms_to_the_schema() {
    let schema = jsonschema::validator_for(&json("schema.json")).expect("the schema is one");
    for name in files().keys() {
        let path = format!("vectors/{name}.json");
        let file = json(&path);
        let faults: Vec<_> = schema.iter_errors(&file).take(5).map(|fault| fault.to_string()).collect();
        assert!(faults.is_empty(), "{path}: {}", faults.join("\n"));
    }
}

#[test]
fn ids_are_unique_over_all_files() {
    let mut seen = BTreeMap::new();
    for vector in vectors() {
        if let Some(other) = seen.insert(vector.row.id.clone(), vector.file.clone()) {
            panic!("`{}` stands in {other} and in {}", vector.row.id, vector.file);
        }
    }
    let signatures = signatures();
    let ids: BTreeSet<_> = signatures.iter().map(|vector| &vector.id).collect();
    assert_eq!(ids.len(), signatures.len());
}

#[test]
fn settings_name_the_profile_of_their_file() {
    for vector in vectors() {
        let Ok(settings) = serde_json::from_str::<Value>(&vector.settings) else { continue };
        let named = settings.get("engine.profile").and_then(Value::as_str).unwrap_or(Profile::Hardened.as_str());
        let tested = vector.expect.code.as_deref() == Some("profile_unknown");
        assert!(tested || named == vector.profile.as_str(), "{}: {named}", vector.row.id);
    }
}

#[test]
fn an_expectation_says_what_its_decision_needs_and_no_more() {
    for vector in vectors() {
        let said = (vector.expect.decision, vector.expect.code.is_some(), vector.expect.user.is_some());
        let whole =
            [(Decision::Accept, false, true), (Decision::Reject, true, false), (Decision::KeysNeeded, false, false)];
        assert!(whole.contains(&said), "{}: {:?}", vector.row.id, vector.expect);
        if vector.row.database.is_some() {
            assert_eq!(
                (vector.profile, vector.expect.decision),
                (Profile::Cockroachdb, Decision::Reject),
                "{}: only where the engine is stricter than the database is there anything to say",
                vector.row.id
            );
        }
    }
    for vector in signatures() {
        let valid = vector.expect == SignatureExpect::Valid;
        assert_eq!(valid, vector.code.is_none(), "{}", vector.id);
    }
}

#[test]
fn every_expected_code_is_in_the_catalogue_and_every_code_is_expected() {
    let vectors = vectors();
    let expected: BTreeSet<_> = vectors.iter().filter_map(code).collect();
    let missing: Vec<_> =
        ReasonCode::all().iter().filter(|code| !expected.contains(code)).map(|code| code.as_str()).collect();
    assert_eq!(missing, NOT_YET_EXPECTED, "codes that no vector expects");

    let mut counts = BTreeMap::new();
    for vector in &vectors {
        let check = match vector.expect.decision {
            Decision::Accept => "accept",
            Decision::KeysNeeded => "keys_needed",
            Decision::Reject => code(vector).expect("a rejection has a code").check().as_str(),
        };
        *counts.entry((check, vector.profile.as_str())).or_insert(0) += 1;
    }
    for ((check, profile), count) in &counts {
        println!("{count:5} {profile:12} {check}");
    }
    println!("{:5} in all", vectors.len());
}

/// Nothing is known that makes the engine fail inside.
const NOT_YET_EXPECTED: [&str; 1] = ["internal_error"];

#[test]
fn keys_are_marked_as_test_keys() {
    for entry in fs::read_dir(folder().join("keys")).expect("the folder of test keys") {
        let path = entry.expect("a test key").path();
        let name = path.file_stem().expect("a file has a name").to_string_lossy().into_owned();
        let key = json(&format!("keys/{name}.json"));
        assert_eq!(key["kid"], name.as_str());
        assert!(name.starts_with("test-"), "{name}");
        assert!(key["test_only"].as_str().is_some_and(|text| text.contains("never trust it")), "{name}");
    }
}

#[test]
fn vectorgen_writes_the_files_as_they_are() {
    let output = Command::new(env!("CARGO_BIN_EXE_vectorgen")).output().expect("vectorgen runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

fn code(vector: &Vector) -> Option<ReasonCode> {
    let code = vector.expect.code.as_deref()?;
    Some(code.parse().unwrap_or_else(|_| panic!("{}: no reason has the code `{code}`", vector.row.id)))
}

fn json(path: &str) -> Value {
    let path = folder().join(path);
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
