//! What each setting may say (S, L49), each with a login that shows what it means.

use serde_json::{Value, json};

use crate::{
    book::{Book, jwks},
    cockroachdb::lab_key,
    mint::key,
};

pub(crate) fn book() -> Book {
    let mut book =
        super::book("cockroachdb_settings", "What each setting may say, each with a login that shows what it means.");
    issuers(&mut book);
    audience(&mut book);
    key_sets(&mut book);
    claim(&mut book);
    groups(&mut book);
    book
}

fn issuers(book: &mut Book) {
    book.prefix("issuers-");
    const INVALID: Result<&str, &str> = Err("issuers_invalid");
    const OTHER: Result<&str, &str> = Err("issuer_not_allowed");
    let ok = Ok("u");
    let map = r#"{"issuer_jwks_map":{"issuer1":"https://keys.example"}}"#;
    for (id, cite, text, iss, outcome) in [
        ("empty", "S1", "", "", ok),
        ("empty-other", "S1", "", "issuer1", OTHER),
        ("text", "S2", "issuer1", "issuer1", ok),
        ("text-odd", "S2", "issuer1{}", "issuer1{}", ok),
        ("text-untrimmed", "L49", " issuer1 ", " issuer1 ", ok),
        ("text-untrimmed-other", "L49", " issuer1 ", "issuer1", OTHER),
        ("list-empty", "S3", "[]", "issuer1", OTHER),
        ("list-empty-none", "S3", "[]", "", OTHER),
        ("list-one", "S3", r#"["issuer 1"]"#, "issuer 1", ok),
        ("list-five", "S3", r#"["a","b","c","d","issuer1"]"#, "issuer1", ok),
        ("list-spaces", "L49", r#"  ["a","b"]  "#, "b", ok),
        ("other-object", "S4", r#"{"redirect_urls":{"a":"b"}}"#, "a", INVALID),
        ("map", "S5", map, "issuer1", ok),
        (
            "map-two",
            "S5",
            r#"{"issuer_jwks_map":{"a":"https://a.example","issuer1":"https://b.example"}}"#,
            "issuer1",
            ok,
        ),
        ("map-upper", "L49", r#"{"ISSUER_JWKS_MAP":{"issuer1":"https://keys.example"}}"#, "issuer1", ok),
        ("map-empty", "L49", r#"{"issuer_jwks_map":{}}"#, "issuer1", OTHER),
        ("map-null", "L49", r#"{"issuer_jwks_map":null}"#, "issuer1", OTHER),
        ("map-null-address", "L49", r#"{"issuer_jwks_map":{"issuer1":null}}"#, "issuer1", ok),
        ("map-list", "L49", r#"{"issuer_jwks_map":["a"]}"#, "a", INVALID),
        ("map-and-more", "L49", r#"{"issuer_jwks_map":{"a":"u"},"x":1}"#, "a", INVALID),
        ("map-trailing", "L49", r#"{"issuer_jwks_map":{"issuer1":"u"}} x"#, "issuer1", ok),
        ("object-empty", "L49", "{}", "", OTHER),
        ("null", "L49", "null", "", OTHER),
        ("list-null", "L49", r#"["a",null]"#, "", ok),
        ("list-trailing", "L49", r#"["issuer1"] trailing"#, "issuer1", ok),
        ("list-trailing-list", "L49", r#"["a"]["issuer1"]"#, "issuer1", OTHER),
        ("list-empty-trailing", "L49", "[]x", "[]x", OTHER),
        ("list-single-quotes", "L49", "['a','b']", "a", OTHER),
        ("list-single-quotes-literal", "L49", "['a','b']", "['a','b']", ok),
        ("list-comma", "L49", r#"["a",]"#, "a", OTHER),
        ("quoted", "L49", "\"a\"", "a", INVALID),
        ("quoted-space", "L49", " \"a\"", "a", INVALID),
        ("number", "L49", "123", "123", INVALID),
        ("true", "L49", "true", "true", INVALID),
        ("list-number", "L49", r#"["a",1]"#, "a", INVALID),
        ("list-nested", "L49", r#"[["a"]]"#, "a", INVALID),
        ("case", "section 1.4", "Issuer1", "issuer1", OTHER),
        ("slash", "section 1.4", "https://idp.example", "https://idp.example/", OTHER),
    ] {
        book.case(id, &format!("the issuers are set to `{text}`, the token is from `{iss}`"))
            .cites(&[cite])
            .issuers(text)
            .claims(|claims| claims.set("iss", iss))
            .decides(outcome);
    }
    for (id, value) in [
        ("json-list", json!(["a", "issuer1"])),
        ("json-map", json!({"issuer_jwks_map": {"issuer1": "https://keys.example"}})),
    ] {
        book.case(id, "the issuers are set to a JSON value instead of its text").issuers(value).accepts("u");
    }
    book.case("json-list-number", "the issuers are set to a JSON list with a number")
        .issuers(json!(["issuer1", 1]))
        .rejects("issuers_invalid");
    book.case("alias", "the newer name of the setting")
        .settings_text(&renamed("server.jwt_authentication.issuers.configuration"))
        .accepts("u");
    book.case("both", "both names of the setting at once")
        .set("server.jwt_authentication.issuers.configuration", "issuer1")
        .rejects("settings_invalid");
}

/// The laboratory's settings with another name for the issuers.
fn renamed(issuers: &str) -> String {
    json!({
        "engine.profile": "cockroachdb",
        "server.jwt_authentication.enabled": true,
        "server.jwt_authentication.audience": "test_cluster",
        "server.jwt_authentication.jwks": jwks(&[lab_key()]),
        issuers: "issuer1",
    })
    .to_string()
}

fn audience(book: &mut Book) {
    book.prefix("audience-");
    let (ok, invalid, other) = (Ok("u"), Err("audience_invalid"), Err("audience_not_allowed"));
    for (id, cite, text, aud, outcome) in [
        ("empty", "S6", "", "\"\"", ok),
        ("empty-other", "S6", "", "\"test_cluster\"", other),
        ("text", "S6", "test_cluster", "\"test_cluster\"", ok),
        ("text-list", "S6", "test_cluster", r#"["a","test_cluster"]"#, ok),
        ("list-empty", "S6", "[]", "\"test_cluster\"", other),
        ("list", "S6", r#"["a","b"]"#, "\"b\"", ok),
        ("list-other", "S6", r#"["a","b"]"#, "\"c\"", other),
        ("object", "S6", r#"{"a":"b"}"#, "\"a\"", invalid),
        ("number", "S6", "123", "\"123\"", invalid),
        ("quoted", "S6", "\"a\"", "\"a\"", invalid),
        ("list-number", "S6", r#"["a",1]"#, "\"a\"", invalid),
        ("null", "L49", "null", "\"null\"", other),
        ("list-null", "L49", r#"["a",null]"#, "\"\"", ok),
        ("list-trailing", "L49", r#"["a"] x"#, "\"a\"", other),
        ("list-trailing-literal", "L49", r#"["a"] x"#, r#""[\"a\"] x""#, ok),
        ("case", "section 1.4", "Test_Cluster", "\"test_cluster\"", other),
    ] {
        book.case(id, &format!("the audience is set to `{text}`, the token is for {aud}"))
            .cites(&[cite])
            .audience(text)
            .claims(|claims| claims.raw("aud", aud))
            .decides(outcome);
    }
    book.case("json-list", "the audience is set to a JSON list").audience(json!(["a", "test_cluster"])).accepts("u");
}

fn key_sets(book: &mut Book) {
    book.prefix("jwks-");
    let (ok, invalid, absent) = (Ok("u"), Err("jwks_invalid"), Err("key_not_found"));
    let (one, two) = (lab_key().to_string(), key("test-rsa-2").public("test2").to_string());
    for (id, cite, text, outcome) in [
        ("empty", "S7", String::new(), invalid),
        ("text", "S7", "issuer1".into(), invalid),
        ("object-empty", "S7", "{}".into(), invalid),
        ("none", "S8", r#"{"keys": []}"#.into(), absent),
        ("sole", "S8", one.clone(), ok),
        ("one", "S8", format!(r#"{{"keys":[{one}]}}"#), ok),
        ("two", "S8", format!(r#"{{"keys":[{two},{one}]}}"#), ok),
        ("rsa-empty", "S9", r#"{"keys":[{"kty":"RSA","kid":"k1"}]}"#.into(), invalid),
        ("array", "L49", format!("[{one}]"), invalid),
        ("null", "L49", r#"{"keys":null}"#.into(), absent),
        ("trailing", "L49", format!(r#"{{"keys":[{one}]}} x"#), ok),
        ("member", "L49", format!(r#"{{"keys":[{one}],"x":1}}"#), ok),
        ("upper", "L49", format!(r#"{{"KEYS":[{one}]}}"#), invalid),
        ("keys-object", "L49", r#"{"keys":{}}"#.into(), invalid),
        ("keys-null", "L49", r#"{"keys":[null]}"#.into(), invalid),
        ("twice", "L49", format!(r#"{{"keys":[{two}],"keys":[{one}]}}"#), ok),
        ("sole-trailing", "L49", format!("{one} x"), ok),
        ("sole-invalid", "L49", lab_key().without("n").to_string(), invalid),
    ] {
        book.case(id, &format!("the key set: {id}"))
            .cites(&[cite])
            .set("server.jwt_authentication.jwks", text)
            .decides(outcome);
    }
    let value: Value = serde_json::from_str(&jwks(&[lab_key()])).expect("a key set is JSON");
    book.case("json", "the key set is a JSON value").set("server.jwt_authentication.jwks", value).accepts("u");
}

fn claim(book: &mut Book) {
    book.prefix("claim-");
    let ten = "/a/b/c/d/e/f/g/h/i/j";
    for (id, cite, text, outcome) in [
        ("empty", "S12", "", Ok("u")),
        ("sub", "S12", "sub", Ok("u")),
        ("email", "S12", "email", Err("claim_missing")),
        ("preferred", "S12", "preferred_username", Err("claim_missing")),
        ("pointer", "S12", "/email", Err("claim_missing")),
        ("pointer-two", "S12", "/user/name", Err("claim_missing")),
        ("pointer-kubernetes", "S12", "/kubernetes.io/serviceaccount/uid", Err("claim_missing")),
        ("pointer-ten", "S12", ten, Err("claim_missing")),
        ("pointer-escaped", "S12", "/a~1b/c~0d", Err("claim_missing")),
        ("pointer-bad-escape", "L49", "/a~2", Err("claim_missing")),
        ("pointer-eleven", "S13", "/a/b/c/d/e/f/g/h/i/j/k", Err("claim_setting_invalid")),
        ("pointer-slash", "S13", "/", Err("claim_setting_invalid")),
        ("pointer-inner-empty", "S13", "/user//name", Err("claim_setting_invalid")),
        ("pointer-last-empty", "S13", "/user/name/", Err("claim_setting_invalid")),
        ("pointer-first-empty", "S13", "//user/name", Err("claim_setting_invalid")),
    ] {
        book.case(id, &format!("the claim is set to `{text}`, which the token lacks unless it is the subject"))
            .cites(&[cite])
            .claim(text)
            .decides(outcome);
    }
    book.case("dots", "dots in the claim's name are part of it")
        .claim("a.b")
        .claims(|claims| claims.raw("a", r#"{"b":"x"}"#).set("a.b", "u"))
        .accepts("u");
    book.case("upper", "claim names are case-sensitive").claim("SUB").rejects("claim_missing");
}

fn groups(book: &mut Book) {
    let wrong = Err("setting_wrong_type");
    for (setting, cite, prefix, rows) in [
        (
            "server.jwt_authentication.group_claim",
            "S10",
            "group-claim-",
            &[
                ("empty", "", wrong),
                ("one", "groups", Ok("u")),
                ("two", "groups,roles", Ok("u")),
                ("dots", "org.groups,tenant.roles", Ok("u")),
                ("sign", "groups,inv@lid", wrong),
                ("signs", "bad!,#", wrong),
                ("space", "group name", wrong),
                ("space-second", "groups, bad name", wrong),
                ("space-before", " groups", Ok("u")),
                ("space-after", "groups ", Ok("u")),
                ("space-between", "groups, roles", Ok("u")),
                ("comma-last", "groups,", wrong),
            ][..],
        ),
        (
            "server.jwt_authentication.userinfo_group_key",
            "S14",
            "userinfo-key-",
            &[
                ("empty", "", wrong),
                ("one", "groups", Ok("u")),
                ("two", "groups,roles", Ok("u")),
                ("dash", "custom-groups", Ok("u")),
                ("sign", "groups,inv@lid", wrong),
                ("signs", "bad!,#", wrong),
            ],
        ),
    ] {
        book.prefix(prefix);
        for &(id, text, outcome) in rows {
            let cite = if cite == "S10" && id.starts_with("s") { "S11" } else { cite };
            book.case(id, &format!("{setting} is set to `{text}`")).cites(&[cite]).set(setting, text).decides(outcome);
        }
    }
    book.prefix("other-");
    for (id, setting, value, outcome) in [
        ("timeout", "server.jwt_authentication.client.timeout", "15s", Ok("u")),
        ("timeout-negative", "server.jwt_authentication.client.timeout", "-1s", wrong),
        ("timeout-text", "server.jwt_authentication.client.timeout", "soon", wrong),
        ("ca-empty", "server.jwt_authentication.issuers.custom_ca", "", Ok("u")),
        ("ca-text", "server.jwt_authentication.issuers.custom_ca", "no certificate", wrong),
    ] {
        book.case(id, &format!("{setting} is set to `{value}`")).set(setting, value).decides(outcome);
    }
}
