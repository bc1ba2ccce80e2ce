//! What did somebody type into a SQL shell, and what did the shell and the database write around it?
//!
//! People paste what stands on their terminal: `root@localhost:26257/defaultdb> SET …;`, the shell's marks in front of
//! a statement's further lines, and the database's answers in between. `cockroach sql` and `psql` are known.

use crate::parsed::settings::forms::frame::{is_footer, is_rule};

/// The length of the prompt that this line begins with, blanks included: one after which a statement begins.
pub(crate) fn prompt(line: &str) -> Option<usize> {
    named_prompt(line).or_else(|| after_mark(line, line.trim_start().strip_prefix('>')?))
}

/// The same, if the prompt names whom or what the shell is connected to: such a line is no SQL wherever it stands.
pub(super) fn named_prompt(line: &str) -> Option<usize> {
    let typed = line.trim_start();
    cockroach(typed).or_else(|| psql(typed, PSQL_BEGINS)).and_then(|rest| after_mark(line, rest))
}

/// The length of the mark that a shell puts in front of a statement's further lines: `->` or `db-#`.
pub(super) fn continuation(line: &str) -> Option<usize> {
    let typed = line.trim_start_matches([' ', '\t']);
    let rest = typed.strip_prefix("->").or_else(|| psql(typed, PSQL_GOES_ON))?;
    after_mark(line, rest)
}

/// What an answer is, as far as its first line tells.
pub(super) enum Answer {
    /// That line alone.
    Line,
    /// A table, which goes on to its footer.
    Table,
}

/// Whether the text goes on with the answer to a statement instead of another statement. `typed_at` a prompt were the
/// statements before it; only then a few words in capitals (`CREATE ROLE`) are an answer.
pub(super) fn answer(text: &str, typed_at_prompt: bool) -> Option<Answer> {
    let mut lines = text.lines();
    let line = lines.next()?;
    let words = line.trim();
    if words.starts_with('#') || is_footer(words) || is_labelled(words) {
        return Some(Answer::Line);
    }
    let next = lines.next().unwrap_or_default();
    let is_header = line.starts_with([' ', '+', '|']) && !line.contains(['\'', ';']);
    if (is_header && is_rule(next)) || (line.starts_with('+') && is_rule(line)) {
        return Some(Answer::Table);
    }
    let follows = lines.find(|line| !line.trim().is_empty()).filter(|_| next.trim().is_empty()).unwrap_or(next);
    let is_told = words == SETTING_TAG || typed_at_prompt;
    (is_told && is_tag(words) && !begins_with_dotted_name(follows.trim())).then_some(Answer::Line)
}

/// What the database answers to `SET CLUSTER SETTING`: the statement's own first words.
const SETTING_TAG: &str = "SET CLUSTER SETTING";

/// `=` and, when the connection is lost or lines are not collected, `!` and `^`.
const PSQL_BEGINS: [char; 3] = ['=', '!', '^'];

/// The mark says what is still open: the statement, a string, a name, a parenthesis, a dollar string, a comment.
const PSQL_GOES_ON: [char; 6] = ['-', '\'', '"', '(', '$', '*'];

/// What follows `user@host:port/database OPEN>`.
fn cockroach(line: &str) -> Option<&str> {
    let (who, rest) = line.split_at_checked(line.find(|c: char| c == '>' || c.is_whitespace())?)?;
    if !who.contains('@') || who.contains(['\'', '"', ';', '(', ')', ',', '=']) {
        return None;
    }
    let transaction = rest.trim_start_matches([' ', '\t']);
    transaction.trim_start_matches(|c: char| c.is_ascii_uppercase() || c == '?').strip_prefix('>')
}

/// What follows `database=>` or `database=*#`, with one of these marks after the database.
fn psql(line: &str, marks: impl AsRef<[char]>) -> Option<&str> {
    let name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '@' | ':');
    // A database may be named `my-db`: the mark is the last character before the end of the prompt.
    let (head, rest) = line.split_at_checked(line.find(['>', '#'])?)?;
    let head = head.strip_suffix(['*', '!', '?']).filter(|head| !head.is_empty()).unwrap_or(head);
    let database = head.strip_suffix(marks.as_ref())?;
    database.chars().all(|c| name(c) || c == '-').then(|| rest.get(1..))?
}

