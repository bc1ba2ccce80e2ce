//! How explanations read: the timelines of all samples, pinned.

use serde::Deserialize;
use sqljwt::{Explanation, Settings};
use sqljwt_conformance::pinned;

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
    let list = pinned::read("tests/samples/logins.json");
    let logins: Vec<Login> = serde_json::from_str(&list).expect("the list of samples");
    let mut text = String::new();
    for login in logins {
        let settings = pinned::read(&format!("tests/samples/{}", login.settings));
        let explanation = Explanation::of(Settings::from_text(&settings), &login.token, &login.user, login.now);
        text += &format!("# {}\n\n{explanation}\n", login.title);
    }
    pinned::holds("tests/samples/timelines.txt", &text);
}
