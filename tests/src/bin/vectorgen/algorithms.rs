//! Every algorithm with every kind of key, and what a key set may say about a key. Profile `hardened`.

pub(crate) use sqljwt_conformance::ordinary::{claims, settings, token};
use sqljwt_conformance::{Profile, ordinary::ALGORITHMS};

use crate::{
    book::{Book, NOW, jwks},
    mint::{Key, Members, encode, key, sign_hmac},
};

pub(crate) fn book() -> Book {
    let mut book = Book::new(
        "algorithms",
        "Every algorithm with every kind of key, and what a key set may say about a key.",
        Profile::Hardened,
    );
    book.base("one_key", &settings(&jwks(&[key("test-rsa-1").public("k1").set("alg", "RS256")])));
    book.login(token(key("test-rsa-1"), "RS256"), "alice", NOW);
    fitting(&mut book);
    contradicting(&mut book);
    two_names(&mut book);
    unusable(&mut book);
    choosing(&mut book);
    headers(&mut book);
    book
}

fn fitting(book: &mut Book) {
    book.prefix("alg-");
    for (algorithm, name) in ALGORITHMS {
        let (lower, jwk) = (algorithm.to_lowercase(), key(name).public("k1"));
        book.case(&format!("{lower}-jwk-alg"), &format!("{algorithm}, and the JWK names it"))
            .jwks(&[jwk.clone().set("alg", algorithm).set("use", "sig")])
            .token(|token| token.algorithm(key(name), algorithm))
            .accepts("alice");
        book.case(&format!("{lower}-jwk-plain"), &format!("{algorithm}, and the JWK names no algorithm"))
            .jwks(&[jwk])
            .token(|token| token.algorithm(key(name), algorithm))
            .accepts("alice");
        book.case(&format!("{lower}-other-payload"), &format!("{algorithm} over another payload"))
            .jwks(&[key(name).public("k1").set("alg", algorithm)])
            .text(|token| {
                let token = token.clone().algorithm(key(name), algorithm);
                let other = token.clone().claims(|claims| claims.set("sub", "mallory")).text();
                let (signed, text) = (other.rsplit_once('.').expect("a signature"), token.text());
                format!("{}.{}", text.rsplit_once('.').expect("a signature").0, signed.1)
            })
            .rejects("signature_invalid");
        book.case(&format!("{lower}-empty-signature"), &format!("{algorithm} with an empty signature"))
            .jwks(&[key(name).public("k1").set("alg", algorithm)])
            .text(|token| token.clone().algorithm(key(name), algorithm).text_with(|_, _| Vec::new()))
            .rejects("signature_invalid");
    }
    for algorithm in ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"] {
        book.case(&format!("{}-3072", algorithm.to_lowercase()), &format!("{algorithm} with an RSA key of 3072 bits"))
            .jwks(&[key("test-rsa-3072").public("k1").set("alg", algorithm)])
            .token(|token| token.algorithm(key("test-rsa-3072"), algorithm))
            .accepts("alice");
    }
    for (algorithm, salt) in [("PS256", 0), ("PS256", 222), ("PS384", 32), ("PS512", 0)] {
        let id = format!("{}-salt-{salt}", algorithm.to_lowercase());
        book.case(&id, &format!("{algorithm} with a salt of {salt} bytes instead of the hash's length"))
            .jwks(&[key("test-rsa-1").public("k1")])
            .text(|token| {
                token
                    .clone()
                    .algorithm(key("test-rsa-1"), algorithm)
                    .text_with(|key, input| key.sign_pss(algorithm, salt, input))
            })
            .rejects("signature_invalid");
    }
    book.case("es256-high-s", "an ECDSA signature has two forms, and JWS takes both")
        .jwks(&[key("test-p256").public("k1")])
        .text(|token| token.clone().algorithm(key("test-p256"), "ES256").text_with(Key::sign_high))
        .accepts("alice");
}

