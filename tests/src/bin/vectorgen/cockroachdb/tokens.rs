//! What the database's token library makes of times, claims, encodings and headers (L), and where the engine is stricter.

use crate::{
    book::{Book, NOW},
    mint::{encode, key},
};

pub(crate) fn book() -> Book {
    let mut book = super::book(
        "cockroachdb_tokens",
        "What the database's token library makes of times, claims, encodings and headers, and where the engine is stricter.",
    );
    book.prefix("l-");
    times(&mut book);
    far_times(&mut book);
    claims(&mut book);
    encodings(&mut book);
    headers(&mut book);
    book
}

fn times(book: &mut Book) {
    book.case("25-absent", "no exp: the token never expires")
        .cites(&["L25"])
        .claims(|claims| claims.without("exp"))
        .accepts("u");
    let (now, invalid) = (NOW.to_string(), Err("payload_invalid"));
    let exps: Vec<(&str, &str, String, Result<&str, &str>)> = vec![
        ("zero", "L25", "0".into(), Ok("u")),
        ("zero-decimal", "L25", "0.0".into(), Ok("u")),
        ("half", "L25", "0.5".into(), Ok("u")),
        ("tiny", "L25", "1e-5".into(), Ok("u")),
        ("zero-text", "L25", "\"0\"".into(), Ok("u")),
        ("now", "L26", now.clone(), Err("token_expired")),
        ("now-and-half", "L26", format!("{now}.5"), Err("token_expired")),
        ("one", "L26", "1".into(), Err("token_expired")),
        ("next", "L26", (NOW + 1).to_string(), Ok("u")),
        ("negative", "L27", "-1".into(), invalid),
        ("minus-zero", "L27", "-0".into(), invalid),
        ("soon", "L27", "\"soon\"".into(), invalid),
        ("empty", "L27", "\"\"".into(), invalid),
        ("true", "L27", "true".into(), invalid),
        ("null", "L27", "null".into(), invalid),
        ("array", "L27", "[]".into(), invalid),
        ("object", "L27", "{}".into(), invalid),
        ("1e30", "L27", "1e30".into(), invalid),
        ("2-63", "L27", "9223372036854775808".into(), invalid),
        ("text-negative", "L27", "\"-5\"".into(), invalid),
        ("text-plus", "L27", "\"+1900000000\"".into(), invalid),
        ("text-space", "L27", "\" 1900000000\"".into(), invalid),
        ("text-exponent", "L27", "\"1.9e9\"".into(), invalid),
        ("text-hex", "L27", "\"0x71\"".into(), invalid),
        ("text-underscore", "L27", "\"1_9\"".into(), invalid),
        ("text-no-digit", "L27", "\".5\"".into(), invalid),
        ("date-lower", "L27", "\"2033-01-01t00:00:00z\"".into(), invalid),
        ("date-only", "L27", "\"2033-01-01\"".into(), invalid),
        ("date-space", "L27", "\"2033-01-01 00:00:00Z\"".into(), invalid),
        ("text", "L28", "\"1900000000\"".into(), Ok("u")),
        ("text-fraction", "L28", "\"1900000000.5\"".into(), Ok("u")),
        ("text-point", "L28", "\"1900000000.\"".into(), Ok("u")),
        ("text-zero-first", "L28", "\"01900000000\"".into(), Ok("u")),
        ("date", "L28", "\"2033-01-01T00:00:00Z\"".into(), Ok("u")),
        ("date-offset", "L28", "\"2033-01-01T00:00:00+02:00\"".into(), Ok("u")),
        ("date-fraction", "L28", "\"2033-01-01T00:00:00.25Z\"".into(), Ok("u")),
        ("exponent", "L28", "1.9e9".into(), Ok("u")),
        ("2-62", "L28", "4611686018427387904".into(), Ok("u")),
    ];
    for (id, case, text, outcome) in exps {
        book.case(&format!("{}-{id}", &case[1..]), &format!("exp is {text}"))
            .cites(&[case])
            .claims(|claims| claims.raw("exp", &text))
            .decides(outcome);
    }
    for (id, about, claim, time, outcome) in [
        ("nbf-now", "nbf is now", "nbf", NOW, Ok("u")),
        ("nbf-next", "nbf is a second ahead", "nbf", NOW + 1, Err("token_not_yet_valid")),
        ("nbf-zero", "nbf is 0: unset", "nbf", 0, Ok("u")),
        ("iat-now", "iat is now", "iat", NOW, Ok("u")),
        ("iat-next", "iat is a second ahead", "iat", NOW + 1, Err("issued_in_future")),
        ("iat-past", "iat is long ago", "iat", 1, Ok("u")),
    ] {
        book.case(&format!("29-{id}"), about).cites(&["L29"]).claims(|claims| claims.set(claim, time)).decides(outcome);
    }
    book.case("29-nbf-fraction", "nbf is half a second ahead: the fraction is dropped")
        .cites(&["L29"])
        .claims(|claims| claims.raw("nbf", &format!("{now}.5")))
        .accepts("u");
    book.case("29-iat-after-exp", "iat lies after an exp that counts as unset")
        .cites(&["L29"])
        .claims(|claims| claims.set("iat", NOW).set("exp", 0))
        .accepts("u");
    book.case("30", "iat and exp are both wrong: iat is the reason")
        .cites(&["L30"])
        .claims(|claims| claims.set("iat", NOW + 1).set("exp", NOW))
        .rejects("issued_in_future");
    book.case("30-nbf", "exp and nbf are both wrong: exp is the reason")
        .cites(&["L30"])
        .claims(|claims| claims.set("nbf", NOW + 1).set("exp", NOW))
        .rejects("token_expired");
    book.case("leeway", "the leeway is the engine's own and counts for nothing here")
        .set("engine.leeway_seconds", 300)
        .claims(|claims| claims.set("exp", NOW))
        .rejects("token_expired");
}

