//! Looks for inputs that break a promise, and keeps those that reach what no other reaches.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

use crate::shell::{command, root, run, succeeds};

const TARGETS: [&str; 7] = ["token", "settings_json", "settings_sql", "jwks", "identity_map", "wire_call", "c_abi"];

/// Fuzzes one target, or one after the other.
pub(crate) fn run_command(arguments: impl Iterator<Item = String>) -> Result<ExitCode, String> {
    let asked = Asked::of(arguments)?;
    if !succeeds("cargo fuzz --version") {
        return Err("`cargo fuzz` does not run; install it with: cargo install cargo-fuzz".into());
    }
    for target in &asked.targets {
        seeds(target)?;
        if asked.keep {
            keep(target)?;
        } else {
            fuzz(target, asked.minutes)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

struct Asked {
    targets: Vec<&'static str>,
    minutes: u32,
    keep: bool,
}

impl Asked {
    fn of(mut arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut asked = Self { targets: vec![], minutes: 1, keep: false };
        while let Some(argument) = arguments.next() {
            match &*argument {
                "--keep" => asked.keep = true,
                "--minutes" => {
                    let minutes = arguments.next().and_then(|minutes| minutes.parse().ok());
                    asked.minutes = minutes.ok_or("`--minutes` takes a whole number")?;
                }
                name => {
                    let known = TARGETS.into_iter().find(|&target| target == name);
                    asked.targets.push(known.ok_or_else(|| {
                        format!("there is no target `{name}`; the targets are {}", TARGETS.join(", "))
                    })?);
                }
            }
        }
        if asked.targets.is_empty() {
            asked.targets = TARGETS.into();
        }
        Ok(asked)
    }
}

/// Fuzzes beginning with the corpus, the findings of earlier times and the seeds; what is found worth keeping stays in
/// `target/`.
fn fuzz(target: &str, minutes: u32) -> Result<(), String> {
    let found = made(scratch(target).join("found"))?;
    let findings = made(root().join("tests/fuzz/findings").join(target))?;
    let mut fuzzer = fuzzer(target, &[&found, &corpus(target), &findings, &scratch(target).join("seeds")]);
    fuzzer.args([
        "-dict=tests/fuzz/dictionary.txt",
        &format!("-max_len={LONGEST}"),
        &format!("-max_total_time={}", minutes * 60),
        // An input is held to one second of its thread's time; this ends one that never returns.
        "-timeout=30",
        "-rss_limit_mb=1024",
        "-print_final_stats=1",
    ]);
    run(&mut fuzzer)
}

/// Replaces the corpus with what reaches code that neither the seeds nor another input of it reaches.
fn keep(target: &str) -> Result<(), String> {
    let seeds = scratch(target).join("seeds");
    let found = made(scratch(target).join("found"))?;
    let corpus = made(corpus(target))?;
    let mut merge = fuzzer(target, &[&seeds, &corpus, &found]);
    // Edges alone: how often each is taken would keep five times as many inputs.
    run(merge.args(["-merge=1", "-use_counters=0", "-timeout=30", "-rss_limit_mb=1024"]))?;
    for path in files(&corpus)? {
        fs::remove_file(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    for path in files(&seeds)? {
        let name = path.file_name().unwrap_or_default();
        // Seeds have numbers, and the fuzzer names by SHA-1.
        if name.len() == 40 {
            fs::copy(&path, corpus.join(name)).map_err(|error| format!("{}: {error}", path.display()))?;
        }
    }
    println!("{}: {} inputs", corpus.display(), files(&corpus)?.len());
    Ok(())
}

/// Longest input that is tried, in bytes: room for what the vectors say, and short enough for thousands in a second.
const LONGEST: usize = 8192;

/// The fuzz binary of a target, with its folders and before its own options.
fn fuzzer(target: &str, folders: &[&Path]) -> Command {
    // Only the C functions have unsafe code for the address sanitizer to watch; the others run faster without.
    let sanitizer = if target == "c_abi" { "address" } else { "none" };
    let mut fuzzer = command("cargo fuzz run --fuzz-dir tests/fuzz --sanitizer");
    // The coverage counters are an option of the nightly compiler; this lets the stable one take it too.
    fuzzer.env("RUSTC_BOOTSTRAP", "1");
    fuzzer.arg(sanitizer).arg(format!("fuzz_{target}")).args(folders).arg("--");
    fuzzer
}

/// Writes the seeds of a target anew.
fn seeds(target: &str) -> Result<(), String> {
    let folder = scratch(target).join("seeds");
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    let mut seeds = command("cargo run --quiet --locked --package sqljwt-robustness --bin seeds --");
    run(seeds.arg(target).arg(folder))
}

fn scratch(target: &str) -> PathBuf {
    root().join("target/fuzz").join(target)
}

fn corpus(target: &str) -> PathBuf {
    root().join("tests/fuzz/corpus").join(target)
}

fn made(folder: PathBuf) -> Result<PathBuf, String> {
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    Ok(folder)
}

fn files(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = fs::read_dir(folder).and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect());
    entries.map_err(|error| format!("{}: {error}", folder.display()))
}
