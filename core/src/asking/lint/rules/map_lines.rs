//! Does each line of the identity map say what was meant? What its text shows, and what its neighbours say too.

use alloc::{format, string::String, vec::Vec};

use foldhash::fast::FixedState;
use hashbrown::HashMap;

use super::super::{
    document::Witness,
    findings::{Draft, Findings},
    rule::Rule,
    subject::Subject,
};
use crate::{
    asking::tried_line::{TriedLine, told},
    ground::{
        splice::Splice,
        text::{is_invisible, shown},
    },
    parsed::{
        identity_map::{IssuerMap, Line},
        regex::{self, Reading, folded},
        risk,
        settings::{Change, SettingName},
    },
};

pub(super) fn find(subject: &Subject<'_>, found: &mut Findings<'_>) {
    cut(subject, found);
    unreadable(subject, found);
    for map in subject.map.maps() {
        for line in map.lines() {
            user(subject, &line, found);
            principal(subject, &line, found);
        }
        repeated(subject, map, found);
        covered(subject, map, found);
    }
}

/// A `#` in the middle of a word.
fn cut(subject: &Subject<'_>, found: &mut Findings<'_>) {
    let mut start = 0_usize;
    for (number, line) in (1_u32..).zip(subject.map_text().split('\n')) {
        let at = line.find('#').filter(|&at| {
            let before = line.get(..at).and_then(|before| before.chars().next_back());
            before.is_some_and(|before| !before.is_whitespace() && !is_invisible(before))
        });
        if let Some(at) = at {
            found.add(Rule::MapCommentCuts, || {
                let (kept, lost) = line.split_at_checked(at).unwrap_or((line, ""));
                let fault = subject.map_faults.iter().find(|fault| {
                    (start..=start.saturating_add(line.len())).contains(&fault.offset)
                });
                let meant = fault.and_then(|fault| fault.instead.clone());
                Draft::new(
                    format!(
                        "line {number} of the identity map ends with `{}`: from `{}` on it is a comment",
                        shown(last_word(kept)),
                        shown(lost)
                    ),
                    "put white space before the `#` if a comment is meant; a `#` of the principal is `\\x23` in a regex: \
                     `/^…\\x23…$`",
                )
                .at(SettingName::IdentityMap, start.saturating_add(at))
                .mended(meant.map(|meant| Change::new().splice(SettingName::IdentityMap, meant)))
            });
        }
        start = start.saturating_add(line.len()).saturating_add(1);
    }
}

fn last_word(text: &str) -> &str {
    text.split_whitespace().next_back().unwrap_or_default()
}

/// Lines that cannot be read, of which nothing else was told.
fn unreadable(subject: &Subject<'_>, found: &mut Findings<'_>) {
    for fault in &subject.map_faults {
        let position = subject.places.position(SettingName::IdentityMap, fault.offset);
        if found.is_told_at(Some(SettingName::IdentityMap.as_str()), position) {
            continue;
        }
        found.add(Rule::MapLineUnreadable, || {
            let remedy = fault.remedy.as_deref().unwrap_or(fault.code.remedy());
            Draft::new(fault.message.as_str(), remedy)
                .at(SettingName::IdentityMap, fault.offset)
                .mended(fault.instead.clone().map(|meant| Change::new().splice(SettingName::IdentityMap, meant)))
        });
    }
}

