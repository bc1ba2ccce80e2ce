//! How explanations read: the timelines of all samples, pinned, and the one that the README shows.

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
        if login.title == SHOWN {
            let readme = pinned::with(&pinned::read("README.md"), ["```text\n", "```\n"], &explanation.to_string());
            pinned::holds("README.md", &readme);
        }
    }
    assert!(text.contains(SHOWN), "no sample has the title of the one that the README shows");
    pinned::holds("tests/samples/timelines.txt", &text);
}

/// The title of the sample that the README shows.
const SHOWN: &str = "Entra: the audience is the application's address, not its id";
