//! What is this statement that sets nothing of ours, and where does it end?

use alloc::string::String;

use super::{
    cursor::Cursor,
    lexer::first_line,
    token::{Token, TokenKind},
};
use crate::{
    ground::{text::shown, unicode},
    parsed::settings::{error::SettingsError, names::is_databases},
};

/// The rest of a statement that sets nothing of ours. A `SET CLUSTER SETTING` in it is one behind a forgotten `;`, and
/// one of our names (unless `may_name` it) a misspelt statement: neither may be swallowed.
pub(super) fn pass_over(cursor: &mut Cursor<'_, '_>, may_name: bool) -> Result<(), SettingsError> {
    let mut body = Body::default();
    loop {
        if matches!(cursor.token.kind, TokenKind::End) || cursor.is_at_prompt() {
            return Ok(());
        }
        if cursor.token.is_symbol(";") && !body.is_open() {
            if body.is_copy() {
                copied_rows(cursor);
            }
            return Ok(());
        }
        if cursor.token.is_symbol("\\") {
            // `\gset` and the like end a statement, and their line.
            let end = cursor.token.at + first_line(cursor.ahead()).len();
            cursor.lexer.go_on(end, false);
            cursor.token = Token { at: end, kind: TokenKind::End };
            return Ok(());
        }
        if (cursor.token.is_keyword("SET") || cursor.token.is_keyword("RESET")) && !body.is_open() {
            pass_over_set(cursor)?;
            continue;
        }
        match &cursor.token.kind {
            TokenKind::Word(word) => body.word(word),
            TokenKind::Name(_) => {}
            _ => {
                cursor.advance()?;
                continue;
            }
        }
        let at = cursor.token.at;
        let name = unicode::lowered(&cursor.dotted()?);
        if !may_name && is_databases(&name) {
            let message = alloc::format!("expected `SET CLUSTER SETTING` before the name `{}`", shown(&name));
            return Err(SettingsError::misformed(cursor.text, at, message));
        }
    }
}

/// `SET` or `RESET` inside another statement: not the beginning of one of ours.
fn pass_over_set(cursor: &mut Cursor<'_, '_>) -> Result<(), SettingsError> {
    let (at, found) = (cursor.token.at, cursor.token.describe());
    for keyword in ["CLUSTER", "SETTING"] {
        cursor.advance()?;
        if !cursor.token.is_keyword(keyword) {
            return Ok(());
        }
    }
    Err(SettingsError::misformed(
        cursor.text,
        at,
        alloc::format!("expected `;` at the end of the statement, found {found}"),
    ))
}

/// The rows after `COPY … FROM STDIN;`: data up to the line `\.`.
fn copied_rows(cursor: &mut Cursor<'_, '_>) {
    let start = cursor.token.at + 1;
    let rows = cursor.text.get(start..).unwrap_or_default();
    let mut end = 0;
    for line in rows.split_inclusive('\n') {
        end += line.len();
        if line.trim() == "\\." {
            break;
        }
    }
    cursor.token = Token { at: start + end, kind: TokenKind::End };
}

/// What of a statement has been passed over, as far as its end depends on it.
#[derive(Default)]
struct Body {
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
    fn word(&mut self, word: &str) {
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
    fn is_open(&self) -> bool {
        self.open > 0
    }

    /// Whether rows of data follow the statement.
    fn is_copy(&self) -> bool {
        self.copies && self.reads_standard_input
    }
}

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
