//! The agent as a program: what it answers, whom it makes wait, and what it survives.
//!
//! `SECONDS` says for how long keys are exchanged every second, `LOGINS` over how many logins its memory has to stay the same; a full
//! run of all tests asks for more of both.
#![cfg(target_os = "linux")]

mod house;
mod http;
mod keys;
mod limits;
mod memory;
mod protocol;
mod rights;
mod settings;

#[path = "../../../fetch/tests/fetching/exchange.rs"]
mod exchange;
#[path = "../../../fetch/tests/fetching/site.rs"]
#[allow(dead_code, reason = "not every way to misbehave is of use here")]
mod site;
