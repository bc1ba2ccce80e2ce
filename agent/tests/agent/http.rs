//! What does HTTP answer?

use base64::{Engine, engine::general_purpose::STANDARD};
use sqljwt_testing::now;

use crate::house::{Agent, Folder, idp};

fn basic(user: &str, token: &str) -> String {
    format!("Authorization: Basic {}\r\n", STANDARD.encode(format!("{user}:{token}")))
}

fn ask(agent: &Agent, headers: &str) -> String {
    agent.says_over_http(format!("GET /login HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n").as_bytes()).unwrap()
}

#[test]
fn a_user_and_a_token_are_answered_with_a_status_that_tells_no_more() {
    let (folder, idp, now) = (Folder::new(), idp(), now());
    let agent = Agent::new(&folder, &idp.settings(), &[]);
    let token = idp.token(now).mint();

    let accepted = ask(&agent, &basic("alice", &token));
    assert!(accepted.starts_with("HTTP/1.1 200 OK\r\n") && accepted.ends_with("\r\n\r\n{}"), "{accepted}");
    assert!(accepted.contains("\r\nx-sqljwt-user: alice\r\n"), "{accepted}");
    assert!(ask(&agent, &basic("", &token)).contains("\r\nx-sqljwt-user: alice\r\n"));

    let expired = idp.token(now - 7200).mint();
    for headers in [
        String::new(),
        basic("bob", &token),
        basic("alice", &expired),
        basic("alice", "secret"),
        "Authorization: Basic !\r\n".into(),
        format!("Authorization: Bearer {token}\r\n"),
        basic("alice", &token).repeat(2),
    ] {
        let refused = ask(&agent, &headers);
        assert!(refused.starts_with("HTTP/1.1 401 Unauthorized\r\n") && refused.ends_with("\r\n\r\n"), "{refused}");
        assert!(refused.contains("\r\nwww-authenticate: Basic realm=\"sqljwt\""), "{refused}");
        assert!(!refused.contains("alice") && !refused.contains("expired"), "{refused}");
    }
    let log = agent.log();
    for told in
        ["login http=127.0.0.1:", "expired", "user_mismatch", "two Authorization headers", "no Authorization header"]
    {
        assert!(log.contains(told), "{told} in {log}");
    }
    assert!([token, expired].iter().flat_map(|token| token.split('.')).all(|part| !log.contains(part)), "{log}");
}

#[test]
fn what_is_no_request_lets_nobody_in() {
    let (folder, idp) = (Folder::new(), idp());
    let agent = Agent::new(&folder, &idp.settings(), &[]);
    let login = basic("alice", &idp.token(now()).mint());
    let many: String = (0..100).map(|number| format!("X-{number}: y\r\n")).collect();
    for sent in [
        "\r\n\r\n".to_owned(),
        "GET\r\n\r\n".into(),
        format!("GET / HTTP/9.9\r\n{login}\r\n"),
        format!("GET / HTTP/1.1\r\nHost: a\r\n{login}X\r\n\r\n"),
        format!("GET / HTTP/1.1\r\nHost: a\r\n {login}\r\n"),
        format!("GET / HTTP/1.1\r\nHost: a\r\n{many}{login}\r\n"),
        format!("TRACE / HTTP/1.1\r\nHost: a\r\n{login}\r\n"),
        format!("CONNECT a:1 HTTP/1.1\r\nHost: a\r\n{login}\r\n"),
        format!("POST / HTTP/1.1\r\nHost: a\r\n{login}Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcde"),
        format!("POST / HTTP/1.1\r\nHost: a\r\n{login}Content-Length: 100000\r\n\r\n{}", "x".repeat(100_000)),
        format!("POST / HTTP/1.1\r\nHost: a\r\n{login}Transfer-Encoding: chunked\r\n\r\nzz\r\n"),
        format!("GET / HTTP/1.1\r\nHost: a\r\nX: {}\r\n{login}\r\n", "x".repeat(300_000)),
        // The client does not know what it has sent.
        login.clone(),
    ] {
        if let Ok(back) = agent.says_over_http(sent.as_bytes()) {
            assert!(!back.contains(" 200 "), "{sent}: {back}");
        }
    }
    // A short body does no harm, and nothing is answered twice.
    let request = format!("POST / HTTP/1.1\r\nHost: a\r\n{login}Content-Length: 5\r\n\r\nabcde");
    let back = agent.says_over_http(request.repeat(2).as_bytes()).unwrap();
    assert!(back.starts_with("HTTP/1.1 200 ") && back.matches("HTTP/1.1").count() == 1, "{back}");
}
