//! Whom else does a pattern of the identity map let in? Tried with values that nobody meant, and read for the slips that
//! everybody makes.

use alloc::{
    format,
    string::{String, ToString},
};

use super::{domain::domain, shape::bare};
use crate::{
    ground::{text::shown, work::Work},
    parsed::regex::{self, Program, Reading},
};

/// What else a pattern matches, and how that is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wide {
    pub(crate) kind: WideKind,
    /// The end of a sentence that begins with the line: "takes …".
    pub(crate) what: String,
}

/// Why a pattern is wider than it was meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WideKind {
    /// It names whole groups of people, jobs or machines, or anybody.
    Meaning,
    /// It is not held at both ends.
    Unanchored,
    /// A dot stands for any character.
    Dot,
}

/// What else the pattern of a line matches, as the end of a sentence that begins with the line: "takes …".
pub(crate) fn map_pattern(issuer: &str, pattern: &str) -> Option<String> {
    wide(issuer, pattern).map(|wide| wide.what)
}

/// What else the pattern of a line matches.
pub(crate) fn wide(issuer: &str, pattern: &str) -> Option<Wide> {
    let regex = regex::parse(pattern, Reading::default()).ok()?;
    let program = Program::compile(&regex.tree).ok()?;
    let work = Work::of(STEPS);
    let tried = Tried { program, work, start: fixed_start(pattern) };
    let google = bare(issuer) == "accounts.google.com";
    let meaning = |what| Wide { kind: WideKind::Meaning, what };
    if spanning(pattern).is_some_and(|program| program.find(ANYTHING, &tried.work).is_ok_and(|found| found.is_some())) {
        return Some(meaning(match google {
            true => "any value at all: anybody with a Google account logs in".into(),
            false => "any value at all".into(),
        }));
    }
    if !regex.is_anchored() {
        let what = "values of which it matches only a part: it is not anchored at both ends, `^…$`".into();
        return Some(Wide { kind: WideKind::Unanchored, what });
    }
    let found = tried.of_a_job(issuer).or_else(|| of_a_domain(pattern, google)).or_else(|| tried.of_a_start());
    found.map(meaning).or_else(|| {
        let (before, after) = bare_dot(pattern)?;
        let what = format!(
            "another character in place of the dot in `{before}.{after}`: a dot stands for any character, write `\\.`"
        );
        Some(Wide { kind: WideKind::Dot, what })
    })
}

/// The pattern with a backslash before every dot that stands between words and was meant as one; nothing where it has none.
pub(crate) fn with_dots_escaped(pattern: &str) -> Option<String> {
    let mut escaped = String::with_capacity(pattern.len());
    let (mut inside, mut quoted, mut after_word) = (false, false, false);
    let mut characters = pattern.chars().peekable();
    while let Some(character) = characters.next() {
        let before_word = characters.peek().is_some_and(char::is_ascii_alphanumeric);
        if character == '.' && !inside && !quoted && after_word && before_word {
            escaped.push('\\');
        }
        escaped.push(character);
        after_word = !inside && !quoted && (character.is_ascii_alphanumeric() || character == '-');
        match character {
            _ if quoted => quoted = false,
            '\\' => quoted = true,
            '[' => inside = true,
            ']' => inside = false,
            _ => {}
        }
    }
    (escaped != pattern).then_some(escaped)
}

/// The pattern where it has to match the whole.
fn spanning(pattern: &str) -> Option<Program> {
    let regex = regex::parse(&format!("^(?:{pattern})$"), Reading::default()).ok()?;
    Program::compile(&regex.tree).ok()
}

/// What one question about a pattern may cost.
const STEPS: u64 = 200_000;

/// A value that no pattern matches which names what it takes.
const ANYTHING: &str = "?! Zz.9 x@y.example:/#";

/// The longest start of a pattern that is looked at.
const START_MAX: usize = 512;

struct Tried {
    program: Program,
    work: Work,
    /// The text with which everything begins that it matches.
    start: String,
}

