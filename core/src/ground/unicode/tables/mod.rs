//! What Unicode says, as tables: written by the tests, never by hand.

pub(super) mod canonical;
pub(super) mod cases;
pub(super) mod letters;
pub(super) mod properties;
