//! What does the text of one setting say? A grammar for each.

pub(super) mod audience;
pub(super) mod claim;
pub(super) mod fetching;
pub(super) mod group_claim;
pub(super) mod issuers;
pub(super) mod misread;
pub(super) mod nested_claim;
pub(super) mod options;
pub(super) mod placeholder;
pub(super) mod strings;
