//! Writes the vector files: `cargo run -p sqljwt-conformance --bin vectorgen`; with `--check` it only says what differs.
//!
//! The same bytes come out at every run.

use std::{collections::BTreeSet, env, fs, process::ExitCode};

use book::Book;
use sqljwt_conformance::VectorFile;

mod algorithms;
mod book;
mod claims;
mod cockroachdb;
mod identity;
mod mint;
mod options;
mod providers;

fn main() -> ExitCode {
    let check = env::args().any(|argument| argument == "--check");
    let mut drifted = false;
    let mut known: BTreeSet<String> = KEPT_BY_HAND.map(Into::into).into();
    for (name, file) in books().map(Book::finish) {
        known.insert(name.into());
        let path = sqljwt_conformance::folder().join("vectors").join(name).with_extension("json");
        let text = print(&file);
        if fs::read_to_string(&path).is_ok_and(|old| old == text) {
            continue;
        }
        drifted = true;
        if check {
            eprintln!(
                "{} is not what vectorgen writes: run `cargo run -p sqljwt-conformance --bin vectorgen`",
                path.display()
            );
        } else {
            fs::write(&path, text).expect("the vectors' folder can be written");
            println!("{} vectors in {}", file.vectors.len(), path.display());
        }
    }
    for name in sqljwt_conformance::files().keys().filter(|name| !known.contains(*name)) {
        drifted = true;
        eprintln!(
            "vectors/{name}.json is neither written by vectorgen nor kept by hand: delete it, or name it in main.rs"
        );
    }
    if check && drifted { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

fn books() -> [Book; 11] {
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
    ]
}

/// JSON with every character beyond ASCII escaped: a reader must see the zero-width space that a vector is about.
fn print(file: &VectorFile) -> String {
    let mut text = String::new();
    for character in serde_json::to_string_pretty(file).expect("a vector file is JSON").chars() {
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
