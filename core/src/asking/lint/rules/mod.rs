//! The rules, a file for each part of the settings that they look at.

mod all;
mod audience;
mod claim;
mod document;
mod fetching;
mod groups;
mod issuers;
mod key_set;
mod keys;
mod logins;
mod map_issuers;
mod map_lines;
mod map_patterns;
mod options;
mod unusable;

pub(super) use all::ALL;
