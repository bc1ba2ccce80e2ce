//! What do the vector files and the samples say? `cargo xtask update` writes them anew; alone, this names those that differ.
//!
//! The same bytes come out at every run.

use std::{collections::BTreeMap, fs, process::ExitCode};

use book::Book;
use serde::Serialize;
use sqljwt_conformance::{folder, mint, pinned};

mod algorithms;
mod book;
mod claims;
mod cockroachdb;
mod costly;
mod fetched;
mod identity;
mod options;
mod providers;
mod samples;

fn main() -> ExitCode {
    let files = files();
    let mut faults: Vec<String> = files.iter().filter_map(|(path, text)| pinned::compare(path, text).err()).collect();
    let strangers = there().filter(|path| !files.contains_key(path) && !KEPT_BY_HAND.contains(&path.as_str()));
    faults.extend(strangers.map(|path| {
        format!("{path} is neither written by vectorgen nor kept by hand: delete it, or name it in vectorgen's main.rs")
    }));
    for fault in &faults {
        eprintln!("{fault}");
    }
    if faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The files by their paths in the repository.
fn files() -> BTreeMap<String, String> {
    let vectors = books().map(Book::finish);
    let vectors = vectors.iter().map(|(name, file)| (format!("tests/vectors/{name}.json"), print(file)));
    let settings = samples::settings().into_iter().map(|(name, text)| (format!("tests/samples/{name}"), text));
    let logins = ("tests/samples/logins.json".into(), print(&samples::logins()));
    vectors.chain(settings).chain([logins]).collect()
}

/// The paths of the vector files that are there.
fn there() -> impl Iterator<Item = String> {
    let entries = fs::read_dir(folder().join("vectors")).expect("the folder of vectors can be read");
    let names = entries.map(|entry| entry.expect("a vector file").file_name().to_string_lossy().into_owned());
    names.filter(|name| name.ends_with(".json")).map(|name| format!("tests/vectors/{name}"))
}

fn books() -> [Book; 15] {
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
        fetched::hardened(),
        fetched::cockroachdb(),
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
const KEPT_BY_HAND: [&str; 3] =
    ["tests/vectors/attacks.json", "tests/vectors/attacks_large.json", "tests/vectors/signatures.json"];
