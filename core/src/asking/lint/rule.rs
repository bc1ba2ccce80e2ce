//! Which rules are there? The one table of them.

use alloc::{string::String, vec::Vec};

use serde::{Serialize, Serializer};

use crate::{
    ground::{json::written, named::named},
    telling::SCHEMA,
};

/// How grave it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Severity {
    /// Somebody gets in who should not, or nobody gets in who should.
    Error,
    /// It works today and is not safe, or is not what it seems.
    Warning,
    /// Worth knowing.
    Note,
}

impl Severity {
    /// The severity, for programs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

named!(Severity);

/// Each rule: its name, how grave it is, what it finds, and why that matters.
macro_rules! rules {
    ($($name:ident $id:literal $severity:ident $title:literal $why:literal;)*) => {
        /// A rule that settings can break.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Rule {
            $(#[doc = $title] $name,)*
        }

        impl Rule {
            const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The rule, for programs: it never changes its meaning and is never used twice.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $id,)*
                }
            }

            /// How grave it is.
            #[must_use]
            pub const fn severity(self) -> Severity {
                match self {
                    $(Self::$name => Severity::$severity,)*
                }
            }

            /// What it finds.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self {
                    $(Self::$name => $title,)*
                }
            }

            /// Why that matters.
            #[must_use]
            pub const fn why(self) -> &'static str {
                match self {
                    $(Self::$name => $why,)*
                }
            }
        }
    };
}

impl Rule {
    /// All rules, in the order of the table.
    pub fn all() -> impl ExactSizeIterator<Item = Self> {
        Self::ALL.iter().copied()
    }
}

/// All rules: the document of the verb `rules`.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct RulesDocument {
    /// The version of the document's shape.
    pub schema: u32,
    /// The rules, in the order of the table.
    pub rules: Vec<RuleRow>,
}

/// One row of the table.
#[derive(Clone, Copy, Debug, Serialize)]
#[non_exhaustive]
pub struct RuleRow {
    /// The rule.
    pub rule: Rule,
    /// How grave it is.
    pub severity: Severity,
    /// What it finds.
    pub title: &'static str,
    /// Why that matters.
    pub why: &'static str,
}

impl RulesDocument {
    pub(crate) fn new() -> Self {
        let row = |rule: Rule| RuleRow { rule, severity: rule.severity(), title: rule.title(), why: rule.why() };
        Self { schema: SCHEMA, rules: Rule::all().map(row).collect() }
    }

    /// The document as JSON text.
    #[must_use]
    pub fn to_json(&self) -> String {
        written(self, SCHEMA)
    }
}

impl Serialize for Rule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

