//! Which claim was probably meant?

use alloc::{borrow::Cow, format, vec::Vec};

use crate::{
    attempt::Attempt,
    explanation::near_miss::Hint,
    json::{Kind, Value},
    nearest::nearest,
    settings::SettingName,
    sql_user,
    text::shown,
};

/// How many near misses are told.
const TOLD: usize = 3;

/// Claims named nearly so, or that hold the requested SQL user.
pub(super) fn missing(attempt: &Attempt<'_>) -> Vec<Hint> {
    let Some(claims) = attempt.claims else { return Vec::new() };
    let policy = attempt.policy();
    let wanted = policy.claim.as_str();
    let setting = if policy.own.claim { SettingName::EngineIssuers } else { SettingName::Claim };
    let names: Vec<Cow<'_, str>> = claims.members().filter_map(|(name, _)| name.string()).collect();
    let mut hints = Vec::new();
    let alike = names.iter().find(|name| name.eq_ignore_ascii_case(wanted)).map(|name| &**name);
    if let Some(name) = alike.or_else(|| nearest(wanted, names.iter().map(|name| &**name))) {
        let message = format!(
            "the token has a claim `{}`; server.jwt_authentication.claim says `{}`",
            shown(name),
            shown(wanted)
        );
        let remedy = format!("if that is the claim meant, set server.jwt_authentication.claim to `{}`", shown(name));
        hints.push(Hint::new(message, remedy).about(setting));
    }
    if let Some(pointer) = dotted(claims, wanted) {
        let message =
            format!("a dot is part of a claim's name; the value stands inside an object, at `{}`", shown(&pointer));
        let remedy = format!("set server.jwt_authentication.claim to the JSON Pointer `{}`", shown(&pointer));
        hints.push(Hint::new(message, remedy).about(setting));
    }
    let requested = sql_user::normalized(attempt.requested);
    for (name, value) in claims.members() {
        let (Some(name), Some(value)) = (name.string(), value.string()) else { continue };
        if !requested.is_empty() && sql_user::normalized(&value) == requested && name != "iss" && name != "aud" {
            let message = format!("the claim `{}` holds the requested SQL user `{requested}`", shown(&name));
            let remedy =
                format!("if that claim names the bearer, set server.jwt_authentication.claim to `{}`", shown(&name));
            hints.push(Hint::new(message, remedy).about(setting));
        }
    }
    hints.truncate(TOLD);
    hints
}

/// Parts of the claim that would name somebody.
pub(super) fn invalid(attempt: &Attempt<'_>) -> Vec<Hint> {
    let Some(claims) = attempt.claims else { return Vec::new() };
    let policy = attempt.policy();
    let wanted = policy.claim.as_str();
    let setting = if policy.own.claim { SettingName::EngineIssuers } else { SettingName::Claim };
    let value = claims.member(wanted).filter(|value| value.kind() == Kind::Object);
    let inside = value.into_iter().flat_map(|value| {
        value.members().filter(|(_, member)| member.kind() == Kind::String).filter_map(|(name, _)| name.string())
    });
    let hints = inside.map(|name| {
        let pointer = format!("/{}/{}", escaped(wanted), escaped(&name));
        let message = format!("the claim `{}` is an object that holds the string `{}`", shown(wanted), shown(&name));
        let remedy =
            format!("if that string names the bearer, set server.jwt_authentication.claim to `{}`", shown(&pointer));
        Hint::new(message, remedy).about(setting)
    });
    hints.take(TOLD).collect()
}

/// `realm_access.roles` as a way through objects, when it leads somewhere.
fn dotted(claims: Value<'_>, wanted: &str) -> Option<alloc::string::String> {
    if wanted.starts_with('/') || !wanted.contains('.') {
        return None;
    }
    let mut value = claims;
    let mut pointer = alloc::string::String::new();
    for part in wanted.split('.') {
        value = value.member(part)?;
        pointer.push('/');
        pointer.push_str(&escaped(part));
    }
    Some(pointer)
}

/// A name as a segment of a JSON Pointer (RFC 6901 section 3).
fn escaped(name: &str) -> alloc::string::String {
    name.replace('~', "~0").replace('/', "~1")
}