impl Tried {
    fn takes(&self, text: &str) -> bool {
        self.program.find(text, &self.work).is_ok_and(|found| found.is_some())
    }

    /// Whether it matches its own start with one of these after it.
    fn goes_on_with(&self, ends: &[&str]) -> bool {
        ends.iter().any(|end| self.takes(&[self.start.as_str(), end].concat()))
    }

    /// Jobs and workloads that were not meant: the subjects of GitHub, GitLab and Kubernetes.
    fn of_a_job(&self, issuer: &str) -> Option<String> {
        let start = self.start.as_str();
        if let Some(rest) = start.strip_prefix("repo:") {
            let repository = rest.split_once('/').map_or("", |(_, repository)| repository);
            // The pattern says itself which runs it means.
            if repository.split_once(':').is_some_and(|(_, run)| !run.is_empty()) {
                return None;
            }
            if self.goes_on_with(&[
                "pull_request",
                ":pull_request",
                "zz:pull_request",
                "/zz:pull_request",
                "zz/zz:pull_request",
            ]) {
                return Some("`pull_request` runs too: whoever opens a pull request logs in".into());
            }
            if !rest.contains('/')
                && self.goes_on_with(&[
                    "zz/zz:ref:refs/heads/zz",
                    "zz/zz:ref:refs/heads/main",
                    "zz/zz:environment:prod",
                ])
            {
                return Some("the repositories of any owner on GitHub".into());
            }
            let open =
                ["zz:ref:refs/heads/zz", "zz:ref:refs/heads/main", "/zz:ref:refs/heads/zz", "/zz:ref:refs/heads/main"];
            if !repository.contains(':') && self.goes_on_with(&open) {
                return Some("every repository of the owner".into());
            }
            return None;
        }
        if let Some(rest) = start.strip_prefix("project_path:") {
            let open = [
                "zz/zz:ref_type:branch:ref:zz",
                "zz/zz:ref_type:branch:ref:main",
                "zz:ref_type:branch:ref:zz",
                "zz:ref_type:branch:ref:main",
            ];
            return (!rest.contains(':') && self.goes_on_with(&open)).then(|| match rest.contains('/') {
                true => "every project of the group".into(),
                false => "every project of the GitLab instance: whoever may create one logs in".into(),
            });
        }
        if let Some(rest) = start.strip_prefix("system:serviceaccount:") {
            let open = ["zz:zz", "zz-zz:zz-zz", "zz:default"];
            return (!rest.contains(':') && self.goes_on_with(&open))
                .then(|| "the service accounts of every namespace of the cluster".into());
        }
        let jobs = ["repo:zz/zz:ref:refs/heads/main", "repo:zz/zz:environment:prod", "repo:zz/zz:pull_request"];
        let github = bare(issuer).starts_with("token.actions.githubusercontent.com");
        (github && start.is_empty() && jobs.iter().any(|job| self.takes(job)))
            .then(|| "the repositories of any owner on GitHub".into())
    }

    /// A text and then anything. Branches are left alone: who may write one may write them all.
    fn of_a_start(&self) -> Option<String> {
        let open = !self.start.is_empty() && !self.start.contains("refs/") && self.goes_on_with(&[ANYTHING]);
        open.then(|| format!("everything that begins with `{}`", shown(&self.start)))
    }
}

/// Addresses of domains that were not meant.
fn of_a_domain(pattern: &str, google: bool) -> Option<String> {
    let (_, after) = outside_classes(pattern, '@')?;
    let plain = without_classes(after).replace("\\.", ".");
    let name: String = plain.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-')).collect();
    if !name.contains(|c: char| c.is_ascii_alphanumeric()) {
        return Some(match google {
            true => "addresses of any domain: anybody with a Google account logs in".into(),
            false => "addresses of any domain".into(),
        });
    }
    let (before, _) = outside_classes(pattern, '@')?;
    let open = before.contains(['+', '*', '[']);
    (open && domain(name.trim_matches('.')))
        .then(|| format!("every address of `{}`, where anybody can have one", shown(name.trim_matches('.'))))
}

