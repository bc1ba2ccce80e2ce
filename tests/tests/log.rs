//! From the log back: whatever the engine lets a client or a log read leads back to the reason it had.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use sqljwt::{
    ReasonCode,
    advisor::{self, LogCounts, LogEntry, LogOutcome, LogReader, LogSource},
    wire,
};
use sqljwt_conformance::{noise::Noise, vectors};

const TOKEN: &str =
    "eyJhbGciOiJSUzI1NiIsImtpZCI6ImsxIn0.eyJpc3MiOiJodHRwczovL2lkcC5leGFtcGxlIn0.c2lnbmF0dXJlLW9mLWEtdGVzdA";

/// The one entry of a text.
fn entry(text: &str) -> LogEntry {
    let document = advisor::from_log(text);
    assert_eq!(document.entries.len(), 1, "{text}: {document:?}");
    document.entries.into_iter().next().expect("an entry")
}

fn value<'e>(entry: &'e LogEntry, name: &str) -> Option<&'e str> {
    entry.values.iter().find(|value| value.name == name).and_then(|value| value.value.as_deref())
}

/// The answers to all vectors, as `validate` gives them.
fn answers() -> Vec<(String, String, Value)> {
    let answer = |vector: sqljwt_conformance::Vector| {
        let Ok(settings) = serde_json::from_str::<Value>(&vector.settings) else { return None };
        let mut call = json!({
            "verb": "validate", "settings": settings, "token": vector.row.token, "user": vector.row.user,
            "now": vector.row.now, "fetched": vector.row.fetched
        });
        if let Some(body) = &vector.row.userinfo {
            call["userinfo"] = json!(body);
        }
        let text = wire::call(&call.to_string());
        let document: Value = serde_json::from_str(&text).expect("a document");
        document["decision"].is_string().then_some((vector.row.id, text, document))
    };
    vectors().into_iter().filter_map(answer).collect()
}

#[test]
fn what_a_client_is_told_leads_back_to_the_reason() {
    let mut met = BTreeMap::new();
    for (id, _, document) in answers() {
        let Some(code) = document["reason"]["code"].as_str() else { continue };
        let client = &document["client"];
        let message = client["message"].as_str().expect("a message");
        let detail = client["detail"].as_str().filter(|detail| !detail.contains('\n'));
        let alone = format!("ERROR:  {message}");
        let mut texts = vec![alone];
        if let Some(detail) = detail {
            texts.push(format!("ERROR:  {message}\nDETAIL:  {detail}"));
            let event = json!({
                "EventType": "client_authentication_failed", "User": "x", "Reason": 6,
                "Detail": format!("{message}\n{detail}"), "Method": "jwt_token"
            });
            texts.push(format!("I260101 00:00:00.000001 7 4@util/log/event_log.go:32 ⋮ [n1] 3 ={event}"));
        }
        for text in texts {
            let document = advisor::from_log(&text);
            let first = &document.entries[0];
            assert!(first.codes.iter().any(|known| known.as_str() == code), "{id}: {code}: {text}: {first:?}");
            assert_eq!(first.outcome, LogOutcome::Rejected, "{id}: {text}");
        }
        *met.entry(code.to_owned()).or_insert(0) += 1;
    }
    assert!(met.len() > 50, "{met:?}");
}

#[test]
fn our_own_lines_and_documents_name_their_reason() {
    for (id, text, document) in answers() {
        let told = advisor::from_log(&text);
        let Some(code) = document["reason"]["code"].as_str() else {
            let wanted = if document["decision"] == "accept" { LogOutcome::Accepted } else { LogOutcome::Rejected };
            assert_eq!(told.entries[0].outcome, wanted, "{id}: {text}");
            continue;
        };
        let line = format!("{code}: {}", document["reason"]["message"].as_str().expect("a message"));
        for text in [
            text.clone(),
            line.clone(),
            format!("2026-01-01T00:00:00Z pam_sqljwt: {line}; user=ada rhost=10.0.0.1 service=db pid=7"),
            format!(
                "Jan  1 00:00:00 db postgres[7]: pam_sqljwt(postgresql:auth): {line}; user=ada rhost=- service=db pid=7"
            ),
            format!("2026-01-01 00:00:00.000 UTC [7] LOG:  sqljwt: {line}; rhost=10.0.0.1"),
            format!("2026-01-01T00:00:00Z info login unix asked=\"ada\": {line}"),
            json!({"accepted": false, "code": code, "log_line": line}).to_string(),
            json!({"log": format!("sqljwt: {line}"), "stream": "stderr"}).to_string(),
        ] {
            let first = entry(&text);
            assert_eq!(first.codes, [code.parse::<ReasonCode>().expect("a code")], "{id}: {text}");
            assert!(first.exact && first.source == LogSource::Sqljwt, "{id}: {text}");
        }
    }
}

