//! Which SQL users does the identity map give this principal?
//!
//! One rule stands on each line: issuer, principal, SQL user. All rules of the token's issuer are asked, in the order of
//! the file, and every one that matches contributes. An issuer without rules has no map: its principals are SQL users
//! as they are. The text is compiled once; a login then finds literals by hash and regexes by the fixed text in them.

use alloc::{borrow::Cow, boxed::Box, string::String, sync::Arc, vec::Vec};
use core::{num::NonZeroU32, ops::Range};

use foldhash::fast::FixedState;
use hashbrown::HashMap;

use super::regexes::{Hit, Regexes};
use crate::{
    ground::work::{TooCostly, Work},
    parsed::{
        regex::{Program, folded},
        user_names::UserNames,
    },
};

/// A compiled `server.identity_map.configuration`.
#[derive(Debug, Default)]
pub(crate) struct IdentityMap {
    /// In the order of their first lines.
    pub(super) issuers: Vec<IssuerMap>,
    pub(super) by_name: HashMap<Box<str>, usize, FixedState>,
    /// What it has taken to compile it, in the steps that a login is counted in.
    pub(crate) steps: usize,
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

    /// The rules, issuer by issuer, in the order of their first lines.
    pub(crate) fn maps(&self) -> impl Iterator<Item = &IssuerMap> {
        self.issuers.iter()
    }

    /// The rules of the issuer of exactly this name; without any, its principals pass through as SQL users.
    pub(crate) fn lines_for(&self, issuer: &str) -> Option<&IssuerMap> {
        self.by_name.get(issuer).and_then(|&place| self.issuers.get(place))
    }
}

/// The rules of one issuer.
#[derive(Debug)]
pub(crate) struct IssuerMap {
    pub(super) text: Arc<str>,
    pub(super) name: Span,
    pub(super) ignore_case: bool,
    pub(super) rules: Vec<Rule>,
    /// For each literal principal, folded if case does not matter, its first and its last rule.
    pub(super) literals: HashMap<Box<str>, (u32, u32), FixedState>,
    pub(super) regexes: Option<Box<Regexes>>,
}

/// A line of the map; its columns are parts of the text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rule {
    pub(super) number: u32,
    pub(super) identity: Span,
    pub(super) user: Span,
    /// The next rule with the same literal principal. The first rule follows none, so 0 is free.
    pub(super) next_alike: Option<NonZeroU32>,
}

/// A part of the map's text, in bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    pub(super) start: u32,
    pub(super) end: u32,
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
    /// What stands before and after the `\\1` of the SQL user, where it has one.
    pub(crate) fn template(&self) -> Option<(&'m str, &'m str)> {
        self.user.split_once("\\1")
    }

    /// The pattern, when the principal is a regex.
    pub(crate) fn pattern(&self) -> Option<&'m str> {
        self.identity.strip_prefix('/')
    }
}

/// A SQL user that the map gives a principal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mapped {
    /// The normalised name. Nothing says that it is valid or not reserved.
    pub(crate) user: String,
    /// Normalisation changed the name by more than ASCII case.
    pub(crate) raw_changed: bool,
    /// The number of the line that gives it.
    pub(crate) line: u32,
}

impl IssuerMap {
    pub(crate) fn name(&self) -> &str {
        self.name.of(&self.text)
    }

