use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};

use super::{
    Dialect, IdentityMap,
    map::{Line, Mapped},
    near_miss::Change,
};
use crate::ground::{fault::Fault, reason::ReasonCode, work::Work};

fn compile(text: &str, dialect: Dialect) -> Result<IdentityMap, Fault> {
    IdentityMap::parse(text, dialect)
}

fn database(text: &str) -> IdentityMap {
    compile(text, Dialect::COCKROACHDB).unwrap()
}

/// The users of a principal of `iss`, `None` without a map.
fn users(map: &IdentityMap, principal: &str) -> Option<Vec<String>> {
    Some(map.lines_for("iss")?.users_once(principal).into_iter().map(|mapped| mapped.user).collect())
}

fn list(users: &[&str]) -> Option<Vec<String>> {
    Some(users.iter().map(ToString::to_string).collect())
}

#[test]
fn rules_give_what_they_give_in_the_database() {
    for (rules, principal, expected) in [
        ("iss a b", "a", &["b"][..]),
        ("iss A b", "a", &["b"]),
        ("iss a B", "a", &["b"]),
        ("iss a b", "zz", &[]),
        ("iss a b", "a\n", &[]),
        ("iss / admin", "anything", &["admin"]),
        ("iss / admin", "", &["admin"]),
        (r"iss /^(.*)@x\.com$ \1", "root@x.com", &["root"]),
        (r"iss /^(.*)@x\.com$ \1", "a@b@x.com", &["a@b"]),
        (r"iss /^(.*)@x\.com$ \1", "@x.com", &[]),
        (r"iss /^(.*)@x\.com$ \1", "evil\nx@x.com", &[]),
        (r"iss /^(.*)@x\.com$ \1", "root@x.com\n", &[]),
        (r"iss /^(.*)@x\.com$ u_\1", "@x.com", &["u_"]),
        (r"iss /^(.*)@x.com$ \1", "bob@xYcom", &["bob"]),
        (r"iss /@x\.com admin", "evil@x.com.attacker.org", &["admin"]),
        ("iss /^a|b$ x", "zzb", &["x"]),
        (r"iss /(a)(b) \2\1", "ab", &[r"\2a"]),
        (r"iss /(a)|b u\1", "b", &["u"]),
        ("iss a b\niss a B\niss /.* c", "a", &["b", "c"]),
        ("iss kyle k", "\u{212a}yle", &["k"]),
        ("iss /^kyle$ k", "\u{212a}yle", &["k"]),
        ("iss /^(?-i:Foo)$ x", "foo", &[]),
        ("iss /^(?-i:Foo)$ x", "Foo", &["x"]),
        (r"iss /^(a+)$ \1\1", "aa", &[r"aa\1"]),
    ] {
        assert_eq!(users(&database(rules), principal), list(expected), "{rules:?} {principal:?}");
    }
}

#[test]
fn an_issuer_without_rules_has_no_map() {
    let map = database("iss a b");
    assert!(map.lines_for("ISS").is_none() && map.lines_for("other").is_none());
    let map = database("foo a b\nbar a b\nfoo c d");
    for (name, there) in [("foo", true), ("bar", true), ("fo", false), ("asdf", false)] {
        assert_eq!(map.lines_for(name).is_some(), there);
    }
    assert_eq!(map.issuers().collect::<Vec<_>>(), ["foo", "bar"]);
    assert_eq!(map.line_count(), 3);
    for nothing in ["", " \n\t", "# c", "# c\n\n  # d\r\n"] {
        assert_eq!(database(nothing).line_count(), 0);
    }
}

