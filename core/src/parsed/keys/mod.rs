//! The keys of identity providers: read, vetted and ready to verify.

mod algorithm;
mod backend;
mod digest;
mod ec;
#[cfg(test)]
mod examples;
mod jwk;
mod key;
mod library;
mod material;
mod okp;
mod pasted;
mod reading;
pub(crate) mod remote;
mod repair;
mod roca;
mod rsa;
mod set;
#[cfg(test)]
mod standards;
mod unusable;
#[cfg(test)]
mod wycheproof;

pub use algorithm::{Algorithm, UnknownAlgorithm};
pub(crate) use digest::sha256_hex;
pub(crate) use jwk::{Entry as KeyEntry, is_public_key, secrets};
pub(crate) use key::Key;
pub(crate) use reading::Reading;
pub(crate) use set::{KeySet, each_alone, written};
pub(crate) use unusable::Unusable;
