//! What does a `pg_ident.conf` say? PostgreSQL 16 and later, as chapter 20.2 of its manual describes the file.

use alloc::{
    boxed::Box,
    format,
    string::{String, ToString},
    vec::Vec,
};

use super::{
    are,
    lexer::Unread,
    rule::{Piece, Principals, Read, Rule, Stops, Users, WhyNot},
};
use crate::ground::{limits::CONVERT_WORDS_MAX, text::shown};

/// Reads the file. What it includes is not looked for.
pub(crate) fn read(text: &str) -> Read {
    let mut read = Read::default();
    for (number, line) in lines(text) {
        let tokenised = Tokenised::of(&line);
        if tokenised.fields.is_empty() {
            read.pieces.push(tokenised.comment.map_or(Piece::Blank, Piece::Comment));
            continue;
        }
        match rule(number, tokenised) {
            Ok(rule) => read.pieces.push(Piece::Rule(rule.into())),
            Err(why) => {
                read.refused.get_or_insert_with(|| format!("line {number}: {why}"));
                read.pieces.push(Piece::Rule(Box::new(Rule {
                    line: number,
                    map: None,
                    principals: Principals::Unknown,
                    users: Users::Others,
                    why_not: Some(WhyNot::new(why)),
                    stops: Stops::Matched,
                    replacing: None,
                    comment: None,
                })));
            }
        }
    }
    read
}

/// The lines, those that end in a backslash joined with the next, each with the number of its first.
fn lines(text: &str) -> Vec<(u32, String)> {
    let mut lines: Vec<(u32, String)> = Vec::new();
    let mut open: Option<usize> = None;
    let text = text.strip_suffix('\n').unwrap_or(text);
    for (number, physical) in (1_u32..).zip(text.split('\n')) {
        let physical = physical.trim_end_matches('\r');
        let joined = match (open, lines.last_mut()) {
            (Some(_), Some((_, line))) => {
                line.push_str(physical);
                line
            }
            _ => {
                lines.push((number, physical.to_string()));
                match lines.last_mut() {
                    Some((_, line)) => line,
                    None => continue,
                }
            }
        };
        // A backslash that was already looked at does not join again.
        let continues = joined.len() > open.unwrap_or(0) && joined.ends_with('\\');
        if continues {
            joined.pop();
        }
        open = continues.then_some(joined.len());
    }
    lines
}

/// A token, and whether a quote stood before its first character.
struct Token {
    text: String,
    quoted: bool,
}

impl Token {
    /// Whether another file's tokens stand in its place.
    fn includes(&self) -> bool {
        !self.quoted && self.text.len() > 1 && self.text.starts_with('@')
    }

    fn pattern(&self) -> Option<&str> {
        self.text.strip_prefix('/')
    }
}

/// A line's fields, each of one token or several.
#[derive(Default)]
struct Tokenised {
    fields: Vec<Vec<Token>>,
    comment: Option<String>,
}

impl Tokenised {
    fn of(line: &str) -> Self {
        let mut tokenised = Self::default();
        let mut rest = line;
        let mut more = false;
        loop {
            rest = rest.trim_start_matches([' ', '\t', '\r', ',']);
            if let Some(comment) = rest.strip_prefix('#') {
                tokenised.comment = Some(comment.to_string());
                return tokenised;
            }
            if rest.is_empty() {
                return tokenised;
            }
            let (token, comma, after) = token(rest);
            rest = after;
            match tokenised.fields.last_mut().filter(|_| more) {
                Some(field) => field.push(token),
                None => tokenised.fields.push([token].into()),
            }
            more = comma;
        }
    }
}

/// The token that a text begins with, whether a comma follows, and the rest.
fn token(text: &str) -> (Token, bool, &str) {
    let mut token = Token { text: String::new(), quoted: false };
    let (mut in_quotes, mut was_quote) = (false, false);
    for (place, character) in text.char_indices() {
        let rest = || text.get(place..).unwrap_or_default();
        match character {
            ' ' | '\t' | '\r' | '#' if !in_quotes => return (token, false, rest()),
            ',' if !in_quotes => return (token, true, rest()),
            _ => {}
        }
        if character != '"' || was_quote {
            token.text.push(character);
        }
        was_quote = in_quotes && character == '"' && !was_quote;
        if character == '"' {
            in_quotes = !in_quotes;
            token.quoted |= token.text.is_empty();
        }
    }
    (token, false, "")
}

