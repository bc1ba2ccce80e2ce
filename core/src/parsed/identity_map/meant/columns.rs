//! Which three columns was a line meant to have? Other files quote them, or part them with other marks.

use alloc::{format, string::String, vec::Vec};

use super::draft::Draft;
use crate::parsed::{map_line, sql_user, user_names::UserNames};

/// The lines of a text in which `\n` stands as two characters before what begins a line.
pub(super) fn broken(line: &str) -> Option<Vec<&str>> {
    let issuer = line.split_whitespace().next()?;
    let begins = |rest: &str| {
        let rest = rest.trim_start();
        rest.starts_with("https://") || rest.strip_prefix(issuer).is_some_and(|rest| rest.starts_with([' ', '\t']))
    };
    let mut lines = Vec::new();
    let (mut start, mut from) = (0, 0);
    while let Some(found) = line.get(from..)?.find(r"\n") {
        let at = from + found;
        from = at + 2;
        if begins(line.get(from..)?) {
            let ended = line.get(start..at)?;
            lines.push(ended.strip_suffix(r"\r").unwrap_or(ended).trim());
            start = from;
        }
    }
    lines.push(line.get(start..)?.trim().trim_end_matches(r"\n"));
    (lines.len() > 1).then_some(lines)
}

/// The columns that were meant; nothing on a line without a rule, or where they cannot be told.
pub(super) fn three(line: &str, draft: &mut Draft) -> Option<[String; 3]> {
    let (rule, comment) = line.split_once('#').map_or((line, None), |(rule, rest)| (rule, Some(rest)));
    let rule = rule.trim();
    if rule.is_empty() {
        return None;
    }
    let inside = comment.filter(|_| ends_in_word(line));
    let columns = split(rule, draft);
    match <[String; 3]>::try_from(columns) {
        Ok(columns) if columns.iter().any(|column| column.contains(char::is_whitespace)) => joined(&columns, draft),
        Ok(columns) => Some(columns.map(|column| unmarked(column, draft))),
        Err(columns) if columns.len() < 3 => {
            let hashed = inside.and_then(|rest| with_hash(rule, rest));
            if let Some(columns) = hashed {
                draft.note(
                    "`#` begins a comment wherever it stands",
                    r"write `#` as `\x23` in a regex, because it begins a comment wherever it stands",
                );
                return Some(columns);
            }
            parted(rule, draft)
        }
        Err(columns) => joined(&columns, draft),
    }
}

/// Whether the first `#` follows a character of a column.
fn ends_in_word(line: &str) -> bool {
    line.split_once('#').is_some_and(|(before, after)| {
        before.ends_with(|c: char| !c.is_whitespace()) && after.starts_with(|c: char| !c.is_whitespace())
    })
}

/// The columns by white space; a quoted one may hold some.
fn split(rule: &str, draft: &mut Draft) -> Vec<String> {
    let mut columns: Vec<String> = Vec::new();
    let mut rest = rule;
    while let Some(column) = rest.split_whitespace().next() {
        rest = rest.trim_start();
        match quoted(rest) {
            Some((inside, after)) => {
                draft.note("quotes are ordinary characters in the map", "leave the quotes out");
                columns.push(inside.into());
                rest = after;
            }
            None => {
                columns.push(column.into());
                rest = rest.get(column.len()..).unwrap_or_default();
            }
        }
    }
    // Marks that stand alone between columns.
    if columns.len() > 3 && columns.iter().filter(|column| !is_mark(column)).count() == 3 {
        let mark = columns.iter().find(|column| is_mark(column)).cloned().unwrap_or_default();
        draft.note(
            "columns are parted by white space alone",
            format!("leave out the `{mark}`: white space alone parts the columns"),
        );
        columns.retain(|column| !is_mark(column));
    }
    columns
}

fn is_mark(column: &str) -> bool {
    matches!(column, "," | ";" | "|" | "=" | "=>" | "->" | ":" | "→" | "==")
}

/// What stands between quotes at the beginning of a text, and what follows them.
fn quoted(text: &str) -> Option<(&str, &str)> {
    let open = text.chars().next()?;
    let close = match open {
        '"' | '\'' => open,
        '“' | '„' => '”',
        '‘' => '’',
        '«' => '»',
        '`' => '`',
        _ => return None,
    };
    let (inside, after) = text.get(open.len_utf8()..)?.split_once(close)?;
    let ends = after.trim_start_matches([',', ';']);
    (!inside.is_empty() && (ends.is_empty() || ends.starts_with(char::is_whitespace))).then_some((inside, ends))
}

