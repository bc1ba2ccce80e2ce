//! Writes the vector files and the samples: `cargo run -p sqljwt-conformance --bin vectorgen`; with `--check` it only says what differs.
//!
//! The same bytes come out at every run.

use std::{collections::BTreeSet, env, fs, process::ExitCode};

use book::Book;
use serde::Serialize;
use sqljwt_conformance::mint;

mod algorithms;
mod book;
mod claims;
mod cockroachdb;
mod costly;
mod identity;
mod options;
mod providers;
mod samples;

fn main() -> ExitCode {
    let check = env::args().any(|argument| argument == "--check");
    let mut written = Written { check, drifted: false };
    let mut known: BTreeSet<String> = KEPT_BY_HAND.map(Into::into).into();
    for (name, file) in books().map(Book::finish) {
        known.insert(name.into());
        written.file(&format!("vectors/{name}.json"), &print(&file));
    }
    for (name, text) in samples::settings() {
        written.file(&format!("samples/{name}"), &text);
    }
    written.file("samples/logins.json", &print(&samples::logins()));
    for name in sqljwt_conformance::files().keys().filter(|name| !known.contains(*name)) {
        written.drifted = true;
        eprintln!(
            "vectors/{name}.json is neither written by vectorgen nor kept by hand: delete it, or name it in main.rs"
        );
    }
    if check && written.drifted { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// What this run has written, or, when it only checks, has found to differ.
struct Written {
    check: bool,
    drifted: bool,
}

impl Written {
    fn file(&mut self, name: &str, text: &str) {
        let path = sqljwt_conformance::folder().join(name);
        if fs::read_to_string(&path).is_ok_and(|old| old == text) {
            return;
        }
        self.drifted = true;
        if self.check {
            eprintln!("{name} is not what vectorgen writes: run `cargo run -p sqljwt-conformance --bin vectorgen`");
        } else {
            fs::write(&path, text).expect("the folder of this crate can be written");
            println!("{name} is written");
        }
    }
}

fn books() -> [Book; 13] {
    [
        algorithms::book(),
        claims::book(),
        identity::book(),
        options::book(),
        providers::book(),
        cockroachdb::identity::book(),
        cockroachdb::keys::book(),
        cockroachdb::logins::book(),
        cockroachdb::principals::book(),
        cockroachdb::settings::book(),
        cockroachdb::tokens::book(),
        costly::hardened(),
        costly::cockroachdb(),
    ]
}

/// JSON with every character beyond ASCII escaped: a reader must see the zero-width space that a vector is about.
fn print(file: &impl Serialize) -> String {
    let mut text = String::new();
    for character in serde_json::to_string_pretty(file).expect("vectors and samples are JSON").chars() {
        if character.is_ascii() {
            text.push(character);
        } else {
            let mut units = [0; 2];
            for unit in character.encode_utf16(&mut units) {
                text += &format!("\\u{unit:04x}");
            }
        }
    }
    text + "\n"
}

/// Files whose tokens were signed with keys that nobody has.
const KEPT_BY_HAND: [&str; 2] = ["attacks", "attacks_large"];