/// Times near the largest that the library and Go's clock can hold, and the lenient forms of its texts.
fn far_times(book: &mut Book) {
    // The last double below 2^63, its neighbours, and the last second that does not wrap round, by itself and as doubles.
    let (invalid, expired) = (Err("payload_invalid"), Err("token_expired"));
    for (id, text, exp) in [
        ("2-63-less-one", "9223372036854775807", invalid),
        ("2-63-half", "9223372036854775296", invalid),
        ("2-63-exponent", "9.223372036854775807e18", invalid),
        ("2-63-fraction", "9223372036854775807.5", invalid),
        ("2-63-below-half", "9223372036854775295", expired),
        ("2-63-double", "9223372036854774784", expired),
        ("2-63-double-exponent", "9.223372036854774784e18", expired),
        ("2-63-double-before", "9223372036854773760", expired),
        ("2-63-text", "\"9223372036854775807\"", expired),
        ("2-63-text-fraction", "\"9223372036854775807.9\"", expired),
        ("2-63-text-beyond", "\"9223372036854775808\"", invalid),
        ("wrap-text", "\"9223371974719179008\"", expired),
        ("wrap-text-before", "\"9223371974719179007\"", Ok("u")),
        ("wrap", "9223371974719179008", Ok("u")),
        ("wrap-double", "9223371974719178752", Ok("u")),
        ("wrap-double-after", "9223371974719179776", expired),
        ("wrap-exponent", "9.223371974719179776e18", expired),
    ] {
        for (claim, code) in [("exp", ""), ("nbf", "token_not_yet_valid"), ("iat", "issued_in_future")] {
            // Of the other claims the database takes what has wrapped round for past: it lets such a token in, we do not.
            let wrapped = exp == expired && !code.is_empty();
            let outcome = if code.is_empty() || exp == invalid { exp } else { Err(code) };
            let case = book
                .case(&format!("{claim}-{id}"), &format!("{claim} is {text}"))
                .claims(|claims| claims.raw(claim, text));
            if wrapped { case.database_accepts() } else { case }.decides(outcome);
        }
    }
    for (id, text, outcome) in [
        ("two-points", "\"1900000000.5.5\"", Ok("u")),
        ("points-last", "\"1900000000..\"", Ok("u")),
        ("points-past", "\"7..\"", Err("token_expired")),
        ("points-alone", "\"..\"", Err("payload_invalid")),
        ("hour-digit", "\"2033-01-01T1:00:00Z\"", Ok("u")),
        ("minute-digit", "\"2033-01-01T01:0:00Z\"", Err("payload_invalid")),
        ("comma", "\"2033-01-01T00:00:00,5Z\"", Ok("u")),
        ("offset-24-30", "\"2033-01-01T00:00:00+24:30\"", Ok("u")),
        ("offset-24-60", "\"2033-01-01T00:00:00-24:60\"", Ok("u")),
        ("offset-25", "\"2033-01-01T00:00:00+25:00\"", Err("payload_invalid")),
        ("offset-61", "\"2033-01-01T00:00:00+01:61\"", Err("payload_invalid")),
        ("almost-one", "0.9999999999", Err("token_expired")),
        ("almost-one-less", "0.99999999949", Ok("u")),
    ] {
        book.case(&format!("exp-{id}"), &format!("exp is {text}"))
            .claims(|claims| claims.raw("exp", text))
            .decides(outcome);
    }
    for (id, claim, text) in [
        ("zero-time", "exp", "\"0001-01-01T00:00:00Z\""),
        ("before-1970", "nbf", "\"1969-12-31T23:59:59Z\""),
        ("before-1970", "iat", "\"1970-01-01T00:59:59+01:00\""),
    ] {
        book.case(
            &format!("{claim}-{id}"),
            &format!("{claim} is {text}: no login token was made for a time before 1970"),
        )
        .database_accepts()
        .claims(|claims| claims.raw(claim, text))
        .rejects("payload_invalid");
    }
}

