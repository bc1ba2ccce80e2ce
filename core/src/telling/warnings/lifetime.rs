//! Does the token live so long that losing it once is losing it for years?

use alloc::format;

use crate::{
    ground::{reason::Check, time::span},
    judging::attempt::Attempt,
    parsed::settings::SettingName,
    telling::document::Advice,
};

/// Longer than any provider's ordinary tokens: those that Kubernetes extends for old clients live a year and an hour.
const LONG: i64 = 400 * 86_400;

/// Says so for a token that lives for years, or for ever.
pub(super) fn warning(attempt: &Attempt<'_>) -> Option<Advice> {
    if attempt.policy().max_lifetime.is_some() {
        return None;
    }
    let message = match attempt.times.expires_at {
        None => "the token never expires (`exp`), and engine.max_token_lifetime_seconds is not set".into(),
        Some(exp) => {
            let lifetime = exp.saturating_sub(attempt.times.issued_at.unwrap_or(attempt.now));
            if lifetime <= LONG {
                return None;
            }
            format!("the token lives for {}, and engine.max_token_lifetime_seconds is not set", span(lifetime))
        }
    };
    let remedy = "have the identity provider issue tokens that live for minutes or hours, and set \
                  engine.max_token_lifetime_seconds";
    let warning = Advice::warning(Check::Time, message, remedy);
    Some(Advice { setting: Some(SettingName::EngineMaxTokenLifetimeSeconds.as_str()), ..warning })
}