#[test]
fn the_servers_own_unit_tests_hold() {
    for (rules, cases) in [
        ("iss carlito carl", &[("carlito", &["carl"][..]), ("nope", &[]), ("CaRlItO", &["carl"])][..]),
        (r"iss /^(.*)@cockroachlabs.com$ \1", &[("carl@cockroachlabs.com", &["carl"]), ("carl@example.com", &[])]),
        (r"iss /^(.*)@cockroachlabs.com$ \11", &[("carl@cockroachlabs.com", &["carl1"])]),
        (r"iss /^(.*)@cockroachlabs.com$ 1\1", &[("carl@cockroachlabs.com", &["1carl"])]),
        (r"iss /^(.*)@CockroachLabs.com$ \1", &[("Carl@CockroachLabs.COM", &["carl"])]),
        (
            "iss /^(.*)@cockroachlabs.com$ \\1\niss carl@cockroachlabs.com also_carl\niss carl@cockroachlabs.com carl",
            &[("carl@cockroachlabs.com", &["carl", "also_carl"]), ("x", &[])],
        ),
        ("iss AbC123DeF456 cert_user", &[("abc123def456", &["cert_user"]), ("ABC123DEF456", &["cert_user"])]),
        (
            r"iss /^([A-Z0-9]+)@example.com$ user_\1",
            &[("abc123@example.com", &["user_abc123"]), ("ABC123@EXAMPLE.COM", &["user_abc123"])],
        ),
        (r"iss /^(.*)@example\.com$ \1", &[("John.Doe@Example.com", &["john.doe"])]),
        (
            "iss carl@example.com carl\niss /^(.*)@example\\.com$ \\1",
            &[("Carl@example.com", &["carl"]), ("CARL@EXAMPLE.COM", &["carl"])],
        ),
    ] {
        let map = database(rules);
        for (principal, expected) in cases {
            assert_eq!(users(&map, principal), list(expected), "{rules:?} {principal:?}");
        }
    }
}

#[test]
fn the_hardened_map_tells_upper_and_lower_case_apart() {
    let map = compile("iss Carl carl\niss /^(k.*)$ \\1", Dialect::STRICT).unwrap();
    assert_eq!(users(&map, "Carl"), list(&["carl"]));
    assert_eq!(users(&map, "carl"), list(&[]));
    assert_eq!(users(&map, "kyle"), list(&["kyle"]));
    assert_eq!(users(&map, "Kyle"), list(&[]));
}

#[test]
fn a_mapped_user_tells_its_line_and_what_became_of_the_name() {
    let map = database("# c\niss /^(.*)@x$ \\1\n");
    for (principal, user, raw_changed) in [("Bob@x", "bob", false), ("adm\u{131}n@x", "admin", true)] {
        let mapped = map.lines_for("iss").unwrap().users_once(principal);
        assert_eq!(mapped, [Mapped { user: user.into(), raw_changed, line: 2 }]);
    }
    let lines: Vec<_> = map.lines_for("iss").unwrap().lines().collect();
    assert_eq!(lines, [Line { number: 2, offset: 8, identity: "/^(.*)@x$", user: "\\1" }]);
    assert_eq!(lines[0].pattern(), Some("^(.*)@x$"));
}

#[test]
fn lines_that_the_database_takes_are_taken() {
    for text in [
        "a b c",
        "a b c # x",
        "a b c\r\nd e f\r",
        "include foo bar",
        r"a /(b) \1\1",
        r"a /(b) x\2y",
        r"a /x(b)? \1",
        r"a /^(?P<n>.*)@x$ \1",
        "a /[[:alpha:]]+ c",
        r"a /\Qa.b\E c",
        "a /(?<n>a) c",
        "\u{a0}a\u{a0}b c d\u{a0}",
        "\u{2003}a\tb\x0cc\u{85}",
        "a b\x0bb c",
    ] {
        assert!(compile(text, Dialect::COCKROACHDB).is_ok(), "{text:?}");
    }
    assert_eq!(database("a\u{a0}b c d").issuers().collect::<Vec<_>>(), ["a\u{a0}b"]);
}

