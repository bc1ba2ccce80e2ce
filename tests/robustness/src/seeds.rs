//! Where does a fuzzer begin? Inputs of every target, made from the vectors; the same at every run.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use sqljwt::{Settings, dangerous};
use sqljwt_conformance::{Vector, vectors};

use crate::{
    scene::{ISSUER, KEYS},
    together::recipes,
};

/// A seed longer than this would make a fuzzer slow; the vectors about limits are tests of their own.
const LONGEST: usize = 8192;

/// The seeds of a target.
///
/// # Panics
/// Where there is no target of that name.
///
/// # Example
/// ```
/// assert!(sqljwt_robustness::seeds("identity_map").iter().all(|seed| seed.contains(&b'\n')));
/// ```
#[must_use]
pub fn seeds(target: &str) -> BTreeSet<Vec<u8>> {
    if target == "together" {
        return recipes().into_iter().step_by(5).collect();
    }
    let of: fn(&Vector) -> Vec<Vec<u8>> = match target {
        "token" => tokens,
        "settings_json" => |vector| vec![vector.settings.clone().into()],
        "settings_sql" => sql,
        "jwks" => key_sets,
        "fetched" => fetched,
        "identity_map" => maps,
        "wire_call" => calls,
        "c_abi" => scripts,
        "agent" => requests,
        _ => panic!("there is no target `{target}`"),
    };
    vectors().iter().flat_map(of).filter(|seed| seed.len() <= LONGEST).collect()
}

/// The login as a line of the socket, and as a request of HTTP.
fn requests(vector: &Vector) -> Vec<Vec<u8>> {
    let line = json!({"token": vector.row.token, "user": vector.row.user, "peer": vector.row.id});
    let basic = base64::Engine::encode(
        &base64::engine::general_purpose::STANDARD,
        format!("{}:{}", vector.row.user, vector.row.token),
    );
    let request = format!("GET /login HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic {basic}\r\n\r\n");
    [format!("{line}\n"), request].map(String::into_bytes).into()
}

/// The token as it is, and what it says, to be signed anew.
fn tokens(vector: &Vector) -> Vec<Vec<u8>> {
    let asked = format!("@{} {}\n", vector.row.user, vector.row.now);
    let mut seeds = vec![vector.row.token.clone(), format!("{asked}{}", vector.row.token)];
    let view = dangerous::decode_unverified(&vector.row.token).ok();
    if let Some((Some(header), Some(claims))) = view.map(|view| (view.header, view.claims)) {
        let mut header: Map<String, Value> = serde_json::from_str(header.get()).unwrap_or_default();
        header.insert("alg".into(), "EdDSA".into());
        header.insert("kid".into(), "fuzz".into());
        seeds.push(format!("{asked}{}\n{}", Value::Object(header), claims.get()));
    }
    seeds.into_iter().map(String::into_bytes).collect()
}

/// The answers of each fetch, as the target reads them, and the record as JSON; the keys are those of the scene.
fn fetched(vector: &Vector) -> Vec<Vec<u8>> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let answer = |answer: &Value| {
        let line = |pair: &Value| format!("{}: {}\n", text(&pair[0]), text(&pair[1]));
        let headers: String = answer["headers"].as_array().into_iter().flatten().map(line).collect();
        format!("{}\n{headers}\n{}", answer["status"], text(&answer["body"]))
    };
    let answers = |record: &Value| {
        let answers: Vec<_> = record["answers"].as_array().into_iter().flatten().map(answer).collect();
        answers.join("\n===\n")
    };
    let scene = |seed: String| match seed.rfind("{\"keys\":[") {
        Some(at) => seed[..at].to_owned() + &KEYS.to_string(),
        None => seed,
    };
    let records = vector.row.fetched.iter();
    records
        .flat_map(|record| [answers(record), scene(answers(record)), record.to_string()])
        .map(String::into_bytes)
        .collect()
}

