//! How does this machine get the standard library for `wasm32-unknown-unknown`? It has it, or rustup gets it, or it is
//! built from source: the component `rust-src`, otherwise Debian's package of the same name.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use super::{debian, paths::Paths};
use crate::shell::{command, output, root, run};

const TARGET: &str = "wasm32-unknown-unknown";

/// Sees to it that `cargo build --target wasm32-unknown-unknown` works; the paths that such a build must not name.
///
/// # Errors
/// None of the ways leads there.
pub(super) fn ensure() -> Result<Paths, String> {
    let toolchain = Toolchain::current()?;
    if !toolchain.has_target() {
        println!("the toolchain has no usable standard library for {TARGET} yet");
        let reached = run(&mut command(&format!("rustup target add {TARGET}")));
        // Success is no promise: a toolchain that rustup did not install stays as it is.
        if !toolchain.has_target() {
            let why = reached.err().unwrap_or("it is not there".into());
            println!("{why}; the standard library is built from its source instead");
            toolchain.build_target()?;
        }
    }
    Ok(toolchain.paths)
}

struct Toolchain {
    /// As in `rustc 1.95.0 (59807616e 2026-04-14)`.
    version: String,
    sysroot: PathBuf,
    paths: Paths,
}

impl Toolchain {
    fn current() -> Result<Self, String> {
        let version = output(&mut command("rustc --version"))?;
        let version = version.split(' ').nth(1).ok_or("`rustc --version` names no version")?.to_owned();
        let sysroot = PathBuf::from(output(&mut command("rustc --print sysroot"))?.trim_end());
        Ok(Self { version, paths: Paths::of(&sysroot), sysroot })
    }

    fn libraries(&self) -> PathBuf {
        self.sysroot.join("lib/rustlib").join(TARGET).join("lib")
    }

    /// Whether the standard library is there, and not one that somebody built with this machine's paths in it.
    fn has_target(&self) -> bool {
        let libraries = rlibs(&self.libraries()).unwrap_or_default();
        let is_std =
            |file: &PathBuf| file.file_name().is_some_and(|name| name.to_string_lossy().starts_with("libstd-"));
        libraries.iter().any(is_std) && !libraries.iter().any(|library| self.paths.are_named_in(library))
    }

    fn build_target(&self) -> Result<(), String> {
        let work = root().join("target/wasm32-std");
        create(&work)?;
        let source = self.sysroot.join("lib/rustlib/src/rust/library");
        if source.join("std/Cargo.toml").is_file() {
            return self.install(&self.build_std(&work)?);
        }
        let library = debian::rust_library(&self.version, &work)?;
        // Cargo looks for the source nowhere else; it lies there only as long as the build takes.
        println!("\n── lending {} to the toolchain as {}", library.display(), source.display());
        lend(&library, &source)?;
        let built = self.build_std(&work);
        fs::remove_file(&source).map_err(failed(&source))?;
        self.install(&built?)
    }

    /// Builds the standard library by building an empty crate with it; the libraries that came out.
    fn build_std(&self, work: &Path) -> Result<Vec<PathBuf>, String> {
        const EMPTY: &str = "sqljwt_empty";
        let folder = work.join("empty");
        // The libraries of an earlier run would come out as well.
        let _ = fs::remove_dir_all(&folder);
        create(&folder.join("src"))?;
        write(&folder.join("src/lib.rs"), "#![no_std]\n")?;
        let manifest = format!("[package]\nname = \"{EMPTY}\"\nedition = \"2024\"\n\n[workspace]\n");
        write(&folder.join("Cargo.toml"), &manifest)?;
        let build =
            format!("cargo build --release --target {TARGET} -Zbuild-std=std,panic_abort,panic_unwind,proc_macro");
        // As in the libraries that rustup installs: bitcode, without which nothing is optimised across crates, and no path
        // of this machine.
        let flags: Vec<_> = ["-Cembed-bitcode=yes".into()].into_iter().chain(self.paths.flags()).collect();
        run(Command::new("cargo")
            .args(build.split(' ').skip(1))
            .arg("--config")
            .arg(format!("target.{TARGET}.rustflags={flags:?}"))
            .current_dir(&folder)
            // A stable compiler takes the unstable option when it is told that it builds itself, which is what it does here.
            .env("RUSTC_BOOTSTRAP", "1")
            .env("CARGO_TARGET_DIR", folder.join("target")))?;
        let built = rlibs(&folder.join("target").join(TARGET).join("release/deps"))?;
        let is_empty = |file: &PathBuf| file.file_name().is_some_and(|name| name.to_string_lossy().contains(EMPTY));
        Ok(built.into_iter().filter(|file| !is_empty(file)).collect())
    }

    /// Puts the libraries in the place of those that are there, and does away with what was built with those, which cargo
    /// would take for good.
    fn install(&self, files: &[PathBuf]) -> Result<(), String> {
        let libraries = self.libraries();
        println!("\n── installing {} libraries in {}", files.len(), libraries.display());
        create(&libraries)?;
        for former in rlibs(&libraries)? {
            fs::remove_file(&former).map_err(failed(&former))?;
        }
        for file in files {
            fs::copy(file, libraries.join(file.file_name().unwrap_or_default())).map_err(failed(file))?;
        }
        let _ = fs::remove_dir_all(root().join("target").join(TARGET));
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
