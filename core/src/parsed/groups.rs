//! Which roles do a token's groups name? (CockroachDB's group synchronisation)

use alloc::{string::String, vec::Vec};
use core::ops::ControlFlow;

use crate::{
    ground::{
        distinct::Distinct,
        go,
        json::{Kind, Value},
        limits::ROLES_MAX,
    },
    parsed::{sql_user, token::claim},
};

/// What a token says about groups.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Groups {
    /// The roles, normalised like SQL users, in order and each once.
    Roles(Vec<String>),
    /// More roles than one login may have.
    TooMany,
    /// Nothing: the groups would have to come from the issuer's userinfo endpoint.
    Elsewhere,
    /// Something that names no groups, for which the database goes elsewhere too.
    Other(Kind),
}

/// Reads the group claim.
pub(crate) fn read(claims: Value<'_>, claim: &str) -> Groups {
    let mut roles: Distinct<String> = Distinct::new();
    let all = for_each(claims, claim, |group| {
        let role = sql_user::normalized(group).into_owned();
        let is_new = !role.is_empty() && roles.insert(role).is_ok();
        if is_new && roles.len() > ROLES_MAX { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    match all {
        Some(ControlFlow::Continue(())) => Groups::Roles(roles.into_vec()),
        Some(ControlFlow::Break(())) => Groups::TooMany,
        None => match claims.member(claim).map(Value::kind) {
            Some(kind @ (Kind::Number | Kind::Bool(_) | Kind::Object)) => Groups::Other(kind),
            _ => Groups::Elsewhere,
        },
    }
}

/// Visits the groups as the token writes them, without white space around them, until the visitor breaks off. They stand in
/// an array, or in a text of names with commas between them; `None` where the claim is neither.
pub(crate) fn for_each(
    claims: Value<'_>,
    claim: &str,
    mut visit: impl FnMut(&str) -> ControlFlow<()>,
) -> Option<ControlFlow<()>> {
    let value = claims.member(claim).filter(|_| claim::can_hold_groups(claim))?;
    match value.kind() {
        Kind::Array => Some(value.elements().try_for_each(|element| visit(go::text(element).trim()))),
        Kind::String => Some(value.string()?.split(',').try_for_each(|group| visit(group.trim()))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::json::{Document, Duplicates};
    use alloc::format;

    fn groups(value: &str) -> Groups {
        let text = format!("{{\"groups\":{value}}}");
        let document = Document::parse(&text, Duplicates::Refused).unwrap();
        read(document.root(), "groups")
    }

    fn named(roles: &[&str]) -> Groups {
        Groups::Roles(roles.iter().copied().map(String::from).collect())
    }

    #[test]
    fn arrays_and_comma_separated_texts_name_roles() {
        assert_eq!(groups(r#"["OwnerS"," userS "]"#), named(&["owners", "users"]));
        assert_eq!(groups(r#""A,  b ,a""#), named(&["a", "b"]));
        assert_eq!(groups(r#""admin readers,other""#), named(&["admin readers", "other"]));
        assert_eq!(groups("[]"), named(&[]));
        assert_eq!(groups("\" , \""), named(&[]));
    }

    #[test]
    fn there_is_a_limit_to_roles_however_they_are_written() {
        let numbered = |count: usize| (0..count).map(|number| format!("g{number}")).collect::<Vec<_>>();
        let array = |count| format!("{:?}", numbered(count));
        let text = |count| format!("\"{}\"", numbered(count).join(","));
        for written in [&array as &dyn Fn(usize) -> String, &text] {
            assert!(matches!(groups(&written(ROLES_MAX)), Groups::Roles(roles) if roles.len() == ROLES_MAX));
            assert_eq!(groups(&written(ROLES_MAX + 1)), Groups::TooMany);
        }
        // The same role many times is one.
        let one = format!("\"{}\"", "A,a, ".repeat(ROLES_MAX));
        assert_eq!(groups(&one), named(&["a"]));
    }

    #[test]
    fn anything_else_names_no_groups() {
        assert_eq!(groups("null"), Groups::Elsewhere);
        for (value, kind) in [("17", Kind::Number), ("true", Kind::Bool(true)), ("{}", Kind::Object)] {
            assert_eq!(groups(value), Groups::Other(kind), "{value}");
        }
    }
}
