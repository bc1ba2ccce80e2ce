//! Which texts a claim stands for (L50, J), and which SQL user a name is (N).

use crate::{book::Book, mint::Members};

pub(crate) fn book() -> Book {
    let mut book = super::book(
        "cockroachdb_principals",
        "Which texts a claim stands for, and which SQL user a name is: as the database prints and folds them.",
    );
    printed(&mut book);
    registered(&mut book);
    registered_groups(&mut book);
    pointers(&mut book);
    names(&mut book);
    reserved(&mut book);
    book
}

/// A claim's value as the database's language prints it.
fn printed(book: &mut Book) {
    book.prefix("text-");
    let rows: &[(&str, &str, &[&str])] = &[
        ("one", "1", &["1"]),
        ("one-point-zero", "1.0", &["1"]),
        ("minus-five", "-5", &["-5"]),
        ("minus-zero", "-0", &["-0"]),
        ("twenty-one", "21", &["21"]),
        ("six-digits", "999999", &["999999"]),
        ("seven-digits", "1000000", &["1e+06"]),
        ("seven-digits-all", "1234567", &["1.234567e+06"]),
        ("nine-digits", "123456789", &["1.23456789e+08"]),
        ("1e20", "1e20", &["1e+20"]),
        ("tenth", "0.1", &["0.1"]),
        ("ten-thousandth", "0.0001", &["0.0001"]),
        ("tiny", "0.00001", &["1e-05"]),
        ("google-subject", "113794436627259432046", &["1.1379443662725942e+20"]),
        ("beyond-2-53", "9007199254740993", &["9.007199254740992e+15"]),
        ("true", "true", &["true"]),
        ("null", "null", &["<nil>"]),
        ("object", r#"{"b":1,"a":2}"#, &["map[a:2 b:1]"]),
        ("list", r#"["a",1,null,true,["x"],{"k":1}]"#, &["a", "1", "<nil>", "true", "[x]", "map[k:1]"]),
        ("list-of-one", r#"["a"]"#, &["a"]),
    ];
    for &(id, text, users) in rows {
        for (index, user) in users.iter().enumerate() {
            let id = if users.len() == 1 { id.to_owned() } else { format!("{id}-{}", index + 1) };
            book.case(&id, &format!("{text} as the claim, `{user}` as the user"))
                .cites(&["L50"])
                .claim("name")
                .claims(|claims| claims.raw("name", text))
                .user(user)
                .accepts(user);
        }
    }
    book.case("number-decimal", "a number of seven digits is not its decimal text")
        .cites(&["L50"])
        .claim("name")
        .claims(|claims| claims.set("name", 1_234_567))
        .user("1234567")
        .rejects("user_mismatch");
    for (id, text) in [("empty", "\"\""), ("list-empty-text", r#"[""]"#)] {
        book.case(
            id,
            &format!("{text} as the claim and no requested user: the empty user, whom the database will not find"),
        )
        .cites(&["L50"])
        .claim("name")
        .claims(|claims| claims.raw("name", text))
        .user("")
        .accepts("");
    }
    book.case("list-empty", "an empty list names nobody")
        .cites(&["L50"])
        .claim("name")
        .claims(|claims| claims.raw("name", "[]"))
        .rejects("identity_unmapped");
    for (id, text, user, outcome) in [
        ("same-twice", r#"["a","a"]"#, "", Err("user_ambiguous")),
        ("same-folded", r#"["a","A"]"#, "", Err("user_ambiguous")),
        ("same-folded-named", r#"["a","A"]"#, "a", Ok("a")),
        ("reserved-among", r#"["root","bob"]"#, "bob", Ok("bob")),
        ("reserved-chosen", r#"["root","bob"]"#, "root", Err("user_reserved")),
    ] {
        book.case(id, &format!("{text} as the claim, `{user}` as the user"))
            .claim("name")
            .claims(|claims| claims.raw("name", text))
            .user(user)
            .decides(outcome);
    }
    book.case("list-no-split", "a text is one name, commas and all")
        .claim("name")
        .claims(|claims| claims.set("name", "a,b"))
        .user("a,b")
        .accepts("a,b");
}

/// Registered claims, which the library has already given a type.
fn registered(book: &mut Book) {
    book.prefix("registered-");
    let time = "2030-03-17 17:46:40 +0000 UTC";
    let rows = [
        ("aud", "aud", "aud", r#""test_cluster""#, "test_cluster"),
        ("aud-list", "aud", "aud", r#"["test_cluster","b"]"#, "b"),
        ("jti", "jti", "jti", "\"j1\"", "j1"),
        ("iss", "iss", "iss", "\"issuer1\"", "issuer1"),
        ("exp", "exp", "exp", "1900000000", time),
        ("exp-pointer", "/exp", "exp", "1900000000", time),
        ("exp-number-fraction", "exp", "exp", "1900000000.5", time),
        ("exp-fraction", "exp", "exp", "\"2033-01-01T00:00:00.5Z\"", "2033-01-01 00:00:00.5 +0000 UTC"),
        ("exp-fraction-zeros", "exp", "exp", "\"2033-01-01T00:00:00.0500Z\"", "2033-01-01 00:00:00.05 +0000 UTC"),
        ("exp-fraction-none", "exp", "exp", "\"2033-01-01T00:00:00.000Z\"", "2033-01-01 00:00:00 +0000 UTC"),
        ("exp-offset", "exp", "exp", "\"2033-01-01T00:00:00.5+02:00\"", "2032-12-31 22:00:00.5 +0000 UTC"),
        ("exp-year-10000", "exp", "exp", "253402300800", "10000-01-01 00:00:00 +0000 UTC"),
        ("nbf-fraction", "nbf", "nbf", "\"2020-01-01T00:00:00.25Z\"", "2020-01-01 00:00:00.25 +0000 UTC"),
        (
            "iat-fraction",
            "iat",
            "iat",
            "\"2020-01-01T00:00:00.123456789123Z\"",
            "2020-01-01 00:00:00.123456789 +0000 UTC",
        ),
    ];
    for (id, setting, claim, text, user) in rows {
        book.case(id, &format!("the claim {claim}, {text}, as the user"))
            .cites(&["L50"])
            .claim(setting)
            .claims(|claims| claims.raw(claim, text))
            .user(user)
            .accepts(&user.to_lowercase());
    }
}

/// Groups in a claim to which the library has given a type that the reader of groups does not know.
fn registered_groups(book: &mut Book) {
    book.prefix("groups-");
    for (claim, text) in [
        ("exp", "1900000000"),
        ("exp", "\"2033-01-01T00:00:00Z\""),
        ("nbf", "\"2020-01-01T00:00:00Z\""),
        ("iat", "\"1700000000\""),
        ("aud", "\"test_cluster\""),
        ("aud", "[\"test_cluster\",\"readers\"]"),
    ] {
        let kind = if text.starts_with('"') {
            "text"
        } else if text.starts_with('[') {
            "list"
        } else {
            "number"
        };
        book.case(&format!("{claim}-{kind}"), &format!("the groups are to stand in {claim}, which is {text}"))
            .set("server.jwt_authentication.authorization.enabled", true)
            .set("server.jwt_authentication.group_claim", claim)
            .claims(|claims| claims.raw(claim, text))
            .rejects("userinfo_needed");
    }
}

fn pointers(book: &mut Book) {
    book.prefix("j-");
    let claims = |claims: Members| {
        claims
            .set("email", "jane@example.com")
            .set("count", 42)
            .set("empty", "")
            .raw("user", r#"{"name":"jane","profile":{"role":"admin"}}"#)
            .raw("roles", r#"["viewer","editor","admin"]"#)
            .raw("nested_arr", r#"{"items":[{"id":"first"},{"id":"second"}]}"#)
            .set("a/b", "slash")
            .set("a~c", "tilde")
            .set("~0", "tilde-zero")
            .set("~1", "tilde-one")
            .raw(
                "kubernetes.io",
                r#"{"serviceaccount":{"uid":"sa-uid","name":"sa-name"},"pod":{"uid":"pod-uid"},"namespace":"ns"}"#,
            )
    };
    for (number, id, pointer, outcome) in [
        (1, "plain", "email", Ok("jane@example.com")),
        (2, "number", "count", Ok("42")),
        (3, "empty", "empty", Ok("")),
        (4, "absent", "nope", Err("claim_missing")),
        (5, "top", "/email", Ok("jane@example.com")),
        (6, "member", "/user/name", Ok("jane")),
        (6, "deep", "/user/profile/role", Ok("admin")),
        (7, "member-absent", "/user/missing", Err("claim_missing")),
        (7, "deep-absent", "/nonexistent/deep/path", Err("claim_missing")),
        (8, "through-text", "/email/something", Err("claim_invalid")),
        (9, "slash", "/a~1b", Ok("slash")),
        (9, "tilde", "/a~0c", Ok("tilde")),
        (10, "tilde-zero", "/~00", Ok("tilde-zero")),
        (10, "tilde-one", "/~01", Ok("tilde-one")),
        (11, "first", "/roles/0", Ok("viewer")),
        (11, "last", "/roles/2", Ok("admin")),
        (11, "plus", "/roles/+1", Ok("editor")),
        (11, "plus-zero-first", "/roles/+01", Ok("editor")),
        (11, "minus-zero", "/roles/-0", Ok("viewer")),
        (12, "out-of-bounds", "/roles/5", Err("claim_invalid")),
        (13, "dash", "/roles/-", Err("claim_invalid")),
        (13, "letters", "/roles/abc", Err("claim_invalid")),
        (13, "leading-zero", "/roles/01", Err("claim_invalid")),
        (13, "negative", "/roles/-1", Err("claim_invalid")),
        (13, "negative-zero-first", "/roles/-01", Err("claim_invalid")),
        (13, "two-signs", "/roles/+-0", Err("claim_invalid")),
        (14, "through-list", "/nested_arr/items/1/id", Ok("second")),
        (15, "kubernetes-uid", "/kubernetes.io/serviceaccount/uid", Ok("sa-uid")),
        (15, "kubernetes-name", "/kubernetes.io/serviceaccount/name", Ok("sa-name")),
        (15, "kubernetes-pod", "/kubernetes.io/pod/uid", Ok("pod-uid")),
        (15, "kubernetes-namespace", "/kubernetes.io/namespace", Ok("ns")),
        (16, "kubernetes-absent", "/kubernetes.io/missing", Err("claim_missing")),
        (17, "through-number", "/count/x", Err("claim_invalid")),
        (17, "aud", "/aud", Ok("test_cluster")),
        (17, "aud-member", "/aud/0", Err("claim_invalid")),
        (17, "sub", "/sub", Ok("u")),
        (17, "whole-list", "/roles", Err("user_mismatch")),
    ] {
        book.case(&format!("{number}-{id}"), &format!("the claim is `{pointer}`"))
            .cites(&[&format!("J{number}")])
            .claim(pointer)
            .claims(claims)
            .user(outcome.unwrap_or("u"))
            .decides(outcome);
    }
    book.case("17-sub-absent", "the claim is `/sub`, and there is none: unlike `sub`, a pointer has to find something")
        .cites(&["J17"])
        .claim("/sub")
        .claims(|claims| claims.without("sub"))
        .user("")
        .rejects("claim_missing");
    book.case("nested-twice", "a member stands twice on the way: the last one counts")
        .claim("/user/name")
        .claims(|claims| claims.raw("user", r#"{"name":"a","name":"b"}"#))
        .user("b")
        .accepts("b");
    book.case("email-unverified", "an address that the identity provider has not verified")
        .claim("email")
        .claims(|claims| claims.set("email", "u").set("email_verified", false))
        .accepts("u");
}

/// Names are folded: simple lower case, two Turkish letters, canonical composition, and nothing else.
fn names(book: &mut Book) {
    book.prefix("n-");
    for (case, id, claimed, user) in [
        ("N1", "capital", "Abc123", "abc123"),
        ("N1", "digits", "0123121132", "0123121132"),
        ("N1", "mixed", "HeLlO", "hello"),
        ("N1", "greek", "Ομηρος", "ομηρος"),
        ("N1", "underscore", "_HeLlO", "_hello"),
        ("N2", "dash", "a-BC-d", "a-bc-d"),
        ("N2", "dot", "A.Bcd", "a.bcd"),
        ("N2", "dots", "WWW.BIGSITE.NET", "www.bigsite.net"),
        ("N3", "dash-first", "-ABC", "-abc"),
        ("N3", "dot-first", ".ABC", ".abc"),
        ("N3", "star", "*.wildcard", "*.wildcard"),
        ("N3", "dot-alone", ".", "."),
        ("N5", "one-letter", "M", "m"),
        ("section 2.6.1", "dotless", "ROıT", "roit"),
        ("section 2.6.1", "dotless-admin", "admın", "admin"),
        ("section 2.6.1", "dotted-admin", "ADMİN", "admin"),
        ("section 2.6.1", "kelvin", "\u{212a}im", "kim"),
        ("section 2.6.1", "long-s", "ſam", "ſam"),
        ("section 2.6.1", "final-sigma", "ΟΔΥΣΣΕΥΣ", "οδυσσευσ"),
        ("section 2.6.1", "sharp-s", "ẞ", "ß"),
        ("section 2.6.1", "ligature", "ﬀ", "ﬀ"),
        ("section 2.6.1", "spaces", " root ", " root "),
        ("section 2.6.1", "decomposed", "zoe\u{308}", "zo\u{eb}"),
    ] {
        book.case(id, &format!("`{claimed}` is the SQL user `{user}`"))
            .cites(&[case])
            .claims(|claims| claims.set("sub", claimed))
            .user(user)
            .accepts(user);
    }
    book.case("requested", "the requested user is folded too").user("U").accepts("u");
    let long = "foo".repeat(40);
    book.case("long", "a name too long to be created still passes through")
        .cites(&["N4"])
        .claims(|claims| claims.set("sub", &*long))
        .user(&long)
        .accepts(&long);
}

fn reserved(book: &mut Book) {
    book.prefix("reserved-");
    for user in ["root", "node", "public", "none", "pg_signal", "pg_", "crdb_internal_x", "ROOT"] {
        book.case(&user.replace("ROOT", "folded"), &format!("the user {user}"))
            .claims(|claims| claims.set("sub", user))
            .user(user)
            .rejects("user_reserved");
    }
    for user in ["admin", "pgx", "roots", "crdb_internal", "node1"] {
        book.case(user, &format!("the user {user} is not reserved"))
            .claims(|claims| claims.set("sub", user))
            .user(user)
            .accepts(user);
    }
}