/// The prompt's length, if a blank or the line's end follows it; the one blank belongs to it.
fn after_mark(line: &str, rest: &str) -> Option<usize> {
    let length = line.len() - rest.len();
    match rest.chars().next() {
        Some(' ') => Some(length + 1),
        None | Some('\n' | '\r') => Some(length),
        Some(_) => None,
    }
}

/// `Time: 10ms total`, `ERROR: …`, `HINT: …`: no statement begins with a word and a colon.
fn is_labelled(line: &str) -> bool {
    let rest = line.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    rest.len() < line.len() && (rest.starts_with(": ") || rest == ":")
}

/// `CREATE ROLE`, `INSERT 0 1`: words in capitals and numbers, and no end of a statement.
fn is_tag(line: &str) -> bool {
    let word = |word: &str| word.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    line.starts_with(|c: char| c.is_ascii_uppercase()) && line.split(' ').all(word)
}

fn begins_with_dotted_name(line: &str) -> bool {
    let name = line.split(|c: char| c.is_whitespace() || matches!(c, '=' | ':' | ';')).next().unwrap_or_default();
    name.contains('.') && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '"'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rest(line: &str, length: Option<usize>) -> Option<&str> {
        length.map(|length| &line[length..])
    }

    #[test]
    fn prompts_of_both_shells_are_told_from_sql() {
        for before in [
            "> ",
            "root@localhost:26257/defaultdb> ",
            "  alice@db.example.com:26257/app> ",
            "root@[::1]:26257/defaultdb> ",
            "root@:26257/movr> ",
            "root@:26257/? ERROR> ",
            "root@localhost:26257/defaultdb  OPEN> ",
            "demo@127.0.0.1:26257/demoapp/movr> ",
            "defaultdb=> ",
            "my-db=# ",
            "postgres=*# ",
            "=> ",
        ] {
            let line = alloc::format!("{before}SET a = 1;");
            assert_eq!(rest(&line, prompt(&line)), Some("SET a = 1;"), "{before}");
        }
        for line in ["SET a = '>';", ">= 1", "a@b c> d", "SELECT a > b", "f(x)=> 1", "'x'=> 1", "a@'b'> c", ""] {
            assert_eq!(prompt(line), None, "{line}");
        }
    }

    #[test]
    fn marks_of_further_lines_take_one_blank() {
        for before in ["-> ", "                     -> ", "db-# ", "db-> ", "db'# ", "db$*# ", "db(> "] {
            let line = alloc::format!("{before} x");
            assert_eq!(rest(&line, continuation(&line)), Some(" x"), "{before}");
        }
        for line in ["->x", "- > x", "db=# x", "a->b", "x"] {
            assert_eq!(continuation(line), None, "{line}");
        }
    }

    #[test]
    fn answers_are_told_from_statements() {
        for text in ["Time: 10ms total (execution 9ms / network 1ms)", "(1 row)", "ERROR: x", "# Welcome", "NOTICE: y"]
        {
            assert!(matches!(answer(text, false), Some(Answer::Line)), "{text}");
        }
        assert!(matches!(answer("  a | b\n----+---\n", false), Some(Answer::Table)));
        assert!(matches!(answer("CREATE ROLE\n\nTime: 1ms", true), Some(Answer::Line)));
        assert!(answer("BEGIN\n", false).is_none());
        assert!(matches!(answer("SET CLUSTER SETTING\n\nTime: 1ms", false), Some(Answer::Line)));
        for text in
            ["SET CLUSTER SETTING\n server.x.y = 1", "SET CLUSTER SETTING\n\n\"server\".x = 1", "SET a := 1", ""]
        {
            assert!(answer(text, true).is_none(), "{text}");
        }
    }
}
