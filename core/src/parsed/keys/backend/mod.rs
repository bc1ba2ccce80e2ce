//! Who does the arithmetic of signatures? AWS-LC on native targets, RustCrypto on wasm32.
//!
//! The choice is made here and by target alone, so that no combination of features can change it; the feature `pure-rust`
//! brings the crates that the second takes. Both answer alike for every key and every signature. `--cfg sqljwt_pure_rust`
//! in RUSTFLAGS (and RUSTDOCFLAGS) builds the second on a native target, and the tests of this crate are run with both.

#[cfg(all(any(target_arch = "wasm32", sqljwt_pure_rust), not(feature = "pure-rust")))]
compile_error!("signatures are checked in pure Rust here, which takes the feature `pure-rust` of the crate `sqljwt`");

#[cfg(not(any(target_arch = "wasm32", sqljwt_pure_rust)))]
mod aws_lc;
#[cfg(any(target_arch = "wasm32", sqljwt_pure_rust))]
mod rust_crypto;

#[cfg(not(any(target_arch = "wasm32", sqljwt_pure_rust)))]
pub(super) use aws_lc::{Verifier, sha256};
#[cfg(any(target_arch = "wasm32", sqljwt_pure_rust))]
pub(super) use rust_crypto::{Verifier, sha256};
