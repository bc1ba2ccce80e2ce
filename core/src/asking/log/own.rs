//! What this project's own modules write of a login: the code stands in the line.

use alloc::{borrow::Cow, string::String};

use super::{
    document::{LogOutcome, LogSource},
    facts::Facts,
};
use crate::ground::{reason::ReasonCode, text::one_line};

/// What stands before our own words in a log: the PAM module's and the validator's names, the agent's and the terminal's heads.
const MARKS: [&str; 6] = ["pam_sqljwt: ", ":auth): ", "sqljwt: ", "\": ", "REJECTED  ", "rejected: "];

/// A line that a module has written.
pub(super) fn marked(line: &str) -> Option<Facts> {
    let line = line.trim();
    let ours = line.contains("sqljwt")
        || line.contains("asked=\"")
        || line.contains("REJECTED  ")
        || line.contains("rejected: ");
    let behind = |mark: &&str| line.split_once(*mark).and_then(|(_, rest)| coded(rest, true));
    let facts = coded(line, true).or_else(|| if ours { MARKS.iter().find_map(behind) } else { None })?;
    Some(around(facts, line))
}

/// A line in which a code stands that is no ordinary word, as `code: why` or `code (number)`.
pub(super) fn anywhere(line: &str) -> Option<Facts> {
    let mut rest = line;
    loop {
        let at = rest.find(|letter: char| letter.is_ascii_lowercase())?;
        let word = rest.get(at..)?;
        let end = word.find(|letter: char| !is_of_code(letter)).unwrap_or(word.len());
        let is_whole = rest.get(..at).and_then(|before| before.chars().next_back());
        if is_whole.is_none_or(|before| !before.is_alphanumeric() && before != '_')
            && let Some(facts) = coded(word, false)
        {
            return Some(around(facts, line));
        }
        rest = word.get(end..)?;
    }
}

/// Whether the line is somebody being let in, on the terminal.
pub(super) fn let_in(line: &str) -> Option<Facts> {
    let rest = line.trim_start().strip_prefix("ACCEPTED  `")?;
    let (principal, rest) = rest.split_once("` logs in as SQL user `")?;
    let mut facts = Facts::new(LogOutcome::Accepted, LogSource::Sqljwt, "accepted");
    facts.cause = Some("the user was let in".into());
    facts.state("user", rest.split_once('`').map_or(rest, |(user, _)| user));
    facts.state("principal", principal);
    Some(facts)
}

const fn is_of_code(letter: char) -> bool {
    letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_'
}

/// The code that a text begins with. Where it stands alone, ordinary words are codes too: `disabled`.
fn coded(text: &str, alone: bool) -> Option<Facts> {
    let end = text.find(|letter: char| !is_of_code(letter)).unwrap_or(text.len());
    let (word, rest) = text.split_at_checked(end)?;
    if !alone && !word.contains('_') {
        return None;
    }
    let code: ReasonCode = word.parse().ok()?;
    let mut facts = Facts::of_reason(code, LogSource::Sqljwt);
    if let Some(why) = rest.strip_prefix(": ") {
        let why = why.split("; user=").next().and_then(|why| why.split("; rhost=").next()).unwrap_or(why);
        let why = why.split('\n').next().unwrap_or(why).trim();
        if !why.is_empty() {
            facts.cause = Some(Cow::Owned(one_line(String::from(why))));
        }
        return Some(facts);
    }
    let number = rest.strip_prefix(" (").and_then(|rest| rest.split_once(')'))?.0;
    (number.parse() == Ok(code.number())).then_some(facts)
}

/// What our modules write around the reason: who asked, from where.
fn around(mut facts: Facts, line: &str) -> Facts {
    let between = |before: &str, after: &str| {
        line.rsplit_once(before).map(|(_, rest)| rest.split_once(after).map_or(rest, |(value, _)| value))
    };
    let ends = |value: &'_ str| value.split([' ', ';', '\n']).next().is_some_and(|first| first.len() == value.len());
    let asked = line.split_once("asked=\"").and_then(|(_, rest)| rest.split_once("\": ")).map(|(user, _)| user);
    if let Some(user) = asked {
        facts.state("requested_user", user);
    }
    for (name, before) in [("requested_user", "; user="), ("host", " rhost="), ("service", " service=")] {
        if let Some(value) = between(before, " ").filter(|value| ends(value) && *value != "-") {
            facts.state(name, value);
        }
    }
    facts
}