/// Whom does it give?
fn user(subject: &Subject<'_>, line: &Line<'_>, found: &mut Findings<'_>) {
    let (number, names) = (line.number, &subject.compiled.names);
    let user_offset = user_offset(subject, line);
    let told = |message: String, remedy: String| Draft::new(message, remedy).at(SettingName::IdentityMap, line.offset);
    let rewritten = |old: &str, new: &str| {
        let at = line.user.find(old)?;
        let start = user_offset?.saturating_add(at);
        let splice = Splice { start, end: start.saturating_add(old.len()), text: new.into() };
        Some(Change::new().splice(SettingName::IdentityMap, splice))
    };
    let second = line
        .user
        .split('\\')
        .skip(1)
        .find_map(|after| after.chars().next().filter(|digit| ('2'..='9').contains(digit)));
    if let Some(digit) = second {
        found.add(Rule::MapSecondCapture, || {
            told(
                format!(
                    "line {number} of the identity map gives the SQL user `{}`: `\\{digit}` is not replaced",
                    shown(line.user)
                ),
                "make the part to take over the first group: write `(?:…)` around the others, and `\\1`".into(),
            )
        });
    }
    if line.user.contains("$1") && line.pattern().is_some() {
        found.add(Rule::MapDollarCapture, || {
            told(
                format!(
                    "line {number} of the identity map gives the SQL user `{}`: `$1` is not replaced",
                    shown(line.user)
                ),
                "write `\\1`".into(),
            )
            .mended(rewritten("$1", "\\1"))
        });
    }
    if line.user.contains("\\\\1") {
        found.add(Rule::MapBackslashDoubled, || {
            told(
                format!("line {number} of the identity map writes `\\\\1` in the SQL user: a `\\` stands before the part taken over"),
                "write `\\1`".into(),
            )
            .mended(rewritten("\\\\1", "\\1"))
        });
    }
    let quoted = line.user.len() > 1 && line.user.starts_with(['"', '\'']) && line.user.ends_with(['"', '\'']);
    if line.user == "all" || line.user.starts_with('+') || quoted {
        found.add(Rule::MapUserKeyword, || {
            told(
                format!(
                    "line {number} of the identity map gives the SQL user `{}`, by exactly that name",
                    shown(line.user)
                ),
                "name the SQL user, without quotes; to give several write a line for each, or `\\1`".into(),
            )
        });
        return;
    }
    if line.template().is_some() {
        let (before, _) = line.template().unwrap_or_default();
        let always = ["", "x", "0"].iter().all(|more| names.is_reserved(&names.normalized(&[before, more].concat())));
        if !before.is_empty() && always {
            found.add(Rule::MapUserReserved, || {
                told(
                    format!(
                        "line {number} of the identity map gives names that begin with `{}`, which are reserved",
                        shown(before)
                    ),
                    "give SQL users other names".into(),
                )
            });
        }
        return;
    }
    let user = names.normalized(line.user);
    if names.is_reserved(&user) {
        found.add(Rule::MapUserReserved, || {
            told(
                format!(
                    "line {number} of the identity map gives the SQL user `{}`, which is reserved for the server",
                    shown(&user)
                ),
                "name a SQL user of your own, or remove the line".into(),
            )
        });
    } else if second.is_none()
        && !line.user.contains("$1")
        && let Err(why) = names.check(&user)
    {
        found.add(Rule::MapUserInvalid, || {
            told(
                format!("line {number} of the identity map gives `{}`, which is no SQL user name: {why}", shown(&user)),
                format!("name a SQL user: {}", names.pattern()),
            )
        });
    }
}

/// Where the user's column begins in the map's text.
fn user_offset(subject: &Subject<'_>, line: &Line<'_>) -> Option<usize> {
    let after = line.offset.checked_add(line.identity.len())?;
    let rest = subject.map_text().get(after..)?;
    after.checked_add(rest.find(line.user)?)
}

/// Whom does it take?
fn principal(subject: &Subject<'_>, line: &Line<'_>, found: &mut Findings<'_>) {
    let number = line.number;
    let told = |message: String, remedy: String| Draft::new(message, remedy).at(SettingName::IdentityMap, line.offset);
    let written = |identity: String| {
        let (start, end) = (line.offset, line.offset.saturating_add(line.identity.len()));
        Change::new().splice(SettingName::IdentityMap, Splice { start, end, text: identity })
    };
    if let Some(pattern) = line.pattern() {
        if let Some(single) = with_single_backslashes(pattern) {
            found.add(Rule::MapBackslashDoubled, || {
                told(
                    format!("line {number} of the identity map writes `\\\\` in `{}`: the principal would have to hold a `\\`", shown(line.identity)),
                    "write each `\\` once".into(),
                )
                .mended(Some(written(format!("/{single}"))))
            });
        }
        return;
    }
    if let Some(who) = risk::principal(line.identity) {
        found.add(Rule::MapPrincipalShared, || {
            told(
                format!(
                    "line {number} of the identity map gives `{}` the SQL user `{}`: {who}",
                    shown(line.identity),
                    shown(line.user)
                ),
                "give a SQL user to values that one person or one job has".into(),
            )
        });
    }
    let ends = line.identity.starts_with('^') || line.identity.ends_with('$');
    let inner = [".*", ".+", "\\.", "\\d", "\\w", "[a-z", "[0-9", "(?"].iter().any(|part| line.identity.contains(part));
    if ends || inner {
        found.add(Rule::MapLiteralPattern, || {
            let reading = Reading { ignore_case: subject.compiled.rules.map.ignore_case, ..Reading::default() };
            let reads = regex::parse(line.identity, reading).is_ok_and(|regex| regex.is_anchored());
            told(
                format!("line {number} of the identity map: `{}` is compared character by character, as it begins with no `/`", shown(line.identity)),
                "put `/` before it if a regex is meant".into(),
            )
            .mended(reads.then(|| written(format!("/{}", line.identity))))
        });
    }
}