#[test]
fn every_wrapper_is_looked_through() {
    let message = "JWT authentication: invalid audience";
    let detail = "token issued with an audience of [a b]";
    for text in [
        message.to_string(),
        format!("ERROR: {message}\nDETAIL: {detail}\nSQLSTATE: 28000"),
        format!("psql: error: connection to server at \"db\" (10.0.0.1), port 26257 failed: ERROR:  {message}\nDETAIL:  {detail}"),
        format!("failed to connect to `user=ada database=defaultdb`: 10.0.0.1:26257 (db): server error: ERROR: {message} (SQLSTATE 28000)"),
        format!("org.postgresql.util.PSQLException: ERROR: {message}\n  Detail: {detail}"),
        format!("psycopg.OperationalError: connection failed: FATAL:  {message}\nDETAIL:  {detail}"),
        format!("error: {message}"),
        format!("W260101 00:00:00.000001 7 4@sql/pgwire/auth.go:1 ⋮ [n1,client=10.0.0.1:1,hostssl,user=‹ada›] 3  authentication failed: {message}"),
        json!({"severity": "ERROR", "event": {"EventType": "client_authentication_failed", "Detail": format!("{message}\n{detail}"), "User": "‹ada›"}}).to_string(),
        json!({"error_severity": "FATAL", "message": message, "detail": detail, "state_code": "28000"}).to_string(),
        json!({"log": format!("ERROR: {message}\n"), "stream": "stderr"}).to_string(),
        json!({"message": format!("{{\"message\":\"{message}\",\"detail\":\"{detail}\"}}")}).to_string(),
    ] {
        let first = entry(&text);
        let audience: Vec<_> = ReasonCode::all().iter().filter(|code| code.check().as_str() == "audience").collect();
        assert_eq!(first.codes.len(), audience.len(), "{text}: {first:?}");
        assert_eq!(first.codes[0], ReasonCode::AudienceNotAllowed, "{text}");
        assert_eq!(first.source, LogSource::Cockroachdb, "{text}");
        if text.contains("[a b]") {
            assert_eq!(value(&first, "audience"), Some("[a b]"), "{text}: {first:?}");
        }
        if text.contains("ada") {
            assert_eq!(value(&first, "requested_user"), Some("ada"), "{text}: {first:?}");
        }
    }
}

