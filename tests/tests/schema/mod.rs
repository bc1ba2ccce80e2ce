//! Does a call keep to `wire.schema.json`, and its answer too?

use std::{fs, sync::OnceLock};

use jsonschema::{Validator, validator_for};
use serde_json::{Value, json};
use sqljwt::wire;

/// The schema, as a judge of both.
pub(crate) struct Schema {
    answers: Validator,
    pub(crate) calls: Validator,
}

/// The schema, read once.
pub(crate) fn schema() -> &'static Schema {
    static SCHEMA: OnceLock<Schema> = OnceLock::new();
    SCHEMA.get_or_init(Schema::read)
}

impl Schema {
    fn read() -> Self {
        let text = fs::read_to_string(sqljwt_conformance::folder().join("wire.schema.json")).expect("the schema");
        let schema: Value = serde_json::from_str(&text).expect("the schema is JSON");
        let calls = json!({"$defs": schema["$defs"], "$ref": "#/$defs/call"});
        let compiled = |schema: &Value| validator_for(schema).expect("the schema is one");
        Self { answers: compiled(&schema), calls: compiled(&calls) }
    }

    /// The answer to a call, both of which keep to the schema.
    pub(crate) fn answer(&self, call: &Value) -> Value {
        let answer = serde_json::from_str(&wire::call(&call.to_string())).expect("a document");
        for (validator, document) in [(&self.calls, call), (&self.answers, &answer)] {
            if let Err(error) = validator.validate(document) {
                panic!("{error}: {call} is answered with {answer}");
            }
        }
        answer
    }
}
