//! Every document that the text call gives keeps to `wire.schema.json`.

use std::fs;

use serde_json::{Value, json};
use sqljwt::{ReasonCode, wire};
use sqljwt_conformance::{folder, vectors};

#[test]
fn documents_keep_to_the_schema() {
    let schema = Schema::read();
    for vector in vectors() {
        let Ok(settings @ Value::Object(_)) = serde_json::from_str::<Value>(&vector.settings) else { continue };
        for (verb, redact) in [("explain", false), ("explain", true), ("validate", false)] {
            let mut call = json!({
                "verb": verb, "settings": settings, "token": vector.row.token, "user": vector.row.user,
                "now": vector.row.now
            });
            if redact {
                call["redact"] = json!(true);
            }
            schema.holds(&call, &vector.row.id);
        }
        schema.holds(&json!({"verb": "decode", "token": vector.row.token}), &vector.row.id);
        schema.holds(&json!({"verb": "settings_to_sql", "settings": settings}), &vector.row.id);
    }
    schema.holds(&json!({"verb": "settings_from_sql", "settings_sql": "SET CLUSTER SETTING x.y = 1"}), "ignored");
    schema.holds(&json!({"verb": "reasons"}), "reasons");
}

#[test]
fn calls_that_cannot_be_understood_say_why() {
    for (call, words) in [
        ("", "not JSON"),
        ("[]", "not an object"),
        ("{}", "no `verb`"),
        (r#"{"verb":"explian"}"#, "`explain` is probably meant"),
        (r#"{"verb":"explain"}"#, "no `settings`"),
        (r#"{"verb":"explain","settings":{}}"#, "no `token`"),
        (r#"{"verb":"explain","settings":{},"token":"t"}"#, "no `now`"),
        (r#"{"verb":"explain","settings":{},"token":1,"now":0}"#, "`token` is a number"),
        (r#"{"verb":"explain","settings":{},"token":"t","now":1.5}"#, "`now` is `1.5`"),
        (r#"{"verb":"explain","settings":{},"settings_sql":"","token":"t","now":0}"#, "both"),
        (r#"{"verb":"explain","settings":{},"token":"t","now":0,"nwo":1}"#, "no member `nwo`"),
        (r#"{"verb":"explain","settings":{},"token":"t","now":0,"now":1}"#, "twice"),
        (r#"{"verb":"explain","settings":{},"token":"t","now":0,"redact":1}"#, "not a boolean"),
    ] {
        let answer: Value = serde_json::from_str(&wire::call(call)).expect("a document");
        assert_eq!(answer["error"]["code"], "call_invalid", "{call}");
        assert!(answer["error"]["message"].as_str().is_some_and(|text| text.contains(words)), "{call}: {answer}");
    }
}

#[test]
fn settings_written_over_many_lines_come_back_on_one() {
    let settings = json!({"server.jwt_authentication.enabled": true, "engine.required_claims": ["a\n", "b"]});
    let answer = wire::call(&format!(r#"{{"verb": "settings_from_sql", "settings": {settings:#}}}"#));
    assert!(!answer.contains('\n'), "{answer}");
    let document: Value = serde_json::from_str(&answer).expect("a document");
    assert_eq!(document["settings"], settings);
}

#[test]
fn the_catalogue_holds_every_reason() {
    let answer: Value = serde_json::from_str(&wire::call(r#"{"verb":"reasons"}"#)).expect("a document");
    let codes: Vec<_> = answer["reasons"].as_array().expect("a list").iter().map(|row| row["code"].as_str()).collect();
    let known: Vec<_> = ReasonCode::all().iter().map(|code| Some(code.as_str())).collect();
    assert_eq!(codes, known);
}

struct Schema {
    answers: jsonschema::Validator,
    calls: jsonschema::Validator,
}

impl Schema {
    fn read() -> Self {
        let text = fs::read_to_string(folder().join("wire.schema.json")).expect("the schema");
        let schema: Value = serde_json::from_str(&text).expect("the schema is JSON");
        let calls = json!({"$defs": schema["$defs"], "$ref": "#/$defs/call"});
        let compiled = |schema: &Value| jsonschema::validator_for(schema).expect("the schema is one");
        Self { answers: compiled(&schema), calls: compiled(&calls) }
    }

    fn holds(&self, call: &Value, id: &str) {
        assert!(self.calls.is_valid(call), "{id}: the call {call}");
        let answer: Value = serde_json::from_str(&wire::call(&call.to_string())).expect("a document");
        assert!(self.answers.is_valid(&answer), "{id}: {answer}");
    }
}
