//! How did one check go? One line, with what was expected and what the token says, also where it passed.

use alloc::{format, string::String};

use crate::{
    answers::{failure::Stop, finding::Finding, refusal::Rejection},
    ground::{
        reason::{Check, ReasonCode},
        text::{one_line, shown},
    },
    judging::{attempt::Attempt, found::found},
    telling::document::{CheckReport, Outcome},
};

/// The report of a check.
pub(super) fn of(check: Check, outcome: &Result<(), Stop>, attempt: &Attempt<'_>) -> CheckReport {
    match outcome {
        Ok(()) => report(check, Outcome::Pass, None, found(check, attempt)),
        Err(Stop::Failed(failure)) => report(check, Outcome::Fail, Some(failure.code), failure.finding.clone()),
        Err(Stop::KeysNeeded(keys)) => {
            not_reached(check, format!("the keys of the issuer `{}` have to be fetched first", shown(&keys.issuer)))
        }
        Err(Stop::Moot(why)) => not_reached(check, *why),
    }
}

/// The report of settings that cannot be used.
pub(super) fn of_fault(reason: &Rejection) -> CheckReport {
    let report = report(Check::Settings, Outcome::Fail, Some(reason.code), Finding::new(reason.message.as_str()));
    CheckReport { setting: reason.setting, ..report }
}

/// The report of a check that means nothing here.
pub(super) fn not_reached(check: Check, why: impl Into<String>) -> CheckReport {
    report(check, Outcome::NotReached, None, Finding::new(why))
}

fn report(check: Check, outcome: Outcome, code: Option<ReasonCode>, finding: Finding) -> CheckReport {
    let Finding { summary, setting, expected, actual, .. } = finding;
    CheckReport {
        check,
        outcome,
        code,
        summary: one_line(summary),
        setting: setting.map(|(setting, _)| setting.as_str()),
        expected,
        actual,
    }
}
