//! What is this statement that sets nothing of ours, and where does it end?

use alloc::string::String;

use crate::ground::text::shown;

/// The statement's name in the list of what was passed over: its keywords alone, because the rest may hold a password.
pub(super) fn title(statement: &str) -> String {
    let mut words =
        statement.split(|c: char| c.is_whitespace() || matches!(c, ';' | '(' | ')' | '=' | ',' | '\'' | '"'));
    let first = words.next().unwrap_or_default();
    let is_word =
        |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if !is_word(first) {
        return "a statement".into();
    }
    let verb = first.to_ascii_uppercase();
    let manner = ["OR", "REPLACE", "TEMP", "TEMPORARY", "UNIQUE", "UNLOGGED"];
    let says_how = |word: &&str| word.is_empty() || manner.iter().any(|manner| word.eq_ignore_ascii_case(manner));
    let object = words.find(|word| !says_how(word)).filter(|word| is_word(word));
    match (verb.as_str(), object) {
        ("SET" | "RESET", Some(name)) => alloc::format!("{verb} {}", shown(name)),
        ("ALTER" | "CREATE" | "DROP", Some(kind)) => alloc::format!("{verb} {}", shown(kind).to_ascii_uppercase()),
        _ => shown(&verb).into_owned(),
    }
}

/// What of a statement has been passed over, as far as its end depends on it.
#[derive(Default)]
pub(super) struct Body {
    words: usize,
    copies: bool,
    reads_standard_input: bool,
    defines_routine: bool,
    /// The last word was `BEGIN`.
    begins: bool,
    /// How many of `BEGIN ATOMIC` and, inside it, `CASE` are open: until their `END` a `;` ends no more than a part.
    open: usize,
}

impl Body {
    /// Takes in the next word outside strings and quotes.
    pub(super) fn word(&mut self, word: &str) {
        let is = |keyword: &str| word.eq_ignore_ascii_case(keyword);
        self.copies |= self.words == 0 && is("COPY");
        self.reads_standard_input |= is("STDIN");
        self.defines_routine |= self.words > 0 && (is("FUNCTION") || is("PROCEDURE"));
        if self.open > 0 && is("CASE") || self.defines_routine && self.begins && is("ATOMIC") {
            self.open += 1;
        } else if is("END") {
            self.open = self.open.saturating_sub(1);
        }
        self.begins = is("BEGIN");
        self.words += 1;
    }

    /// Whether a `;` here is inside a routine's body.
    pub(super) fn is_open(&self) -> bool {
        self.open > 0
    }

    /// Whether rows of data follow the statement.
    pub(super) fn is_copy(&self) -> bool {
        self.copies && self.reads_standard_input
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    #[test]
    fn titles_hold_keywords_and_no_values() {
        let titles: Vec<_> = [
            "create user alice with password 'x';",
            "BEGIN;",
            "SET sql_safe_updates = false",
            "set \"a\" = 1",
            "SELECT secret",
            "(SELECT 1)",
            "DROP\tTABLE t",
            "GRANT admin TO alice",
        ]
        .iter()
        .map(|text| title(text))
        .collect();
        let expected =
            ["CREATE USER", "BEGIN", "SET sql_safe_updates", "SET a", "SELECT", "a statement", "DROP TABLE", "GRANT"];
        assert_eq!(titles, expected);
    }
}
