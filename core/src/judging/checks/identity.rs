//! Which SQL users may the bearer be, is the requested one among them, and is it one for people at all?

use alloc::{borrow::Cow, format, string::String, vec::Vec};

use crate::{
    answers::refusal::Failure,
    ground::{
        reason::ReasonCode,
        text::{counted, listed, shown},
        work::{TooCostly, Work},
    },
    judging::{
        attempt::{Attempt, Candidate},
        checks::{
            Stop,
            candidates::{Candidates, distinct},
            line,
        },
    },
    parsed::{
        identity_map::IssuerMap,
        settings::SettingName,
        sql_user::{self, NameDefect},
    },
};

/// How many values a message names.
const NAMED: usize = 5;

/// Turns principals into SQL users: through the issuer's lines of the identity map, or, where it has none, as they are.
pub(super) fn map(attempt: &mut Attempt<'_>) -> Result<(), Stop> {
    let Some(principals) = &attempt.principals else { return Err(Stop::Moot("the token names nobody")) };
    let issuer = attempt.stated_issuer();
    let plain_names = attempt.rules().users.plain;
    let lines = attempt.compiled.map.lines_for(&issuer);
    let Ok((candidates, entries)) = candidates(principals, lines, plain_names, &attempt.work) else {
        return Err(too_costly(principals).into());
    };
    if candidates.is_empty() {
        return Err(unmapped(principals, &issuer, lines).into());
    }
    if let Some(candidate) = candidates.first()
        && candidates.iter().all(|candidate| candidate.defect.is_some())
    {
        return Err(unusable(candidate, principals).into());
    }
    (attempt.candidates, attempt.entries) = (Some(candidates), entries);
    Ok(())
}

fn candidates(
    principals: &[Cow<'_, str>],
    lines: Option<&IssuerMap>,
    plain_names: bool,
    work: &Work,
) -> Result<(Vec<Candidate>, usize), TooCostly> {
    let mut candidates = Candidates::new();
    let (one, many);
    let principals = match principals {
        [only] => {
            one = [(0, &**only, 1)];
            one.as_slice()
        }
        _ => {
            many = distinct(principals);
            many.as_slice()
        }
    };
    for &(principal, name, times) in principals {
        match lines {
            Some(lines) => lines.users(name, work, |mapped| {
                let defect = plain_names.then(|| defect(&mapped.user, mapped.raw_changed)).flatten();
                candidates.add(Candidate { user: mapped.user, principal, line: Some(mapped.line), defect }, times)
            })?,
            None => {
                let user = sql_user::normalized(name);
                let defect = plain_names.then(|| defect(&user, !sql_user::is_plain(name))).flatten();
                candidates.add(Candidate { user: user.into_owned(), principal, line: None, defect }, times)?;
            }
        }
    }
    Ok(candidates.finish())
}

/// The failure of [`map`] with the line that would mend it, where one may be offered.
pub(super) fn with_line(stop: Stop, attempt: &Attempt<'_>) -> Stop {
    match stop {
        Stop::Failed(failure) => {
            let mapped = attempt.compiled.map.lines_for(&attempt.stated_issuer()).is_some();
            let narrow = match failure.code {
                ReasonCode::MappedUserInvalid if !mapped => {
                    "have the identity provider name the bearer by a SQL user name"
                }
                code => code.narrow_remedy(),
            };
            Stop::Failed(failure.remedy(line::remedy(attempt, narrow.into())))
        }
        other => other,
    }
}

/// Finds the requested SQL user among those the bearer may be.
pub(super) fn user(attempt: &mut Attempt<'_>) -> Result<(), Stop> {
    let Some(candidates) = &attempt.candidates else { return Err(Stop::Moot("the token gives no SQL user")) };
    let rules = attempt.rules();
    let requested = sql_user::normalized(attempt.requested);
    let folded = rules.users.plain && !sql_user::is_plain(attempt.requested);
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
    let users: Vec<&str> = candidates.iter().map(|candidate| candidate.user.as_str()).collect();
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
        let remedy = line::remedy(attempt, format!("log in as {}", listed(&users, 1)));
        Failure::new(ReasonCode::UserMismatch, message).remedy(remedy)
    };
    Err(failure.setting(SettingName::IdentityMap.as_str()).expected(users).actual([attempt.requested]).into())
}

/// Keeps the database's own users to the database.
pub(super) fn reserved(attempt: &mut Attempt<'_>) -> Result<(), Stop> {
    let chosen = attempt.chosen.and_then(|index| attempt.candidates.as_ref()?.get(index));
    let Some(candidate) = chosen else { return Err(Stop::Moot("no SQL user is found")) };
    if !sql_user::is_reserved(&candidate.user) {
        return Ok(());
    }
    let given_by = match candidate.line {
        Some(line) => format!("line {line} of the identity map gives it"),
        None => "the principal itself gives it".into(),
    };
    let message = format!("the SQL user `{}` is reserved for the database; {given_by}", shown(&candidate.user));
    Err(Failure::new(ReasonCode::UserReserved, message)
        .setting(SettingName::IdentityMap.as_str())
        .actual([&candidate.user])
        .into())
}

/// Why a name that the token gives is no name to log in as.
fn defect(user: &str, folded: bool) -> Option<&'static str> {
    if folded {
        return Some("normalising it changes more than ASCII case");
    }
    sql_user::check(user).err().map(NameDefect::describe)
}

fn too_costly(principals: &[Cow<'_, str>]) -> Failure {
    let bytes: usize = principals.iter().map(|principal| principal.len()).sum();
    let message = format!(
        "matching {} of {} against the identity map takes more work than one login may",
        counted(principals.len(), "principal"),
        counted(bytes, "byte")
    );
    Failure::new(ReasonCode::TooCostly, message).setting(SettingName::IdentityMap.as_str())
}

fn unmapped(principals: &[Cow<'_, str>], issuer: &str, lines: Option<&IssuerMap>) -> Failure {
    let message = if lines.is_some() {
        format!(
            "the identity map has lines for the issuer `{}`, and none matches {}",
            shown(issuer),
            if principals.is_empty() { "an empty list of principals".into() } else { listed(principals, NAMED) }
        )
    } else {
        "the token's list of principals is empty".into()
    };
    let known = lines.into_iter().flat_map(IssuerMap::lines).map(|line| line.identity);
    Failure::new(ReasonCode::IdentityUnmapped, message)
        .setting(SettingName::IdentityMap.as_str())
        .expected(known)
        .actual(principals)
}

fn unusable(candidate: &Candidate, principals: &[Cow<'_, str>]) -> Failure {
    let principal: String =
        principals.get(candidate.principal).map(|principal| shown(principal).into()).unwrap_or_default();
    let why = candidate.defect.unwrap_or_default();
    let message = match candidate.line {
        Some(line) => format!(
            "line {line} of the identity map turns `{principal}` into `{}`, which is no SQL user name: {why}",
            shown(&candidate.user)
        ),
        None => format!("the principal `{principal}` is no SQL user name: {why}; no line of the identity map maps it"),
    };
    Failure::new(ReasonCode::MappedUserInvalid, message)
        .setting(SettingName::IdentityMap.as_str())
        .expected(["lower-case letters, digits, _ . - (the first no . or -), at most 63 bytes"])
        .actual([&candidate.user])
}
