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
    parsed::sql_user,
    telling::near_miss::hint::Hint,
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
    let mut hints = Vec::new();
    let alike = names.iter().find(|name| name.eq_ignore_ascii_case(wanted)).map(|name| &**name);
    if let Some(name) = alike.or_else(|| nearest(wanted, names.iter().map(|name| &**name))) {
        let fact = format!("the token has a claim `{}`; {source} says `{}`", shown(name), shown(wanted));
        hints.push(named(attempt, claims, name, name, fact));
    }
    if let Some(pointer) = dotted(claims, wanted) {
        let message =
            format!("a dot is part of a claim's name; the value stands inside an object, at `{}`", shown(&pointer));
        let remedy = Mend::widening(format!("set {source} to the JSON Pointer `{}`", shown(&pointer)));
        hints.push(Hint::new(message, remedy).at(source.setting, source.offset));
    }
    let requested = sql_user::normalized(attempt.requested);
    let holds = |value: Value<'_>| value.string().is_some_and(|value| sql_user::normalized(&value) == requested);
    let holders = claims.members().take(CLAIMS).filter(|&(_, value)| !requested.is_empty() && holds(value));
    for name in holders.filter_map(|(name, _)| name.string()).filter(|name| *name != "iss" && *name != "aud").take(TOLD)
    {
        let fact = format!("the claim `{}` holds the requested SQL user `{}`", shown(&name), shown(&requested));
        hints.push(named(attempt, claims, &name, &name, fact));
    }
    hints.truncate(TOLD);
    hints
}

/// Parts of the claim that would name somebody.
pub(super) fn invalid(attempt: &Attempt<'_>) -> Vec<Hint> {
    let Some(claims) = attempt.claims else { return Vec::new() };
    let wanted = attempt.policy().claim.as_str();
    let Some(object) = claims.member(wanted).filter(|value| value.kind() == Kind::Object) else { return Vec::new() };
    let strings = object.members().take(CLAIMS).filter(|(_, member)| member.kind() == Kind::String);
    let hints = strings.filter_map(|(name, _)| name.string()).map(|name| {
        let pointer = format!("/{}/{}", escaped(wanted), escaped(&name));
        let fact = format!("the claim `{}` is an object that holds the string `{}`", shown(wanted), shown(&name));
        named(attempt, object, &name, &pointer, fact)
    });
    hints.take(TOLD).collect()
}

/// The hint that another claim names the bearer: offered where the provider vouches for it, otherwise with why not.
fn named(attempt: &Attempt<'_>, holder: Value<'_>, name: &str, setting: &str, fact: String) -> Hint {
    let source = attempt.policy().claim_source();
    let refused = match name {
        "email" if holder.member("email_verified").is_some_and(|verified| verified.kind() != Kind::Bool(true)) => {
            Some("the address is not verified")
        }
        _ if NAMES_ONE.contains(&name) => None,
        _ => Some(NAMES_NONE.iter().find(|(names, _)| names.contains(&name)).map_or(UNKNOWN, |&(_, why)| why)),
    };
    match refused {
        None if !can_be_copied(setting) => Hint::new(fact, Mend::default()).at(source.setting, source.offset),
        None => {
            let remedy = format!("if that claim names the bearer, set {source} to `{}`", shown(setting));
            Hint::new(fact, Mend::widening(remedy)).at(source.setting, source.offset)
        }
        Some(why) => Hint::new(format!("{fact}, but it does not name the bearer: {why}"), Mend::default())
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
        "bearers choose it themselves, and two may choose alike",
    ),
    (&["scope", "scp", "roles", "groups", "amr", "acr"], "it says what the token is good for"),
    (&["iss", "aud", "jti", "sid", "nonce", "typ", "tid", "realm", "ver"], "it is about the token"),
];

const UNKNOWN: &str = "nothing says that the identity provider keeps it one bearer's own";

/// `realm_access.roles` as a way through objects, when it leads somewhere.
fn dotted(claims: Value<'_>, wanted: &str) -> Option<String> {
    if wanted.starts_with('/') || !wanted.contains('.') {
        return None;
    }
    let mut value = claims;
    let mut pointer = String::new();
    for part in wanted.split('.') {
        value = value.member(part)?;
        pointer.push('/');
        pointer.push_str(&escaped(part));
    }
    Some(pointer)
}

/// A name as a segment of a JSON Pointer (RFC 6901 section 3).
fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// The claims that may name the SQL user, as the setting would name them, each with what it holds.
pub(in crate::telling) fn candidates(attempt: &Attempt<'_>) -> Vec<(String, String)> {
    let Some(claims) = attempt.claims else { return Vec::new() };
    let named =
        NAMES_ONE.iter().filter_map(|name| Some((String::from(*name), claims.member(name)?.string()?.into_owned())));
    named.collect()
}
