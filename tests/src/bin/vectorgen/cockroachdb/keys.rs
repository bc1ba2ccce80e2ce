//! What the database's token library makes of keys, algorithms and signatures (L), and where the engine is stricter.

use crate::{
    book::Book,
    cockroachdb::lab_key,
    mint::{Key, Members, encode, key, sign_hmac},
};

pub(crate) fn book() -> Book {
    let mut book = super::book(
        "cockroachdb_keys",
        "What the database's token library makes of keys, algorithms and signatures, and where the engine is stricter.",
    );
    book.prefix("l-");
    book.case("0", "the ordinary login").accepts("u");
    kids_and_algorithms(&mut book);
    key_sets(&mut book);
    members(&mut book);
    signatures(&mut book);
    book
}

fn kids_and_algorithms(book: &mut Book) {
    for (id, kid, code) in
        [("empty", "\"\"", "key_id_missing"), ("null", "null", "key_id_missing"), ("number", "1", "header_invalid")]
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

/// One bad member refuses the whole set, in the key that the token names and in any other. What may stand there the
/// library reads, whatever the key is then worth.
fn members(book: &mut Book) {
    let ed25519 = |kid| key("test-ed25519").public(kid);
    type Change = fn(Members) -> Members;
    let members: [(&str, &str, Change, bool); 30] = [
        ("x5t-number", "x5t is a number", |jwk| jwk.raw("x5t", "1"), false),
        ("x5u-number", "x5u is a number", |jwk| jwk.raw("x5u", "1"), false),
        ("x5t-s256-list", "x5t#S256 is a list", |jwk| jwk.raw("x5t#S256", "[]"), false),
        ("x5c-numbers", "x5c is a list of numbers", |jwk| jwk.raw("x5c", "[1]"), false),
        (
            "kid-object-first",
            "a kid that is an object stands before the kid",
            |jwk| jwk.raw("kid", "{}").again("kid", "\"k1\""),
            false,
        ),
        (
            "alg-list-first",
            "an alg that is a list stands before the alg",
            |jwk| jwk.raw("alg", "[]").again("alg", "\"EdDSA\""),
            false,
        ),
        ("x-number-first", "an x that is a number stands before the x", number_before_x, false),
        ("kty-number-other-case", "Kty is a number", |jwk| jwk.raw("Kty", "1"), false),
        ("kty-other-case", "KTY names another type and stands last", |jwk| jwk.set("KTY", "RSA"), false),
        ("kty-twice", "kty names two types", |jwk| jwk.again("kty", "\"RSA\""), false),
        ("kty-null", "kty stands again and is null", |jwk| jwk.again("kty", "null"), false),
        ("d-other-case", "D makes the key private, and there is no d", |jwk| jwk.raw("D", "null"), false),
        ("crv-missing", "there is no crv", |jwk| jwk.without("crv"), false),
        ("x-half-padded", "x is padded with one `=` of two", |jwk| jwk.set("x", "AA="), false),
        ("x-overpadded", "x is padded where nothing is due", |jwk| jwk.set("x", "AAAA="), false),
        ("x-padding-line", "a line feed after the padding of x", |jwk| jwk.set("x", "AA==\n"), false),
        ("kty-other-case-alone", "KTY alone names the type", |jwk| jwk.without("kty").set("KTY", "OKP"), true),
        ("kty-other-case-null", "KTY is null", |jwk| jwk.raw("KTY", "null"), true),
        ("x5c-null", "x5c is null", |jwk| jwk.raw("x5c", "null"), true),
        ("x5c-list-null", "x5c is a list of null", |jwk| jwk.raw("x5c", "[null]"), true),
        ("x5t-null", "x5t is null", |jwk| jwk.raw("x5t", "null"), true),
        ("key-ops-null", "key_ops is null", |jwk| jwk.raw("key_ops", "null"), true),
        ("key-ops-list-null", "key_ops holds null beside verify", |jwk| jwk.raw("key_ops", r#"["verify",null]"#), true),
        ("d-null", "d is null", |jwk| jwk.raw("d", "null"), true),
        ("d-empty", "d is empty", |jwk| jwk.set("d", ""), true),
        ("issuer-null", "issuer is null", |jwk| jwk.raw("issuer", "null"), true),
        ("issuer-empty", "issuer is empty", |jwk| jwk.set("issuer", ""), true),
        ("y-number", "y, which the type does not have, is a number", |jwk| jwk.raw("y", "1"), true),
        ("x-line", "a line feed stands in x", line_in_x, true),
        ("x-upper", "X is a number", |jwk| jwk.raw("X", "1"), true),
    ];
    for (id, about, change, reads) in members {
        book.case(&format!("set-named-{id}"), &format!("in the key that the token names, {about}"))
            .jwks(&[change(ed25519("k1"))])
            .token(|token| token.algorithm(key("test-ed25519"), "EdDSA"))
            .decides(if reads { Ok("u") } else { Err("jwks_invalid") });
        book.case(&format!("set-beside-{id}"), &format!("in another key of the set, {about}"))
            .jwks(&[change(ed25519("k2")), lab_key()])
            .decides(if reads { Ok("u") } else { Err("jwks_invalid") });
        book.case(&format!("set-sole-{id}"), &format!("in a key that stands for a set, {about}"))
            .set("server.jwt_authentication.jwks", change(ed25519("k1")).to_string())
            .token(|token| token.algorithm(key("test-ed25519"), "EdDSA"))
            .decides(if reads { Ok("u") } else { Err("jwks_invalid") });
    }
    let worthless: [(&str, &str, Members); 6] = [
        ("x-null", "x is null", ed25519("k1").raw("x", "null")),
        ("crv-null", "crv is null", ed25519("k1").raw("crv", "null")),
        ("ec-y-null", "y of an EC key is null", key("test-p256").public("k1").raw("y", "null")),
        ("n-null", "n is null", key("test-rsa-2").public("k1").raw("n", "null")),
        ("e-null", "e is null", key("test-rsa-2").public("k1").raw("e", "null")),
        ("issuer-false", "issuer is false", ed25519("k1").raw("issuer", "false")),
    ];
    for (id, about, jwk) in worthless {
        let beside = [jwk.clone().set("kid", "k2"), lab_key()];
        book.case(&format!("set-named-{id}"), &format!("in the key that the token names, {about}"))
            .jwks(&[jwk])
            .rejects("key_invalid");
        book.case(&format!("set-beside-{id}"), &format!("in another key of the set, {about}"))
            .jwks(&beside)
            .accepts("u");
    }
    book.case("set-named-kid-null", "the kid stands again and is null")
        .jwks(&[lab_key().again("kid", "null")])
        .rejects("key_not_found");
}

fn number_before_x(jwk: Members) -> Members {
    let x = format!("\"{}\"", key("test-ed25519").member("x"));
    jwk.raw("x", "1").again("x", &x)
}

/// The coordinate x of `test-p256-zero` without its first byte, which is zero.
const STRIPPED: &str = "yLaDPWv97vREW9Zg36pO4Hu8xFbntlcVBFqh3LZ0SA";

fn line_in_x(jwk: Members) -> Members {
    let (start, end) = key("test-ed25519").member("x").split_at(7);
    jwk.set("x", format!("{start}\r\n{end}\n"))
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
    let zero = key("test-p256-zero");
    book.case("5-3-stripped", "an EC key whose x is stated without its leading zero byte")
        .database_accepts()
        .jwks(&[zero.public("k1").set("x", STRIPPED)])
        .token(|token| token.algorithm(zero, "ES256"))
        .rejects("key_invalid");
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
        (
            "header-name-jwk-eddsa",
            "the header says Ed25519 and the JWK EdDSA, by which the database goes",
            ed().set("alg", "EdDSA"),
            "Ed25519",
            Ok("u"),
        ),
        (
            "both-names",
            "the header and the JWK say Ed25519, the newer name",
            ed().set("alg", "Ed25519"),
            "Ed25519",
            Err("key_alg_mismatch"),
        ),
        (
            "small-order",
            "the JWK says Ed25519 and is of small order",
            ed().set("alg", "Ed25519").set("x", encode([0; 32])),
            "Ed25519",
            Err("key_alg_mismatch"),
        ),
    ] {
        book.case(&format!("24-{id}"), about)
            .cites(&["L24"])
            .jwks(&[jwk])
            .token(|token| token.algorithm(key("test-ed25519"), alg))
            .decides(outcome);
    }
    for (id, name) in [("lower", "ed25519"), ("upper", "ED25519"), ("space", "Ed25519 "), ("448", "Ed448")] {
        book.case(&format!("24-{id}"), &format!("the header says `{name}`"))
            .jwks(&[ed()])
            .token(|token| token.algorithm(key("test-ed25519"), "EdDSA").header(|header| header.set("alg", name)))
            .rejects("alg_not_allowed");
    }
    book.case("24-p256", "the header says Ed25519, and the key is on P-256")
        .jwks(&[p256()])
        .token(|token| token.algorithm(key("test-p256"), "ES256").header(|header| header.set("alg", "Ed25519")))
        .rejects("alg_not_allowed");
}
