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
    let Some(claims) = attempt.claims else { return Vec::new() };
    let issuer = attempt.stated_issuer();
    let stated = claims.member("aud").and_then(audiences::stated).unwrap_or_default();
    let mut own = stated.into_iter().take(LOOKED_AT).filter(|audience| {
        can_be_copied(audience) && is_a_name(audience) && risk::audience(audience, &issuer).is_none()
    });
    // Of several nobody knows which is this server's.
    let (Some(audience), None) = (own.next(), own.next()) else { return Vec::new() };
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
    let is_unset = matches!(settings.text(name).trim(), "" | "\"\"" | "[]" | "null");
    if fault.code != ReasonCode::AudienceInvalid || fault.setting != Some(name.as_str()) || !is_unset {
        return None;
    }
    let issuer = attempt.stated_issuer();
    let stated = audiences::stated(attempt.claims?.member("aud")?)?;
    let [only] = stated.as_slice() else { return None };
    let is_own = can_be_copied(only) && is_a_name(only) && risk::audience(only, &issuer).is_none();
    if !is_own || risk::lets_anybody_choose(&issuer) {
        return None;
    }
    let message = format!("if `{}` stands for this server, set {} to it", shown(only), name.as_str());
    let risk = format!("every token of this issuer for `{}` can then be used here", shown(only));
    Some(Proposal::widening(message, Change::new().set(name.as_str(), &**only)).risking(risk))
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
    let Some(claims) = attempt.claims else { return false };
    ["azp", "client_id", "appid", "cid"]
        .iter()
        .any(|name| claims.member(name).is_some_and(|id| id.is_string(configured)))
}
