//! Was the login accepted by an audience that tokens for others bear too?

use alloc::format;

use crate::{
    ground::reason::Check,
    judging::attempt::Attempt,
    parsed::{risk, settings::Places},
    telling::document::Advice,
};

/// Says so, and how a token for this server alone is had.
pub(super) fn warning(places: &Places<'_>, attempt: &Attempt<'_>) -> Option<Advice> {
    let audience = attempt.audience.as_deref()?;
    let shared = risk::audience(audience, &attempt.stated_issuer())?;
    let message = format!("the accepted {}", shared.describe(audience));
    let source = attempt.policy().audience_source();
    Some(Advice::warning(Check::Audience, message, shared.remedy()).at(places, source.setting, source.offset))
}