#[test]
fn lines_that_the_database_refuses_are_refused_with_line_and_place() {
    for (text, offset, message) in [
        (
            "a b",
            0,
            "line 1 of the identity map: expected 3 columns (issuer, value of the claim, SQL user), found 2: `a b`",
        ),
        (
            "\n a b c d",
            1,
            "line 2 of the identity map: expected 3 columns (issuer, value of the claim, SQL user), found 4: `a b c d`",
        ),
        (
            "a \"b c\" d",
            0,
            "line 1 of the identity map: expected 3 columns (issuer, value of the claim, SQL user), found 4: `a \"b c\" d`",
        ),
        (
            "@inc",
            0,
            "line 1 of the identity map: expected 3 columns (issuer, value of the claim, SQL user), found 1: `@inc`",
        ),
        (
            "a#b c d",
            0,
            "line 1 of the identity map: expected 3 columns (issuer, value of the claim, SQL user), found 1: `a`",
        ),
        (
            "a /^x#y$ c",
            0,
            "line 1 of the identity map: expected 3 columns (issuer, value of the claim, SQL user), found 2: `a /^x`",
        ),
        ("a /( c", 3, "line 1 of the identity map: error parsing regexp: missing closing ): `(`"),
        ("# é\n a  /a\\1 c", 11, "line 2 of the identity map: error parsing regexp: invalid escape sequence: `\\1`"),
        ("a /a{1001} c", 4, "line 1 of the identity map: error parsing regexp: invalid repeat count: `{1001}`"),
        (
            "a /a(?=b) c",
            4,
            "line 1 of the identity map: error parsing regexp: invalid or unsupported Perl syntax: `(?=`",
        ),
        (
            r"a b \1",
            2,
            r"line 1 of the identity map: saw \1 substitution in `\1`, but pattern `b` contains no subexpressions",
        ),
        (
            r"a /b \1",
            2,
            r"line 1 of the identity map: saw \1 substitution in `\1`, but pattern `/b` contains no subexpressions",
        ),
        (
            r"a /(?:b) \1",
            2,
            r"line 1 of the identity map: saw \1 substitution in `\1`, but pattern `/(?:b)` contains no subexpressions",
        ),
    ] {
        let fault = compile(text, Dialect::COCKROACHDB).unwrap_err();
        assert_eq!((fault.code, fault.offset), (ReasonCode::IdentityMapInvalid, offset), "{text:?}");
        assert_eq!(fault.message, message);
    }
    let remedy = |text| compile(text, Dialect::COCKROACHDB).unwrap_err().remedy.unwrap();
    let told = "write `#` as `\\x23` in a regex, because it begins a comment wherever it stands: `a /^x\\x23y$ c`";
    assert_eq!(remedy("a /^x#y$ c"), told);
}

#[test]
fn a_line_is_read_up_to_64_kib_and_refused_beyond() {
    let line = |length: usize| format!("iss {} c", "x".repeat(length - 6));
    assert_eq!(database(&line(65_535)).line_count(), 1);
    let fault = compile(&format!("a b c\n{}", line(65_536)), Dialect::COCKROACHDB).unwrap_err();
    assert_eq!(
        (fault.offset, fault.message.as_str()),
        (6, "line 2 of the identity map is 65536 bytes long, the limit is 65535")
    );
}

