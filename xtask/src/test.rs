//! What CI checks. Nothing is installed here: what is missing is named with the command that installs it.

use std::{process::ExitCode, time::Instant};

use crate::{
    c,
    contract::{Contract, Face},
    docs, fuzz, msrv, playground, postgresql18, python, servers,
    shell::{command, run, succeeds},
    update, wasm,
};

/// Runs the checks and says how they went: those that show a broken promise fastest, with `--full` all of them, or with
/// `--engine` those that need nothing but Rust and a C compiler.
pub(crate) fn run_checks(mut arguments: impl Iterator<Item = String>) -> Result<ExitCode, String> {
    let parts: &[Part] = match arguments.next().as_deref() {
        None => &[ENGINE, SUPPLY, C, PYTHON, BOOK, SERVERS, JAVASCRIPT, PLAYGROUND, FUZZING],
        Some("--full") => {
            &[ENGINE, SUPPLY, C, PYTHON, BOOK, LONG_SERVERS, JAVASCRIPT, PLAYGROUND, LONG_FUZZING, WORST, ROTATION]
        }
        Some("--engine") => &[ENGINE],
        Some(other) => return Err(format!("`cargo xtask test` has no option `{other}`")),
    };
    tools(parts)?;
    let contract = Contract::begin()?;
    let mut times = Vec::new();
    for part in parts {
        let started = Instant::now();
        (part.check)(&contract)?;
        times.push((part.name, started.elapsed().as_secs()));
    }
    if parts.len() > 1 {
        contract.census()?;
    }
    println!("\n── all checks passed\n");
    for (name, seconds) in times {
        println!("{name:12}{:4} min {:02} s", seconds / 60, seconds % 60);
    }
    Ok(ExitCode::SUCCESS)
}

/// One part of the checks, and what has to be there for it.
struct Part {
    name: &'static str,
    tools: &'static [Tool],
    check: fn(&Contract) -> Result<(), String>,
}

/// A command that shows whether a tool is there, and what brings it.
pub(crate) type Tool = (&'static str, &'static str);

pub(crate) const NODE: Tool = ("node --version", "apt-get install nodejs npm    (Node 20 or newer)");

const ENGINE: Part = Part {
    name: "engine",
    tools: &[
        ("cargo fmt --version", "rustup component add rustfmt"),
        ("cargo clippy --version", "rustup component add clippy"),
        ("cc --version", "apt-get install gcc libc6-dev    (AWS-LC is built from C)"),
    ],
    check: engine,
};

const SUPPLY: Part = Part {
    name: "supply chain",
    tools: &[("cargo deny --version", "cargo install --locked cargo-deny")],
    check: supply,
};

const C: Part = Part {
    name: "C",
    tools: &[
        ("c++ --version", "apt-get install g++"),
        ("clang --version", "apt-get install clang"),
        ("valgrind --version", "apt-get install valgrind"),
        ("cmake --version", "apt-get install cmake"),
        ("pkg-config --version", "apt-get install pkg-config"),
    ],
    check: c::all,
};

const PYTHON: Part = Part {
    name: "Python",
    tools: &[("python3 -m ensurepip --version", "apt-get install python3 python3-venv")],
    check: python::all,
};

/// After Python, whose command line it runs.
const BOOK: Part = Part { name: "book", tools: &[docs::MDBOOK], check: |_| docs::all() };

/// After Python too, whose wheel it installs.
const SERVERS: Part = Part {
    name: "servers",
    tools: &[
        ("make --version", "apt-get install make"),
        ("mariadbd --version", "apt-get install mariadb-server    (and /usr/sbin on PATH)"),
        ("pgbouncer --version", "apt-get install pgbouncer    (and /usr/sbin on PATH)"),
        ("pg_lsclusters", "apt-get install postgresql"),
        ("test -e /usr/include/security/pam_modules.h", "apt-get install libpam0g-dev"),
        ("unshare --mount true", "as root, who writes PAM services and starts servers as their own users"),
    ],
    check: |_| all_servers(false),
};

