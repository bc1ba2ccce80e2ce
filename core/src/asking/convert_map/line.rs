//! What becomes of one line of another server's map? The lines of an identity map that give nobody a user whom the source
//! does not give, or why there are none.

use alloc::{borrow::ToOwned, boxed::Box, format, string::String, vec::Vec};

use regex_syntax::hir::{ClassUnicode, ClassUnicodeRange};

use super::{
    before::{Before, Overlap, asked, program, the_only_word},
    document::MapWitness,
    source,
};
use crate::{
    ground::{
        limits::SQL_USER_BYTES_MAX,
        private_keys,
        text::{is_invisible, quoted, shown},
        work::Work,
    },
    parsed::{
        foreign_map::{Pattern, Principals, Rule, Stops, Users, WhyNot, written},
        identity_map::{Dialect, IdentityMap},
        regex::{Program, Searched, Wanted, cut_short, shortest, two_ways},
        sql_user,
        user_names::UserNames,
    },
};

/// What is told of a line that differs or is left out.
#[derive(Debug)]
pub(super) struct Told {
    pub(super) why: WhyNot,
    pub(super) witness: Option<MapWitness>,
}

impl From<WhyNot> for Box<Told> {
    fn from(why: WhyNot) -> Self {
        Self::new(Told { why, witness: None })
    }
}

/// Lines for one issuer, and what differs.
#[derive(Debug)]
pub(super) struct Made {
    pub(super) lines: Vec<String>,
    pub(super) differs: Option<Box<Told>>,
}

/// Where the lines are to stand, and what may still be asked.
#[derive(Clone, Copy)]
pub(super) struct Place<'p> {
    pub(super) issuer: &'p str,
    pub(super) dialect: Dialect,
    pub(super) work: &'p Work,
    /// Whether witnesses are looked for.
    pub(super) tells: bool,
}

impl Place<'_> {
    /// The lines of a rule that comes after those.
    pub(super) fn convert(self, rule: &Rule, before: &Before<'_>) -> Result<Made, Box<Told>> {
        if let Some(why_not) = &rule.why_not {
            return Err(why_not.clone().into());
        }
        let line = Line { place: self, rule, before };
        let users = line.columns()?;
        let Some(pattern) = line.pattern()? else {
            let Principals::Literal(text) = &rule.principals else {
                return Err(WhyNot::new("it cannot be read").into());
            };
            return line.literal(text, users);
        };
        match &rule.users {
            Users::Taken { .. } => line.taking(&pattern, users),
            _ => match the_only_word(&pattern) {
                Some(text) => line.literal(&text, users),
                None => line.matching(&pattern, users, None),
            },
        }
    }
}

/// The third columns of a rule's lines.
struct Columns {
    users: Vec<String>,
    /// Users that the source gives and that there cannot be here.
    lost: Option<WhyNot>,
}

struct Line<'l, 'r> {
    place: Place<'l>,
    rule: &'l Rule,
    before: &'l Before<'r>,
}

impl Line<'_, '_> {
    fn columns(&self) -> Result<Columns, Box<Told>> {
        match &self.rule.users {
            Users::Nobody => {
                Err(WhyNot::new("it turns principals away; here those whom no line is for are turned away").into())
            }
            Users::Others => Err(WhyNot::new("it cannot be told which users it gives").into()),
            Users::These(users) => {
                let (mut usable, mut lost) = (Vec::new(), None);
                for user in users {
                    match unusable(user) {
                        None => usable.push(user.clone()),
                        Some(why) => lost = lost.or(Some(why)),
                    }
                }
                match lost {
                    Some(why) if usable.is_empty() => Err(self.with_witness(why)),
                    lost => Ok(Columns { users: usable, lost }),
                }
            }
            Users::Taken { before, after, .. } => {
                let fits = |text: &str| text.chars().all(|character| is_kept(character, false));
                let long = before.len().saturating_add(after.len()) > SQL_USER_BYTES_MAX;
                if long || !fits(before) || !fits(after) || before.starts_with(['-', '.']) {
                    let name = format!("{before}…{after}");
                    let message = format!("no SQL user is called `{}`", shown(&name));
                    let remedy = "the names of SQL users have small letters, digits, `_`, `-` and `.`";
                    return Err(self.with_witness(WhyNot::new(message).with_remedy(remedy)));
                }
                Ok(Columns { users: [format!(r"{before}\1{after}")].into(), lost: None })
            }
        }
    }

    /// Why it is left out, with a principal whom the source gives a user.
    fn with_witness(&self, why: WhyNot) -> Box<Told> {
        self.with_witness_of(why, |_| Vec::new())
    }

