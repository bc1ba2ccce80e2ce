//! Maps of PostgreSQL and Trino as identity maps: their manuals' own examples, what cannot be converted, and that the answer is
//! harmless and bounded whatever is asked.

use std::time::Instant;

use serde_json::{Value, json};
use sqljwt::{
    Settings, Validator,
    advisor::{ConvertMapDocument, LineOutcome, MapDialect, MapIssuers, convert_map},
    wire,
};
use sqljwt_conformance::{
    mint::{Token, key},
    ordinary::{NOW, claims, jwks},
};

const ISSUER: &str = "https://idp.example";

fn converted(text: &str, dialect: MapDialect, profile: &str) -> ConvertMapDocument {
    let settings = Settings::from_json(&json!({"engine.profile": profile}).to_string()).expect("settings");
    convert_map(text, dialect, &MapIssuers::One(ISSUER.into()), &settings)
}

fn pg_ident(text: &str) -> ConvertMapDocument {
    converted(text, MapDialect::PgIdent, "hardened")
}

fn trino(rules: &Value) -> ConvertMapDocument {
    converted(&json!({ "rules": rules }).to_string(), MapDialect::TrinoRules, "hardened")
}

fn outcomes(document: &ConvertMapDocument) -> Vec<&'static str> {
    document.lines.iter().map(|line| line.outcome.as_str()).collect()
}

/// What the line says, with its witness.
fn told(document: &ConvertMapDocument, place: usize) -> String {
    let line = &document.lines[place];
    let witness = line.witness.as_ref();
    let witness = witness
        .map(|witness| format!("; `{}` is {:?} there, {:?} here", witness.principal, witness.source, witness.here));
    format!("{}{}", line.message.as_deref().unwrap_or_default(), witness.unwrap_or_default())
}

#[test]
fn the_example_of_postgresqls_manual_is_exact() {
    let text = "# MAPNAME       SYSTEM-USERNAME         PG-USERNAME\n\nomicron         bryanh                  bryanh\n\
                omicron         ann                     ann\n# bob has user name robert on these machines\n\
                omicron         robert                  bob\n# bryanh can also connect as guest1\n\
                omicron         bryanh                  guest1\n";
    let document = pg_ident(text);
    assert_eq!(
        document.map,
        "# MAPNAME       SYSTEM-USERNAME         PG-USERNAME\n\nhttps://idp.example bryanh bryanh\n\
         https://idp.example ann ann\n# bob has user name robert on these machines\nhttps://idp.example robert bob\n\
         # bryanh can also connect as guest1\nhttps://idp.example bryanh guest1"
    );
    assert_eq!((document.exact, document.converted, document.left_out), (4, 0, 0));
    let lines: Vec<_> = document.lines.iter().map(|line| (line.line, line.map_line)).collect();
    assert_eq!(lines, [(3, Some(3)), (4, Some(4)), (6, Some(6)), (8, Some(8))]);
    // Where the database ignores case the line says that PostgreSQL does not.
    let document = converted(text, MapDialect::PgIdent, "cockroachdb");
    assert_eq!(document.exact, 4);
    assert!(document.map.contains("https://idp.example /^(?-i:bryanh)$ guest1"), "{}", document.map);
}

#[test]
fn a_name_that_is_taken_over_is_let_through_as_it_stands() {
    let document = pg_ident("mymap   /^(.*)@mydomain\\.com$      \\1\nmymap   /^(.*)@otherdomain\\.com$   guest");
    assert_eq!(
        document.map,
        "https://idp.example /^([\\-.0-9_a-z]*)@mydomain\\.com$ \\1\n\
         https://idp.example /^((?s:.)*)@otherdomain\\.com$ guest"
            .replace("((?s:.)*)", "(?s:.)*")
    );
    assert_eq!(outcomes(&document), ["converted", "exact"]);
    assert_eq!(
        told(&document, 0),
        "the part that is taken over is let through only where it can be the name of a SQL user as it stands; \
         `X@mydomain.com` is [\"X\"] there, [] here"
    );
    let document = pg_ident(r"m /^([a-z]+)@mydomain\.com$ \1");
    assert_eq!(outcomes(&document), ["exact"]);
}

