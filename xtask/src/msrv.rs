//! Does what `Cargo.toml` says of compilers hold? What is shipped builds with the oldest that it names, with both signature
//! backends, and the engine builds where there is no standard library.
//!
//! Both take what rustup may have to download. Where it cannot, one line says that the check was not made.

use std::process::Command;

use crate::shell::{command, run, succeeds};

/// The version that `Cargo.toml` states.
const STATED: &str = env!("CARGO_PKG_RUST_VERSION");

/// A machine without an operating system, for which Rust has `core` and `alloc` only.
const BARE: &str = "thumbv7em-none-eabihf";

/// Checks the oldest compiler and the bare machine.
pub(crate) fn all() -> Result<(), String> {
    oldest_compiler()?;
    bare_machine()
}

/// What is shipped builds with the compiler that `rust-version` names.
fn oldest_compiler() -> Result<(), String> {
    let there = succeeds(&format!("rustup run {STATED} rustc --version"))
        || succeeds(&format!("rustup toolchain install {STATED} --profile minimal --no-self-update"));
    if !there {
        println!("\n── not checked: that Rust {STATED} builds this; rustup could not install it");
        return Ok(());
    }
    let check = |more: &str| apart(&format!("rustup run {STATED} cargo check --locked {more}"));
    let shipped =
        "--package sqljwt --package sqljwt-ffi --package sqljwt-python --package sqljwt-wasm --package sqljwt-agent";
    run(&mut check(shipped))?;
    run(in_pure_rust(&mut check("--package sqljwt --features pure-rust")))
}

/// The engine builds without the standard library.
fn bare_machine() -> Result<(), String> {
    if !succeeds(&format!("rustup target add {BARE}")) {
        println!("\n── not checked: that the engine builds without std; rustup could not install {BARE}");
        return Ok(());
    }
    let build = "cargo check --locked --package sqljwt --features pure-rust --target";
    run(in_pure_rust(&mut apart(&format!("{build} {BARE}"))))
}

/// A command that compiles into another folder than everybody's, so that two compilers do not overwrite each other's work.
fn apart(line: &str) -> Command {
    let mut cargo = command(line);
    cargo.env("CARGO_TARGET_DIR", "target/msrv");
    cargo
}

/// With the signature backend that the machine would not choose.
fn in_pure_rust(cargo: &mut Command) -> &mut Command {
    cargo.env("RUSTFLAGS", "--cfg sqljwt_pure_rust")
}
