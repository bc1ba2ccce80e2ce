//! Looks for inputs that break a promise, and keeps those that reach what no other reaches.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, ExitCode, Stdio},
    sync::Mutex,
    thread,
};

use crate::shell::{command, root, run, succeeds};

const TARGETS: [&str; 10] = [
    "token",
    "settings_json",
    "settings_sql",
    "jwks",
    "fetched",
    "identity_map",
    "wire_call",
    "together",
    "c_abi",
    "agent",
];

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
            let found = made(scratch(target).join("found"))?;
            run(&mut fuzzing(target, &found, asked.minutes * 60, sanitizer(target))?)?;
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

/// Fuzzes every target for so many seconds, two at a time: what CI does. It begins at the same place every time, so that a change is
/// to blame for what it finds, and not luck.
pub(crate) fn bounded_pass(seconds: u32) -> Result<(), String> {
    for target in TARGETS {
        seeds(target)?;
    }
    // One build for all; only `cargo xtask fuzz` watches over the C functions' memory as well.
    run(&mut cargo_fuzz("build", "none"))?;
    let waiting = Mutex::new(TARGETS.to_vec());
    let work = || loop {
        // OK because no thread panics while it holds this.
        let next = waiting.lock().map_or(None, |mut waiting| waiting.pop());
        match next {
            Some(target) => one_pass(target, seconds)?,
            None => return Ok::<(), String>(()),
        }
    };
    thread::scope(|scope| {
        let other = scope.spawn(work);
        work().and(other.join().unwrap_or_else(|_| Err("a thread that fuzzes panicked".into())))
    })
}

/// Fuzzes one target for so many seconds, and says in a line what was tried, or in a few what was found.
fn one_pass(target: &str, seconds: u32) -> Result<(), String> {
    let mut fuzzer = fuzzing(target, &emptied(scratch(target).join("pass"))?, seconds, "none")?;
    let log = scratch(target).join("pass.log");
    let file = fs::File::create(&log).map_err(|error| format!("{}: {error}", log.display()))?;
    fuzzer.arg("-seed=1").stdout(Stdio::null()).stderr(file);
    let ended = run(&mut fuzzer);
    let said = fs::read(&log).map(|said| String::from_utf8_lossy(&said).into_owned()).unwrap_or_default();
    match ended {
        Ok(()) => {
            let tried = said.lines().find(|line| line.starts_with("Done ")).unwrap_or("no count");
            println!("{target}: {tried}");
            Ok(())
        }
        Err(error) => Err(format!("{}\n{error}", found(target, &said))),
    }
}

/// The promise that an input broke, and the input: all that somebody needs who has only this text.
fn found(target: &str, said: &str) -> String {
    let promise = said.find("panicked at").or_else(|| said.find("ERROR:")).unwrap_or_default();
    let promise: String = said[promise..].chars().take(2000).collect();
    let input = files(&root().join("tests/fuzz/artifacts").join(format!("fuzz_{target}"))).unwrap_or_default();
    let newest = input.into_iter().max_by_key(|path| path.metadata().and_then(|data| data.modified()).ok());
    let input = newest.and_then(|path| fs::read(path).ok()).unwrap_or_default();
    format!("{target}: {promise}\n… by the input b\"{}\"", input.escape_ascii())
}

/// A run of the fuzzer that begins with the corpus, the findings of earlier times and the seeds, and puts what reaches new
/// code into a folder.
fn fuzzing(target: &str, found: &Path, seconds: u32, sanitizer: &str) -> Result<Command, String> {
    let findings = made(root().join("tests/fuzz/findings").join(target))?;
    let folders = [found, &made(corpus(target))?, &findings, &scratch(target).join("seeds")];
    let mut fuzzer = fuzzer(target, sanitizer, &folders);
    fuzzer.args([
        "-dict=tests/fuzz/dictionary.txt",
        &format!("-max_len={LONGEST}"),
        &format!("-max_total_time={seconds}"),
        // An input is held to a few seconds of its thread's time; this ends one that never returns.
        "-timeout=30",
        "-rss_limit_mb=1024",
        "-print_final_stats=1",
    ]);
    Ok(fuzzer)
}

/// Replaces the corpus with what reaches code that neither the seeds nor another input of it reaches.
fn keep(target: &str) -> Result<(), String> {
    let seeds = scratch(target).join("seeds");
    let found = made(scratch(target).join("found"))?;
    let corpus = made(corpus(target))?;
    let mut merge = fuzzer(target, sanitizer(target), &[&seeds, &corpus, &found]);
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

/// Only the C functions have unsafe code for the address sanitizer to watch; the others run faster without.
fn sanitizer(target: &str) -> &'static str {
    if target == "c_abi" { "address" } else { "none" }
}

/// The fuzz binary of a target, with its folders and before its own options.
fn fuzzer(target: &str, sanitizer: &str, folders: &[&Path]) -> Command {
    let mut fuzzer = cargo_fuzz("run", sanitizer);
    fuzzer.arg(format!("fuzz_{target}")).args(folders).arg("--");
    fuzzer
}

fn cargo_fuzz(verb: &str, sanitizer: &str) -> Command {
    let mut cargo = command(&format!("cargo fuzz {verb} --fuzz-dir tests/fuzz --sanitizer {sanitizer}"));
    // The coverage counters are an option of the nightly compiler; this lets the stable one take it too.
    cargo.env("RUSTC_BOOTSTRAP", "1");
    cargo
}

/// Writes the seeds of a target anew.
fn seeds(target: &str) -> Result<(), String> {
    let mut seeds = command("cargo run --quiet --locked --package sqljwt-robustness --bin seeds --");
    run(seeds.arg(target).arg(emptied(scratch(target).join("seeds"))?))
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

fn emptied(folder: PathBuf) -> Result<PathBuf, String> {
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    made(folder)
}

fn files(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = fs::read_dir(folder).and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect());
    entries.map_err(|error| format!("{}: {error}", folder.display()))
}
