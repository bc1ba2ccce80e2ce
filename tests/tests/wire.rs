//! Do `wire.schema.json` and the text call mean the same? Every document that the call gives keeps to the schema, the
//! calls that the schema allows are the calls that are answered, and whoever lists the verbs lists all of them.

mod schema;

use std::fs;

use serde_json::{Value, json};
use sqljwt::{ReasonCode, wire};
use sqljwt_conformance::{folder, vectors};

use schema::schema;

#[test]
fn documents_keep_to_the_schema() {
    let schema = schema();
    for vector in vectors() {
        let Ok(settings @ Value::Object(_)) = serde_json::from_str::<Value>(&vector.settings) else { continue };
        let verbs = [
            ("explain", false),
            ("explain", true),
            ("validate", false),
            ("identify", false),
            ("roles", false),
            ("window", false),
        ];
        for (verb, redact) in verbs {
            let mut call = json!({
                "verb": verb, "settings": settings, "token": vector.row.token, "user": vector.row.user,
                "now": vector.row.now, "fetched": vector.row.fetched
            });
            if let Some(body) = &vector.row.userinfo {
                call["userinfo"] = json!(body);
            }
            if verb == "roles" {
                call["memberships"] = json!(["writers", {"role": "ledger", "through": "writers"}]);
            }
            if redact {
                call["redact"] = json!(true);
            }
            schema.answer(&call);
        }
        schema.answer(&json!({"verb": "decode", "token": vector.row.token}));
        schema.answer(&json!({"verb": "settings_to_sql", "settings": settings}));
        let keys = json!({
            "verb": "keys", "settings": settings, "fetched": vector.row.fetched, "tokens": [vector.row.token],
            "now": vector.row.now
        });
        schema.answer(&keys);
        let set = settings["server.jwt_authentication.jwks"].as_str().unwrap_or(r#"{"keys": []}"#);
        let rehearse = json!({
            "verb": "rehearse", "settings": settings, "fetched": vector.row.fetched, "tokens": [vector.row.token],
            "key_set": set, "now": vector.row.now
        });
        schema.answer(&rehearse);
        let mut suggest = json!({
            "verb": "suggest", "token": vector.row.token, "user": vector.row.user, "now": vector.row.now
        });
        schema.answer(&suggest);
        suggest["keys"] = json!(set);
        schema.answer(&suggest);
        schema.answer(&json!({"verb": "lint", "settings": settings}));
        schema.answer(&json!({"verb": "who_can", "settings": settings}));
        schema.answer(&json!({"verb": "who_can", "settings": settings, "user": vector.row.user}));
        schema.answer(&json!({"verb": "reach", "settings": settings, "principal": "ada"}));
        let logins =
            json!([{"token": vector.row.token, "user": vector.row.user, "now": vector.row.now, "expected": "ada"}]);
        schema.answer(&json!({"verb": "coverage", "settings": settings, "logins": logins}));
        let compare = json!({
            "verb": "compare", "settings": settings, "new_settings": {}, "logins": logins, "profile": "cockroachdb",
            "fetched": vector.row.fetched
        });
        schema.answer(&compare);
    }
    schema.answer(&json!({"verb": "settings_from_sql", "settings_sql": "SET CLUSTER SETTING x.y = 1"}));
    schema.answer(&json!({"verb": "reasons"}));
    schema.answer(&json!({"verb": "rules"}));
    for (dialect, text) in [
        (
            "pg_ident",
            r"m a b
m /^(.*)@x$ \1
m x all
m x root",
        ),
        ("pg_ident", "m"),
        ("trino_rules", r#"{"rules": [{"pattern": "eve", "allow": false}, {"pattern": "(.*)"}]}"#),
        ("trino_pattern", "(.*)@x"),
        ("trino_pattern", "("),
    ] {
        schema.answer(&json!({"verb": "convert_map", "text": text, "dialect": dialect, "issuer": "https://i"}));
    }
    for text in [
        "ERROR: JWT authentication: invalid token\nDETAIL: unable to parse token: \"exp\" not satisfied",
        "accepted: SQL user `ada`, principal `ada` of issuer `i`, key `k`\nOAuth bearer authentication failed for user \"ada\"",
        "Bearer eyJhbGciOiJub25lIn0.e30. from \u{2039}x\u{203a}",
        "user=\u{2039}×\u{203a} system identity \"\u{2039}×\u{203a}\" did not map to a database role",
        "",
    ] {
        schema.answer(&json!({"verb": "log", "text": text}));
    }
}

/// People paste key sets and options as their provider lays them out, and a change may give them back whole.
#[test]
fn answers_are_one_line_however_the_settings_are_laid_out() {
    let over_lines = |value: &Value| match value {
        Value::String(text) => match serde_json::from_str::<Value>(text) {
            Ok(json @ (Value::Array(_) | Value::Object(_))) => json!(format!("{json:#}\r\n")),
            _ => value.clone(),
        },
        _ => value.clone(),
    };
    for vector in vectors() {
        let Ok(Value::Object(mut settings)) = serde_json::from_str::<Value>(&vector.settings) else { continue };
        settings.values_mut().for_each(|value| *value = over_lines(value));
        let call = json!({
            "verb": "explain", "settings": settings, "token": vector.row.token, "user": vector.row.user,
            "now": vector.row.now, "fetched": vector.row.fetched
        });
        let answer = wire::call(&format!("{call:#}"));
        assert!(!answer.contains(['\n', '\r']), "{}: {answer}", vector.row.id);
    }
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

/// A build without the advisor answers calls about logins as every other does, and knows by name what it cannot answer.
#[test]
fn calls_about_logins_are_answered_alike_without_the_advisor() {
    let (mut alike, mut missing) = (0, 0);
    for verb in wire::verbs() {
        let call = json!({"verb": verb, "settings": {}, "token": "t", "now": 0}).to_string();
        let answer = wire::call_about_logins(&call);
        if answer == wire::call(&call) {
            alike += 1;
            continue;
        }
        let answer: Value = serde_json::from_str(&answer).expect("a document");
        assert_eq!(answer["error"]["code"], "call_invalid", "{verb}");
        let message = answer["error"]["message"].as_str().unwrap_or_default();
        let (fact, others) = message.split_once("; it is one of ").expect("the verbs that it has");
        assert_eq!(fact, format!("`{verb}` is a verb of the advisor, which this build does not have"));
        assert!(!others.contains(verb), "{message}");
        missing += 1;
    }
    assert_eq!((alike, missing), (9, 11));
}

/// Every verb with every choice of members: there, of another kind, or absent.
#[test]
fn the_schema_allows_the_calls_that_are_answered_and_no_others() {
    let schema = schema();
    let verbs: Vec<_> = wire::verbs().chain(["explian"]).map(|verb| Some(json!(verb))).collect();
    let members = [
        ("settings", [json!({}), json!("{}")]),
        ("settings_sql", [json!("SET CLUSTER SETTING x.y = 1"), json!(1)]),
        ("fetched", [json!([]), json!({})]),
        ("token", [json!("t"), json!(["t"])]),
        ("user", [json!("alice"), json!(null)]),
        ("now", [json!(i64::MIN), json!("0")]),
        ("redact", [json!(false), json!(0)]),
        ("redacted", [json!(true), json!(1)]),
    ];
    let (mut allowed, mut refused) = (0, 0);
    for choice in 0..3_usize.pow(members.len() as u32) {
        let chosen = members.iter().enumerate().filter_map(|(place, (name, values))| {
            let value = values.get(choice / 3_usize.pow(place as u32) % 3)?;
            Some(((*name).to_owned(), value.clone()))
        });
        let members: serde_json::Map<_, _> = chosen.collect();
        for verb in verbs.iter().chain([&Some(json!(1)), &None]) {
            let mut call = members.clone();
            call.extend(verb.clone().map(|verb| ("verb".to_owned(), verb)));
            let call = Value::Object(call);
            let valid = schema.calls.is_valid(&call);
            assert_eq!(valid, understood(&call.to_string()), "{call}");
            *(if valid { &mut allowed } else { &mut refused }) += 1;
        }
    }
    println!("{allowed} calls are allowed, {refused} refused");
    assert!(allowed > 500 && refused > 5_000);
}

#[test]
fn the_verbs_are_those_of_the_schema_and_of_the_header() {
    let verbs: Vec<_> = wire::verbs().collect();
    let schema: Value = serde_json::from_str(&text("tests/wire.schema.json")).expect("the schema is JSON");
    assert_eq!(schema["$defs"]["call"]["properties"]["verb"]["enum"], json!(verbs), "wire.schema.json");
    let source = text("ffi/src/call.rs");
    let lines = source.lines().skip_while(|line| !line.contains("of the wire contract: "));
    let sentence: String = lines.map_while(|line| line.strip_prefix("///")).collect();
    let listed = sentence.split_once(": ").and_then(|(_, rest)| rest.split_once('.')).expect("the list of verbs").0;
    assert_eq!(listed, verbs.iter().map(|verb| format!("`{verb}`")).collect::<Vec<_>>().join(", "), "ffi/src/call.rs");
}

#[test]
fn the_schema_and_the_call_draw_the_same_lines_at_the_edges() {
    let schema = schema();
    for text in [
        r#"{"verb":"explain","settings":{},"token":"t","now":9223372036854775807}"#,
        r#"{"verb":"explain","settings":{},"token":"t","now":9223372036854775808}"#,
        r#"{"verb":"explain","settings":{},"token":"t","now":-10000000000000000000}"#,
        r#"{"verb":"explain","settings":{},"token":"t","now":0.5}"#,
        r#"{"verb":"explain","settings":{},"token":"t","now":true}"#,
        r#"{"verb":"explain","settings":{},"token":"t","now":0,"redact":true}"#,
        r#"{"verb":"validate","settings":{},"token":"t","now":0,"redact":true}"#,
        r#"{"verb":"explain","settings":[],"token":"t","now":0}"#,
        r#"{"verb":"explain","settings":null,"token":"t","now":0}"#,
        r#"{"verb":"explain","settings":{},"token":"t","now":0,"fetched":null}"#,
        r#"{"verb":"explain","settings":{},"token":"t","now":0,"fetched":[{}]}"#,
        r#"{"verb":"explain","settings":{},"token":"t","now":0,"fetched":[{"issuer":"a","at":0,"answers":[]}]}"#,
        r#"{"verb":"explain","settings":{},"token":"t","now":0,"fetched":[{"issuer":"a","at":0,"answers":[],"x":0}]}"#,
        r#"{"verb":"explain","settings":{},"token":"t","now":0,"fetched":[{"issuer":"a","at":0.5,"answers":[]}]}"#,
        r#"{"verb":"explain","settings":{},"token":"t","now":0,"fetched":[{"issuer":"a","at":0,"refresh":null,
            "answers":[{"status":65535,"headers":null,"body":""}],"failure":null}]}"#,
        r#"{"verb":"explain","settings":{},"token":"t","now":0,"fetched":[{"issuer":"a","at":0,"refresh":1,
            "answers":[{"status":200,"headers":[["a","b"]],"body":""}]}]}"#,
        r#"{"verb":"explain","settings":{},"token":"t","now":0,"fetched":[{"issuer":"a","at":0,
            "answers":[{"status":65536,"body":""}]}]}"#,
        r#"{"verb":"explain","settings":{},"token":"t","now":0,"fetched":[{"issuer":"a","at":0,
            "answers":[{"status":200,"headers":[["a"]],"body":""}]}]}"#,
        r#"{"verb":"explain","settings":{},"token":"t","now":0,"fetched":[{"issuer":"a","at":0,"answers":[{"status":200}]}]}"#,
        r#"{"verb":["explain"],"settings":{},"token":"t","now":0}"#,
        r#"{"verb":"explain","settings":{},"token":"t","now":0,"fetched":[]}"#,
        r#"{"verb":"explain","settings":{},"token":"t","now":0,"fetched":{}}"#,
        r#"{"verb":"explain","settings":{},"token":"t","now":0,"fetched":[{"issuer":"i","at":0,"answers":[]}]}"#,
        r#"{"verb":"explain","settings":{},"token":"t","now":0,"fetched":[{"issuer":"i","at":0}]}"#,
        r#"{"verb":"explain","settings":{},"token":"t","now":0,"fetched":[{"issuer":"i","at":0,"answers":[],"x":1}]}"#,
        r#"{"verb":"validate","settings":{},"token":"t","now":0,"history":[{"issuer":"i","at":0,"answers":[]}]}"#,
        r#"{"verb":"validate","settings":{},"token":"t","now":0,"history":1}"#,
        r#"{"verb":"validate","settings":{},"token":"t","now":0,"userinfo":1}"#,
        r#"{"verb":"keys","settings":{},"now":0}"#,
        r#"{"verb":"keys","settings":{},"now":0,"tokens":["t"]}"#,
        r#"{"verb":"keys","settings":{},"now":0,"tokens":[1]}"#,
        r#"{"verb":"keys","settings":{},"now":0,"tokens":"t"}"#,
        r#"{"verb":"keys","settings":{}}"#,
        r#"{"verb":"lint","settings":{}}"#,
        r#"{"verb":"lint","settings_sql":1}"#,
        r#"{"verb":"lint"}"#,
        r#"{"verb":"lint","settings_text":""}"#,
        r#"{"verb":"lint","settings_text":"{}","settings":{}}"#,
        r#"{"verb":"lint","settings_text":"{}","settings_sql":""}"#,
        r#"{"verb":"lint","settings_text":1}"#,
        r#"{"verb":"who_can","settings":{},"user":"a"}"#,
        r#"{"verb":"who_can","settings":{},"user":1}"#,
        r#"{"verb":"reach","settings":{},"principal":"a","issuer":"i"}"#,
        r#"{"verb":"reach","settings":{},"principal":"a","issuer":1}"#,
        r#"{"verb":"reach","settings":{}}"#,
        r#"{"verb":"identify","settings":{},"token":"t","now":0}"#,
        r#"{"verb":"identify","settings":{},"token":"t","now":0,"user":1}"#,
        r#"{"verb":"identify","settings":{},"token":"t"}"#,
        r#"{"verb":"identify","settings":{},"token":"t","now":0,"redact":true}"#,
        r#"{"verb":"roles","settings":{},"token":"t","now":0}"#,
        r#"{"verb":"roles","settings":{},"token":"t","now":0,"redact":true}"#,
        r#"{"verb":"roles","settings":{},"token":"t","now":0,"memberships":"a"}"#,
        r#"{"verb":"roles","settings":{},"token":"t","now":0,"memberships":["a",{"role":"b","through":"a"}]}"#,
        r#"{"verb":"roles","settings":{},"token":"t","now":0,"memberships":[1]}"#,
        r#"{"verb":"roles","settings":{},"token":"t","now":0,"memberships":[{"role":"b"}]}"#,
        r#"{"verb":"roles","settings":{},"token":"t","now":0,"memberships":[{"role":"b","through":null}]}"#,
        r#"{"verb":"roles","settings":{},"token":"t","now":0,"memberships":[{"role":"b","through":"a","x":1}]}"#,
        r#"{"verb":"roles","settings":{},"token":"t","now":0,"existing_roles":["a"]}"#,
        r#"{"verb":"roles","settings":{},"token":"t","now":0,"existing_roles":"a"}"#,
        r#"{"verb":"roles","settings":{},"token":"t","now":0,"existing_roles":[1]}"#,
        r#"{"verb":"validate","settings":{},"token":"t","now":0,"existing_roles":1}"#,
        r#"{"verb":"log","text":"a"}"#,
        r#"{"verb":"log","text":1}"#,
        r#"{"verb":"log"}"#,
        r#"{"verb":"log","text":"a","redact":"x"}"#,
        r#"{"verb":"convert_map","text":"","dialect":"pg_ident","issuer":"i"}"#,
        r#"{"verb":"convert_map","text":"","dialect":"pg_ident","issuers":{"m":"i"}}"#,
        r#"{"verb":"convert_map","text":"","dialect":"pg_ident","issuers":{"m":1}}"#,
        r#"{"verb":"convert_map","text":"","dialect":"pg_ident","issuers":[]}"#,
        r#"{"verb":"convert_map","text":"","dialect":"pg_ident","issuer":1}"#,
        r#"{"verb":"convert_map","text":"","dialect":"pg_ident","issuer":"i","issuers":{}}"#,
        r#"{"verb":"convert_map","text":"","dialect":"pg_ident"}"#,
        r#"{"verb":"convert_map","text":"","dialect":"pg_hba","issuer":"i"}"#,
        r#"{"verb":"convert_map","text":"","dialect":1,"issuer":"i"}"#,
        r#"{"verb":"convert_map","text":1,"dialect":"trino_rules","issuer":"i"}"#,
        r#"{"verb":"convert_map","dialect":"trino_rules","issuer":"i"}"#,
        r#"{"verb":"convert_map","text":"","issuer":"i"}"#,
        r#"{"verb":"convert_map","text":"","dialect":"trino_pattern","issuer":"i","settings":{}}"#,
        r#"{"verb":"convert_map","text":"","dialect":"trino_pattern","issuer":"i","settings_sql":1}"#,
        r#"{"verb":"convert_map","text":"","dialect":"trino_pattern","issuer":"i","settings_text":"{}","settings":{}}"#,
        r#"{"verb":"keys","now":0}"#,
        r#"{"verb":"window","settings":{},"token":"t","now":0}"#,
        r#"{"verb":"window","settings":{},"token":"t"}"#,
        r#"{"verb":"window","settings":{},"token":"t","now":0,"history":[]}"#,
        r#"{"verb":"window","settings":{},"token":"t","now":0,"redact":true}"#,
        r#"{"verb":"rehearse","settings":{},"key_set":"","now":0}"#,
        r#"{"verb":"rehearse","settings":{},"key_set":"","now":0,"tokens":["t"],"history":1}"#,
        r#"{"verb":"rehearse","settings":{},"key_set":{"keys":[]},"now":0}"#,
        r#"{"verb":"rehearse","settings":{},"key_set":"","now":0,"tokens":"t"}"#,
        r#"{"verb":"rehearse","settings":{},"key_set":"","now":0,"issuer":1}"#,
        r#"{"verb":"rehearse","settings":{},"now":0}"#,
        r#"{"verb":"rehearse","settings":{},"key_set":""}"#,
        r#"{"verb":"compare","settings":{},"new_settings":{}}"#,
        r#"{"verb":"compare","settings":{},"new_settings_sql":"","new_profile":"cockroachdb"}"#,
        r#"{"verb":"compare","settings":{},"new_settings":{},"new_settings_text":""}"#,
        r#"{"verb":"compare","settings":{},"new_settings_sql":1}"#,
        r#"{"verb":"compare","settings":{},"new_settings":{},"profile":"soft"}"#,
        r#"{"verb":"compare","settings":{},"new_settings":{},"new_profile":1}"#,
        r#"{"verb":"compare","settings":{}}"#,
        r#"{"verb":"compare","new_settings":{}}"#,
        r#"{"verb":"compare","settings":{},"new_settings":{},"logins":{}}"#,
        r#"{"verb":"compare","settings":{},"new_settings":{},"logins":[]}"#,
        r#"{"verb":"compare","settings":{},"new_settings":{},"logins":[1],"now":0}"#,
        r#"{"verb":"compare","settings":{},"new_settings":{},"logins":[{"token":"t"}]}"#,
        r#"{"verb":"compare","settings":{},"new_settings":{},"logins":[{"token":"t"}],"now":0}"#,
        r#"{"verb":"compare","settings":{},"new_settings":{},"logins":[{"token":"t","now":0}]}"#,
        r#"{"verb":"compare","settings":{},"new_settings":{},"logins":[{"token":"t","now":"0"}]}"#,
        r#"{"verb":"compare","settings":{},"new_settings":{},"logins":[{"token":"t","claims":{},"now":0}]}"#,
        r#"{"verb":"compare","settings":{},"new_settings":{},"logins":[{"token":"t","issuer":"i","now":0}]}"#,
        r#"{"verb":"compare","settings":{},"new_settings":{},"logins":[{"claims":{},"issuer":"i","now":0}]}"#,
        r#"{"verb":"compare","settings":{},"new_settings":{},"logins":[{"claims":[],"now":0}]}"#,
        r#"{"verb":"compare","settings":{},"new_settings":{},"logins":[{"claims":{},"user":1,"now":0}]}"#,
        r#"{"verb":"compare","settings":{},"new_settings":{},"logins":[{"claims":{},"expected":1,"now":0}]}"#,
        r#"{"verb":"compare","settings":{},"new_settings":{},"logins":[{"claims":{},"who":"x","now":0}]}"#,
        r#"{"verb":"compare","settings":{},"new_settings":{},"logins":[{"now":0}]}"#,
        r#"{"verb":"compare","settings":{},"new_settings":{},"fetched":1}"#,
        r#"{"verb":"coverage","settings":{},"logins":[]}"#,
        r#"{"verb":"coverage","settings":{},"logins":[],"profile":"hardened"}"#,
        r#"{"verb":"coverage","settings":{}}"#,
        r#"{"verb":"coverage","logins":[]}"#,
        r#"{"Verb":"reasons"}"#,
        r#"["reasons"]"#,
        "null",
    ] {
        let call: Value = serde_json::from_str(text).expect("JSON");
        assert_eq!(schema.calls.is_valid(&call), understood(text), "{text}");
    }
}

/// Whether the call is answered at all, be it with a refusal.
fn understood(call: &str) -> bool {
    let answer: Value = serde_json::from_str(&wire::call(call)).expect("a document");
    answer["error"]["code"] != "call_invalid"
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

/// A file of the repository.
fn text(path: &str) -> String {
    fs::read_to_string(folder().join("..").join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}
