//! Times the engine; the tables are the benchmarks' own.

use std::process::ExitCode;

use crate::{
    install::install,
    servers,
    shell::{built, command, root, run},
};

/// Runs the engine's benchmark, or with `--c` those of the C library, with `--servers` that of whole logins, with
/// `--agent` that of the agent.
pub(crate) fn run_tables(mut arguments: impl Iterator<Item = String>) -> Result<ExitCode, String> {
    match arguments.next().as_deref() {
        None => run(&mut command("cargo bench --quiet --locked --package sqljwt --bench performance"))?,
        Some("--c") => c_library()?,
        Some("--agent") => run(&mut command("cargo bench --quiet --locked --package sqljwt-agent --bench connect"))?,
        Some("--servers") => servers::bench()?,
        Some(other) => return Err(format!("`cargo xtask bench` has no option `{other}`")),
    }
    Ok(ExitCode::SUCCESS)
}

/// Times the C function against the Rust one, and the installed library against others.
fn c_library() -> Result<(), String> {
    run(&mut command("cargo bench --quiet --locked --package sqljwt-ffi --bench rate"))?;
    let (prefix, build) = (root().join("target/c/bench/prefix"), root().join("target/c/bench/peers"));
    install(&prefix)?;
    let mut configure = command("cmake -DCMAKE_BUILD_TYPE=Release -S ffi/benches/peers -B");
    run(configure.arg(&build).arg(format!("-DCMAKE_PREFIX_PATH={}", prefix.display())))?;
    run(command("cmake --build").arg(&build))?;
    run(&mut built(&build.join("peers")))
}
