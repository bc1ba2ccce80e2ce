//! Logs in by token at real database servers of this machine: what `tests/servers` tries, with everything built that it takes.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
    sync::OnceLock,
};

use crate::{
    install::install,
    python::{environment, pip, program, wheel},
    shell::{command, root, run},
};

/// The tests of the PAM module, of the servers that ask it, and of the pages on them.
const TESTS: [&str; 5] = [
    "tests/servers/test_pam.py",
    "tests/servers/test_postgresql.py",
    "tests/servers/test_mariadb.py",
    "tests/servers/test_pgbouncer.py",
    "tests/servers/test_docs.py",
];

/// Runs the tests; with `--full` those that take minutes too.
pub(crate) fn run_command(mut arguments: impl Iterator<Item = String>) -> Result<ExitCode, String> {
    match arguments.next().as_deref() {
        None => all(false)?,
        Some("--full") => all(true)?,
        Some(other) => return Err(format!("`cargo xtask servers` has no option `{other}`")),
    }
    Ok(ExitCode::SUCCESS)
}

/// Tries every server that asks PAM.
pub(crate) fn all(full: bool) -> Result<(), String> {
    let mut tests = ready()?.program("-m pytest --quiet");
    run(tests.args(TESTS).args(full.then_some("--full")))
}

/// Prints how long logins take, as ratios.
pub(crate) fn bench() -> Result<(), String> {
    run(&mut ready()?.program("tests/servers/bench_logins.py"))
}

/// What the tests run with: everything is built.
#[derive(Clone)]
pub(crate) struct Ready {
    pub(crate) python: PathBuf,
    pub(crate) prefix: PathBuf,
}

impl Ready {
    /// A program in Python that finds what was built.
    pub(crate) fn program(&self, arguments: &str) -> Command {
        let mut program = program(&self.python, arguments);
        program.env("SQLJWT_PREFIX", &self.prefix);
        // Where Debian keeps the servers.
        program.env("PATH", format!("{}:/usr/sbin", std::env::var("PATH").unwrap_or_default()));
        program
    }
}

/// Builds what the tests take: an environment for Python with the project's wheel, the C library, the PAM module and
/// the agent. Once a run.
pub(crate) fn ready() -> Result<Ready, String> {
    static READY: OnceLock<Result<Ready, String>> = OnceLock::new();
    READY.get_or_init(build).clone()
}

fn build() -> Result<Ready, String> {
    let python = environment("python3", "servers")?;
    let mut requirements = pip(&python);
    requirements.args(["install", "--require-hashes", "--only-binary", ":all:", "--requirement"]);
    run(requirements.arg("tests/servers/requirements.txt"))?;
    run(pip(&python).args(["install", "--force-reinstall", "--no-deps"]).arg(wheel()?))?;

    let prefix = root().join("target/servers/prefix");
    install(&prefix)?;
    pam_module(&prefix)?;
    agent(&prefix)?;
    Ok(Ready { python, prefix })
}

/// Builds the PAM module with its own Makefile, and puts it beside the library.
fn pam_module(prefix: &Path) -> Result<(), String> {
    let (build, folder) = (root().join("target/servers/pam"), prefix.join("lib/security"));
    let mut make = command("make --silent --directory ffi/pam");
    run(make.arg(format!("PREFIX={}", prefix.display())).arg(format!("BUILD={}", build.display())))?;
    put(&build.join("pam_sqljwt.so"), &folder)
}

/// Puts the agent beside the library, as it was built for its own tests.
fn agent(prefix: &Path) -> Result<(), String> {
    // Of the whole workspace, so that nothing is compiled twice with other features.
    run(&mut command("cargo test --quiet --locked --workspace --test agent --no-run"))?;
    put(&root().join("target/debug/sqljwt-agent"), &prefix.join("bin"))
}

/// Copies a file into a folder, which is made.
fn put(file: &Path, folder: &Path) -> Result<(), String> {
    fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let place = folder.join(file.file_name().unwrap_or_default());
    // A program that runs cannot be written to, only replaced.
    let _ = fs::remove_file(&place);
    fs::copy(file, &place).map(|_| ()).map_err(|error| format!("{}: {error}", file.display()))
}