/// What the header, the JWK and the key say of the algorithm does not go together.
fn contradicting(book: &mut Book) {
    book.prefix("mismatch-");
    for (header, jwk_alg, name) in [
        ("RS384", "RS256", "test-rsa-1"),
        ("PS256", "RS256", "test-rsa-1"),
        ("RS256", "PS256", "test-rsa-1"),
        ("ES256", "ES384", "test-p256"),
        ("RS256", "RSA-OAEP", "test-rsa-1"),
        ("RS256", "HS256", "test-rsa-1"),
        ("RS256", "none", "test-rsa-1"),
        ("RS256", "rs256", "test-rsa-1"),
    ] {
        book.case(
            &format!("{}-jwk-{}", header.to_lowercase(), jwk_alg.replace("rs256", "lower-rs256").to_lowercase()),
            &format!("the token says {header}, its JWK says {jwk_alg}, and the signature fits the token"),
        )
        .jwks(&[key(name).public("k1").set("alg", jwk_alg)])
        .token(|token| token.algorithm(key(name), header))
        .rejects("key_alg_mismatch");
    }
    for (header, name) in [
        ("RS256", "test-p256"),
        ("RS256", "test-ed25519"),
        ("PS512", "test-p521"),
        ("ES256", "test-rsa-1"),
        ("ES256", "test-p384"),
        ("ES256", "test-p521"),
        ("ES384", "test-p256"),
        ("ES512", "test-p256"),
        ("ES512", "test-p384"),
        ("ES384", "test-ed25519"),
        ("EdDSA", "test-rsa-1"),
        ("EdDSA", "test-p256"),
    ] {
        let own = ALGORITHMS.iter().find(|(_, fitting)| *fitting == name).expect("every key has an algorithm").0;
        let made_with = if own.starts_with("ES") && header.starts_with("ES") { header } else { own };
        book.case(
            &format!("{}-{name}", header.to_lowercase()),
            &format!("the token says {header}, which is not for the key {name} that it names"),
        )
        .jwks(&[key(name).public("k1")])
        .token(|token| token.algorithm(key(name), header).signed_with(key(name), made_with))
        .rejects("key_alg_mismatch");
    }
}

/// Ed25519 by the name of RFC 8037 and by that of RFC 9864, in the header and in the key.
fn two_names(book: &mut Book) {
    book.prefix("");
    let ed25519 = || key("test-ed25519").public("k1");
    book.case("mismatch-eddsa-jwk-ed25519", "the token says EdDSA, its JWK says Ed25519: two names of one algorithm")
        .jwks(&[ed25519().set("alg", "Ed25519")])
        .token(|token| token.algorithm(key("test-ed25519"), "EdDSA"))
        .accepts("alice");
    book.prefix("ed25519-");
    book.case("jwk-eddsa", "the token says Ed25519, its JWK says EdDSA")
        .jwks(&[ed25519().set("alg", "EdDSA")])
        .token(|token| token.algorithm(key("test-ed25519"), "Ed25519"))
        .accepts("alice");
    for (id, name) in [("lower", "ed25519"), ("upper", "ED25519"), ("space", "Ed25519 "), ("448", "Ed448")] {
        book.case(id, &format!("the token says `{name}`"))
            .jwks(&[ed25519()])
            .token(|token| token.algorithm(key("test-ed25519"), "EdDSA").header(|header| header.set("alg", name)))
            .rejects("alg_not_allowed");
    }
    book.case("p256", "the token says Ed25519, and its key is on P-256")
        .jwks(&[key("test-p256").public("k1")])
        .token(|token| token.algorithm(key("test-p256"), "ES256").header(|header| header.set("alg", "Ed25519")))
        .rejects("key_alg_mismatch");
    book.case("small-order", "a key of small order that says Ed25519")
        .jwks(&[ed25519().set("alg", "Ed25519").set("x", encode([0; 32]))])
        .token(|token| token.algorithm(key("test-ed25519"), "Ed25519"))
        .rejects("key_weak");
    book.case("short-signature", "a signature of 63 bytes")
        .jwks(&[ed25519().set("alg", "Ed25519")])
        .text(|token| {
            let token = token.clone().algorithm(key("test-ed25519"), "Ed25519");
            token.text_with(|key, input| key.sign("Ed25519", input)[..63].to_vec())
        })
        .rejects("signature_invalid");
}

