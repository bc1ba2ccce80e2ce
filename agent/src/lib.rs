//! One process that holds settings and keys, and answers logins.
//!
//! The program `sqljwt-agent` is all that is promised; README.md tells how to set it up. What is public here is there for it, and
//! for whoever holds its readers against hostile input.
#![cfg(target_os = "linux")]

// What is asked and answered.
mod answer;
mod request;

// What decides, and what it decides by.
mod judge;
mod keys_dir;
mod renewal;
mod secret;
mod trusted_file;

// Who asks, and how.
mod connections;
pub mod exchange;
mod http;
mod socket;
mod telling;

// The process.
mod clock;
pub mod limits;
mod log_file;
mod options;
mod rights;
mod run;

pub use answer::{Answer, Outcome};
pub use request::{BadRequest, Basic, Request};
pub use run::run;
