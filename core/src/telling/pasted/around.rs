//! What stands around a token? White space, quotes and punctuation, or the line, the command or the address that it was
//! copied from.

use alloc::{format, string::String, vec::Vec};
use core::ops::Range;

use super::{
    layer::{Inside, Layer, Under},
    scan,
};
use crate::ground::text::{is_invisible, shown};

/// White space, quotes and punctuation at both ends.
pub(super) fn trimmed(text: &str) -> Option<Under> {
    let blank = |c: char| c.is_whitespace() || is_invisible(c);
    let dotted = text.matches('.').count() > 2;
    let wide = text.trim_matches(|c| blank(c) || QUOTES.contains(&c) || BRACKETS.contains(&c));
    // Brackets are also how placeholders and documents are written.
    let inner = match scan::begins(wide) {
        true => {
            wide.trim_end_matches(|c| blank(c) || c == '.' && dotted || QUOTES.contains(&c) || BRACKETS.contains(&c))
        }
        false => text.trim_matches(|c| blank(c) || QUOTES.contains(&c)),
    };
    if inner.len() == text.len() || inner.is_empty() {
        return None;
    }
    let start = text.find(inner)?;
    let before = text.get(..start)?;
    let after = text.get(start.saturating_add(inner.len())..)?;
    let (facts, fixes) = match (edge(before), edge(after)) {
        (Some(before), Some(after)) if before == after => {
            (format!("{before} around the token"), format!("remove {}", noun(&before)))
        }
        (Some(before), Some(after)) => (
            format!("{before} before the token and {after} after it"),
            format!("remove {} and {}", noun(&before), noun(&after)),
        ),
        (Some(before), None) => (format!("{before} before the token"), format!("remove {}", noun(&before))),
        (None, Some(after)) => (format!("{after} after the token"), format!("remove {}", noun(&after))),
        (None, None) => return None,
    };
    Some(Under::text(Layer::new(facts, fixes), inner))
}

/// Quotes of every kind and what lists, sentences and programs put beside them.
const QUOTES: [char; 22] = [
    '"', '\'', '`', '“', '”', '„', '‟', '‘', '’', '‚', '‛', '«', '»', '‹', '›', '「', '」', '『', '』', ',', ';', '\\',
];

const BRACKETS: [char; 9] = ['(', ')', '[', ']', '<', '>', '*', '{', '}'];

/// What stands at an end, as the beginning of a clause.
fn edge(marks: &str) -> Option<String> {
    let visible: String = marks.chars().filter(|&c| !c.is_whitespace() && !is_invisible(c)).collect();
    let typographic = |c: char| !c.is_ascii();
    Some(if marks.is_empty() {
        return None;
    } else if visible.is_empty() {
        match marks {
            _ if marks.chars().any(|c| !c.is_whitespace()) => "an invisible character stands".into(),
            _ if marks.contains(['\n', '\r']) => "a line end stands".into(),
            _ => "white space stands".into(),
        }
    } else if visible.chars().all(|c| matches!(c, '"' | '\'' | '`')) {
        "quotes stand".into()
    } else if visible.chars().all(typographic) {
        "typographic quotes stand".into()
    } else {
        let some: String = visible.chars().take(8).collect();
        // A back-tick would end what is shown.
        format!("`{}` stands", shown(&some.replace('`', "'")))
    })
}

/// What is to be removed, of the beginning of such a clause.
fn noun(edge: &str) -> String {
    let noun = edge.strip_suffix(" stands").or_else(|| edge.strip_suffix(" stand")).unwrap_or(edge);
    let noun = noun.strip_prefix("an ").or_else(|| noun.strip_prefix("a ")).unwrap_or(noun);
    match noun.starts_with('`') {
        true => noun.into(),
        false => format!("the {noun}"),
    }
}

/// A token, or several, inside a longer text.
pub(super) fn inside(text: &str) -> Option<Under> {
    let mut found = scan::find(text);
    let whole = |range: &Range<usize>| text.get(range.clone()).is_some_and(scan::is_whole);
    if found.iter().any(whole) {
        found.retain(whole);
    }
    let tokens: Vec<&str> = found.iter().filter_map(|range| text.get(range.clone())).collect();
    let (first, range) = (*tokens.first()?, found.first()?.clone());
    if first.len() == text.len() {
        return None;
    }
    if let Some(second) = tokens.iter().find(|&&token| token != first) {
        let layer = Layer::new("the text holds two tokens", "send one token alone");
        let tokens = [("the first".into(), first.into()), ("the second".into(), String::from(*second))];
        return Some(Under { layer, inside: Inside::Tokens(tokens.into()) });
    }
    let layer = source(text.get(..range.start)?, text.get(range.end..)?);
    Some(Under::text(layer, first))
}

