//! What can be done about this refusal, the best first? What lets the login in, then what others can do, then what leads on.

use crate::{
    answers::{
        decision::Decision,
        failure::{Failure, Stop},
        remedy::Remedy,
    },
    ground::text::one_line,
    judging::attempt::Attempt,
    parsed::settings::{Settings, SettingsError},
    telling::remedies::search::{self, Found, search},
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
    let place = found.remedies.iter().take_while(|remedy| lets_in(remedy)).count();
    found.remedies.insert(place, elsewhere(failure));
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
