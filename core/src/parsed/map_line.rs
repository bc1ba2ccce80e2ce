//! Which line of the identity map gives exactly this principal this SQL user?

use alloc::{
    borrow::Cow,
    format,
    string::{String, ToString},
};

use regex_syntax::hir::ClassUnicode;

use crate::{
    ground::{
        private_keys,
        text::is_invisible,
        unicode::{self, nfc},
    },
    parsed::{sql_user, user_names::UserNames},
};

/// Longest line that is offered, in bytes: what a person still checks with their eyes.
const LINE_BYTES_MAX: usize = 512;

/// The line, to be pasted as it stands: a literal where the columns can hold the principal, otherwise a regex that spans
/// it with every character that means something escaped. `None` where no line can say it, or where nobody may log in as
/// that user.
pub(crate) fn exact(issuer: &str, principal: &str, user: &str, names: &UserNames) -> Option<String> {
    let nobody = names.check(user).is_err() || names.is_reserved(user) || *names.normalized(user) != *user;
    let fits = issuer.len().saturating_add(principal.len()).saturating_add(user.len()) < LINE_BYTES_MAX;
    if nobody || issuer.is_empty() || !fits || principal.is_empty() || private_keys::is_one(principal) {
        return None;
    }
    let plain = Plain::among([issuer, principal, user]);
    // What CockroachDB calls a name can stand in a column; other servers allow more than that.
    let user_fits = sql_user::check(user).is_ok() || (plain.all(user) && !user.contains('\\'));
    if !plain.all(issuer) || !user_fits {
        return None;
    }
    let line = format!("{issuer} {} {user}", column(principal, &plain));
    (line.len() <= LINE_BYTES_MAX).then_some(line)
}

/// The identity map with the lines of one issuer written for another.
pub(crate) fn renamed(map: &str, old: &str, new: &str) -> String {
    let line = |line: &str| {
        let start = line.len().saturating_sub(line.trim_start().len());
        let rest = line.get(start..)?.strip_prefix(old).filter(|rest| rest.starts_with([' ', '\t']))?;
        Some(format!("{}{new}{rest}", line.get(..start)?))
    };
    let lines = map.split('\n').map(|text| line(text).map_or(Cow::Borrowed(text), Cow::Owned));
    lines.collect::<alloc::vec::Vec<_>>().join("\n")
}

/// The principal column.
fn column<'p>(principal: &'p str, plain: &Plain) -> Cow<'p, str> {
    // Editors and browsers compose what is pasted: a decomposed text has to be written so that they leave it alone.
    let composed = nfc::composed(principal.chars()) == principal;
    let literal = composed && !principal.starts_with('/') && plain.all(principal);
    if literal {
        return Cow::Borrowed(principal);
    }
    let mut regex = String::from("/^");
    for character in principal.chars() {
        let code = u32::from(character);
        match character {
            _ if plain.holds(character) && character.is_ascii_punctuation() && !HARMLESS.contains(character) => {
                regex.push('\\');
                regex.push(character);
            }
            _ if plain.holds(character) && (composed || character.is_ascii()) => regex.push(character),
            '\0'..='\u{7f}' => regex.push_str(&format!("\\x{code:02x}")),
            _ => regex.push_str(&format!("\\x{{{code:x}}}")),
        }
    }
    regex.push('$');
    Cow::Owned(regex.to_string())
}

/// Punctuation that means nothing in a regex, left as it is so that the line can be read.
const HARMLESS: &str = "/:@_-,;=&%!~\"'<>";

/// The characters that every editor shows and keeps as they are, that divide no columns and begin no comment: of ASCII
/// what is printed, of the rest letters and numbers.
struct Plain {
    letters_and_numbers: ClassUnicode,
}

impl Plain {
    /// Those among the characters of these texts, and others.
    fn among(texts: [&str; 3]) -> Self {
        let mut letters_and_numbers = ClassUnicode::empty();
        if !texts.iter().all(|text| text.is_ascii()) {
            ["l", "n"].into_iter().filter_map(unicode::class).for_each(|class| letters_and_numbers.union(&class));
        }
        Self { letters_and_numbers }
    }

    fn all(&self, text: &str) -> bool {
        text.chars().all(|character| self.holds(character))
    }

