//! How explanations read: the timelines of all samples, pinned. `UPDATE=1 cargo test --test timelines` writes them anew.

use std::{env, fs};

use serde::Deserialize;
use sqljwt::{Explanation, Settings};
use sqljwt_conformance::folder;

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
    let path = folder.join("timelines.txt");
    if env::var_os("UPDATE").is_some() {
        fs::write(&path, &text).expect("the snapshot can be written");
    }
    let pinned = fs::read_to_string(&path).unwrap_or_default();
    let differing = pinned.lines().zip(text.lines()).find(|(old, new)| old != new);
    assert!(
        pinned == text,
        "`UPDATE=1 cargo test --test timelines` accepts the new text; first difference: {differing:?}"
    );
}
