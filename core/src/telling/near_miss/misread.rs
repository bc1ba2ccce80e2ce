//! Is a setting's value read as something else than it was meant to be? A list that is no list, quotes of other files, a
//! place that nobody filled in, a line of the map in another tool's form.

use alloc::{format, string::String, vec::Vec};

use crate::{
    ground::{
        json::{Document, Duplicates, Value},
        mend::Mend,
        text::{can_be_copied, shown},
    },
    judging::attempt::Attempt,
    parsed::{
        identity_map::Misread,
        risk,
        settings::{SettingName, misread, placeholder},
        token::audiences,
    },
    telling::near_miss::hint::Hint,
};

/// How many misread values are told.
const TOLD: usize = 3;

/// How many values are looked at.
const LOOKED_AT: usize = 20;

/// Issuers that were meant to be several, or others.
pub(super) fn issuers(attempt: &Attempt<'_>) -> Vec<Hint> {
    let stated = attempt.stated_issuer();
    let configured: Vec<(&str, usize)> = attempt
        .compiled
        .policies()
        .take(LOOKED_AT)
        .map(|policy| (&**policy.issuer, policy.issuer.source.offset))
        .collect();
    hints(attempt, SettingName::Issuers, &configured, &[stated.into_owned()])
}

/// Audiences that were meant to be several, or others.
pub(super) fn audiences(attempt: &Attempt<'_>) -> Vec<Hint> {
    let policy = attempt.policy();
    let source = policy.audience_source();
    if source.setting != SettingName::Audience {
        return Vec::new();
    }
    let issuer = attempt.stated_issuer();
    let stated = attempt.claims.and_then(|claims| claims.member("aud")).and_then(audiences::stated).unwrap_or_default();
    let own = |audience: &String| risk::audience(audience, &issuer).is_none();
    let stated: Vec<String> = stated.into_iter().map(String::from).filter(own).take(LOOKED_AT).collect();
    let configured: Vec<(&str, usize)> =
        policy.audience.iter().take(LOOKED_AT).map(|audience| (&***audience, audience.source.offset)).collect();
    let mut found = hints(attempt, SettingName::Audience, &configured, &stated);
    found.extend(attempt.claims.and_then(|claims| claims.member("aud")).and_then(inside).filter(|_| found.is_empty()));
    found
}

/// Lines of the map for this issuer in another tool's form.
pub(super) fn lines(attempt: &Attempt<'_>) -> Vec<Hint> {
    let issuer = attempt.stated_issuer();
    let misread = attempt.compiled.map.misread(&issuer, &attempt.work);
    let hint = |line: Misread| {
        let message = format!("line {} of the identity map: {}", line.number, line.meant.facts.join("; "));
        let remedy = format!("in line {} {}", line.number, line.meant.remedy());
        Hint::new(message, told(attempt, remedy)).at(SettingName::IdentityMap, line.offset)
    };
    misread.into_iter().take(TOLD).map(hint).collect()
}

fn hints(attempt: &Attempt<'_>, name: SettingName, configured: &[(&str, usize)], stated: &[String]) -> Vec<Hint> {
    let hint = |&(text, offset): &(&str, usize)| {
        let (message, remedy) = of_text(name, text, stated, configured.len() == 1)?;
        Some(Hint::new(message, told(attempt, remedy)).at(name, offset))
    };
    configured.iter().filter_map(hint).take(TOLD).collect()
}

/// What to write, of a token that is proven: otherwise nothing is said that lets in more.
fn told(attempt: &Attempt<'_>, remedy: String) -> Mend {
    if attempt.proven() { Mend::administrator(remedy) } else { Mend::default() }
}

/// What is wrong with one value, and what to write.
fn of_text(name: SettingName, text: &str, stated: &[String], alone: bool) -> Option<(String, String)> {
    if let Some(filled) = unfilled(name, text, stated, alone) {
        return Some(filled);
    }
    let misread = misread(name, text)?;
    let named = misread.texts.iter().any(|text| stated.contains(text));
    if misread.by_blanks && !named {
        return None;
    }
    let remedy = match alone {
        true => format!("{} in {}", misread.remedy, name.as_str()),
        false => format!("give each text of the list in {} double quotes of its own", name.as_str()),
    };
    Some((misread.message, remedy))
}

/// A place in the value that somebody should have filled in, with what the token has there.
fn unfilled(name: SettingName, text: &str, stated: &[String], alone: bool) -> Option<(String, String)> {
    let (at, place) = placeholder(name, text)?;
    let (before, after) = (text.get(..at)?, text.get(at.saturating_add(place.len())..)?);
    let fits = |value: &&String| {
        let inside = value.strip_prefix(before).and_then(|rest| rest.strip_suffix(after));
        inside.is_some_and(|inside| !inside.is_empty() && (before.is_empty() || !inside.contains('/')))
    };
    let value = stated.iter().find(fits).filter(|value| can_be_copied(value));
    let fact = format!("`{}` in {} is a placeholder that nobody has filled in", shown(place), name.as_str());
    Some(match (value, alone) {
        (Some(value), true) => (
            format!("{fact}; the token has `{}`", shown(value)),
            format!("if that is yours, set {} to `{}`", name.as_str(), shown(value)),
        ),
        (Some(value), false) => (
            format!("{fact}; the token has `{}`", shown(value)),
            format!("if that is yours, write `{}` for `{}` in {}", shown(value), shown(text), name.as_str()),
        ),
        (None, _) => (fact, format!("write your own value for `{}`", shown(place))),
    })
}

/// A list of audiences that the provider wrote as a text.
fn inside(audience: Value<'_>) -> Option<Hint> {
    let text = audience.string()?;
    let document = Document::parse(&text, Duplicates::LastWins).ok()?;
    document.root().strings()?;
    let message =
        format!("the token's `aud` is a text that holds a JSON list, `{}`: it counts as one audience", shown(&text));
    let remedy = "have the identity provider write `aud` as a list, not as a text that holds one";
    Some(Hint::new(message, Mend::provider(remedy)))
}