/// The settings as statements, as separated values and as a table.
fn sql(vector: &Vector) -> Vec<Vec<u8>> {
    let Ok(settings) = Settings::from_json(&vector.settings) else { return vec![] };
    let members: Map<String, Value> = serde_json::from_str(&settings.to_json()).unwrap_or_default();
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let quoted = |value: &Value| format!("\"{}\"", text(value).replace('"', "\"\""));
    let separated = |delimiter: &str| {
        let rows = members.iter().map(|(name, value)| format!("{name}{delimiter}{}\n", quoted(value)));
        format!("variable{delimiter}value\n{}", rows.collect::<String>())
    };
    let rows = members.iter().map(|(name, value)| format!(" {name} | {}\n", text(value).replace('\n', "+\n | ")));
    let table = format!(" variable | value \n----------+-------\n{}(1 row)\n", rows.collect::<String>());
    [settings.to_sql(), separated(","), separated("\t"), table].map(String::into_bytes).into()
}

fn key_sets(vector: &Vector) -> Vec<Vec<u8>> {
    setting(vector, "server.jwt_authentication.jwks").map(String::into_bytes).into_iter().collect()
}

/// The map under the issuer that the target asks about, for the principal that the vector asks about.
fn maps(vector: &Vector) -> Vec<Vec<u8>> {
    let Some(map) = setting(vector, "server.identity_map.configuration") else { return vec![] };
    let ours: Vec<_> = map
        .lines()
        .map(|line| match line.trim_start().split_once([' ', '\t']) {
            Some((issuer, rest)) if !issuer.starts_with('#') => format!("{ISSUER} {rest}"),
            _ => line.to_owned(),
        })
        .collect();
    let claims = dangerous::decode_unverified(&vector.row.token).ok().and_then(|view| view.claims);
    let claims: Value = claims.and_then(|claims| serde_json::from_str(claims.get()).ok()).unwrap_or_default();
    let named = ["sub", "email", "preferred_username"].into_iter().filter_map(|name| claims[name].as_str());
    named
        .chain([&*vector.row.user])
        .map(|principal| format!("{}\n{}", principal.replace('\n', " "), ours.join("\n")).into_bytes())
        .collect()
}

fn calls(vector: &Vector) -> Vec<Vec<u8>> {
    let settings: Value = serde_json::from_str(&vector.settings).unwrap_or_default();
    let (token, user, now) = (&vector.row.token, &vector.row.user, vector.row.now);
    let mut calls = vec![
        json!({"verb": "explain", "settings": settings, "token": token, "user": user, "now": now}),
        json!({"verb": "decode", "token": token}),
        json!({"verb": "settings_to_sql", "settings": settings}),
        json!({"verb": "reasons"}),
    ];
    if let Ok(settings) = Settings::from_json(&vector.settings) {
        let sql = settings.to_sql();
        calls.push(json!({
            "verb": "explain", "settings_sql": sql, "token": token, "user": user, "now": now, "redact": true
        }));
        calls.push(json!({"verb": "settings_from_sql", "settings_sql": sql}));
    }
    calls.into_iter().map(|call| call.to_string().into_bytes()).collect()
}

/// A program that asks about the vector, and about the target's own settings and tokens, and frees half of what it gets.
fn scripts(vector: &Vector) -> Vec<Vec<u8>> {
    const SETTINGS: &[u8] = b"n\x05\0n\0\0s\0v\0\x06\x07\0v\x01\x01\x03\0v\x01\x01\x04\x04e\0\0\x06\x07\0f\0e\x01\0\x06\x07\0e\x02\0\x06\x07\0l\0r\0k\x20\x03";
    const SLIPS: &[u8] = b"n\x05\xe0n\0\0s\0v\0\x06\x07\xc0v\0\x01\x03\x02v\0\x01\x03\x01e\0\0\x06\x07\x02f\0t\0r\0f\0";
    const CALL: &[u8] = b"c\x05\0c\x05\x02c\x05\xc0t\0";
    let scripted = |script: &[u8], texts: &[&str]| {
        let parts = texts.iter().map(|text| text.as_bytes());
        [script].into_iter().chain(parts).collect::<Vec<_>>().join(&0xff)
    };
    let texts = [&*vector.settings, &*vector.row.token, &*vector.row.user];
    let call = json!({"verb": "decode", "token": vector.row.token}).to_string();
    vec![scripted(SETTINGS, &texts), scripted(SLIPS, &texts), scripted(CALL, &[&call])]
}

/// What the vector's settings set a setting to.
fn setting(vector: &Vector, name: &str) -> Option<String> {
    Settings::from_json(&vector.settings).ok()?.value(name).map(str::to_owned)
}
