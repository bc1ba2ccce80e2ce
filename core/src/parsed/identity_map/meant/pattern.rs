//! Which regex was a line meant to have? Other tools put it between slashes, anchor it themselves, or know more syntax.

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};

use super::draft::{Draft, reads};
use crate::parsed::regex::{self, Reading};

/// Both columns, with what belongs to the regex corrected.
pub(super) fn corrected(identity: String, user: String, draft: &mut Draft) -> (String, String) {
    let identity = opened(identity, &user, draft);
    let identity = closed(identity, &user, draft);
    (read(identity, draft), user)
}

/// A regex that lacks its first slash.
fn opened(identity: String, user: &str, draft: &mut Draft) -> String {
    if identity.starts_with('/') {
        return identity;
    }
    let bare = identity.strip_prefix('~').unwrap_or(&identity);
    let form = format!("/{bare}");
    let is_regex = bare.starts_with('^') && bare.len() > 1 || user.contains(r"\1") && bare.contains('(');
    if !is_regex || !reads(&form) {
        return identity;
    }
    draft.note("a value without a first `/` is no regex", "begin the regex with `/`");
    form
}

/// A regex with more behind its end: a slash, flags, a quote.
fn closed(identity: String, user: &str, draft: &mut Draft) -> String {
    let Some(pattern) = identity.strip_prefix('/') else { return identity };
    // `/"^…$"`: the slash stands before the quotes.
    let unquoted = pattern.strip_prefix(['"', '\'']).filter(|rest| rest.starts_with('^')).unwrap_or(pattern);
    let (body, flags) = match unquoted.rsplit_once('/') {
        Some((body, flags)) if flags.bytes().all(|flag| b"gimsux".contains(&flag)) => (body, flags),
        _ => (unquoted, ""),
    };
    let ends = |text: &str| text.ends_with('$') && !text.ends_with(r"\$");
    let marks = ['"', '\'', '’', '”', ',', ';'];
    let trimmed = body.trim_end_matches(marks);
    let is_between = body.len() < unquoted.len() && user.contains(r"\1") && body.contains('(');
    let form = match () {
        () if ends(trimmed) && trimmed.len() < pattern.len() => trimmed,
        () if is_between => body,
        () => return identity,
    };
    let folded = if flags.contains('i') { "(?i)" } else { "" };
    let meant = format!("/{folded}{form}");
    if !reads(&meant) {
        return identity;
    }
    match body.len() < unquoted.len() {
        true => draft.note(
            "the regex ends where its column ends: the last `/` is a character of it",
            "leave out the last `/`, because the regex ends where its column ends",
        ),
        false => draft.note(
            "the regex ends where its column ends: what follows the `$` are characters of it",
            "leave out what follows the `$` of the regex",
        ),
    }
    meant
}

/// A regex that cannot be read, but for a slip that says what was meant.
fn read(identity: String, draft: &mut Draft) -> String {
    let mut meant = identity.clone();
    // Each slip is corrected once; a regex with many of them is left to its writer.
    for _ in 0..4 {
        let Some(error) = meant.strip_prefix('/').and_then(|pattern| regex::parse(pattern, Reading::default()).err())
        else {
            break;
        };
        let Some((fact, remedy, corrected)) = slip(&meant, error.offset + 1) else { return identity };
        draft.note(fact, remedy);
        meant = corrected;
    }
    if reads(&meant) { meant } else { identity }
}

/// What stands there, what to write, and the column with it.
fn slip(identity: &str, at: usize) -> Option<(String, String, String)> {
    let (before, rest) = identity.split_at_checked(at)?;
    let mut characters = rest.chars();
    // `[9-0]`: the smaller one comes first.
    let (first, third) = (characters.next()?, characters.nth(1).filter(|_| rest.chars().nth(1) == Some('-'))?);
    let (range, swapped) = (format!("{first}-{third}"), format!("{third}-{first}"));
    let corrected = format!("{before}{swapped}{}", rest.get(range.len()..)?);
    Some((format!("the range `{range}` is upside down"), format!("write `{swapped}` instead of `{range}`"), corrected))
}

/// The pattern with both anchors, for what this one was probably meant to match: exactly that, or whatever begins or ends
/// so where nothing else can be meant.
pub(crate) fn anchored(pattern: &str, reading: Reading) -> String {
    let begins = pattern.starts_with('^');
    let ends = pattern.ends_with('$') && !pattern.ends_with(r"\$");
    let core = pattern.strip_prefix('^').unwrap_or(pattern);
    let core = if ends { core.strip_suffix('$').unwrap_or(core) } else { core };
    let separator = |c: char| matches!(c, '@' | ':' | '/' | '-' | '_' | '|');
    let core = match () {
        () if core.is_empty() => ".*".to_string(),
        () if !begins && core.starts_with('@') => format!("[^@]+{core}"),
        () if !ends && core.ends_with(separator) => format!("{core}.+"),
        () => core.to_string(),
    };
    let plain = |branch: &str| !branch.contains(['(', '[', '\\']);
    let branches: Vec<&str> = core.split('|').collect();
    let core = match branches.len() > 1 && branches.iter().all(|branch| plain(branch)) {
        true => {
            let bare = |branch: &&str| branch.trim_start_matches('^').trim_end_matches('$').to_string();
            branches.iter().map(bare).collect::<Vec<_>>().join("|")
        }
        false => core,
    };
    let spans = |form: &str| regex::parse(form, reading).is_ok_and(|regex| regex.is_anchored());
    let forms = [format!("^{core}$"), format!("^(?:{core})$")];
    forms.into_iter().find(|form| spans(form)).unwrap_or_else(|| format!("^(?:{pattern})$"))
}
