//! The composed form of a text, NFC, worked out from the canonical tables alone.

mod canonical;
mod composed;
mod packed;

pub(crate) use composed::composed;
