//! Whole documents: as people have them, and as no person would write them.

mod faults;
mod pasted;
mod round_trip;