/// Two tokens without anything between them: five parts, the third a signature with the next header behind it.
pub(super) fn glued(text: &str) -> Option<Under> {
    let parts: Vec<&str> = text.split('.').collect();
    let &[header, claims, middle, other_claims, other_signature] = parts.as_slice() else { return None };
    let at = middle.match_indices("eyJ").map(|(at, _)| at).take(GLUED_TRIED_MAX).find(|&at| {
        let (signature, next) = middle.split_at_checked(at).unwrap_or_default();
        scan::is_token(&format!("{header}.{claims}.{signature}"))
            && scan::is_token(&format!("{next}.{other_claims}.{other_signature}"))
    })?;
    let (signature, next) = middle.split_at_checked(at)?;
    let layer = Layer::new("the text holds two tokens, one right after the other", "send one token alone");
    let tokens = [
        ("the first".into(), format!("{header}.{claims}.{signature}")),
        ("the second".into(), format!("{next}.{other_claims}.{other_signature}")),
    ];
    Some(Under { layer, inside: Inside::Tokens(tokens.into()) })
}

/// How many places of a signature that may begin the next token are tried: by chance there is one in 260,000.
const GLUED_TRIED_MAX: usize = 8;

/// What a text is that has a token in it.
fn source(before: &str, after: &str) -> Layer {
    let start = before.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\''));
    let lower = start.to_ascii_lowercase();
    let name = name_before(before);
    let value = || match &name {
        Some((name, _)) => format!("send only the value of `{}`", shown(name)),
        None => "send only the token in it".into(),
    };
    let begins = |words: &[&str]| words.iter().any(|word| lower.starts_with(word));
    if begins(&["postgres://", "postgresql://", "cockroach://", "cockroachdb://", "jdbc:", "mysql://"]) {
        let fact = "the text is a whole connection URL";
        return if after.starts_with('@') {
            Layer::new(fact, "send only the password in it: what stands between the user's `:` and the `@`")
        } else {
            Layer::new(fact, format!("{}, as the password", value()))
        };
    }
    if ["host=", "dbname=", "hostaddr=", "server=", "data source="].iter().any(|word| lower.contains(word))
        && name.is_some()
    {
        return Layer::new("the text is a whole connection string", format!("{}, as the password", value()));
    }
    if !before.trim().contains(' ') && before.matches(':').count() == 4 && !before.contains("//") {
        return Layer::new(
            "the text is a line of a password file (`.pgpass`)",
            "send only its last field, the password",
        );
    }
    if begins(&["http://", "https://"]) {
        return Layer::new("the text is a whole URL", value());
    }
    if begins(&["cookie:", "set-cookie:"]) {
        return Layer::new("the text is a whole `Cookie` header", value());
    }
    let scheme = ["bearer", "token", "jwt", "dpop"].into_iter().find(|scheme| {
        before
            .trim_end()
            .to_ascii_lowercase()
            .strip_suffix(scheme)
            .is_some_and(|rest| !rest.ends_with(char::is_alphanumeric))
    });
    let command = ["curl", "wget", "http ", "https ", "psql", "cockroach ", "$ ", "# ", "docker", "kubectl", "invoke-"];
    if begins(&command) || lower.contains("curl ") || lower.contains("psql ") || lower.contains("cockroach sql") {
        return Layer::new("the text is a whole command with the token in it", value());
    }
    match (scheme, name) {
        (Some("bearer" | "dpop"), _) if lower.contains("authorization") => {
            Layer::new("`Authorization: Bearer` stands before the token", "remove `Authorization: Bearer`")
        }
        (Some("bearer"), _) => Layer::new("`Bearer` stands before the token", "remove `Bearer`"),
        (_, Some((name, sign))) => {
            let before = format!("`{}{sign}`", shown(&name));
            Layer::new(format!("{before} stands before the token"), format!("send only what stands after {before}"))
        }
        (Some(scheme), _) => {
            Layer::new(format!("`{scheme}` stands before the token"), format!("remove the word `{scheme}`"))
        }
        _ if before.is_empty() => Layer::new("other text stands after the token", "remove what stands after it"),
        _ => Layer::new("other text stands before the token", "remove what stands before it"),
    }
}

