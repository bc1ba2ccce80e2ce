//! How did the checks go? Those that passed in one line, or all of them with what was expected.

use alloc::{borrow::ToOwned, format, string::String, vec::Vec};

use super::{line::Tone, page::Page};
use crate::{
    ground::text::{one_line, shown},
    telling::document::{CheckReport, Outcome},
};

/// Columns that the names of checks take.
const NAMES: usize = 14;

/// How many values of a list are told.
const VALUES_MAX: usize = 5;

pub(super) fn write(checks: &[CheckReport], page: &mut Page<'_>) {
    page.gap();
    if page.look.verbose {
        for alike in
            checks.chunk_by(|first, second| is_moot(first) && is_moot(second) && first.summary == second.summary)
        {
            write_rows(alike, page);
        }
        page.gap();
    } else {
        for (lead, outcome) in [("passed: ", Outcome::Pass), ("not judged: ", Outcome::NotReached)] {
            let names: Vec<&str> =
                checks.iter().filter(|check| check.outcome == outcome).map(|check| check.check.as_str()).collect();
            if !names.is_empty() {
                page.put(Tone::Quiet, 2, lead, names.join(", "));
            }
        }
    }
}

fn is_moot(check: &CheckReport) -> bool {
    check.outcome == Outcome::NotReached
}

/// Writes one check, or several that mean nothing for the same reason.
fn write_rows(checks: &[CheckReport], page: &mut Page<'_>) {
    let ([check] | [check, ..]) = checks else { return };
    let ascii = page.look.ascii;
    let (tone, mark) = match check.outcome {
        Outcome::Pass => (Tone::Passed, if ascii { '+' } else { '✓' }),
        Outcome::Fail => (Tone::Failed, if ascii { 'x' } else { '✗' }),
        Outcome::NotReached => (Tone::NotReached, if ascii { '-' } else { '·' }),
    };
    let name = match checks {
        [_, .., last] => format!("{} {} {}", check.check, if ascii { "..." } else { "…" }, last.check),
        _ => check.check.as_str().to_owned(),
    };
    let blanks = if checks.len() > 1 { "  " } else { "" };
    page.put(tone, 2, &format!("{mark} {name:NAMES$}{blanks}"), check.summary.as_str());
    if check.outcome == Outcome::Fail {
        write_both_sides(check, None, 4 + NAMES, page);
    }
}

/// Writes what was expected and what was there instead, each unless the fact has said it.
pub(super) fn write_both_sides(check: &CheckReport, fact: Option<&str>, indent: usize, page: &mut Page<'_>) {
    for (lead, values) in [("expected ", &check.expected), ("actual   ", &check.actual)] {
        let Some(values) = values else { continue };
        if fact.is_some_and(|fact| values.iter().all(|value| says(fact, value))) {
            continue;
        }
        let quoted: Vec<String> = values.iter().map(|value| format!("`{}`", shown(value))).collect();
        let more = quoted.len().saturating_sub(VALUES_MAX);
        let mut told = quoted.into_iter().take(VALUES_MAX).collect::<Vec<_>>().join(", ");
        if told.is_empty() {
            told.push_str("nothing");
        }
        if more > 0 {
            told.push_str(&format!(" and {more} more"));
        }
        page.put(Tone::Expected, indent, lead, told);
    }
}

/// Whether the fact has the value, if in other words around it.
fn says(fact: &str, value: &str) -> bool {
    let bare = ["after ", "before ", "at most "].iter().find_map(|word| value.strip_prefix(word));
    one_line(fact).contains(&*shown(bare.unwrap_or(value)))
}
