//! What can be done about this refusal, the best first? What lets the login in, then what others can do, then what leads on.

use alloc::{format, string::String};

use crate::{
    answers::{
        failure::{Failure, Stop},
        remedy::Remedy,
    },
    ground::{
        mend::Whose,
        reason::{Check, ReasonCode},
        text::one_line,
    },
    judging::attempt::Attempt,
    parsed::settings::{SettingName, Settings, SettingsError},
    telling::{
        near_miss::{fetched, find::find},
        remedies::{
            line, next,
            search::{self, Found, search},
        },
    },
};

/// What can be done about what ended the login.
pub(in crate::telling) fn remedies(
    stop: Option<&Stop>,
    attempt: &Attempt<'_>,
    settings: &Settings,
    text: &[u8],
) -> Found {
    let failure = match stop {
        Some(Stop::Failed(failure)) => failure,
        Some(Stop::KeysNeeded(_)) => return keys_needed(attempt, settings, text),
        _ => return Found::default(),
    };
    let mut found = search(failure, attempt, settings, text);
    let is_doubtful = found.place == 0 && found.remedies.first().is_some_and(Remedy::lets_in);
    // To switch logins on is a change, and was tried.
    if failure.code == ReasonCode::Disabled && !found.remedies.is_empty() && !is_doubtful {
        return found;
    }
    let place = match failure.code {
        // The token gives a SQL user: to log in as that one changes nothing for anybody.
        ReasonCode::UserMismatch => 0,
        _ => found.place,
    };
    let mut without_change = elsewhere(failure, attempt, text);
    if failure.finding.setting.is_some_and(|(setting, _)| setting == SettingName::IdentityMap)
        && let Some(why) = line::withheld(attempt)
    {
        without_change.message = format!("{}; {why}", without_change.message);
    }
    // A change that was tried may say the same.
    if !found.remedies.iter().any(|remedy| remedy.message.starts_with(&*without_change.message)) {
        found.remedies.insert(place, without_change);
    }
    found
}

/// What can be done where keys have to be fetched: configured ones may be meant, and somebody can fetch the others by hand.
fn keys_needed(attempt: &Attempt<'_>, settings: &Settings, text: &[u8]) -> Found {
    let mut found = search::with_own_keys(attempt, settings, text);
    found.remedies.extend(fetched::ways(attempt).into_iter().map(|way| in_words(Whose::Administrator, way)));
    found
}

/// What can be done about settings that cannot be used.
pub(in crate::telling) fn repairs(
    error: &SettingsError,
    attempt: &Attempt<'_>,
    settings: &Settings,
    text: &[u8],
) -> Found {
    let found = search::repair(error, attempt, settings, text);
    if !found.remedies.is_empty() || attempt.claims.is_none() {
        return found;
    }
    let failures = next::failures(&mut attempt.again());
    let next = next::remaining(&failures, &error.remedy);
    let told = next.map(|next| in_words(Whose::Administrator, format!("{}; {next}", error.remedy)));
    Found { remedies: told.into_iter().collect(), ..found }
}

/// What is done about it without a change of the settings, and what has to be done then.
fn elsewhere(failure: &Failure, attempt: &Attempt<'_>, text: &[u8]) -> Remedy {
    // What is said of every text that is no token, and of every other issuer, says less than what a near miss knows.
    let is_about = matches!(failure.code.check(), Check::Token | Check::Header | Check::Issuer);
    let is_known = failure.remedy.text().is_some_and(|text| text != failure.code.narrow_remedy());
    let near = match is_about && !is_known {
        true => find(failure, attempt, text).into_iter().map(|hint| hint.remedy).find(|remedy| remedy.text().is_some()),
        false => None,
    };
    let known = near.as_ref().unwrap_or(&failure.remedy);
    let message = known.text().unwrap_or(failure.code.narrow_remedy());
    let mut again = attempt.again();
    let failures = next::failures(&mut again);
    attempt.work.leave(again.work.left());
    let next = next::after(failure.code, &failures, message);
    let message = next.map_or_else(|| message.into(), |next| format!("{message}; {next}"));
    in_words(known.whose(), message)
}

fn in_words(whose: Whose, message: String) -> Remedy {
    Remedy {
        whose,
        message: one_line(message),
        edits: None,
        change: None,
        sql: None,
        document: None,
        after: None,
        risk: None,
    }
}