/// The pattern before and after a character that stands in no class.
fn outside_classes(pattern: &str, wanted: char) -> Option<(&str, &str)> {
    let mut inside = false;
    let mut escaped = false;
    for (at, character) in pattern.char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '[' => inside = true,
            ']' => inside = false,
            _ if character == wanted && !inside => {
                let (before, after) = pattern.split_at_checked(at)?;
                return Some((before, after.strip_prefix(wanted)?));
            }
            _ => {}
        }
    }
    None
}

/// The pattern without its classes, what stands for one, and the flags of groups.
fn without_classes(pattern: &str) -> String {
    let mut rest = String::new();
    let mut inside = false;
    let mut characters = pattern.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '[' => inside = true,
            ']' => inside = false,
            '\\' if !inside
                && matches!(characters.peek(), Some('w' | 'W' | 'd' | 'D' | 's' | 'S' | 'b' | 'z' | 'A')) =>
            {
                characters.next();
            }
            _ if !inside => rest.push(character),
            _ => {}
        }
    }
    rest.replace("(?:", "(").replace("(?i)", "").replace("(?i:", "(")
}

/// The text with which everything begins that the pattern matches; empty where that cannot be told.
fn fixed_start(pattern: &str) -> String {
    let mut start = String::new();
    let Some(rest) = pattern.strip_prefix('^') else { return start };
    if outside_classes(rest, '|').is_some() {
        return start;
    }
    let mut characters = rest.chars().peekable();
    while let Some(character) = characters.next() {
        let literal = match character {
            '\\' => match characters.next() {
                Some(escaped) if escaped.is_ascii_punctuation() => escaped,
                _ => break,
            },
            '.' | '*' | '+' | '?' | '(' | ')' | '[' | '{' | '^' | '$' | '|' => break,
            other => other,
        };
        // What may be missing or come again is no part of it.
        if matches!(characters.peek(), Some('*' | '?' | '{' | '+')) || start.len() >= START_MAX {
            break;
        }
        start.push(literal);
    }
    start
}

