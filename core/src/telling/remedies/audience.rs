//! Which audience of the token could be configured? One that is this server's own, never one that tokens for others bear.

use alloc::{borrow::Cow, format, vec::Vec};

use crate::{
    ground::{
        reason::ReasonCode,
        text::{can_be_copied, shown},
    },
    judging::attempt::Attempt,
    parsed::{
        risk,
        settings::{Change, SettingName, Settings, SettingsError, json_array, placeholder},
        token::audiences,
    },
    telling::{near_miss::audience::is_one_application, remedies::proposal::Proposal},
};

/// How many audiences of each side are looked at.
const LOOKED_AT: usize = 20;

/// An audience of the token in the place of the configured one that it is another name of, or beside the configured ones.
pub(super) fn added(attempt: &Attempt<'_>) -> Vec<Proposal> {
    let issuer = attempt.stated_issuer();
    let Some(audience) = own(attempt, &issuer) else { return Vec::new() };
    let configured = &attempt.policy().audience;
    let mut known = configured.iter().take(LOOKED_AT).map(|configured| &***configured);
    let same = known.find(|known| {
        is_one_application(&audience, known)
            || placeholder(SettingName::Audience, known).is_some()
            || is_client(attempt, known)
    });
    if same.is_none() && risk::lets_anybody_choose(&issuer) {
        return Vec::new();
    }
    let mut list: Vec<Cow<'_, str>> = configured.iter().map(|known| Cow::Borrowed(&***known)).collect();
    match list.iter_mut().find(|known| Some(&***known) == same) {
        Some(place) => *place = audience.clone(),
        None => list.push(audience.clone()),
    }
    let setting = SettingName::Audience.as_str();
    let change = match (&configured.source.issuer, same) {
        (Some(issuer), _) => {
            Change::new().set_member(SettingName::EngineIssuers.as_str(), [&**issuer, "audience"], json_array(&list))
        }
        (None, Some(old)) => Change::new().replace(setting, old, &*audience),
        (None, None) => Change::new().add(setting, &*audience),
    };
    let source = &configured.source;
    let proposal = match same {
        Some(old) => {
            let message = format!(
                "write the audience as the token does: `{}` instead of `{}` in {source}",
                shown(&audience),
                shown(old)
            );
            Proposal::widening(message, change)
        }
        None => {
            let message = format!("if tokens for `{}` may log in here, add it to {source}", shown(&audience));
            Proposal::widening(message, change)
                .risking(format!("every token of this issuer for `{}` can then be used here", shown(&audience)))
                .after_others()
        }
    };
    [proposal].into()
}

/// The token's only audience, where none is configured and one has to be.
pub(super) fn unset(fault: &SettingsError, attempt: &Attempt<'_>, settings: &Settings) -> Option<Proposal> {
    let name = SettingName::Audience;
    if fault.code != ReasonCode::AudienceInvalid || fault.setting != Some(name.as_str()) || !is_unset(settings) {
        return None;
    }
    of_token(attempt)
}

/// Whether no audience is configured.
pub(super) fn is_unset(settings: &Settings) -> bool {
    matches!(settings.text(SettingName::Audience).trim(), "" | "\"\"" | "[]" | "null")
}

/// The token's only audience as the only configured one.
pub(super) fn of_token(attempt: &Attempt<'_>) -> Option<Proposal> {
    let name = SettingName::Audience;
    let issuer = attempt.stated_issuer();
    let only = own(attempt, &issuer).filter(|_| !risk::lets_anybody_choose(&issuer))?;
    let message = format!("if `{}` stands for this server, set {} to it", shown(&only), name.as_str());
    let risk = format!("every token of this issuer for `{}` can then be used here", shown(&only));
    Some(Proposal::widening(message, Change::new().set(name.as_str(), &*only)).risking(risk))
}

/// The token's audience that is this server's own; of several nobody knows which is.
fn own<'a>(attempt: &Attempt<'a>, issuer: &str) -> Option<Cow<'a, str>> {
    let stated = attempt.claims?.member("aud").and_then(audiences::stated)?;
    let mut own = stated.into_iter().take(LOOKED_AT).filter(|audience| {
        can_be_copied(audience) && is_a_name(audience) && risk::audience(audience, issuer).is_none()
    });
    own.next().filter(|_| own.next().is_none())
}

/// Whether the text is one name, and no list that somebody has written into a text.
fn is_a_name(audience: &str) -> bool {
    let divides = |character: char| matches!(character, ',' | ';') || character.is_whitespace();
    !audience.trim().is_empty()
        && !audience.trim_start().starts_with(['[', '{', '"'])
        && !audience.trim().contains(divides)
}

/// Whether the configured audience is the application that asked for the token.
fn is_client(attempt: &Attempt<'_>, configured: &str) -> bool {
    attempt.facts().is_some_and(|facts| facts.client_claim(configured).is_some())
}
