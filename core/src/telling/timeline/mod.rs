//! How does an explanation read on a terminal? Lines, the same on every face; colours are the terminal's affair, and each
//! line says of what tone it is.

mod answer;
mod checks;
mod excerpt;
mod fixes;
mod line;
mod look;
mod page;
mod problem;
mod rest;
#[cfg(test)]
mod tests;
mod wrapped;
mod written;

pub use line::{Line, Tone};
pub use written::Timeline;
