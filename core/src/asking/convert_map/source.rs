//! Whom does the other server let in? Its map applied to one principal, way by way: the other side of every witness.

use alloc::{format, string::String, vec::Vec};

use crate::parsed::foreign_map::{Captured, Case, Principals, Replacing, Rule, Stops, Unknown, Users, Ways};

/// The users that these rules give a principal; an error where nobody knows.
pub(super) fn users<'r>(rules: impl Iterator<Item = &'r Rule>, principal: &str) -> Result<Vec<String>, Unknown> {
    let mut given: Vec<String> = Vec::new();
    for rule in rules {
        let outcome = apply(rule, principal)?;
        match outcome {
            Applied::No => continue,
            Applied::Gives(users) => users.into_iter().for_each(|user| {
                if !given.contains(&user) {
                    given.push(user);
                }
            }),
            Applied::Ends => return Ok(given),
        }
        if rule.stops == Stops::Matched {
            break;
        }
    }
    Ok(given)
}

enum Applied {
    /// The rule is for others.
    No,
    Gives(Vec<String>),
    /// Nobody is let in from here on.
    Ends,
}

fn apply(rule: &Rule, principal: &str) -> Result<Applied, Unknown> {
    let mut captures: Vec<Captured> = Vec::new();
    match &rule.principals {
        Principals::Unknown => return Err(Unknown),
        Principals::Literal(literal) if literal != principal => return Ok(Applied::No),
        Principals::Literal(_) => {}
        Principals::Pattern(pattern) => {
            let mut ways = Ways::of(principal)?;
            ways.visit(pattern, 0, |_, captured| {
                if !captures.contains(&captured) {
                    captures.push(captured);
                }
                false
            })?;
            if captures.is_empty() {
                return Ok(Applied::No);
            }
        }
    }
    if let Some(replacing) = &rule.replacing {
        return replaced(rule, replacing, principal);
    }
    match (&rule.users, captures.as_slice()) {
        (Users::Others, _) => Err(Unknown),
        (Users::Nobody, _) => Ok(Applied::Ends),
        (Users::These(users), _) => Ok(Applied::Gives(users.clone())),
        (Users::Taken { .. }, [None]) => Ok(Applied::Ends),
        (Users::Taken { before, after, .. }, [Some(part)]) => {
            Ok(Applied::Gives([format!("{before}{}{after}", characters(principal, *part))].into()))
        }
        // Which way the server takes is not known.
        (Users::Taken { .. }, _) => Err(Unknown),
    }
}

/// What Java's `replaceAll` makes of a principal, all matches in it replaced, and Trino of that.
fn replaced(rule: &Rule, replacing: &Replacing, principal: &str) -> Result<Applied, Unknown> {
    let mut ways = Ways::of(principal)?;
    let (mut text, mut at) = (String::new(), 0);
    while at <= ways.length() {
        let mut first = None;
        ways.visit(&replacing.pattern, at, |end, captured| {
            first = Some((end, captured));
            true
        })?;
        let Some((end, captured)) = first else {
            text.push_str(&characters(principal, (at, at.saturating_add(1))));
            at = at.saturating_add(1);
            continue;
        };
        match &rule.users {
            Users::Nobody => return Ok(Applied::Ends),
            Users::Others => return Err(Unknown),
            Users::These(_) => text.push_str(&replacing.before),
            Users::Taken { .. } => {
                text.push_str(&replacing.before);
                text.extend(captured.map(|part| characters(principal, part)));
                text.push_str(&replacing.after);
            }
        }
        // After a match of nothing the search goes on one character further, which stays as it is.
        if end == at {
            text.push_str(&characters(principal, (at, at.saturating_add(1))));
        }
        at = if end == at { at.saturating_add(1) } else { end };
    }
    let user = text.trim_matches(|character| character <= ' ');
    let user = match replacing.case {
        Case::Keep => user.into(),
        Case::Lower => user.to_lowercase(),
        Case::Upper => user.to_uppercase(),
    };
    Ok(if user.is_empty() { Applied::Ends } else { Applied::Gives([user].into()) })
}

fn characters(text: &str, (from, to): (usize, usize)) -> String {
    text.chars().skip(from).take(to.saturating_sub(from)).collect()
}
