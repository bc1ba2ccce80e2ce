//! The Python package, checked as people get it: built as a wheel from its own source distribution, installed into an
//! environment of its own, and tested from outside.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

use crate::{
    contract::{Contract, Face},
    shell::{command, root, run},
};

/// Runs the checks of the Python package and says how they went.
pub(crate) fn run_checks() -> Result<ExitCode, String> {
    all(&Contract::begin()?)?;
    println!("\nthe Python package is as it should be");
    Ok(ExitCode::SUCCESS)
}

/// Builds, installs and checks the package.
pub(crate) fn all(contract: &Contract) -> Result<(), String> {
    let (environment, distributions) = (root().join("target/python"), root().join("target/python-dist"));
    run(command("python3 -m venv").arg(&environment))?;
    let python = interpreter(&environment);
    run(pip(&python).args(["install", "--requirement", "python/tests/requirements.txt"]))?;

    // The wheel is made from the unpacked source distribution, somewhere else: it builds by itself or not at all. Its files are
    // dated long ago, so what was compiled from earlier ones would pass for up to date: it is removed.
    let _ = fs::remove_dir_all(&distributions);
    let compiled = root().join("target/python-build");
    run(command("cargo clean --quiet --release --package sqljwt --package sqljwt-python --target-dir").arg(&compiled))?;
    let mut build = program(&python, "-m build python --outdir");
    run(build.arg(&distributions).env("CARGO_TARGET_DIR", &compiled))?;
    let wheel = format!("{}[testing]", wheel(&distributions)?.display());
    run(pip(&python).args(["install", "--force-reinstall", "--no-deps"]).arg(wheel.trim_end_matches("[testing]")))?;
    run(pip(&python).arg("install").arg(wheel))?;

    let folder = root().join("python");
    run(program(&python, "-m pytest --quiet").current_dir(&folder))?;
    run(program(&python, "-m mypy").current_dir(&folder))?;
    run(program(&python, "-m mypy.stubtest sqljwt._native").current_dir(&folder))?;
    contract.ask(Face::Python, &mut program(&python, "tests/runners/runner.py"))
}

fn interpreter(environment: &Path) -> PathBuf {
    environment.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" })
}

fn program(python: &Path, arguments: &str) -> Command {
    let mut program = Command::new(python);
    program.args(arguments.split_ascii_whitespace()).current_dir(root());
    program
}

fn pip(python: &Path) -> Command {
    program(python, "-m pip --quiet --disable-pip-version-check")
}

fn wheel(folder: &Path) -> Result<PathBuf, String> {
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .find(|path| path.extension().is_some_and(|extension| extension == "whl"))
        .ok_or_else(|| format!("{}: no wheel was built", folder.display()))
}
