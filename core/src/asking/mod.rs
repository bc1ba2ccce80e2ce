//! Asking: what several questions at once tell, of settings rather than of one login.

pub(crate) mod keys;

pub use keys::{IssuerKeys, KeyOrigin, KeyReport, KeysDocument, Rotation, SampleToken};