#[test]
fn a_hardened_regex_spans_the_whole_principal_in_every_alternative() {
    for pattern in ["^a$", "^(?:a|b)$", "^a$|^b$", "(^a)$", r"\Aa\z", "^(.*)@x$", "(?i)^a$", "^$"] {
        assert!(compile(&format!("iss /{pattern} x"), Dialect::STRICT).is_ok(), "{pattern}");
    }
    for (pattern, form) in [
        ("", "^.*$"),
        ("a", "^a$"),
        ("^a", "^a$"),
        ("a$", "^a$"),
        ("a|b", "^(?:a|b)$"),
        ("^a$|b", "^(?:a|b)$"),
        ("^svc-", "^svc-.+$"),
        ("(?m)^a$", "^(?:(?m)^a)$"),
        ("(?:^a$)?", "^(?:^a$)?$"),
        (r"@x\.com", r"^[^@]+@x\.com$"),
    ] {
        let fault = compile(&format!("iss /{pattern} x"), Dialect::STRICT).unwrap_err();
        let message =
            format!("line 1 of the identity map: expected a regex that matches the whole value, `/{pattern}` does not");
        assert_eq!(fault.message, message);
        assert_eq!(fault.remedy.unwrap(), format!("write `/{form}`"));
        assert!(compile(&format!("iss /{form} x"), Dialect::STRICT).is_ok(), "{form}");
    }
    let fault = compile(r"iss /^auth0|(.*)$ \1", Dialect::STRICT).unwrap_err();
    let both = r"write `/^auth0\|(.*)$` if the `|` is a character of the value, or `/^(?:auth0|(.*))$` if it means or";
    assert_eq!(fault.remedy.unwrap(), both);
    for form in [r"^auth0\|(.*)$", "^(?:auth0|(.*))$"] {
        assert!(compile(&format!(r"iss /{form} \1"), Dialect::STRICT).is_ok(), "{form}");
    }
}

#[test]
fn a_hardened_map_replaces_the_first_group_only() {
    for user in [r"\2", r"x\9y", r"\1\2", r"\\3"] {
        let fault = compile(&format!("iss /^(a)(b)$ {user}"), Dialect::STRICT).unwrap_err();
        assert!(fault.message.starts_with("line 1 of the identity map: only `\\1` is replaced"), "{}", fault.message);
    }
    assert!(compile(r"iss /^(a)$ \1\0\x", Dialect::STRICT).is_ok());
}

#[test]
fn near_misses_name_the_one_thing_that_differs() {
    let rules = "iss Carl a\niss /^bob@.*$ b\niss /^([a-z]+)$ \\1\niss /^(.*)@X$ c\niss ^c.*l$ d\niss carl e";
    let map = compile(rules, Dialect::STRICT).unwrap();
    let lines = map.lines_for("iss").unwrap();
    let work = Work::of(u64::MAX);
    let near = |principal: &str| -> Vec<_> {
        lines.near_misses(principal, &work).map(|miss| (miss.line.number, miss.change)).collect()
    };
    assert_eq!(near("carl"), [(1, Change::Case), (5, Change::Slash)]);
    assert_eq!(near("carl@x"), [(3, Change::Anchors), (4, Change::Case)]);
    assert_eq!(near(" carl"), [(3, Change::WhiteSpace), (6, Change::WhiteSpace)]);
    let first = lines.near_misses("CARL", &work).next().unwrap();
    assert_eq!(first.describe(), "line 1 of the identity map: `Carl` matches when upper and lower case are the same");
}

#[test]
fn many_regexes_find_what_each_would_find_alone() {
    // A fixed text inside, at an end, and the same at both ends of many: the index has no room for those.
    let shapes: [fn(usize) -> String; 4] = [
        |n| format!("iss /^([a-z]+)[.]?team{n}@(?:x|y)[a-z]+$ \\1_{n}"),
        |n| format!("iss /^([a-z]+){n}@example\\.com$ \\1_{n}"),
        |n| format!("iss /team{n}[^0-9] t_{n}"),
        |n| format!("iss /^team{n}[^0-9](.+) \\1_{n}"),
    ];
    let lines: Vec<_> = (0..400).map(|n| shapes[n % 4](n)).chain(["iss / all".to_string()]).collect();
    let map = database(&lines.join("\n"));
    for (principal, count) in
        [("Alice.team8@xcorp", 2), ("bob41@example.com", 2), ("team7-carol", 2), ("team10-carol", 2), ("x", 1)]
    {
        let found = users(&map, principal).unwrap();
        let alone: Vec<_> = lines.iter().flat_map(|line| users(&database(line), principal).unwrap()).collect();
        assert_eq!(found, alone, "{principal}");
        assert!(found.len() >= count, "{principal} {found:?}");
    }
}

#[test]
fn maps_are_shared_by_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<IdentityMap>();
}
