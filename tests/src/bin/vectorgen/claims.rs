//! What the claims say: JSON, issuer, times and audience. Profile `hardened`.

use sqljwt_conformance::Profile;

use crate::{
    algorithms::{settings, token},
    book::{Book, NOW, jwks},
    mint::{Members, Token, encode, key},
};

/// The largest time that every language reads from JSON unchanged.
const SAFE: i64 = 9_007_199_254_740_991;

pub(crate) fn book() -> Book {
    let mut book = new("claims", "What the claims say: JSON, issuer, times and audience.");
    json(&mut book);
    issuer(&mut book);
    times(&mut book);
    leeway(&mut book);
    lifetime(&mut book);
    audience(&mut book);
    kinds(&mut book);
    order(&mut book);
    book
}

/// A book whose cases start from Alice's ordinary login: one RSA key, one issuer, one audience.
pub(crate) fn new(name: &'static str, about: &'static str) -> Book {
    let mut book = Book::new(name, about, Profile::Hardened);
    book.base("ordinary", &settings(&jwks(&[key("test-rsa-1").public("k1").set("alg", "RS256")])));
    book.login(token(key("test-rsa-1"), "RS256"), "alice", NOW);
    book
}

fn json(book: &mut Book) {
    book.prefix("json-");
    book.case("ordinary", "the ordinary login").accepts("alice");
    for (id, about, payload) in [
        ("empty", "an empty payload", ""),
        ("object-twice", "two objects", "{}{}"),
        ("string", "a text", "\"sub\""),
        ("number", "a number", "1"),
        ("unclosed", "an object that is not closed", r#"{"sub":"alice""#),
        ("no-colon", "a member without a value", r#"{"sub"}"#),
        ("name-unquoted", "a member's name without quotes", r#"{sub:"alice"}"#),
        ("infinity", "a number that JSON does not have", r#"{"exp":Infinity}"#),
        ("leading-zero", "a number with a zero in front", r#"{"exp":01800003600}"#),
        ("hex", "a number in hexadecimal", r#"{"exp":0x6b49d200}"#),
        ("point-first", "a number that begins with a point", r#"{"exp":.5}"#),
        ("point-last", "a number that ends with a point", r#"{"exp":5.}"#),
        ("escape-unknown", "an escape that JSON does not have", r#"{"sub":"\a"}"#),
        ("escape-short", "an escape cut short", r#"{"sub":"\u00"}"#),
        ("surrogate-low", "the second half of a surrogate pair alone", r#"{"sub":"\udc00"}"#),
        ("surrogate-order", "a surrogate pair in the wrong order", r#"{"sub":"\udc00\ud800"}"#),
        ("delete-nothing", "a byte-order mark behind the object", "{}\u{feff}"),
        ("no-break-space", "a no-break space in front", "\u{a0}{}"),
    ] {
        book.case(id, &format!("the payload is {about}"))
            .text(|token| token.text_of(payload))
            .rejects("payload_invalid");
    }
    book.case("surrogate-pair", "a surrogate pair is one character, which no user name may hold")
        .cites(&["attack 78"])
        .claims(|claims| claims.raw("sub", r#""u\ud83d\ude00""#))
        .user("u\u{1f600}")
        .rejects("mapped_user_invalid");
    book.case("escapes", "a claim's name and value written with escapes are the same claim")
        .claims(|claims| claims.without("sub"))
        .text(|token| token.text_of(token.claims.to_string().replace('{', r#"{"\u0073ub":"\u0061lice","#)))
        .accepts("alice");
    book.case("duplicate-escaped", "a claim stands twice, once written with an escape")
        .text(|token| token.text_of(token.claims.to_string().replace('{', r#"{"\u0073ub":"mallory","#)))
        .rejects("payload_duplicate_member");
    book.case("duplicate-unknown", "an unknown claim stands twice")
        .claims(|claims| claims.raw("x", "1").again("x", "1"))
        .rejects("payload_duplicate_member");
    book.case("duplicate-identity", "the claim that names the bearer stands twice")
        .cites(&["attack 80"])
        .claim("email")
        .claims(|claims| claims.set("email", "mallory").again("email", "\"alice\""))
        .rejects("payload_duplicate_member");
    book.case("positional", "the claims are an array in the order of a structure's fields")
        .cites(&["attack 75"])
        .text(|token| token.text_of(format!(r#"[{},null,"alice","https://idp.example","db-login"]"#, NOW + 3600)))
        .rejects("payload_invalid");
    for (id, place) in [("header", 0), ("payload", 1), ("signature", 2)] {
        book.case(&format!("padded-{id}"), &format!("the {id} is padded; the signature is over the padded text"))
            .cites(&["attack 21"])
            .text(|token| padded(token, place))
            .rejects("token_bad_base64");
    }
    book.case("duplicate-case", "claims that differ in case are different claims")
        .claims(|claims| claims.set("Sub", "mallory"))
        .accepts("alice");
    for (depth, outcome) in [(31, Ok("alice")), (32, Err("payload_invalid"))] {
        let nested = format!("{}{}", "{\"x\":".repeat(depth) + "1", "}".repeat(depth));
        book.case(&format!("depth-{}", depth + 1), &format!("the claims are nested {} deep", depth + 1))
            .claims(|claims| claims.raw("deep", &nested))
            .decides(outcome);
    }
    book.case("number-huge", "a number beyond a double in a claim nobody asks for")
        .claims(|claims| claims.raw("x", "1e400"))
        .rejects("payload_invalid");
    book.case("both-invalid", "payload and header are both no JSON: the payload is read first")
        .text(|token| token.text_over("{", b"{"))
        .rejects("payload_invalid");
    book.case("header-and-claims", "the header's algorithm is refused before the claims are judged")
        .header(|header| header.set("alg", "none"))
        .claims(|claims| claims.set("exp", NOW - 1))
        .rejects("alg_not_allowed");
    book.case("token-empty", "no token").text(|_| String::new()).rejects("token_empty");
    book.case("token-empty-disabled", "no token, and token logins are off")
        .set("server.jwt_authentication.enabled", false)
        .text(|_| String::new())
        .rejects("disabled");
    book.case("token-newline", "a line break and nothing else").text(|_| "\n".into()).rejects("token_malformed");
    book.case("token-dots", "two dots and nothing else").text(|_| "..".into()).rejects("payload_invalid");
    book.case("token-five-empty", "four dots and nothing else").text(|_| "....".into()).rejects("token_encrypted");
    for (id, limit, outcome) in [("exact", 0, Ok("alice")), ("one-more", 1, Err("token_too_large"))] {
        let length = token(key("test-rsa-1"), "RS256").text().len();
        book.case(&format!("token-size-{id}"), "the longest token that the setting allows, and one byte more")
            .set("engine.max_token_bytes", length - limit)
            .decides(outcome);
    }
}

/// The token with `=` behind one of its parts, as many as base64 has there; a padded header or payload is signed so.
fn padded(token: &Token, place: usize) -> String {
    let pad = |part: &str| match part.len() % 4 {
        0 => panic!("a part that has no padding"),
        rest => format!("{part}{}", &"=="[rest - 2..]),
    };
    let (header, payload) = (encode(token.header.to_string()), encode(token.claims.to_string()));
    let input = match place {
        0 => format!("{}.{payload}", pad(&header)),
        1 => format!("{header}.{}", pad(&payload)),
        _ => format!("{header}.{payload}"),
    };
    let text = token.text_signed(&input);
    match text.rsplit_once('.') {
        Some((input, signature)) if place == 2 => format!("{input}.{}", pad(signature)),
        _ => text,
    }
}

fn issuer(book: &mut Book) {
    book.prefix("iss-");
    book.case("missing", "no issuer").claims(|claims| claims.without("iss")).rejects("iss_missing");
    book.case("null", "the issuer is null").claims(|claims| claims.raw("iss", "null")).rejects("iss_invalid");
    for (id, iss) in [
        ("trailing-slash", "https://idp.example/"),
        ("upper", "https://IDP.example"),
        ("space", "https://idp.example "),
        ("other", "https://other.example"),
    ] {
        book.case(id, &format!("the issuer is `{iss}`"))
            .claims(|claims| claims.set("iss", iss))
            .rejects("issuer_not_allowed");
    }
    for (id, issuers, outcome) in [
        ("of-two", r#"["https://other.example","https://idp.example"]"#, Ok("alice")),
        ("of-others", r#"["https://other.example"]"#, Err("issuer_not_allowed")),
        ("of-map", r#"{"issuer_jwks_map":{"https://idp.example":"https://idp.example/keys"}}"#, Ok("alice")),
    ] {
        book.case(id, &format!("the issuers are set to {issuers}")).issuers(issuers).decides(outcome);
    }
}

fn times(book: &mut Book) {
    book.prefix("date-");
    for (id, claim, time, outcome) in [
        ("exp-before", "exp", NOW - 1, Err("token_expired")),
        ("exp-now", "exp", NOW, Err("token_expired")),
        ("exp-next", "exp", NOW + 1, Ok("alice")),
        ("exp-last", "exp", 253_402_300_799, Ok("alice")),
        ("exp-beyond", "exp", 253_402_300_800, Err("exp_invalid")),
        ("exp-milliseconds", "exp", (NOW + 3600) * 1000, Err("exp_invalid")),
        ("exp-zero", "exp", 0, Err("exp_invalid")),
        ("exp-negative", "exp", -1, Err("exp_invalid")),
        ("exp-one", "exp", 1, Err("token_expired")),
        ("nbf-before", "nbf", NOW - 1, Ok("alice")),
        ("nbf-now", "nbf", NOW, Ok("alice")),
        ("nbf-next", "nbf", NOW + 1, Err("token_not_yet_valid")),
        ("nbf-milliseconds", "nbf", NOW * 1000, Err("nbf_invalid")),
        ("iat-before", "iat", NOW - 1, Ok("alice")),
        ("iat-now", "iat", NOW, Ok("alice")),
        ("iat-next", "iat", NOW + 1, Err("issued_in_future")),
        ("iat-milliseconds", "iat", NOW * 1000, Err("iat_invalid")),
    ] {
        book.case(id, &format!("{claim} is {time}")).claims(|claims| claims.set(claim, time)).decides(outcome);
    }
    for (id, claim, text, outcome) in [
        ("exp-fraction-past", "exp", "1799999999.9", Err("token_expired")),
        ("exp-fraction-now", "exp", "1800000000.9", Err("token_expired")),
        ("exp-fraction-next", "exp", "1800000001.0", Ok("alice")),
        ("exp-exponent", "exp", "1.8000036e9", Ok("alice")),
        ("exp-text", "exp", "\"1800003600\"", Err("exp_invalid")),
        ("exp-date", "exp", "\"2033-01-01T00:00:00Z\"", Err("exp_invalid")),
        ("exp-null", "exp", "null", Err("exp_invalid")),
        ("exp-true", "exp", "true", Err("exp_invalid")),
        ("exp-list", "exp", "[1800003600]", Err("exp_invalid")),
        ("exp-half", "exp", "0.5", Err("exp_invalid")),
        ("exp-huge", "exp", "1e300", Err("exp_invalid")),
        ("nbf-fraction", "nbf", "1800000000.9", Ok("alice")),
        ("nbf-text", "nbf", "\"1799999940\"", Err("nbf_invalid")),
        ("nbf-list", "nbf", "[]", Err("nbf_invalid")),
        ("iat-fraction", "iat", "1800000000.9", Ok("alice")),
        ("iat-text", "iat", "\"1799999940\"", Err("iat_invalid")),
        ("iat-null", "iat", "null", Err("iat_invalid")),
    ] {
        book.case(id, &format!("{claim} is {text}")).claims(|claims| claims.raw(claim, text)).decides(outcome);
    }
    book.case("exp-missing", "no exp").claims(|claims| claims.without("exp")).rejects("exp_missing");
    book.case("iat-missing", "no iat").claims(|claims| claims.without("iat")).accepts("alice");
    book.case("exp-before-iat", "exp and iat are both wrong: exp is the reason")
        .claims(|claims| claims.set("iat", NOW + 1).set("exp", NOW))
        .rejects("token_expired");
    book.case("nbf-before-iat", "nbf and iat are both wrong: nbf is the reason")
        .claims(|claims| claims.set("iat", NOW + 1).set("nbf", NOW + 1))
        .rejects("token_not_yet_valid");
    book.case("exp-before-nbf", "exp and nbf are both wrong: exp is the reason")
        .claims(|claims| claims.set("nbf", NOW + 1).set("exp", NOW))
        .rejects("token_expired");
    for (id, now, outcome) in [
        ("clock-minimum", -SAFE, Err("issued_in_future")),
        ("clock-negative", -1, Err("issued_in_future")),
        ("clock-maximum", SAFE, Err("token_expired")),
    ] {
        book.case(id, &format!("the login's time is {now}")).now(now).decides(outcome);
    }
}

fn leeway(book: &mut Book) {
    book.prefix("leeway-");
    for leeway in [30, 300] {
        for (id, claim, time, outcome) in [
            ("exp-inside", "exp", NOW - leeway + 1, Ok("alice")),
            ("exp-outside", "exp", NOW - leeway, Err("token_expired")),
            ("nbf-inside", "nbf", NOW + leeway, Ok("alice")),
            ("nbf-outside", "nbf", NOW + leeway + 1, Err("token_not_yet_valid")),
            ("iat-inside", "iat", NOW + leeway, Ok("alice")),
            ("iat-outside", "iat", NOW + leeway + 1, Err("issued_in_future")),
        ] {
            book.case(
                &format!("{leeway}-{id}"),
                &format!("a leeway of {leeway} s, and {claim} is now {:+} s", time - NOW),
            )
            .set("engine.leeway_seconds", leeway)
            .claims(|claims| claims.set(claim, time))
            .decides(outcome);
        }
    }
    for (id, value) in [("301", 301), ("negative", -1)] {
        book.case(id, &format!("a leeway of {value} s"))
            .set("engine.leeway_seconds", value)
            .rejects("setting_wrong_type");
    }
    book.case("clock-maximum", "a leeway at the end of all time")
        .set("engine.leeway_seconds", 300)
        .now(SAFE)
        .rejects("token_expired");
    book.case("clock-minimum", "a leeway at the beginning of all time")
        .set("engine.leeway_seconds", 300)
        .now(-SAFE)
        .rejects("issued_in_future");
}

fn lifetime(book: &mut Book) {
    book.prefix("lifetime-");
    const SETTING: &str = "engine.max_token_lifetime_seconds";
    for (id, iat, exp, outcome) in [
        ("exact", NOW - 60, NOW + 3540, Ok("alice")),
        ("one-more", NOW - 60, NOW + 3541, Err("lifetime_too_long")),
        ("old", NOW - 3600, NOW + 1, Err("lifetime_too_long")),
    ] {
        book.case(id, &format!("at most 3600 s, and the token lives {} s", exp - iat))
            .set(SETTING, 3600)
            .claims(|claims| claims.set("iat", iat).set("exp", exp))
            .decides(outcome);
    }
    for (id, exp, outcome) in
        [("no-iat-exact", NOW + 3600, Ok("alice")), ("no-iat-one-more", NOW + 3601, Err("lifetime_too_long"))]
    {
        book.case(id, &format!("at most 3600 s, and the token, without iat, lives {} s from now", exp - NOW))
            .set(SETTING, 3600)
            .claims(|claims| claims.without("iat").set("exp", exp))
            .decides(outcome);
    }
    book.case("none", "no limit, and a token that lives for ever")
        .claims(|claims| claims.set("exp", 253_402_300_799i64))
        .accepts("alice");
    book.case("expired", "too long a life, and over")
        .set(SETTING, 60)
        .claims(|claims| claims.set("exp", NOW))
        .rejects("token_expired");
}

fn audience(book: &mut Book) {
    book.prefix("audience-");
    let invalid = Err("aud_invalid");
    for (id, aud, outcome) in [
        ("list", r#"["other","db-login"]"#, Ok("alice")),
        ("list-twice", r#"["db-login","db-login"]"#, Ok("alice")),
        ("other", "\"web-app\"", Err("audience_not_allowed")),
        ("empty", "\"\"", Err("audience_not_allowed")),
        ("upper", "\"DB-LOGIN\"", Err("audience_not_allowed")),
        ("prefix", "\"db-login2\"", Err("audience_not_allowed")),
        ("space-separated", "\"web-app db-login\"", Err("audience_not_allowed")),
        ("list-empty", "[]", Err("audience_not_allowed")),
        ("null", "null", invalid),
        ("true", "true", invalid),
        ("list-null", r#"["db-login",null]"#, invalid),
    ] {
        book.case(id, &format!("aud is {aud}")).claims(|claims| claims.raw("aud", aud)).decides(outcome);
    }
    book.case("missing", "no aud").claims(|claims| claims.without("aud")).rejects("aud_missing");
    book.case("of-two", "two audiences are set, and the token is for the second")
        .audience(r#"["web-app","db-login"]"#)
        .accepts("alice");
}

/// Tokens that are of another kind than a bearer's.
fn kinds(book: &mut Book) {
    book.prefix("kind-");
    book.case("cnf-jwk", "the claims hold a key, and that key has signed")
        .cites(&["attack 40"])
        .claims(|claims| claims.raw("cnf", &format!("{{\"jwk\":{}}}", key("test-rsa-2").public("k1"))))
        .token(|token| token.signed_with(key("test-rsa-2"), "RS256"))
        .rejects("signature_invalid");
    for (id, member, text, outcome) in [
        ("events", "events", r#"{"http://schemas.openid.net/event/backchannel-logout":{}}"#, Err("typ_not_allowed")),
        ("events-null", "events", "null", Err("typ_not_allowed")),
        ("cnf-jkt", "cnf", r#"{"jkt":"0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"}"#, Err("cnf_unsupported")),
        ("cnf-x5t", "cnf", r#"{"x5t#S256":"bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2"}"#, Err("cnf_unsupported")),
        ("cnf-empty", "cnf", "{}", Err("cnf_unsupported")),
        ("cnf-null", "cnf", "null", Err("cnf_unsupported")),
        ("jti-number", "jti", "7", Err("payload_invalid")),
        ("jti-text", "jti", "\"a\"", Ok("alice")),
        ("nonce", "nonce", "\"n\"", Ok("alice")),
    ] {
        book.case(id, &format!("the claim {member} is {text}"))
            .claims(|claims| claims.raw(member, text))
            .decides(outcome);
    }
}

/// A token that everything is wrong with, mended step by step: the order in which the reasons come.
fn order(book: &mut Book) {
    book.prefix("order-");
    type Mend = fn(Token) -> Token;
    let mends: [(&str, &str, Mend); 9] = [
        ("1-header", "alg_not_allowed", |token| token),
        ("2-issuer", "issuer_not_allowed", |token| token.header(|header| header.set("alg", "RS256"))),
        ("3-key", "key_not_found", |token| token.claims(|claims| claims.set("iss", "https://idp.example"))),
        ("4-signature", "signature_invalid", |token| token.header(|header| header.set("kid", "k1"))),
        ("5-exp", "token_expired", |token| token.signed_with(key("test-rsa-1"), "RS256")),
        ("6-iat", "issued_in_future", |token| token.claims(|claims| claims.set("exp", NOW + 1))),
        ("7-audience", "audience_not_allowed", |token| token.claims(|claims| claims.set("iat", NOW))),
        ("8-principal", "claim_missing", |token| token.claims(|claims| claims.set("aud", "db-login"))),
        ("9-user", "user_mismatch", |token| token.claims(|claims| claims.set("name", "root"))),
    ];
    let wrong = |token: Token| {
        token
            .header(|header| header.set("alg", "none").set("kid", "k9"))
            .claims(|_| {
                Members::new().set("iss", "https://x.example").set("aud", "x").set("iat", NOW + 1).set("exp", NOW)
            })
            .signed_with(key("test-rsa-2"), "RS256")
    };
    for step in 0..mends.len() {
        let (id, code, _) = mends[step];
        book.case(id, "everything behind this check is wrong too")
            .claim("name")
            .token(|token| mends[..=step].iter().fold(wrong(token), |token, (_, _, mend)| mend(token)))
            .rejects(code);
    }
    book.case("10-reserved", "only the user is reserved: the last check")
        .claim("name")
        .token(|token| mends.iter().fold(wrong(token), |token, (_, _, mend)| mend(token)))
        .user("root")
        .rejects("user_reserved");
}
