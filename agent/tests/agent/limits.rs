//! Who is made to wait, who is dropped, and who is not disturbed by it?

use std::{
    io::{Read, Write},
    net::TcpStream,
    os::unix::net::UnixStream,
    thread,
    time::Duration,
};

use nix::sys::resource::{Resource, getrlimit, setrlimit};
use serde_json::json;
use sqljwt_testing::{Issuer, now};

use crate::{
    house::{Agent, Folder, PATIENCE, idp, wait},
    site::{Mood, Site},
};

#[test]
fn a_token_of_64_kib_is_judged_over_both() {
    let (folder, idp, now) = (Folder::new(), idp(), now());
    let agent = Agent::new(&folder, &idp.settings(), &[]);
    let filled = |bytes: usize| idp.token(now).claim("filling", "x".repeat(bytes)).mint();
    // Each three bytes of a claim are four of the token.
    let least = filled(0).len();
    let token = filled((65_536 - least) / 4 * 3 - 30);
    assert!((65_400..=65_536).contains(&token.len()), "{}", token.len());
    assert_eq!(agent.code(&token, "alice"), "accepted");
    assert_eq!(agent.code(&filled(49_152), "alice"), "token_too_large");

    let basic = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, format!("alice:{token}"));
    let request = format!("GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Basic {basic}\r\n\r\n");
    let back = agent.says_over_http(request.as_bytes()).unwrap();
    assert!(back.starts_with("HTTP/1.1 200 "), "{back}");
}

#[test]
fn silent_clients_are_dropped() {
    let (folder, idp) = (Folder::new(), idp());
    let agent = Agent::new(&folder, &idp.settings(), &[]);
    let mut back = Vec::new();
    for begun in [&b""[..], b"{\"token\":"] {
        let mut stream = UnixStream::connect(&agent.socket).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.write_all(begun).unwrap();
        // One that is cut off in the middle of a line hears of it as an error of the connection.
        drop(stream.read_to_end(&mut back));
    }
    for begun in [&b""[..], b"GET / HTTP/1.1\r\nHost:"] {
        let mut stream = TcpStream::connect(&agent.http).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.write_all(begun).unwrap();
        drop(stream.read_to_end(&mut back));
    }
    // A body that does not come.
    let mut stream = TcpStream::connect(&agent.http).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.write_all(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\na").unwrap();
    let mut late = String::new();
    stream.read_to_string(&mut late).unwrap();
    assert!(late.starts_with("HTTP/1.1 408 "), "{late}");
    assert_eq!(back, b"");
    agent.logs("silent uid=", 2);
}

#[test]
fn a_client_that_drips_is_dropped_too() {
    let (folder, idp) = (Folder::new(), idp());
    let agent = Agent::new(&folder, &idp.settings(), &[]);
    let mut stream = UnixStream::connect(&agent.socket).unwrap();
    // It is never silent for long, and never says a whole line.
    wait(
        || {
            thread::sleep(Duration::from_millis(50));
            stream.write_all(b" ").is_err()
        },
        || "the connection goes on".into(),
    );
}

#[test]
fn a_thousand_idle_connections_and_logins_go_on() {
    let (_, hard) = getrlimit(Resource::RLIMIT_NOFILE).unwrap();
    setrlimit(Resource::RLIMIT_NOFILE, hard.min(4096), hard).unwrap();
    let (folder, idp) = (Folder::new(), idp());
    let agent = Agent::new(&folder, &idp.settings(), &["--silence", "60"]);
    let token = idp.token(now()).mint();
    let idle: Vec<_> = (0..1000).map(|_| UnixStream::connect(&agent.socket).unwrap()).collect();
    for _ in 0..100 {
        assert_eq!(agent.code(&token, "alice"), "accepted");
    }
    // They were there all the time, and each of them is heard.
    for mut stream in idle {
        stream.write_all(format!("{}\n", json!({"token": token, "user": "bob"})).as_bytes()).unwrap();
        let mut back = String::new();
        stream.read_to_string(&mut back).unwrap();
        assert!(back.contains("user_mismatch"), "{back}");
    }
}

#[test]
fn more_connections_than_there_may_be_wait_for_the_silent_ones() {
    let (folder, idp) = (Folder::new(), idp());
    let agent = Agent::new(&folder, &idp.settings(), &["--connections", "4"]);
    let token = idp.token(now()).mint();
    let idle: Vec<_> = (0..12).map(|_| UnixStream::connect(&agent.socket).unwrap()).collect();
    assert_eq!(agent.code(&token, "alice"), "accepted");
    assert!(agent.log().contains("silent uid="));
    drop(idle);
}

#[test]
fn a_slow_identity_provider_delays_nobody_else() {
    let (folder, site, quick) = (Folder::new(), Site::new(), Site::new());
    site.is(Mood::Slow(Duration::from_secs(20)));
    let slow = Issuer::new(site.url.as_str()).with_claim("sub", "alice");
    let fetched = Issuer::new(quick.url.as_str()).with_claim("sub", "alice");
    quick.serve(fetched.jwks().to_string(), "max-age=300");
    let settings = json!({
        "server.jwt_authentication.enabled": true,
        "server.jwt_authentication.issuers": json!([site.url, quick.url]).to_string(),
        "server.jwt_authentication.audience": "db-login",
        "server.jwt_authentication.jwks_auto_fetch.enabled": true,
        "engine.user_names": "postgresql",
    });
    let settings = sqljwt::Settings::from_json(&settings.to_string()).unwrap();
    let agent = Agent::new(&folder, &settings, &["--waiting", "4"]);
    let now = now();
    let (token, good) = (slow.token(now).mint(), fetched.token(now).mint());
    thread::scope(|scope| {
        // Two wait: half of the places, and no issuer has more.
        let waiting: Vec<_> = (0..2)
            .map(|_| {
                let mut stream = UnixStream::connect(&agent.socket).unwrap();
                stream.write_all(format!("{}\n", json!({"token": token, "user": "alice"})).as_bytes()).unwrap();
                let mut other = stream.try_clone().unwrap();
                (stream, scope.spawn(move || other.read_to_end(&mut Vec::new())))
            })
            .collect();
        wait(
            || {
                let answer = agent.answer(&token, "alice");
                assert_eq!(answer["code"], "keys_needed");
                answer["log_line"].as_str().unwrap().contains("too many logins wait")
            },
            || "the places are taken".into(),
        );
        for _ in 0..50 {
            assert_eq!(agent.code(&good, "alice"), "accepted");
        }
        for (stream, thread) in waiting {
            assert!(!thread.is_finished());
            stream.shutdown(std::net::Shutdown::Both).unwrap();
            drop(thread.join());
        }
    });
}
