//! What can be done, who does it, and what comes of it?

use alloc::{format, string::String, vec::Vec};

use super::{line::Tone, page::Page};
use crate::{
    answers::{
        decision::Decision,
        refusal::KeysNeeded,
        remedy::{After, Remedy},
    },
    ground::{
        mend::Whose,
        text::{can_be_copied, one_line, shown},
    },
};

/// Something to do: tried, with all that is known of it, or words alone.
#[derive(Clone, Copy)]
pub(super) enum Fix<'e> {
    Tried(&'e Remedy),
    Words(&'e str),
}

impl Fix<'_> {
    /// Whether both are the same thing to do.
    pub(super) fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Tried(one), Self::Tried(two)) => {
                one.message == two.message && one.change == two.change && one.whose == two.whose
            }
            (Self::Words(one), Self::Words(two)) => one == two,
            (Self::Tried(tried), Self::Words(words)) | (Self::Words(words), Self::Tried(tried)) => {
                tried.message == *words
            }
        }
    }

    /// What tells whether it was told before.
    pub(super) fn told(&self) -> String {
        match self {
            Self::Words(words) => (*words).into(),
            Self::Tried(remedy) => format!("{}: {:?}", remedy.message, remedy.change),
        }
    }

    /// Writes it; with a number where there are several.
    fn write(&self, number: Option<usize>, indent: usize, page: &mut Page<'_>) {
        let number = number.map(|number| format!(" {number}")).unwrap_or_default();
        match self {
            Self::Words(words) => page.put(Tone::Fix, indent, &format!("Fix{number}: "), *words),
            Self::Tried(remedy) => {
                let whose = match remedy.whose {
                    Whose::Administrator => "",
                    Whose::IdentityProvider => " (identity provider)",
                    Whose::Client => " (client)",
                };
                page.put(Tone::Fix, indent, &format!("Fix{number}{whose}: "), remedy.message.as_str());
                write_statements(remedy, indent + 2, page);
                if let Some(after) = &remedy.after {
                    page.put(Tone::After, indent + 2, "with this: ", outcome(after));
                }
                if let Some(risk) = &remedy.risk {
                    page.put(Tone::Risk, indent + 2, "risk: ", risk.as_str());
                }
            }
        }
    }
}

/// Writes them, the best first.
pub(super) fn write(fixes: &[Fix<'_>], indent: usize, page: &mut Page<'_>) {
    for (index, fix) in fixes.iter().enumerate() {
        fix.write((fixes.len() > 1).then_some(index + 1), indent, page);
    }
}

/// Writes where keys are to be had, and what else can be done.
pub(super) fn write_keys(keys: &KeysNeeded, page: &mut Page<'_>) {
    page.gap();
    let address = keys.jwks_url.as_deref().or(keys.discovery_url.as_deref());
    let known: Vec<Fix<'_>> = keys.remedies.iter().map(Fix::Tried).collect();
    if let Some(address) = address {
        page.put(Tone::Fix, 2, "Fix: ", format!("fetch its key set from {}", shown(address)));
        if let Some(command) = fetching(keys) {
            page.put_whole(Tone::Statement, 4, command);
        }
    }
    write(&known, 2, page);
}

/// The command that fetches the key set, for addresses that no shell takes for anything else.
fn fetching(keys: &KeysNeeded) -> Option<String> {
    let quoted = |address: &str| {
        let is_web = address.starts_with("https://") || address.starts_with("http://");
        let is_plain = address.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\'');
        (is_web && is_plain && can_be_copied(address)).then(|| format!("'{address}'"))
    };
    match (&keys.jwks_url, &keys.discovery_url) {
        (Some(key_set), _) => Some(format!("curl -sSfo keys.json {}", quoted(key_set)?)),
        (None, Some(discovery)) => {
            Some(format!("curl -sSfo keys.json \"$(curl -sSf {} | jq -r .jwks_uri)\"", quoted(discovery)?))
        }
        (None, None) => None,
    }
}

/// Writes the statements to be copied, or says where they are when a line cannot carry them.
fn write_statements(remedy: &Remedy, indent: usize, page: &mut Page<'_>) {
    let settings = remedy.change.iter().flatten().map(|change| change.setting);
    let mut settings = settings.map(Some).chain(core::iter::repeat(None));
    for statement in remedy.sql.iter().flatten() {
        match lines(statement, settings.next().flatten()) {
            Some(lines) => lines.into_iter().for_each(|line| page.put_whole(Tone::Statement, indent, line)),
            None => page.put(Tone::Quiet, indent, "", NOT_SHOWN),
        }
    }
}

/// A statement as lines that give the same value when they are pasted: a line break and the blanks after it mean nothing
/// between the lines of the map and in a key set.
fn lines(statement: &str, setting: Option<&str>) -> Option<Vec<String>> {
    let blank = matches!(setting, Some("server.identity_map.configuration" | "server.jwt_authentication.jwks"));
    let statement = if blank { statement.replace('\t', " ") } else { statement.into() };
    let lines: Vec<String> = statement.split('\n').map(String::from).collect();
    let can_be_pasted = lines.len() == 1 || blank && lines.len() <= STATEMENT_LINES_MAX;
    (can_be_pasted && lines.iter().all(|line| one_line(line.as_str()) == *line)).then_some(lines)
}

/// What stands in the place of a statement whose lines would change on the way.
const NOT_SHOWN: &str = "the statement cannot be shown here: take `sql` of the JSON answer";

/// How many lines of one statement anybody copies from an answer.
const STATEMENT_LINES_MAX: usize = 40;

fn outcome(after: &After) -> String {
    match (after.decision, &after.user, after.code) {
        (Decision::Accept, Some(user), _) => format!("ACCEPTED as `{}`", shown(user)),
        (Decision::Accept, None, _) => "ACCEPTED".into(),
        (Decision::Reject, _, Some(code)) => format!("next problem {code} ({})", code.number()),
        (Decision::Reject, _, None) => "REJECTED".into(),
        (Decision::KeysNeeded, ..) => "KEYS NEEDED".into(),
    }
}
