//! From claim to SQL user: principals, the identity map, names and reserved users. Profile `hardened`.

use crate::{
    book::Book,
    claims,
    cockroachdb::identity::{DIALECT, REFUSED},
    mint::Members,
};

pub(crate) fn book() -> Book {
    let mut book =
        claims::new("identity", "From claim to SQL user: principals, the identity map, names and reserved users.");
    principals(&mut book);
    pointers(&mut book);
    map(&mut book);
    unusable_maps(&mut book);
    dialect(&mut book);
    names(&mut book);
    users(&mut book);
    book
}

fn principals(book: &mut Book) {
    book.prefix("principal-");
    book.case("sub-missing", "no sub").claims(|claims| claims.without("sub")).rejects("claim_missing");
    book.case("named-missing", "the claim is not there").claim("email").rejects("claim_missing");
    book.case("named-upper", "the claim is there in another case")
        .claim("Email")
        .claims(|claims| claims.set("email", "alice"))
        .rejects("claim_missing");
    let invalid = Err("claim_invalid");
    for (id, text, user, outcome) in [
        ("text", "\"alice\"", "alice", Ok("alice")),
        ("list", r#"["bob","alice"]"#, "alice", Ok("alice")),
        ("list-one-nobody", r#"["alice"]"#, "", Ok("alice")),
        ("list-two-nobody", r#"["alice","bob"]"#, "", Err("user_ambiguous")),
        ("list-same-nobody", r#"["alice","Alice"]"#, "", Err("user_ambiguous")),
        ("list-empty", "[]", "alice", invalid),
        ("list-number", r#"["alice",7]"#, "alice", invalid),
        ("list-null", r#"["alice",null]"#, "alice", invalid),
        ("list-nested", r#"[["alice"]]"#, "alice", invalid),
        ("null", "null", "alice", invalid),
        ("true", "true", "true", invalid),
        ("object", r#"{"name":"alice"}"#, "alice", invalid),
        ("integer", "1234567", "1234567", Ok("1234567")),
        ("integer-zero", "0", "0", Ok("0")),
        ("integer-largest", "9007199254740991", "9007199254740991", Ok("9007199254740991")),
        ("integer-too-large", "9007199254740992", "9007199254740992", invalid),
        ("integer-google", "113794436627259432046", "113794436627259432046", invalid),
        ("fraction", "1.5", "1.5", invalid),
        ("point-zero", "1.0", "1", invalid),
        ("exponent", "1e3", "1000", invalid),
    ] {
        book.case(&format!("named-{id}"), &format!("the claim is {text}, the user `{user}`"))
            .claim("name")
            .claims(|claims| claims.raw("name", text))
            .user(user)
            .decides(outcome);
    }
    for (id, text, outcome) in [
        ("negative", "-5", Ok("five")),
        ("smallest", "-9007199254740991", Ok("five")),
        ("too-small", "-9007199254740992", invalid),
    ] {
        book.case(&format!("named-integer-{id}"), &format!("the claim is {text}, which the map knows"))
            .claim("name")
            .map(&format!("https://idp.example {text} five"))
            .claims(|claims| claims.raw("name", text))
            .user("five")
            .decides(outcome);
    }
    for (id, claim, verified, outcome) in [
        ("true", "email", Some("true"), Ok("alice")),
        ("absent", "email", None, Ok("alice")),
        ("false", "email", Some("false"), Err("email_unverified")),
        ("null", "email", Some("null"), Err("email_unverified")),
        ("text", "email", Some("\"true\""), Ok("alice")),
        ("text-false", "email", Some("\"false\""), Err("email_unverified")),
        ("number", "email", Some("1"), Err("email_unverified")),
        ("pointer-false", "/email", Some("false"), Err("email_unverified")),
        ("pointer-true", "/email", Some("true"), Ok("alice")),
        ("other-claim", "sub", Some("false"), Ok("alice")),
    ] {
        book.case(
            &format!("email-verified-{id}"),
            &format!("the claim is {claim}, email_verified is {}", verified.unwrap_or("absent")),
        )
        .claim(claim)
        .map("https://idp.example alice@example.com alice\nhttps://idp.example alice alice")
        .claims(|claims| {
            let claims = claims.set("email", "alice@example.com");
            verified.iter().fold(claims, |claims, text| claims.raw("email_verified", text))
        })
        .decides(outcome);
    }
}

fn pointers(book: &mut Book) {
    book.prefix("pointer-");
    let kubernetes = |claims: Members| {
        claims
            .raw("kubernetes.io", r#"{"serviceaccount":{"name":"alice","uid":"u1"},"groups":["bob","alice"]}"#)
            .raw("https://app.example/user", "\"alice\"")
    };
    for (id, pointer, outcome) in [
        ("member", "/kubernetes.io/serviceaccount/name", Ok("alice")),
        ("index", "/kubernetes.io/groups/1", Ok("alice")),
        ("list", "/kubernetes.io/groups", Ok("alice")),
        ("escaped", "/https:~1~1app.example~1user", Ok("alice")),
        ("sub", "/sub", Ok("alice")),
        ("absent", "/kubernetes.io/pod/name", Err("claim_missing")),
        ("through-text", "/sub/x", Err("claim_invalid")),
        ("object", "/kubernetes.io/serviceaccount", Err("claim_invalid")),
        ("index-beyond", "/kubernetes.io/groups/2", Err("claim_invalid")),
        ("eleven", "/1/2/3/4/5/6/7/8/9/10/11", Err("claim_setting_invalid")),
        ("empty-segment", "/a//b", Err("claim_setting_invalid")),
    ] {
        book.case(id, &format!("the claim is `{pointer}`")).claim(pointer).claims(kubernetes).decides(outcome);
    }
    for (id, about, text, outcome) in [
        ("twice", "the member itself stands twice", r#"{"b":"alice","b":"alice"}"#, Err("payload_duplicate_member")),
        (
            "twice-beside",
            "another member beside the path stands twice",
            r#"{"b":"alice","x":1,"x":1}"#,
            Err("payload_duplicate_member"),
        ),
        (
            "twice-off-path",
            "a member of an object off the path stands twice",
            r#"{"b":"alice","x":{"y":1,"y":1}}"#,
            Ok("alice"),
        ),
    ] {
        book.case(id, about).claim("/a/b").claims(|claims| claims.raw("a", text)).decides(outcome);
    }
}

const UNMAPPED: Result<&str, &str> = Err("identity_unmapped");

/// One login under one map, whose lines name the issuer as `iss`.
fn login(book: &mut Book, id: &str, lines: &str, principal: &str, user: &str, outcome: Result<&str, &str>) {
    let map =
        lines.split('\n').map(|line| line.replacen("iss ", "https://idp.example ", 1)).collect::<Vec<_>>().join("\n");
    book.case(id, &format!("`{principal}` under `{}`, as `{user}`", lines.replace('\n', "; ")))
        .map(&map)
        .claims(|claims| claims.set("sub", principal))
        .user(user)
        .decides(outcome);
}

fn map(book: &mut Book) {
    book.prefix("mapped-");
    let domain = r"iss /^([a-z.]+)@example\.com$ \1";
    let invalid = Err("mapped_user_invalid");
    for (id, lines, principal, user, outcome) in [
        ("literal", "iss a@b alice", "a@b", "alice", Ok("alice")),
        ("literal-case", "iss a@b alice", "A@B", "alice", UNMAPPED),
        ("regex", domain, "alice@example.com", "alice", Ok("alice")),
        ("regex-case", domain, "Alice@example.com", "alice", UNMAPPED),
        ("regex-suffix", domain, "alice@example.com.evil.org", "alice", UNMAPPED),
        ("regex-prefix", domain, "x/alice@example.com", "alice", UNMAPPED),
        ("regex-newline", domain, "alice@example.com\n", "alice", UNMAPPED),
        ("regex-fold", r"iss /^(?i:([a-z.]+)@example\.com)$ \1", "Alice@Example.COM", "alice", Ok("alice")),
        ("regex-fold-neighbour", "iss /^(?i)łukasz$ lukasz", "Łukasz", "lukasz", Ok("lukasz")),
        ("user-of-later-unicode", "iss a \u{a7cf}", "a", "\u{a7cf}", invalid),
        ("alternatives-grouped", "iss /^(?:a|b)$ alice", "b", "alice", Ok("alice")),
        ("alternatives-anchored", "iss /^a$|^b$ alice", "b", "alice", Ok("alice")),
        ("text-anchors", r"iss /\A(.*)@example\.com\z \1", "alice@example.com", "alice", Ok("alice")),
        ("two-lines", "iss a alice\niss a bob", "a", "bob", Ok("bob")),
        ("two-lines-nobody", "iss a alice\niss a bob", "a", "", Err("user_ambiguous")),
        ("two-lines-same", "iss a alice\niss /^a$ alice", "a", "", Ok("alice")),
        ("two-lines-same-folded", "iss a alice\niss /^a$ Alice", "a", "", Ok("alice")),
        ("result-upper", "iss a Alice", "a", "alice", Ok("alice")),
        ("unmatched", "iss a alice", "alice", "alice", UNMAPPED),
        ("other-issuer", "https://other.example a alice", "alice", "alice", Ok("alice")),
        ("first-substituted", r"iss /^(a)$ \1\1", "a", r"a\1", invalid),
        ("empty-capture", r"iss /^(.*)@x$ \1", "@x", "alice", UNMAPPED),
        ("capture-prefixed", r"iss /^(.*)@x$ u_\1", "@x", "u_", Ok("u_")),
        ("capture-at", r"iss /^(.*)@x$ \1", "a@b@x", "a@b", invalid),
        ("capture-space", r"iss /^(.*)@x$ \1", "a b@x", "a b", invalid),
        ("capture-newline", r"iss /^((?s:.*))@x$ \1", "a\nb@x", "a\nb", invalid),
        ("capture-kelvin", r"iss /^(.*)@x$ \1", "\u{212a}im@x", "kim", invalid),
        ("capture-dotless", r"iss /^(.*)@x$ \1", "adm\u{131}n@x", "admin", invalid),
        ("principal-kelvin", "iss /^.*im@x$ kim", "\u{212a}im@x", "kim", Ok("kim")),
        ("principal-empty", "iss /^$ guest", "", "guest", Ok("guest")),
        ("result-dash-first", "iss a -alice", "a", "-alice", invalid),
        ("result-reserved", "iss a root", "a", "root", Err("user_reserved")),
        ("result-reserved-other", "iss a root\niss a bob", "a", "bob", Ok("bob")),
        ("hash", r"iss /^alice\x23EXT\x23@x$ alice", "alice#EXT#@x", "alice", Ok("alice")),
    ] {
        login(book, id, lines, principal, user, outcome);
    }
    let long = |length: usize| "a".repeat(length);
    login(book, "longest", r"iss /^(a+)@x$ \1", &format!("{}@x", long(63)), &long(63), Ok(&long(63)));
    login(book, "too-long", r"iss /^(a+)@x$ \1", &format!("{}@x", long(64)), &long(64), invalid);
}

fn unusable_maps(book: &mut Book) {
    book.prefix("map-refused-");
    for (id, lines) in [
        ("empty-regex", "iss / alice"),
        ("open-end", "iss /^alice alice"),
        ("open-start", "iss /alice$ alice"),
        ("open-both", r"iss /@example\.com alice"),
        ("alternation", "iss /^alice|bob$ alice"),
        ("alternation-one-open", "iss /^alice$|bob alice"),
        ("any", "iss /.* alice"),
        ("multi-line", "iss /(?m)^alice$ alice"),
        ("optional-anchor", "iss /^?alice$ alice"),
        ("escaped-dollar", r"iss /^alice\$ alice"),
        ("second-group", r"iss /^(a)(b)$ \2"),
        ("name-slash", "https://idp.example/ a alice"),
        ("name-case", "https://IDP.example a alice"),
        ("name-scheme", "http://idp.example a alice"),
        ("name-port", "https://idp.example:443 a alice"),
        ("name-byte-order-mark", "\u{feff}iss a alice"),
        ("name-no-break-space", "https://idp.example\u{a0}x a alice\nhttps://idp\u{a0}.example a alice"),
        ("name-zero-width", "https://idp.example\u{200b} a alice"),
        ("name-quoted", "\"https://idp.example\" a alice"),
        ("name-second-line", "iss a alice\nhttps://idp.example/ a alice"),
        ("class-of-unassigned", r"iss /^\pC$ alice"),
        ("ninth-group", r"iss /^(a)$ \1\9"),
        ("no-group", r"iss /^a$ \1"),
        ("literal-group", r"iss a \1"),
        ("two-columns", "iss alice"),
        ("four-columns", "iss a b c"),
        ("quotes", "iss \"a b\" alice"),
        ("other-issuer", "https://other.example /alice alice"),
        ("second-line", "iss a alice\niss b"),
        ("hash-in-regex", "iss /^alice#EXT$ alice"),
    ] {
        login(book, id, lines, "alice", "alice", Err("identity_map_invalid"));
    }
}

fn dialect(book: &mut Book) {
    book.prefix("regex-");
    for (id, regex, principal, matches) in DIALECT {
        login(
            book,
            id,
            &format!("iss /{regex} alice"),
            principal,
            "alice",
            if matches { Ok("alice") } else { UNMAPPED },
        );
    }
    for (id, regex) in REFUSED {
        login(
            book,
            &format!("refused-{id}"),
            &format!("iss /{regex} alice"),
            "alice",
            "alice",
            Err("identity_map_invalid"),
        );
    }
}

/// Names without a map: a valid SQL user name, folded by ASCII case alone.
fn names(book: &mut Book) {
    book.prefix("name-");
    let invalid = Err("mapped_user_invalid");
    let (longest, too_long) = ("a".repeat(63), "a".repeat(64));
    let (longest_wide, too_long_wide) = ("\u{e9}".repeat(31), "\u{e9}".repeat(32));
    for (id, claimed, user, outcome) in [
        ("upper", "ALICE", "alice", Ok("alice")),
        ("digit-first", "1alice", "1alice", Ok("1alice")),
        ("underscore-first", "_alice", "_alice", Ok("_alice")),
        ("dots-dashes", "a.b-c_d", "a.b-c_d", Ok("a.b-c_d")),
        ("accent", "zo\u{eb}", "zo\u{eb}", Ok("zo\u{eb}")),
        ("longest", &*longest, &*longest, Ok(&*longest)),
        ("too-long", &*too_long, &*too_long, invalid),
        ("longest-bytes", &*longest_wide, &*longest_wide, Ok(&*longest_wide)),
        ("too-long-bytes", &*too_long_wide, &*too_long_wide, invalid),
        ("empty", "", "alice", invalid),
        ("empty-nobody", "", "", invalid),
        ("dash-first", "-alice", "-alice", invalid),
        ("dot-first", ".alice", ".alice", invalid),
        ("at", "alice@example.com", "alice@example.com", invalid),
        ("space", "alice ", "alice", invalid),
        ("colon", "system:serviceaccount:a:b", "alice", invalid),
        ("accent-upper", "ZO\u{cb}", "zo\u{eb}", invalid),
        ("accent-decomposed", "zoe\u{308}", "zo\u{eb}", invalid),
        (
            "greek-upper",
            "\u{39f}\u{3bc}\u{3b7}\u{3c1}\u{3bf}\u{3c2}",
            "\u{3bf}\u{3bc}\u{3b7}\u{3c1}\u{3bf}\u{3c2}",
            invalid,
        ),
        ("dotless", "adm\u{131}n", "admin", invalid),
        ("dotted", "ADM\u{130}N", "admin", invalid),
        ("kelvin", "\u{212a}im", "kim", invalid),
        ("sharp-s", "\u{1e9e}", "\u{df}", invalid),
        ("regex", "/^.*$", "alice", invalid),
    ] {
        book.case(id, &format!("sub is `{claimed}`, the user `{user}`"))
            .claims(|claims| claims.set("sub", claimed))
            .user(user)
            .decides(outcome);
    }
}

fn users(book: &mut Book) {
    book.prefix("user-");
    for (id, user, outcome) in [
        ("other", "bob", Err("user_mismatch")),
        ("upper", "Alice", Ok("alice")),
        ("nobody", "", Ok("alice")),
        ("space", " alice", Err("user_mismatch")),
        ("newline", "alice\n", Err("user_mismatch")),
        ("invalid", "alice@example.com", Err("user_mismatch")),
        ("dotless", "al\u{131}ce", Err("user_mismatch")),
        ("fullwidth", "\u{ff21}lice", Err("user_mismatch")),
    ] {
        book.case(id, &format!("the requested user is `{}`", user.trim())).user(user).decides(outcome);
    }
    for user in ["root", "ROOT", "node", "public", "none", "pg_catalog", "crdb_internal_a"] {
        let id = if user == "ROOT" { "folded" } else { user };
        book.case(&format!("reserved-{id}"), &format!("the user {user} is reserved"))
            .claims(|claims| claims.set("sub", user))
            .user(user)
            .rejects("user_reserved");
    }
    book.case("reserved-nobody", "no requested user, and the only one is reserved")
        .claims(|claims| claims.set("sub", "root"))
        .user("")
        .rejects("user_reserved");
    book.case("admin", "admin is a role, and no reserved user")
        .claims(|claims| claims.set("sub", "admin"))
        .user("admin")
        .accepts("admin");
}
