//! What is there to tell of a login under settings that cannot be used? All their faults, and whatever can be judged without
//! what is broken.

use alloc::{format, vec::Vec};
use core::iter;

use crate::{
    answers::{
        decision::Decision,
        failure::{Failure, Stop},
    },
    ground::{
        limits::{ADVICE_STEPS_MAX, REMEDY_STEPS_MAX, TOKEN_BYTES_MAX},
        reason::Check,
        text::counted,
        work::Work,
    },
    judging::{attempt::Attempt, client, run::outcomes},
    parsed::{
        settings::{Places, SettingName, Settings, SettingsError},
        token::{UnverifiedToken, compact},
    },
    rules::policy::compiled::Compiled,
    telling::{
        advice,
        document::{Advice, AdviceKind, CheckReport, Explanation, SCHEMA, passed_over},
        remedies::told::repairs,
        report, server_decision,
        token_view::TokenView,
    },
};

impl Explanation {
    /// Explains a login under settings that cannot be used: nobody logs in, and the reason says where the first fault
    /// stands. Where there is no token yet, it is empty.
    ///
    /// What can be judged of a login for all that, [`Explanation::of`] judges.
    #[must_use]
    pub fn of_unusable_settings(error: &SettingsError, token: impl AsRef<[u8]>) -> Self {
        let (_, error) = Compiled::of_readable(error);
        let parts = compact::split(token.as_ref(), TOKEN_BYTES_MAX);
        let order = error.profile.order().iter().filter(|&&check| check != Check::Settings);
        let checks = order.map(|&check| report::not_reached(check, "the settings cannot be used")).collect();
        let token = UnverifiedToken::read(&parts);
        let nothing = Settings::default();
        let settings = error.readable().map_or(&nothing, |readable| &readable.settings);
        refused(&error, checks, other_faults(&error), &token, settings)
    }
}

/// Explains one login attempt as far as it can be judged without what is broken.
pub(crate) fn explain(error: &SettingsError, text: &[u8], user: &str, now: i64) -> Explanation {
    let (compiled, error) = Compiled::of_readable(error);
    let nothing = Settings::default();
    let settings = error.readable().map_or(&nothing, |readable| &readable.settings);
    let parts = compact::split(text, compiled.max_token_bytes);
    let token = UnverifiedToken::read(&parts);
    let mut attempt = Attempt::new(&compiled, &token, user, now);
    let mut outcomes = outcomes(&mut attempt);
    let places = Places::of(settings);
    let judged = outcomes.iter().filter(|(check, _)| *check != Check::Settings);
    let checks = judged.map(|(check, outcome)| report::of(*check, outcome, &attempt, &places)).collect();
    // The first failure is the settings': what the token's are told as is what would fail next.
    if let Some((_, outcome)) = outcomes.iter_mut().find(|(check, _)| *check == Check::Settings) {
        *outcome = Err(Stop::Failed(Failure::new(error.code, error.message.as_str())));
    }
    attempt.work = Work::of(ADVICE_STEPS_MAX);
    let mut advice = other_faults(&error);
    let database = database(&error, settings, &attempt, &outcomes, text);
    let server_decision = database.as_ref().map(|_| Decision::Accept);
    let told = advice::collect(settings, &places, &attempt, &outcomes, database, text);
    let is_doubtful = advice::is_doubtful(&attempt, &outcomes);
    attempt.work = Work::of(REMEDY_STEPS_MAX);
    let found = repairs(&error, &attempt, settings, text);
    if is_doubtful {
        advice.extend(advice::unproven(&found.remedies));
    }
    advice.extend(told);
    let explanation = refused(&error, checks, advice, &token, settings);
    let reason = explanation.reason.map(|reason| match found.remedies.is_empty() {
        true => reason,
        false => reason.with_remedies(found.remedies),
    });
    Explanation { reason, untried: found.untried, server_decision, ..explanation }
}

/// The warning that the database lets the token in, where it is known what the database makes of the settings: every fault is
/// in the value of a setting of its own, which was read and is fine by it.
fn database(
    error: &SettingsError,
    settings: &Settings,
    attempt: &Attempt<'_>,
    outcomes: &[(Check, Result<(), Stop>)],
    text: &[u8],
) -> Option<Advice> {
    let faults = iter::once(error).chain(&error.others);
    let set: Vec<_> = faults.map(|fault| fault.setting).collect::<Option<_>>()?;
    let broken = &error.readable()?.broken;
    let is_read = |name: &SettingName| !name.is_engine_option() && settings.value(name.as_str()).is_some();
    if error.untold > 0 || !broken.iter().all(is_read) {
        return None;
    }
    let reference = Compiled::of_the_database(settings, None).ok()?;
    server_decision::accepts(|| Some(&reference), attempt, outcomes, &set, text)
}

/// The explanation of a refusal that nothing but the settings decides.
fn refused(
    error: &SettingsError,
    mut checks: Vec<CheckReport>,
    advice: Vec<Advice>,
    token: &UnverifiedToken<'_>,
    settings: &Settings,
) -> Explanation {
    let reason = client::settings_rejection(error, error.profile.rules());
    let place = error.profile.order().iter().position(|&check| check == Check::Settings);
    checks.insert(place.unwrap_or_default().min(checks.len()), report::of_fault(&reason));
    Explanation {
        schema: SCHEMA,
        decision: Decision::Reject,
        profile: error.profile,
        login: None,
        keys_needed: None,
        userinfo_needed: None,
        client: Some(reason.client.clone()),
        reason: Some(reason),
        checks,
        advice,
        token: TokenView::of(token),
        untried: 0,
        server_decision: None,
        also: Vec::new(),
        ignored: passed_over(settings),
    }
}

/// The faults that are to be mended too.
fn other_faults(error: &SettingsError) -> Vec<Advice> {
    let told = error.others.iter().map(|other| Advice {
        kind: AdviceKind::NextFailure,
        code: Some(other.code),
        setting: other.setting,
        position: other.position,
        range: other.range,
        ..Advice::warning(Check::Settings, other.message.as_str(), other.remedy.as_str())
    });
    let untold = (error.untold > 0).then(|| {
        let message = format!("the settings have {}", counted(error.untold as usize, "more fault"));
        Advice::warning(Check::Settings, message, "correct those that are told, and ask again")
    });
    told.chain(untold).collect()
}