/// The pattern with one backslash where two stand before what a single one would make a sign of its own.
fn with_single_backslashes(pattern: &str) -> Option<String> {
    let mut single = String::with_capacity(pattern.len());
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once("\\\\") {
        let mut following = after.chars();
        let (first, second) = (following.next(), following.next());
        let is_sign = matches!(first, Some('.' | '|' | '-' | '+' | '@' | '/'))
            || matches!(first, Some('d' | 'w' | 's')) && matches!(second, Some('+' | '*' | '{'));
        single.push_str(before);
        single.push_str(if is_sign { "\\" } else { "\\\\" });
        rest = after;
    }
    single.push_str(rest);
    (single != pattern).then_some(single)
}

/// Lines that say the same as one before them.
fn repeated(subject: &Subject<'_>, map: &IssuerMap, found: &mut Findings<'_>) {
    let names = &subject.compiled.names;
    let mut first: HashMap<(String, String), u32, FixedState> = HashMap::default();
    for line in map.lines() {
        let identity = match line.pattern() {
            None if map.ignores_case() => folded(line.identity).into_owned(),
            _ => line.identity.into(),
        };
        let user = match line.template() {
            None => names.normalized(line.user).into_owned(),
            Some(_) => line.user.into(),
        };
        let number = *first.entry((identity, user)).or_insert(line.number);
        if number != line.number {
            found.add(Rule::MapLineDuplicate, || {
                Draft::new(
                    format!("line {} of the identity map says the same as line {number}", line.number),
                    format!("remove line {}", line.number),
                )
                .at(SettingName::IdentityMap, line.offset)
                .mended_by(without_line(subject, line.number))
            });
        }
    }
}

/// The change that takes a line out of the map.
fn without_line(subject: &Subject<'_>, number: u32) -> Change {
    let text = subject.map_text();
    let before = usize::try_from(number).unwrap_or(usize::MAX).saturating_sub(1);
    let start: usize = text.split_inclusive('\n').take(before).map(str::len).sum();
    let rest = text.get(start..).unwrap_or_default();
    let length = rest.find('\n').map_or(rest.len(), |end| end.saturating_add(1));
    let splice = Splice { start, end: start.saturating_add(length), text: String::new() };
    Change::new().splice(SettingName::IdentityMap, splice)
}

/// Texts that a regex of another line takes too, and gives the same user.
fn covered(subject: &Subject<'_>, map: &IssuerMap, found: &mut Findings<'_>) {
    let names = &subject.compiled.names;
    for tried in TriedLine::all(map, names, &subject.work).filter(|tried| tried.program.is_none()) {
        let Line { number, identity, .. } = tried.line;
        let users = tried.users(identity);
        let Some((user, _)) = users.iter().find(|(_, line)| *line == number) else { continue };
        let other = users.iter().find(|(other, line)| other == user && *line != number && is_pattern(map, *line));
        let Some(&(_, other)) = other else { continue };
        found.add(Rule::MapLineCovered, || {
            Draft::new(
                format!(
                    "line {number} of the identity map gives `{}` the SQL user `{}`, and so does line {other}",
                    shown(identity),
                    shown(user)
                ),
                format!("remove line {number}, or narrow line {other} if it was not meant to give that"),
            )
            .at(SettingName::IdentityMap, tried.line.offset)
            .shown_by(Witness {
                issuer: tried.issuer(),
                principals: told([identity]),
                user: told([&**user]).concat(),
                lines: Vec::from([number, other]),
            })
        });
    }
}

fn is_pattern(map: &IssuerMap, number: u32) -> bool {
    map.line_numbered(number).is_some_and(|line| line.pattern().is_some())
}
