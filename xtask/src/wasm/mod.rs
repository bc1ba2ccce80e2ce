//! Builds the npm package in `wasm/pkg`: two WebAssembly modules, their glue, the hand-written JavaScript around both.

mod debian;
mod paths;
mod target;

use std::{fs, path::Path, process::ExitCode};

use crate::{
    contract::{Contract, Face},
    shell::{command, npm_ci, root, run},
};

/// Builds the package, and tests it if asked to.
pub(crate) fn run_command(mut arguments: impl Iterator<Item = String>) -> Result<ExitCode, String> {
    let test = match (arguments.next().as_deref(), arguments.next()) {
        (None, None) => false,
        (Some("--test"), None) => true,
        _ => return Err("`cargo xtask wasm` takes nothing but `--test`".into()),
    };
    if test {
        all(&Contract::begin()?)?;
    } else {
        build()?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Builds the package and tests it, in Node and in Chromium.
pub(crate) fn all(contract: &Contract) -> Result<(), String> {
    build()?;
    let folder = root().join("wasm");
    npm_ci(&folder)?;
    run(command("npm test --silent").current_dir(&folder))?;
    run(command("npm ci --loglevel error --no-progress").current_dir(root().join("tests/runners")))?;
    contract.ask(Face::Node, &mut command("node tests/runners/node.mjs"))?;
    contract.ask(Face::Chromium, &mut command("node tests/runners/chromium.mjs"))
}

/// The modules of the package: the folder of each, and the features of `sqljwt-wasm` that it is built with.
const MODULES: [(&str, &str); 2] = [("engine", ""), ("full", "advisor")];

/// Builds the package.
pub(crate) fn build() -> Result<(), String> {
    let flags: Vec<_> = target::ensure()?.flags().collect();
    for (folder, features) in MODULES {
        let mut build =
            command("cargo build --locked --package sqljwt-wasm --target wasm32-unknown-unknown --profile wasm");
        let config = format!("target.wasm32-unknown-unknown.rustflags={flags:?}");
        run(build.args(["--features", features, "--config", &config]))?;
        // Not through wasm-opt: it takes 2 % off the compressed module and needs longer than everything else together.
        let module = "target/wasm32-unknown-unknown/wasm/sqljwt_wasm.wasm";
        run(&mut command(&format!("cargo run --locked --package xtask-bindgen -- {module} wasm/pkg/{folder}")))?;
    }
    assemble()
}

/// Puts the hand-written files beside what was generated.
fn assemble() -> Result<(), String> {
    let (wasm, package) = (root().join("wasm"), root().join("wasm/pkg"));
    for entry in fs::read_dir(wasm.join("js")).map_err(|error| format!("wasm/js: {error}"))? {
        let path = entry.map_err(|error| format!("wasm/js: {error}"))?.path();
        copy(&path, &package)?;
    }
    for file in ["wasm/README.md", "LICENSE-APACHE", "LICENSE-MIT"] {
        copy(&root().join(file), &package)?;
    }
    println!("\nwasm/pkg is the npm package `sqljwt`");
    for (folder, _) in MODULES {
        let module = package.join(folder).join("glue_bg.wasm");
        let size = fs::metadata(&module).map_err(|error| format!("{}: {error}", module.display()))?.len();
        println!("its module `{folder}` has {size} bytes");
    }
    Ok(())
}

fn copy(file: &Path, folder: &Path) -> Result<(), String> {
    let name = file.file_name().unwrap_or_default();
    fs::copy(file, folder.join(name)).map(drop).map_err(|error| format!("{}: {error}", file.display()))
}
