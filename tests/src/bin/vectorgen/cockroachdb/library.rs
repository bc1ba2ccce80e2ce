//! What the database's token library makes of keys, headers, times and encodings (L), and where the engine is stricter.

use crate::{
    book::{Book, NOW},
    cockroachdb::lab_key,
    mint::{Key, Members, encode, key, sign_hmac},
};

pub(crate) fn book() -> Book {
    let mut book = super::book(
        "cockroachdb_library",
        "What the database's token library makes of keys, headers, times and encodings, and where the engine is stricter.",
    );
    book.prefix("l-");
    book.case("0", "the ordinary login").accepts("u");
    kids_and_algorithms(&mut book);
    key_sets(&mut book);
    signatures(&mut book);
    times(&mut book);
    claims(&mut book);
    encodings(&mut book);
    headers(&mut book);
    book
}

fn kids_and_algorithms(book: &mut Book) {
    for (id, kid, code) in
        [("empty", "\"\"", "key_id_missing"), ("null", "null", "header_invalid"), ("number", "1", "header_invalid")]
    {
        book.case(&format!("1-{id}"), &format!("the token's kid is {kid}"))
            .cites(&["L1"])
            .header(|header| header.raw("kid", kid))
            .rejects(code);
    }
    book.case("1-missing", "the token has no kid")
        .cites(&["L1"])
        .header(|header| header.without("kid"))
        .rejects("key_id_missing");
    book.case("2", "the key has no kid").cites(&["L2"]).jwks(&[lab_key().without("kid")]).rejects("key_not_found");
    book.case("2-null", "the key's kid is null")
        .cites(&["L2"])
        .jwks(&[lab_key().raw("kid", "null")])
        .rejects("key_not_found");
    book.case("3", "kid in another case")
        .cites(&["L3"])
        .header(|header| header.set("kid", "K1"))
        .rejects("key_not_found");
    book.case("4", "kid with a JSON escape")
        .cites(&["L4"])
        .header(|header| header.raw("kid", "\"k\\u0031\""))
        .accepts("u");
    for (alg, code) in [
        ("RS512", "key_alg_mismatch"),
        ("HS256", "alg_not_allowed"),
        ("none", "alg_not_allowed"),
        ("FOO", "alg_not_allowed"),
    ] {
        book.case(
            &format!("5-{}", alg.to_lowercase()),
            &format!("the header says {alg}; the database goes by the JWK, RS256"),
        )
        .cites(&["L5"])
        .database_accepts()
        .header(|header| header.set("alg", alg))
        .rejects(code);
    }
    book.case("5-missing", "the header names no algorithm; the database goes by the JWK")
        .cites(&["L5"])
        .database_accepts()
        .header(|header| header.without("alg"))
        .rejects("header_invalid");
    book.case("6", "alg none and no signature")
        .cites(&["L6"])
        .header(|header| header.set("alg", "none"))
        .text(|token| token.text_with(|_, _| Vec::new()))
        .rejects("alg_not_allowed");
    let plain = || key("test-rsa-1").public("k1");
    for (alg, code) in [("none", "alg_not_allowed"), ("HS256", "alg_not_allowed"), ("ES256", "key_alg_mismatch")] {
        book.case(
            &format!("7-{}", alg.to_lowercase()),
            &format!("the JWK names no algorithm, and the header says {alg}"),
        )
        .cites(&["L7"])
        .jwks(&[plain()])
        .header(|header| header.set("alg", alg))
        .rejects(code);
    }
    book.case("8", "the JWK names no algorithm; RS512")
        .cites(&["L8"])
        .jwks(&[plain()])
        .token(|token| token.algorithm(key("test-rsa-1"), "RS512"))
        .accepts("u");
    book.case("8-other-hash", "the JWK names no algorithm; the header says RS512, the signature is RS256")
        .cites(&["L8"])
        .jwks(&[plain()])
        .header(|header| header.set("alg", "RS512"))
        .rejects("signature_invalid");
    book.case("9-32", "PS256 with a salt as long as the hash")
        .cites(&["L9"])
        .jwks(&[plain()])
        .token(|token| token.algorithm(key("test-rsa-1"), "PS256"))
        .accepts("u");
    for salt in [0, 222] {
        book.case(&format!("9-{salt}"), &format!("PS256 with a salt of {salt} bytes"))
            .cites(&["L9"])
            .database_accepts()
            .jwks(&[plain()])
            .text(|token| {
                let token = token.clone().algorithm(key("test-rsa-1"), "PS256");
                token.text_with(|key, input| key.sign_pss("PS256", salt, input))
            })
            .rejects("signature_invalid");
    }
    for (id, alg, code) in [("empty", "\"\"", "alg_not_allowed"), ("null", "null", "header_invalid")] {
        book.case(&format!("10-{id}"), &format!("the JWK names no algorithm, and the header's alg is {alg}"))
            .cites(&["L10"])
            .database_accepts()
            .jwks(&[plain()])
            .header(|header| header.raw("alg", alg))
            .rejects(code);
    }
    book.case("10-missing", "neither the JWK nor the header names an algorithm")
        .cites(&["L10"])
        .database_accepts()
        .jwks(&[plain()])
        .header(|header| header.without("alg"))
        .rejects("header_invalid");
    for (id, alg) in [
        ("rsa-oaep", "RSA-OAEP"),
        ("unknown", "XX1"),
        ("lower", "rs256"),
        ("space", "RS256 "),
        ("none", "none"),
        ("es256", "ES256"),
        ("hs256", "HS256"),
    ] {
        book.case(&format!("11-{id}"), &format!("the JWK's alg is `{alg}`"))
            .cites(&["L11"])
            .jwks(&[plain().set("alg", alg)])
            .rejects("key_alg_mismatch");
    }
    book.case("12", "the JWK's alg is a number")
        .cites(&["L12"])
        .jwks(&[plain().set("alg", 256)])
        .rejects("jwks_invalid");
}

