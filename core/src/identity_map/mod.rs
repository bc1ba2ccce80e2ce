//! Which SQL users does the identity map give this principal?
//!
//! One rule stands on each line: issuer, principal, SQL user. All rules of the token's issuer are asked, in the order of
//! the file, and every one that matches contributes. An issuer without rules has no map: its principals are SQL users
//! as they are. The text is compiled once; a login then finds literals by hash and regexes through an index.

mod automaton;
mod candidates;
#[cfg(test)]
mod case_orbits;
mod compile;
mod fold;
mod names;
mod near_miss;
mod program;
mod re2;
#[cfg(test)]
mod reference;
mod steps;

use alloc::{borrow::Cow, boxed::Box, string::String, sync::Arc, vec::Vec};
use core::{num::NonZeroU32, ops::Range};

use foldhash::fast::FixedState;
use hashbrown::{HashMap, HashSet};

use crate::{
    profile::Rules,
    sql_user::{is_plain, normalized},
};
use candidates::Candidates;
pub(crate) use names::Strangers;

type Map<V> = HashMap<Box<str>, V, FixedState>;

/// How a map is read: what the profiles disagree on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Dialect {
    /// Every regex has to be anchored at both ends, and `\2` to `\9` are refused.
    pub(crate) anchored: bool,
    /// Principals are compared without regard to case.
    pub(crate) ignore_case: bool,
}

impl From<&Rules> for Dialect {
    fn from(rules: &Rules) -> Self {
        Self { anchored: rules.anchored_map, ignore_case: rules.map_ignores_case }
    }
}

/// A compiled `server.identity_map.configuration`.
#[derive(Debug, Default)]
pub(crate) struct IdentityMap {
    /// In the order of their first lines.
    issuers: Vec<IssuerMap>,
    by_name: Map<usize>,
}

impl IdentityMap {
    /// How many lines hold a rule.
    pub(crate) fn line_count(&self) -> usize {
        self.issuers.iter().map(|issuer| issuer.rules.len()).sum()
    }

    /// The issuers that have rules, in the order of their first lines.
    pub(crate) fn issuers(&self) -> impl Iterator<Item = &str> {
        self.issuers.iter().map(IssuerMap::name)
    }

    /// The rules of the issuer of exactly this name; without any, its principals pass through as SQL users.
    pub(crate) fn lines_for(&self, issuer: &str) -> Option<&IssuerMap> {
        self.by_name.get(issuer).and_then(|&place| self.issuers.get(place))
    }
}

/// The rules of one issuer.
#[derive(Debug)]
pub(crate) struct IssuerMap {
    text: Arc<str>,
    name: Span,
    ignore_case: bool,
    rules: Vec<Rule>,
    /// For each literal principal, folded if case does not matter, its first and its last rule.
    literals: Map<(u32, u32)>,
    regexes: Option<Box<Candidates>>,
}

/// A line of the map; its columns are parts of the text.
#[derive(Clone, Copy, Debug)]
struct Rule {
    number: u32,
    identity: Span,
    user: Span,
    /// The next rule with the same literal principal. The first rule follows none, so 0 is free.
    next_alike: Option<NonZeroU32>,
}

/// A part of the map's text, in bytes.
#[derive(Clone, Copy, Debug)]
struct Span {
    start: u32,
    end: u32,
}

impl Span {
    fn of(self, text: &str) -> &str {
        text.get(Range { start: self.start as usize, end: self.end as usize }).unwrap_or_default()
    }
}

/// A line of the map as a person sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Line<'m> {
    /// Counted from 1, comments and blank lines included.
    pub(crate) number: u32,
    /// Where its second column begins in the map's text, in bytes.
    pub(crate) offset: usize,
    /// The second column, with the slash of a regex.
    pub(crate) identity: &'m str,
    /// The third column.
    pub(crate) user: &'m str,
}

