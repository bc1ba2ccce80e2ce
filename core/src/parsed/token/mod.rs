//! Tokens: taken apart, read, and believed in nothing until a signature has verified.

pub(crate) mod audiences;
pub(crate) mod claim;
pub(crate) mod compact;
pub(crate) mod cut;
mod dialect;
pub(crate) mod header;
mod looks;
pub(crate) mod registered;
pub(crate) mod reread;
pub(crate) mod scope;
mod unverified;
mod verified;

pub(crate) use dialect::Dialect;
pub use looks::looks_like_token;
pub(crate) use unverified::UnverifiedToken;
pub(crate) use verified::VerifiedToken;