const LONG_SERVERS: Part = Part { check: |_| all_servers(true), ..SERVERS };

fn all_servers(full: bool) -> Result<(), String> {
    servers::all(full)?;
    postgresql18::all(full)
}

const JAVASCRIPT: Part = Part {
    name: "JavaScript",
    tools: &[NODE, ("npm --version", "apt-get install npm"), ("chromium --version", "apt-get install chromium")],
    check: wasm::all,
};

const PLAYGROUND: Part = Part { name: "playground", tools: JAVASCRIPT.tools, check: |_| playground::all() };

const FUZZING: Part = Part {
    name: "fuzzing",
    tools: &[("cargo fuzz --version", "cargo install --locked cargo-fuzz"), ("c++ --version", "apt-get install g++")],
    check: |_| fuzz::bounded_pass(20),
};

const LONG_FUZZING: Part = Part { check: |_| fuzz::bounded_pass(60), ..FUZZING };

/// What takes minutes and seldom finds something: the worst mixtures at their full length.
const WORST: Part = Part {
    name: "worst inputs",
    tools: ENGINE.tools,
    check: |_| run(&mut command("cargo run --release --quiet --locked --package sqljwt-robustness --example worst")),
};

/// The same of keys that change every second under fifty threads: for a minute, and as long under fifty clients of the agent, whose
/// memory stays the same over 100,000 logins.
const ROTATION: Part = Part { name: "key rotation", tools: ENGINE.tools, check: |_| rotation() };

fn rotation() -> Result<(), String> {
    let line = "cargo test --locked --package sqljwt-fetch --test fetching rotation -- --nocapture";
    run(command(line).env("SECONDS", "60"))?;
    let line = "cargo test --locked --package sqljwt-agent --test agent -- keys memory --nocapture";
    run(command(line).env("SECONDS", "60").env("LOGINS", "100000"))
}

/// Checks the engine, what is written from it, and that every face compiles; stops at the first thing that is wrong.
fn engine(contract: &Contract) -> Result<(), String> {
    run(&mut command("cargo fmt --all --check"))?;
    run(&mut command("cargo clippy --workspace --all-targets --locked -- --deny warnings"))?;
    run(command("cargo doc --workspace --no-deps --locked").env("RUSTDOCFLAGS", "--deny warnings"))?;
    run(&mut command("cargo test --workspace --locked"))?;
    update::check_engine()?;
    msrv::all()?;
    pure_rust(contract)
}

/// The pure-Rust signature backend, the one of WebAssembly, answers as the native one does.
fn pure_rust(contract: &Contract) -> Result<(), String> {
    let in_pure_rust = |line: &str| {
        let mut cargo = command(line);
        // Another folder, so that the two builds do not overwrite each other's work.
        cargo.env("RUSTFLAGS", "--cfg sqljwt_pure_rust").env("CARGO_TARGET_DIR", "target/pure-rust");
        cargo
    };
    run(&mut in_pure_rust("cargo test --package sqljwt --package sqljwt-conformance --lib --tests --locked"))?;
    contract
        .ask(Face::PureRust, &mut in_pure_rust("cargo run --quiet --locked --package sqljwt-conformance --bin runner"))
}

/// Licences, duplicate versions, sources and unwanted crates, as `deny.toml` has them. It judges what was fetched and asks no network.
fn supply(_: &Contract) -> Result<(), String> {
    run(&mut command("cargo fetch --locked"))?;
    run(&mut command("cargo deny --offline --locked check bans licenses sources"))
}

/// Names every tool that is missing, all at once.
fn tools(parts: &[Part]) -> Result<(), String> {
    let missing: Vec<_> = parts
        .iter()
        .flat_map(|part| part.tools)
        .filter(|(probe, _)| !succeeds(probe))
        .map(|(probe, install)| format!("  `{probe}` does not run: {install}"))
        .collect();
    if missing.is_empty() { Ok(()) } else { Err(format!("tools are missing:\n{}", missing.join("\n"))) }
}
