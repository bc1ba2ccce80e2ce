//! How was this line of the map probably meant?

use alloc::{borrow::Cow, format, string::String, vec::Vec};

use super::{columns, draft::Draft, pattern, user};
use crate::{
    ground::{
        limits::NEAR_MISS_LINES_MAX,
        text::{can_be_copied, is_invisible, shown},
        work::Work,
    },
    parsed::identity_map::map::IdentityMap,
};

/// A line as it was probably meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Meant {
    /// What the line says instead, each a clause without its full stop.
    pub(crate) facts: Vec<Cow<'static, str>>,
    /// What to change, each a clause without its full stop.
    pub(crate) remedies: Vec<Cow<'static, str>>,
    /// The line as it should read, or several.
    pub(crate) line: String,
}

impl Meant {
    /// What to change, as one clause.
    pub(crate) fn remedy(&self) -> String {
        let changes = self.remedies.join(", and ");
        match self.line.contains('\n') || !can_be_copied(&self.line) {
            true => changes,
            false => format!("{changes}: `{}`", shown(&self.line)),
        }
    }
}

/// A line that says something else than it was meant to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Misread {
    /// Counted from 1.
    pub(crate) number: u32,
    /// Where it begins in the map's text, in bytes.
    pub(crate) offset: usize,
    pub(crate) meant: Meant,
}

impl IdentityMap {
    /// The lines that were probably meant for this issuer and something else than they say, as many as the budget allows to
    /// find.
    pub(crate) fn misread(&self, issuer: &str, work: &Work) -> Vec<Misread> {
        let Some(text) = self.issuers.first().map(|issuer| &issuer.text) else { return Vec::new() };
        let mut offset = 0_usize;
        let mut found = Vec::new();
        for (number, line) in (1_u32..).zip(text.split('\n')).take(NEAR_MISS_LINES_MAX) {
            let here = offset;
            offset = offset.saturating_add(line.len()).saturating_add(1);
            if line.len() > LINE_BYTES_MAX || work.spend(line.len().saturating_mul(STEPS_PER_BYTE)).is_err() {
                continue;
            }
            let meant = meant(line).filter(|meant| meant.line.split_whitespace().next() == Some(issuer));
            found.extend(meant.map(|meant| Misread { number, offset: here, meant }));
        }
        found
    }
}

/// Longer lines are nobody's slip of the pen.
pub(crate) const LINE_BYTES_MAX: usize = 1024;

/// What a byte of a line costs: its regex is read a few times.
const STEPS_PER_BYTE: usize = 8;

/// How the line was probably meant; nothing where it has none of the mistakes that are known here.
///
/// The line itself need not be one that a map can have.
pub(crate) fn meant(line: &str) -> Option<Meant> {
    let mut draft = Draft::default();
    let text = visible(line, &mut draft);
    if let Some(lines) = columns::broken(&text) {
        draft.note(r"`\n` stands there as two characters", r"write a line break instead of `\n`");
        let lines: Vec<String> = lines.into_iter().map(|line| corrected(line, &mut draft)).collect();
        return finished(draft, line, lines.join("\n"));
    }
    let corrected = corrected(&text, &mut draft);
    finished(draft, line, corrected)
}

/// The line without invisible characters: those that part words become blanks.
fn visible(line: &str, draft: &mut Draft) -> String {
    let is_hidden = |c: char| is_invisible(c) && !matches!(c, '\t' | '\x0c' | '\r' | '\n');
    if !line.contains(is_hidden) {
        return line.into();
    }
    draft.note("the line holds invisible characters", "take the invisible characters out");
    line.chars()
        .filter_map(|c| match c {
            _ if !is_hidden(c) => Some(c),
            _ if c.is_whitespace() => Some(' '),
            _ => None,
        })
        .collect()
}

/// One line as it was meant, as far as that is known.
fn corrected(line: &str, draft: &mut Draft) -> String {
    let Some([issuer, identity, user]) = columns::three(line, draft) else {
        return draft.heading.take().unwrap_or_else(|| line.into());
    };
    let (identity, user) = user::corrected(identity, user, draft);
    let (identity, user) = pattern::corrected(identity, user, draft);
    format!("{issuer} {identity} {user}")
}