#[test]
fn the_example_of_trinos_manual_is_told_rule_by_rule() {
    let document = trino(&json!([
        {"pattern": "test@example\\.com", "allow": false},
        {"pattern": "(.+)@example\\.com"},
        {"pattern": "(?<user>.+)@(?<region>.+)\\.example\\.com", "user": "${user}_${region}"},
        {"pattern": "(.*)@uppercase.com", "case": "upper"}
    ]));
    assert_eq!(outcomes(&document), ["left_out", "converted", "left_out", "left_out"]);
    let map: Vec<&str> = document.map.lines().filter(|line| !line.starts_with('#')).collect();
    assert!(map.len() == 1 && map[0].ends_with(r"@example\.com$ \1"), "{map:?}");
    for (principal, user) in
        [("tes", true), ("test", false), ("tests", true), ("toast", true), ("ann", true), ("", false)]
    {
        let settings = settings(&document.map);
        let validator = Validator::new(&settings).expect("usable");
        let claims = claims().set("sub", format!("{principal}@example.com"));
        let token = Token::new(key("test-rsa-1"), "k1", "RS256", claims).text();
        assert_eq!(validator.validate(token, principal, NOW).is_ok(), user, "{principal}");
    }
    assert_eq!(told(&document, 0), "it turns principals away; here those whom no line is for are turned away");
    assert_eq!(told(&document, 3), "the rule gives names in capitals, and no SQL user has any");
}

fn settings(map: &str) -> Settings {
    let settings = json!({
        "server.jwt_authentication.enabled": true,
        "server.jwt_authentication.issuers": ISSUER,
        "server.jwt_authentication.audience": "db-login",
        "server.jwt_authentication.jwks": jwks(&[key("test-rsa-1").public("k1")]),
        "server.identity_map.configuration": map,
    });
    Settings::from_json(&settings.to_string()).expect("settings")
}

#[test]
fn lines_of_postgresql_that_have_no_counterpart_say_why() {
    for (text, expected) in [
        ("m a all", "`all` lets the principal be any role; no line here does"),
        ("m a +admins", "`+admins` lets the principal be any member of that role; no line here does"),
        ("m a /^x", "`/^x` lets the principal be any role that matches; no line here does"),
        (
            "m bob Bob",
            "no SQL user is called `Bob`: their names are written in small letters; `bob` is [\"Bob\"] there, [] here",
        ),
        (
            "m bob \"x y\"",
            "no SQL user is called `x y`: it holds a character, or begins with one, that no SQL user name may; `bob` is [\"x y\"] there, [] here",
        ),
        (
            "m bob root",
            "no token may log in as `root`, which the database keeps for itself; `bob` is [\"root\"] there, [] here",
        ),
        (r"m /^(?!x)a$ b", "the regex has `(?!` (a look-ahead), for which there is no counterpart here"),
        (r"m /^(a)\1$ b", r"the regex has `\1` (a back-reference), for which there is no counterpart here"),
        (
            r"m /^(.*)@(.*)$ \1",
            "the group can hold different parts of one principal, `@@` for one, and it is not certain that the one which \
             the source takes is taken here",
        ),
        (
            r"m /^(a)?b$ \1",
            "PostgreSQL ends the search with an error where the first group takes no part in the match; nothing does so here",
        ),
        (
            r"m /^(?:(a)|b)+$ x\1",
            "PostgreSQL ends the search with an error where the first group takes no part in the match; nothing does so here",
        ),
        (r"m /^(a|b){2}$ \1", "the group that is taken over is repeated, and servers disagree on what it then holds"),
        (
            r"m /^([A-Z]+)$ \1",
            "no name that it takes over can be the name of a SQL user; `X` is [\"X\"] there, [] here",
        ),
        (r"m /^(.*)$ \1@x", "no SQL user is called `…@x`; `` is [\"@x\"] there, [] here"),
        (
            "include other.conf",
            "what `other.conf` includes is not read here, and a line in it that PostgreSQL cannot apply would keep \
             principals from the lines below",
        ),
        ("m @users u", "what `@users` includes is not read here"),
    ] {
        let document = pg_ident(text);
        assert_eq!((outcomes(&document), told(&document, 0)), (vec!["left_out"], expected.into()), "{text}");
        // Nobody passes an issuer without lines.
        assert!(document.map.ends_with("https://idp.example /^x^$ nobody"), "{}", document.map);
    }
}

