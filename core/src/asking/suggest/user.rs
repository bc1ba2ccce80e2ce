//! Which SQL user is the bearer to become?

use alloc::{
    format,
    string::{String, ToString},
};

use crate::{
    ground::text::shown,
    parsed::{risk, user_names::UserNames},
};

/// The user that was asked for, or why nobody may log in as it.
pub(super) fn requested(user: &str, names: &UserNames) -> Result<String, String> {
    let name = names.normalized(user);
    if names.is_reserved(&name) {
        return Err(format!("the SQL user `{}` is reserved: no token may log in as it", shown(user)));
    }
    if !names.is_plain(user) {
        return Err(format!("the SQL user `{}` looks like another one, `{}`", shown(user), shown(&name)));
    }
    names.check(&name).map_err(|why| format!("nobody can be called `{}`: {why}", shown(user)))?;
    Ok(name.into_owned())
}

/// A user for a principal, where a name can be made of it that nobody would mistake.
pub(super) fn proposed(principal: &str, names: &UserNames) -> Option<String> {
    let text = match principal.strip_prefix("system:serviceaccount:") {
        Some(account) => account.to_string(),
        None if principal.starts_with("spiffe://") => principal.rsplit('/').next()?.to_string(),
        None => principal.split('@').next()?.to_string(),
    };
    let mut user = String::new();
    for character in text.chars().take(LENGTH_MAX) {
        let character = character.to_ascii_lowercase();
        match character {
            'a'..='z' | '0'..='9' | '.' | '-' if !user.is_empty() || character.is_ascii_alphanumeric() => {
                user.push(character);
            }
            _ if !user.is_empty() && !user.ends_with('_') => user.push('_'),
            _ => {}
        }
    }
    let user = user.trim_end_matches(['_', '.', '-']).to_string();
    let usable = requested(&user, names).is_ok() && !risk_of_name(&user);
    usable.then_some(user)
}

/// Names that give more than a login.
fn risk_of_name(user: &str) -> bool {
    matches!(user, "admin" | "administrator" | "postgres" | "mysql" | "sa") || risk::principal(user).is_some()
}

/// What a name of a SQL user may have, 63 bytes, rounded down.
const LENGTH_MAX: usize = 60;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_is_proposed_that_every_server_takes() {
        let names = UserNames::default();
        for (principal, user) in [
            ("Jane.Doe@example.com", Some("jane.doe")),
            ("system:serviceaccount:prod:billing", Some("prod_billing")),
            ("spiffe://prod.example/ns/billing", Some("billing")),
            ("auth0|5f7c", Some("auth0_5f7c")),
            ("root@example.com", None),
            ("admin@example.com", None),
            ("中村", None),
            ("", None),
        ] {
            assert_eq!(proposed(principal, &names).as_deref(), user, "{principal}");
        }
    }
}
