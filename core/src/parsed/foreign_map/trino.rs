//! What do Trino's rules for users say? The file of `user-mapping.file`, and the pattern of `user-mapping.pattern`.

use alloc::{
    borrow::ToOwned,
    boxed::Box,
    format,
    string::{String, ToString},
    vec::Vec,
};

use super::{
    java::{self, JavaPattern},
    lexer::Unread,
    rule::{Case, Piece, Principals, Read, Replacing, Rule, Stops, Users, WhyNot},
};
use crate::ground::{
    json::{Document, Duplicates, Kind, Value},
    text::shown,
};

/// Reads a file of rules.
pub(crate) fn read_rules(text: &str) -> Read {
    let refused = |why: String| Read { refused: Some(why), ..Read::default() };
    let document = match Document::parse(text, Duplicates::Refused) {
        Ok(document) => document,
        Err(error) => {
            return refused(format!(
                "line {}: it is not JSON: {}",
                lines_before(text, error.offset) + 1,
                error.defect.describe()
            ));
        }
    };
    let root = document.root();
    if let Err(why) = only(root, &["rules"]) {
        return refused(why);
    }
    let rules = root.member("rules").filter(|rules| rules.kind() == Kind::Array);
    let Some(rules) = rules.filter(|rules| rules.elements().next().is_some()) else {
        return refused("`rules` has to be an array of at least one rule".into());
    };
    let mut read = Read::default();
    let (mut line, mut counted) = (1, 0);
    for value in rules.elements() {
        let (start, _) = value.span();
        line += lines_before(text.get(counted..).unwrap_or_default(), start.saturating_sub(counted));
        counted = start;
        match Written::of(value).and_then(|written| rule(line, &written)) {
            Ok(rule) => read.pieces.push(Piece::Rule(rule.into())),
            Err(why) => {
                read.refused.get_or_insert_with(|| format!("line {line}: {why}"));
                let why_not = Some(WhyNot::new(why));
                read.pieces.push(Piece::Rule(Box::new(Rule { why_not, ..unread(line) })));
            }
        }
    }
    read
}

/// Reads the pattern of a property, or the line of a properties file that sets it.
pub(crate) fn read_pattern(text: &str) -> Read {
    let pattern = property(text).unwrap_or_else(|| text.trim_matches(['\r', '\n']).to_owned());
    let written = Written { pattern, user: "$1".into(), allow: true, case: Case::Keep };
    match rule(1, &written) {
        Ok(rule) => Read { pieces: [Piece::Rule(rule.into())].into(), refused: None },
        Err(why) => Read { pieces: Vec::new(), refused: Some(why) },
    }
}

/// The value of a line `….user-mapping.pattern=…`, in which a backslash is written twice.
fn property(text: &str) -> Option<String> {
    let (name, value) = text.split_once('=')?;
    if !name.trim().ends_with("user-mapping.pattern") {
        return None;
    }
    let mut written = String::new();
    let mut characters = value.trim_start().trim_end_matches(['\r', '\n']).chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => written.extend(characters.next().map(|next| match next {
                't' => '\t',
                'n' => '\n',
                'r' => '\r',
                'f' => '\x0c',
                other => other,
            })),
            other => written.push(other),
        }
    }
    Some(written)
}

/// How many lines end before the offset.
fn lines_before(text: &str, offset: usize) -> u32 {
    let before = text.as_bytes().get(..offset).unwrap_or(text.as_bytes());
    u32::try_from(before.iter().filter(|&&byte| byte == b'\n').count()).unwrap_or(u32::MAX)
}

/// That the value is an object with no other members.
fn only(value: Value<'_>, members: &[&str]) -> Result<(), String> {
    if value.kind() != Kind::Object {
        return Err(format!("expected an object, found {}", value.kind().describe()));
    }
    let other = value.members().find_map(|(name, _)| name.string().filter(|name| !members.contains(&&**name)));
    match other {
        Some(name) => {
            Err(format!("`{}` is none of the members that it may have: {}", shown(&name), members.join(", ")))
        }
        None => Ok(()),
    }
}

/// A rule as it is written.
struct Written {
    pattern: String,
    user: String,
    allow: bool,
    case: Case,
}

impl Written {
    fn of(value: Value<'_>) -> Result<Self, String> {
        only(value, &["pattern", "user", "allow", "case"])?;
        let text = |name: &str| match value.member(name) {
            None => Ok(None),
            Some(value) if value.is_null() => Ok(None),
            Some(value) => {
                value.string().map(|text| Some(text.into_owned())).ok_or_else(|| format!("`{name}` is no string"))
            }
        };
        let allow = match value.member("allow").map(Value::kind) {
            None | Some(Kind::Null) => true,
            Some(Kind::Bool(allow)) => allow,
            Some(_) => return Err("`allow` is no boolean".into()),
        };
        let case = match text("case")?.map(|case| case.to_ascii_lowercase()).as_deref() {
            None | Some("keep") => Case::Keep,
            Some("lower") => Case::Lower,
            Some("upper") => Case::Upper,
            Some(other) => return Err(format!("`{}` is no case; it is keep, lower or upper", shown(other))),
        };
        let pattern = text("pattern")?.ok_or("a rule has to have a `pattern`")?;
        Ok(Self { pattern, user: text("user")?.unwrap_or_else(|| "$1".to_string()), allow, case })
    }
}

