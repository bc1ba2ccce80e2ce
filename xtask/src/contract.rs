//! One contract, four faces: do all of them give the same answers, byte for byte?
//!
//! `tests/runners` describes questions and answers. The runner of a face is started by whoever builds and installs that face; what
//! it answers is compared here.

use std::{
    fs::{self, File},
    path::PathBuf,
    process::Command,
};

use crate::shell::{command, line, root, run};

/// Who answers: a face as its users have it, or one of them in surroundings that see its mistakes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Face {
    Rust,
    /// With the signature backend of WebAssembly.
    PureRust,
    C,
    /// Under AddressSanitizer and UndefinedBehaviorSanitizer.
    SanitizedC,
    /// Under Valgrind.
    CheckedC,
    Python,
    Node,
    Chromium,
}

impl Face {
    /// All of them: a census that misses one is none.
    const ALL: [Self; 8] = [
        Self::Rust,
        Self::PureRust,
        Self::C,
        Self::SanitizedC,
        Self::CheckedC,
        Self::Python,
        Self::Node,
        Self::Chromium,
    ];

    const fn name(self) -> &'static str {
        match self {
            Self::Rust => "Rust",
            Self::PureRust => "Rust, pure-Rust signatures",
            Self::C => "C",
            Self::SanitizedC => "C, under sanitizers",
            Self::CheckedC => "C, under Valgrind",
            Self::Python => "Python",
            Self::Node => "JavaScript, in Node",
            Self::Chromium => "JavaScript, in Chromium",
        }
    }
}

/// The questions, and a folder for the answers.
pub(crate) struct Contract {
    folder: PathBuf,
}

impl Contract {
    /// Writes the questions, and Rust's answers; forgets all others.
    pub(crate) fn begin() -> Result<Self, String> {
        let contract = Self { folder: root().join("target/contract") };
        let _ = fs::remove_dir_all(&contract.folder);
        run(
            command("cargo run --quiet --locked --package sqljwt-conformance --bin questions --").arg(&contract.folder)
        )?;
        contract
            .ask(Face::Rust, &mut command("cargo run --quiet --locked --package sqljwt-conformance --bin runner"))?;
        Ok(contract)
    }

    /// The file of questions.
    pub(crate) fn questions(&self) -> PathBuf {
        self.folder.join("questions")
    }

    /// Has a runner answer, its standard input and output being connected to questions and answers.
    ///
    /// # Errors
    /// It fails, leaves a question out, or answers one otherwise than the vector expects or than Rust does.
    pub(crate) fn ask(&self, face: Face, runner: &mut Command) -> Result<(), String> {
        let path = self.answers(face);
        let failed = |error: std::io::Error| format!("{}: {error}", path.display());
        println!("\n── {} < questions > answers", line(runner));
        let answers = File::create(&path).map_err(failed)?;
        let questions = File::open(self.questions()).map_err(failed)?;
        let status =
            runner.stdin(questions).stdout(answers).status().map_err(|error| format!("{}: {error}", face.name()))?;
        if !status.success() {
            let _ = fs::remove_file(&path);
            return Err(format!("{}: the runner ended with {status}", face.name()));
        }
        println!("{}: {} questions answered as Rust does", face.name(), self.compare(face)?);
        Ok(())
    }

    /// Prints who answered how many questions.
    ///
    /// # Errors
    /// A face did not answer every one of them.
    pub(crate) fn census(&self) -> Result<(), String> {
        let all = read(&self.folder.join("expected"))?.lines().count();
        println!("\n── census: {all} questions\n\n{:28}{:>24}", "face", "byte for byte alike");
        for face in Face::ALL {
            println!("{:28}{:>24}", face.name(), self.compare(face)?);
        }
        Ok(())
    }

    /// How many answers there are, every one of them as it has to be.
    fn compare(&self, face: Face) -> Result<usize, String> {
        let (expected, rust) = (read(&self.folder.join("expected"))?, read(&self.answers(Face::Rust))?);
        let answers = read(&self.answers(face))?;
        let (mut count, mut answers) = (0, answers.lines());
        for (expected, rust) in expected.lines().zip(rust.lines()) {
            let answer = answers.next().unwrap_or("nothing");
            if answer != rust || !answer.starts_with(expected) {
                let name = face.name();
                return Err(format!(
                    "{name} answers\n  {answer}\nexpected\n  {expected}\nand as Rust answers\n  {rust}"
                ));
            }
            count += 1;
        }
        match answers.next() {
            None if count == expected.lines().count() && count > 0 => Ok(count),
            _ => Err(format!("{}: {count} answers are no answer to every question", face.name())),
        }
    }

    fn answers(&self, face: Face) -> PathBuf {
        self.folder.join(format!("{face:?}"))
    }
}

fn read(path: &std::path::Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}
