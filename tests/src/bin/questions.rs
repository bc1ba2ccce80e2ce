//! Writes the contract's questions, and what the vectors expect: `cargo run -p sqljwt-conformance --bin questions -- FOLDER`.
//!
//! `runners/README.md` describes the two files, `questions` and `expected`.

use std::{env, fs, path::PathBuf, process::ExitCode};

use sqljwt_conformance::{Decision, Expect, Vector, vectors};

fn main() -> ExitCode {
    let Some(folder) = env::args_os().nth(1).map(PathBuf::from) else {
        eprintln!("usage: questions FOLDER");
        return ExitCode::from(2);
    };
    let (mut questions, mut expected) = (Vec::new(), String::new());
    for Vector { settings, row, expect, .. } in vectors() {
        for field in [&row.id, &settings, &row.token, &row.user, &row.now.to_string()] {
            questions.extend(format!("{}:{field},", field.len()).into_bytes());
        }
        expected.push_str(&format!("{}\t{}\n", row.id, verdict(&expect)));
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