rules! {
    SettingUnusable "setting-unusable" Error
        "a setting cannot be used"
        "With it no settings hold at all: every login by token is refused until it is mended.";
    SettingMisspelt "setting-misspelt" Error
        "a name is nearly that of a setting"
        "What it was meant to set has its default, and nobody is told.";
    SettingPlaceholder "setting-placeholder" Error
        "a placeholder was never filled in"
        "The engine takes it literally, as a value that no token will ever bear.";

    MapLineUnreadable "map-line-unreadable" Error
        "a line of the identity map cannot be read"
        "One such line spoils the whole map: the database refuses it, or, where it was stored before, takes principals as SQL users as they are.";
    MapCommentCuts "map-comment-cuts" Error
        "a `#` in the middle of a word cuts a line of the identity map"
        "`#` begins a comment wherever it stands: what follows it, and what it should have matched, is gone.";
    MapRegexUnanchored "map-regex-unanchored" Error
        "a regex of the identity map need not match the whole principal"
        "A regex matches anywhere in the principal unless `^` and `$` hold it: whoever can choose what stands around it gets in.";
    MapRegexAlternation "map-regex-alternation" Error
        "`|` lets a part of a regex of the identity map go without its `^` or `$`"
        "`^a|b$` is `^a` or `b$`: each half is open at one end. Parentheses, `^(?:a|b)$`, close them.";
    MapRegexNothing "map-regex-nothing" Error
        "a regex of the identity map matches nothing at all"
        "Nobody ever logs in by that line.";
    MapRegexWide "map-regex-wide" Warning
        "a regex of the identity map takes more than its writer can have meant"
        "It matches values that people choose themselves, or values of whole groups of people, jobs and machines.";
    MapRegexDot "map-regex-dot" Warning
        "a dot in a regex of the identity map stands for any character"
        "`example.com` also matches `exampleXcom`: a name that somebody else can register. Write `\\.`.";
    MapCaptureEmpty "map-capture-empty" Warning
        "the part that a line of the identity map takes over can be empty"
        "The SQL user is then what stands around `\\1`: one user for everybody whose name is empty there.";
    MapCaptureTaken "map-capture-taken" Warning
        "a pattern of the identity map can give a SQL user whom another line gives by name"
        "Whoever gets a name at the identity provider that reads so becomes that user.";
    MapCaptureAdministrator "map-capture-administrator" Note
        "a pattern of the identity map can give the name of an administrator"
        "Whoever is called so at the identity provider asks to be that user.";
    MapUsersMerged "map-users-merged" Warning
        "two principals become one SQL user by one line of the identity map"
        "What the line does not take over tells people apart: without it two of them share a user.";
    MapCaseMerged "map-case-merged" Note
        "principals that differ only in case become one SQL user"
        "CockroachDB ignores case in the identity map; some identity providers tell people apart by it.";
    MapSecondCapture "map-second-capture" Error
        "`\\2` to `\\9` are not replaced"
        "Only `\\1` is: the SQL user is then the text `\\2`, which nobody has.";
    MapDollarCapture "map-dollar-capture" Error
        "`$1` in the SQL user is not replaced"
        "CockroachDB's identity map writes `\\1`, as PostgreSQL does.";
    MapBackslashDoubled "map-backslash-doubled" Error
        "a backslash is written twice"
        "The value is no string of a program: `\\\\.` asks for a backslash in the principal.";
    MapLineDuplicate "map-line-duplicate" Note
        "two lines of the identity map say the same"
        "One of them can go; whoever takes away a right later will miss the other.";
    MapLineCovered "map-line-covered" Note
        "everything that a line of the identity map gives, another line gives too"
        "To take the line away takes nobody's right away.";
    MapUserReserved "map-user-reserved" Error
        "a line of the identity map gives a SQL user that is reserved"
        "The server keeps that name for itself: nobody logs in by the line.";
    MapUserInvalid "map-user-invalid" Error
        "a line of the identity map gives no name that a SQL user can have"
        "Nobody can be created with that name, so nobody logs in by the line.";
    MapUserKeyword "map-user-keyword" Warning
        "a word of PostgreSQL's `pg_ident.conf` stands as the SQL user"
        "`all` and `+role` are names here like any other.";
    MapIssuerNearMiss "map-issuer-near-miss" Error
        "a line of the identity map is for an issuer that is a configured one but for a detail"
        "The line is never used, and the issuer's principals may pass through as SQL users as they are.";
    MapIssuerUnknown "map-issuer-unknown" Warning
        "a line of the identity map is for no configured issuer"
        "Tokens never use it. It may be for the database's other logins.";
    MapIssuerUncovered "map-issuer-uncovered" Warning
        "the identity map has no line for a configured issuer"
        "Its principals are SQL users as they are: whoever gets a token that names `alice` is `alice`.";
    MapEmpty "map-empty" Warning
        "the identity map has comments and no lines"
        "Principals are SQL users as they are.";
    MapPrincipalShared "map-principal-shared" Warning
        "a principal in the identity map is no one's own"
        "Everybody who bears it logs in as that SQL user.";
    MapLiteralPattern "map-literal-pattern" Warning
        "a principal in the identity map looks like a regex and is none"
        "Only what begins with `/` is a regex; everything else is compared character by character.";
}

#[cfg(test)]
mod tests {
    use alloc::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_are_words_with_hyphens_and_each_is_used_once() {
        let names: Vec<&str> = Rule::all().map(Rule::as_str).collect();
        assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
        for name in names {
            assert!(
                name.split('-').all(|word| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase())),
                "{name}"
            );
        }
    }

    #[test]
    fn titles_begin_sentences_and_reasons_are_sentences() {
        for rule in Rule::all() {
            assert!(!rule.title().ends_with('.') && rule.why().ends_with('.'), "{rule:?}");
            assert!(rule.title().starts_with(|first: char| !first.is_uppercase()), "{rule:?}");
        }
    }
}