fn claims(book: &mut Book) {
    let invalid = Err("payload_invalid");
    for (id, text, outcome) in [
        ("31-list", r#"["other","test_cluster"]"#, Ok("u")),
        ("31-empty", "[]", Err("audience_not_allowed")),
        ("31-text-empty", "\"\"", Err("audience_not_allowed")),
        ("31-number", "1", invalid),
        ("31-null", "null", invalid),
        ("31-object", "{}", invalid),
        ("31-mixed", r#"["test_cluster",1]"#, invalid),
    ] {
        book.case(id, &format!("aud is {text}"))
            .cites(&["L31"])
            .claims(|claims| claims.raw("aud", text))
            .decides(outcome);
    }
    book.case("31-absent", "no aud").cites(&["L31"]).claims(|claims| claims.without("aud")).rejects("aud_missing");
    for (claim, text, outcome) in [
        ("iss", "null", Err("iss_missing")),
        ("iss", "1", invalid),
        ("iss", r#"["issuer1"]"#, invalid),
        ("iss", "\"\"", Err("issuer_not_allowed")),
        ("sub", "null", Err("user_mismatch")),
        ("sub", "1", invalid),
        ("sub", r#"["u"]"#, invalid),
        ("jti", "1", invalid),
        ("jti", "null", Ok("u")),
    ] {
        let kind = match text {
            "null" => "null",
            "1" => "number",
            "\"\"" => "empty",
            _ => "array",
        };
        book.case(&format!("32-{claim}-{kind}"), &format!("{claim} is {text}"))
            .cites(&["L32"])
            .claims(|claims| claims.raw(claim, text))
            .decides(outcome);
    }
    book.case("32-iss-absent", "no iss").cites(&["L32"]).claims(|claims| claims.without("iss")).rejects("iss_missing");
    for id in ["absent", "null"] {
        book.case(&format!("32-iss-{id}-default"), "no iss, and no issuer is set: the empty text is the one issuer")
            .cites(&["L32"])
            .issuers("")
            .claims(|claims| if id == "null" { claims.raw("iss", "null") } else { claims.without("iss") })
            .accepts("u");
    }
    book.case(
        "32-sub-absent",
        "no sub and no requested user: the bearer is the empty user, whom the database will not find",
    )
    .cites(&["L32"])
    .claims(|claims| claims.without("sub"))
    .user("")
    .accepts("");
    book.case("33", "sub twice; the database takes the last")
        .cites(&["L33"])
        .database_accepts()
        .claims(|claims| claims.set("sub", "a").again("sub", "\"u\""))
        .rejects("payload_duplicate_member");
    for (id, first, second) in [("first", "\"soon\"", "1900000000"), ("second", "1900000000", "\"soon\"")] {
        book.case(&format!("34-{id}"), "exp twice, once not a time")
            .cites(&["L34"])
            .claims(|claims| claims.raw("exp", first).again("exp", second))
            .rejects("payload_duplicate_member");
    }
    book.case("nested-twice", "an object inside the claims states a member twice")
        .claims(|claims| claims.raw("ext", r#"{"a":1,"a":2}"#))
        .accepts("u");
    book.case("35", "text after the claims, signed with them")
        .cites(&["L35"])
        .database_accepts()
        .text(|token| token.text_of(format!("{} junk", token.claims)))
        .rejects("payload_invalid");
    for (id, payload) in [
        ("array", "[]"),
        ("null", "null"),
        ("text", "\"claims\""),
        ("empty", ""),
        ("bom", "\u{feff}{\"sub\":\"u\"}"),
        ("comment", "{/**/}"),
        ("comma", r#"{"sub":"u",}"#),
        ("nan", r#"{"sub":"u","x":NaN}"#),
        ("leading-zero", r#"{"sub":"u","x":01}"#),
        ("raw-control", "{\"sub\":\"u\t\"}"),
    ] {
        book.case(&format!("36-{id}"), &format!("the claims are not one JSON object: {id}"))
            .cites(&["L36"])
            .text(|token| token.text_of(payload))
            .rejects("payload_invalid");
    }
    book.case("36-white-space", "white space around the claims is JSON")
        .text(|token| token.text_of(format!("\r\n {} \t", token.claims)))
        .accepts("u");
    for (id, user, code) in [("37", "u", "user_mismatch"), ("37-nobody", "", "iss_missing")] {
        book.case(id, "no claims at all").cites(&["L37"]).text(|token| token.text_of("{}")).user(user).rejects(code);
    }
    book.case("38-huge", "a number beyond a double")
        .cites(&["L38"])
        .claims(|claims| claims.raw("x", "1e400"))
        .rejects("payload_invalid");
    for (depth, outcome) in [(31, Ok("u")), (32, invalid), (9000, invalid), (10_001, invalid)] {
        let nested = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        let case = book
            .case(&format!("38-depth-{depth}"), &format!("a claim nested {depth} deep"))
            .cites(&["L38"])
            .claims(|claims| claims.raw("x", &nested));
        if depth == 32 || depth == 9000 { case.database_accepts() } else { case }.decides(outcome);
    }
    book.case("39-surrogate", "half a surrogate pair in a claim")
        .cites(&["L39"])
        .database_accepts()
        .claims(|claims| claims.raw("x", "\"\\ud800\""))
        .rejects("payload_invalid");
    book.case("39-utf-8", "a claim that is not UTF-8")
        .cites(&["L39"])
        .database_accepts()
        .text(|token| {
            let text = token.clone().claims(|claims| claims.set("x", "?")).claims.to_string();
            token.text_of(text.bytes().map(|byte| if byte == b'?' { 0xff } else { byte }).collect::<Vec<_>>())
        })
        .rejects("payload_invalid");
    book.case("39-nul", "an escaped NUL in sub is kept")
        .cites(&["L39"])
        .claims(|claims| claims.raw("sub", "\"u\\u0000\""))
        .user("u\0")
        .accepts("u\0");
    book.case("case", "claim names are case-sensitive: ISS is no iss")
        .claims(|claims| claims.set("ISS", "x").set("EXP", 1))
        .accepts("u");
    book.case("cnf", "a token bound to a key that the bearer would have to prove")
        .database_accepts()
        .claims(|claims| claims.raw("cnf", r#"{"jkt":"t"}"#))
        .rejects("cnf_unsupported");
    book.case("events", "a token that reports an event").claims(|claims| claims.raw("events", "{}")).accepts("u");
}

fn encodings(book: &mut Book) {
    type Edit = fn(String) -> String;
    let parts: [(&str, &str, &str, bool, Edit); 21] = [
        ("40-two", "two parts", "token_malformed", false, |text| text.rsplit_once('.').expect("a signature").0.into()),
        ("40-four", "four parts", "token_malformed", false, |text| text + ".AAAA"),
        ("40-five", "five parts: encrypted", "token_encrypted", false, |text| text + ".AAAA.AAAA"),
        ("40-dot", "a dot at the end", "token_malformed", false, |text| text + "."),
        ("41-crlf", "a line break inside a part", "token_bad_base64", true, |text| text.replacen("J", "J\r\n", 1)),
        ("41-padded", "a part with padding", "token_bad_base64", true, |text| text + "=="),
        (
            "41-trailing-bits",
            "a signature whose last character has unused bits set",
            "token_bad_base64",
            true,
            last_bits,
        ),
        ("42-space", "a space inside a part", "token_bad_base64", false, |text| text.replacen('J', "J ", 1)),
        ("42-tab", "a tab inside a part", "token_bad_base64", false, |text| text.replacen('J', "J\t", 1)),
        ("42-padding", "a part with too much padding", "token_bad_base64", false, |text| text + "==="),
        ("42-bearer", "the word Bearer in front", "token_malformed", false, |text| format!("Bearer {text}")),
        ("42-nul", "a NUL at the end", "token_malformed", false, |text| text + "\0"),
        ("42-bom", "a byte-order mark in front", "token_malformed", false, |text| format!("\u{feff}{text}")),
        ("42-quotes", "quotes around", "token_malformed", false, |text| format!("\"{text}\"")),
        ("43-space", "a space at the end", "token_malformed", true, |text| text + " "),
        ("43-newline", "a line break at the end", "token_malformed", true, |text| text + "\n"),
        ("43-no-break", "a no-break space in front", "token_bad_base64", true, |text| format!("\u{a0}{text}")),
        ("43-vt", "a vertical tab at the end", "token_malformed", true, |text| text + "\u{b}"),
        ("43-ff", "a form feed at the end", "token_malformed", true, |text| text + "\u{c}"),
        ("43-line", "a line separator at the end", "token_bad_base64", true, |text| text + "\u{2028}"),
        ("48-flattened", "the flattened JSON form", "token_malformed", false, |text| {
            let parts: Vec<_> = text.split('.').collect();
            format!(r#"{{"protected":"{}","payload":"{}","signature":"{}"}}"#, parts[0], parts[1], parts[2])
        }),
    ];
    for (id, about, code, accepted, edit) in parts {
        let number = id.split_once('-').expect("a number and a name").0;
        let case = book.case(id, about).cites(&[&format!("L{number}")]).text(|token| edit(token.text()));
        if accepted { case.database_accepts() } else { case }.rejects(code);
    }
    book.case("41-standard", "a signature in the standard alphabet")
        .cites(&["L41"])
        .database_accepts()
        .text(|token| {
            let text = token.text();
            let (input, signature) = text.rsplit_once('.').expect("a signature");
            format!("{input}.{}", signature.replace('-', "+").replace('_', "/"))
        })
        .rejects("token_bad_base64");
    book.case("42-mixed", "a signature in both alphabets")
        .cites(&["L42"])
        .text(|token| {
            let text = token.text();
            let (input, signature) = text.rsplit_once('.').expect("a signature");
            format!("{input}.{}", signature.replacen('-', "+", 1))
        })
        .rejects("token_bad_base64");
    book.case("44-added", "white space after the header's object, added after signing")
        .cites(&["L44"])
        .database_accepts()
        .text(|token| {
            let text = token.text();
            let rest = text.split_once('.').expect("a header").1;
            format!("{}.{rest}", encode(format!("{} ", token.header)))
        })
        .rejects("header_invalid");
    book.case("44-signed", "white space after the header's object, signed with it")
        .cites(&["L44"])
        .text(|token| token.text_over(&format!("{} ", token.header), token.claims.to_string().as_bytes()))
        .rejects("header_invalid");
    book.case("44-inside", "white space inside the header's object")
        .text(|token| token.text_over(r#"{ "alg" : "RS256", "kid" : "k1" }"#, token.claims.to_string().as_bytes()))
        .accepts("u");
    book.case("47", "a token inside a token")
        .cites(&["L47"])
        .text(|token| token.text_of(token.text()))
        .rejects("payload_invalid");
    book.case("token-empty-disabled", "an empty token, and token logins are off: the empty token is found first")
        .set("server.jwt_authentication.enabled", false)
        .text(|_| String::new())
        .rejects("token_empty");
}

/// The same signature with the unused bits of its last character set.
fn last_bits(mut text: String) -> String {
    const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let last = text.pop().expect("a signature");
    let index = ALPHABET.find(last).expect("a base64url character");
    text.push_str(&ALPHABET[index | 1..=index | 1]);
    text
}

fn headers(book: &mut Book) {
    let jwk = key("test-rsa-2").public("x").to_string();
    for (id, member, text, outcome) in [
        ("45-crit", "crit", r#"["x"]"#, Err("crit_unsupported")),
        ("45-jku", "jku", "\"https://evil.example/keys\"", Ok("u")),
        ("45-jwk", "jwk", &*jwk, Ok("u")),
        ("45-x5u", "x5u", "\"https://evil.example/chain\"", Ok("u")),
        ("45-x5c", "x5c", r#"["garbage"]"#, Ok("u")),
        ("45-cty", "cty", "\"JWT\"", Err("cty_nested")),
        ("45-enc", "enc", "\"A128GCM\"", Ok("u")),
        ("45-typ", "typ", "\"odd\"", Err("typ_not_allowed")),
        ("45-zip", "zip", "\"DEF\"", Err("zip_unsupported")),
    ] {
        let case = book.case(id, &format!("the header's {member} is ignored by the database")).cites(&["L45"]);
        let case = if outcome.is_err() { case.database_accepts() } else { case };
        case.header(|header| header.raw(member, text)).decides(outcome);
    }
    for (id, member, text, code) in [
        ("46-typ", "typ", "1", "header_invalid"),
        ("46-kid", "kid", "1", "header_invalid"),
        ("46-alg", "alg", "1", "header_invalid"),
        ("46-jku", "jku", "1", "header_invalid"),
        ("46-cty", "cty", "1", "header_invalid"),
        ("46-crit", "crit", "1", "crit_unsupported"),
        ("46-x5c", "x5c", "\"garbage\"", "header_invalid"),
        ("46-jwk", "jwk", r#"{"kty":"FOO"}"#, "header_invalid"),
    ] {
        book.case(id, &format!("the header's {member} is of the wrong kind: {text}"))
            .cites(&["L46"])
            .header(|header| header.raw(member, text))
            .rejects(code);
    }
    book.case("header-twice", "the header states its type twice; the database takes the last")
        .database_accepts()
        .header(|header| header.again("typ", "\"JWT\""))
        .rejects("header_duplicate_member");
}
