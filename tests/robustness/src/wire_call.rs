//! Is every text answered with one JSON object on one line that keeps to the contract?
//!
//! An input is a call.

use sqljwt::wire;

use crate::{document, document::Members};

pub(crate) fn run(input: &[u8]) {
    let call = String::from_utf8_lossy(input);
    let text = wire::call(&call);
    let answer = document::answer(&text);
    let names = answer.names();
    assert_eq!(answer.written("schema"), Some("2"));
    if names == ["schema", "error"] {
        let error = document::answer(answer.written("error").unwrap_or_default());
        assert_eq!(error.names(), ["code", "message", "line", "column"]);
        assert_ne!(error.text("code").as_deref(), Some("internal_error"), "{text}");
        return;
    }
    let Some(call) = Members::of(&call) else { panic!("no call, and answered: {text}") };
    let verb = call.text("verb").unwrap_or_default();
    match &*verb {
        "explain" if call.written("redact") == Some("true") => drop(document::redacted(&text)),
        "explain" => same_decision(&call, &document::explanation(&text)),
        "validate" => drop(document::decision(&text)),
        "decode" => assert_eq!(names, ["schema", "token", "reason"]),
        "keys" => assert_eq!(names, ["schema", "profile", "issuers", "tokens"]),
        "settings_to_sql" => assert_eq!(names, ["schema", "sql"]),
        "settings_from_sql" => assert_eq!(names, ["schema", "settings", "ignored"]),
        "reasons" => assert_eq!(names, ["schema", "reasons"]),
        _ => panic!("no verb, and answered: {text}"),
    }
}

/// The verb `validate` decides what `explain` decides.
fn same_decision(call: &Members<'_>, explained: &Members<'_>) {
    let members = call.names().into_iter().map(|name| {
        let value = call.written(name).unwrap_or_default();
        let value = if name == "verb" { "\"validate\"" } else { value };
        (name != "redact").then(|| format!("{}:{value}", serde_json::Value::from(name)))
    });
    let call = format!("{{{}}}", members.flatten().collect::<Vec<_>>().join(","));
    let text = wire::call(&call);
    let decided = document::decision(&text);
    for name in decided.names() {
        let explained = explained.written(name).map(|written| with_the_best(name, written));
        assert_eq!(decided.written(name).map(|written| with_the_best(name, written)), explained, "{call}");
    }
}

/// The member with the first of its remedies alone, which is what `validate` has.
fn with_the_best(name: &str, written: &str) -> serde_json::Value {
    let mut value: serde_json::Value =
        serde_json::from_str(written).unwrap_or_else(|error| panic!("{error}: {written}"));
    if ["reason", "keys_needed"].contains(&name)
        && let Some(remedies) = value.get_mut("remedies").and_then(serde_json::Value::as_array_mut)
    {
        remedies.truncate(1);
    }
    // Settings that cannot be used are repaired by `explain` alone, which knows the login that they are for.
    if value.get("check").and_then(serde_json::Value::as_str) == Some("settings") {
        value["remedies"] = serde_json::Value::Null;
        value["remedy"] = serde_json::Value::Null;
    }
    value
}