#[test]
fn postgresql_s_texts_have_their_meaning() {
    for (text, event, first, stated) in [
        (
            r#"FATAL:  OAuth bearer authentication failed for user "ada""#,
            "oauth_failed",
            Some(ReasonCode::TokenExpired),
            ("requested_user", "ada"),
        ),
        (
            r#"FATAL:  PAM authentication failed for user "ada""#,
            "pam_failed",
            Some(ReasonCode::TokenExpired),
            ("requested_user", "ada"),
        ),
        (
            r#"LOG:  no match in usermap "m" for user "ada" authenticated as "ada@x""#,
            "map_no_match",
            Some(ReasonCode::IdentityUnmapped),
            ("principal", "ada@x"),
        ),
        (
            r#"LOG:  provided user name (ada) and authenticated user name (bob) do not match"#,
            "map_no_match",
            Some(ReasonCode::UserMismatch),
            ("principal", "bob"),
        ),
        (
            r#"FATAL:  no pg_hba.conf entry for host "10.0.0.1", user "ada", database "d", no encryption"#,
            "hba_no_entry",
            None,
            ("host", "10.0.0.1"),
        ),
        (r#"FATAL:  role "ada" is not permitted to log in"#, "role_no_login", None, ("requested_user", "ada")),
        (
            "FATAL:  malformed OAUTHBEARER message\nDETAIL:  Message does not contain an auth value.",
            "sasl_malformed",
            Some(ReasonCode::TokenMalformed),
            ("", ""),
        ),
    ] {
        let entry = entry(text);
        assert_eq!((entry.event, entry.codes.first().copied()), (event, first), "{text}: {entry:?}");
        assert!(stated.0.is_empty() || value(&entry, stated.0) == Some(stated.1), "{text}: {entry:?}");
        assert!(entry.remedy.is_some(), "{text}");
    }
    let text = r#"LOG:  connection authenticated: identity="ada@x" method=oauth (/etc/pg_hba.conf:3)"#;
    assert_eq!(entry(text).outcome, LogOutcome::Accepted);
}

#[test]
fn what_is_not_known_is_unknown() {
    for text in [
        "LOG:  checkpoint starting: time",
        "disabled by the operator",
        "JWT authentication: invalid audiences",
        "ERROR:  role \"ada\" does not exist",
        r#"{"EventType":"client_session_end","User":"ada"}"#,
        r#"{"accepted":1}"#,
        "{",
        "{\"a\":",
    ] {
        let document = advisor::from_log(text);
        assert_eq!(document.unknown, 1, "{text}: {document:?}");
        assert_eq!((document.entries[0].outcome, document.counts.len()), (LogOutcome::Unknown, 0), "{text}");
    }
    assert!(advisor::from_log("").entries.is_empty());
}

#[test]
fn a_token_in_the_log_is_a_finding_and_never_comes_back() {
    let signature = TOKEN.rsplit('.').next().expect("a signature");
    for text in [
        TOKEN.to_owned(),
        format!("password={TOKEN}"),
        format!("\"{TOKEN}\""),
        format!("Authorization: Bearer {TOKEN}"),
        format!("pam_sqljwt: token_expired: the token {TOKEN}; user=ada rhost=- service=x pid=1"),
        format!("ERROR: JWT authentication: invalid principal\nDETAIL: token issued for [{TOKEN}] and login was for {TOKEN}"),
        json!({"EventType": "client_authentication_failed", "Detail": "JWT authentication: invalid token", "User": TOKEN}).to_string(),
        json!({"message": "token_expired: x", "user": TOKEN}).to_string(),
        json!({"decision": "reject", "reason": {"code": "token_expired", "message": TOKEN, "remedy": TOKEN}}).to_string(),
        json!({"decision": "accept", "user": TOKEN, "principal": TOKEN}).to_string(),
        format!("{}{TOKEN}", "x ".repeat(300_000)),
        format!("JWT authentication: invalid token\\n{}", TOKEN.replace('.', "%2E")),
    ] {
        let call = wire::call(&json!({"verb": "log", "text": text}).to_string());
        assert!(!call.contains("eyJ") && !call.contains(signature), "{text:.200}: {call:.3000}");
        let document = advisor::from_log(&text);
        assert!(document.tokens > 0 && document.token_remedy.is_some(), "{text:.200}");
        assert!(!format!("{document:?}").contains("eyJ"));
    }
    // Written as JSON escapes, it is one only once it is read.
    let escaped: String = TOKEN.bytes().map(|byte| format!("\\u{byte:04x}")).collect();
    let text = format!(
        r#"{{"EventType":"client_authentication_failed","Detail":"JWT authentication: invalid token","User":"{escaped}"}}"#
    );
    assert!(!advisor::from_log(&text).to_json().contains("eyJ"));
}

#[test]
fn nothing_that_a_terminal_obeys_comes_back() {
    let evil = "\u{1b}[2J\u{202e}\u{7}\u{9b}";
    for text in [
        format!("JWT authentication: invalid issuer\nDETAIL: token issued by {evil}"),
        format!("sqljwt: token_expired: {evil}; rhost={evil}"),
        evil.to_string(),
        json!({"decision": "reject", "reason": {"code": "token_expired", "message": evil, "remedy": evil}}).to_string(),
    ] {
        let json = advisor::from_log(&text).to_json();
        let document: Value = serde_json::from_str(&json).expect("JSON");
        let printed = document.to_string();
        assert!(!evil.chars().any(|letter| !letter.is_ascii_graphic() && printed.contains(letter)), "{printed}");
        let mut all = String::new();
        strings(&document, &mut all);
        assert!(!all.chars().any(|letter| letter.is_control() || letter == '\u{202e}'), "{all:?}");
    }
}

fn strings(value: &Value, all: &mut String) {
    match value {
        Value::String(text) => all.push_str(text),
        Value::Array(list) => list.iter().for_each(|value| strings(value, all)),
        Value::Object(members) => members.values().for_each(|value| strings(value, all)),
        _ => {}
    }
}

#[test]
fn lines_that_follow_belong_to_the_login_before_them() {
    let log = "LOG:  sqljwt: token_expired: it expired; rhost=[local]\nHINT:  request a new token\n\
        FATAL:  OAuth bearer authentication failed for user \"ada\"\nLOG:  checkpoint starting\n\
        ERROR:  JWT authentication: invalid issuer\nDETAIL:  token issued by https://a\n\
        ERROR:  JWT authentication: invalid issuer\nDETAIL:  token issued by https://b\n";
    let document = advisor::from_log(log);
    let events: Vec<_> = document.entries.iter().map(|entry| (entry.line, entry.codes[0])).collect();
    let issuer = ReasonCode::IssuerNotAllowed;
    assert_eq!(events, [(1, ReasonCode::TokenExpired), (3, ReasonCode::TokenExpired), (5, issuer), (7, issuer)]);
    assert_eq!(document.entries[0].remedy.as_deref(), Some("request a new token"));
    assert_eq!(value(&document.entries[3], "issuer"), Some("https://b"));
    assert_eq!((document.lines, document.unknown), (8, 1));
    assert_eq!((document.counts[0].count, document.counts[0].line, document.counts.len()), (2, 5, 3));
}

#[test]
fn a_long_log_is_counted_and_told_in_part() {
    let line = "token_expired: it expired\n";
    for (count, more) in [(1000, 0), (1001, 1)] {
        let document = advisor::from_log(&line.repeat(count));
        assert_eq!((document.entries.len(), document.more), (1000, more));
        assert_eq!(document.counts[0].count, count as u64);
    }
    let limit = sqljwt::limits::LOG_LINE_BYTES_MAX;
    for (length, event) in [(limit, "token_expired"), (limit + 1, "line_too_long")] {
        let text = format!("token_expired: {}", "x".repeat(length - "token_expired: ".len()));
        assert_eq!(entry(&text).event, event);
    }
    let limit = sqljwt::limits::LOG_BYTES_MAX;
    for (length, is_answered) in [(limit, true), (limit + 1, false)] {
        let answer = wire::call(&json!({"verb": "log", "text": "\n".repeat(length)}).to_string());
        assert_eq!(!answer.contains("call_invalid"), is_answered);
    }
}

#[test]
fn noise_never_panics_and_the_kinds_are_bounded() {
    let mut noise = Noise::new("log");
    let pieces = [
        "JWT authentication: invalid token",
        "token issued for ",
        " and login was for ",
        "DETAIL:",
        "‹",
        "×",
        "›",
        "{\"",
        "\"}",
        "unable to parse token: ",
        "sqljwt: ",
        "token_expired: ",
        "user=",
        "\\\"",
        "eyJ",
        "\u{1b}",
        " ={",
        "\"EventType\":",
        "no match in usermap \"",
        "ACCEPTED  `",
        "` logs in as SQL user `",
        "pam_sqljwt: ",
        "asked=\"",
        "\": ",
        "é",
        "\n",
        "the value ",
    ];
    let (mut reader, mut counts) = (LogReader::new(), LogCounts::new());
    for _ in 0..20_000 {
        let line: String = (0..noise.below(12)).map(|_| pieces[noise.below(pieces.len())]).collect();
        let next = reader.line(&line);
        next.iter().for_each(|entry| {
            assert!(!entry.text.contains('\u{1b}') && entry.text.chars().count() < 4000, "{entry:?}");
            counts.add(entry);
        });
    }
    reader.finish().iter().for_each(|entry| counts.add(entry));
    assert!(counts.others() == 0 && counts.counts().len() < 200, "{}", counts.counts().len());
    assert_eq!(reader.lines(), 20_000);
}
