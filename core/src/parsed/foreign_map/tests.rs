//! What the readers make of each construct, held against what the servers' manuals say of it.

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};

use super::{
    are, java,
    lexer::Unread,
    pattern::Pattern,
    pg_ident,
    rule::{Piece, Principals, Rule, Stops, Users},
    trino, written,
};

fn postgresql(pattern: &str) -> Result<String, Unread> {
    are::read(pattern).map(|(pattern, _)| told(&pattern))
}

fn of_java(pattern: &str) -> Result<String, Unread> {
    java::read(pattern).map(|read| told(&read.pattern))
}

/// The pattern for RE2, or what of it has no counterpart.
fn told(pattern: &Pattern) -> String {
    match pattern.first_foreign() {
        Some(foreign) => format!("no counterpart: {foreign}"),
        None => written(pattern),
    }
}

#[test]
fn what_means_the_same_in_postgresql_is_written_for_re2() {
    for (pattern, expected) in [
        ("^bob$", "^bob$"),
        ("a.c", "a(?s:.)c"),
        ("a*b+c?", "a*b+c?"),
        ("a*?b+?c??", "a*?b+?c??"),
        ("a{2}b{2,}c{2,3}d{0,255}", "a{2}b{2,}c{2,3}d{0,255}"),
        ("a{2,3}?", "a{2,3}?"),
        ("a{,3}", r"a\{,3\}"),
        ("a{", r"a\{"),
        ("(a|b)c", "(a|b)c"),
        ("(?:a|b)c", "(?:a|b)c"),
        ("a|b|", "a|b|"),
        ("()", "()"),
        (r"\d\D\w\s", "[0-9][^0-9][0-9A-Z_a-z][\\x{9}-\\x{d}\\x20]"),
        ("[[:alpha:]_-]", r"[\-A-Z_a-z]"),
        ("[[:cntrl:]]", r"[\x{0}-\x{1f}\x{7f}-\x{9f}]"),
        ("[]a]", r"[\]a]"),
        ("[^]a]", r"[^\]a]"),
        ("[a-c.]", r"[\.a-c]".replace(r"\.", ".").as_str()),
        (r"[\d\.]", "[.0-9]"),
        (r"\x23", r"\x23"),
        (r"\x23EXT", "ȾXT"),
        (r"\u0023", r"\x23"),
        (r"\U00000041", "A"),
        (r"\b", r"\x{8}"),
        (r"\B", r"\\"),
        (r"\A\.\Z", r"^\.$"),
        ("a b", r"a\x20b"),
        ("(?i)aB1", "[Aa][Bb]1"),
        ("(?i)[k-m]", "[K-Mk-m]"),
        ("(?i)[[:upper:]]", "[A-Za-z]"),
        ("(?ic)a", "a"),
        ("***:a", "a"),
        ("***=a.b", r"a\.b"),
        ("", ""),
        ("]}", r"\]\}"),
        ("é", "é"),
    ] {
        assert_eq!(postgresql(pattern).as_deref(), Ok(expected), "{pattern}");
    }
}

#[test]
fn what_re2_lacks_of_postgresql_is_named() {
    for (pattern, expected) in [
        ("a(?=b)", "`(?=` (a look-ahead)"),
        ("a(?!b)", "`(?!` (a look-ahead)"),
        ("(?<=a)b", "`(?<=` (a look-behind)"),
        ("(?<!a)b", "`(?<!` (a look-behind)"),
        (r"(a)\1", r"`\1` (a back-reference)"),
        (r"\mfoo\M", r"`\m` (an edge of a word)"),
        (r"\yfoo", r"`\y` (an edge of a word)"),
    ] {
        assert_eq!(postgresql(pattern), Ok(format!("no counterpart: {expected}")), "{pattern}");
    }
    for pattern in ["(?x)a b", "(?n)a", "[[:<:]]a", "[[.a.]]", "[[=a=]]", r"\cA", r"\0", "(?#x)", "[[:nope:]]", r"[\D]"]
    {
        assert!(matches!(postgresql(pattern), Err(Unread::Unknown(_))), "{pattern}: {:?}", postgresql(pattern));
    }
}

