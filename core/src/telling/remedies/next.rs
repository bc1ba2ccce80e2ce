//! What else stands in the way of this login, once its first failure is mended? So that nobody mends one thing, tries again,
//! and meets the next.

use alloc::{format, string::String, vec::Vec};

use crate::{
    answers::failure::{Failure, Stop},
    ground::{
        reason::{Check, ReasonCode},
        text::one_line,
    },
    judging::{attempt::Attempt, run::outcomes},
};

/// How many later failures one remedy names.
const NAMED: usize = 3;

/// The failures of an attempt, in the order in which they are met.
pub(super) fn failures(attempt: &mut Attempt<'_>) -> Vec<Failure> {
    let failed = |(_, outcome)| match outcome {
        Err(Stop::Failed(failure)) => Some(failure),
        _ => None,
    };
    outcomes(attempt).into_iter().filter_map(failed).collect()
}

/// The failures after the first one in words, each with what is done about it; nothing where there is none that stays.
pub(super) fn after(first: ReasonCode, failures: &[Failure], done: &str) -> Option<String> {
    let later = failures.iter().filter(|failure| failure.code != first && stays(first, failure.code));
    told(later, done)
}

/// The failures that remain after a change, in words.
pub(super) fn remaining(failures: &[Failure], done: &str) -> Option<String> {
    let first = failures.first()?.code;
    told(failures.iter().filter(|failure| failure.code == first || stays(first, failure.code)), done)
}

fn told<'f>(failures: impl Iterator<Item = &'f Failure>, done: &str) -> Option<String> {
    let mut said: Vec<&str> = [done].into();
    let mut clauses: Vec<String> = Vec::new();
    for failure in failures.take(NAMED) {
        let fact = one_line(failure.finding.summary.as_str());
        let remedy = failure.remedy.text().unwrap_or(failure.code.narrow_remedy());
        // What one of them takes may mend others too.
        clauses.push(match said.contains(&remedy) {
            true => fact,
            false => format!("{fact}: {}", one_line(remedy)),
        });
        said.push(remedy);
    }
    (!clauses.is_empty()).then(|| format!("then this is in the way too: {}", clauses.join("; ")))
}

/// Whether a later failure is there still when the first one is mended. What is judged of a token from an issuer that is
/// not configured holds for no other: only who signed it, its times and whom it is for are the token's own.
fn stays(first: ReasonCode, later: ReasonCode) -> bool {
    first.check() != Check::Issuer || matches!(later.check(), Check::Key | Check::Time | Check::Audience)
}
