//! The rules, a file for each part of the settings that they look at.

mod all;
mod document;
mod map_issuers;
mod map_lines;
mod map_patterns;
mod unusable;

pub(super) use all::ALL;