/// The rule of a line, or why PostgreSQL does not take the file.
fn rule(line: u32, tokenised: Tokenised) -> Result<Rule, String> {
    let Tokenised { fields, comment } = tokenised;
    let unread = |map: Option<String>, why_not: WhyNot, stops: Stops| Rule {
        line,
        map,
        principals: Principals::Unknown,
        users: Users::Others,
        why_not: Some(why_not),
        stops,
        replacing: None,
        comment: comment.clone(),
    };
    if let [first, name] = fields.as_slice()
        && let ([first], [name, ..]) = (first.as_slice(), name.as_slice())
        && matches!(&*first.text, "include" | "include_if_exists" | "include_dir")
    {
        let why_not = WhyNot::new(format!(
            "what `{}` includes is not read here, and a line in it that PostgreSQL cannot apply would keep principals from \
             the lines below",
            shown(&name.text)
        ));
        let remedy = "put the lines of that file in its place";
        return Ok(unread(None, why_not.with_remedy(remedy), Stops::Nobody));
    }
    let mut single = Vec::new();
    for field in fields.into_iter().take(3) {
        let mut tokens = field.into_iter();
        match (tokens.next(), tokens.next()) {
            (Some(token), None) => single.push(token),
            (Some(_), Some(_)) => return Err("multiple values in ident field".into()),
            (None, _) => {}
        }
    }
    let Ok([map, system, role]) = <[Token; 3]>::try_from(single) else {
        return Err("missing entry at end of line".into());
    };
    if let Some(included) = [&map, &system, &role].into_iter().find(|token| token.includes()) {
        let why_not = WhyNot::new(format!("what `{}` includes is not read here", shown(&included.text)));
        let stops = if role.text.contains(r"\1") || role.includes() { Stops::WithoutGroup } else { Stops::Nobody };
        let name = (!map.includes()).then(|| map.text.clone());
        return Ok(unread(name, why_not.with_remedy("put what that file holds in its place"), stops));
    }
    let invalid = |token: &Token, why: String| format!("invalid regular expression `{}`: {why}", shown(&token.text));
    let mut rule = Rule { map: Some(map.text), why_not: None, ..unread(None, WhyNot::new(""), Stops::Nobody) };
    let mut groups = None;
    rule.principals = match system.pattern().map(are::read) {
        None => Principals::Literal(system.text.clone()),
        Some(Ok((pattern, number))) => {
            groups = Some(number);
            Principals::Pattern(pattern.keeping(None))
        }
        Some(Err(Unread::Invalid(why))) => return Err(invalid(&system, why)),
        Some(Err(Unread::Unknown(what))) => {
            rule.why_not = Some(WhyNot::no_counterpart(&what));
            Principals::Unknown
        }
    };
    let template = system.pattern().and_then(|_| role.text.split_once(r"\1")).filter(|_| role.pattern().is_none());
    if let Some((before, after)) = template {
        rule.users = Users::Taken { before: before.into(), after: after.into(), lowered: false };
        let whole = system.pattern().map(are::read);
        let placed = match &whole {
            Some(Ok((pattern, _))) => pattern.group(1),
            _ => None,
        };
        if let Some(Ok((pattern, _))) = whole {
            rule.principals = Principals::Pattern(pattern.keeping(Some(1)));
        }
        if placed.is_none_or(|placed| placed.optional) {
            rule.stops = Stops::WithoutGroup;
            let fact = match groups {
                Some(0) => {
                    "PostgreSQL ends the search with an error at whoever matches: the regex has no group for `\\1`"
                }
                _ => {
                    "PostgreSQL ends the search with an error where the first group takes no part in the match; nothing does \
                     so here"
                }
            };
            let remedy = "make the first group a part of every match";
            rule.why_not.get_or_insert_with(|| WhyNot::new(fact).with_remedy(remedy));
        }
    } else {
        let (users, why_not) = roles(&role).map_err(|why| invalid(&role, why))?;
        rule.users = users;
        rule.why_not = rule.why_not.or(why_not);
    }
    if let Principals::Pattern(pattern) = rule.principals {
        rule.principals = Principals::Pattern(pattern.somewhere());
    }
    Ok(rule)
}

/// What a third column means that takes nothing over.
fn roles(role: &Token) -> Result<(Users, Option<WhyNot>), String> {
    let each = "write a line for each user";
    let others = |fact: String| Ok((Users::Others, Some(WhyNot::new(fact).with_remedy(each))));
    if let Some(pattern) = role.pattern() {
        let words = match are::read(pattern) {
            Ok((pattern, _)) => pattern.anchored_words(CONVERT_WORDS_MAX),
            Err(Unread::Invalid(why)) => return Err(why),
            Err(Unread::Unknown(_)) => None,
        };
        return match words {
            Some(words) => Ok((Users::These(words), None)),
            None => others(format!(
                "`{}` lets the principal be any role that matches; no line here does",
                shown(&role.text)
            )),
        };
    }
    match &*role.text {
        "all" if !role.quoted => others("`all` lets the principal be any role; no line here does".into()),
        text if !role.quoted && text.starts_with('+') => {
            others(format!("`{}` lets the principal be any member of that role; no line here does", shown(text)))
        }
        text => Ok((Users::These([text.to_string()].into()), None)),
    }
}
