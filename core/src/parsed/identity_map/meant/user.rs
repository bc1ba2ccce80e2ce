//! Which SQL user was a line meant to give? Other tools write the group of a regex in other ways, and PostgreSQL has words
//! that mean something.

use alloc::{format, string::String};

use super::draft::{Draft, groups, reads};

/// Both columns, with what belongs to the SQL user corrected.
pub(super) fn corrected(identity: String, user: String, draft: &mut Draft) -> (String, String) {
    let (identity, user) = single_backslashes(identity, user, draft);
    let user = reference(&identity, user, draft);
    let user = keyword(&identity, user, draft);
    renumbered(identity, user, draft)
}

/// Whoever copies a line out of a program's text copies each backslash twice.
fn single_backslashes(identity: String, user: String, draft: &mut Draft) -> (String, String) {
    let doubled_user = user.contains(r"\\1") && identity.contains('(');
    let carries = user.contains(r"\1");
    let doubled_identity = is_doubled(&identity) && (doubled_user || !carries);
    if !doubled_user && !doubled_identity {
        return (identity, user);
    }
    draft.note(r"`\\` is two backslashes: one is meant", r"write each backslash once");
    let identity = if doubled_identity { identity.replace(r"\\", r"\") } else { identity };
    let user = if doubled_user { user.replace(r"\\1", r"\1") } else { user };
    (identity, user)
}

/// Whether every backslash of the column stands twice, and one of them would be an escape: `\\.com`, `\\d`.
fn is_doubled(identity: &str) -> bool {
    let mut rest = identity;
    let (mut found, mut escapes) = (false, false);
    while let Some((_, after)) = rest.split_once('\\') {
        let Some(after) = after.strip_prefix('\\').filter(|after| !after.starts_with('\\')) else { return false };
        let mut next = after.chars();
        let (escaped, following) = (next.next(), next.next());
        escapes |= matches!(escaped, Some('d' | 'w' | 's' | 'b'))
            || matches!(escaped, Some('.' | '-' | '|')) && following.is_some_and(char::is_alphanumeric);
        (found, rest) = (true, after);
    }
    found && escapes
}

/// `$1`, `${1}`, `\g<1>` and the like for `\1`.
fn reference(identity: &str, user: String, draft: &mut Draft) -> String {
    const FORMS: [&str; 8] = ["${1}", "$1", r"\g<1>", r"\g{1}", r"\g1", r"\{1}", "%1", "{1}"];
    if !identity.contains('(') || user.contains(r"\1") {
        return user;
    }
    let Some(form) = FORMS.into_iter().find(|form| user.contains(form)) else { return user };
    draft.note(
        format!(r"`{form}` is not replaced: the group is written `\1`"),
        format!(r"write `\1` instead of `{form}`"),
    );
    user.replacen(form, r"\1", 1)
}

/// PostgreSQL's `all`, which lets every role in that the client asks for.
fn keyword(identity: &str, user: String, draft: &mut Draft) -> String {
    if !user.eq_ignore_ascii_case("all") || groups(identity) == 0 {
        return user;
    }
    draft.note(
        format!("`{user}` is no keyword here, but the SQL user of that name"),
        format!(r"write `\1` instead of `{user}`"),
    );
    r"\1".into()
}

/// A reference to another group alone becomes `\1` once the groups around it capture nothing.
fn renumbered(identity: String, user: String, draft: &mut Draft) -> (String, String) {
    let count = groups(&identity);
    let digits = user.split('\\').skip(1).filter_map(|after| after.chars().next()?.to_digit(10));
    let mut digits = digits.filter(|&digit| digit > 0);
    let Some(digit) = digits.next().filter(|&digit| (2..=count).contains(&digit)) else { return (identity, user) };
    let Some(only) = digits.all(|other| other == digit).then(|| one_group(&identity, digit)).flatten() else {
        return (identity, user);
    };
    draft.note(
        format!(r"only `\1` is replaced, not `\{digit}`"),
        format!(r"write the other groups as `(?:…)` and `\1` instead of `\{digit}`"),
    );
    (only, user.replacen(&format!(r"\{digit}"), r"\1", 1))
}

/// The regex with one of its groups as the only one that captures.
fn one_group(identity: &str, wanted: u32) -> Option<String> {
    let mut text = String::new();
    let (mut group, mut in_class, mut escaped) = (0, false, false);
    let mut characters = identity.chars().peekable();
    while let Some(character) = characters.next() {
        text.push(character);
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '[' => in_class = true,
            ']' => in_class = false,
            '(' if !in_class && characters.peek() != Some(&'?') => {
                group += 1;
                if group != wanted {
                    text.push_str("?:");
                }
            }
            _ => {}
        }
    }
    (reads(&text) && groups(&text) == 1).then_some(text)
}
