//! What must hold for every input, however hostile?
//!
//! Each target is one function over bytes: it asks the engine something about them and panics where a promise is broken.
//! Fuzzers look for such bytes; `tests/replay.rs` holds the functions against every input that they have found worth
//! keeping, without any fuzzer's toolchain. The corpora and the fuzz binaries are in `../fuzz`, whose README says what each
//! target promises.

#[cfg(target_os = "linux")]
mod agent;
#[cfg(not(target_os = "linux"))]
mod agent {
    /// The agent is for Linux alone.
    pub(crate) fn run(_: &[u8]) {}
}
mod c_abi;
mod document;
mod fetched;
mod identity_map;
mod jwks;
mod promise;
mod reference;
mod scene;
mod seeds;
mod settings;
mod together;
mod token;
mod wire_call;

pub use seeds::seeds;
pub use together::{Mixture, recipes};

/// One way into the engine.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// The name of its corpus and, after `fuzz_`, of its fuzz binary.
    pub name: &'static str,
    /// Panics where an input breaks a promise.
    pub run: fn(&[u8]),
    /// How many seconds of its thread's time an input may take in a fuzz binary, whose counters and assertions make it some three
    /// times as slow as what is shipped.
    pub seconds: u64,
}

/// Every way into the engine.
pub const TARGETS: [Target; 10] = [
    Target { name: "token", run: token::run, seconds: 3 },
    Target { name: "settings_json", run: settings::run_json, seconds: 3 },
    Target { name: "settings_sql", run: settings::run_sql, seconds: 3 },
    Target { name: "jwks", run: jwks::run, seconds: 3 },
    Target { name: "fetched", run: fetched::run, seconds: 3 },
    Target { name: "identity_map", run: identity_map::run, seconds: 3 },
    Target { name: "wire_call", run: wire_call::run, seconds: 3 },
    // Uses up the whole budget of a login several times over, each step of it with the fuzzer's counters.
    Target { name: "together", run: together::run, seconds: 10 },
    Target { name: "c_abi", run: c_abi::run, seconds: 3 },
    Target { name: "agent", run: agent::run, seconds: 3 },
];

/// The target of that name.
///
/// # Panics
/// Where there is none.
///
/// # Example
/// ```
/// (sqljwt_robustness::target("token").run)(b"not a token");
/// ```
#[must_use]
pub fn target(name: &str) -> Target {
    *TARGETS.iter().find(|target| target.name == name).unwrap_or_else(|| panic!("there is no target `{name}`"))
}
