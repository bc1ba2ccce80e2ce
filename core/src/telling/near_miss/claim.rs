//! Which claim was probably meant?

use alloc::{borrow::Cow, format, string::String, vec::Vec};

use crate::{
    ground::{
        json::{Kind, Value},
        mend::Mend,
        nearest::nearest,
        text::{can_be_copied, shown},
    },
    judging::attempt::Attempt,
    parsed::{
        settings::{Claim, Source},
        sql_user,
    },
    telling::near_miss::{claim_path, hint::Hint},
};

/// How many near misses are told.
const TOLD: usize = 3;

/// How many claims are looked at.
const CLAIMS: usize = 200;

/// Claims named nearly so, or that hold the requested SQL user.
pub(super) fn missing(attempt: &Attempt<'_>) -> Vec<Hint> {
    let Some(claims) = attempt.claims else { return Vec::new() };
    let policy = attempt.policy();
    let wanted = policy.claim.as_str();
    let source = policy.claim_source();
    let names: Vec<Cow<'_, str>> = claims.members().take(CLAIMS).filter_map(|(name, _)| name.string()).collect();
    if let Some((setting, value)) = claim_path::meant(claims, wanted) {
        return [nested(source, wanted, &setting, value)].into();
    }
    let mut hints = Vec::new();
    let alike = names.iter().find(|name| name.eq_ignore_ascii_case(wanted)).map(|name| &**name);
    if let Some(name) = alike.or_else(|| nearest(wanted, names.iter().map(|name| &**name))) {
        let fact = format!("the token has a claim `{}`; {source} says `{}`", shown(name), shown(wanted));
        hints.push(named(attempt, claims, name, fact));
    }
    let requested = sql_user::normalized(attempt.requested);
    let holds = |value: Value<'_>| value.string().is_some_and(|value| sql_user::normalized(&value) == requested);
    let holders = claims.members().take(CLAIMS).filter(|&(_, value)| !requested.is_empty() && holds(value));
    for name in holders.filter_map(|(name, _)| name.string()).filter(|name| *name != "iss" && *name != "aud").take(TOLD)
    {
        let fact = format!("the claim `{}` holds the requested SQL user `{}`", shown(&name), shown(&requested));
        hints.push(named(attempt, claims, &name, fact));
    }
    hints.truncate(TOLD);
    hints
}

/// The value is there, and is written in another way.
fn nested(source: &Source, wanted: &str, setting: &str, value: Value<'_>) -> Hint {
    let way = match setting.starts_with('/') {
        true if wanted.contains('[') => "a nested value, or an element of a list, is written as a JSON Pointer",
        true => "a nested value is written as a JSON Pointer",
        false if wanted.starts_with('/') => {
            "the name of that claim holds its slashes itself, and is written as it is, without a first `/`"
        }
        false => "a claim is written by its name alone",
    };
    let message =
        format!("{source} says `{}`: {way}, `{}`; the token has {} there", shown(wanted), shown(setting), told(value));
    Hint::new(message, Mend::default()).at(source.setting, source.offset)
}

/// A value in a message.
fn told(value: Value<'_>) -> String {
    match value.string() {
        Some(text) => format!("`{}`", shown(&text)),
        None => value.kind().describe().into(),
    }
}

/// Parts of the claim that would name somebody.
pub(super) fn invalid(attempt: &Attempt<'_>) -> Vec<Hint> {
    let Some(claims) = attempt.claims else { return Vec::new() };
    let policy = attempt.policy();
    let (wanted, source) = (policy.claim.as_str(), policy.claim_source());
    let texts = texts_inside(attempt, claims);
    if texts.is_empty() {
        return Vec::new();
    }
    let named: Vec<String> = texts
        .iter()
        .take(TOLD_INSIDE)
        .filter(|(setting, _)| can_be_copied(setting))
        .map(|(setting, value)| format!("`{setting}` is `{}`", shown(value)))
        .collect();
    let more = match texts.len().saturating_sub(TOLD_INSIDE) {
        0 => String::new(),
        more => format!(", and {more} more"),
    };
    let message = format!("the claim `{}` is an object; of the texts in it {}{more}", shown(wanted), named.join(", "));
    [Hint::new(message, Mend::default()).at(source.setting, source.offset)].into()
}

/// How many texts of an object are told.
const TOLD_INSIDE: usize = 6;

