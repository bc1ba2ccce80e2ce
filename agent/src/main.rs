//! The program: see the README.

use std::process::ExitCode;

#[cfg(target_os = "linux")]
fn main() -> ExitCode {
    sqljwt_agent::run(std::env::args_os().skip(1))
}

#[cfg(not(target_os = "linux"))]
fn main() -> ExitCode {
    eprintln!("sqljwt-agent runs on Linux");
    ExitCode::FAILURE
}
