//! How does a principal that two maps treat differently read, for people and for programs?

use alloc::{
    collections::BTreeMap,
    format,
    string::{String, ToString},
    vec::Vec,
};

use crate::{
    answers::decision::Decision,
    asking::compare::{
        changes::Changes,
        document::{ChangeEvidence, ChangeExample, ChangeKind, ChangeOutcome, SettingsDifference},
        line::MapLine,
        map_side::MapSide,
        principals::{Difference, Differences, Given},
        side::{Side, Which, shown_line},
    },
    ground::{
        limits::LOGIN_STEPS_MAX,
        reason::ReasonCode,
        text::{listed, one_line, quoted, shown},
        work::Work,
    },
    judging::reached::{Reached, reached},
    parsed::settings::SettingName,
};

/// Both sides of what is compared: the settings, and what they make of the principals of an issuer.
#[derive(Clone, Copy)]
pub(super) struct Both<'b> {
    pub(super) old: (&'b Side, &'b MapSide<'b>),
    pub(super) new: (&'b Side, &'b MapSide<'b>),
}

/// Tells the differences, each pair of lines once; those that no line causes are one for each cause.
pub(super) fn tell(both: Both<'_>, differences: &Differences, changes: &mut Changes) {
    let mut grouped: BTreeMap<(ChangeKind, SettingName, Lines), (usize, &Difference)> = BTreeMap::new();
    let mut order = Vec::new();
    for difference in &differences.found {
        let lines = Lines::of(difference);
        let cause = cause(both, lines);
        let lines = if cause == SettingName::IdentityMap { lines } else { Lines::default() };
        let key = (kind(difference), cause, lines);
        let (count, _) = grouped.entry(key).or_insert_with(|| {
            order.push(key);
            (0, difference)
        });
        *count = count.saturating_add(1);
    }
    for key in order {
        let Some(&(count, difference)) = grouped.get(&key) else { continue };
        let (kind, cause, lines) = key;
        if !changes.has_room(kind) {
            changes.count_only(kind);
            continue;
        }
        let count = if cause == SettingName::IdentityMap { 1 } else { count };
        let message = match cause {
            SettingName::IdentityMap => told(both, difference),
            _ => format!("{}: {}", why(both, cause), told(both, difference)),
        };
        changes.add(SettingsDifference {
            kind,
            evidence: ChangeEvidence::Principal,
            setting: Some(cause.as_str()),
            issuer: Some(one_line(both.old.1.issuer)),
            old_line: lines.old,
            new_line: lines.new,
            message: one_line(message),
            count,
            logins: Vec::new(),
            example: Some(example(both, difference)),
        });
    }
}

/// What a principal that is treated differently comes to.
fn kind(difference: &Difference) -> ChangeKind {
    match (difference.old.is_empty(), difference.new.is_empty()) {
        (true, _) => ChangeKind::Gained,
        (_, true) => ChangeKind::Lost,
        _ => ChangeKind::OtherUser,
    }
}

/// The lines that give what the other map does not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Lines {
    old: Option<u32>,
    new: Option<u32>,
}

impl Lines {
    fn of(difference: &Difference) -> Self {
        let line = |given: &Given| given.users.first().and_then(|reached| reached.line);
        Self { old: line(&difference.old), new: line(&difference.new) }
    }
}

/// The setting that causes it: the map, unless the lines of it stand in both.
fn cause(both: Both<'_>, lines: Lines) -> SettingName {
    let ((old, old_map), (new, new_map)) = (both.old, both.new);
    let stands_in = |map: &MapSide<'_>, line: Option<&MapLine<'_>>| line.is_none_or(|line| map.holds(line));
    let stay = stands_in(new_map, lines.old.and_then(|old| old_map.line(Some(old))))
        && stands_in(old_map, lines.new.and_then(|new| new_map.line(Some(new))));
    if !stay || old_map.is_mapped() != new_map.is_mapped() {
        return SettingName::IdentityMap;
    }
    match () {
        () if old.profile != new.profile => SettingName::EngineProfile,
        () if old.settings.text(SettingName::EngineUserNames) != new.settings.text(SettingName::EngineUserNames) => {
            SettingName::EngineUserNames
        }
        () if old_map.compiled.names != new_map.compiled.names => SettingName::EngineReservedUsers,
        () => SettingName::IdentityMap,
    }
}

/// What the cause does where no line of the map changes.
fn why(both: Both<'_>, cause: SettingName) -> String {
    let (old, new) = (both.old.0, both.new.0);
    match cause {
        SettingName::EngineProfile => {
            format!(
                "the same lines mean something else under the profile `{}` than under `{}`",
                new.profile, old.profile
            )
        }
        _ => format!("the same lines give other users because {} changes", cause.as_str()),
    }
}

