//! Is the requested SQL user one that the bearer may be?

use alloc::{format, string::String, vec::Vec};

use crate::{
    answers::{
        failure::{Failure, Stop},
        finding::Finding,
    },
    ground::{
        mend::Mend,
        reason::ReasonCode,
        text::{counted, listed, shown},
    },
    judging::{attempt::Attempt, checks::requested},
    parsed::settings::SettingName,
};

/// How many values a message names.
const NAMED: usize = 5;

/// Finds the requested SQL user among those the bearer may be.
pub(crate) fn judge(attempt: &mut Attempt<'_>) -> Result<(), Stop> {
    let Some(candidates) = &attempt.candidates else { return Err(Stop::Moot("the token gives no SQL user")) };
    let requested = attempt.names().normalized(attempt.requested);
    let folded = attempt.rules().users.plain && !attempt.names().is_plain(attempt.requested);
    let matched =
        candidates.iter().position(|candidate| candidate.defect.is_none() && candidate.user == *requested && !folded);
    attempt.chosen = match (matched, candidates.as_slice()) {
        (Some(index), _) => Some(index),
        (None, [only]) if requested.is_empty() && only.defect.is_none() && attempt.entries == 1 => Some(0),
        _ => None,
    };
    if attempt.chosen.is_some() {
        return Ok(());
    }
    let users: Vec<&str> = attempt.users().collect();
    let failure = if requested.is_empty() {
        let message = format!(
            "no SQL user was requested and the token gives {}: {}",
            counted(attempt.entries, "user"),
            listed(&users, NAMED)
        );
        Failure::new(ReasonCode::UserAmbiguous, message)
    } else {
        let message = format!(
            "the login is for SQL user `{}`; the token gives {}",
            shown(attempt.requested),
            listed(&users, NAMED)
        );
        let remedy = requested::remedy(attempt, Mend::client(instead(&users)));
        Failure::new(ReasonCode::UserMismatch, message).remedy(remedy)
    };
    Err(failure.about(SettingName::IdentityMap).expected(users).actual([attempt.requested]).into())
}

/// What to do without another line. `all`, PostgreSQL's word for every role, was not meant as a name.
fn instead(users: &[&str]) -> String {
    match users {
        ["all"] => {
            "name the SQL user in the line of server.identity_map.configuration: `all` is no keyword there".into()
        }
        _ => format!("log in as {}", listed(users, 1)),
    }
}

pub(crate) fn found(attempt: &Attempt<'_>) -> Finding {
    let user = shown(attempt.chosen().map_or("", |candidate| &candidate.user));
    let summary = if attempt.requested.is_empty() {
        format!("no SQL user was requested; `{user}` is the only one the token gives")
    } else {
        format!("the token gives the requested SQL user `{user}`")
    };
    Finding::new(summary).expected(attempt.users()).actual([attempt.requested])
}
