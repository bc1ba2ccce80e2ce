//! Which line of the identity map may be offered to this bearer? One that gives exactly them exactly the requested SQL
//! user, or none; never a pattern.

use alloc::{borrow::Cow, format, string::String, vec::Vec};

use crate::{
    ground::{mend::Mend, text::shown, unicode},
    judging::attempt::Attempt,
    parsed::{map_line, risk, sql_user},
};

/// How many of a token's principals are looked at.
const LOOKED_AT: usize = 10;

/// The remedy of a login that fails for want of a line: `narrow`, and the line where there is one to offer.
pub(super) fn remedy(attempt: &Attempt<'_>, narrow: String) -> Mend {
    let issuer = attempt.stated_issuer();
    if attempt.compiled.policy(&issuer).is_none() {
        return narrow.into();
    }
    let requested = sql_user::normalized(attempt.requested);
    if requested.is_empty() {
        return Mend::narrow(narrow).or("name the SQL user to log in as, and a line for it can be offered");
    }
    if sql_user::is_reserved(&requested) {
        return format!("log in as another SQL user: `{}` is the database's own", shown(&requested)).into();
    }
    if sql_user::check(&requested).is_err() || !sql_user::is_plain(attempt.requested) {
        return format!("log in as another SQL user: `{}` is no name of one", shown(attempt.requested)).into();
    }
    let Some(principal) = bearer(attempt, &requested) else { return narrow.into() };
    if let Some(who) = risk::principal(principal) {
        return format!("{narrow}; no line is offered for `{}`: {who}", shown(principal)).into();
    }
    let Some(line) = map_line::exact(&issuer, principal, &requested) else {
        return format!("{narrow}; no line can be written for exactly this bearer").into();
    };
    Mend::narrow(narrow).or(format!(
        "add the line `{line}` to server.identity_map.configuration if this bearer may log in as `{requested}`{}",
        also_said(attempt, &issuer, principal)
    ))
}

/// The principal that a line would be for: the only one, or the only one that holds the requested SQL user's name.
fn bearer<'a>(attempt: &'a Attempt<'_>, requested: &str) -> Option<&'a Cow<'a, str>> {
    let principals = attempt.principals.as_deref()?;
    if let [only] = principals {
        return Some(only);
    }
    let mut covering = principals.iter().take(LOOKED_AT).filter(|principal| covers(principal, requested));
    covering.next().filter(|_| covering.next().is_none())
}

/// Whether the name stands in the principal as a whole word.
fn covers(principal: &str, name: &str) -> bool {
    let folded = sql_user::normalized(principal);
    // Marks belong to the letter before them: `alic` does not stand in `alic̣e`.
    let names = if folded.is_ascii() { [].as_slice() } else { ["l", "m", "n"].as_slice() };
    let classes: Vec<_> = names.iter().filter_map(|name| unicode::class(name)).collect();
    let of_a_word = |c: char| {
        c.is_ascii_alphanumeric()
            || matches!(c, '_' | '-' | '.')
            || classes.iter().any(|class| unicode::holds(class, c))
    };
    folded.split(|c: char| !of_a_word(c)).any(|word| word == name)
}

/// What else the line does.
fn also_said(attempt: &Attempt<'_>, issuer: &str, principal: &str) -> String {
    let mut said = String::new();
    if attempt.compiled.map.lines_for(issuer).is_none() {
        said.push_str("; it is this issuer's first line, and from then on only bearers who have a line log in");
    }
    let cased = principal.chars().any(|c| unicode::lower(c) != c || unicode::is_lowercase_letter(c));
    if attempt.rules().map.ignore_case && cased {
        said.push_str("; the database compares it without regard to case");
    }
    said
}