/// A column without the comma or the semicolon behind it.
fn unmarked(column: String, draft: &mut Draft) -> String {
    let bare = column.trim_end_matches([',', ';']);
    let Some(mark) = column.get(bare.len()..).and_then(|marks| marks.chars().next()) else { return column };
    if bare.is_empty() {
        return column;
    }
    let what = if mark == ',' { "comma" } else { "semicolon" };
    draft.note(
        format!("the {what} is a character of its column"),
        format!("leave out the {what} `{mark}`: white space alone parts the columns"),
    );
    bare.into()
}

/// A line whose columns are parted by another mark.
fn parted(rule: &str, draft: &mut Draft) -> Option<[String; 3]> {
    if let Some(columns) = [',', ';', '|'].into_iter().find_map(|mark| {
        let columns: Vec<&str> =
            rule.split(|c: char| c == mark || c.is_whitespace()).filter(|column| !column.is_empty()).collect();
        let [issuer, identity, user] = *columns.as_slice() else { return None };
        let fits =
            issuer.contains("://") && (identity.starts_with(['/', '^']) || identity.contains('@') || mark != '|');
        fits.then(|| (mark, [issuer, identity, user].map(String::from)))
    }) {
        let (mark, columns) = columns;
        draft.note(
            "columns are parted by white space alone",
            format!("leave out the `{mark}`: white space alone parts the columns"),
        );
        return Some(columns);
    }
    header(rule, draft)
}

/// The heading of a table, which is no rule: the whole line becomes a comment, in the first of the columns.
fn header(rule: &str, draft: &mut Draft) -> Option<[String; 3]> {
    const WORDS: [&str; 12] = [
        "map",
        "mapname",
        "map-name",
        "map_name",
        "issuer",
        "iss",
        "identity",
        "principal",
        "system-username",
        "system",
        "username",
        "name",
    ];
    let mut words = rule.split([' ', '\t', '|', ',', ';']).filter(|word| !word.is_empty());
    let first = words.next()?.to_ascii_lowercase();
    let plain = |word: &str| word.chars().all(|c| c.is_ascii_alphabetic() || matches!(c, '-' | '_'));
    if !WORDS.contains(&&*first) || !words.all(plain) {
        return None;
    }
    draft.note("the line is a heading, not a rule", "begin the heading with `#`, or take it out");
    draft.heading = Some(format!("# {rule}"));
    None
}

/// Four columns or more: the principal holds white space.
fn joined(columns: &[String], draft: &mut Draft) -> Option<[String; 3]> {
    let (first, rest) = columns.split_first()?;
    let (last, middle) = rest.split_last()?;
    let carries = last.contains(r"\1");
    let plausible = first.contains("://") && (carries || sql_user::check(last).is_ok());
    let principal = middle.join(" ");
    if !plausible {
        return header(&columns.join(" "), draft);
    }
    let columns = if principal.starts_with('/') {
        Some([first.clone(), principal.replace(' ', r"\x20"), last.clone()])
    } else {
        map_line::exact(first, &principal, last, &UserNames::default()).and_then(|line| columns_of(&line))
    }?;
    draft.note(
        "white space parts the columns",
        r"write a space inside the value as `\x20` in a regex, because white space parts the columns",
    );
    Some(columns)
}

/// The columns of a line in whose principal a `#` stands.
fn with_hash(rule: &str, rest: &str) -> Option<[String; 3]> {
    let whole = format!("{rule}#{rest}");
    let [issuer, identity, user] = columns_of(whole.split(" #").next()?)?;
    if issuer.contains('#') || user.contains('#') {
        return None;
    }
    match identity.starts_with('/') {
        true => Some([issuer, identity.replace('#', r"\x23"), user]),
        false => columns_of(&map_line::exact(&issuer, &identity, &user, &UserNames::default())?),
    }
}

fn columns_of(line: &str) -> Option<[String; 3]> {
    let columns: Vec<String> = line.split_whitespace().map(String::from).collect();
    columns.try_into().ok()
}
