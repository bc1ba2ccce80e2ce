//! How did one check go? One line, with what was expected and what the token says, also where it passed; and what it
//! looked at, in the token and in the settings.

use alloc::{borrow::Cow, format, string::String};

use crate::{
    answers::{failure::Stop, finding, refusal::Rejection},
    ground::{
        reason::{Check, ReasonCode},
        text::{one_line, shown},
    },
    judging::{
        attempt::Attempt,
        found::{found, reads},
    },
    parsed::settings::Places,
    telling::document::{CheckReport, Outcome, Reads},
};

/// The report of a check.
pub(super) fn of(check: Check, outcome: &Result<(), Stop>, attempt: &Attempt<'_>, places: &Places<'_>) -> CheckReport {
    let (outcome, code, finding) = match outcome {
        Ok(()) => (Outcome::Pass, None, found(check, attempt)),
        Err(Stop::Failed(failure)) => (Outcome::Fail, Some(failure.code), failure.finding.clone()),
        Err(Stop::KeysNeeded(keys)) => {
            let why = format!("the keys of the issuer `{}` have to be fetched first", shown(&keys.issuer));
            return not_reached(check, why);
        }
        Err(Stop::Moot(why)) => return not_reached(check, *why),
    };
    CheckReport {
        range: finding.setting.and_then(|(setting, offset)| places.range(setting, offset)),
        reads: shape(reads(check, code, attempt)),
        map_line: finding.line.as_ref().map(|line| line.number),
        capture: finding.line.and_then(|line| line.capture),
        setting: finding.setting.map(|(setting, _)| setting.as_str()),
        expected: finding.expected,
        actual: finding.actual,
        ..plain(check, outcome, code, finding.summary)
    }
}

/// The report of settings that cannot be used.
pub(super) fn of_fault(reason: &Rejection) -> CheckReport {
    let report = plain(Check::Settings, Outcome::Fail, Some(reason.code), reason.message.as_str());
    CheckReport { setting: reason.setting, range: reason.range, ..report }
}

/// The report of a check that means nothing here.
pub(super) fn not_reached(check: Check, why: impl Into<String>) -> CheckReport {
    plain(check, Outcome::NotReached, None, why)
}

fn plain(check: Check, outcome: Outcome, code: Option<ReasonCode>, summary: impl Into<String>) -> CheckReport {
    CheckReport {
        check,
        outcome,
        code,
        summary: one_line(summary),
        setting: None,
        range: None,
        expected: None,
        actual: None,
        reads: None,
        map_line: None,
        capture: None,
    }
}

fn shape(reads: finding::Reads) -> Option<Reads> {
    let part = reads.part?.as_str();
    Some(Reads { part, members: reads.members.into_iter().map(Cow::into_owned).collect() })
}
