//! Whom do the lines before this one keep from it? The other server tries its lines in order; here every line counts.

use alloc::{string::String, vec::Vec};

use foldhash::fast::FixedState;
use hashbrown::HashMap;

use crate::{
    ground::{
        limits::{CONVERT_QUESTION_STEPS_MAX, CONVERT_WORDS_MAX},
        work::Work,
    },
    parsed::{
        foreign_map::{Pattern, Principals, Rule, Stops, written},
        regex::{self, Program, Reading, Searched, Wanted, shortest},
    },
};

/// The lines before, as far as they keep principals from the lines after them.
#[derive(Default)]
pub(super) struct Before<'r> {
    pub(super) rules: Vec<&'r Rule>,
    literals: HashMap<String, &'r Rule, FixedState>,
    programs: Vec<(Program, &'r Rule)>,
    /// One that keeps nobody knows whom.
    unknown: Option<&'r Rule>,
}

/// Whether a line before is for one of a line's principals.
pub(super) enum Overlap<'r> {
    None,
    /// It is for this one.
    With(&'r Rule, String),
    /// Nobody knows.
    Unproven(&'r Rule),
}

impl<'r> Before<'r> {
    pub(super) fn add(&mut self, rule: &'r Rule) {
        if rule.stops == Stops::Nobody {
            return;
        }
        self.rules.push(rule);
        let pattern = match &rule.principals {
            Principals::Unknown => None,
            Principals::Literal(text) => {
                self.literals.entry(text.clone()).or_insert(rule);
                return;
            }
            Principals::Pattern(pattern) => Some(pattern.at_most()),
        };
        if let Some(text) = pattern.as_ref().and_then(the_only_word) {
            self.literals.entry(text).or_insert(rule);
            return;
        }
        match pattern.and_then(|pattern| program(&pattern)) {
            Some(program) => self.programs.push((program, rule)),
            None => self.unknown = self.unknown.or(Some(rule)),
        }
    }

    /// Whether one of them is for this principal, other than to the same end.
    pub(super) fn for_literal(&self, text: &str, work: &Work, same: impl Fn(&Rule) -> bool) -> Overlap<'r> {
        if let Some(unknown) = self.unknown {
            return Overlap::Unproven(unknown);
        }
        if let Some(rule) = self.literals.get(text).filter(|rule| !same(rule)) {
            return Overlap::With(rule, text.into());
        }
        for (program, rule) in &self.programs {
            match program.find(text, work) {
                Ok(None) => {}
                Ok(Some(_)) => return Overlap::With(rule, text.into()),
                Err(_) => return Overlap::Unproven(rule),
            }
        }
        Overlap::None
    }

    /// What the first group holds of each literal before that the regex matches, but for those to the same end.
    pub(super) fn captured(
        &self,
        target: &Program,
        work: &Work,
        same: impl Fn(&Rule, Option<&str>) -> bool,
    ) -> Option<Vec<Vec<char>>> {
        let mut words = Vec::new();
        for (text, rule) in &self.literals {
            if let Some(captured) = target.find(text, work).ok()?
                && !same(rule, captured)
            {
                words.push(captured?.chars().collect());
            }
            if words.len() > CONVERT_WORDS_MAX {
                return None;
            }
        }
        Some(words)
    }

    /// Whether one of them is for a principal of this regex. Of a literal it is asked whether both give it the same.
    pub(super) fn for_regex(
        &self,
        target: &Program,
        work: &Work,
        same: impl Fn(&Rule, Option<&str>) -> bool,
    ) -> Overlap<'r> {
        if let Some(unknown) = self.unknown {
            return Overlap::Unproven(unknown);
        }
        for (text, rule) in &self.literals {
            match target.find(text, work) {
                Ok(Some(captured)) if !same(rule, captured) => return Overlap::With(rule, text.clone()),
                Ok(_) => {}
                Err(_) => return Overlap::Unproven(rule),
            }
        }
        for (program, rule) in &self.programs {
            let wanted = [Wanted::matching(program), Wanted::matching(target)];
            match asked(work, |work| shortest(&wanted, work, |text| Some(String::from(text)))) {
                Searched::Nothing => {}
                Searched::Found(text) => return Overlap::With(rule, text),
                Searched::Unknown => return Overlap::Unproven(rule),
            }
        }
        Overlap::None
    }
}

/// The text that a pattern stands for, if it is one.
pub(super) fn the_only_word(pattern: &Pattern) -> Option<String> {
    pattern.anchored_words(1)?.pop()
}

/// The pattern compiled, upper and lower case told apart.
pub(super) fn program(pattern: &Pattern) -> Option<Program> {
    let regex = regex::parse(&written(pattern), Reading::default()).ok()?;
    Program::compile(&regex.tree).ok()
}

/// One question about regexes, within what is left for the map and what one question may take.
pub(super) fn asked<T>(work: &Work, question: impl FnOnce(&Work) -> T) -> T {
    let most = work.left().min(CONVERT_QUESTION_STEPS_MAX);
    let own = Work::of(most);
    let answer = question(&own);
    work.leave(work.left().saturating_sub(most.saturating_sub(own.left())));
    answer
}
