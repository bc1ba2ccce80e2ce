//! Writes the vector files: `cargo run -p sqljwt-conformance --bin vectorgen`; with `--check` it only says what differs.
//!
//! The same bytes come out at every run. Files that this tool does not know (`attacks`, `attacks_large`, `signatures`)
//! are kept by hand: their tokens were signed with keys that nobody has.

use std::{env, fs, process::ExitCode};

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
    for (name, file) in books().map(Book::finish) {
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
    if check && drifted { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

fn books() -> [Book; 10] {
    [
        algorithms::book(),
        claims::book(),
        identity::book(),
        options::book(),
        providers::book(),
        cockroachdb::identity::book(),
        cockroachdb::library::book(),
        cockroachdb::logins::book(),
        cockroachdb::principals::book(),
        cockroachdb::settings::book(),
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
