//! What does a login cost whoever asks the agent, from connecting to the end of the answer?
//!
//! Beside it a bare echo, over a socket of the same kind and with as many bytes, and one that is busy for as long as the engine takes to
//! decide: what nobody can do without, for whoever waits that long may find the processor asleep. They take turns of a few logins
//! each, so that whatever else the machine does falls on all, and none begins each login with cold caches.

use std::{
    env, hint,
    io::{BufRead, BufReader, Read, Write},
    os::unix::net::{UnixListener, UnixStream},
    path::Path,
    process::{Child, Command},
    time::{Duration, Instant},
};

use serde_json::json;
use sqljwt::{Algorithm, Validator};
use sqljwt_testing::{Issuer, now};

#[cfg(target_os = "linux")]
#[path = "../tests/agent/house.rs"]
#[allow(dead_code, reason = "the tests need more of it")]
mod house;

use house::{Agent, Folder};

const ROUNDS: usize = 5000;

/// Logins in a turn.
const TURN: usize = 25;

fn main() {
    let mut arguments = env::args().skip(1);
    if let (Some("--echo"), Some(socket)) = (arguments.next().as_deref(), arguments.next()) {
        return echo(Path::new(&socket));
    }
    println!("connect to close, medians of {ROUNDS} logins, {TURN} in turn with as many of a bare echo\n");
    println!("{:48}{:>10}{:>10}{:>12}{:>10}", "", "agent", "engine", "busy echo", "echo");
    for lines in [10, 10_000] {
        for algorithm in [Algorithm::ES256, Algorithm::RS256] {
            measure(&format!("{} {lines} lines of a map", algorithm.as_str()), lines, algorithm, 0);
        }
    }
    measure("ES256 10 lines of a map, 1,000 idle connections", 10, Algorithm::ES256, 1000);
}

fn measure(what: &str, lines: usize, algorithm: Algorithm, idle: usize) {
    let (folder, now) = (Folder::new(), now());
    let map: Vec<String> =
        (0..lines).map(|line| format!("https://idp.example user{line}@corp.example user{line}")).collect();
    let idp = Issuer::new("https://idp.example")
        .with_algorithm(algorithm)
        .with_setting("engine.user_names", "postgresql")
        .with_setting("server.identity_map.configuration", map.join("\n"));
    let user = format!("user{}", lines - 1);
    let token = idp.token(now).claim("sub", format!("{user}@corp.example")).mint();
    let validator = Validator::new(&idp.settings()).expect("settings");
    let agent = Agent::new(&folder, &idp.settings(), &["--silence", "60"]);
    let other = Echo::new(&folder);
    let request = format!("{}\n", json!({"token": token, "user": user}));
    let answer = agent.says(request.as_bytes()).expect("an answer");
    assert!(answer.starts_with(r#"{"accepted":true"#), "{answer}");
    let decide = || {
        let begun = Instant::now();
        assert!(validator.validate(&token, &user, now).is_ok());
        begun.elapsed()
    };
    let busy = median((0..ROUNDS).map(|_| decide()).collect());
    // An echo is told how long an answer is to be, and for how many nanoseconds it is to be busy.
    let question = |busy: Duration| format!("{:08}{:08}{}", answer.len(), busy.as_nanos(), &request[16..]);
    let (idle_question, busy_question) = (question(Duration::ZERO), question(busy));

    let _idle: Vec<_> = (0..idle).map(|_| UnixStream::connect(&agent.socket).expect("a connection")).collect();
    let (mut by_agent, mut by_busy, mut by_echo, mut inside) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let echo = folder.at("echo.sock");
    for _ in 0..ROUNDS / TURN {
        by_agent.extend((0..TURN).map(|_| asked(&agent.socket, request.as_bytes(), answer.len())));
        by_busy.extend((0..TURN).map(|_| asked(&echo, busy_question.as_bytes(), answer.len())));
        by_echo.extend((0..TURN).map(|_| asked(&echo, idle_question.as_bytes(), answer.len())));
        inside.extend((0..TURN).map(|_| decide()));
    }
    drop(other);
    let [by_agent, by_busy, by_echo, inside] = [by_agent, by_busy, by_echo, inside].map(|times| micros(median(times)));
    println!("{what:48}{by_agent:>7.1} µs{inside:>7.1} µs{by_busy:>9.1} µs{by_echo:>7.1} µs");
}

/// How long it takes to connect, ask, and read to the end.
fn asked(socket: &Path, request: &[u8], bytes: usize) -> Duration {
    let begun = Instant::now();
    let mut stream = UnixStream::connect(socket).expect("a connection");
    stream.write_all(request).expect("a request");
    let mut back = Vec::with_capacity(4096);
    stream.read_to_end(&mut back).expect("an answer");
    let took = begun.elapsed();
    assert_eq!(back.len(), bytes);
    took
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

/// A process that reads a line, is busy for as long as the line says, and writes as many bytes.
struct Echo(Child);

impl Echo {
    fn new(folder: &Folder) -> Self {
        let socket = folder.at("echo.sock");
        let this = env::current_exe().expect("this program");
        let child = Command::new(this).arg("--echo").arg(&socket).spawn().expect("an echo");
        house::wait(|| UnixStream::connect(&socket).is_ok(), || "an echo".into());
        Self(child)
    }
}

impl Drop for Echo {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

fn echo(socket: &Path) {
    let listener = UnixListener::bind(socket).expect("a socket");
    let mut line = String::new();
    for mut stream in listener.incoming().map_while(Result::ok) {
        line.clear();
        if BufReader::new(&stream).read_line(&mut line).is_ok_and(|bytes| bytes > 16) {
            let begun = Instant::now();
            let bytes: usize = line[..8].parse().expect("a length");
            let busy = Duration::from_nanos(line[8..16].parse().expect("a time"));
            while begun.elapsed() < busy {
                hint::spin_loop();
            }
            // A client that has gone away is nothing to tell of.
            drop(stream.write_all(&vec![b'x'; bytes]));
        }
    }
}