    /// The same with what a line would give it here.
    fn with_witness_of(&self, why: WhyNot, here: impl Fn(&str) -> Vec<String>) -> Box<Told> {
        let witness = match &self.rule.principals {
            _ if !self.place.tells => None,
            Principals::Literal(text) => self.witness(text, &here(text)),
            Principals::Pattern(pattern) if pattern.first_foreign().is_none() => program(&pattern.with_plain_ends())
                .and_then(|program| {
                    let found = |work: &Work| {
                        shortest(&[Wanted::matching(&program)], work, |text| self.witness(text, &here(text)))
                    };
                    asked(self.place.work, found).found()
                }),
            _ => None,
        };
        Box::new(Told { why, witness })
    }

    /// A principal and what the source gives it, where that is known and other than what it would be here.
    fn witness(&self, principal: &str, here: &[String]) -> Option<MapWitness> {
        if !self.place.tells {
            return None;
        }
        self.place.work.spend(self.before.rules.len().saturating_mul(MODEL_STEPS)).ok()?;
        let rules = self.before.rules.iter().copied().chain([self.rule]);
        let source = source::users(rules, principal).ok()?;
        let all = |users: &[String]| users.iter().map(|user| quoted(user)).collect::<Vec<_>>();
        (source != here).then(|| MapWitness { principal: quoted(principal), source: all(&source), here: all(here) })
    }

    /// What these lines give a principal here.
    fn here(&self, lines: &[String], principal: &str) -> Vec<String> {
        let mut users = Vec::new();
        let Ok(map) = IdentityMap::parse(&lines.join("\n"), self.place.dialect) else { return users };
        if let Some(map) = map.lines_for(self.place.issuer) {
            // OK because what is too costly to be known is no witness: it would be none of what the source gives.
            let _ = map.users(principal, &UserNames::default(), &Work::of(STEPS), |mapped| {
                users.push(mapped.user);
                Ok(())
            });
        }
        users
    }

    /// The rule's pattern, all of it known here and all users made by it as a whole; none where it is for a literal.
    fn pattern(&self) -> Result<Option<Pattern>, Box<Told>> {
        let Principals::Pattern(pattern) = &self.rule.principals else { return Ok(None) };
        if let Some(foreign) = pattern.first_foreign() {
            return Err(WhyNot::no_counterpart(foreign).into());
        }
        if pattern.has_line_end() && !self.never_ends_a_line(pattern) {
            let why = "`$` also matches before a line feed at the end of the principal; here it does not";
            return Err(WhyNot::new(why).with_remedy(r"write the pattern without `$`, or with `\z`").into());
        }
        let pattern = pattern.with_plain_ends();
        if let Some(replacing) = &self.rule.replacing {
            self.replaced_as_a_whole(&replacing.pattern.with_plain_ends(), &pattern)?;
        }
        Ok(Some(pattern))
    }

    fn never_ends_a_line(&self, pattern: &Pattern) -> bool {
        let mut terminators = ClassUnicode::empty();
        for terminator in ['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}'] {
            terminators.push(ClassUnicodeRange::new(terminator, terminator));
        }
        let ending = Pattern::Sequence([Pattern::anything(), Pattern::Set(terminators)].into()).anchored();
        let (Some(ending), Some(pattern)) = (program(&ending), program(&pattern.at_most().anchored())) else {
            return false;
        };
        let wanted = [Wanted::matching(&ending), Wanted::matching(&pattern)];
        asked(self.place.work, |work| shortest(&wanted, work, |_| Some(()))) == Searched::Nothing
    }

    /// That Trino, which replaces whatever its pattern finds in the principal, finds the whole of it and nothing else.
    fn replaced_as_a_whole(&self, found_by: &Pattern, whole: &Pattern) -> Result<(), Box<Told>> {
        let adds_text = match &self.rule.users {
            Users::These(_) => true,
            Users::Taken { before, after, .. } => !(before.is_empty() && after.is_empty()),
            Users::Nobody | Users::Others => false,
        };
        if adds_text && found_by.can_be_empty(false) {
            let message =
                "the pattern matches once more, empty, at the principal's end, so that Trino writes the user twice";
            let remedy = "write the pattern with `^` before it";
            let why = WhyNot::new(message).with_remedy(remedy);
            return Err(self.with_witness_of(why, |text| self.would_be(whole, text)));
        }
        let why = |message: &str| WhyNot::new(message).with_remedy("write the pattern with `$` at its end");
        let from_start = Pattern::Sequence([Pattern::Start, found_by.clone()].into());
        let cut = program(&from_start).map(|program| asked(self.place.work, |work| cut_short(&program, work)));
        let message = match cut {
            Some(Searched::Nothing) => return Ok(()),
            Some(Searched::Found(text)) => {
                let witness = self.witness(&text, &self.would_be(whole, &text));
                let message = "the pattern can match a part of the principal before it matches the whole, and Trino replaces \
                               that part";
                return Err(Box::new(Told { why: why(message), witness }));
            }
            _ => "it could not be proven that the pattern, looked for in the principal, finds the whole of it",
        };
        Err(why(message).into())
    }

