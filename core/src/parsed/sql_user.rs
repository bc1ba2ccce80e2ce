//! Which SQL user does a name mean, and may a user be called that?
//!
//! The database compares user names in one normal form: lower case, then Unicode's composed form (NFC). Nothing is
//! trimmed, and nothing is refused on the way: whether a name is valid is a second question.

use alloc::borrow::Cow;

use crate::ground::{
    limits::SQL_USER_BYTES_MAX,
    unicode::{self, nfc},
};

/// Which names may be logged in with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Dialect {
    /// Names that the token or the client gives have to be valid, and normalisation changes them by no more than ASCII case.
    pub(crate) plain: bool,
}

impl Dialect {
    /// No name that looks like another.
    pub(crate) const STRICT: Self = Self { plain: true };

    /// As CockroachDB takes names.
    pub(crate) const COCKROACHDB: Self = Self { plain: false };
}

/// The name as the database stores it (CockroachDB `username.MakeSQLUsernameFromUserInput`).
pub(crate) fn normalized(name: &str) -> Cow<'_, str> {
    if name.is_ascii() {
        return match name.bytes().any(|byte| byte.is_ascii_uppercase()) {
            true => Cow::Owned(name.to_ascii_lowercase()),
            false => Cow::Borrowed(name),
        };
    }
    let normal = nfc::composed(name.chars().map(lower));
    if normal == name { Cow::Borrowed(name) } else { Cow::Owned(normal) }
}

/// Whether normalisation changes the name by no more than ASCII case. A name that is not plain looks like one user and
/// becomes another: `admın`, the Kelvin sign, decomposed accents.
pub(crate) fn is_plain(name: &str) -> bool {
    name.is_ascii() || normalized(name).eq_ignore_ascii_case(name)
}

/// Whether the database keeps this normalised name for itself, so that no token may log in as it. `admin` is a role,
/// not reserved.
pub(crate) fn is_reserved(name: &str) -> bool {
    let (names, starts) = RESERVED;
    names.contains(&name) || starts.iter().any(|start| name.starts_with(start))
}

/// The names that the database keeps for itself, and what others begin with that it keeps.
pub(crate) const RESERVED: (&[&str], &[&str]) = (&["root", "node", "public", "none"], &["pg_", "crdb_internal_"]);

/// Why a normalised name cannot be given to a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NameDefect {
    Empty,
    Invalid,
    TooLong,
}

impl NameDefect {
    /// The fact, as a sentence about the name.
    pub(crate) fn describe(self) -> &'static str {
        match self {
            Self::Empty => "it is empty",
            Self::Invalid => "it holds a character, or begins with one, that no SQL user name may",
            Self::TooLong => "it is longer than 63 bytes",
        }
    }
}

/// Whether a user may have this normalised name: a lower-case letter, digit or underscore, then any of these, `-` and
/// `.`, at most [`SQL_USER_BYTES_MAX`] bytes. The database asks this when a user is created, not at login.
pub(crate) fn check(name: &str) -> Result<(), NameDefect> {
    let Some(first) = name.chars().next() else {
        return Err(NameDefect::Empty);
    };
    if name.len() > SQL_USER_BYTES_MAX {
        return Err(NameDefect::TooLong);
    }
    let valid = !matches!(first, '-' | '.') && name.chars().all(is_name_character);
    if valid { Ok(()) } else { Err(NameDefect::Invalid) }
}

/// The first character of a normalised name that no SQL user name may have, or, with `true`, that none may begin with.
pub(crate) fn misplaced(name: &str) -> Option<(char, bool)> {
    let first = name.chars().next().filter(|first| matches!(first, '-' | '.')).map(|first| (first, true));
    first.or_else(|| name.chars().find(|&character| !is_name_character(character)).map(|character| (character, false)))
}

/// Simple lower case of one character, as Go's `unicode.ToLower`, and the dotless letter I as if it had a dot. There is
/// no rule for a sigma at the end of a word.
fn lower(character: char) -> char {
    match character {
        'ı' => 'i',
        _ => unicode::lower(character),
    }
}

fn is_name_character(character: char) -> bool {
    match character {
        'a'..='z' | '0'..='9' | '_' | '-' | '.' => true,
        _ => !character.is_ascii() && unicode::is_lowercase_letter(character),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_lowered_one_character_at_a_time_and_composed() {
        for (name, expected) in [
            ("Abc123", "abc123"),
            ("0123121132", "0123121132"),
            ("HeLlO", "hello"),
            ("Ομηρος", "ομηρος"),
            ("_HeLlO", "_hello"),
            ("a-BC-d", "a-bc-d"),
            ("A.Bcd", "a.bcd"),
            ("WWW.BIGSITE.NET", "www.bigsite.net"),
            ("M", "m"),
            ("Root", "root"),
            ("ROıT", "roit"),
            ("admın", "admin"),
            ("ADMİN", "admin"),
            ("\u{212a}im", "kim"),
            ("ſam", "ſam"),
            ("ΟΔΥΣΣΕΥΣ", "οδυσσευσ"),
            ("ẞ", "ß"),
            ("ﬀ", "ﬀ"),
            (" root ", " root "),
            ("e\u{301}", "é"),
            ("E\u{301}", "é"),
            ("", ""),
        ] {
            assert_eq!(normalized(name), expected, "{name:?}");
        }
        assert!(matches!(normalized("ünï"), Cow::Borrowed(_)));
    }

    #[test]
    fn a_plain_name_changes_by_ascii_case_at_most() {
        for plain in ["alice", "ALICE", "ünï", "é", " x", ""] {
            assert!(is_plain(plain), "{plain:?}");
        }
        for other in ["admın", "ADMİN", "\u{212a}im", "Ünï", "e\u{301}", "Ω"] {
            assert!(!is_plain(other), "{other:?}");
        }
    }

    #[test]
    fn validity_is_the_databases_pattern_and_63_bytes() {
        for valid in ["a", "_", "0", "a-b.c_", "ünï", "straße", "ﬀ", &"a".repeat(63)] {
            assert_eq!(check(valid), Ok(()), "{valid:?}");
        }
        for invalid in ["-abc", ".abc", "*.wildcard", ".", "-", "A", "a b", "ª", "a\u{2170}", "中", "a\0", "a@b", "İ"]
        {
            assert_eq!(check(invalid), Err(NameDefect::Invalid), "{invalid:?}");
        }
        assert_eq!(check(""), Err(NameDefect::Empty));
        assert_eq!(check(&"a".repeat(64)), Err(NameDefect::TooLong));
        assert_eq!(check(&"é".repeat(32)), Err(NameDefect::TooLong));
    }

    #[test]
    fn reserved_names_are_these_and_admin_is_not() {
        for name in ["root", "node", "public", "none", "pg_", "pg_x", "crdb_internal_x"] {
            assert!(is_reserved(name), "{name}");
        }
        for name in ["admin", "", " root ", "roots", "pg", "crdb_internal"] {
            assert!(!is_reserved(name), "{name}");
        }
    }
}
