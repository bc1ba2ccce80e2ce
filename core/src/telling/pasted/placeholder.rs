//! Does something stand there that a shell, a template or a person should have replaced by the token?

use alloc::{format, string::String};

use super::scan;
use crate::ground::{mend::Mend, text::shown};

/// What it is, shown, and what to do.
pub(super) fn what(text: &str) -> Option<(String, Mend)> {
    let text = text.trim();
    if text.is_empty() || text.len() > BYTES_MAX || scan::holds_any(text) {
        return None;
    }
    let name = shown(text);
    if NOTHING.iter().any(|nothing| nothing.eq_ignore_ascii_case(text)) {
        let message = format!("the text is `{name}`, no token: a program had no token and wrote that");
        return Some((message, Mend::client("look where the token comes from, and request it anew")));
    }
    let masks = |c: char| matches!(c, '*' | '•' | '●' | 'x' | 'X' | '#');
    let lower = text.to_ascii_lowercase();
    let inner = lower.trim_matches(['<', '>', '[', ']', '(', ')', '*', '{', '}']);
    if text.len() >= 3 && text.chars().all(masks)
        || ["redacted", "hidden", "masked", "secret", "sensitive", "filtered", "removed", "omitted", "sensitive value"]
            .contains(&inner)
    {
        let message = format!("the text is `{name}`: a log or a page hid the token, this is no token");
        return Some((message, Mend::client("put the token itself in its place: copy it from where it was issued")));
    }
    if is_variable(text) {
        let message =
            format!("the text is `{name}`, the name of a variable that nobody expanded: it is a placeholder, no token");
        return Some((
            message,
            Mend::client(
                "put the variable's value in its place: in a shell, double quotes expand it, single quotes do not",
            ),
        ));
    }
    if is_command(text) {
        let message = format!("the text is `{name}`, a command that nobody ran: it is a placeholder, no token");
        return Some((message, Mend::client("put what the command prints in its place")));
    }
    if is_template(text) || is_asking(&lower) {
        let message = format!("the text is `{name}`, a placeholder, no token");
        return Some((message, Mend::client("put the token in its place")));
    }
    None
}

/// Longer ones are none.
const BYTES_MAX: usize = 64;

/// What programs write where they have nothing.
const NOTHING: [&str; 14] = [
    "null",
    "undefined",
    "None",
    "nil",
    "NaN",
    "true",
    "false",
    "N/A",
    "[object Object]",
    "[object Promise]",
    "(null)",
    "<nil>",
    "<none>",
    "{}",
];

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-' | ':'))
}

/// `$TOKEN`, `${TOKEN:-}`, `$env:TOKEN`, `%TOKEN%`, `$(TOKEN)`, `!TOKEN!`, `process.env.TOKEN`.
fn is_variable(text: &str) -> bool {
    let between = |open: &str, close: &str| {
        text.strip_prefix(open).and_then(|rest| rest.strip_suffix(close)).is_some_and(is_name)
    };
    between("$", "")
        || between("${", "}")
        || between("$(", ")")
        || between("%", "%")
        || between("!", "!")
        || between("$$", "")
        || ["process.env.", "os.environ", "env."].iter().any(|start| text.starts_with(start))
}

/// `$(gcloud auth print-identity-token)`, and the same in back-ticks.
fn is_command(text: &str) -> bool {
    let inner = text
        .strip_prefix("$(")
        .and_then(|rest| rest.strip_suffix(')'))
        .or_else(|| text.strip_prefix('`')?.strip_suffix('`'));
    inner.is_some_and(|inner| inner.contains(' '))
}

/// `{JWT_TOKEN}`, `{{ token }}`, `<your token>`, `[TOKEN]`, `__TOKEN__`, `@TOKEN@`, `#{token}`, `%(token)s`, `:token`.
fn is_template(text: &str) -> bool {
    const FORMS: [(&str, &str); 13] = [
        ("{{", "}}"),
        ("{%", "%}"),
        ("{", "}"),
        ("<%=", "%>"),
        ("<", ">"),
        ("[", "]"),
        ("__", "__"),
        ("@", "@"),
        ("#{", "}"),
        ("%(", ")s"),
        ("${{", "}}"),
        ("##", "##"),
        (":", ""),
    ];
    let inner = |(open, close): &(&str, &str)| text.strip_prefix(open).and_then(|rest| rest.strip_suffix(close));
    let is_words = |inner: &str| {
        let inner = inner.trim().trim_start_matches(['.', '-', ' ']);
        inner.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && inner.chars().all(|c| c.is_alphanumeric() || "_-. |'\"()$:".contains(c))
    };
    FORMS.iter().filter_map(inner).any(is_words)
}

/// `YOUR_TOKEN_HERE`, `TOKEN`, `paste-token`, `changeme`: words that speak of the token and are none.
fn is_asking(lower: &str) -> bool {
    let words = lower.split(['_', '-', ' ', '.']);
    const ASKING: [&str; 22] = [
        "your",
        "my",
        "the",
        "a",
        "token",
        "jwt",
        "here",
        "paste",
        "insert",
        "put",
        "replace",
        "with",
        "access",
        "id",
        "oidc",
        "bearer",
        "changeme",
        "todo",
        "sso",
        "auth",
        "example",
        "placeholder",
    ];
    words.clone().all(|word| ASKING.contains(&word)) && words.count() <= 8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_of_every_form_are_told() {
        for text in [
            "{JWT_TOKEN}",
            "$TOKEN",
            "${TOKEN}",
            "$(cat token.txt)",
            "`cat token`",
            "%TOKEN%",
            "$env:TOKEN",
            "{{ token }}",
            "{{ .Values.token }}",
            "<token>",
            "<your token here>",
            "[TOKEN]",
            "__TOKEN__",
            "@TOKEN@",
            "#{token}",
            "%(token)s",
            ":token",
            "${{ secrets.TOKEN }}",
            "YOUR_TOKEN_HERE",
            "your-jwt-token",
            "TOKEN",
            "paste token here",
            "null",
            "undefined",
            "None",
            "[object Object]",
            "xxxxxxxx",
            "********",
            "<redacted>",
            "[REDACTED]",
            "***",
        ] {
            assert!(what(text).is_some_and(|(message, _)| message.contains("no token")), "{text}");
        }
        for text in ["", "Summer2026!", "hunter2", "correct horse", "a.b.c", "{\"a\":1}", "eyJhbGciOiJIUzI1NiJ9"] {
            assert!(what(text).is_none(), "{text}");
        }
    }
}
