//! The identity map: its grammar, its matching and its dialect of regular expressions (I, L49).

use crate::{book::Book, cockroachdb::enabled};

pub(crate) fn book() -> Book {
    let mut book = super::book(
        "cockroachdb_identity_map",
        "The identity map: its grammar, its matching and its dialect of regular expressions.",
    );
    let jwks = crate::book::jwks(&[super::lab_key()]);
    book.base("iss", &enabled("iss", "test_cluster", &jwks));
    let token = super::lab_token().claims(|claims| claims.set("iss", "iss"));
    book.login(token, "u", crate::book::NOW);
    unit_tests(&mut book);
    worked(&mut book);
    parsed(&mut book);
    dialect(&mut book);
    book
}

/// One login under one map.
fn login(book: &mut Book, id: &str, case: &str, map: &str, principal: &str, user: &str, outcome: Result<&str, &str>) {
    let lines = map.replace(['\n', '\r'], "; ");
    let who: String = principal.chars().take(40).collect();
    book.case(id, &format!("`{who}` under `{}`, as `{user}`", lines.trim()))
        .cites(&[case])
        .map(map)
        .claims(|claims| claims.set("sub", principal))
        .user(user)
        .decides(outcome);
}

const UNMAPPED: Result<&str, &str> = Err("identity_unmapped");

fn unit_tests(book: &mut Book) {
    book.prefix("i-");
    let domain = r"iss /^(.*)@cockroachlabs.com$ ";
    let with = |result: &str| format!("{domain}{result}");
    for (case, id, map, principal, user, outcome) in [
        ("I1", "1", "iss carlito carl", "carlito", "carl", Ok("carl")),
        ("I1", "1-other", "iss carlito carl", "nope", "nope", UNMAPPED),
        ("I2", "2", &*with(r"\1"), "carl@cockroachlabs.com", "carl", Ok("carl")),
        ("I2", "2-other", &*with(r"\1"), "carl@example.com", "carl", UNMAPPED),
        ("I3", "3", &*with(r"\11"), "carl@cockroachlabs.com", "carl1", Ok("carl1")),
        ("I4", "4", &*with(r"1\1"), "carl@cockroachlabs.com", "1carl", Ok("1carl")),
        ("I5", "5", "iss carlito carl", "CaRlItO", "carl", Ok("carl")),
        ("I5", "5-upper", "iss carlito carl", "CARLITO", "carl", Ok("carl")),
        ("I6", "6", r"iss /^(.*)@CockroachLabs.com$ \1", "Carl@CockroachLabs.COM", "carl", Ok("carl")),
        (
            "I7",
            "7-first",
            "iss /^(.*)@cockroachlabs.com$ \\1\niss /^carl@.*$ also_carl\niss carl@cockroachlabs.com carl",
            "carl@cockroachlabs.com",
            "carl",
            Ok("carl"),
        ),
        (
            "I7",
            "7-second",
            "iss /^(.*)@cockroachlabs.com$ \\1\niss /^carl@.*$ also_carl\niss carl@cockroachlabs.com carl",
            "carl@cockroachlabs.com",
            "also_carl",
            Ok("also_carl"),
        ),
        (
            "I7",
            "7-none",
            "iss /^(.*)@cockroachlabs.com$ \\1\niss /^carl@.*$ also_carl\niss carl@cockroachlabs.com carl",
            "carl@cockroachlabs.com",
            "",
            Err("user_ambiguous"),
        ),
        ("I8", "8", "foo carlito carl", "carlito", "carlito", Ok("carlito")),
        ("I9", "9", "iss carlito carl", "u", "u", UNMAPPED),
        ("I10", "10-part", "is u x\nissu u y", "u", "u", Ok("u")),
        ("I11", "11", "iss AbC123DeF456 cert_user", "aBc123dEf456", "cert_user", Ok("cert_user")),
        (
            "I12",
            "12",
            r"iss /^([A-Z0-9]+)@example.com$ user_\1",
            "abc123@example.com",
            "user_abc123",
            Ok("user_abc123"),
        ),
        (
            "I12",
            "12-upper",
            r"iss /^([A-Z0-9]+)@example.com$ user_\1",
            "ABC123@EXAMPLE.COM",
            "user_abc123",
            Ok("user_abc123"),
        ),
        ("I13", "13", r"iss /^([a-z.]+)@example\.com$ \1", "John.Doe@Example.com", "john.doe", Ok("john.doe")),
        ("I13", "13-upper", r"iss /^([a-z.]+)@example\.com$ \1", "JANE.DOE@EXAMPLE.COM", "jane.doe", Ok("jane.doe")),
        ("I14", "14", "iss Carl@example.com carl\niss /^(.*)@example.com$ \\1", "Carl@example.com", "", Ok("carl")),
        (
            "I14",
            "14-upper",
            "iss Carl@example.com carl\niss /^(.*)@example.com$ \\1",
            "CARL@EXAMPLE.COM",
            "",
            Ok("carl"),
        ),
    ] {
        login(book, id, case, map, principal, user, outcome);
    }
}