/// The difference in a sentence.
fn told(both: Both<'_>, difference: &Difference) -> String {
    let principal = shown(&difference.principal);
    let of = match both.old.1.issuer == both.new.1.issuer {
        true => format!("`{principal}` of `{}`", shown(both.old.1.issuer)),
        false => format!("`{principal}`"),
    };
    let giver = |given: &Given, map: &MapSide<'_>, which| given.users.first().map(|first| giver(first, map, which));
    let (old, new) = (giver(&difference.old, both.old.1, Which::Old), giver(&difference.new, both.new.1, Which::New));
    // Who is given by both stands after those who are not.
    let shared = |given: &Given| -> Vec<String> {
        given.users.iter().skip(given.beyond).map(|reached| reached.user.clone()).collect()
    };
    let fact = match (old, new) {
        (None, Some(new)) => format!("{of} logs in as {new}, and could not log in before"),
        (Some(old), None) => format!("{of} logged in as {old}, and cannot log in any more"),
        (Some(old), Some(new)) => match (difference.old.beyond, difference.new.beyond) {
            (0, come) => {
                let also = if come > 1 { format!(" ({come} users more)") } else { String::new() };
                format!("{of} logs in as {new} too{also}, beside {}", listed(&shared(&difference.old), NAMED))
            }
            (_, 0) => {
                format!("{of} logged in as {old} too, and now only as {}", listed(&shared(&difference.new), NAMED))
            }
            _ => format!("{of} logs in as {new}, and logged in as {old} before"),
        },
        (None, None) => of,
    };
    match edited(both, difference) {
        Some(edit) => format!("{fact}; {edit}"),
        None => fact,
    }
}

/// A user, and the line that gives it.
fn giver(reached: &Reached, map: &MapSide<'_>, which: Which) -> String {
    let user = shown(&reached.user);
    match (reached.line, map.line(reached.line)) {
        (Some(number), Some(line)) => format!("`{user}` by {} ({})", shown_line(number, which), columns(line)),
        _ => format!("`{user}` (the {} identity map has no lines for the issuer)", which.as_str()),
    }
}

/// The two columns of a line.
fn columns(line: &MapLine<'_>) -> String {
    format!("`{} {}`", shown(line.identity), shown(line.user))
}

/// What became of the line, where the other map has another in its place.
fn edited(both: Both<'_>, difference: &Difference) -> Option<String> {
    let lines = Lines::of(difference);
    let (old_map, new_map) = (both.old.1, both.new.1);
    match (lines.old, lines.new) {
        (None, Some(number)) => {
            let was = old_map.line(Some(number)).filter(|was| !new_map.holds(was))?;
            (was.number == Some(number)).then(|| format!("that line was {}", columns(was)))
        }
        (Some(number), None) => {
            let is = new_map.line(Some(number)).filter(|is| !old_map.holds(is))?;
            (is.number == Some(number)).then(|| format!("that line is {} now", columns(is)))
        }
        _ => None,
    }
}

/// The principal as programs read it.
pub(super) fn example(both: Both<'_>, difference: &Difference) -> ChangeExample {
    let (old, new) = (both.old.1, both.new.1);
    ChangeExample {
        issuer: Some(one_line(old.issuer)),
        new_issuer: (old.issuer != new.issuer).then(|| one_line(new.issuer)),
        principal: Some(quoted(&difference.principal)),
        login: None,
        unsigned: true,
        old: outcome(old, &difference.principal, &difference.old),
        new: outcome(new, &difference.principal, &difference.new),
    }
}

/// What a side makes of a principal.
fn outcome(map: &MapSide<'_>, principal: &str, given: &Given) -> ChangeOutcome {
    if let Some(first) = given.users.first() {
        let users = given.users.iter().map(|reached| quoted(&reached.user)).collect();
        return ChangeOutcome { decision: Decision::Accept, users, line: first.line, ..nobody() };
    }
    let work = Work::of(LOGIN_STEPS_MAX);
    let refused = reached(map.compiled, map.issuer, principal, &work).unwrap_or_default();
    let Some((reached, (code, why))) =
        refused.iter().find_map(|reached| reached.refused.map(|refused| (reached, refused)))
    else {
        let why = match map.is_mapped() {
            true => format!("no line of the identity map matches `{}`", shown(principal)),
            false => "it gives no SQL user".to_string(),
        };
        return ChangeOutcome { code: Some(ReasonCode::IdentityUnmapped), why: Some(one_line(why)), ..nobody() };
    };
    let why = format!("it becomes the SQL user `{}`: {why}", shown(&reached.user));
    ChangeOutcome { line: reached.line, code: Some(code), why: Some(one_line(why)), ..nobody() }
}

/// Nobody logs in.
pub(super) fn nobody() -> ChangeOutcome {
    ChangeOutcome { decision: Decision::Reject, users: Vec::new(), line: None, code: None, why: None, client: None }
}

/// The first user of each, by what a whole side gives: for what comes or goes as a whole.
pub(super) fn somebody(map: &MapSide<'_>, difference: &Difference, which: Which) -> Option<(String, ChangeOutcome)> {
    let first = difference.new.users.first()?;
    let told = format!("`{}` is the SQL user {}", shown(&difference.principal), giver(first, map, which));
    Some((told, outcome(map, &difference.principal, &difference.new)))
}

/// How many users a message names.
const NAMED: usize = 3;
