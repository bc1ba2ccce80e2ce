//! The C face answers every vector: a C program decides and explains, and this test compares.
//!
//! `cargo xtask c` compiles the program, `vectors.c`, and runs this test with it: plain, under the sanitizers and under
//! Valgrind. The protocol is described there.

use std::{
    env, fs,
    process::{Command, Stdio},
};

use sqljwt::{Explanation, ReasonCode, Refusal, Settings, Validator};
use sqljwt_conformance::{Vector, vectors};

#[test]
#[ignore = "needs the compiled C program: `cargo xtask c` runs it"]
fn every_vector_is_answered_in_c_as_in_rust() {
    let runner = env::var("SQLJWT_VECTOR_RUNNER").expect("`cargo xtask c` says which program answers");
    let vectors = vectors();
    let answers = answers(&runner, &vectors);
    assert_eq!(answers.len(), vectors.len(), "every vector has an answer");
    for (vector, answer) in vectors.iter().zip(&answers) {
        assert_eq!(answer, &Answer::in_rust(vector), "{}: {}", vector.row.id, vector.row.about);
    }
    println!("{} vectors answered in C as in Rust", answers.len());
}

/// What the C program says of one vector.
#[derive(Debug, PartialEq, Eq)]
struct Answer {
    status: i32,
    user: String,
    explanation: String,
}

impl Answer {
    /// What Rust says of the vector; that this is what the vector expects is for Rust's own runner to show.
    fn in_rust(vector: &Vector) -> Self {
        let row = &vector.row;
        let refused = |code: ReasonCode| (i32::from(code.number()), String::new());
        let settings = || Settings::from_text(&vector.settings);
        let (status, user) = match settings().and_then(|settings| Validator::new(&settings)) {
            Err(error) => refused(error.code),
            Ok(validator) => match validator.validate(&row.token, &row.user, row.now) {
                Ok(login) => (0, login.user),
                Err(Refusal::KeysNeeded(_)) => (100, String::new()),
                Err(Refusal::Rejected(rejection)) => refused(rejection.code),
            },
        };
        let explanation = Explanation::of(settings(), &row.token, &row.user, row.now).to_json();
        Self { status, user, explanation }
    }
}

fn answers(runner: &str, vectors: &[Vector]) -> Vec<Answer> {
    let mut questions = Vec::new();
    for Vector { settings, row, .. } in vectors {
        for field in [settings, &row.token, &row.user, &row.now.to_string()] {
            questions.extend(u32::try_from(field.len()).expect("vectors are small").to_le_bytes());
            questions.extend(field.as_bytes());
        }
    }
    let path = env::temp_dir().join(format!("sqljwt-vectors-{}", std::process::id()));
    fs::write(&path, questions).expect("a temporary file");
    let mut words = runner.split_ascii_whitespace();
    let output = Command::new(words.next().expect("a program"))
        .args(words)
        .stdin(fs::File::open(&path).expect("the file just written"))
        .stderr(Stdio::inherit())
        .output()
        .expect("the program starts");
    fs::remove_file(&path).expect("the file just written");
    assert!(output.status.success(), "{runner} ended with {}", output.status);

    let mut fields = Fields(&output.stdout);
    let mut answers = Vec::new();
    while let (Some(status), Some(user), Some(explanation)) = (fields.next(), fields.next(), fields.next()) {
        answers.push(Answer { status: status.parse().expect("a number"), user, explanation });
    }
    answers
}

/// The fields of an answer: a length of four bytes, then as many bytes.
struct Fields<'f>(&'f [u8]);

impl Iterator for Fields<'_> {
    type Item = String;

    fn next(&mut self) -> Option<String> {
        let (length, rest) = self.0.split_first_chunk()?;
        let (field, rest) = rest.split_at(u32::from_le_bytes(*length) as usize);
        self.0 = rest;
        Some(String::from_utf8(field.to_vec()).expect("UTF-8"))
    }
}
