//! Every input that a fuzzer found worth keeping, every one that broke a promise once, and every seed, once more; no
//! fuzzer's toolchain is needed.

use std::{fs, path::PathBuf};

use sqljwt_robustness::{TARGETS, Target, seeds, target};

/// What one input may hold at any moment, in bytes.
const MEMORY: u64 = 64 << 20;
/// Of each target's corpus; fewer mean that it is not there.
const INPUTS_LEAST: usize = 50;

#[test]
fn token() {
    replay("token");
}

#[test]
fn settings_json() {
    replay("settings_json");
}

#[test]
fn settings_sql() {
    replay("settings_sql");
}

#[test]
fn jwks() {
    replay("jwks");
}

#[test]
fn fetched() {
    replay("fetched");
}

#[test]
fn identity_map() {
    replay("identity_map");
}

#[test]
fn wire_call() {
    replay("wire_call");
}

#[test]
fn together() {
    replay("together");
}

#[test]
fn c_abi() {
    replay("c_abi");
}

#[test]
fn agent() {
    replay("agent");
}

#[test]
fn every_target_has_a_corpus_and_every_corpus_a_target() {
    let mut corpora: Vec<_> = entries(&folder("corpus")).into_iter().map(|path| name(&path)).collect();
    let mut targets: Vec<_> = TARGETS.iter().map(|target| target.name.to_owned()).collect();
    corpora.sort();
    targets.sort();
    assert_eq!(corpora, targets);
    let strange = entries(&folder("findings")).into_iter().find(|path| !targets.contains(&name(path)));
    assert_eq!(strange, None);
}

fn replay(name: &str) {
    let target = target(name);
    let corpus = entries(&folder("corpus").join(name));
    assert!(corpus.len() >= INPUTS_LEAST, "the corpus of `{name}` holds {} inputs", corpus.len());
    let findings = folder("findings").join(name);
    let findings = if findings.is_dir() { entries(&findings) } else { Vec::new() };
    for path in corpus.into_iter().chain(findings) {
        let input = fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        run(target, &path.display().to_string(), &input);
    }
    for (number, seed) in seeds(name).iter().enumerate() {
        run(target, &format!("seed {number}"), seed);
    }
}

/// Runs an input; one that panics is named on standard error, because some panics are kept quiet.
fn run(target: Target, name: &str, input: &[u8]) {
    let memory = allocation_counter::measure(|| {
        let panicked = std::panic::catch_unwind(|| (target.run)(input)).is_err();
        assert!(!panicked, "{}: {name} breaks a promise", target.name);
    });
    assert!(memory.bytes_max <= MEMORY, "{}: {name} holds {} bytes at once", target.name, memory.bytes_max);
}

fn folder(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../fuzz").join(name)
}

fn entries(folder: &PathBuf) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    entries.map(|entry| entry.unwrap_or_else(|error| panic!("{}: {error}", folder.display())).path()).collect()
}

fn name(path: &std::path::Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
