//! What keeps the requested SQL user and those that the token gives apart?

use alloc::{format, vec::Vec};

use crate::{
    ground::text::shown,
    judging::attempt::Attempt,
    parsed::sql_user,
    telling::near_miss::{hint::Hint, line},
};

/// How many near misses are told.
const TOLD: usize = 3;

/// A user that is the requested one but for a detail, or lines that were meant for this issuer.
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
                "the requested SQL user `{}` is `{}` once normalised, by more than ASCII case",
                shown(attempt.requested),
                shown(&requested)
            );
            hints.push(Hint::new(message, format!("request the SQL user as `{}`", shown(&requested))));
        }
    }
    let issuer = attempt.stated_issuer();
    if attempt.compiled.map.lines_for(&issuer).is_none() {
        hints.extend(line::no_map(attempt));
    }
    hints.truncate(TOLD);
    hints
}