impl<'m> Line<'m> {
    /// The pattern, when the principal is a regex.
    pub(crate) fn pattern(&self) -> Option<&'m str> {
        self.identity.strip_prefix('/')
    }
}

/// A SQL user that the map gives a principal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mapped<'t> {
    /// The normalised name. Nothing says that it is valid or not reserved.
    pub(crate) user: String,
    /// Normalisation changed the name by more than ASCII case.
    pub(crate) raw_changed: bool,
    /// The number of the line that gives it first.
    pub(crate) line: u32,
    /// What replaced `\1`.
    pub(crate) capture: Option<&'t str>,
}

impl IssuerMap {
    pub(crate) fn name(&self) -> &str {
        self.name.of(&self.text)
    }

    /// The lines, in the order of the file.
    pub(crate) fn lines(&self) -> impl ExactSizeIterator<Item = Line<'_>> {
        self.rules.iter().map(|rule| self.line(rule))
    }

    fn line(&self, rule: &Rule) -> Line<'_> {
        Line {
            number: rule.number,
            offset: rule.identity.start as usize,
            identity: rule.identity.of(&self.text),
            user: rule.user.of(&self.text),
        }
    }

    /// The SQL users of a principal in the order of the file, each once. None at all means that the login is denied.
    pub(crate) fn users<'t>(&self, principal: &'t str) -> Vec<Mapped<'t>> {
        let mut hits = Vec::new();
        self.literal_hits(principal, &mut hits);
        if let Some(regexes) = &self.regexes {
            regexes.hits(principal, &mut hits);
            hits.sort_unstable_by_key(|hit: &Hit<'_>| hit.rule);
        }
        once(hits.iter().filter_map(|hit| self.mapped(hit)).collect())
    }

    fn literal_hits(&self, principal: &str, hits: &mut Vec<Hit<'_>>) {
        let key = if self.ignore_case { fold::folded(principal) } else { Cow::Borrowed(principal) };
        let mut next = self.literals.get(&*key).map(|&(first, _)| first);
        while let Some(rule) = next {
            hits.push(Hit { rule, capture: None });
            next = self.rule(rule).and_then(|rule| rule.next_alike).map(NonZeroU32::get);
        }
    }

    fn rule(&self, place: u32) -> Option<&Rule> {
        self.rules.get(place as usize)
    }

    /// What a matching rule gives; an empty name is none. A second `\1` stays as it is.
    fn mapped<'t>(&self, hit: &Hit<'t>) -> Option<Mapped<'t>> {
        let rule = self.rule(hit.rule)?;
        let column = rule.user.of(&self.text);
        let (raw, capture) = match column.split_once("\\1") {
            None => (Cow::Borrowed(column), None),
            Some((before, after)) => {
                let capture = hit.capture.unwrap_or_default();
                (Cow::Owned([before, capture, after].concat()), Some(capture))
            }
        };
        if raw.is_empty() {
            return None;
        }
        let raw_changed = !is_plain(&raw);
        let changed = match normalized(&raw) {
            Cow::Borrowed(_) => None,
            Cow::Owned(changed) => Some(changed),
        };
        let user = changed.unwrap_or_else(|| raw.into_owned());
        Some(Mapped { user, raw_changed, line: rule.number, capture })
    }
}

/// A rule that matches, and what the first group of its regex holds.
#[derive(Debug)]
struct Hit<'t> {
    rule: u32,
    capture: Option<&'t str>,
}

/// The first of each user.
fn once(mut users: Vec<Mapped<'_>>) -> Vec<Mapped<'_>> {
    if users.len() > 1 {
        let mut seen = HashSet::with_hasher(FixedState::default());
        let is_first: Vec<bool> = users.iter().map(|mapped| seen.insert(&*mapped.user)).collect();
        drop(seen);
        let mut is_first = is_first.into_iter();
        users.retain(|_| is_first.next().unwrap_or(false));
    }
    users
}

#[cfg(test)]
mod tests;