    /// What a line that was written as it stands would give.
    fn would_be(&self, pattern: &Pattern, principal: &str) -> Vec<String> {
        let column = match &self.rule.users {
            Users::These(users) => users.first().cloned().unwrap_or_default(),
            Users::Taken { before, after, .. } => format!(r"{before}\1{after}"),
            Users::Nobody | Users::Others => return Vec::new(),
        };
        self.here(&[self.written(&self.regex(pattern), &column)], principal)
    }

    /// Lines that take a part of the principal over.
    fn taking(&self, pattern: &Pattern, columns: Columns) -> Result<Made, Box<Told>> {
        let lowered = matches!(&self.rule.users, Users::Taken { lowered: true, .. });
        let narrowed = pattern.narrowed(&kept(lowered));
        let fits = narrowed == *pattern;
        if pattern.group(1).is_none_or(|placed| placed.repeated) {
            let message = "the group that is taken over is repeated, and servers disagree on what it then holds";
            return Err(WhyNot::new(message).with_remedy("put the group around the repetition").into());
        }
        let whole = program(pattern);
        let ways = whole.as_ref().map(|whole| asked(self.place.work, |work| two_ways(whole, work)));
        // Java tries the ways in the same order as here, as long as none is a round of nothing and none is taken from it.
        let same_order = self.rule.replacing.is_some() && fits && !pattern.repeats_nothing();
        match ways {
            Some(Searched::Nothing) => {}
            _ if same_order => {}
            Some(Searched::Found(text)) => {
                let message = format!(
                    "the group can hold different parts of one principal, `{}` for one, and it is not certain that the one \
                     which the source takes is taken here",
                    shown(&text)
                );
                let remedy = "write the regex so that it leaves no choice: `[^@]+` instead of `.*` before an `@`";
                return Err(WhyNot::new(message).with_remedy(remedy).into());
            }
            _ => {
                let message = "it could not be proven that the group holds the same part of the principal here";
                return Err(WhyNot::new(message).with_remedy("write the regex simpler").into());
            }
        }
        let narrowed = narrowed.trimmed();
        if narrowed.is_nothing() {
            let message = "no name that it takes over can be the name of a SQL user";
            return Err(self.with_witness(WhyNot::new(message).with_remedy(NAMES)));
        }
        let differs = if fits { None } else { Some(pattern) };
        self.matching(&narrowed, columns, differs)
    }

    /// Lines for one principal.
    fn literal(&self, text: &str, columns: Columns) -> Result<Made, Box<Told>> {
        let same = |rule: &Rule| matches!(&rule.users, Users::These(users) if *users == columns.users);
        let overlap = asked(self.place.work, |work| self.before.for_literal(text, work, same));
        let is_shown = |c: char| c.is_ascii_graphic() || c.is_alphanumeric() && !is_invisible(c);
        let has_cases = text.chars().any(|c| c.is_ascii_alphabetic() || !c.is_ascii());
        let as_it_is = !text.is_empty()
            && !text.starts_with('/')
            && !text.contains('#')
            && text.chars().all(is_shown)
            && (!self.place.dialect.ignore_case || !has_cases);
        let identity = if as_it_is { text.to_owned() } else { self.regex(&Pattern::literal(text).anchored()) };
        self.made(&identity, columns, overlap, None)
    }

    /// Lines for those whom the pattern matches as a whole; `wider` is what it was before its group was narrowed.
    fn matching(&self, pattern: &Pattern, columns: Columns, wider: Option<&Pattern>) -> Result<Made, Box<Told>> {
        let Some(target) = program(pattern) else {
            return Err(WhyNot::new("the regex is too large to be written here").into());
        };
        let same = |rule: &Rule, captured: Option<&str>| match (&rule.users, &self.rule.users) {
            (Users::These(theirs), Users::These(_)) => *theirs == columns.users,
            (Users::These(theirs), Users::Taken { before, after, lowered }) => {
                let taken = captured.unwrap_or_default();
                let taken = if *lowered { taken.to_ascii_lowercase() } else { taken.to_owned() };
                *theirs == [format!("{before}{taken}{after}")]
            }
            _ => false,
        };
        let others = self.before.captured(&target, self.place.work, same).filter(|words| !words.is_empty());
        let others = others.and_then(|words| pattern.without(&words));
        let other_target = others.as_ref().and_then(program);
        let (pattern, target) = match (&others, &other_target) {
            (Some(others), Some(target)) => (others, target),
            _ => (pattern, &target),
        };
        let overlap = self.before.for_regex(target, self.place.work, same);
        let differs = wider.map(|wider| (wider, target));
        self.made(&self.regex(pattern), columns, overlap, differs)
    }

