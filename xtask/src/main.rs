//! What a developer does, as commands: `cargo xtask demo`, `cargo xtask test` and so on.

mod bench;
mod c;
mod contract;
mod demo;
mod docs;
mod fuzz;
mod install;
mod msrv;
mod playground;
mod postgresql18;
mod python;
mod servers;
mod shell;
mod test;
mod update;
mod wasm;

use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask playground [--no-open | --build | --test | --lighthouse]
    builds the browser page where one pastes a token and sees why, and serves it on this machine
cargo xtask demo [--settings FILE --token FILE|- --user NAME [--now SECONDS]] [--brief]
    explains sample logins of several identity providers, or your own
cargo xtask update [--check] [--engine]
    writes every text anew that is written from another one: vectors, tables, the C header, lists of names; with --check only
    names those that differ, with --engine leaves out what takes Node
cargo xtask test [--engine | --full]
    everything that CI checks; with --engine what concerns neither C nor Python nor JavaScript, with --full also what takes long
cargo xtask c
    of that, what concerns C and C++
cargo xtask python [INTERPRETER…]
    of that, what concerns Python; the arguments are more interpreters to test the wheel with
cargo xtask servers [--full]
    of that, logins by token at real database servers, as root; with --full also what takes minutes
cargo xtask postgresql18 [--bench | PYTEST-ARGUMENT…]
    the same at PostgreSQL 18, fetched for it, with the OAuth validator; with --bench the cost of large identity maps
cargo xtask testbed [--check [--host HOST --port PORT …]]
    starts a strict PostgreSQL 18 for other people's drivers to log in to, or checks a server with every bad token
cargo xtask docs
    builds the book in target/docs, follows its links and runs the commands of its pages on identity providers
cargo xtask install-c --prefix DIR [--destdir DIR]
    installs libsqljwt, its headers, and what pkg-config and CMake need
cargo xtask bench [--c | --servers | --agent]
    times the engine against the bare signature check and prints the ratios; with --c libsqljwt against other libraries, with
    --servers logins at PostgreSQL by token against those by password, with --agent logins at the agent against a bare echo
cargo xtask fuzz [TARGET…] [--minutes N | --keep]
    looks for inputs that break a promise; with --keep minimises what was found into the corpus
cargo xtask wasm [--test]
    builds the npm package in wasm/pkg, and tests it in Node and in Chromium";

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let outcome = match arguments.next().as_deref() {
        Some("demo") => demo::run(arguments),
        Some("update") => update::run_command(arguments),
        Some("test") => test::run_checks(arguments),
        Some("python") => python::run_checks(arguments),
        Some("servers") => servers::run_command(arguments),
        Some("postgresql18") => postgresql18::run_command(arguments),
        Some("testbed") => postgresql18::testbed(arguments),
        Some("c") => c::run_checks(),
        Some("docs") => docs::run_checks(arguments),
        Some("install-c") => install::command_line(arguments),
        Some("bench") => bench::run_tables(arguments),
        Some("fuzz") => fuzz::run_command(arguments),
        Some("wasm") => wasm::run_command(arguments),
        Some("playground") => playground::run_command(arguments),
        Some("--help" | "-h" | "help") => {
            println!("{USAGE}");
            Ok(ExitCode::SUCCESS)
        }
        other => {
            let command = other.map(|command| format!("there is no command `{command}`\n\n")).unwrap_or_default();
            eprintln!("{command}{USAGE}");
            return ExitCode::from(2);
        }
    };
    outcome.unwrap_or_else(|error| {
        eprintln!("error: {error}");
        ExitCode::from(2)
    })
}
