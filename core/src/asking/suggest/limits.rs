//! What may be asked of the tokens to come: the claims that this one has, and how long it counts.

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};

use super::document::SuggestedSetting;
use crate::{
    ground::json::{self, Value},
    parsed::{
        providers::{Facts, Provider},
        settings::SettingName,
    },
};

/// Claims whose absence tells another kind of token.
const REQUIRED: [&str; 3] = ["exp", "iat", "email_verified"];

/// Usual lifetimes, in seconds, up to a day.
const LIFETIMES: [i64; 9] = [300, 600, 900, 1800, 3600, 5400, 7200, 43_200, 86_400];

/// The options of the engine that the token lets us set.
pub(super) fn options(facts: Facts<'_>, claim: &str) -> Vec<SuggestedSetting> {
    let mut found = Vec::new();
    let wanted = |name: &&&str| **name != "email_verified" || claim == "email";
    let there: Vec<String> = REQUIRED
        .iter()
        .filter(wanted)
        .filter(|name| facts.claims.member(name).is_some())
        .map(|name| json::quote(name))
        .collect();
    if !there.is_empty() {
        found.push(SuggestedSetting {
            setting: SettingName::EngineRequiredClaims.as_str(),
            value: format!("[{}]", there.join(",")),
            why: "this provider writes them: a token without them is another kind of token".into(),
            risk: None,
        });
    }
    found.extend(lifetime(facts));
    found
}

fn lifetime(facts: Facts<'_>) -> Option<SuggestedSetting> {
    let time = |name: &str| facts.claims.member(name).and_then(Value::number)?.parse::<i64>().ok();
    let seconds = time("exp")?.checked_sub(time("iat")?).filter(|seconds| *seconds > 0)?;
    // Entra, "Configurable token lifetimes": 60 to 90 minutes, chosen at random.
    let least = if facts.provider() == Some(Provider::Entra) { seconds.max(5400) } else { seconds };
    let cap = LIFETIMES.into_iter().find(|cap| *cap >= least).unwrap_or(least);
    let day = 86_400;
    Some(SuggestedSetting {
        setting: SettingName::EngineMaxTokenLifetimeSeconds.as_str(),
        value: cap.to_string(),
        why: format!("the token itself counts for {seconds} seconds"),
        risk: (cap > day).then(|| "a token that is stolen counts for longer than a day".into()),
    })
}

/// Group sync, where the token has groups. It is a decision to take: it takes away roles that were granted by hand.
pub(super) fn groups(facts: Facts<'_>) -> Vec<SuggestedSetting> {
    let Some(groups) = facts.claims.member("groups").and_then(Value::strings) else { return Vec::new() };
    let is_role = |name: &str| {
        (1..=63).contains(&name.len())
            && name.starts_with(|first: char| first.is_ascii_lowercase())
            && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "_.-".contains(c))
            && !crate::parsed::sql_user::is_reserved(name)
            && name != "admin"
    };
    let names: Vec<String> =
        groups.iter().filter(|name| is_role(name)).take(GROUPS_MAX).map(|name| json::quote(name)).collect();
    if names.is_empty() || facts.groups_left_out("groups") {
        return Vec::new();
    }
    let setting = |name: SettingName, value: String, why: &str, risk: Option<&str>| SuggestedSetting {
        setting: name.as_str(),
        value,
        why: why.into(),
        risk: risk.map(String::from),
    };
    alloc::vec![
        setting(
            SettingName::Authorization,
            "true".into(),
            "the token carries groups whose names roles may have",
            Some("each login takes away the roles that are no group of the token, also those granted by hand"),
        ),
        setting(SettingName::GroupClaim, "groups".into(), "it is the claim that holds them", None),
        setting(
            SettingName::EngineGroupAllow,
            format!("[{}]", names.join(",")),
            "no other group becomes a role, whatever the identity provider calls it",
            None,
        ),
    ]
}

/// More groups than anybody reads.
const GROUPS_MAX: usize = 50;
