//! The Python package, checked as people get it: built as a wheel from its own source distribution, installed into an
//! environment of its own, and tested from outside.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
    sync::OnceLock,
};

use crate::{
    contract::{Contract, Face},
    shell::{command, output, root, run},
};

/// Runs the checks of the Python package and says how they went. Each argument is one more interpreter to test the wheel with.
pub(crate) fn run_checks(others: impl Iterator<Item = String>) -> Result<ExitCode, String> {
    all(&Contract::begin()?)?;
    let wheel = wheel()?;
    for other in others {
        test_with(&other, &wheel)?;
    }
    println!("\nthe Python package is as it should be");
    Ok(ExitCode::SUCCESS)
}

/// Builds, installs and checks the package.
pub(crate) fn all(contract: &Contract) -> Result<(), String> {
    let python = package()?;
    let folder = root().join("python");
    run(program(&python, "-m pytest --quiet").current_dir(&folder))?;
    run(program(&python, "-m mypy").current_dir(&folder))?;
    run(program(&python, "-m mypy.stubtest sqljwt._native").current_dir(&folder))?;
    contract.ask(Face::Python, &mut program(&python, "tests/runners/runner.py"))
}

/// Builds the package and installs it; the interpreter that has it.
pub(crate) fn package() -> Result<PathBuf, String> {
    let wheel = wheel()?;
    install(&installed(), &wheel)?;
    Ok(installed())
}

/// The interpreter that has the package, built before.
pub(crate) fn installed() -> PathBuf {
    interpreter(&root().join("target/python"))
}

/// The wheel, built once a run for all that take it.
pub(crate) fn wheel() -> Result<PathBuf, String> {
    static WHEEL: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    WHEEL.get_or_init(build).clone()
}

/// Builds the wheel in an environment that has what checks the package, too.
fn build() -> Result<PathBuf, String> {
    let python = environment("python3", "python")?;
    run(pip(&python).args(["install", "--requirement", "python/tests/requirements.txt"]))?;

    // The wheel is made from the unpacked source distribution, which builds by itself or not at all. What it depends on is compiled
    // where the other faces compile it, so that it is there already; its own files are dated now, for in the distribution they are
    // dated long ago, and what was compiled from earlier ones would pass for up to date.
    let _ = fs::remove_dir_all(distributions());
    let source = distributions().join("source");
    fs::create_dir_all(&source).map_err(|error| format!("{}: {error}", source.display()))?;
    run(program(&python, "-m build python --sdist --outdir").arg(distributions()))?;
    let unpack = ["--extract", "--touch", "--strip-components=1", "--file"];
    run(Command::new("tar").args(unpack).arg(distribution("gz")?).arg("--directory").arg(&source))?;
    let mut build = program(&python, "-m build --wheel --outdir");
    run(build.arg(distributions()).arg(&source).env("CARGO_TARGET_DIR", root().join("target")))?;
    // To Cargo the crates of both places are the same: what was compiled of the copy would pass for up to date here, whatever
    // has been changed since.
    run(&mut command("cargo clean --quiet --release --package sqljwt --package sqljwt-python"))?;
    distribution("whl")
}

/// Tests the wheel with another interpreter.
fn test_with(other: &str, wheel: &Path) -> Result<(), String> {
    let version =
        output(Command::new(other).args(["-c", "import sys; print('%s-%s' % sys.version_info[:2], end='')"]))?;
    let python = environment(other, &format!("python-{version}"))?;
    run(pip(&python).args(["install", "pytest>=8"]))?;
    install(&python, wheel)?;
    run(program(&python, "-m pytest --quiet").current_dir(root().join("python")))
}

/// The interpreter of a virtual environment below `target`, which is made.
pub(crate) fn environment(python: &str, name: &str) -> Result<PathBuf, String> {
    let environment = root().join("target").join(name);
    run(Command::new(python).args(["-m", "venv"]).arg(&environment))?;
    Ok(interpreter(&environment))
}

/// Installs the wheel, which may have the version of one that is there, and what its test kit takes.
fn install(python: &Path, wheel: &Path) -> Result<(), String> {
    run(pip(python).args(["install", "--force-reinstall", "--no-deps"]).arg(wheel))?;
    run(pip(python).arg("install").arg(format!("{}[testing]", wheel.display())))
}

fn distributions() -> PathBuf {
    root().join("target/python-dist")
}

/// Where it is.
fn interpreter(environment: &Path) -> PathBuf {
    environment.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" })
}

/// A program in Python, to run in the root of the repository.
pub(crate) fn program(python: &Path, arguments: &str) -> Command {
    let mut program = Command::new(python);
    program.args(arguments.split_ascii_whitespace()).current_dir(root());
    program
}

/// An environment's installer.
pub(crate) fn pip(python: &Path) -> Command {
    program(python, "-m pip --quiet --disable-pip-version-check")
}

/// The file with that ending.
fn distribution(ending: &str) -> Result<PathBuf, String> {
    let folder = distributions();
    let entries = fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .find(|path| path.extension().is_some_and(|extension| extension == ending))
        .ok_or_else(|| format!("{}: there is no .{ending}", folder.display()))
}
