//! Writes the contract's questions, and what is expected of the answers: `cargo run -p sqljwt-conformance --bin questions -- FOLDER`.
//!
//! `runners/README.md` describes the two files, `questions` and `expected`.

use std::{env, fs, path::PathBuf, process::ExitCode};

use serde_json::Value;
use sqljwt_conformance::{Decision, Expect, Vector, noise::Noise, vectors};

/// Longest token that is asked a second time, mutated; the longer ones are there for the limits.
const MUTATED_BYTES_MAX: usize = 20_000;

fn main() -> ExitCode {
    let Some(folder) = env::args_os().nth(1).map(PathBuf::from) else {
        eprintln!("usage: questions FOLDER");
        return ExitCode::from(2);
    };
    let (mut questions, mut expected) = (Vec::new(), String::new());
    for Vector { settings, row, expect, .. } in vectors() {
        let userinfo = row.userinfo.as_deref().unwrap_or_default();
        let (fetched, now) = (Value::from(row.fetched.clone()).to_string(), row.now.to_string());
        let mut ask = |id: &str, token: &[u8]| {
            let fields = [id, &settings, &fetched, userinfo].map(str::as_bytes).into_iter();
            for field in fields.chain([token, row.user.as_bytes(), now.as_bytes()]) {
                questions.extend(format!("{}:", field.len()).into_bytes());
                questions.extend(field);
                questions.push(b',');
            }
        };
        ask(&row.id, row.token.as_bytes());
        expected.push_str(&format!("{}\t{}\t\n", row.id, verdict(&expect)));
        if row.token.len() <= MUTATED_BYTES_MAX {
            // No vector says what has to come of it; that it is the same everywhere is enough.
            let id = format!("{}, mutated", row.id);
            ask(&id, &Noise::new(&id).mutated(row.token.as_bytes()));
            expected.push_str(&format!("{id}\t\n"));
        }
    }
    fs::create_dir_all(&folder).expect("the folder can be made");
    fs::write(folder.join("questions"), questions).expect("the folder can be written");
    fs::write(folder.join("expected"), expected).expect("the folder can be written");
    ExitCode::SUCCESS
}

/// An expectation in the words of an answer.
fn verdict(expect: &Expect) -> String {
    let word = |word: &Option<String>| word.clone().unwrap_or_default();
    match expect.decision {
        Decision::Accept => format!("accept {}", word(&expect.user)),
        Decision::Reject => format!("reject {}", word(&expect.code)),
        Decision::KeysNeeded => "keys_needed".into(),
    }
}