#[test]
fn rules_of_trino_that_have_no_counterpart_say_why() {
    for (rules, expected) in [
        (
            json!([{"pattern": "(.*)", "user": "x_$1"}]),
            "the pattern matches once more, empty, at the principal's end, so that Trino writes the user twice; `x` is \
             [\"x_xx_\"] there, [\"x_x\"] here",
        ),
        (
            json!([{"pattern": "a|ab", "user": "u"}]),
            "the pattern can match a part of the principal before it matches the whole, and Trino replaces that part; `ab` is \
             [\"ub\"] there, [\"u\"] here",
        ),
        (
            json!([{"pattern": "(.*?)@x", "user": "$1"}]),
            "the pattern can match a part of the principal before it matches the whole, and Trino replaces that part; `@x@x` \
             is [] there, [\"@x\"] here",
        ),
        (
            json!([{"pattern": "(.)\n$"}]),
            "`$` also matches before a line feed at the end of the principal; here it does not",
        ),
        (
            json!([{"pattern": "(.)", "user": "$2"}]),
            "Trino turns away whoever matches: `$2` cannot be put in place: the pattern has no group 2",
        ),
        (
            json!([{"pattern": "([a-z])([a-z])", "user": "$2$1"}]),
            r"the user is made of several parts of the principal; a line here takes one over, as `\1`",
        ),
        (
            json!([{"pattern": "(a*+b)"}]),
            "the regex has `a*+` (possessive repetition), for which there is no counterpart here",
        ),
        (
            json!([{"pattern": "(\\p{L}+)"}]),
            "the regex has `\\p{L}` (a property of characters), for which there is no counterpart here",
        ),
    ] {
        let document = trino(&rules);
        assert_eq!((outcomes(&document), told(&document, 0)), (vec!["left_out"], expected.into()), "{rules}");
        assert!(document.map.ends_with("https://idp.example /^x^$ nobody"), "{}", document.map);
    }
}

#[test]
fn a_rule_after_another_for_the_same_principals_is_left_out() {
    let document = trino(&json!([
        {"pattern": "([a-z]+)@a\\.example", "user": "a_$1"},
        {"pattern": "([a-z]+)@[a-z]\\.example", "user": "x_$1"},
        {"pattern": "([a-z]+)@bb\\.example", "user": "b_$1"}
    ]));
    assert_eq!(outcomes(&document), ["exact", "left_out", "exact"]);
    assert_eq!(
        told(&document, 1),
        "line 1 is for `x@a.example` too and decides there; here both would count; `x@a.example` is [\"a_x\"] there, \
         [\"x_x\"] here"
    );
    // What cannot be read may be for anybody.
    let document = trino(&json!([{"pattern": "(?x) a", "allow": false}, {"pattern": "bob"}]));
    assert_eq!(outcomes(&document), ["left_out", "left_out"]);
    // What an error of PostgreSQL keeps out stays out.
    let document = pg_ident("m /^(a)?b$ \\1\nm b u\nm c u\nn b u");
    assert_eq!(outcomes(&document)[..3], ["left_out", "left_out", "exact"]);
    assert_eq!(
        told(&document, 1),
        "line 1 is for `b` too and can end the search with an error there; `b` is [] there, [\"u\"] here"
    );
}

