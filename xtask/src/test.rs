//! Everything that CI checks. Nothing is installed here: what is missing is named with the command that installs it.

use std::process::ExitCode;

use crate::{
    c, python,
    shell::{command, run, succeeds},
    wasm,
};

/// Checks everything and stops at the first thing that is wrong.
fn all() -> Result<(), String> {
    tools()?;
    run(&mut command("cargo fmt --all --check"))?;
    run(&mut command("cargo clippy --workspace --all-targets --locked -- --deny warnings"))?;
    run(command("cargo doc --workspace --no-deps --locked").env("RUSTDOCFLAGS", "--deny warnings"))?;
    run(&mut command("cargo test --workspace --locked"))?;
    run(&mut command("cargo run --quiet --locked --package sqljwt-conformance --bin vectorgen -- --check"))?;
    pure_rust()?;
    c::all()?;
    python::all()?;
    wasm::build_and_test()
}

/// The pure-Rust signature backend, the one of WebAssembly, answers as the native one does.
fn pure_rust() -> Result<(), String> {
    let mut tests = command("cargo test --package sqljwt --package sqljwt-conformance --lib --tests --locked");
    // Another folder, so that the two builds do not overwrite each other's work.
    run(tests.env("RUSTFLAGS", "--cfg sqljwt_pure_rust").env("CARGO_TARGET_DIR", "target/pure-rust"))
}

/// Names every tool that is missing, all at once.
fn tools() -> Result<(), String> {
    let missing: Vec<_> = [
        ("cargo fmt --version", "rustup component add rustfmt"),
        ("cargo clippy --version", "rustup component add clippy"),
        ("node --version", "apt-get install nodejs npm    (Node 20 or newer runs the tests of the JavaScript package)"),
        ("npm --version", "apt-get install npm"),
        ("cc --version", "apt-get install gcc libc6-dev    (AWS-LC is built from C)"),
        ("python3 -m ensurepip --version", "apt-get install python3 python3-venv"),
        ("c++ --version", "apt-get install g++"),
        ("clang --version", "apt-get install clang"),
        ("valgrind --version", "apt-get install valgrind"),
        ("cmake --version", "apt-get install cmake"),
        ("pkg-config --version", "apt-get install pkg-config"),
    ]
    .into_iter()
    .filter(|(probe, _)| !succeeds(probe))
    .map(|(probe, install)| format!("  `{probe}` does not run; install it with: {install}"))
    .collect();
    if missing.is_empty() { Ok(()) } else { Err(format!("tools are missing:\n{}", missing.join("\n"))) }
}

/// Runs the checks and says how they went.
pub(crate) fn run_checks() -> Result<ExitCode, String> {
    all()?;
    println!("\nall checks passed");
    Ok(ExitCode::SUCCESS)
}