/// The name of what the token is the value of: `token=`, `"access_token": "`, `Authorization: `. Only letters, digits, `_`, `-`
/// and `.`, and not too long, so that no secret is one.
fn name_before(before: &str) -> Option<(String, char)> {
    let is_quote = |c: char| QUOTES.contains(&c) || c.is_whitespace();
    let head = before.trim_end_matches(is_quote);
    let head = head.strip_suffix('>').map_or(head, |head| head.trim_end_matches('='));
    let sign = head.chars().next_back().filter(|sign| matches!(sign, '=' | ':'))?;
    let head = head.trim_end_matches(['=', ':', ' ']).trim_end_matches(is_quote);
    let start = head.rfind(|c: char| !(c.is_ascii_alphanumeric() || "_-.".contains(c))).map_or(0, |at| {
        at.saturating_add(head.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8))
    });
    let name = head.get(start..).filter(|name| (1..=NAME_BYTES_MAX).contains(&name.len()))?;
    (name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && !scan::holds_any(name))
        .then(|| (name.into(), sign))
}

/// The longest name that is shown.
const NAME_BYTES_MAX: usize = 40;

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    #[test]
    fn marks_around_a_token_are_named_and_taken_off() {
        for (before, after, fact) in [
            ("'", "'", "quotes stand around the token"),
            ("", "\",", "`\",` stands after the token"),
            ("", ";", "`;` stands after the token"),
            ("“", "”", "typographic quotes stand around the token"),
            (" ", "", "white space stands before the token"),
            ("", "\r\n", "a line end stands after the token"),
            ("\u{200b}", "", "an invisible character stands before the token"),
            ("", ".", "other"),
        ] {
            let under = trimmed(&format!("{before}{TOKEN}{after}")).unwrap();
            assert!(matches!(under.inside, Inside::Text(text) if text == TOKEN), "{before}{after}");
            assert!(under.layer.fact == fact || fact == "other", "{}", under.layer.fact);
        }
    }

    #[test]
    fn what_a_token_was_copied_from_is_named() {
        for (before, after, fact, fix) in [
            ("Bearer ", "", "`Bearer`", "remove"),
            ("Authorization: Bearer ", "", "`Authorization: Bearer`", "remove"),
            ("token=", "", "`token=`", "after"),
            ("export DB_TOKEN='", "'", "`DB_TOKEN=`", "after"),
            ("$env:PGPASSWORD = \"", "\"", "`PGPASSWORD=`", "after"),
            ("postgresql://ann:", "@db.example:26257/x?sslmode=verify-full", "connection URL", "between"),
            ("jdbc:postgresql://db/x?user=ann&password=", "&ssl=true", "connection URL", "value of `password`"),
            ("host=db user=ann password=", " dbname=x", "connection string", "value of `password`"),
            ("db.example:26257:*:ann:", "", ".pgpass", "last field"),
            ("https://app.example/cb#id_token=", "&state=1", "URL", "value of `id_token`"),
            ("Cookie: a=b; id=", "; c=d", "Cookie", "value of `id`"),
            ("curl -H 'Authorization: Bearer ", "' https://x", "command", "send only"),
            ("{'access_token': '", "'}", "`access_token:`", "after"),
            ("here it is: ", " thanks", "`is:`", "after"),
            ("jwt ", "", "`jwt`", "remove"),
            ("", " alice", "after the token", "remove"),
        ] {
            let under = inside(&format!("{before}{TOKEN}{after}")).unwrap();
            assert!(under.layer.fact.contains(fact), "{before}: {}", under.layer.fact);
            assert!(under.layer.fix.contains(fix), "{before}: {}", under.layer.fix);
            assert!(matches!(under.inside, Inside::Text(text) if text == TOKEN), "{before}");
        }
    }

    #[test]
    fn two_tokens_are_taken_apart() {
        for between in ["", " ", "\n", ","] {
            let text = format!("{TOKEN}{between}{}", TOKEN.replace("AAA", "BBB"));
            let under = glued(&text).or_else(|| inside(&text)).unwrap();
            assert!(matches!(under.inside, Inside::Tokens(tokens) if tokens.len() == 2), "{between:?}");
        }
    }
}
