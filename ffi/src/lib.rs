//! libsqljwt: the engine for C and C++.
//!
//! This crate translates and decides nothing. `include/sqljwt.h`, written from these files, is its documentation for
//! C; `README.md` states the conventions that hold for every function, each with the test that holds it to them.
//!
//! Memory passes the border in two shapes: *handles*, which the caller frees, and *views*, which live as long as the
//! handle (or the library) they look into. Every entry runs inside `guard`, so that a bug ends as a status.

// The only crate that may: C hands over pointers, and gets some.
#![allow(unsafe_code)]
// What a caller has to keep to is stated once for all functions, in the conventions at the head of the header.
#![allow(clippy::missing_safety_doc)]
// A call makes at most one refusal and moves it once, into the box that the caller gets.
#![allow(clippy::result_large_err)]

mod call;
mod explain;
mod guard;
mod handle;
mod identity;
mod input;
mod keys;
mod login;
mod reason;
mod refusal;
mod roles;
mod status;
mod text;
mod validator;
mod version;
#[cfg(feature = "wiping")]
mod wiping;

pub use call::*;
pub use explain::*;
pub use identity::*;
pub use keys::*;
pub use login::*;
pub use reason::*;
pub use refusal::*;
pub use roles::*;
pub use status::Status;
pub use text::*;
pub use validator::*;
pub use version::*;

#[cfg(test)]
mod header;
