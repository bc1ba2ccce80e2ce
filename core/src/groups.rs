//! Which roles do a token's groups name? (CockroachDB's group synchronisation)

use alloc::{borrow::Cow, string::String, vec::Vec};

use crate::{
    json::{Kind, Value},
    sql_user,
    token::{claim, go},
};

/// What a token says about groups.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Groups {
    /// The roles, normalised like SQL users, in order and each once.
    Roles(Vec<String>),
    /// Nothing: the groups would have to come from the issuer's userinfo endpoint.
    Elsewhere,
}

/// Reads the group claim: an array, or a text of names with commas between them.
pub(crate) fn read(claims: Value<'_>, claim: &str) -> Groups {
    let Some(value) = claims.member(claim).filter(|_| claim::can_hold_groups(claim)) else { return Groups::Elsewhere };
    match value.kind() {
        Kind::Array => Groups::Roles(roles(value.elements().map(go::text))),
        Kind::String => {
            let text = value.string().unwrap_or_default();
            Groups::Roles(roles(text.split(',').map(Cow::Borrowed)))
        }
        _ => Groups::Elsewhere,
    }
}

fn roles<'g>(groups: impl Iterator<Item = Cow<'g, str>>) -> Vec<String> {
    let mut roles: Vec<String> = Vec::new();
    for group in groups {
        let role = sql_user::normalized(group.trim()).into_owned();
        if !role.is_empty() && !roles.contains(&role) {
            roles.push(role);
        }
    }
    roles
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{Document, Duplicates};
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
    fn anything_else_is_to_be_asked_elsewhere() {
        for value in ["17", "null", "true", "{}"] {
            assert_eq!(groups(value), Groups::Elsewhere, "{value}");
        }
    }
}
