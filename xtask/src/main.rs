//! What a developer does, as commands: `cargo xtask demo`, `test`, `c`, `install-c`, `bench`.

mod bench;
mod c;
mod demo;
mod install;
mod shell;
mod test;

use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask demo [--settings FILE --token FILE|- --user NAME [--now SECONDS]] [--brief]
    explains sample logins of several identity providers, or your own
cargo xtask test
    everything that CI checks
cargo xtask c
    of that, what concerns C and C++
cargo xtask install-c --prefix DIR [--destdir DIR]
    installs libsqljwt, its headers, and what pkg-config and CMake need
cargo xtask bench
    times the engine against the bare signature check and prints the ratios";

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let outcome = match arguments.next().as_deref() {
        Some("demo") => demo::run(arguments),
        Some("test") => test::run_checks(),
        Some("c") => c::run_checks(),
        Some("install-c") => install::command_line(arguments),
        Some("bench") => bench::run_table(),
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