fn unread(line: u32) -> Rule {
    Rule {
        line,
        map: None,
        principals: Principals::Unknown,
        users: Users::Others,
        why_not: None,
        stops: Stops::Matched,
        replacing: None,
        comment: None,
    }
}

/// What a rule says, or why Trino does not start with it.
fn rule(line: u32, written: &Written) -> Result<Rule, String> {
    let mut rule = unread(line);
    let read = match java::read(&written.pattern) {
        Ok(read) => read,
        Err(Unread::Invalid(why)) => return Err(format!("invalid pattern: {why}")),
        Err(Unread::Unknown(what)) => {
            rule.why_not = Some(WhyNot::no_counterpart(&what));
            return Ok(rule);
        }
    };
    let mut kept = None;
    let (mut before, mut after) = (String::new(), String::new());
    if written.allow {
        let parts = replacement(&written.user, &read);
        for part in parts.iter().flatten() {
            match part {
                Part::Group(group) => kept = Some(*group),
                Part::Text(text) if kept.is_some() => after.push_str(text),
                Part::Text(text) => before.push_str(text),
            }
        }
        match parts.and_then(|parts| users(&parts, written.case)) {
            Ok((users, group)) => (rule.users, kept) = (users, group),
            Err(why_not) => rule.why_not = Some(why_not),
        }
    } else {
        rule.users = Users::Nobody;
    }
    let pattern = read.pattern.keeping(kept);
    rule.principals = Principals::Pattern(pattern.clone().anchored());
    rule.replacing = Some(Replacing { pattern, before, after, case: written.case });
    Ok(rule)
}

/// A part of what replaces a match.
enum Part {
    Text(String),
    Group(u32),
}

/// The parts of a replacement, as Java reads them at every login.
fn replacement(user: &str, pattern: &JavaPattern) -> Result<Vec<Part>, WhyNot> {
    let fails = |why: String| {
        let fact = format!("Trino turns away whoever matches: `{}` cannot be put in place: {why}", shown(user));
        WhyNot::new(fact)
    };
    let mut parts: Vec<Part> = Vec::new();
    let mut text = String::new();
    let mut characters = user.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\\' => text.push(characters.next().ok_or_else(|| fails("it ends in a backslash".into()))?),
            '$' => {
                let group = if characters.next_if_eq(&'{').is_some() {
                    let mut name = String::new();
                    while let Some(letter) = characters.next_if(|&letter| letter != '}') {
                        name.push(letter);
                    }
                    if characters.next().is_none() {
                        return Err(fails("a `{` has no `}`".into()));
                    }
                    pattern.named(&name).map_err(fails)?
                } else {
                    let digit = |character: &char| character.is_ascii_digit();
                    let first = characters.next_if(digit).and_then(|digit| digit.to_digit(10));
                    let mut group = first.ok_or_else(|| fails("no group follows `$`".into()))?;
                    // As many digits as still name a group.
                    while let Some(more) = characters.peek().and_then(|next| next.to_digit(10)) {
                        let longer = group.saturating_mul(10).saturating_add(more);
                        if longer > pattern.groups {
                            break;
                        }
                        group = longer;
                        characters.next();
                    }
                    group
                };
                if group > pattern.groups {
                    return Err(fails(format!("the pattern has no group {group}")));
                }
                if !text.is_empty() {
                    parts.push(Part::Text(core::mem::take(&mut text)));
                }
                parts.push(Part::Group(group));
            }
            other => text.push(other),
        }
    }
    if !text.is_empty() {
        parts.push(Part::Text(text));
    }
    Ok(parts)
}

/// The users that a replacement gives, and the group that it takes them from.
fn users(parts: &[Part], case: Case) -> Result<(Users, Option<u32>), WhyNot> {
    let cased = |text: &str| match case {
        Case::Keep => text.to_owned(),
        Case::Lower => text.to_lowercase(),
        Case::Upper => text.to_uppercase(),
    };
    let taken = |before: &str, group: u32, after: &str| match case {
        Case::Upper => Err(WhyNot::new("the rule gives names in capitals, and no SQL user has any")
            .with_remedy("write the rule with `lower`, if the users here are to be called so")),
        _ => {
            let (before, after) = (cased(before), cased(after));
            Ok((Users::Taken { before, after, lowered: case == Case::Lower }, Some(group)))
        }
    };
    match parts {
        [] => Ok((Users::Nobody, None)),
        [Part::Text(text)] => {
            let text = text.trim_matches(|character| character <= ' ');
            Ok(if text.is_empty() { (Users::Nobody, None) } else { (Users::These([cased(text)].into()), None) })
        }
        [Part::Group(group)] => taken("", *group, ""),
        [Part::Text(before), Part::Group(group)] => taken(before, *group, ""),
        [Part::Group(group), Part::Text(after)] => taken("", *group, after),
        [Part::Text(before), Part::Group(group), Part::Text(after)] => taken(before, *group, after),
        _ => {
            Err(WhyNot::new("the user is made of several parts of the principal; a line here takes one over, as `\\1`")
                .with_remedy("write a line for each person: issuer, principal and SQL user"))
        }
    }
}

#[cfg(test)]
mod unit {
    use super::*;

    #[test]
    fn a_property_is_read_as_properties_are() {
        assert_eq!(
            property(r"http-server.authentication.jwt.user-mapping.pattern = (.*)@x\\.com").as_deref(),
            Some(r"(.*)@x\.com")
        );
        assert_eq!(property("(?=x)=y"), None);
    }
}