    fn holds(&self, character: char) -> bool {
        match character {
            '#' | '`' => false,
            _ if character.is_ascii() => character.is_ascii_graphic(),
            _ => unicode::holds(&self.letters_and_numbers, character) && !is_invisible(character),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        ground::text::shown,
        parsed::identity_map::{Dialect, IdentityMap},
    };
    use alloc::vec::Vec;

    const ISSUER: &str = "https://idp.example";

    #[test]
    fn a_literal_where_the_columns_allow_it_and_a_spanning_regex_elsewhere() {
        for (principal, column) in [
            ("svc-etl", "svc-etl"),
            ("auth0|5f7c8ec7", "auth0|5f7c8ec7"),
            ("jane.doe@example.com", "jane.doe@example.com"),
            (r"CORP\jane", r"CORP\jane"),
            ("^.*$|^dba$", "^.*$|^dba$"),
            ("Jürgen", "Jürgen"),
            ("中村²", "中村²"),
            // A mark is drawn over what stands before it, and what no editor knows is drawn as a box.
            ("q\u{323}", r"/^q\x{323}$"),
            ("\u{1c89}", r"/^\x{1c89}$"),
            ("Anna Karina", r"/^Anna\x20Karina$"),
            ("svc#1", r"/^svc\x231$"),
            ("/eng/ops", "/^/eng/ops$"),
            ("/^.*$|^dba$", r"/^/\^\.\*\$\|\^dba\$$"),
            (r"/\Qa", r"/^/\\Qa$"),
            ("a\u{a0}b", r"/^a\x{a0}b$"),
            ("e\u{301}", r"/^e\x{301}$"),
            ("a`b\n", r"/^a\x60b\x0a$"),
        ] {
            assert_eq!(
                exact(ISSUER, principal, "u", &UserNames::default()),
                Some(format!("{ISSUER} {column} u")),
                "{principal:?}"
            );
        }
    }

    #[test]
    fn lines_change_their_issuer_and_nothing_else() {
        let map = "a x y\n  a\t/^(.*)$ \\1\n# a b c\nab x a\n";
        assert_eq!(renamed(map, "a", "new"), "new x y\n  new\t/^(.*)$ \\1\n# a b c\nab x a\n");
    }

    #[test]
    fn no_line_where_none_can_say_it() {
        let long = "a".repeat(LINE_BYTES_MAX);
        for (issuer, principal, user) in [
            ("https://idp.example/a b", "p", "u"),
            ("https://idp.example#", "p", "u"),
            ("https://idp\u{202e}.example", "p", "u"),
            ("", "p", "u"),
            (ISSUER, "", "u"),
            (ISSUER, &long, "u"),
            (ISSUER, "p", ""),
            (ISSUER, "p", "root"),
            (ISSUER, "p", "pg_signal"),
            (ISSUER, "p", "Alice"),
            (ISSUER, "p", "a b"),
            (ISSUER, "p", r"\1"),
        ] {
            assert_eq!(exact(issuer, principal, user, &UserNames::default()), None, "{issuer} {principal} {user}");
        }
    }

    /// Whatever a principal is made of, its line can be pasted as it is shown, gives it the user in both dialects, and
    /// gives nobody else anything.
    #[test]
    fn a_line_matches_its_principal_and_nothing_else() {
        const PIECES: [&str; 46] = [
            ".",
            "+",
            "*",
            "?",
            "(",
            ")",
            "|",
            "[",
            "]",
            "{",
            "}",
            "^",
            "$",
            "\\",
            "/",
            "#",
            "`",
            "\"",
            "'",
            " ",
            "\t",
            "\n",
            "\r",
            "\u{b}",
            "\u{c}",
            "\0",
            "\u{7f}",
            "\u{85}",
            "\u{a0}",
            "\u{2028}",
            "\u{202e}",
            "\u{200b}",
            "\u{3000}",
            "\\Q",
            "\\E",
            "(?i)",
            ".*",
            "a",
            "B",
            "e\u{301}",
            "é",
            "İ",
            "ß",
            "\u{212a}",
            "@x.example",
            "{2}",
        ];
        let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
        let mut next = |bound: usize| {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            usize::try_from(seed % bound as u64).unwrap()
        };
        for _ in 0..3000 {
            let pieces: Vec<&str> = (0..=next(6)).map(|_| PIECES[next(PIECES.len())]).collect();
            let principal = pieces.concat();
            let line = exact(ISSUER, &principal, "target", &UserNames::default()).unwrap();
            assert_eq!(shown(&line).chars().take(200).collect::<String>(), line.chars().take(200).collect::<String>());
            let mut others: Vec<String> =
                ["", "x", "target", "svc", ".*", "a", "/", "aa", " "].map(String::from).into();
            for at in 0..pieces.len() {
                let with = |piece: &str| [&pieces[..at], &[piece], &pieces[at + 1..]].concat().concat();
                others.extend([with(""), with("x"), with("xx"), with(&pieces[at].repeat(2)), with("\n")]);
            }
            for other in ["x", " ", "\n", "\u{a0}", "/"] {
                others.extend([format!("{other}{principal}"), format!("{principal}{other}")]);
            }
            for dialect in [Dialect::STRICT, Dialect::COCKROACHDB] {
                let map = IdentityMap::parse(&line, dialect).unwrap();
                let lines = map.lines_for(ISSUER).unwrap();
                let users = |principal: &str| {
                    lines.users_once(principal).into_iter().map(|mapped| mapped.user).collect::<Vec<_>>()
                };
                assert_eq!(users(&principal), ["target"], "{principal:?}: {line}");
                for other in others.iter().filter(|&other| *other != principal) {
                    assert_eq!(users(other), [""; 0], "{principal:?} {other:?}: {line}");
                }
            }
        }
    }
}