#[test]
fn what_postgresql_itself_refuses_is_invalid() {
    for pattern in [
        "(", "a)", "[a", "*a", "a**", "a+*", "^*", "a{256}", "a{3,2}", "a{1", "[b-a]", "a\\", "(|*)", "(?z)a", "***a",
        "[a-c-e]", "{1}",
    ] {
        assert!(matches!(postgresql(pattern), Err(Unread::Invalid(_))), "{pattern}: {:?}", postgresql(pattern));
    }
}

#[test]
fn what_means_the_same_in_java_is_written_for_re2() {
    for (pattern, expected) in [
        ("(.*)@example\\.com", r"([^\x{a}\x{d}\x{85}\x{2028}\x{2029}]*)@example\.com"),
        ("(?s)a.c", "a(?s:.)c"),
        ("(?s:a.)c", "a(?s:.)c"),
        ("(?<user>[a-z]+)x", "([a-z]+)x"),
        ("(?i)aB", "[Aa][Bb]"),
        ("a(?i:b)c", "a[Bb]c"),
        ("((?i)b)c", "([Bb])c"),
        ("(?i)a(?-i)b", "[Aa]b"),
        (r"\Qa.b\Ec", r"a\.bc"),
        (r"\Qa.b", r"a\.b"),
        (r"\d\W\s", "[0-9][^0-9A-Z_a-z][\\x{9}-\\x{d}\\x20]"),
        (r"\p{Alpha}\P{Digit}\p{Space}", "[A-Za-z][^0-9][\\x{9}-\\x{d}\\x20]"),
        (r"[\w.-]+", r"[\-.0-9A-Z_a-z]+"),
        ("[^@]", "[^@]"),
        (r"\x41\u0042\x{43}\t", r"ABC\x{9}"),
        ("a{2,3}?b??", "a{2,3}?b??"),
        (r"\Aa\z", "^a$"),
        ("]}", r"\]\}"),
    ] {
        assert_eq!(of_java(pattern).as_deref(), Ok(expected), "{pattern}");
    }
}

#[test]
fn what_re2_lacks_of_java_is_named() {
    for (pattern, expected) in [
        ("a(?=b)", "`(?=` (a look-ahead)"),
        ("(?<!a)b", "`(?<!` (a look-behind)"),
        ("(?>a)b", "`(?>` (an atomic group)"),
        ("a*+b", "`a*+` (possessive repetition)"),
        (r"(a)\1", r"`\1` (a back-reference)"),
        (r"\bfoo", r"`\b` (an edge of a word)"),
        (r"\h", r"`\h` (a kind of white space)"),
    ] {
        assert_eq!(of_java(pattern), Ok(format!("no counterpart: {expected}")), "{pattern}");
    }
    for pattern in [
        "(?x)a b",
        "(?m)^a",
        "(?u)a",
        r"\p{L}",
        r"\pL",
        r"\p{IsGreek}",
        "[a[b]]",
        "[a-z&&[b]]",
        "[]a]",
        r"\k<n>",
        r"\cA",
        r"\q",
        r"\Qab\E*",
        "a{2}{3}",
        "^*",
        r"(?i)\p{Lower}",
        r"\ud83d",
    ] {
        assert!(matches!(of_java(pattern), Err(Unread::Unknown(_))), "{pattern}: {:?}", of_java(pattern));
    }
}

#[test]
fn what_java_itself_refuses_is_invalid() {
    for pattern in ["(", "a)", "[a", "*a", "a{", "{1}", "a{3,2}", "[b-a]", "a\\", "(?<1>a)", "(?<n>a)(?<n>b)", "(?y)a"]
    {
        assert!(matches!(of_java(pattern), Err(Unread::Invalid(_))), "{pattern}: {:?}", of_java(pattern));
    }
}

fn rules(text: &str) -> Vec<Rule> {
    let read = pg_ident::read(text);
    assert_eq!(read.refused, None, "{text}");
    read.pieces.into_iter().filter_map(|piece| if let Piece::Rule(rule) = piece { Some(*rule) } else { None }).collect()
}

