//! Tests of one's own SSO set-up: an identity provider that lives in the test, and assertions that explain themselves.
//!
//! # Example
//! ```
//! use sqljwt::ReasonCode;
//! use sqljwt_testing::{BadToken, Issuer, assert_logs_in, assert_rejected};
//!
//! const NOW: i64 = 1_800_000_000;
//! let idp = Issuer::new("https://idp.test");
//! let settings = idp.settings();
//!
//! let token = idp.token(NOW).claim("sub", "alice").mint();
//! assert_logs_in(&settings, token, "alice", NOW);
//!
//! let old = idp.bad(BadToken::Expired, NOW).claim("sub", "alice").mint();
//! assert_rejected(&settings, old, "alice", ReasonCode::TokenExpired, NOW);
//! ```
//!
//! Its keys are made for the test and trusted nowhere else. Time is an argument; [`now`] gives the present to who wants
//! it.
#![forbid(unsafe_code)]

mod assertions;
mod bad_tokens;
mod clock;
mod issuer;
mod keys;
mod providers;
mod token;

pub use assertions::{SettingsOrValidator, assert_logs_in, assert_logs_in_as, assert_rejected};
pub use bad_tokens::BadToken;
pub use clock::now;
pub use issuer::Issuer;
/// The library that signs: [`SigningKey::new`] takes its keys.
pub use jsonwebtoken;
pub use keys::SigningKey;
pub use providers::LookAlike;
pub use token::TokenBuilder;

/// The README's examples are tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