#[test]
fn a_property_is_a_map_of_one_rule() {
    for text in [
        r"([a-z]+)@x\.com",
        "([a-z]+)@x\\.com\n",
        r"http-server.authentication.jwt.user-mapping.pattern=([a-z]+)@x\\.com",
    ] {
        let document = converted(text, MapDialect::TrinoPattern, "hardened");
        assert_eq!(
            (outcomes(&document), &*document.map),
            (vec!["exact"], r"https://idp.example /^([a-z]+)@x\.com$ \1")
        );
    }
}

#[test]
fn each_map_has_an_issuer_of_its_own() {
    let settings = Settings::from_json("{}").expect("settings");
    let each = |pairs: &[(&str, &str)]| {
        MapIssuers::Each(pairs.iter().map(|(map, issuer)| ((*map).into(), (*issuer).into())).collect())
    };
    let document = convert_map(
        "a x u\nb x v\nc x w",
        MapDialect::PgIdent,
        &each(&[("a", "https://a"), ("b", "https://b"), ("d", "https://d")]),
        &settings,
    );
    assert_eq!(outcomes(&document), ["exact", "exact", "left_out"]);
    assert!(document.map.starts_with("https://a x u\nhttps://b x v\n"), "{}", document.map);
    assert!(document.map.ends_with("https://d /^x^$ nobody"), "{}", document.map);
    assert_eq!(told(&document, 2), "the map `c` belongs to no issuer");
    let document = convert_map("a x u\nb x v", MapDialect::PgIdent, &MapIssuers::One("https://a".into()), &settings);
    assert_eq!(outcomes(&document), ["exact", "left_out"]);
    let document = convert_map("a x u", MapDialect::PgIdent, &MapIssuers::One("https://a b".into()), &settings);
    assert!(
        document.refused.is_some()
            && document.lines[0].outcome == LineOutcome::LeftOut
            && document.map.starts_with('#')
    );
}

#[test]
fn a_text_that_the_other_server_refuses_lets_nobody_in() {
    for text in ["m a b\nm a", "m a b\nm /( b", "m a b\nm a,b c"] {
        let document = pg_ident(text);
        assert!(document.refused.as_ref().is_some_and(|why| why.starts_with("line 2: ")), "{:?}", document.refused);
        assert_eq!((document.exact, document.left_out), (0, 2));
        assert!(document.map.ends_with("https://idp.example /^x^$ nobody"));
    }
}

