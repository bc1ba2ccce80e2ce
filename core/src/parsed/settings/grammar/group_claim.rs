//! Which claim lists the groups? The grammar of `server.jwt_authentication.group_claim` and of its companion
//! `userinfo_group_key`.

use crate::ground::{fault::Fault, reason::ReasonCode, text::shown};

/// Checks the setting's text as the database does when it is set. The database accepts a list and blanks around a name,
/// and then looks for a claim of exactly that text, which no token has: the strict reader refuses both.
///
/// # Errors
/// `setting_wrong_type`.
pub(crate) fn check(text: &str, strict: bool) -> Result<(), Fault> {
    let fault = |offset, message: &str| Err(Fault::new(ReasonCode::SettingWrongType, offset, message));
    if text.trim().is_empty() {
        return fault(0, "expected the name of a claim, found an empty value");
    }
    let mut at = 0;
    for token in text.split(',') {
        let name = token.trim();
        if name.is_empty() {
            return fault(at, "the list of claim names has an empty place");
        }
        if !is_name(name) {
            let message =
                alloc::format!("expected a name of letters, digits, `_`, `.` and `-`, found `{}`", shown(name));
            return fault(at + (token.len() - token.trim_start().len()), &message).map_err(|fault| meant(text, fault));
        }
        at += token.len() + 1;
    }
    if strict && let Some(comma) = text.find(',') {
        return fault(comma, "expected one claim name, found a list: the database reads it as one name, comma and all")
            .map_err(|fault| meant(text, fault));
    }
    if strict && text.trim() != text {
        return fault(0, "the claim name has blanks around it, which no claim of a token has")
            .map_err(|fault| meant(text, fault));
    }
    Ok(())
}

/// What was probably meant: the first name of a list, a name without quotes, no nested claim.
fn meant(text: &str, fault: Fault) -> Fault {
    let quotes = ['"', '\'', '`', '“', '”', '[', ']', ' ', '\t', '\n'];
    let first = text.split([',', ';']).map(|name| name.trim_matches(quotes)).find(|name| !name.is_empty());
    let Some(first) = first.filter(|name| is_name(name)) else {
        let nested = text.contains(['/', '[', '$']);
        let remedy = match nested {
            true => {
                "write the name of a claim at the top of the token: the database reads no nested claim and no JSON Pointer \
                 for groups, so have the identity provider copy the groups into a claim of their own"
            }
            false => "write the name of one claim",
        };
        return fault.with_remedy(remedy);
    };
    let remedy = match text.contains([',', ';']) {
        true => alloc::format!("write one name, such as `{first}`: the one claim that holds the groups"),
        false => alloc::format!("write `{first}`, without what stands around it"),
    };
    fault.with_remedy(remedy).instead(0, text.len(), first)
}

fn is_name(name: &str) -> bool {
    name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_database_refuses_is_refused_by_both() {
        for (text, offset) in [
            ("", 0),
            ("  ", 0),
            ("a,,b", 2),
            ("a,", 2),
            ("groups,inv@lid", 7),
            ("bad!,#", 0),
            ("group name", 0),
            ("groups, bad name", 8),
            ("https://x/groups", 0),
            ("größe", 0),
        ] {
            for strict in [true, false] {
                let fault = check(text, strict).unwrap_err();
                assert_eq!((fault.code, fault.offset), (ReasonCode::SettingWrongType, offset), "{text:?}");
            }
        }
    }

    #[test]
    fn what_never_works_is_refused_by_the_strict_reader_only() {
        for text in ["groups", "custom-groups", "org.groups", "_"] {
            assert!(check(text, true).is_ok() && check(text, false).is_ok(), "{text}");
        }
        for text in ["groups,roles", "org.groups,tenant.roles", " groups", "groups ", "groups, roles"] {
            assert!(check(text, true).is_err() && check(text, false).is_ok(), "{text}");
        }
    }

    #[test]
    fn what_was_meant_is_told_where_it_is_a_name() {
        for (text, meant) in [
            ("groups,roles", Some("groups")),
            (" groups ", Some("groups")),
            ("'groups'", Some("groups")),
            (r#"["groups", "roles"]"#, Some("groups")),
            ("/realm_access/roles", None),
            ("https://x/groups", None),
        ] {
            let fault = check(text, true).unwrap_err();
            assert!(fault.remedy.is_some(), "{text}");
            assert_eq!(fault.instead.and_then(|splice| splice.apply(text)).as_deref(), meant, "{text}");
        }
    }
}
