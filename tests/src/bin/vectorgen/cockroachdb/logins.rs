//! Logins as the database's own tests have them (U and D), in the order of the newest server: identity first.

use crate::{
    book::{Book, NOW, jwks},
    cockroachdb::enabled,
    mint::{Members, Token, key},
};

pub(crate) fn book() -> Book {
    let mut book = super::book("cockroachdb_logins", "Logins as the database's own tests have them, identity first.");
    unit_tests(&mut book);
    data_driven(&mut book);
    order(&mut book);
    book
}

const USER_1: &str = "test_user1";
const USER_2: &str = "test_user2";
const WRONG: &str = "invalid_user";

fn key_1() -> Members {
    key("test-rsa-1").public("test_kid1").set("alg", "RS256")
}

fn key_2() -> Members {
    key("test-p384").public("test_kid2").set("alg", "ES384")
}

fn minted(issuer: &str) -> Token {
    let claims = Members::new().set("iss", issuer).set("aud", "test_cluster").set("sub", USER_1).set("exp", NOW + 3600);
    Token::new(key("test-rsa-1"), "test_kid1", "RS256", claims)
}

fn unit_tests(book: &mut Book) {
    book.prefix("u-");
    book.base("issuer1", &enabled("issuer1", "", &jwks(&[key_1()])));
    book.login(minted("issuer1"), USER_1, NOW);
    const FETCH: &str = "server.jwt_authentication.jwks_auto_fetch.enabled";

    book.case("1", "switched off").cites(&["U1"]).set("server.jwt_authentication.enabled", false).rejects("disabled");
    book.case("2", "only switched on: the one issuer is the empty text")
        .cites(&["U2"])
        .issuers("")
        .jwks(&[])
        .rejects("issuer_not_allowed");
    book.case("3", "keys are to be fetched, and the issuer is no URL")
        .cites(&["U3"])
        .set(FETCH, true)
        .rejects("keys_unavailable");
    book.case("4", "the key set is one bare key; the wrong user")
        .cites(&["U4"])
        .set("server.jwt_authentication.jwks", key_1().to_string())
        .user(WRONG)
        .rejects("user_mismatch");
    book.case("5-fetch", "the key names no algorithm; keys are to be fetched from an issuer that is no URL")
        .cites(&["U5"])
        .set("server.jwt_authentication.jwks", key_1().without("alg").to_string())
        .set(FETCH, true)
        .rejects("keys_unavailable");
    book.case("5", "the key names no algorithm; the wrong user")
        .cites(&["U5"])
        .set("server.jwt_authentication.jwks", key_1().without("alg").to_string())
        .user(WRONG)
        .rejects("user_mismatch");
    let by_key_2 =
        |token: Token| token.header(|header| header.set("kid", "test_kid2")).algorithm(key("test-p384"), "ES384");
    book.case("6", "two keys, to be fetched from an issuer that is no URL")
        .cites(&["U6"])
        .jwks(&[key_1(), key_2()])
        .set(FETCH, true)
        .token(by_key_2)
        .rejects("keys_unavailable");
    book.case("6-user", "the same with the wrong user: identity comes first")
        .cites(&["U6"])
        .jwks(&[key_1(), key_2()])
        .set(FETCH, true)
        .token(by_key_2)
        .user(WRONG)
        .rejects("user_mismatch");
    book.case("7", "two keys; the wrong user")
        .cites(&["U7"])
        .jwks(&[key_1(), key_2()])
        .token(by_key_2)
        .user(WRONG)
        .rejects("user_mismatch");
    book.case("7-ok", "two keys; the token is signed with the second")
        .cites(&["U7"])
        .jwks(&[key_1(), key_2()])
        .audience("test_cluster")
        .token(by_key_2)
        .accepts(USER_1);
    book.case("8", "expired a second ago")
        .cites(&["U8"])
        .claims(|claims| claims.set("exp", NOW - 1))
        .rejects("token_expired");
    book.case("9-set", "the key has another id")
        .cites(&["U9"])
        .jwks(&[key_1().set("kid", "other")])
        .rejects("key_not_found");
    book.case("9-token", "the token names another key")
        .cites(&["U9"])
        .header(|header| header.set("kid", "invalid_key_id"))
        .rejects("key_not_found");
    book.case("10", "the right key id and audience").cites(&["U10"]).audience("test_cluster").accepts(USER_1);
    book.case("11", "the issuer is not set").cites(&["U11"]).issuers("").rejects("issuer_not_allowed");
    book.case("12", "another issuer is set").cites(&["U12"]).issuers("issuer2").rejects("issuer_not_allowed");

    book.base("issuer2", &enabled("issuer2", "", &jwks(&[key_1()])));
    book.login(minted("issuer2"), USER_1, NOW);
    book.case("13", "the right issuer, the wrong user").cites(&["U13"]).user(WRONG).rejects("user_mismatch");
    for issuer in ["issuer1", "issuer2"] {
        book.case(&format!("14-{issuer}"), "two issuers are set; the wrong user")
            .cites(&["U14"])
            .issuers(r#"["issuer2","issuer1"]"#)
            .claims(|claims| claims.set("iss", issuer))
            .user(WRONG)
            .rejects("user_mismatch");
    }
    book.case("15", "the wrong user, before the audience").cites(&["U15"]).user(WRONG).rejects("user_mismatch");
    book.case("16", "the right user, no audience set").cites(&["U16"]).rejects("audience_not_allowed");

    let with_groups = |text: &'static str| move |claims: Members| claims.raw("groups", text);
    book.case("17", "the token lacks the claim").cites(&["U17"]).claim("groups").rejects("claim_missing");
    book.case("18", "the claim is the number 1, which the map knows")
        .cites(&["U18"])
        .claim("groups")
        .map("issuer2 1 test_user1")
        .claims(with_groups("1"))
        .rejects("audience_not_allowed");
    for (id, user) in [("19-user2", USER_2), ("19-wrong", WRONG)] {
        book.case(id, "the claim is one text, and the login is for another user")
            .cites(&["U19"])
            .claim("groups")
            .claims(with_groups("\"test_user1\""))
            .user(user)
            .rejects("user_mismatch");
    }
    book.case("20", "the claim is one text, the requested user's")
        .cites(&["U20"])
        .claim("groups")
        .audience("test_cluster")
        .claims(with_groups("\"test_user1\""))
        .accepts(USER_1);
    book.case("21", "the claim is one text, and no user is requested")
        .cites(&["U21"])
        .claim("groups")
        .audience("test_cluster")
        .claims(with_groups("\"test_user1\""))
        .user("")
        .accepts(USER_1);
    for (id, about, case, user, outcome) in [
        ("22", "the claim is a list without the requested user", "U22", WRONG, Err("user_mismatch")),
        ("23-user1", "the claim is a list, and the second one is requested", "U23", USER_1, Ok(USER_1)),
        ("23-user2", "the claim is a list, and the first one is requested", "U23", USER_2, Ok(USER_2)),
        ("24", "the claim is a list of two, and no user is requested", "U24", "", Err("user_ambiguous")),
    ] {
        book.case(id, about)
            .cites(&[case])
            .claim("groups")
            .audience("test_cluster")
            .claims(with_groups(r#"["test_user2","test_user1"]"#))
            .user(user)
            .decides(outcome);
    }
    let map = "issuer2 test_user1 test_user2";
    book.case("25", "mapped to another user than the requested one").cites(&["U25"]).map(map).rejects("user_mismatch");
    book.case("26", "the issuer has a map, and no line of it is for the subject")
        .cites(&["U26"])
        .map(map)
        .claims(|claims| claims.set("sub", USER_2))
        .user(USER_2)
        .rejects("identity_unmapped");
    book.case("27", "mapped to the requested user; no audience is set")
        .cites(&["U27"])
        .map(map)
        .user(USER_2)
        .rejects("audience_not_allowed");
    book.case("27-ok", "mapped to the requested user")
        .cites(&["U27"])
        .map(map)
        .audience("test_cluster")
        .user(USER_2)
        .accepts(USER_2);
    book.case("28", "mapped to root: reserved comes before the audience")
        .cites(&["U28"])
        .map("issuer2 test_user1 root")
        .user("root")
        .rejects("user_reserved");
    book.case("29", "root without a map")
        .cites(&["U29"])
        .issuers(r#"["issuer1","issuer2"]"#)
        .claims(|claims| claims.set("iss", "issuer1").set("sub", "root"))
        .user("root")
        .rejects("user_reserved");
    for (id, audience, outcome) in [
        ("30", "audience_2", Err("audience_not_allowed")),
        ("31", "test_cluster", Ok(USER_1)),
        ("32", r#"["audience_2","test_cluster"]"#, Ok(USER_1)),
    ] {
        book.case(id, &format!("the audience is set to {audience}"))
            .cites(&[&format!("U{id}")])
            .audience(audience)
            .decides(outcome);
    }
    let fetched = |id: &str, about: &str, case: &str, book: &mut Book, keys: &[Members]| {
        book.case(id, about)
            .cites(&[case])
            .issuers("https://accounts.idp1.com")
            .audience("test_cluster")
            .jwks(keys)
            .set(FETCH, true)
            .claims(|claims| claims.set("iss", "https://accounts.idp1.com"))
            .needs_keys();
    };
    fetched("33", "keys are to be fetched by discovery", "U33", book, &[]);
    fetched("34", "keys are to be fetched, although there are static ones", "U34", book, &[key_1()]);
    book.case("33-user", "keys are to be fetched, and the user is wrong: identity comes first")
        .cites(&["U33"])
        .issuers("https://accounts.idp1.com")
        .set(FETCH, true)
        .claims(|claims| claims.set("iss", "https://accounts.idp1.com"))
        .user(WRONG)
        .rejects("user_mismatch");
    book.case("39", "keys are to be fetched, and the issuer is not set")
        .cites(&["U39"])
        .issuers("")
        .set(FETCH, true)
        .rejects("issuer_not_allowed");
    book.case("41", "keys are to be fetched from the address that the settings give the issuer")
        .cites(&["U41"])
        .issuers(r#"{"issuer_jwks_map":{"issuer2":"https://keys.example/jwks"}}"#)
        .set(FETCH, true)
        .needs_keys();
    book.case("41-static", "the settings give an address, and fetching is off: the static keys count")
        .cites(&["U41"])
        .issuers(r#"{"issuer_jwks_map":{"issuer2":"https://keys.example/jwks"}}"#)
        .audience("test_cluster")
        .accepts(USER_1);
    book.case("42", "the issuer is the configured one").cites(&["U42"]).audience("test_cluster").accepts(USER_1);
    book.case("43", "the issuer is not configured").cites(&["U43"]).issuers("issuer1").rejects("issuer_not_allowed");
    book.case("44", "signed with a key that nobody knows, under the id of a known one")
        .cites(&["U44"])
        .token(|token| token.signed_with(key("test-rsa-2"), "RS256"))
        .rejects("signature_invalid");
}

/// The time of the data-driven cases: after T6 was issued, after T3 expired, before T4 expires.
const DATA_DRIVEN: i64 = 1_751_000_000;

fn data_driven(book: &mut Book) {
    book.prefix("d-");
    let jwk = |name: &str, kid: &str| key(name).public(kid).set("use", "sig").set("alg", "RS256");
    let (jwk_1, jwk_2) = (jwk("test-rsa-1", "test"), jwk("test-rsa-2", "test2"));
    let dated = |name, kid, iss: &str, aud: &str, iat: i64, exp: i64| {
        let claims = Members::new().set("iss", iss).set("aud", aud).set("iat", iat).set("exp", exp);
        Token::new(key(name), kid, "RS256", claims)
    };
    let sub = |name: &'static str| move |claims: Members| claims.set("sub", name);
    let t1 = dated("test-rsa-1", "test", "issuer", "test_cluster", 1_661_263_957, 2_661_263_957).claims(sub("test"));
    let t2 = dated("test-rsa-2", "test2", "issuer2", "test_cluster", 1_661_264_269, 2_661_264_269).claims(sub("test2"));
    let t3 = dated("test-rsa-2", "test2", "issuer2", "test_cluster", 1_661_264_398, 1_661_264_398).claims(sub("test2"));
    let grouped = |groups: &str| {
        let claims = Members::new()
            .set("iss", "issuer1")
            .set("sub", "invalid_user")
            .raw("aud", r#"["test_cluster"]"#)
            .raw("groups", groups)
            .set("exp", 1_999_178_409);
        Token::new(key("test-rsa-3072"), "test_kid1", "RS256", claims)
    };
    let (t4, t5) = (grouped("\"test\""), grouped(r#"["test","test2"]"#));
    let named = |iss, name: &'static str, iat, exp| {
        dated("test-rsa-2", "test-rsa", iss, "test", iat, exp).claims(|claims| claims.set("name", name))
    };
    let t6 = named("test", "unprovisioned_jwt_user", 1_750_757_226, 9_750_760_826);
    let t7 = named("issuer2", "test2", 1_661_264_269, 2_661_264_269);

    book.base("off", &[("server.jwt_authentication.enabled", false.into())]);
    book.login(t1.clone(), "jwt_user", DATA_DRIVEN);
    book.case("1", "the defaults").cites(&["D1"]).rejects("disabled");
    book.base("bare_key", &enabled("issuer", "", &jwk_1.to_string()));
    book.case("2", "one bare key; the wrong user").cites(&["D2"]).rejects("user_mismatch");
    let both = jwks(&[jwk_1.clone(), jwk_2.clone()]);
    book.base("two_issuers", &enabled(r#"["issuer","issuer2"]"#, "", &both));
    book.login(t2.clone(), "jwt_user", DATA_DRIVEN);
    book.case("3", "two issuers and keys; the wrong user").cites(&["D3", "D6"]).rejects("user_mismatch");
    book.case("4", "expired, with a signature that verifies")
        .cites(&["D4"])
        .token(|_| t3.clone())
        .user("test2")
        .rejects("token_expired");
    book.case("4-user", "expired, and the wrong user: identity comes first")
        .cites(&["D4"])
        .token(|_| t3.clone())
        .rejects("user_mismatch");
    for (id, user, code) in [("5", "test2", "key_not_found"), ("5-user", "jwt_user", "user_mismatch")] {
        book.case(id, "the keys have other ids")
            .cites(&["D5"])
            .jwks(&[jwk_1.clone().set("kid", "unknownkid1"), jwk_2.clone().set("kid", "unknownkid2")])
            .user(user)
            .rejects(code);
    }
    for (id, issuers) in [("7", "issuer2"), ("8", r#"["issuer1","issuer2"]"#)] {
        book.case(id, &format!("the issuers are {issuers}; the wrong user"))
            .cites(&[&format!("D{id}")])
            .issuers(issuers)
            .rejects("user_mismatch");
    }
    book.case("9", "no audience is set").cites(&["D9"]).user("test2").rejects("audience_not_allowed");
    let cluster = "test_cluster";
    book.case("10", "the audience is set").cites(&["D10"]).audience(cluster).user("test2").accepts("test2");
    book.case("11", "the wrong user").cites(&["D11"]).audience(cluster).user("test").rejects("user_mismatch");
    let map = "issuer2 test2 test";
    book.case("12", "mapped to the requested user")
        .cites(&["D12"])
        .audience(cluster)
        .map(map)
        .user("test")
        .accepts("test");

    let key_4 = key("test-rsa-3072").public("test_kid1").set("alg", "RS256");
    book.base("mapped", &enabled(r#"["issuer1","issuer2"]"#, cluster, &key_4.to_string()));
    book.login(t4, "test", DATA_DRIVEN);
    book.case("13", "a key without use; the subject is another user").cites(&["D13"]).map(map).rejects("user_mismatch");
    let groups = "groups";
    book.case("14", "the claim names the user, and the issuer has no map although another one has")
        .cites(&["D14"])
        .map(map)
        .claim(groups)
        .accepts("test");
    for (id, user, outcome) in [
        ("19-none", "", Ok("test")),
        ("19-wrong", "invalid", Err("user_mismatch")),
        ("19-other", "test2", Err("user_mismatch")),
    ] {
        book.case(id, &format!("one name in the claim, and the login is for `{user}`"))
            .cites(&["D19"])
            .map(map)
            .claim(groups)
            .user(user)
            .decides(outcome);
    }
    book.login(t5, "test2", DATA_DRIVEN);
    book.case("15", "the subject is another user").cites(&["D15"]).map(map).claim("sub").rejects("user_mismatch");
    book.case("16", "the claim lists the user").cites(&["D16"]).map(map).claim(groups).accepts("test2");
    for (id, user, outcome) in [
        ("20-none", "", Err("user_ambiguous")),
        ("20-wrong", "invalid", Err("user_mismatch")),
        ("20-first", "test", Ok("test")),
        ("20-second", "test2", Ok("test2")),
    ] {
        book.case(id, &format!("two names in the claim, and the login is for `{user}`"))
            .cites(&["D20", "D21"])
            .map(map)
            .claim(groups)
            .user(user)
            .decides(outcome);
    }
    book.case("17", "no token at all over HTTP")
        .cites(&["D17"])
        .text(|_| "invalid_token".into())
        .rejects("token_malformed");

    let key_6 = key("test-rsa-2").public("test-rsa").to_string();
    book.base("name_claim", &enabled("test", "test", &key_6));
    book.login(t6, "unprovisioned_jwt_user", DATA_DRIVEN);
    book.case("22", "the connection sends an empty token")
        .cites(&["D22"])
        .text(|_| String::new())
        .rejects("token_empty");
    book.case("23", "a user whom the database has yet to create")
        .cites(&["D22", "D23"])
        .claim("name")
        .accepts("unprovisioned_jwt_user");
    book.login(t7, "test2", DATA_DRIVEN);
    let name = "name";
    book.case("25", "the map sends the bearer elsewhere, and the issuer is not configured: identity comes first")
        .cites(&["D25"])
        .issuers(r#"["issuer","issuer1","issuer3"]"#)
        .claim(name)
        .map(map)
        .rejects("user_mismatch");
    book.case("26", "mapped to a user whom the database has yet to create")
        .cites(&["D26"])
        .issuers(r#"["issuer2","issuer1","issuer3"]"#)
        .claim(name)
        .map("issuer2 test2 non_existent_user")
        .user("non_existent_user")
        .accepts("non_existent_user");
    book.case("27", "mapped to a user")
        .cites(&["D27"])
        .issuers(r#"["issuer2","issuer1","issuer3"]"#)
        .claim(name)
        .map(map)
        .user("test")
        .accepts("test");
}

/// A token that everything is wrong with, mended step by step: the order in which the reasons come.
fn order(book: &mut Book) {
    book.prefix("order-");
    book.base("order", &enabled("issuer1", "test_cluster", &jwks(&[key_1()])));
    let wrong = minted("issuer9")
        .claims(|claims| claims.set("sub", "pg_wrong").set("aud", "other").set("exp", NOW - 1).set("iat", NOW + 1))
        .header(|header| header.set("alg", "none").set("kid", "k9"))
        .signed_with(key("test-rsa-2"), "RS256");
    book.login(wrong, "somebody", NOW);
    type Mend = fn(Token) -> Token;
    let mends: [(&str, &str, Mend); 9] = [
        ("1-header", "alg_not_allowed", |token| token),
        ("2-principal", "claim_missing", |token| token.header(|header| header.set("alg", "RS256"))),
        ("3-user", "user_mismatch", |token| token.claims(|claims| claims.set("name", "pg_wrong"))),
        ("4-issuer", "issuer_not_allowed", |token| token),
        ("5-key", "key_not_found", |token| token.claims(|claims| claims.set("iss", "issuer1"))),
        ("6-signature", "signature_invalid", |token| token.header(|header| header.set("kid", "test_kid1"))),
        ("7-iat", "issued_in_future", |token| token.signed_with(key("test-rsa-1"), "RS256")),
        ("8-exp", "token_expired", |token| token.claims(|claims| claims.set("iat", NOW))),
        ("9-reserved", "user_reserved", |token| token.claims(|claims| claims.set("exp", NOW + 1))),
    ];
    for step in 0..mends.len() {
        let (id, code, _) = mends[step];
        book.case(id, "everything behind this check is wrong too")
            .claim("name")
            .token(|token| mends[..=step].iter().fold(token, |token, (_, _, mend)| mend(token)))
            .user(if step >= 3 { "pg_wrong" } else { "somebody" })
            .rejects(code);
    }
    book.case("10-audience", "only the audience is wrong: the last check")
        .claim("name")
        .map("issuer1 pg_wrong somebody")
        .token(|token| mends.iter().fold(token, |token, (_, _, mend)| mend(token)))
        .rejects("audience_not_allowed");
}
