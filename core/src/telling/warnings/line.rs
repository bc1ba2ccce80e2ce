//! Whom else does the line let in by which the login was accepted?

use alloc::format;

use crate::{
    ground::{reason::Check, text::shown},
    judging::attempt::Attempt,
    parsed::{
        risk,
        settings::{Places, SettingName},
    },
    telling::document::Advice,
};

/// Says so, for a pattern that takes more than its writer meant and for a value that many have.
pub(super) fn warning(places: &Places<'_>, attempt: &Attempt<'_>) -> Option<Advice> {
    let candidate = attempt.chosen()?;
    let issuer = attempt.stated_issuer();
    let principal = attempt.principals.as_ref()?.get(candidate.principal)?;
    let told = |message, remedy, offset| {
        Advice::warning(Check::IdentityMap, message, remedy).at(places, SettingName::IdentityMap, offset)
    };
    let line = candidate.line.and_then(|number| {
        let mut lines = attempt.compiled.map.lines_for(&issuer)?.lines();
        lines.find(|line| line.number == number)
    });
    if let Some(line) = &line
        && let Some(what) = line.pattern().and_then(|pattern| risk::map_pattern(&issuer, pattern))
    {
        let message = format!("line {} of the identity map takes {what}", line.number);
        let remedy = format!("write in line {} exactly what may log in as `{}`", line.number, shown(line.user));
        return Some(told(message, remedy, line.offset));
    }
    let who = risk::principal(principal)?;
    let message = format!("`{}` logs in as `{}`: {who}", shown(principal), shown(&candidate.user));
    let remedy = "give a SQL user to values that one person or one job has";
    Some(told(message, remedy.into(), line.map_or(0, |line| line.offset)))
}
