//! What do the worst mixtures of settings, token and user cost on this machine? Prints each one that takes longer, or holds
//! more, than all before it, and fails where one holds more than is promised:
//! `cargo run --release -p sqljwt-robustness --example worst [CALLS]`. With a file's name the calls are written there, one a
//! line, for the other faces.

use std::{
    env,
    fs::File,
    io::{BufWriter, Write},
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use sqljwt::wire;
use sqljwt_robustness::{Mixture, recipes};

/// What SECURITY.md speaks of: inputs up to 1 MiB of each kind.
const BYTES: usize = 1 << 20;
/// What it promises of memory.
const MEMORY: u64 = 64 << 20;
const NOW: i64 = 1_800_000_000;

/// The same settings with a line of the identity map left out, and judged by the other rules.
fn changed(settings: &Value) -> Value {
    let mut settings = settings.clone();
    if let Some(map) = settings.get_mut("server.identity_map.configuration") {
        let text = map.as_str().unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        let without = lines.len() / 2;
        let left = lines.iter().enumerate().filter(|(place, _)| *place != without).map(|(_, line)| *line);
        *map = left.collect::<Vec<_>>().join("\n").into();
    }
    let profile = if settings["engine.profile"] == "cockroachdb" { "hardened" } else { "cockroachdb" };
    settings["engine.profile"] = profile.into();
    settings
}

fn main() {
    let mut calls = env::args().nth(1).map(|path| BufWriter::new(File::create(path).expect("a file to write")));
    let (mut longest, mut largest) = (Duration::ZERO, 0);
    for recipe in recipes() {
        let Mixture { settings, token, user } = Mixture::of(&recipe, BYTES);
        let document: Value = serde_json::from_str(&settings).expect("settings are JSON");
        let mut questions =
            Vec::from([json!({"verb": "explain", "settings": document, "token": token, "user": user, "now": NOW})]);
        // The settings of the others differ in their switches alone.
        if recipe[9] < 2 {
            questions.extend([
                json!({"verb": "lint", "settings": document}),
                json!({"verb": "who_can", "settings": document}),
                json!({"verb": "compare", "settings": document, "new_settings": changed(&document)}),
            ]);
        }
        for question in questions {
            let call = question.to_string();
            let start = Instant::now();
            let answer = wire::call(&call);
            let time = start.elapsed();
            let memory = allocation_counter::measure(|| drop(wire::call(&call))).bytes_max;
            if time > longest || memory > largest {
                let answer: Value = serde_json::from_str(&answer).expect("an answer is JSON");
                let outcome = answer["reason"]["code"].as_str().or(answer["decision"].as_str()).unwrap_or_default();
                println!(
                    "{:7.1} ms  {:6.1} MiB  {} {outcome}, recipe {recipe:?}",
                    time.as_secs_f64() * 1e3,
                    memory as f64 / 1_048_576.0,
                    question["verb"].as_str().unwrap_or_default(),
                );
            }
            (longest, largest) = (longest.max(time), largest.max(memory));
            if let Some(calls) = &mut calls {
                writeln!(calls, "{call}").expect("a file to write");
            }
        }
    }
    println!("at most {:.1} ms, {:.1} MiB", longest.as_secs_f64() * 1e3, largest as f64 / 1_048_576.0);
    assert!(largest <= MEMORY, "more than {MEMORY} bytes are held at once");
}
