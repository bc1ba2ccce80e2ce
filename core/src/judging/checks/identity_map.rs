//! Which SQL users may the bearer be?

use alloc::{borrow::Cow, format, string::String, vec::Vec};

use crate::{
    answers::{
        failure::{Failure, Stop},
        finding::{Finding, Line},
    },
    ground::{
        reason::ReasonCode,
        text::{counted, listed, shown},
        work::{TooCostly, Work},
    },
    judging::{
        attempt::{Attempt, Candidate},
        checks::{
            candidates::{Candidates, distinct},
            requested,
        },
    },
    parsed::{identity_map::IssuerMap, settings::SettingName, user_names::UserNames},
};

/// How many values a message names.
const NAMED: usize = 5;

/// Turns principals into SQL users: through the issuer's lines of the identity map, or, where it has none, as they are.
pub(crate) fn judge(attempt: &mut Attempt<'_>) -> Result<(), Stop> {
    map(attempt).map_err(|stop| match stop {
        Stop::Failed(failure) => {
            let otherwise = failure.remedy.clone();
            Stop::Failed(failure.remedy(requested::remedy(attempt, otherwise)))
        }
        other => other,
    })
}

/// What a pass found: which line turned the principal into the SQL user, or that none had to.
pub(crate) fn found(attempt: &Attempt<'_>) -> Finding {
    let candidates = attempt.candidates.as_deref().unwrap_or_default();
    let Some(candidate) = attempt.chosen().or(candidates.first()) else { return Finding::default() };
    let principals = attempt.principals.as_deref().unwrap_or_default();
    let name = principals.get(candidate.principal).map_or("", |principal| &**principal);
    let (principal, user) = (shown(name), shown(&candidate.user));
    let more = match candidates.len() {
        0 | 1 => String::new(),
        count => format!(" ({count} users in all)"),
    };
    let summary = match candidate.line {
        Some(line) => format!("line {line} of the identity map turns `{principal}` into `{user}`{more}"),
        None => format!("no lines for this issuer: `{principal}` is the SQL user `{user}`{more}"),
    };
    let finding = Finding::new(summary).actual(attempt.users());
    match candidate.line {
        Some(number) => line(attempt, finding, number, name),
        None => finding.about(SettingName::IdentityMap),
    }
}

/// The finding with the line that decided.
fn line(attempt: &Attempt<'_>, finding: Finding, number: u32, principal: &str) -> Finding {
    let lines = attempt.compiled.map.lines_for(&attempt.stated_issuer());
    let Some(line) = lines.and_then(|lines| lines.lines().find(|line| line.number == number)) else {
        return finding.about(SettingName::IdentityMap);
    };
    let capture = lines.and_then(|lines| lines.capture(number, principal, &attempt.work));
    finding.at(SettingName::IdentityMap, line.offset).by(Line::new(number, capture))
}

fn map(attempt: &mut Attempt<'_>) -> Result<(), Stop> {
    let Some(principals) = &attempt.principals else { return Err(Stop::Moot("the token names nobody")) };
    let issuer = attempt.stated_issuer();
    let names = attempt.names();
    let plain_names = attempt.rules().users.plain;
    let lines = attempt.compiled.map.lines_for(&issuer);
    let Ok((candidates, entries)) = candidates(principals, lines, names, plain_names, &attempt.work) else {
        return Err(too_costly(principals).into());
    };
    if candidates.is_empty() {
        return Err(unmapped(principals, &issuer, lines).into());
    }
    if let Some(candidate) = candidates.first()
        && candidates.iter().all(|candidate| candidate.defect.is_some())
    {
        return Err(unusable(candidate, principals, names).into());
    }
    (attempt.candidates, attempt.entries) = (Some(candidates), entries);
    Ok(())
}

/// Whom these principals give, each user once, and how many users the database would count.
pub(in crate::judging) fn candidates(
    principals: &[Cow<'_, str>],
    lines: Option<&IssuerMap>,
    names: &UserNames,
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
            Some(lines) => lines.users(name, names, work, |mapped| {
                let defect = plain_names.then(|| defect(&mapped.user, mapped.raw_changed, names)).flatten();
                candidates.add(Candidate { user: mapped.user, principal, line: Some(mapped.line), defect }, times)
            })?,
            None => {
                let user = names.normalized(name);
                let defect = plain_names.then(|| defect(&user, !names.is_plain(name), names)).flatten();
                candidates.add(Candidate { user: user.into_owned(), principal, line: None, defect }, times)?;
            }
        }
    }
    Ok(candidates.finish())
}

/// Why a name that the token gives is no name to log in as.
fn defect(user: &str, folded: bool, names: &UserNames) -> Option<&'static str> {
    if folded {
        return Some("normalising it changes more than ASCII case");
    }
    names.check(user).err()
}

fn too_costly(principals: &[Cow<'_, str>]) -> Failure {
    let bytes: usize = principals.iter().map(|principal| principal.len()).sum();
    let message = format!(
        "matching {} of {} against the identity map takes more work than one login may",
        counted(principals.len(), "name"),
        counted(bytes, "byte")
    );
    Failure::new(ReasonCode::TooCostly, message).about(SettingName::IdentityMap)
}

fn unmapped(principals: &[Cow<'_, str>], issuer: &str, lines: Option<&IssuerMap>) -> Failure {
    let message = if lines.is_some() {
        format!(
            "the identity map has lines for the issuer `{}`, and none matches {}",
            shown(issuer),
            if principals.is_empty() { "an empty list".into() } else { listed(principals, NAMED) }
        )
    } else {
        "the token's list of names is empty".into()
    };
    let known = lines.into_iter().flat_map(IssuerMap::lines).map(|line| line.identity);
    Failure::new(ReasonCode::IdentityUnmapped, message)
        .about(SettingName::IdentityMap)
        .expected(known)
        .actual(principals)
}

fn unusable(candidate: &Candidate, principals: &[Cow<'_, str>], names: &UserNames) -> Failure {
    let principal: String =
        principals.get(candidate.principal).map(|principal| shown(principal).into()).unwrap_or_default();
    let why: Cow<'_, str> = match names.misplaced(&candidate.user) {
        Some((character, is_first)) => {
            let character = shown(character.encode_utf8(&mut [0; 4])).into_owned();
            match is_first {
                true => format!("no SQL user's name can begin with `{character}`").into(),
                false => format!("`{character}` cannot be in a SQL user's name").into(),
            }
        }
        _ => candidate.defect.unwrap_or_default().into(),
    };
    let message = match candidate.line {
        Some(line) => format!(
            "line {line} of the identity map turns `{principal}` into `{}`, which is no SQL user name: {why}",
            shown(&candidate.user)
        ),
        None => format!("`{principal}` is no SQL user name: {why}; no line of the identity map gives it one"),
    };
    Failure::new(ReasonCode::MappedUserInvalid, message)
        .about(SettingName::IdentityMap)
        .expected([names.pattern()])
        .actual([&candidate.user])
}
