//! What can be done about this refusal, the best first? What lets the login in, then what others can do, then what leads on.

use alloc::format;

use crate::{
    answers::{
        decision::Decision,
        failure::{Failure, Stop},
        remedy::Remedy,
    },
    ground::{reason::ReasonCode, text::one_line},
    judging::attempt::Attempt,
    parsed::settings::{SettingName, Settings, SettingsError},
    telling::remedies::{
        line,
        search::{self, Found, search},
    },
};

/// What can be done about what ended the login.
pub(in crate::telling) fn remedies(
    stop: Option<&Stop>,
    attempt: &Attempt<'_>,
    settings: &Settings,
    text: &[u8],
) -> Found {
    let Some(Stop::Failed(failure)) = stop else { return Found::default() };
    let mut found = search(failure, attempt, settings, text);
    let lets_in = |remedy: &Remedy| remedy.after.as_ref().is_some_and(|after| after.decision == Decision::Accept);
    let place = match failure.code {
        // The token gives a SQL user: to log in as that one changes nothing for anybody.
        ReasonCode::UserMismatch => 0,
        _ => found.remedies.iter().take_while(|remedy| lets_in(remedy)).count(),
    };
    let mut without_change = elsewhere(failure);
    if failure.finding.setting.is_some_and(|(setting, _)| setting == SettingName::IdentityMap)
        && let Some(why) = line::withheld(attempt)
    {
        without_change.message = format!("{}; {why}", without_change.message);
    }
    found.remedies.insert(place, without_change);
    found
}

/// What can be done about settings that cannot be used.
pub(in crate::telling) fn repairs(
    error: &SettingsError,
    attempt: &Attempt<'_>,
    settings: &Settings,
    text: &[u8],
) -> Found {
    search::repair(error, attempt, settings, text)
}

/// What is done about it without a change of the settings.
fn elsewhere(failure: &Failure) -> Remedy {
    let message = failure.remedy.text().unwrap_or(failure.code.narrow_remedy());
    Remedy {
        whose: failure.remedy.whose(),
        message: one_line(message),
        edits: None,
        change: None,
        sql: None,
        document: None,
        after: None,
        risk: None,
    }
}
