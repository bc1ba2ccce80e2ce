//! Which mistakes have been found in a line so far?

use alloc::{borrow::Cow, string::String, vec::Vec};

use crate::parsed::regex::{self, Reading};

/// What has been found so far.
#[derive(Default)]
pub(super) struct Draft {
    pub(super) facts: Vec<Cow<'static, str>>,
    pub(super) remedies: Vec<Cow<'static, str>>,
    /// The line as a comment, where it is no rule at all.
    pub(super) heading: Option<String>,
}

impl Draft {
    /// Each mistake once, however often it was made.
    pub(super) fn note(&mut self, fact: impl Into<Cow<'static, str>>, remedy: impl Into<Cow<'static, str>>) {
        let remedy = remedy.into();
        if !self.remedies.contains(&remedy) {
            self.facts.push(fact.into());
            self.remedies.push(remedy);
        }
    }
}

/// Whether a column is a regex that can be read.
pub(super) fn reads(identity: &str) -> bool {
    identity.strip_prefix('/').is_some_and(|pattern| regex::parse(pattern, Reading::default()).is_ok())
}

/// How many capturing groups the column's regex has.
pub(super) fn groups(identity: &str) -> u32 {
    let pattern = identity.strip_prefix('/');
    let regex = pattern.and_then(|pattern| regex::parse(pattern, Reading::default()).ok());
    regex.map_or(0, |regex| regex.captures)
}
