//! Where else do the token's groups stand?

use alloc::{format, string::String, vec::Vec};

use crate::{
    ground::{
        json::{Kind, Value},
        mend::Mend,
        text::shown,
    },
    judging::attempt::Attempt,
    parsed::settings::SettingName,
    telling::near_miss::hint::Hint,
};

/// Claims in which providers and people put groups, by the names that they give them.
const NAMES: [&str; 9] =
    ["groups", "roles", "group", "role", "memberOf", "member_of", "permissions", "entitlements", "cognito:groups"];

/// The claim of another name that holds groups, or the one that holds them further inside.
pub(super) fn elsewhere(attempt: &Attempt<'_>) -> Vec<Hint> {
    let (Some(claims), Some(claim)) = (attempt.claims, attempt.compiled.group_claim()) else {
        return Vec::new();
    };
    if attempt.facts().is_some_and(|token| token.groups_left_out(claim)) {
        return Vec::new();
    }
    let beside =
        NAMES.into_iter().filter(|name| *name != claim).find(|name| claims.member(name).is_some_and(is_groups));
    let hint = match beside {
        Some("cognito:groups") => Some((
            "the groups stand in `cognito:groups`, and no group claim can be called so".into(),
            attempt.facts().and_then(|token| token.groups_written(claim)).unwrap_or_default(),
        )),
        Some(name) => Some((
            format!("the token has no groups in `{}`, and texts in the claim `{name}`", shown(claim)),
            Mend::default(),
        )),
        None => nested(claims, claim).map(|place| {
            let message = format!(
                "the groups stand further inside, in `{}`; the database reads a claim at the top alone",
                shown(&place)
            );
            let remedy = format!(
                "have the identity provider write them into a claim of their own at the top: in Keycloak set the mapper's \
                 token claim name to `{}`",
                if claim.contains(['.', '/']) { "groups" } else { claim }
            );
            (message, Mend::provider(remedy))
        }),
    };
    hint.map(|(message, remedy)| Hint::new(message, remedy).about(SettingName::GroupClaim)).into_iter().collect()
}

/// Texts in an object at the top: Keycloak's `realm_access.roles`, and what a path in the setting points to.
fn nested(claims: Value<'_>, claim: &str) -> Option<String> {
    const LOOKED_AT: usize = 200;
    for (outer, inside) in claims.members().take(LOOKED_AT).filter(|(_, value)| value.kind() == Kind::Object) {
        let outer = outer.string()?;
        let found = NAMES.into_iter().find(|name| inside.member(name).is_some_and(is_groups));
        let found = found.or_else(|| {
            let last = claim.rsplit(['.', '/']).next()?;
            inside.member(last).is_some_and(is_groups).then_some(last)
        });
        if let Some(name) = found {
            return Some(format!("{outer}.{name}"));
        }
    }
    None
}

/// A list of texts that is not empty.
fn is_groups(value: Value<'_>) -> bool {
    value.elements().next().is_some() && value.elements().all(|element| element.kind() == Kind::String)
}
