//! How explanations read: the timelines of all samples, pinned. `UPDATE=1 cargo test -p sqljwt-conformance --test timelines` writes
//! them anew.

use std::fs;

use serde::Deserialize;
use sqljwt::{Explanation, Settings};
use sqljwt_conformance::{folder, pinned};

#[derive(Deserialize)]
struct Login {
    title: String,
    settings: String,
    token: String,
    user: String,
    now: i64,
}

#[test]
fn samples_read_as_they_did() {
    let folder = folder().join("samples");
    let list = fs::read_to_string(folder.join("logins.json")).expect("the list of samples");
    let logins: Vec<Login> = serde_json::from_str(&list).expect("the list of samples");
    let mut text = String::new();
    for login in logins {
        let settings = fs::read_to_string(folder.join(&login.settings)).expect("the settings of a sample");
        let explanation = Explanation::of(Settings::from_text(&settings), &login.token, &login.user, login.now);
        text += &format!("# {}\n\n{explanation}\n", login.title);
    }
    pinned::holds("samples/timelines.txt", &text, "cargo test -p sqljwt-conformance --test timelines");
}