    fn made(
        &self,
        identity: &str,
        columns: Columns,
        overlap: Overlap<'_>,
        narrowed: Option<(&Pattern, &Program)>,
    ) -> Result<Made, Box<Told>> {
        let lines: Vec<String> = columns.users.iter().map(|user| self.written(identity, user)).collect();
        if private_keys::named(identity).is_some() {
            return Err(WhyNot::new("the principal looks like a key").into());
        }
        if let Err(fault) = IdentityMap::parse(&lines.join("\n"), self.place.dialect) {
            let (_, message) = fault.message.split_once(": ").unwrap_or(("", &fault.message));
            return Err(WhyNot::new(format!("the line cannot be written here: {message}")).into());
        }
        match overlap {
            Overlap::None => {}
            Overlap::With(rule, principal) => {
                let witness = self.witness(&principal, &self.here(&lines, &principal));
                return Err(Box::new(Told {
                    why: after(rule, &format!("is for `{}` too", shown(&principal))),
                    witness,
                }));
            }
            Overlap::Unproven(rule) => return Err(after(rule, "may be for one of its principals too").into()),
        }
        let differs = narrowed.map(|(wider, target)| {
            let found = |wider: &Pattern| {
                let wider = program(wider).filter(|_| self.place.tells)?;
                let wanted = [Wanted::matching(&wider), Wanted::missing(target)];
                let check = |text: &str| self.witness(text, &self.here(&lines, text));
                asked(self.place.work, |work| shortest(&wanted, work, check)).found()
            };
            // One with capital letters convinces most.
            let found = found(&wider.narrowed(&kept(true)).trimmed()).or_else(|| found(wider));
            let message =
                "the part that is taken over is let through only where it can be the name of a SQL user as it stands";
            Box::new(Told { why: WhyNot::new(message).with_remedy(NAMES), witness: found })
        });
        Ok(Made { lines, differs: differs.or_else(|| columns.lost.map(Into::into)) })
    }

    fn written(&self, identity: &str, user: &str) -> String {
        format!("{} {identity} {user}", self.place.issuer)
    }

    /// The second column for a pattern that spans the principal. Where case does not matter here, it does in the pattern.
    fn regex(&self, pattern: &Pattern) -> String {
        let text = written(pattern);
        match text.strip_prefix('^').and_then(|text| text.strip_suffix('$')).filter(|_| self.place.dialect.ignore_case)
        {
            Some(between) => format!("/^(?-i:{between})$"),
            None => format!("/{text}"),
        }
    }
}

/// Why a line is left out that stands after one for the same principals.
fn after(rule: &Rule, how: &str) -> WhyNot {
    let ends = match rule.stops {
        Stops::WithoutGroup => "can end the search with an error there",
        Stops::Matched | Stops::Nobody => "decides there; here both would count",
    };
    let remedy = format!(
        "write the regex so that it matches nobody whom line {} is for, or a line for each principal",
        rule.line
    );
    WhyNot::new(format!("line {} {how} and {ends}", rule.line)).with_remedy(remedy)
}

/// Why nobody can log in as this user.
fn unusable(user: &str) -> Option<WhyNot> {
    let normalized = sql_user::normalized(user);
    if normalized != user {
        let message = format!("no SQL user is called `{}`: their names are written in small letters", shown(user));
        let remedy = format!("write `{}`, if the user here is to be called so", shown(&normalized));
        return Some(WhyNot::new(message).with_remedy(remedy));
    }
    if let Err(defect) = sql_user::check(user) {
        return Some(WhyNot::new(format!("no SQL user is called `{}`: {}", shown(user), defect.describe())));
    }
    sql_user::is_reserved(user)
        .then(|| WhyNot::new(format!("no token may log in as `{}`, which the database keeps for itself", shown(user))))
}

/// The characters of names that stay as they are, with `lowered` also those that become small letters.
fn kept(lowered: bool) -> ClassUnicode {
    let ranges = KEPT.iter().filter(|(start, _)| lowered || !start.is_ascii_uppercase());
    ClassUnicode::new(ranges.map(|&(start, end)| ClassUnicodeRange::new(start, end)))
}

/// Whether a character of a name stays as it is.
fn is_kept(character: char, lowered: bool) -> bool {
    let range = KEPT.iter().find(|(start, end)| (*start..=*end).contains(&character));
    range.is_some_and(|(start, _)| lowered || !start.is_ascii_uppercase())
}

const NAMES: &str = "write a line for each principal whose SQL user is to be called otherwise";

/// The characters of a SQL user's name that its normal form leaves as they are, and the capital letters.
const KEPT: [(char, char); 5] = [('-', '.'), ('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')];

/// What one principal may cost here, and what one rule costs on the other side, in steps.
const STEPS: u64 = 1_048_576;
const MODEL_STEPS: usize = 64;
