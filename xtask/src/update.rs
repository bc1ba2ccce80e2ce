//! One door for every text that is written from another one: vectors, tables, the C header, lists of names.
//!
//! A test, or a script, that stands where it is known what such a text ought to say holds the text to it. With a folder in
//! `UPDATE_INTO` it holds nothing: it puts the text into the folder, under its path in the repository, and reads from there
//! what was put there before. Here they are run in order, and what they give is compared with the repository, told, and copied.

mod pass;

use std::{
    collections::BTreeSet,
    path::Path,
    process::{Command, ExitCode},
};

use self::pass::{Finding, Mode, Pass};
use crate::{
    shell::{command, line, root, run, succeeds},
    test::NODE,
};

/// Everything that is written. To add a text, hold it in a test (`tests/src/pinned.rs`) and add a row, below the rows that it is
/// written from.
const ROWS: [Row; 9] = [
    Row {
        name: "Unicode's tables",
        writes: &[
            "core/src/ground/unicode/tables/canonical.rs",
            "core/src/ground/unicode/tables/cases.rs",
            "core/src/ground/unicode/tables/letters.rs",
            "core/src/ground/unicode/tables/properties.rs",
        ],
        by: By::Tests("--lib", "are_those_of_the_library"),
    },
    Row {
        name: "the C header",
        writes: &["ffi/include/sqljwt.h"],
        by: By::Tests("--lib", "header_is_the_one_that_the_sources_give"),
    },
    Row { name: "the reasons, for readers", writes: &["REASONS.md"], by: By::Tests("--test reasons", "") },
    Row {
        name: "the rules of lint, for readers",
        writes: &["docs/src/lint.md"],
        by: By::Tests("--test rules_page", ""),
    },
    Row {
        name: "the names of reasons, checks, algorithms and so on",
        writes: &["python/python/sqljwt/names.py", "tests/wire.schema.json", "wasm/js/names.d.ts"],
        by: By::Tests("--test names", ""),
    },
    Row {
        name: "the packages' version",
        writes: &["pyproject.toml", "python/python/sqljwt/__init__.py", "wasm/js/package.json"],
        by: By::Tests("--test versions", ""),
    },
    Row {
        name: "the vectors and the sample logins",
        writes: &["tests/vectors/", "tests/samples/"],
        by: By::Tests("--test files", "vectorgen_writes_the_files_as_they_are"),
    },
    Row {
        name: "the sample logins' timelines",
        writes: &["README.md", "tests/samples/timelines.txt", "tests/samples/terminal.txt"],
        by: By::Tests("--test timelines", ""),
    },
    Row {
        name: "the playground's samples",
        writes: &["web-demo/src/samples.json"],
        by: By::Node("web-demo/scripts/samples.mjs"),
    },
];

struct Row {
    name: &'static str,
    /// The files that it gives, all of them; a path that ends in `/` stands for files in that folder.
    writes: &'static [&'static str],
    by: By,
}

/// Who knows what the files ought to say.
enum By {
    /// Tests: Cargo's options that choose the target, and what their names have in common.
    Tests(&'static str, &'static str),
    /// A script for Node.
    Node(&'static str),
}

/// The packages whose tests hold texts.
const PACKAGES: &str = "--package sqljwt --package sqljwt-ffi --package sqljwt-conformance";

/// Runs `cargo xtask update`.
pub(crate) fn run_command(arguments: impl Iterator<Item = String>) -> Result<ExitCode, String> {
    let (mut mode, mut rows) = (Mode::Write, ROWS.iter().collect());
    for argument in arguments {
        match &*argument {
            "--check" => mode = Mode::Check,
            "--engine" => rows = engine_rows(),
            other => return Err(format!("`cargo xtask update` has no option `{other}`")),
        }
    }
    Ok(if update(&rows, PACKAGES, mode)? { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Checks what Rust alone can check, with the tests of the whole workspace as they are built already.
pub(crate) fn check_engine() -> Result<(), String> {
    match update(&engine_rows(), "--workspace", Mode::Check)? {
        true => Ok(()),
        false => Err("a text is stale; `cargo xtask update` writes it".into()),
    }
}

fn engine_rows() -> Vec<&'static Row> {
    ROWS.iter().filter(|row| matches!(row.by, By::Tests(..))).collect()
}

/// Goes through the rows, and says whether all is well in the end.
fn update(rows: &[&Row], packages: &str, mode: Mode) -> Result<bool, String> {
    let targets: BTreeSet<_> = rows.iter().filter_map(|row| row.target()).collect();
    let targets = targets.into_iter().collect::<Vec<_>>().join(" ");
    // Apart from the rows, which are silent unless they fail: it can take minutes.
    run(&mut command(&format!("cargo test --no-run --locked {packages} {targets}")))?;
    println!();
    let folder = root().join("target/update");
    let pass = Pass { repository: &root(), folder: &folder, mode };
    let findings = pass.run(rows, |row| row.give(packages, &folder))?;
    let well = findings.iter().all(Finding::is_well);
    let outcome = match (well, mode) {
        (true, _) => "every text is as its source gives it",
        (false, Mode::Check) => {
            "not every text was found as its source gives it; `cargo xtask update` writes those that are stale"
        }
        (false, Mode::Write) => "not every text could be written",
    };
    println!("\n{outcome}");
    Ok(well)
}

impl Row {
    fn target(&self) -> Option<&'static str> {
        match self.by {
            By::Tests(target, _) => Some(target),
            By::Node(_) => None,
        }
    }

    /// Has the files put into the folder.
    fn give(&self, packages: &str, into: &Path) -> Result<(), String> {
        let mut giver = match self.by {
            By::Tests(target, names) => command(&format!("cargo test --quiet --locked {packages} {target} -- {names}")),
            By::Node(script) => {
                let (probe, install) = NODE;
                if !succeeds(probe) {
                    return Err(format!("`{probe}` does not run; install it with: {install}"));
                }
                command(&format!("node {script}"))
            }
        };
        silent_unless_it_fails(giver.env("UPDATE_INTO", into))
    }
}

fn silent_unless_it_fails(command: &mut Command) -> Result<(), String> {
    let output = command.output().map_err(|error| format!("`{}` cannot be started: {error}", line(command)))?;
    if output.status.success() {
        return Ok(());
    }
    let said = [output.stdout, output.stderr].concat();
    Err(format!("`{}` failed with {}\n{}", line(command), output.status, String::from_utf8_lossy(&said)))
}
