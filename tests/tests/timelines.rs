//! How explanations read: the timelines of all samples, pinned, plain and on a terminal, and the one that the README shows.

use serde::Deserialize;
use sqljwt::{Explanation, Settings, Tone};
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

#[test]
fn samples_fit_a_terminal() {
    let list = pinned::read("tests/samples/logins.json");
    let logins: Vec<Login> = serde_json::from_str(&list).expect("the list of samples");
    let mut text = String::from("Each line of the samples as a terminal of 80 characters shows it, after its tone.\n");
    for login in logins {
        let settings = pinned::read(&format!("tests/samples/{}", login.settings));
        let explanation = Explanation::of(Settings::from_text(&settings), &login.token, &login.user, login.now);
        text += &format!("\n# {}\n", login.title);
        let timeline = explanation.timeline().file(&login.settings).document(&settings).width(80).verbose(true);
        for line in timeline.lines() {
            let shown = line.to_string();
            text += &if shown.is_empty() { "\n".into() } else { format!("{:12}{shown}\n", line.tone.as_str()) };
        }
    }
    pinned::holds("tests/samples/terminal.txt", &text);
}

/// Of all vectors: nothing that is told is told again.
#[test]
fn every_fact_is_told_once() {
    for vector in sqljwt_conformance::vectors() {
        let settings = Settings::from_text(&vector.settings);
        let explanation = Explanation::of(settings, vector.row.token.as_bytes(), &vector.row.user, vector.row.now);
        let text = explanation.to_string();
        // Two fixes of one setting write the value that they begin with twice.
        let statements: Vec<String> = explanation
            .lines()
            .into_iter()
            .filter(|line| line.tone == Tone::Statement)
            .map(|line| line.to_string())
            .collect();
        let is_told = |line: &&str| line.trim().len() > 40 && !statements.iter().any(|statement| statement == line);
        let lines: Vec<&str> = text.lines().filter(is_told).collect();
        for line in &lines {
            assert_eq!(lines.iter().filter(|other| *other == line).count(), 1, "{}: {line}\n{text}", vector.row.id);
        }
        if let Some(reason) = &explanation.reason {
            let told = text.matches(&format!("{}\n", reason.message)).count();
            assert_eq!(told, 1, "{}: {text}", vector.row.id);
        }
    }
}

/// The title of the sample that the README shows.
const SHOWN: &str = "Entra: the audience is the application's address, not its id";