/// The columns of each line as literals.
fn literals(text: &str) -> Vec<(u32, String, String, Vec<String>)> {
    rules(text)
        .into_iter()
        .map(|rule| {
            let principal = match rule.principals {
                Principals::Literal(text) => text,
                Principals::Pattern(pattern) => format!("/{}", written(&pattern)),
                Principals::Unknown => "?".into(),
            };
            let users = match rule.users {
                Users::These(users) => users,
                Users::Taken { before, after, .. } => [format!(r"{before}\1{after}")].into(),
                _ => ["?".to_string()].into(),
            };
            (rule.line, rule.map.unwrap_or_default(), principal, users)
        })
        .collect()
}

#[test]
fn lines_of_pg_ident_are_split_as_postgresql_splits_them() {
    for (text, expected) in [
        ("m a b", (1, "m", "a", "b")),
        ("m a b\r\n", (1, "m", "a", "b")),
        ("\tm\ta  b # c", (1, "m", "a", "b")),
        ("m a b#c", (1, "m", "a", "b")),
        ("m \"a b\" c", (1, "m", "a b", "c")),
        ("m \"a#b\" c", (1, "m", "a#b", "c")),
        ("m a\"b c\"d e", (1, "m", "ab cd", "e")),
        ("m \"a\"\"b\" c", (1, "m", "a\"b", "c")),
        ("m a \"b", (1, "m", "a", "b")),
        ("m a b extra \"x", (1, "m", "a", "b")),
        ("# x\n\nm a b", (3, "m", "a", "b")),
        ("m a\\\n b", (1, "m", "a", "b")),
        ("m a b\\\nc", (1, "m", "a", "bc")),
        ("# x\\\nm n o\nm a b", (3, "m", "a", "b")),
        ("m a \"all\"", (1, "m", "a", "all")),
        ("m a \"+b\"", (1, "m", "a", "+b")),
        ("include foo bar", (1, "include", "foo", "bar")),
        ("m \"/^a$\" b", (1, "m", "/^a$", "b")),
        (r"m /^(.)$ x\1y", (1, "m", "/^((?s:.))$", r"x\1y")),
        (r#"m /^(.)$ "\1""#, (1, "m", "/^((?s:.))$", r"\1")),
        (r"m a \1", (1, "m", "a", r"\1")),
        ("m /a b", (1, "m", "/^(?s:.)*a(?s:.)*$", "b")),
        ("m /^a|b$ b", (1, "m", "/^(?s:.)*(?:^a|b$)(?s:.)*$", "b")),
        ("m / b", (1, "m", "/^(?s:.)*(?s:.)*$", "b")),
    ] {
        let (line, map, principal, user) = expected;
        assert_eq!(literals(text), [(line, map.into(), principal.into(), [user.to_string()].into())], "{text:?}");
    }
    // The second of two backslashes stands on a line of its own that adds nothing.
    assert_eq!(literals("m a b\\\n\nn c d").len(), 2);
}

#[test]
fn lines_for_any_role_or_a_group_are_known_to_be_so() {
    for text in ["m a all", "m a a\"ll\"".replace("a\"ll\"", "all").as_str(), "m a +b", "m a /b", "m a /^b", "m a b@c,"]
    {
        let read = pg_ident::read(text);
        let Some(Piece::Rule(rule)) = read.pieces.first() else { panic!("{text}") };
        let literal = text == "m a b@c,";
        assert_eq!(rule.why_not.is_none(), literal, "{text}");
    }
    let words = literals("m a /^(bob|al(ice)?)$");
    assert_eq!(words[0].3, ["al", "alice", "bob"]);
}

#[test]
fn a_file_that_postgresql_refuses_is_refused() {
    for (text, why) in [
        ("m a", "line 1: missing entry at end of line"),
        ("m a b\nm\n", "line 2: missing entry at end of line"),
        ("m a, b c", "line 1: multiple values in ident field"),
        ("m a b,c", "line 1: multiple values in ident field"),
        ("m /( b", "line 1: invalid regular expression `/(`: parentheses () not balanced: `(`"),
        ("m a /(", "line 1: invalid regular expression `/(`: parentheses () not balanced: `(`"),
    ] {
        assert_eq!(pg_ident::read(text).refused.as_deref(), Some(why), "{text}");
    }
}

#[test]
fn a_line_that_can_end_the_search_with_an_error_is_known() {
    for (text, stops) in [
        (r"m /^(a)$ \1", Stops::Nobody),
        (r"m /^(a)?b$ \1", Stops::WithoutGroup),
        (r"m /^(?:(a)|b)$ \1", Stops::WithoutGroup),
        (r"m /^a$ \1", Stops::WithoutGroup),
        (r"m /^a(?x)$ \1", Stops::WithoutGroup),
        (r"m /^a(?!b)(.*)$ \1", Stops::Nobody),
        (r"m /^a(?!b)(.*)$ x", Stops::Nobody),
        (r"m a \1", Stops::Nobody),
    ] {
        assert_eq!(rules(text)[0].stops, stops, "{text}");
    }
}

#[test]
fn a_replacement_is_read_as_java_reads_it() {
    let rule = |user: &str| {
        let text = serde_json::json!({"rules": [{"pattern": "(?<n>a)(b)", "user": user}]}).to_string();
        let read = trino::read_rules(&text);
        assert_eq!(read.refused, None);
        let Some(Piece::Rule(rule)) = read.pieces.into_iter().next() else { panic!() };
        let pattern = match rule.principals {
            Principals::Pattern(pattern) => written(&pattern),
            _ => String::new(),
        };
        (rule.users, pattern, rule.why_not.map(|why| why.message))
    };
    for (user, before, after, pattern) in [
        ("$1", "", "", "^(a)b$"),
        ("$2", "", "", "^a(b)$"),
        ("$0", "", "", "^(ab)$"),
        ("x$1y", "x", "y", "^(a)b$"),
        ("${n}", "", "", "^(a)b$"),
        ("$12", "", "2", "^(a)b$"),
        (r"\$$1", "$", "", "^(a)b$"),
    ] {
        let (users, written, why) = rule(user);
        assert!(why.is_none(), "{why:?}");
        let Users::Taken { before: b, after: a, .. } = users else { panic!("{user}") };
        assert_eq!((&*b, &*a, &*written), (before, after, pattern), "{user}");
    }
    for user in ["$3", "$", "$x", "${m}", "${n", "a\\", "$1$2", "$1$1"] {
        assert!(rule(user).2.is_some(), "{user}");
    }
    for user in ["", "  "] {
        assert!(matches!(rule(user).0, Users::Nobody), "{user:?}");
    }
}

#[test]
fn rules_that_trino_does_not_start_with_are_refused() {
    for text in [
        "",
        "[]",
        "{}",
        r#"{"rules": []}"#,
        r#"{"rules": [{}]}"#,
        r#"{"rules": [{"pattern": 1}]}"#,
        r#"{"rules": [{"pattern": "("}]}"#,
        r#"{"rules": [{"pattern": "a", "alow": false}]}"#,
        r#"{"rules": [{"pattern": "a", "allow": "no"}]}"#,
        r#"{"rules": [{"pattern": "a", "case": "title"}]}"#,
        r#"{"rules": [{"pattern": "a", "pattern": "b"}]}"#,
        r#"{"rules": [{"pattern": "a"}], "more": 1}"#,
    ] {
        assert!(trino::read_rules(text).refused.is_some(), "{text}");
    }
    let read = trino::read_rules(
        "{\"rules\": [\n{\"pattern\": \"a\"},\n{\"pattern\": \"b\", \"allow\": false, \"user\": null}]}",
    );
    let lines: Vec<_> =
        read.pieces.iter().map(|piece| if let Piece::Rule(rule) = piece { rule.line } else { 0 }).collect();
    assert_eq!(lines, [2, 3]);
}
