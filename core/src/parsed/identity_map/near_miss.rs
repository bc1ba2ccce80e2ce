//! Which rules would have matched if one thing had been different? Only for explanations.

use alloc::{borrow::ToOwned, format, string::String};

use super::map::{IssuerMap, Line};
use crate::{
    ground::{
        limits::{NEAR_MISS_LINES_MAX, NEAR_MISS_PRINCIPAL_BYTES_MAX},
        text::shown,
        work::{TooCostly, Work},
    },
    parsed::regex::{self, Program, Reading, folded},
};

/// A rule that does not match, and the one change that would make it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NearMiss<'m> {
    pub(crate) line: Line<'m>,
    pub(crate) change: Change,
}

/// What would have to be different.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    /// Upper and lower case would have to be the same.
    Case,
    /// The principal would have to stand without the white space around it.
    WhiteSpace,
    /// The regex would have to match a part of the principal.
    Anchors,
    /// The principal column would have to begin with a slash, as a regex.
    Slash,
}

impl NearMiss<'_> {
    /// The near miss as a sentence without its full stop.
    pub(crate) fn describe(&self) -> String {
        let Line { number, identity, .. } = self.line;
        let identity = shown(identity);
        let fact = match self.change {
            Change::Case => format!("`{identity}` matches when upper and lower case are the same"),
            Change::WhiteSpace => format!("`{identity}` matches without the white space around the token's value"),
            Change::Anchors => format!("`{identity}` matches a part of the token's value, not all of it"),
            Change::Slash => format!("`{identity}` is a literal; it matches as a regex, `/{identity}`"),
        };
        format!("line {number} of the identity map: {fact}")
    }
}

impl IssuerMap {
    /// The near misses among the first [`NEAR_MISS_LINES_MAX`] rules, in the order of the file, at most one each; as many as
    /// the budget allows to find.
    pub(crate) fn near_misses<'m>(&'m self, principal: &'m str, work: &'m Work) -> impl Iterator<Item = NearMiss<'m>> {
        let is_short = principal.len() <= NEAR_MISS_PRINCIPAL_BYTES_MAX;
        let asked = Asked {
            principal,
            trimmed: Some(principal.trim()).filter(|trimmed| *trimmed != principal),
            folded: folded(principal).into_owned(),
            ignore_case: self.ignore_case,
            work,
        };
        let lines = self.lines().take(if is_short { NEAR_MISS_LINES_MAX } else { 0 });
        lines
            .map_while(move |line| asked.change(line).ok().map(|change| (line, change)))
            .filter_map(|(line, change)| Some(NearMiss { line, change: change? }))
    }
}

struct Asked<'t> {
    principal: &'t str,
    trimmed: Option<&'t str>,
    folded: String,
    ignore_case: bool,
    work: &'t Work,
}

impl Asked<'_> {
    fn change(&self, line: Line<'_>) -> Result<Option<Change>, TooCostly> {
        self.work.spend(line.identity.len())?;
        match line.pattern() {
            Some(pattern) => self.change_of_regex(pattern),
            None => self.change_of_literal(line.identity),
        }
    }

    fn change_of_literal(&self, literal: &str) -> Result<Option<Change>, TooCostly> {
        let key = |text: &str| if self.ignore_case { folded(text).into_owned() } else { text.to_owned() };
        let reads_as_regex = || literal.starts_with('^') || literal.contains(".*") || literal.contains(".+");
        Ok(if key(literal) == key(self.principal) {
            None
        } else if folded(literal) == self.folded {
            Some(Change::Case)
        } else if self.trimmed.is_some_and(|trimmed| key(trimmed) == key(literal)) {
            Some(Change::WhiteSpace)
        } else if reads_as_regex() && self.matches(literal, self.principal, Reading::default())? {
            Some(Change::Slash)
        } else {
            None
        })
    }

    fn change_of_regex(&self, pattern: &str) -> Result<Option<Change>, TooCostly> {
        let as_it_is = Reading { ignore_case: self.ignore_case, ignore_anchors: false };
        let ignoring_case = Reading { ignore_case: true, ..as_it_is };
        let ignoring_anchors = Reading { ignore_anchors: true, ..as_it_is };
        let ignoring_both = Reading { ignore_case: true, ignore_anchors: true };
        if self.trimmed.is_none() && !self.matches(pattern, self.principal, ignoring_both)? {
            return Ok(None); // None of the narrower readings below can match.
        }
        let trimmed = |reading| self.trimmed.map_or(Ok(false), |trimmed| self.matches(pattern, trimmed, reading));
        Ok(if self.matches(pattern, self.principal, as_it_is)? {
            None
        } else if !self.ignore_case && self.matches(pattern, self.principal, ignoring_case)? {
            Some(Change::Case)
        } else if trimmed(as_it_is)? {
            Some(Change::WhiteSpace)
        } else if self.matches(pattern, self.principal, ignoring_anchors)? {
            Some(Change::Anchors)
        } else {
            None
        })
    }

    fn matches(&self, pattern: &str, text: &str, reading: Reading) -> Result<bool, TooCostly> {
        let Ok(regex) = regex::parse(pattern, reading) else { return Ok(false) };
        self.work.spend(regex.bytes / TREE_BYTES_PER_STEP)?;
        let Ok(program) = Program::compile(&regex.tree) else { return Ok(false) };
        self.work.spend(program.step_count())?;
        program.find(text, self.work).map(|found| found.is_some())
    }
}

/// How many bytes of a syntax tree are built in the time of a step.
const TREE_BYTES_PER_STEP: usize = 16;