    /// The lines, in the order of the file.
    pub(crate) fn lines(&self) -> impl ExactSizeIterator<Item = Line<'_>> {
        self.rules.iter().map(|rule| self.line(rule))
    }

    /// The lines with their compiled patterns, in the order of the file.
    pub(crate) fn lines_and_patterns(&self) -> impl Iterator<Item = (Line<'_>, Option<&Program>)> {
        let pattern = |place: usize| self.regexes.as_ref()?.program(u32::try_from(place).ok()?);
        self.rules.iter().enumerate().map(move |(place, rule)| (self.line(rule), pattern(place)))
    }

    /// The line of that number.
    pub(crate) fn line_numbered(&self, number: u32) -> Option<Line<'_>> {
        let place = self.rules.binary_search_by_key(&number, |rule| rule.number).ok()?;
        self.rules.get(place).map(|rule| self.line(rule))
    }

    /// Whether principals are compared without regard to case.
    pub(crate) fn ignores_case(&self) -> bool {
        self.ignore_case
    }

    fn line(&self, rule: &Rule) -> Line<'_> {
        Line {
            number: rule.number,
            offset: rule.identity.start as usize,
            identity: rule.identity.of(&self.text),
            user: rule.user.of(&self.text),
        }
    }

    /// Gives the SQL users of a principal in the order of the file, one for each rule that matches; several rules can give
    /// the same. None at all means that the login is denied.
    pub(crate) fn users(
        &self,
        principal: &str,
        names: &UserNames,
        work: &Work,
        mut give: impl FnMut(Mapped) -> Result<(), TooCostly>,
    ) -> Result<(), TooCostly> {
        let mut hits = Vec::new();
        self.literal_hits(principal, work, &mut hits)?;
        if let Some(regexes) = &self.regexes {
            regexes.hits(principal, work, &mut hits)?;
            hits.sort_unstable_by_key(|hit: &Hit<'_>| hit.rule);
        }
        hits.iter().filter_map(|hit| self.mapped(hit, names)).try_for_each(|mapped| {
            work.spend(MAPPED_STEPS.saturating_add(mapped.user.len() / BYTES_PER_STEP))?;
            give(mapped)
        })
    }

    /// What the `\1` of that line stands for with this principal; nothing where the line has none, or does not match.
    pub(crate) fn capture<'p>(&self, number: u32, principal: &'p str, work: &Work) -> Option<&'p str> {
        let place = self.rules.iter().position(|rule| rule.number == number)?;
        let carried = self.rules.get(place)?.user.of(&self.text).contains(r"\1");
        let regexes = self.regexes.as_ref().filter(|_| carried)?;
        regexes.capture(u32::try_from(place).ok()?, principal, work)
    }

    fn literal_hits(&self, principal: &str, work: &Work, hits: &mut Vec<Hit<'_>>) -> Result<(), TooCostly> {
        work.spend(principal.len() / BYTES_PER_STEP)?;
        let key = if self.ignore_case { folded(principal) } else { Cow::Borrowed(principal) };
        let mut next = self.literals.get(&*key).map(|&(first, _)| first);
        while let Some(rule) = next {
            work.spend(1)?;
            hits.push(Hit { rule, capture: None });
            next = self.rule(rule).and_then(|rule| rule.next_alike).map(NonZeroU32::get);
        }
        Ok(())
    }

    fn rule(&self, place: u32) -> Option<&Rule> {
        self.rules.get(place as usize)
    }

    /// What a matching rule gives; an empty name is none. A second `\1` stays as it is.
    fn mapped(&self, hit: &Hit<'_>, names: &UserNames) -> Option<Mapped> {
        let rule = self.rule(hit.rule)?;
        let column = rule.user.of(&self.text);
        let raw = match column.split_once("\\1") {
            None => Cow::Borrowed(column),
            Some((before, after)) => Cow::Owned([before, hit.capture.unwrap_or_default(), after].concat()),
        };
        if raw.is_empty() {
            return None;
        }
        let raw_changed = !names.is_plain(&raw);
        let changed = match names.normalized(&raw) {
            Cow::Borrowed(_) => None,
            Cow::Owned(changed) => Some(changed),
        };
        let user = changed.unwrap_or_else(|| raw.into_owned());
        Some(Mapped { user, raw_changed, line: rule.number })
    }
}

/// What it takes to make a SQL user of a rule that matches, in steps, and how many bytes of it make a step more.
const MAPPED_STEPS: usize = 16;
const BYTES_PER_STEP: usize = 16;

#[cfg(test)]
impl IssuerMap {
    /// The SQL users of a principal, each once, whatever it costs.
    pub(crate) fn users_once(&self, principal: &str) -> Vec<Mapped> {
        let mut users: Vec<Mapped> = Vec::new();
        let given = self.users(principal, &UserNames::default(), &Work::of(u64::MAX), |mapped| {
            if users.iter().all(|known| known.user != mapped.user) {
                users.push(mapped);
            }
            Ok(())
        });
        assert_eq!(given, Ok(()));
        users
    }
}
