//! Times the engine; the table is the benchmark's own.

use std::process::ExitCode;

use crate::shell::{command, run};

/// Runs the benchmark.
pub(crate) fn run_table() -> Result<ExitCode, String> {
    run(&mut command("cargo bench --quiet --locked --package sqljwt --bench performance"))?;
    Ok(ExitCode::SUCCESS)
}
