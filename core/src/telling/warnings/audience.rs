//! Was the login accepted by an audience that tokens for others bear too?

use alloc::format;

use crate::{
    ground::{reason::Check, text::shown},
    judging::attempt::Attempt,
    parsed::{risk, settings::Places},
    telling::document::Advice,
};

/// Says so, and how a token for this server alone is had.
pub(super) fn warning(places: &Places<'_>, attempt: &Attempt<'_>) -> Option<Advice> {
    let audience = attempt.audience.as_deref()?;
    let shared = risk::audience(audience, &attempt.stated_issuer())?;
    let message =
        format!("the accepted audience `{}` {}: tokens meant for others log in too", shown(audience), shared.whose);
    let source = attempt.policy().audience_source();
    let remedy = format!("configure an audience of this server's own, and {}", shared.instead);
    Some(Advice::warning(Check::Audience, message, remedy).at(places, source.setting, source.offset))
}
