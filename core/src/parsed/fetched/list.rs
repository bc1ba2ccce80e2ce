//! What does a header that holds a list of directives say? (RFC 9110 section 5.6.1, RFC 9111 section 5.2)

use alloc::{borrow::Cow, string::String, vec::Vec};

/// A directive, its name as it is written, and what it is set to.
pub(super) type Directive<'h> = (&'h str, Option<Cow<'h, str>>);

/// The directives of one line; nothing where the line is not written as such a list.
pub(super) fn directives(line: &str) -> Option<Vec<Directive<'_>>> {
    let mut all = Vec::new();
    let mut rest = line;
    loop {
        rest = rest.trim_start_matches(BLANKS);
        if let Some(after) = rest.strip_prefix(',') {
            rest = after;
            continue;
        }
        if rest.is_empty() {
            return Some(all);
        }
        let (name, after) = token(rest)?;
        let (value, after) = match after.strip_prefix('=') {
            Some(value) => value_of(value).map(|(value, after)| (Some(value), after))?,
            None => (None, after),
        };
        all.push((name, value));
        rest = after.trim_start_matches(BLANKS);
        if !rest.is_empty() && !rest.starts_with(',') {
            return None;
        }
    }
}

const BLANKS: [char; 2] = [' ', '\t'];

fn token(text: &str) -> Option<(&str, &str)> {
    let is_of_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    let end = text.bytes().position(|byte| !is_of_token(byte)).unwrap_or(text.len());
    text.split_at_checked(end).filter(|(token, _)| !token.is_empty())
}

fn value_of(text: &str) -> Option<(Cow<'_, str>, &str)> {
    match text.strip_prefix('"') {
        Some(inside) => quoted(inside).map(|(value, after)| (Cow::Owned(value), after)),
        None => token(text).map(|(value, after)| (Cow::Borrowed(value), after)),
    }
}

/// What stands before the closing quote, and what stands after it.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut characters = text.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return Some((value, text.get(at.checked_add(1)?..)?)),
            '\\' => value.push(characters.next()?.1),
            '\t' | ' '..='~' => value.push(character),
            _ => return None,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::{format, string::ToString};

    fn read(line: &str) -> Option<String> {
        let written = |(name, value): &Directive<'_>| match value {
            Some(value) => format!("{name}={value}"),
            None => name.to_string(),
        };
        directives(line).map(|all| all.iter().map(written).collect::<Vec<_>>().join("|"))
    }

    #[test]
    fn a_list_is_read_with_its_quotes_and_its_gaps() {
        for (line, expected) in [
            ("", ""),
            (" , ,\t", ""),
            ("max-age=300", "max-age=300"),
            ("public,max-age=300 ,  Must-Revalidate", "public|max-age=300|Must-Revalidate"),
            (r#"max-age="300""#, "max-age=300"),
            (r#"x="a, max-age=9", y="\"q\\""#, r#"x=a, max-age=9|y="q\"#),
            (r#"x="""#, "x="),
        ] {
            assert_eq!(read(line).as_deref(), Some(expected), "{line}");
        }
    }

    #[test]
    fn what_is_no_such_list_is_none() {
        for line in [
            "=",
            "max-age =300",
            "max-age= 300",
            "max-age=",
            r#"x="a"#,
            r#"x="a\"#,
            r#"x="a"b"#,
            r#""x"=1"#,
            "a b",
            "a;b",
            "max-age=3\u{661}",
            "é",
            "x=\"é\"",
            "x=\"\u{7f}\"",
            "x=\"\n\"",
        ] {
            assert_eq!(read(line), None, "{line}");
        }
    }
}