fn worked(book: &mut Book) {
    book.prefix("map-");
    let many = "iss a b\niss a B\niss /.* c";
    let whole = r"iss /^(.*)@x\.com$ \1";
    for (id, map, principal, user, outcome) in [
        ("literal", "iss a b", "a", "b", Ok("b")),
        ("literal-upper", "iss A b", "a", "b", Ok("b")),
        ("result-upper", "iss a B", "a", "b", Ok("b")),
        ("name-upper", "ISS a b", "a", "a", Ok("a")),
        ("name-upper-mapped", "ISS a b", "a", "b", Err("user_mismatch")),
        ("name-byte-order-mark", "\u{feff}iss a b", "a", "a", Ok("a")),
        ("name-byte-order-mark-mapped", "\u{feff}iss a b", "a", "b", Err("user_mismatch")),
        ("name-other", "other a b", "a", "a", Ok("a")),
        ("unmatched", "iss a b", "zz", "zz", UNMAPPED),
        ("trailing-newline", "iss a b", "a\n", "b", UNMAPPED),
        ("empty-regex", "iss / admin", "anything", "admin", Ok("admin")),
        ("root", whole, "root@x.com", "root", Err("user_reserved")),
        ("two-ats", whole, "a@b@x.com", "a@b", Ok("a@b")),
        ("empty-capture", whole, "@x.com", "", UNMAPPED),
        ("newline", whole, "evil\nx@x.com", "x", UNMAPPED),
        ("empty-capture-prefixed", r"iss /^(.*)@x\.com$ u_\1", "@x.com", "u_", Ok("u_")),
        ("dot", r"iss /^(.*)@x.com$ \1", "bob@xYcom", "bob", Ok("bob")),
        ("unanchored", r"iss /@x\.com admin", "evil@x.com.attacker.org", "admin", Ok("admin")),
        ("alternation", "iss /^a|b$ x", "zzb", "x", Ok("x")),
        ("second-group", r"iss /(a)(b) \2\1", "ab", r"\2a", Ok(r"\2a")),
        ("absent-group", r"iss /(a)|b u\1", "b", "u", Ok("u")),
        ("many-first", many, "a", "b", Ok("b")),
        ("many-last", many, "a", "c", Ok("c")),
        ("many-none", many, "a", "", Err("user_ambiguous")),
        ("kelvin", "iss kyle k", "\u{212a}yle", "k", Ok("k")),
        ("long-s", "iss sam s", "\u{17f}am", "s", Ok("s")),
        ("case-kept", "iss /^(?-i:Foo)$ x", "foo", "x", UNMAPPED),
        ("case-kept-same", "iss /^(?-i:Foo)$ x", "Foo", "x", Ok("x")),
        ("neighbour", r"iss /^łukasz@corp\.pl$ lukasz", "Łukasz@corp.pl", "lukasz", Ok("lukasz")),
        ("neighbour-lazy", r"iss /^(.*?)š.*$ \1", "bobŠxš", "", Ok("bob")),
        ("neighbour-reserved", r"iss /^(.*?)š.*$ \1", "rootŠxš", "", Err("user_reserved")),
        ("neighbour-two", "iss /đorđe@x\\.rs d\niss /@x\\.rs guest", "Đorđe@x.rs", "", Err("user_ambiguous")),
        ("neighbour-kept", "iss /^(?-i:ł)$ x", "Ł", "x", UNMAPPED),
        ("pair-of-later-unicode", "iss \u{264} x", "\u{a7cb}", "x", UNMAPPED),
        ("user-of-later-unicode", "iss a \u{a7cf}", "a", "\u{a7ce}", Err("user_mismatch")),
        ("class-of-later-unicode", r"iss /^\p{L}$ x", "\u{1c89}", "x", UNMAPPED),
        ("class-moved-later", r"iss /^\p{Mn}$ x", "\u{1171e}", "x", Ok("x")),
        ("class-folded", r"iss /^\p{L}$ x", "\u{345}", "x", Ok("x")),
        ("class-not-folded", r"iss /^\p{LC}$ x", "\u{345}", "x", UNMAPPED),
        ("first-only", r"iss /(b) \1\1", "b", r"b\1", Ok(r"b\1")),
        ("not-valid", "iss a -b-", "a", "-b-", Ok("-b-")),
        ("composed", "iss a zoe\u{308}", "a", "zo\u{eb}", Ok("zo\u{eb}")),
        ("comments", "# iss a b", "a", "a", Ok("a")),
    ] {
        login(book, id, "L49", map, principal, user, outcome);
    }
    book.case("list", "two names in the claim, each mapped")
        .map("iss a x\niss b y")
        .claim("names")
        .claims(|claims| claims.raw("names", r#"["a","b","c"]"#))
        .user("y")
        .accepts("y");
    book.case("list-same", "two names in the claim, mapped to the same user: still two")
        .map("iss a x\niss b x")
        .claim("names")
        .claims(|claims| claims.raw("names", r#"["a","b"]"#))
        .user("")
        .rejects("user_ambiguous");
    book.case("list-one", "two names in the claim, one of them mapped")
        .map("iss a x")
        .claim("names")
        .claims(|claims| claims.raw("names", r#"["a","b"]"#))
        .user("")
        .accepts("x");
}

const INVALID: Result<&str, &str> = Err("identity_map_invalid");

fn parsed(book: &mut Book) {
    book.prefix("parse-");
    for (id, map, outcome) in [
        ("empty", "", Ok("u")),
        ("blank", " \t ", Ok("u")),
        ("comment", "# c", Ok("u")),
        ("line", "a b c", Ok("u")),
        ("line-comment", "a b c # x", Ok("u")),
        ("crlf", "a b c\r\nd e f\r", Ok("u")),
        ("two-columns", "a b", INVALID),
        ("four-columns", "a b c d", INVALID),
        ("quoted", "a \"b c\" d", INVALID),
        ("include-sign", "@inc", INVALID),
        ("comment-in-name", "a#b c d", INVALID),
        ("comment-in-regex", "a /^x#y$ c", INVALID),
        ("include", "include foo bar", Ok("u")),
        ("regex-open", "a /( c", INVALID),
        ("regex-back-reference", r"a /a\1 c", INVALID),
        ("regex-repeat", "a /a{1001} c", INVALID),
        ("regex-look-ahead", "a /a(?=b) c", INVALID),
        ("group-literal", r"a b \1", INVALID),
        ("group-none", r"a /b \1", INVALID),
        ("group-not-capturing", r"a /(?:b) \1", INVALID),
        ("group-twice", r"a /(b) \1\1", Ok("u")),
        ("group-second", r"a /(b) x\2y", Ok("u")),
        ("group-optional", r"a /x(b)? \1", Ok("u")),
        ("group-named-p", r"a /^(?P<n>.*)@x$ \1", Ok("u")),
        ("posix-class", "a /[[:alpha:]]+ c", Ok("u")),
        ("literal-text", r"a /\Qa.b\E c", Ok("u")),
        ("group-named", "a /(?<n>a) c", Ok("u")),
        ("no-break-space", "a\u{a0}b c d", Ok("u")),
        ("no-break-space-around", "\u{a0}a b c\u{a0}", Ok("u")),
        ("second-line", "a b c\nd e", INVALID),
    ] {
        login(book, id, "L49", map, "u", "u", outcome);
    }
}

/// Regular expressions as the database reads them, where other engines read something else.
pub(crate) const DIALECT: [(&str, &str, &str, bool); 33] = [
    ("digit-ascii", r"^\d+$", "\u{663}", false),
    ("digit", r"^\d+$", "42", true),
    ("word-ascii", r"^\w+$", "\u{e9}", false),
    ("space-no-vt", r"^a\sb$", "a\u{b}b", false),
    ("space", r"^a\sb$", "a b", true),
    ("boundary-ascii", r"^\ba\b\x{e9}$", "a\u{e9}", true),
    ("class-ampersands", "^[a&&b]+$", "a&b", true),
    ("class-dashes", "^[+--a]$", "-", true),
    ("class-tildes", "^[a~~b]+$", "a~b", true),
    ("class-bracket", "^[[a]+$", "[a", true),
    ("class-close-first", "^[]a]+$", "]a", true),
    ("quoted", r"^\Qa.b\E$", "a.b", true),
    ("quoted-dot", r"^\Qa.b\E$", "axb", false),
    ("octal", r"^\123$", "S", true),
    ("one-letter-class", r"^\pN$", "7", true),
    ("not-class", r"^\PN$", "x", true),
    ("script", r"^\p{Greek}+$", "\u{3b1}\u{3b2}", true),
    ("text-end", r"\Aab\z", "ab", true),
    ("angle-left", r"^\<a\>$", "<a>", true),
    ("punctuation", r"^a\@b\-c\_d\/e$", "a@b-c_d/e", true),
    ("hash", r"^a\x23b$", "a#b", true),
    ("hex-braces", r"^\x{61}$", "a", true),
    ("brace-literal", "^a{,5}$", "a{,5}", true),
    ("brace-open", "^a{2$", "a{2", true),
    ("dot-newline", "^a.b$", "a\nb", false),
    ("dot-all", "^(?s:a.b)$", "a\nb", true),
    ("end-not-before-newline", "^a$", "a\n", false),
    ("ungreedy", "^(?U:(a+)a*)$", "aaa", true),
    ("fold-kelvin", "^(?i:k)$", "\u{212a}", true),
    ("named", "^(?<n>a)$", "a", true),
    ("named-p", "^(?P<n>a)$", "a", true),
    ("posix-word", "^[[:word:]]+$", "a_1", true),
    ("posix-not", "^[[:^alpha:]]+$", "12", true),
];

/// Regular expressions that the database refuses and other engines take.
pub(crate) const REFUSED: [(&str, &str); 24] = [
    ("verbose", "^(?x:a)$"),
    ("unicode-flag", "^(?u:a)$"),
    ("crlf-flag", "^(?R:a)$"),
    ("text-end-upper", r"^a\Z"),
    ("look-ahead", "^a(?=b)b$"),
    ("look-behind", "^a(?<=a)b$"),
    ("back-reference", r"^(a)\1$"),
    ("repeat-1001", "^a{1001}$"),
    ("repeat-nested", "^(?:a{100}){100}$"),
    ("repeat-reversed", "^a{2,1}$"),
    ("star-star", "^a**$"),
    ("plus-plus", "^a++$"),
    ("byte", r"^\C$"),
    ("escape-e", r"^\e$"),
    ("escape-h", r"^\h$"),
    ("escape-8", r"^\8$"),
    ("posix-unknown", "^[[:foo:]]$"),
    ("class-unknown", r"^\p{Foo}$"),
    ("class-script-of-two-words", r"^\p{Old_Italic}$"),
    ("class-script-of-later-unicode", r"^\p{Garay}$"),
    ("atomic", "^(?>a)$"),
    ("range-reversed", "^[z-a]$"),
    ("class-open", "^[a$"),
    ("name-twice", "^(?<n>a)(?<n>b)$"),
];

fn dialect(book: &mut Book) {
    book.prefix("regex-");
    for (id, regex, principal, matches) in DIALECT {
        // The map's own lines hold no white space and no comment sign, and every regex here respects that.
        login(book, id, "L49", &format!("iss /{regex} x"), principal, "x", if matches { Ok("x") } else { UNMAPPED });
    }
    for (id, regex) in REFUSED {
        login(book, id, "L49", &format!("iss /{regex} x"), "u", "u", INVALID);
    }
}
