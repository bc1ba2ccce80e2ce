//! Which limit of time or length would have to be another for this token?

use alloc::{format, vec::Vec};

use crate::{
    ground::limits::{LEEWAY_SECONDS_MAX, TOKEN_BYTES_MAX},
    judging::attempt::Attempt,
    parsed::settings::{Change, SettingName},
    telling::remedies::proposal::Proposal,
};

/// A token that has lived ten times the leeway that it needs comes from a clock that is wrong; another is simply old.
const LIVES_PER_LEEWAY: i64 = 10;

/// The life, in seconds, that a token is taken to have which does not say when it was issued.
const LIFE_UNKNOWN: i64 = 600;

/// The leeway that lets the clocks differ as they do.
pub(super) fn leeway(attempt: &Attempt<'_>) -> Vec<Proposal> {
    let times = attempt.times;
    let ahead = |time: Option<i64>| time.map_or(0, |time| time.saturating_sub(attempt.now));
    let early = ahead(times.issued_at).max(ahead(times.not_before));
    let late = times.expires_at.map_or(0, |time| attempt.now.saturating_sub(time).saturating_add(1));
    let lifetime = times.expires_at.zip(times.issued_at).map(|(end, start)| end.saturating_sub(start));
    let lifetime = lifetime.unwrap_or(LIFE_UNKNOWN);
    let is_old = late > 0 && late.saturating_mul(LIVES_PER_LEEWAY) > lifetime;
    let needed = early.max(late);
    if is_old || !(1..=LEEWAY_SECONDS_MAX).contains(&needed) {
        return Vec::new();
    }
    let setting = SettingName::EngineLeewaySeconds.as_str();
    let message = format!("set the clocks right, or set {setting} to {needed}");
    let risk = format!("every token is good {needed} seconds before its time and after it");
    let change = Change::new().set(setting, format!("{needed}"));
    [Proposal::widening(message, change).risking(risk)].into()
}

/// The longest life that lets this token in.
pub(super) fn longer_lives(attempt: &Attempt<'_>) -> Vec<Proposal> {
    let times = attempt.times;
    let Some(end) = times.expires_at else { return Vec::new() };
    let lifetime = end.saturating_sub(times.issued_at.unwrap_or(attempt.now));
    let Some(limit) = &attempt.policy().max_lifetime else { return Vec::new() };
    let change = match &limit.source.issuer {
        Some(issuer) => Change::new().set_member(
            SettingName::EngineIssuers.as_str(),
            [&**issuer, "max_token_lifetime_seconds"],
            format!("{lifetime}"),
        ),
        None => Change::new().set(SettingName::EngineMaxTokenLifetimeSeconds.as_str(), format!("{lifetime}")),
    };
    let message = format!("if tokens may live so long, set {} to {lifetime}", limit.source);
    [Proposal::widening(message, change).risking(format!("a stolen token is good for up to {lifetime} seconds"))].into()
}

/// The longest token that lets this one in.
pub(super) fn longer_tokens(bytes: usize) -> Vec<Proposal> {
    if bytes > TOKEN_BYTES_MAX {
        return Vec::new();
    }
    let setting = SettingName::EngineMaxTokenBytes.as_str();
    let message = format!("set {setting} to {bytes}");
    [Proposal::correcting(message, Change::new().set(setting, format!("{bytes}")))].into()
}