fn finished(draft: Draft, line: &str, meant: String) -> Option<Meant> {
    let found = !draft.facts.is_empty() && meant != line;
    found.then_some(Meant { facts: draft.facts, remedies: draft.remedies, line: meant })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parsed::identity_map::Dialect;

    const ISSUER: &str = "https://idp.example";
    const RIGHT: &str = r"https://idp.example /^(.*)@example\.com$ \1";

    #[test]
    fn what_other_files_and_tools_write_is_read_as_it_was_meant() {
        for line in [
            r"https://idp.example /^(.*)@example\.com$/ \1",
            r"https://idp.example /^(.*)@example\.com$, \1",
            r"https://idp.example /^(.*)@example\.com$; \1;",
            r"https://idp.example, /^(.*)@example\.com$, \1",
            r"https://idp.example,/^(.*)@example\.com$,\1",
            r"https://idp.example;/^(.*)@example\.com$;\1",
            r"https://idp.example | /^(.*)@example\.com$ | \1",
            r"https://idp.example /^(.*)@example\.com$ => \1",
            r"https://idp.example /^(.*)@example\.com$ = \1",
            r#""https://idp.example" "/^(.*)@example\.com$" "\1""#,
            r"'https://idp.example' '/^(.*)@example\.com$' '\1'",
            r"“https://idp.example” “/^(.*)@example\.com$” “\1”",
            r#"https://idp.example "/^(.*)@example\.com$" \1"#,
            r#"https://idp.example /"^(.*)@example\.com$" \1"#,
            r"https://idp.example /^(.*)@example\\.com$ \\1",
            r"https://idp.example /^(.*)@example\.com$ \\1",
            r"https://idp.example /^(.*)@example\.com$ $1",
            r"https://idp.example /^(.*)@example\.com$ ${1}",
            r"https://idp.example /^(.*)@example\.com$ \g<1>",
            r"https://idp.example ^(.*)@example\.com$ \1",
            r"https://idp.example ^(.*)@example\.com$ $1",
            r"https://idp.example ~^(.*)@example\.com$ \1",
            r"https://idp.example /^(.*)@example\.com$ all",
            "https://idp.example\u{a0}/^(.*)@example\\.com$ \\1",
            "\u{feff}https://idp.example /^(.*)@example\\.com$ \\1",
        ] {
            let found = meant(line).unwrap_or_else(|| panic!("{line}"));
            assert_eq!(found.line, RIGHT, "{line}");
            assert!(found.remedy().ends_with(&format!("`{RIGHT}`")), "{line}: {}", found.remedy());
        }
        for (line, right) in [
            (r"https://idp.example /^(.*)@a\.b$/i \1", r"https://idp.example /(?i)^(.*)@a\.b$ \1"),
            (r"https://idp.example /^([9-0]+)$ \1", r"https://idp.example /^([0-9]+)$ \1"),
            (r"https://idp.example /^([z-a_]+)$ \1", r"https://idp.example /^([a-z_]+)$ \1"),
            (r"https://idp.example /^(a|b)\.(c+)$ \2", r"https://idp.example /^(?:a|b)\.(c+)$ \1"),
            ("https://idp.example jane#doe@example.com jane", r"https://idp.example /^jane\x23doe@example\.com$ jane"),
            ("https://idp.example /^x#y$ c", r"https://idp.example /^x\x23y$ c"),
            ("https://idp.example Jane Doe jane", r"https://idp.example /^Jane\x20Doe$ jane"),
            (r"https://idp.example /^(.*) Doe$ \1", r"https://idp.example /^(.*)\x20Doe$ \1"),
            (r#"https://idp.example "Jane Doe" jane"#, r"https://idp.example /^Jane\x20Doe$ jane"),
            ("https://idp.example, jane@example.com, jane", "https://idp.example jane@example.com jane"),
            (
                r"https://idp.example /^(.*)@b$ \1\nhttps://idp.example a b",
                "https://idp.example /^(.*)@b$ \\1\nhttps://idp.example a b",
            ),
            (r"x /^(.*)@b$ \1\r\nx a b", "x /^(.*)@b$ \\1\nx a b"),
            ("issuer principal", "# issuer principal"),
            ("map name  system username  database username", "# map name system username database username"),
        ] {
            assert_eq!(meant(line).map(|found| found.line).as_deref(), Some(right), "{line}");
        }
    }

    #[test]
    fn a_line_that_says_what_it_seems_to_is_left_alone() {
        for line in [
            RIGHT,
            "",
            "# a, b",
            r"https://idp.example /^(.*)@example\.com$ \1 # everybody, of \1",
            r"https://idp.example /^CORP\\(.*)$ \1",
            r"https://idp.example /^CORP\\.+$ app",
            r"https://idp.example CORP\jane jane",
            "https://idp.example /^/eng/ops/$ ops",
            "https://idp.example /eng/ops/ ops",
            "https://idp.example a,b c",
            "https://idp.example all alice",
            "https://idp.example o'brien obrien",
            r"https://idp.example /^(a)(b)$ \1_\2",
            "https://idp.example alice all",
            "https://idp.example auth0|5f7c8ec7 svc",
            "a b",
            "a b c d",
            "@inc",
            "a#b c d",
            r"a b \1",
        ] {
            assert_eq!(meant(line), None, "{line}");
        }
    }

    #[test]
    fn what_is_meant_can_be_used() {
        for line in [
            r"https://idp.example, /^(.*)@example\.com$, \1",
            "https://idp.example jane#doe@example.com jane",
            r#"https://idp.example "Jane Doe" jane"#,
        ] {
            let right = meant(line).unwrap().line;
            for dialect in [Dialect::STRICT, Dialect::COCKROACHDB] {
                let map = IdentityMap::parse(&right, dialect).unwrap();
                assert!(map.lines_for(ISSUER).is_some(), "{right}");
            }
            assert_eq!(meant(&right), None, "{right}");
        }
    }
}
