//! How does an explanation read on a terminal? Plain text, the same on every face; colours are the terminal's affair.

use alloc::string::String;
use core::fmt;

use crate::{
    answers::decision::Decision,
    ground::text::{one_line, shown},
    telling::document::{Advice, AdviceKind, CheckReport, Explanation, Outcome},
};

/// Columns that the names in front of each line take.
const NAMES: usize = 14;

impl fmt::Display for Explanation {
    /// Writes the explanation as a timeline: the answer, what to mend, every check, and advice.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.headline(out)?;
        writeln!(out)?;
        for alike in
            self.checks.chunk_by(|first, second| is_moot(first) && is_moot(second) && first.summary == second.summary)
        {
            write_checks(alike, out)?;
        }
        let heading = |kind| match kind {
            AdviceKind::NextFailure => "would fail next",
            AdviceKind::NearMiss => "near miss",
            AdviceKind::Warning => "warning",
        };
        for advice in &self.advice {
            writeln!(out)?;
            write_advice(heading(advice.kind), advice, out)?;
        }
        if self.client.is_some() || !self.also.is_empty() {
            writeln!(out)?;
        }
        if let Some(client) = &self.client {
            let detail = client.detail.as_ref().map(|detail| alloc::format!("; DETAIL: {detail}")).unwrap_or_default();
            let said = one_line(alloc::format!("{}{detail}", client.message));
            writeln!(out, "  the client sees: {said} (SQLSTATE {})", client.sqlstate)?;
        }
        for also in &self.also {
            let code = also.code.map(|code| alloc::format!(": {code}")).unwrap_or_default();
            writeln!(out, "  the {} profile would {}{code}", also.profile, verb(also.decision))?;
        }
        if !self.ignored.is_empty() {
            writeln!(out, "  settings passed over: {}", one_line(self.ignored.join(", ")))?;
        }
        Ok(())
    }
}

impl Explanation {
    fn headline(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(login) = &self.login {
            write!(out, "ACCEPTED  `{}` logs in as SQL user `{}`", shown(&login.principal), shown(&login.user))?;
            match login.map_line {
                Some(line) => writeln!(out, " (identity map line {line})")?,
                None => writeln!(out)?,
            }
        } else if let Some(reason) = &self.reason {
            writeln!(out, "REJECTED  {} ({})", reason.code, reason.code.number())?;
            writeln!(out, "  {}", one_line(reason.message.as_str()))?;
            writeln!(out, "  to mend it: {}", one_line(reason.remedy.as_str()))?;
            match (reason.setting, reason.position) {
                (Some(setting), Some(place)) => writeln!(out, "  setting: {setting}, {place}")?,
                (Some(setting), None) => writeln!(out, "  setting: {setting}")?,
                (None, Some(place)) => writeln!(out, "  in the settings: {place}")?,
                (None, None) => {}
            }
        } else if let Some(keys) = &self.keys_needed {
            writeln!(out, "KEYS NEEDED  of issuer `{}`", shown(&keys.issuer))?;
            let address = keys.jwks_url.as_deref().or(keys.discovery_url.as_deref()).unwrap_or_default();
            writeln!(out, "  to be fetched from {}", one_line(address))?;
        } else {
            let decision = match self.decision {
                Decision::Accept => "ACCEPTED",
                Decision::Reject => "REJECTED",
                Decision::KeysNeeded => "KEYS NEEDED",
            };
            writeln!(out, "{decision}")?;
        }
        Ok(())
    }
}

fn is_moot(check: &CheckReport) -> bool {
    check.outcome == Outcome::NotReached
}

/// Writes one check, or several that mean nothing for the same reason.
fn write_checks(checks: &[CheckReport], out: &mut fmt::Formatter<'_>) -> fmt::Result {
    match checks {
        [] => Ok(()),
        [check] => write_check(check, out),
        [first, .., last] => {
            let names = alloc::format!("{} … {}", first.check, last.check);
            writeln!(out, "  · {names:NAMES$}  {}", one_line(first.summary.as_str()))
        }
    }
}

fn write_check(check: &CheckReport, out: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mark = match check.outcome {
        Outcome::Pass => '✓',
        Outcome::Fail => '✗',
        Outcome::NotReached => '·',
    };
    writeln!(out, "  {mark} {:NAMES$}{}", check.check.as_str(), one_line(check.summary.as_str()))?;
    if check.outcome == Outcome::Fail {
        for (name, values) in [("expected", &check.expected), ("actual", &check.actual)] {
            let Some(values) = values else { continue };
            let quoted: alloc::vec::Vec<String> =
                values.iter().map(|value| alloc::format!("`{}`", shown(value))).collect();
            let values = if quoted.is_empty() { "nothing".into() } else { quoted.join(", ") };
            writeln!(out, "    {:NAMES$}  {name:9}{values}", "")?;
        }
    }
    Ok(())
}

fn write_advice(heading: &str, advice: &Advice, out: &mut fmt::Formatter<'_>) -> fmt::Result {
    writeln!(out, "  {heading}: {}", one_line(advice.message.as_str()))?;
    if let Some(remedy) = &advice.remedy {
        writeln!(out, "    → {}", one_line(remedy.as_str()))?;
    }
    match (advice.setting, advice.position) {
        (Some(setting), Some(place)) => writeln!(out, "    at {setting}, {place}")?,
        (None, Some(place)) => writeln!(out, "    at {place}")?,
        (_, None) => {}
    }
    Ok(())
}

fn verb(decision: Decision) -> &'static str {
    match decision {
        Decision::Accept => "accept",
        Decision::Reject => "reject",
        Decision::KeysNeeded => "ask for keys",
    }
}
