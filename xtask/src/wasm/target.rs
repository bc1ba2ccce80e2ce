//! How does this machine get the standard library for `wasm32-unknown-unknown`? It has it, or rustup gets it, or it is
//! built from source: the component `rust-src`, otherwise Debian's package of the same name.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use super::debian;
use crate::shell::{command, output, root, run};

const TARGET: &str = "wasm32-unknown-unknown";

/// Sees to it that `cargo build --target wasm32-unknown-unknown` works.
///
/// # Errors
/// None of the ways leads there.
pub(crate) fn ensure() -> Result<(), String> {
    let toolchain = Toolchain::current()?;
    if toolchain.has_target() {
        return Ok(());
    }
    println!("the toolchain cannot build for {TARGET} yet");
    let reached = run(&mut command(&format!("rustup target add {TARGET}")));
    if toolchain.has_target() {
        return Ok(());
    }
    // Success is no promise: a toolchain that rustup did not install stays as it is.
    println!(
        "{}; the standard library is built from its source instead",
        reached.err().unwrap_or("it is not there".into())
    );
    toolchain.build_target()
}

struct Toolchain {
    /// As in `rustc 1.95.0 (59807616e 2026-04-14)`.
    version: String,
    sysroot: PathBuf,
}

impl Toolchain {
    fn current() -> Result<Self, String> {
        let version = output(&mut command("rustc --version"))?;
        let version = version.split(' ').nth(1).ok_or("`rustc --version` names no version")?.to_owned();
        let sysroot = output(&mut command("rustc --print sysroot"))?;
        Ok(Self { version, sysroot: PathBuf::from(sysroot.trim_end()) })
    }

    fn libraries(&self) -> PathBuf {
        self.sysroot.join("lib/rustlib").join(TARGET).join("lib")
    }

    fn has_target(&self) -> bool {
        rlibs(&self.libraries()).is_ok_and(|files| {
            files.iter().any(|file| file.file_name().is_some_and(|name| name.to_string_lossy().starts_with("libstd-")))
        })
    }

    fn build_target(&self) -> Result<(), String> {
        let work = root().join("target/wasm32-std");
        create(&work)?;
        let source = self.sysroot.join("lib/rustlib/src/rust/library");
        if source.join("std/Cargo.toml").is_file() {
            return self.install(&build_std(&work, &source)?);
        }
        let library = debian::rust_library(&self.version, &work)?;
        // Cargo looks for the source nowhere else; it lies there only as long as the build takes.
        println!("\n── lending {} to the toolchain as {}", library.display(), source.display());
        lend(&library, &source)?;
        let built = build_std(&work, &source);
        fs::remove_file(&source).map_err(failed(&source))?;
        self.install(&built?)
    }

    fn install(&self, files: &[PathBuf]) -> Result<(), String> {
        let libraries = self.libraries();
        println!("\n── installing {} libraries in {}", files.len(), libraries.display());
        create(&libraries)?;
        for file in files {
            fs::copy(file, libraries.join(file.file_name().unwrap_or_default())).map_err(failed(file))?;
        }
        if self.has_target() {
            Ok(())
        } else {
            Err(format!("the build left no standard library in {}", libraries.display()))
        }
    }
}

#[cfg(unix)]
fn lend(library: &Path, source: &Path) -> Result<(), String> {
    create(source.parent().unwrap_or(source))?;
    // What an interrupted run left behind.
    let _ = fs::remove_file(source);
    std::os::unix::fs::symlink(library, source).map_err(failed(source))
}

#[cfg(not(unix))]
fn lend(_: &Path, _: &Path) -> Result<(), String> {
    Err("this way is open on Debian only".into())
}

/// Builds the standard library by building an empty crate with it; the libraries that came out.
fn build_std(work: &Path, source: &Path) -> Result<Vec<PathBuf>, String> {
    const EMPTY: &str = "sqljwt_empty";
    let folder = work.join("empty");
    create(&folder.join("src"))?;
    write(&folder.join("src/lib.rs"), "#![no_std]\n")?;
    let manifest = format!("[package]\nname = \"{EMPTY}\"\nedition = \"2024\"\n\n[workspace]\n");
    write(&folder.join("Cargo.toml"), &manifest)?;
    let build = format!("cargo build --release --target {TARGET} -Zbuild-std=std,panic_abort,panic_unwind,proc_macro");
    // A stable compiler takes the unstable option when it is told that it builds itself, which is what it does here.
    run(Command::new("cargo")
        .args(build.split(' ').skip(1))
        .current_dir(&folder)
        .env("RUSTC_BOOTSTRAP", "1")
        // As in the libraries that rustup installs: bitcode, without which nothing is optimised across crates, and no path
        // of this machine.
        .env("RUSTFLAGS", format!("-C embed-bitcode=yes --remap-path-prefix={}=/rustc/library", source.display()))
        .env("CARGO_TARGET_DIR", folder.join("target")))?;
    let built = rlibs(&folder.join("target").join(TARGET).join("release/deps"))?;
    let is_empty = |file: &PathBuf| file.file_name().is_some_and(|name| name.to_string_lossy().contains(EMPTY));
    Ok(built.into_iter().filter(|file| !is_empty(file)).collect())
}

fn rlibs(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = fs::read_dir(folder).map_err(failed(folder))?;
    let paths = entries.flatten().map(|entry| entry.path());
    Ok(paths.filter(|path| path.extension().is_some_and(|extension| extension == "rlib")).collect())
}

fn create(folder: &Path) -> Result<(), String> {
    fs::create_dir_all(folder).map_err(failed(folder))
}

fn write(file: &Path, text: &str) -> Result<(), String> {
    fs::write(file, text).map_err(failed(file))
}

fn failed(path: &Path) -> impl Fn(std::io::Error) -> String {
    move |error| format!("{}: {error}", path.display())
}
