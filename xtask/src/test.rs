//! What CI checks, and what the faces are checked with. Nothing is installed here: what is missing is named with the command that installs it.

use std::process::ExitCode;

use crate::{
    c, python,
    shell::{command, run, succeeds},
    wasm,
};

/// Runs the checks and says how they went: those of the engine, and with `--faces` those of every face too.
pub(crate) fn run_checks(mut arguments: impl Iterator<Item = String>) -> Result<ExitCode, String> {
    let faces = match arguments.next().as_deref() {
        None => false,
        Some("--faces") => true,
        Some(other) => return Err(format!("`cargo xtask test` has no option `{other}`")),
    };
    tools(if faces { &[ENGINE_TOOLS, FACE_TOOLS] } else { &[ENGINE_TOOLS] })?;
    engine()?;
    if faces {
        c::all()?;
        python::all()?;
        wasm::build_and_test()?;
    }
    println!("\nall checks passed");
    Ok(ExitCode::SUCCESS)
}

/// Checks the engine, its vectors, and that every face compiles; stops at the first thing that is wrong.
fn engine() -> Result<(), String> {
    run(&mut command("cargo fmt --all --check"))?;
    run(&mut command("cargo clippy --workspace --all-targets --locked -- --deny warnings"))?;
    run(command("cargo doc --workspace --no-deps --locked").env("RUSTDOCFLAGS", "--deny warnings"))?;
    run(&mut command("cargo test --workspace --locked"))?;
    run(&mut command("cargo run --quiet --locked --package sqljwt-conformance --bin vectorgen -- --check"))?;
    pure_rust()
}

/// The pure-Rust signature backend, the one of WebAssembly, answers as the native one does.
fn pure_rust() -> Result<(), String> {
    let mut tests = command("cargo test --package sqljwt --package sqljwt-conformance --lib --tests --locked");
    // Another folder, so that the two builds do not overwrite each other's work.
    run(tests.env("RUSTFLAGS", "--cfg sqljwt_pure_rust").env("CARGO_TARGET_DIR", "target/pure-rust"))
}

/// A command that shows whether a tool is there, and how to install it.
type Tool = (&'static str, &'static str);

const ENGINE_TOOLS: &[Tool] = &[
    ("cargo fmt --version", "rustup component add rustfmt"),
    ("cargo clippy --version", "rustup component add clippy"),
    ("cc --version", "apt-get install gcc libc6-dev    (AWS-LC is built from C)"),
];

const FACE_TOOLS: &[Tool] = &[
    ("c++ --version", "apt-get install g++"),
    ("clang --version", "apt-get install clang"),
    ("valgrind --version", "apt-get install valgrind"),
    ("cmake --version", "apt-get install cmake"),
    ("pkg-config --version", "apt-get install pkg-config"),
    ("python3 -m ensurepip --version", "apt-get install python3 python3-venv"),
    ("node --version", "apt-get install nodejs npm    (Node 20 or newer)"),
    ("npm --version", "apt-get install npm"),
];

/// Names every tool that is missing, all at once.
fn tools(wanted: &[&[Tool]]) -> Result<(), String> {
    let missing: Vec<_> = wanted
        .iter()
        .copied()
        .flatten()
        .filter(|(probe, _)| !succeeds(probe))
        .map(|(probe, install)| format!("  `{probe}` does not run; install it with: {install}"))
        .collect();
    if missing.is_empty() { Ok(()) } else { Err(format!("tools are missing:\n{}", missing.join("\n"))) }
}
