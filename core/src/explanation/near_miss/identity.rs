//! Which line of the identity map was probably meant for this bearer?

use alloc::{format, string::String, vec::Vec};

use crate::{
    attempt::Attempt,
    explanation::near_miss::{Hint, names::kinship},
    settings::SettingName,
    sql_user,
    text::shown,
};

/// How many near misses are told.
const TOLD: usize = 3;

/// How many of a token's principals are looked at.
const PRINCIPALS: usize = 10;

/// Lines that would match but for one detail.
pub(super) fn unmapped(attempt: &Attempt<'_>) -> Vec<Hint> {
    let Some(lines) = attempt.rules.map.lines_for(&attempt.stated_issuer()) else { return Vec::new() };
    let mut hints = Vec::new();
    for principal in attempt.principals.iter().flatten().take(PRINCIPALS) {
        for miss in lines.near_misses(principal, &attempt.work) {
            let message = format!("the principal is `{}`; {}", shown(principal), miss.describe());
            hints.push(Hint::new(message, miss.remedy()).at(SettingName::IdentityMap, miss.line.offset));
        }
    }
    hints.truncate(TOLD);
    hints
}

/// Lines for an issuer written nearly so, when this issuer has none.
pub(super) fn no_map(attempt: &Attempt<'_>) -> Vec<Hint> {
    let issuer = attempt.stated_issuer();
    if attempt.rules.map.lines_for(&issuer).is_some() {
        return Vec::new();
    }
    let mut hints: Vec<Hint> = attempt
        .rules
        .map
        .issuers()
        .filter_map(|named| {
            let how = kinship(&issuer, named)?;
            let message = format!(
                "the identity map has lines for `{}`; it and the token's issuer `{}` {how}",
                shown(named),
                shown(&issuer)
            );
            let remedy = format!("begin these lines with `{}`, as the token writes it", shown(&issuer));
            Some(Hint::new(message, remedy).about(SettingName::IdentityMap))
        })
        .collect();
    hints.extend(suggested_line(attempt, &issuer));
    hints.truncate(TOLD);
    hints
}

/// What keeps the requested SQL user and those the token gives apart.
pub(super) fn mismatch(attempt: &Attempt<'_>) -> Vec<Hint> {
    let mut hints = Vec::new();
    let requested = sql_user::normalized(attempt.requested);
    let trimmed = requested.trim_matches(|c: char| c.is_whitespace() || c == '\0');
    for candidate in attempt.candidates.iter().flatten() {
        if candidate.user == trimmed && *requested != *trimmed {
            let message = format!("the requested SQL user is `{}` with white space or a NUL around it", shown(trimmed));
            hints.push(Hint::new(message, "request the SQL user without anything around it"));
        } else if candidate.user == *requested && candidate.defect.is_none() {
            let message = format!(
                "the requested SQL user `{}` is `{requested}` once normalised, by more than ASCII case",
                shown(attempt.requested)
            );
            hints.push(Hint::new(message, format!("request the SQL user as `{requested}`")));
        }
    }
    let issuer = attempt.stated_issuer();
    if attempt.rules.map.lines_for(&issuer).is_none() {
        hints.extend(no_map(attempt));
    }
    hints.truncate(TOLD);
    hints
}

/// The line that would turn the principal into the requested SQL user.
fn suggested_line(attempt: &Attempt<'_>, issuer: &str) -> Option<Hint> {
    let requested = sql_user::normalized(attempt.requested);
    if requested.is_empty() || sql_user::check(&requested).is_err() || issuer.contains([' ', '#']) {
        return None;
    }
    let principal = attempt.principals.as_ref()?.iter().find(|principal| covers(principal, &requested))?;
    let (message, line) = match principal.split_once('@') {
        Some((user, domain)) if sql_user::normalized(user) == requested => (
            format!(
                "the principal `{}` is the requested SQL user and a domain, and no line of the identity map takes the \
                 domain off",
                shown(principal)
            ),
            format!(r"{issuer} /^([a-z0-9_.-]+)@{}$ \1", domain.replace('.', r"\.")),
        ),
        _ => (
            format!(
                "the principal `{}` holds the requested SQL user, and no line of the identity map maps it",
                shown(principal)
            ),
            format!("{issuer} {principal} {requested}"),
        ),
    };
    let usable = !line.contains(['#', '\n', '\r']) && line.split_ascii_whitespace().count() == 3;
    usable.then(|| {
        let remedy = format!("add the line `{}` to server.identity_map.configuration", shown(&line));
        Hint::new(message, remedy).about(SettingName::IdentityMap)
    })
}

/// Whether the name stands in the principal as a whole word.
fn covers(principal: &str, name: &str) -> bool {
    let folded: String = sql_user::normalized(principal).into_owned();
    folded != name
        && folded.split(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '.'))).any(|word| word == name)
}