/// The texts in the claim that is configured, where it is an object: by the setting that names each, best first.
fn texts_inside(attempt: &Attempt<'_>, claims: Value<'_>) -> Vec<(String, String)> {
    let (path, object) = match &**attempt.policy().claim {
        Claim::Pointer { segments, .. } => {
            let end = segments.iter().try_fold(claims, |value, segment| value.member(segment));
            (segments.clone(), end)
        }
        claim => ([String::from(claim.as_str())].into(), claims.member(claim.as_str())),
    };
    let Some(object) = object.filter(|value| value.kind() == Kind::Object && value.member("kty").is_none()) else {
        return Vec::new();
    };
    let members = claim_path::members(&path, object);
    let mut texts: Vec<(String, String)> =
        members.into_iter().filter_map(|(setting, value)| Some((setting, value.string()?.into_owned()))).collect();
    let requested = sql_user::normalized(attempt.requested);
    let known =
        |setting: &str| setting.rsplit('/').next().is_some_and(|name| NAMES_ONE.contains(&name) || name == "name");
    texts.sort_by_key(|(setting, value)| (sql_user::normalized(value) != requested, !known(setting)));
    texts
}

/// What the claim setting was probably meant to be, best first: its value, and what the token then has there.
pub(in crate::telling) fn candidates(attempt: &Attempt<'_>) -> Vec<(String, String)> {
    let Some(claims) = attempt.claims else { return Vec::new() };
    let wanted = attempt.policy().claim.as_str();
    let first_text = |value: Value<'_>| {
        let element = value.elements().next().unwrap_or(value);
        element.string().map(Cow::into_owned)
    };
    let meant = claim_path::meant(claims, wanted).and_then(|(setting, value)| Some((setting, first_text(value)?)));
    let mut found: Vec<(String, String)> = meant.into_iter().collect();
    found.extend(texts_inside(attempt, claims).into_iter().take(TOLD_INSIDE));
    found.retain(|(setting, _)| can_be_copied(setting));
    found
}

/// The hint that another claim names the bearer: offered where the provider vouches for it, otherwise with why not.
fn named(attempt: &Attempt<'_>, holder: Value<'_>, name: &str, fact: String) -> Hint {
    let source = attempt.policy().claim_source();
    let refused = match name {
        "email" if !is_verified(holder) => Some("the address is not verified"),
        _ if NAMES_ONE.contains(&name) => None,
        _ => Some(NAMES_NONE.iter().find(|(names, _)| names.contains(&name)).map_or(UNKNOWN, |&(_, why)| why)),
    };
    match refused {
        None => Hint::new(fact, Mend::default()).at(source.setting, source.offset),
        Some(why) => Hint::new(format!("{fact}, but it does not say who logs in: {why}"), Mend::default())
            .at(source.setting, source.offset),
    }
}

/// The claims by which identity providers name one bearer, and that no bearer chooses.
const NAMES_ONE: [&str; 8] =
    ["sub", "email", "preferred_username", "upn", "unique_name", "oid", "username", "cognito:username"];

/// Claims that are often taken for names, and what they are.
const NAMES_NONE: [(&[&str], &str); 4] = [
    (
        &["azp", "appid", "cid", "client_id", "clientId", "app_displayname"],
        "it is the application that asked for the token",
    ),
    (
        &["name", "nickname", "given_name", "family_name", "middle_name", "display_name", "displayName", "profile"],
        "people choose it themselves, and two may choose alike",
    ),
    (&["scope", "scp", "roles", "groups", "amr", "acr"], "it says what the token is good for"),
    (&["iss", "aud", "jti", "sid", "nonce", "typ", "tid", "realm", "ver"], "it is about the token"),
];

const UNKNOWN: &str = "nothing says that the identity provider keeps it one person's own";

/// Whether the provider does not say that the address is none that it has verified.
fn is_verified(claims: Value<'_>) -> bool {
    claims
        .member("email_verified")
        .is_none_or(|verified| verified.kind() == Kind::Bool(true) || verified.is_string("true"))
}

/// The claims by which the provider names one user, each with what it holds.
pub(in crate::telling) fn of_one_user(attempt: &Attempt<'_>) -> Vec<(String, String)> {
    let Some(claims) = attempt.claims else { return Vec::new() };
    let verified = is_verified(claims);
    let held = |name: &&str| Some((String::from(*name), claims.member(name)?.string()?.into_owned()));
    NAMES_ONE.iter().filter(|name| **name != "email" || verified).filter_map(held).collect()
}