fn key_sets(book: &mut Book) {
    for (id, text, outcome) in [
        ("sig", "\"sig\"", Ok("u")),
        ("empty", "\"\"", Ok("u")),
        ("null", "null", Ok("u")),
        ("enc", "\"enc\"", Err("key_not_for_verify")),
        ("foo", "\"foo\"", Err("key_not_for_verify")),
        ("number", "1", Err("jwks_invalid")),
    ] {
        book.case(&format!("13-{id}"), &format!("the JWK's use is {text}"))
            .cites(&["L13"])
            .jwks(&[lab_key().raw("use", text)])
            .decides(outcome);
    }
    book.case("14-verify", "key_ops has verify")
        .cites(&["L14"])
        .jwks(&[lab_key().raw("key_ops", r#"["x","verify"]"#)])
        .accepts("u");
    book.case("14-encrypt", "key_ops has only encrypt")
        .cites(&["L14"])
        .database_accepts()
        .jwks(&[lab_key().raw("key_ops", r#"["encrypt"]"#)])
        .rejects("key_not_for_verify");
    book.case("14-text", "key_ops is a text")
        .cites(&["L14"])
        .jwks(&[lab_key().set("key_ops", "verify")])
        .rejects("jwks_invalid");
    let other = || key("test-rsa-2").public("k1").set("alg", "RS256");
    book.case("15-first", "two keys share the kid, the right one first")
        .cites(&["L15"])
        .jwks(&[lab_key(), other()])
        .accepts("u");
    book.case("15-second", "two keys share the kid, the right one second")
        .cites(&["L15"])
        .jwks(&[other(), lab_key()])
        .rejects("signature_invalid");
    book.case("15-enc", "a key for encryption shares the kid and stands first")
        .cites(&["L15"])
        .jwks(&[other().set("use", "enc"), lab_key()])
        .rejects("key_not_for_verify");
    let rsa = key("test-rsa-1");
    let private = ["d", "p", "q", "dp", "dq", "qi"].iter().fold(lab_key(), |jwk, name| jwk.set(name, rsa.member(name)));
    book.case("16-rsa", "the set holds the private RSA key")
        .cites(&["L16"])
        .database_accepts()
        .jwks(&[private])
        .rejects("jwks_invalid");
    let ec = key("test-p256");
    book.case("16-ec", "the set holds a private EC key beside the right one")
        .cites(&["L16"])
        .database_accepts()
        .jwks(&[lab_key(), ec.public("k2").set("d", ec.member("d"))])
        .rejects("jwks_invalid");
    book.case("17-array", "x5c is an array of garbage")
        .cites(&["L17"])
        .jwks(&[lab_key().raw("x5c", r#"["garbage"]"#)])
        .accepts("u");
    book.case("17-text", "x5c is a text")
        .cites(&["L17"])
        .jwks(&[lab_key().set("x5c", "garbage")])
        .rejects("jwks_invalid");
    for (id, jwk) in [
        ("kty-foo", Members::new().set("kty", "FOO").set("kid", "k2")),
        ("kty-none", Members::new().set("kid", "k2")),
        ("kty-akp", Members::new().set("kty", "AKP").set("kid", "k2")),
        ("n-missing", key("test-rsa-2").public("k2").without("n")),
        ("y-missing", key("test-p256").public("k2").without("y")),
        ("n-not-base64", key("test-rsa-2").public("k2").set("n", "!")),
        ("kid-number", key("test-rsa-2").public("").set("kid", 2)),
    ] {
        book.case(&format!("18-{id}"), &format!("one bad key refuses the whole set: {id}"))
            .cites(&["L18"])
            .jwks(&[lab_key(), jwk])
            .rejects("jwks_invalid");
    }
    for (id, jwk) in [
        ("p-224", key("test-p256").public("k2").set("crv", "P-224")),
        ("secp256k1", key("test-p256").public("k2").set("crv", "secp256k1")),
        ("ed448", key("test-ed25519").public("k2").set("crv", "Ed448")),
        ("x25519", key("test-ed25519").public("k2").set("crv", "X25519")),
        ("n-empty", key("test-rsa-2").public("k2").set("n", "")),
    ] {
        book.case(&format!("19-{id}"), &format!("a key that cannot verify leaves the others alone: {id}"))
            .cites(&["L19"])
            .jwks(&[lab_key(), jwk])
            .accepts("u");
    }
    let padded = format!("{}==", rsa.member("n"));
    book.case("5-3-padded", "the modulus is padded base64").jwks(&[lab_key().set("n", padded)]).accepts("u");
    book.case("5-3-standard", "the modulus is in the standard base64 alphabet")
        .jwks(&[lab_key().set("n", rsa.member("n").replace('-', "+").replace('_', "/"))])
        .accepts("u");
    book.case("5-3-twice", "a key states its id twice: the last one counts")
        .jwks(&[lab_key().set("kid", "k0").again("kid", "\"k1\"")])
        .accepts("u");
    book.case("5-3-alg-empty", "the JWK's alg is empty").jwks(&[lab_key().set("alg", "")]).accepts("u");
    book.case("5-3-alg-null", "the JWK's alg is null").jwks(&[lab_key().raw("alg", "null")]).accepts("u");
    book.case("5-8", "an RSA key of 1024 bits")
        .database_accepts()
        .jwks(&[key("test-rsa-1024").public("k1")])
        .token(|token| token.signed_with(key("test-rsa-1024"), "RS256"))
        .rejects("key_weak");
}

fn signatures(book: &mut Book) {
    let p384 = || key("test-p384").public("k1");
    book.case("20-es384", "P-384 with ES384")
        .cites(&["L20"])
        .jwks(&[p384()])
        .token(|token| token.algorithm(key("test-p384"), "ES384"))
        .accepts("u");
    book.case("20-es256", "P-384 with ES256: the hash is not the curve's")
        .cites(&["L20"])
        .database_accepts()
        .jwks(&[p384()])
        .token(|token| token.algorithm(key("test-p384"), "ES256"))
        .rejects("key_alg_mismatch");
    let p256 = || key("test-p256").public("k1");
    book.case("21-es512", "P-256 with ES512: the hash is not the curve's")
        .cites(&["L21"])
        .database_accepts()
        .jwks(&[p256()])
        .token(|token| token.algorithm(key("test-p256"), "ES512"))
        .rejects("key_alg_mismatch");
    book.case("21-es256k", "P-256 with ES256K")
        .cites(&["L21"])
        .jwks(&[p256()])
        .token(|token| token.algorithm(key("test-p256"), "ES256K"))
        .rejects("alg_not_allowed");
    let resized = |length: usize| {
        move |key: &Key, input: &[u8]| {
            let mut bytes = key.sign("ES256", input);
            bytes.resize(length, 0);
            bytes
        }
    };
    let widened = |key: &Key, input: &[u8]| {
        let bytes = key.sign("ES256", input);
        [&[0], &bytes[..32], &[0], &bytes[32..]].concat()
    };
    type Sign = Box<dyn Fn(&Key, &[u8]) -> Vec<u8>>;
    let forms: [(&str, &str, Sign, Result<&str, &str>); 5] = [
        ("der", "in DER", Box::new(Key::sign_der), Err("signature_invalid")),
        ("short", "of 63 bytes", Box::new(resized(63)), Err("signature_invalid")),
        ("long", "of 65 bytes", Box::new(resized(65)), Err("signature_invalid")),
        ("wide", "with both halves widened by a zero byte", Box::new(widened), Err("signature_invalid")),
        ("high-s", "with the larger s", Box::new(Key::sign_high), Ok("u")),
    ];
    for (id, about, sign, outcome) in forms {
        book.case(&format!("22-{id}"), &format!("an ES256 signature {about}"))
            .cites(&["L22"])
            .jwks(&[p256()])
            .text(|token| token.clone().algorithm(key("test-p256"), "ES256").text_with(sign))
            .decides(outcome);
    }
    for (id, algorithm, secret, passes) in [
        ("hs256", "HS256", "a shared secret", true),
        ("hs512", "HS512", "a shared secret", true),
        ("empty", "HS256", "", false),
    ] {
        let case = book
            .case(
                &format!("23-{id}"),
                &format!("{algorithm} under a shared secret of {} bytes in the set", secret.len()),
            )
            .cites(&["L23"])
            .jwks(&[Members::new().set("kty", "oct").set("kid", "k1").set("k", encode(secret))])
            .header(|header| header.set("alg", algorithm))
            .text(|token| token.text_with(|_, input| sign_hmac(algorithm, secret.as_bytes(), input)));
        if passes { case.database_accepts() } else { case }.rejects("alg_not_allowed");
    }
    let ed = || key("test-ed25519").public("k1");
    for (id, about, jwk, alg, outcome) in [
        ("eddsa", "EdDSA", ed(), "EdDSA", Ok("u")),
        ("eddsa-jwk", "EdDSA in the JWK too", ed().set("alg", "EdDSA"), "EdDSA", Ok("u")),
        (
            "jwk-name",
            "the JWK says Ed25519, the newer name",
            ed().set("alg", "Ed25519"),
            "EdDSA",
            Err("key_alg_mismatch"),
        ),
        ("header-name", "the header says Ed25519, the newer name", ed(), "Ed25519", Err("alg_not_allowed")),
    ] {
        book.case(&format!("24-{id}"), about)
            .cites(&["L24"])
            .jwks(&[jwk])
            .token(|token| token.algorithm(key("test-ed25519"), alg))
            .decides(outcome);
    }
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

fn claims(book: &mut Book) {
    let invalid = Err("payload_invalid");
    for (id, text, outcome) in [
        ("31-list", r#"["other","test_cluster"]"#, Ok("u")),
        ("31-empty", "[]", Err("aud_missing")),
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
        ("42-bearer", "the word Bearer in front", "token_bad_base64", false, |text| format!("Bearer {text}")),
        ("42-nul", "a NUL at the end", "token_bad_base64", false, |text| text + "\0"),
        ("42-bom", "a byte-order mark in front", "token_bad_base64", false, |text| format!("\u{feff}{text}")),
        ("42-quotes", "quotes around", "token_bad_base64", false, |text| format!("\"{text}\"")),
        ("43-space", "a space at the end", "token_bad_base64", true, |text| text + " "),
        ("43-newline", "a line break at the end", "token_bad_base64", true, |text| text + "\n"),
        ("43-no-break", "a no-break space in front", "token_bad_base64", true, |text| format!("\u{a0}{text}")),
        ("43-vt", "a vertical tab at the end", "token_bad_base64", true, |text| text + "\u{b}"),
        ("43-ff", "a form feed at the end", "token_bad_base64", true, |text| text + "\u{c}"),
        ("43-line", "a line separator at the end", "token_bad_base64", true, |text| text + "\u{2028}"),
        ("48-flattened", "the flattened JSON form", "token_malformed", true, |text| {
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
