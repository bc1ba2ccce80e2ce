//! What is a text in Unicode's composed form, NFC (UAX #15)? Worked out from the canonical tables alone.

mod canonical;
mod composed;
mod packed;

pub(crate) use composed::composed;