/// Keys that are set aside: the rest of the set works, and the key's own defect is the reason of a token that names it.
fn unusable(book: &mut Book) {
    book.prefix("key-");
    let rsa = key("test-rsa-1").public("k1");
    let oversized = format!("\"{}\"", encode([0xc5; 1025]));
    let cases: Vec<(&str, &str, Members, &str)> = vec![
        ("rsa-1024", "an RSA key of 1024 bits", key("test-rsa-1024").public("k1"), "key_weak"),
        ("rsa-guessable", "an RSA key whose primes can be guessed", rsa.clone().set("n", ROCA), "key_weak"),
        ("rsa-8200", "an RSA key of 8200 bits", rsa.clone().raw("n", &oversized), "key_invalid"),
        ("rsa-e-1", "an RSA key whose exponent is 1", rsa.clone().set("e", "AQ"), "key_weak"),
        ("rsa-e-even", "an RSA key whose exponent is even", rsa.clone().set("e", "AQAA"), "key_invalid"),
        ("rsa-e-large", "an RSA key whose exponent is 2^31 + 1", rsa.clone().set("e", "gAAAAQ"), "key_invalid"),
        ("rsa-e-empty", "an RSA key whose exponent is empty", rsa.clone().set("e", ""), "key_invalid"),
        ("rsa-e-missing", "an RSA key without an exponent", rsa.clone().without("e"), "key_invalid"),
        ("rsa-n-number", "an RSA key whose modulus is a number", rsa.clone().set("n", 65537), "key_invalid"),
        ("use-enc", "use enc", rsa.clone().set("use", "enc"), "key_not_for_verify"),
        ("use-upper", "use SIG", rsa.clone().set("use", "SIG"), "key_not_for_verify"),
        ("ops-empty", "key_ops is empty", rsa.clone().raw("key_ops", "[]"), "key_not_for_verify"),
        ("ops-sign", "key_ops is sign", rsa.clone().raw("key_ops", r#"["sign"]"#), "key_not_for_verify"),
        (
            "ops-encrypt",
            "key_ops is encrypt, and use is sig",
            rsa.clone().set("use", "sig").raw("key_ops", r#"["encrypt"]"#),
            "key_not_for_verify",
        ),
        ("ops-text", "key_ops is a text", rsa.clone().set("key_ops", "verify"), "key_invalid"),
        ("kty-missing", "kty is missing", rsa.clone().without("kty"), "key_invalid"),
        ("kty-unknown", "kty is AKP, the post-quantum type", rsa.clone().set("kty", "AKP"), "key_invalid"),
        ("kty-lower", "kty is rsa", rsa.set("kty", "rsa"), "key_invalid"),
    ];
    for (id, about, jwk, code) in cases {
        book.case(id, about).jwks(&[jwk]).rejects(code);
    }
    let good = || key("test-rsa-1").public("k1");
    for (id, about, other) in [
        (
            "beside-unknown",
            "a key of an unknown type beside the right one",
            Members::new().set("kty", "AKP").set("kid", "pq").set("pub", "AA"),
        ),
        (
            "beside-oct",
            "a shared secret beside the right key",
            Members::new().set("kty", "oct").set("kid", "hs").set("k", "c2VjcmV0"),
        ),
        ("beside-weak", "a key of 1024 bits beside the right one", key("test-rsa-1024").public("old")),
        ("beside-x25519", "an X25519 key beside the right one", key("test-ed25519").public("x").set("crv", "X25519")),
        ("beside-no-kid", "a key without kid beside the right one", key("test-rsa-2").public("").without("kid")),
        (
            "beside-kid-number",
            "a key whose kid is a number beside the right one",
            key("test-rsa-2").public("").set("kid", 7),
        ),
    ] {
        book.case(id, about).jwks(&[other, good()]).accepts("alice");
    }
    let point = |name: &str, crv: &str| key(name).public("k1").set("crv", crv);
    for (id, about, jwk, algorithm, signer) in [
        ("ec-curve-swapped", "a P-256 point said to be on P-384", point("test-p256", "P-384"), "ES384", "test-p384"),
        (
            "ec-secp256k1",
            "a P-256 point said to be on secp256k1",
            point("test-p256", "secp256k1"),
            "ES256",
            "test-p256",
        ),
        (
            "ec-off-curve",
            "a point whose y is that of another key",
            point("test-p256", "P-256").set("y", key("test-p256").member("x")),
            "ES256",
            "test-p256",
        ),
        ("ec-y-missing", "a point without y", point("test-p384", "P-384").without("y"), "ES384", "test-p384"),
        (
            "ec-x-long",
            "a P-521 point whose x has one byte too many",
            point("test-p521", "P-521").raw("x", &format!("\"AA{}\"", key("test-p521").member("x"))),
            "ES512",
            "test-p521",
        ),
        ("okp-x25519", "an Ed25519 key said to be X25519", point("test-ed25519", "X25519"), "EdDSA", "test-ed25519"),
        ("okp-ed448", "an Ed25519 key said to be Ed448", point("test-ed25519", "Ed448"), "EdDSA", "test-ed25519"),
        ("okp-crv-lower", "crv is ed25519", point("test-ed25519", "ed25519"), "EdDSA", "test-ed25519"),
        (
            "okp-short",
            "an Ed25519 key of 31 bytes",
            point("test-ed25519", "Ed25519").raw("x", &format!("\"{}\"", encode([7; 31]))),
            "EdDSA",
            "test-ed25519",
        ),
        (
            "okp-not-canonical",
            "an Ed25519 key whose y is not reduced",
            point("test-ed25519", "Ed25519").raw("x", &format!("\"{}\"", encode(not_reduced()))),
            "EdDSA",
            "test-ed25519",
        ),
    ] {
        book.case(id, about).jwks(&[jwk]).token(|token| token.algorithm(key(signer), algorithm)).rejects("key_invalid");
    }
    for (id, byte) in [("okp-zero", 0), ("okp-one", 1)] {
        let mut x = [0; 32];
        x[0] = byte;
        book.case(id, &format!("an Ed25519 key of small order: y = {byte}"))
            .jwks(&[key("test-ed25519").public("k1").raw("x", &format!("\"{}\"", encode(x)))])
            .token(|token| token.algorithm(key("test-ed25519"), "EdDSA"))
            .rejects("key_weak");
    }
    for name in ["d", "p", "q", "dp", "dq", "qi"] {
        book.case(&format!("private-rsa-{name}"), &format!("a key set that holds the private member {name}"))
            .jwks(&[key("test-rsa-1").public("k1").set(name, key("test-rsa-1").member(name))])
            .rejects("jwks_invalid");
    }
    for name in ["test-p256", "test-ed25519"] {
        book.case(&format!("private-{name}"), "a key set that holds a private key beside the right one")
            .jwks(&[key("test-rsa-1").public("k1"), key(name).public("other").set("d", key(name).member("d"))])
            .rejects("jwks_invalid");
    }
}

/// p + 3, which is 3 written too long: above the field's prime and of no small order.
fn not_reduced() -> [u8; 32] {
    let mut bytes = [0xff; 32];
    (bytes[0], bytes[31]) = (0xf0, 0x7f);
    bytes
}

/// Which key of the set a token gets.
fn choosing(book: &mut Book) {
    book.prefix("kid-");
    let (one, two) = (|kid| key("test-rsa-1").public(kid), |kid| key("test-rsa-2").public(kid));
    let kid = |value: &'static str| move |header: Members| header.raw("kid", value);
    book.case("missing", "the token names no key, and the set has just one")
        .header(|header| header.without("kid"))
        .rejects("key_id_missing");
    book.case("empty", "the token names the key with the empty id").header(kid("\"\"")).rejects("key_id_missing");
    book.case("null", "the token's kid is null").header(kid("null")).rejects("key_id_missing");
    book.case("case", "the key's id in another case").header(kid("\"K1\"")).rejects("key_not_found");
    book.case("escaped", "the key's id with an escape in the token").header(kid("\"k\\u0031\"")).accepts("alice");
    book.case("unknown", "no key has that id").header(kid("\"k2\"")).rejects("key_not_found");
    book.case("jwk-without", "the key has no id").jwks(&[one("").without("kid")]).rejects("key_not_found");
    book.case("jwk-number", "the key's id is a number").jwks(&[one("").set("kid", 1)]).rejects("key_not_found");
    book.case("shared-first", "two keys share an id, and the first one signed")
        .jwks(&[one("k1"), two("k1")])
        .accepts("alice");
    book.case("shared-second", "two keys share an id, and the second one signed")
        .jwks(&[two("k1"), one("k1")])
        .rejects("signature_invalid");
    book.case("shared-twice", "the right key stands twice in the set").jwks(&[one("k1"), one("k1")]).accepts("alice");
    book.case("shadowed-unknown", "a key of an unknown type shadows the right key of the same id")
        .jwks(&[Members::new().set("kty", "AKP").set("kid", "k1"), one("k1")])
        .rejects("key_invalid");
    book.case("shadowed-enc", "a key for encryption shadows the right key of the same id")
        .jwks(&[two("k1").set("use", "enc"), one("k1")])
        .rejects("key_not_for_verify");
    book.case("empty-set", "the set has no keys").jwks(&[]).rejects("key_not_found");
    book.case("rotated", "the new key stands behind the old one").jwks(&[two("k0"), one("k1")]).accepts("alice");
    let bound = |issuer: &str| one("k1").set("issuer", issuer);
    book.case("issuer-own", "the key is bound to the token's issuer")
        .jwks(&[bound("https://idp.example")])
        .accepts("alice");
    book.case("issuer-other", "the key is bound to another issuer")
        .jwks(&[bound("https://other.example")])
        .rejects("key_issuer_mismatch");
    let tenants = |tid: &'static str, template: &str, iss: &str| (tid, bound(template), iss.to_owned());
    let template = "https://login.example/{tenantid}/v2.0";
    for (id, about, (tid, jwk, iss), outcome) in [
        (
            "tenant-own",
            "the key's issuer stands for every tenant, and tid is the token's own",
            tenants("t1", template, "https://login.example/t1/v2.0"),
            Ok("alice"),
        ),
        (
            "tenant-other",
            "tid is not the tenant in the issuer",
            tenants("t2", template, "https://login.example/t1/v2.0"),
            Err("key_issuer_mismatch"),
        ),
        (
            "tenant-two-segments",
            "the tenant stands for one path segment, never two",
            tenants("t1/x", template, "https://login.example/t1/x/v2.0"),
            Err("key_issuer_mismatch"),
        ),
        (
            "tenant-empty",
            "the tenant stands for one path segment, never none",
            tenants("", template, "https://login.example//v2.0"),
            Err("key_issuer_mismatch"),
        ),
    ] {
        book.case(id, about)
            .issuers(iss.as_str())
            .jwks(&[jwk])
            .claims(|claims| claims.set("iss", iss).set("tid", tid))
            .decides(outcome);
    }
    book.case("tenant-missing", "the key's issuer stands for every tenant, and the token has no tid")
        .issuers("https://login.example/t1/v2.0")
        .jwks(&[bound(template)])
        .claims(|claims| claims.set("iss", "https://login.example/t1/v2.0"))
        .rejects("key_issuer_mismatch");
}

/// What a token's header may say.
fn headers(book: &mut Book) {
    book.prefix("header-");
    for (id, typ, outcome) in [
        ("typ-lower", "jwt", Ok("alice")),
        ("typ-application", "application/jwt", Ok("alice")),
        ("typ-at", "at+jwt", Ok("alice")),
        ("typ-at-upper", "AT+JWT", Ok("alice")),
        ("typ-at-application", "application/at+jwt", Ok("alice")),
        ("typ-empty", "", Err("typ_not_allowed")),
        ("typ-logout", "logout+jwt", Err("typ_not_allowed")),
        ("typ-dpop", "dpop+jwt", Err("typ_not_allowed")),
        ("typ-kb", "kb+jwt", Err("typ_not_allowed")),
        ("typ-request", "oauth-authz-req+jwt", Err("typ_not_allowed")),
        ("typ-jose", "JOSE", Err("typ_not_allowed")),
        ("typ-space", "JWT ", Err("typ_not_allowed")),
        ("typ-application-twice", "application/application/jwt", Err("typ_not_allowed")),
    ] {
        book.case(id, &format!("typ is `{typ}`")).header(|header| header.set("typ", typ)).decides(outcome);
    }
    book.case("typ-missing", "typ is missing").header(|header| header.without("typ")).accepts("alice");
    for (id, member, text, outcome) in [
        ("cty-jwt", "cty", "\"JWT\"", Err("cty_nested")),
        ("cty-lower", "cty", "\"jwt\"", Err("cty_nested")),
        ("cty-other", "cty", "\"json\"", Ok("alice")),
        ("cty-number", "cty", "1", Err("header_invalid")),
        ("zip", "zip", "\"DEF\"", Err("zip_unsupported")),
        ("crit", "crit", "[\"exp\"]", Err("crit_unsupported")),
        ("crit-empty", "crit", "[]", Err("crit_unsupported")),
        ("b64-true", "b64", "true", Err("b64_unsupported")),
        ("b64-false", "b64", "false", Err("b64_unsupported")),
        ("typ-null", "typ", "null", Err("header_invalid")),
        ("alg-empty", "alg", "\"\"", Err("alg_not_allowed")),
        ("alg-ed25519", "alg", "\"Ed25519\"", Err("key_alg_mismatch")),
        ("alg-hs512", "alg", "\"HS512\"", Err("alg_not_allowed")),
        ("alg-space", "alg", "\"RS256 \"", Err("alg_not_allowed")),
        ("jku", "jku", "\"https://evil.example/keys\"", Ok("alice")),
        ("x5u", "x5u", "\"https://evil.example/chain\"", Ok("alice")),
        ("x5t", "x5t", "\"dGh1bWJwcmludA\"", Ok("alice")),
        ("jwk-set", "jwk", r#"{"keys":[]}"#, Err("header_invalid")),
        ("jwk-list", "jwk", r#"[{"kty":"OKP","crv":"Ed25519","x":"AA"}]"#, Err("header_invalid")),
        ("jwk-null", "jwk", "null", Err("header_invalid")),
        ("jwk-secret", "jwk", r#"{"kty":"oct","k":""}"#, Err("header_invalid")),
        ("jwk-private", "jwk", r#"{"kty":"OKP","crv":"Ed25519","x":"AA","d":"c2VjcmV0"}"#, Err("header_invalid")),
        ("jwk-public", "jwk", r#"{"kty":"OKP","crv":"Ed25519","x":"AA"}"#, Ok("alice")),
        ("unknown", "nonce", "\"n\"", Ok("alice")),
        ("surrogate", "note", "\"\\ud800\"", Err("header_invalid")),
        ("number-huge", "note", "1e400", Err("header_invalid")),
    ] {
        let about = format!("the header says {member}: {text}");
        book.case(id, &about).header(|header| header.raw(member, text)).decides(outcome);
    }
    book.case("alg-object", "the algorithm is an object of that one member, as some serialisers write an enumeration")
        .cites(&["attack 3"])
        .header(|header| header.raw("alg", r#"{"RS256":null}"#))
        .rejects("header_invalid");
    book.case("alg-missing", "the header names no algorithm")
        .header(|header| header.without("alg"))
        .rejects("header_invalid");
    book.case("alg-twice", "the header names the algorithm twice")
        .header(|header| header.again("alg", "\"none\""))
        .rejects("header_duplicate_member");
    book.case("unknown-twice", "the header states an unknown member twice")
        .header(|header| header.raw("n", "1").again("n", "1"))
        .rejects("header_duplicate_member");
    book.case("twice-inside", "an object inside the header states a member twice")
        .header(|header| header.raw("ext", r#"{"a":1,"a":2}"#))
        .accepts("alice");
    for (id, about, header) in [
        ("array", "the header is an array", "[]"),
        ("null", "the header is null", "null"),
        ("empty", "the header is empty", ""),
        ("unclosed", "the header's object is not closed", r#"{"alg":"RS256""#),
        ("trailing", "text after the header's object", r#"{"alg":"RS256","kid":"k1"}{}"#),
        ("trailing-space", "white space after the header's object", "{\"alg\":\"RS256\",\"kid\":\"k1\"} "),
    ] {
        book.case(id, about)
            .text(|token| token.text_over(header, token.claims.to_string().as_bytes()))
            .rejects("header_invalid");
    }
    for (id, depth, outcome) in [("depth-32", 32, Ok("alice")), ("depth-33", 33, Err("header_invalid"))] {
        let nested = format!("{}{}", "[".repeat(depth - 1), "]".repeat(depth - 1));
        book.case(id, &format!("the header is nested {depth} deep, itself counted"))
            .header(|header| header.raw("deep", &nested))
            .decides(outcome);
    }
    let secret = "a shared secret that somebody put into the key set";
    let oct = Members::new().set("kty", "oct").set("kid", "k1").set("k", encode(secret));
    book.case("hs256-oct", "HS256 under a shared secret that stands in the key set")
        .jwks(std::slice::from_ref(&oct))
        .text(|token| {
            let token = token.clone().header(|header| header.set("alg", "HS256"));
            token.text_with(|_, input| sign_hmac("HS256", secret.as_bytes(), input))
        })
        .rejects("alg_not_allowed");
    book.case("rs256-oct", "RS256, and the key is a shared secret").jwks(&[oct]).rejects("key_invalid");
}

/// The modulus of Wycheproof's json_web_key row 7: of the kind of CVE-2017-15361.
const ROCA: &str = "\
    AanFpofbj7KjD4Lf-N2hVMKR7yewSyXhhbirIMTGpfYEhZ_lnt5UoK98DnKIgArXGTu3MaW_HhFw16HGaTDUHqPrId7fe4r11CqRw09yBFuW79\
    V8sYIwHdzCaWflUI6auImYbVfoN9_nD5n8N8SY9DwXw7mwZM9wREPXoDPgOoIWl6q_MPsp7n0zs3Z5ZaiQWOOzl1S9OhwAfSiiOwz6efnXEaxu\
    TEtPd7BjSx7NaFka8Dx9U7YqXy2RFj1O9PjyaDGuRh7YXsX3iMUSP_wSyHQg_c_qHRtKUsNSGCT7OZg0hzm2KphtjnayKJvC64vAbROBR4Ubg6\
    Bxg9IQVZ-QYyE";
