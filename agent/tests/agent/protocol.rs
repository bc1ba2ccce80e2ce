//! What does the socket answer?

use serde_json::{Value, json};
use sqljwt::{Validator, Verdict};
use sqljwt_testing::{BadToken, now};

use crate::house::{Agent, Folder, idp};

#[test]
fn a_login_is_one_line_that_begins_as_promised() {
    let (folder, idp, now) = (Folder::new(), idp(), now());
    let agent = Agent::new(&folder, &idp.settings(), &[]);
    let token = idp.token(now).mint();
    let line =
        agent.says(format!("{{\"token\":\"{token}\",\"user\":\"alice\",\"peer\":\"10.0.0.1\"}}\n").as_bytes()).unwrap();
    assert!(line.starts_with(r#"{"accepted":true,"user":"alice","log_line":""#) && line.ends_with("}\n"), "{line}");

    let line = agent.says(format!("{{\"token\":\"{token}\",\"user\":\"bob\"}}\n").as_bytes()).unwrap();
    assert!(line.starts_with(r#"{"accepted":false,"code":"user_mismatch","log_line":"user_mismatch: "#), "{line}");

    // Who is it?
    let line = agent.says(format!("{{\"token\":\"{token}\"}}\n").as_bytes()).unwrap();
    assert!(line.starts_with(r#"{"accepted":true,"user":"alice","log_line":""#), "{line}");

    agent.logs("login uid=", 3);
    let log = agent.log();
    for told in ["uid=", " pid=", "for \"10.0.0.1\"", "asked=\"bob\": user_mismatch: ", "login uid="] {
        assert!(log.contains(told), "{told} in {log}");
    }
    let parts: Vec<&str> = token.split('.').collect();
    assert!(parts.iter().all(|part| !log.contains(part)), "{log}");
}

#[test]
fn what_follows_the_first_members_is_the_engines_document() {
    let (folder, idp, now) = (Folder::new(), idp(), now());
    let settings = idp.settings();
    let agent = Agent::new(&folder, &settings, &[]);
    let validator = Validator::new(&settings).unwrap();
    for (token, user) in [(idp.token(now).mint(), "alice"), (idp.token(now).mint(), "bob"), ("eyJ".into(), "alice")] {
        let mut answer = agent.answer(&token, user);
        for member in ["accepted", "user", "code", "log_line"] {
            answer.as_object_mut().unwrap().remove(member);
        }
        let document: Value = serde_json::from_str(&Verdict::decided(&validator, &token, user, now).to_json()).unwrap();
        assert_eq!(answer, document);
    }
}

#[test]
fn every_bad_token_is_refused_for_its_reason() {
    let (folder, idp, now) = (Folder::new(), idp(), now());
    let settings = idp.settings();
    let agent = Agent::new(&folder, &settings, &[]);
    let mut refused = 0;
    for &kind in BadToken::all() {
        if idp.bad_settings(kind).to_json() != settings.to_json() {
            continue;
        }
        let token = idp.bad(kind, now).mint();
        if token.len() > 65_536 {
            continue;
        }
        assert_eq!(agent.code(&token, kind.user().unwrap_or("alice")), kind.code().as_str(), "{kind:?}");
        refused += 1;
    }
    assert!(refused > 20, "{refused}");
    assert_eq!(agent.code(&idp.token(now).mint(), "alice"), "accepted");
}

#[test]
fn what_is_no_request_is_told_so_and_harms_nobody() {
    let (folder, idp) = (Folder::new(), idp());
    let agent = Agent::new(&folder, &idp.settings(), &["--request-bytes", "4096"]);
    let token = idp.token(now()).mint();
    let long = format!("{{\"token\":\"{}\"}}\n", "a".repeat(5000));
    let twice = format!("{0}\n{0}\n", json!({"token": token, "user": "alice"}));
    for (sent, code) in [
        ("\n", "request_invalid"),
        ("{}\n", "request_invalid"),
        ("null\n", "request_invalid"),
        ("[[[[[[[[[[[[[[[[\n", "request_invalid"),
        ("{\"token\":\"a\",\"token\":\"b\"}\n", "request_invalid"),
        ("{\"token\":\"a\",\"sql\":\"b\"}\n", "request_invalid"),
        ("{\"token\":7}\n", "request_invalid"),
        ("GET / HTTP/1.1\r\n\r\n", "request_invalid"),
        (&*twice, "request_invalid"),
        (&*long, "request_too_long"),
        (&"x".repeat(300_000), "request_too_long"),
        ("{\"token\":\"\"}\n", "token_empty"),
        ("{\"token\":\"a\\u0000b.c.d\"}\n", "token_bad_base64"),
    ] {
        let line = agent.says(sent.as_bytes()).unwrap();
        assert!(
            line.starts_with(&format!(r#"{{"accepted":false,"code":"{code}","log_line":"{code}: "#)),
            "{sent}: {line}"
        );
    }
    // Not UTF-8; and a line that does not end.
    let line = agent.says(b"{\"token\":\"\xff\"}\n").unwrap();
    assert!(line.contains("request_invalid"), "{line}");
    assert_eq!(agent.code(&token, "alice"), "accepted");
}

#[test]
fn texts_of_others_are_inert_in_the_log() {
    let (folder, idp) = (Folder::new(), idp());
    let agent = Agent::new(&folder, &idp.settings(), &[]);
    let token = idp.token(now()).claim("sub", "ali\u{1b}]0;x\u{7}\n\u{202e}ce").mint();
    let sent = json!({"token": token, "user": "\u{1b}[2J\nroot\u{202e}", "peer": "\u{9b}31m\r\n\u{0}".to_owned() + &"x".repeat(1000)});
    agent.says(format!("{sent}\n").as_bytes()).unwrap();
    agent.logs("login uid=", 1);
    let log = agent.log();
    assert!(log.chars().all(|letter| letter == '\n' || (letter >= ' ' && letter != '\u{7f}' && !"\u{9b}\u{202e}".contains(letter))), "{log:?}");
    assert!(log.lines().all(|line| line.len() < 2000 && line.starts_with("20")), "{log}");
}