/// The words around a dot that was meant as one.
fn bare_dot(pattern: &str) -> Option<(String, String)> {
    let mut rest = pattern;
    loop {
        let (before, after) = outside_classes(rest, '.')?;
        let word = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        let left: String = before.chars().rev().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
        let left: String = left.chars().rev().collect();
        let right: String = after.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
        if word(&left) && word(&right) {
            return Some((left, right.to_string()));
        }
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEYCLOAK: &str = "https://kc.example.com/realms/corp";
    const GOOGLE: &str = "https://accounts.google.com";
    const GITHUB: &str = "https://token.actions.githubusercontent.com";

    #[track_caller]
    fn wide(issuer: &str, pattern: &str, word: &str) {
        let what = map_pattern(issuer, pattern).unwrap_or_else(|| panic!("{pattern} is not found to be wide"));
        assert!(what.contains(word), "{pattern}: {what}");
    }

    #[test]
    fn wide_patterns_are_named_by_what_they_take() {
        for pattern in ["^.*$", "^(.*)$", "^(.+)$", ".*", "(.*)", "^auth0|(.*)$", r"^auth0|(.*)$", "^[^ ]*.*$"] {
            wide(KEYCLOAK, pattern, "any value");
        }
        wide(GOOGLE, "^(.*)$", "Google account");
        for pattern in ["^([a-z.]+)@.*$", "^(.*)@(.*)$", "^([^@]+)@[^@]+$", r"^([a-z]+)@[a-z.]+$", r"^(\w+)@\w+\.\w+$"]
        {
            wide(KEYCLOAK, pattern, "any ");
        }
        wide(GOOGLE, "^([a-z.]+)@.*$", "any domain: anybody with a Google account");
        wide(GOOGLE, r"^([a-z.]+)@gmail\.com$", "anybody can have one");
        wide(KEYCLOAK, r"^([a-z.]+)@yahoo\.co\.uk$", "`yahoo.co.uk`");
        wide(KEYCLOAK, "^([a-z]+)@example.com$", "the dot in `example.com`");
        wide(KEYCLOAK, r"^([a-z]+)@db\.example.com$", "the dot in `example.com`");
        wide(KEYCLOAK, "([a-z]+)@example", "not anchored");
        wide(KEYCLOAK, "([a-z.]+)", "not anchored");
        wide(KEYCLOAK, "^svc-.*$", "begins with `svc-`");
        wide(GITHUB, "^repo:octo-org/.*$", "pull_request");
        wide(GITHUB, "^repo:octo-org/octo-repo:.*$", "pull_request");
        wide(GITHUB, "^repo:octo-org(?:@1)?/.*$", "pull_request");
        wide(GITHUB, "^repo:octo-org/[^:]+:ref:refs/heads/main$", "every repository of the owner");
    }

    #[test]
    fn wide_patterns_of_workloads_are_named() {
        wide(GITHUB, "^repo:[^:]+:ref:refs/heads/main$", "any owner");
        wide("https://gitlab.com", "^project_path:.*$", "every project of the GitLab instance");
        wide("https://gitlab.com", "^project_path:grp/.*$", "every project of the group");
        wide("https://gitlab.com", "^project_path:grp/[^:]+:ref_type:branch:ref:main$", "every project of the group");
        wide("https://k", "^system:serviceaccount:.*$", "every namespace");
        wide("https://k", "^system:serviceaccount:([a-z-]+):([a-z-]+)$", "every namespace");
    }

    #[test]
    fn ordinary_patterns_are_left_alone() {
        for (issuer, pattern) in [
            (KEYCLOAK, "^([a-z0-9_.]+)$"),
            (KEYCLOAK, r"^([a-z0-9_.-]+)@example\.com$"),
            (KEYCLOAK, r"^(.*)@example\.com$"),
            (KEYCLOAK, r"^(?i)([a-z.]+)@(?:a|b)\.example$"),
            (KEYCLOAK, r"^jane@gmail\.com$"),
            (GOOGLE, r"^([a-z0-9_]+)@proj-1234\.iam\.gserviceaccount\.com$"),
            (GOOGLE, "^([0-9]+)$"),
            (GITHUB, "^repo:octo-org(?:@123456)?/octo-repo(?:@456789)?:ref:refs/heads/main$"),
            (GITHUB, "^repo:octo-org/octo-repo:environment:(prod|staging)$"),
            (GITHUB, "^repo:octo-org/octo-repo:ref:refs/heads/.*$"),
            ("https://gitlab.com", "^project_path:grp/app:ref_type:branch:ref:([a-z]+)$"),
            ("https://k", "^system:serviceaccount:prod:([a-z0-9_.-]+)$"),
            ("https://t.auth0.com/", r"^auth0\|([0-9a-f]+)$"),
            (KEYCLOAK, r"^alice_fabrikam\.com\x23EXT\x23@contoso\.onmicrosoft\.com$"),
        ] {
            assert_eq!(map_pattern(issuer, pattern), None, "{pattern}");
        }
    }

    #[test]
    fn dots_between_words_are_escaped_and_others_are_left_alone() {
        for (pattern, escaped) in [
            ("^a@example.com$", Some(r"^a@example\.com$")),
            (r"^a@db\.example.co.uk$", Some(r"^a@db\.example\.co\.uk$")),
            (r"^.+@example\.com$", None),
            (r"^[a.b]+$", None),
            (r"^\d.x$", None),
            ("^a.*b.+$", None),
        ] {
            assert_eq!(with_dots_escaped(pattern).as_deref(), escaped, "{pattern}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_not_judged() {
        assert_eq!(map_pattern(KEYCLOAK, "^(($"), None);
    }
}