#[test]
fn the_change_sets_the_map_and_keeps_the_rest() {
    let settings = Settings::from_json(r#"{"server.jwt_authentication.audience": "db-login"}"#).expect("settings");
    let document = convert_map("m a b", MapDialect::PgIdent, &MapIssuers::One(ISSUER.into()), &settings);
    let change = document.change.expect("a change");
    assert_eq!(change.sql, ["SET CLUSTER SETTING server.identity_map.configuration = 'https://idp.example a b';"]);
    let changed = settings.with(&change.edits).expect("changed");
    assert_eq!(changed.value("server.identity_map.configuration"), Some(&*document.map));
    assert_eq!(changed.value("server.jwt_authentication.audience"), Some("db-login"));
}

#[test]
fn what_is_asked_over_the_wire_is_answered_or_refused() {
    let ask = |call: Value| -> Value { serde_json::from_str(&wire::call(&call.to_string())).expect("a document") };
    let call = json!({"verb": "convert_map", "text": "m a b", "dialect": "pg_ident", "issuers": {"m": ISSUER}});
    assert_eq!(ask(call.clone())["exact"], 1);
    for (member, value, message) in [
        (
            "dialect",
            json!("pg"),
            "`pg` is no dialect of maps; it is one of `pg_ident`, `trino_rules` and `trino_pattern`",
        ),
        ("issuer", json!("x"), "the call has both `issuer` and `issuers`"),
        ("issuers", json!(["m"]), "`issuers` is no object of strings: names of maps, each with its issuer"),
        ("issuers", json!({"m": 1}), "`issuers` is no object of strings: names of maps, each with its issuer"),
        ("text", json!(1), "`text` is a number, not a string"),
    ] {
        let mut call = call.clone();
        call[member] = value;
        assert_eq!(ask(call)["error"]["message"], message);
    }
    assert_eq!(
        ask(json!({"verb": "convert_map", "text": "", "dialect": "pg_ident"}))["error"]["message"],
        "the call has no `issuer`"
    );
}

#[test]
fn whatever_stands_in_a_map_is_harmless_on_a_terminal() {
    let nasty = "\u{1b}[31m\u{202e}\u{7}`\u{feff}";
    let pem = "-----BEGIN PRIVATE KEY-----";
    for text in [
        format!("# {nasty}\nm {nasty} {nasty}\nm{nasty} /^{nasty}(?=x)$ b"),
        format!("m /^({nasty})$ \\1 # {nasty}"),
        format!("m a /{nasty}("),
        format!("include {nasty}"),
        format!("# {pem}\n# MIIabc\nm a b # {pem}"),
        format!("m a \"{pem}\""),
    ] {
        let document = pg_ident(&text);
        let json = document.to_json();
        let document: Value = serde_json::from_str(&json).expect("JSON");
        let mut texts = Vec::new();
        strings(&document, &mut texts);
        for text in texts {
            assert!(!text.contains(['\u{1b}', '\u{202e}', '\u{7}', '\u{feff}']), "{text:?}");
            assert!(!text.contains("BEGIN PRIVATE") && !text.contains("MIIabc"), "{text:?}");
        }
    }
}

fn strings(value: &Value, texts: &mut Vec<String>) {
    match value {
        Value::String(text) => texts.push(text.clone()),
        Value::Array(values) => values.iter().for_each(|value| strings(value, texts)),
        Value::Object(members) => members.values().for_each(|value| strings(value, texts)),
        _ => {}
    }
}

#[test]
fn large_maps_are_converted_in_bounded_time_and_larger_ones_not_at_all() {
    let most = sqljwt::limits::CONVERT_MAP_BYTES_MAX;
    let filled = |line: &dyn Fn(usize) -> String| {
        let mut text = String::new();
        for number in 0.. {
            let line = line(number);
            if text.len() + line.len() > most {
                return text;
            }
            text += &line;
        }
        text
    };
    let rules =
        |line: &dyn Fn(usize) -> String| format!("{{\"rules\": [{}]}}", filled(line).trim_end_matches(['\n', ',']));
    let start = Instant::now();
    for text in [
        filled(&|number| format!("m p{number}@x.example u{number}\n")),
        filled(&|number| format!("m /^(.*)@x{number}\\.example$ \\1\n")),
        filled(&|number| format!("m /(.*)@(.*){number} \\1\n")),
        filled(&|_| "m a all\n".into()),
        format!("m /^{}$ b", "(".repeat(500_000)),
        format!("m /^{}$ b", "(?:a{0,200}){0,200}".repeat(10_000)),
    ] {
        let document = pg_ident(&text[..text.len().min(most)]);
        assert!(!document.map.is_empty());
    }
    for text in [
        rules(&|number| format!("{{\"pattern\": \"p{number}\"}},\n")),
        rules(&|number| format!("{{\"pattern\": \"(.*)@x{number}\"}},\n")),
    ] {
        let document = converted(&text[..text.len().min(most)], MapDialect::TrinoRules, "hardened");
        assert!(!document.map.is_empty());
    }
    println!("{:?}", start.elapsed());
    let refused = pg_ident(&format!("m a b{}", " ".repeat(most)));
    assert!(refused.refused.is_some() && refused.map.ends_with("https://idp.example /^x^$ nobody"));
}
