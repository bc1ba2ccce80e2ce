//! Keys that were fetched: for how long they count, when they are asked for again, and what is refused of what comes back.
//!
//! The letters R cite the database's own cases of its key cache. The same cases under both profiles, but for what they do
//! with bad keys and with a discovery document of somebody else.

use serde_json::{Value, json};
use sqljwt_conformance::Profile;

use crate::{
    algorithms::settings,
    book::{Book, Case, NOW, jwks},
    claims,
    mint::{Members, encode, key},
};

const ISSUER: &str = "https://idp.example";
/// The time of the login in HTTP's words, and five minutes after it.
const DATE: &str = "Fri, 15 Jan 2027 08:00:00 GMT";
const LATER: &str = "Fri, 15 Jan 2027 08:05:00 GMT";
const FRESH: &[(&str, &str)] = &[("Cache-Control", "max-age=300")];

pub(crate) fn hardened() -> Book {
    let mut book = claims::new("fetched", "Keys that were fetched: how long they count, and what is refused of them.");
    base(&mut book);
    common(&mut book);
    strict(&mut book);
    book
}

pub(crate) fn cockroachdb() -> Book {
    let about = "Keys that were fetched, as the database holds them.";
    let mut book = Book::new("cockroachdb_fetched", about, Profile::Cockroachdb);
    book.login(crate::algorithms::token(key("test-rsa-1"), "RS256"), "alice", NOW);
    base(&mut book);
    common(&mut book);
    database(&mut book);
    book
}

fn base(book: &mut Book) {
    let mut fetching = settings(&jwks(&[])).to_vec();
    fetching.push(("server.jwt_authentication.jwks_auto_fetch.enabled", true.into()));
    fetching.push(("server.jwt_authentication.issuers", json!({"issuer_jwks_map": {ISSUER: "https://idp.example/k"}})));
    book.base("address", &fetching);
    fetching.pop();
    book.base("discovery", &fetching);
}

fn k1() -> Members {
    key("test-rsa-1").public("k1").set("alg", "RS256")
}

/// An answer with a body.
fn answer(status: u16, headers: &[(&str, &str)], body: impl Into<String>) -> Value {
    json!({"status": status, "headers": headers, "body": body.into()})
}

fn discovery() -> Value {
    document(&json!({"issuer": ISSUER, "jwks_uri": "https://idp.example/keys"}))
}

fn document(members: &Value) -> Value {
    answer(200, FRESH, members.to_string())
}

/// A fetch at a moment.
fn fetch(at: i64, answers: impl Into<Vec<Value>>) -> Value {
    json!({"issuer": ISSUER, "at": at, "answers": answers.into()})
}

/// A fetch by discovery that brought these keys.
fn keys(at: i64, headers: &[(&str, &str)], set: &[Members]) -> Value {
    fetch(at, [discovery(), answer(200, headers, jwks(set))])
}

/// The same, asked for because of an unknown key id.
fn refresh(at: i64, headers: &[(&str, &str)], set: &[Members]) -> Value {
    let mut record = keys(at, headers, set);
    record["refresh"] = true.into();
    record
}

fn common(book: &mut Book) {
    freshness(book);
    addresses(book);
    rotation(book);
    failures(book);
}

/// How old the keys are at the login: they were fetched so many seconds before.
fn aged<'b>(case: Case<'b>, headers: &[(&str, &str)], age: i64) -> Case<'b> {
    case.fetched([keys(NOW - age, headers, &[k1()])])
}

fn freshness(book: &mut Book) {
    book.prefix("fresh-");
    for (id, cites, headers, age, counts) in [
        ("299", "R1", FRESH, 299, true),
        ("300", "R1", FRESH, 300, false),
        ("301", "R1", FRESH, 301, false),
        ("age", "R2", &[("Cache-Control", "max-age=300"), ("Age", "300")], 1, false),
        ("age-part", "R2", &[("Cache-Control", "max-age=300"), ("Age", "298")], 1, true),
        ("none", "R4", &[], 1, false),
        ("no-store", "R5", &[("Cache-Control", "max-age=300, no-store")], 1, false),
        ("no-store-apart", "R5", &[("Cache-Control", "max-age=300"), ("cache-control", "no-store")], 1, false),
        ("no-cache", "R5", &[("Cache-Control", "no-cache, max-age=300")], 1, false),
        ("must-revalidate", "R6", &[("Cache-Control", "max-age=300, must-revalidate")], 299, true),
        ("twice", "R7", &[("Cache-Control", "max-age=300, max-age=300")], 1, false),
        ("no-number", "R7", &[("Cache-Control", "max-age=abc")], 1, false),
        ("negative", "R7", &[("Cache-Control", "max-age=-1")], 1, false),
        ("negative-beyond", "R7", &[("Cache-Control", "max-age=-99999999999999999999")], 1, false),
        ("beyond", "R8", &[("Cache-Control", "max-age=99999999999999999999")], 86_400, true),
        ("quoted", "R10", &[("Cache-Control", "max-age=\"300\"")], 299, true),
        ("inside-quotes", "R11", &[("Cache-Control", "x=\"a, max-age=300\"")], 1, false),
        ("comma-in-quotes", "R11", &[("Cache-Control", "x=\"a,b\", max-age=300")], 299, true),
        ("unterminated", "R11", &[("Cache-Control", "max-age=300, x=\"a")], 1, false),
        ("vary", "R12", &[("Cache-Control", "max-age=300"), ("Vary", "*")], 1, false),
        ("vary-one", "R12", &[("Cache-Control", "max-age=300"), ("Vary", "Accept-Encoding")], 299, true),
        ("shared", "R1", &[("Cache-Control", "s-maxage=300")], 1, false),
    ] as [(&str, &str, &[(&str, &str)], i64, bool); 22]
    {
        let about = format!("keys fetched {age} seconds ago with {}", said(headers));
        let case = aged(book.case(id, &about).cites(&[cites]), headers, age);
        if counts { case.accepts("alice") } else { case.needs_keys() }
    }
    for (id, cites, headers, after, counts) in [
        ("expires", "R3", &[("Expires", LATER), ("Date", DATE)], 299, true),
        ("expires-over", "R3", &[("Expires", LATER), ("Date", DATE)], 300, false),
        ("expires-zero", "R3", &[("Expires", "0"), ("Date", DATE)], 1, false),
        ("date-late", "R3", &[("Expires", LATER), ("Date", "Fri, 15 Jan 2027 08:26:40 GMT")], 1, false),
        ("date-early", "R3", &[("Expires", LATER), ("Date", "Fri, 15 Jan 2027 07:33:20 GMT")], 301, false),
        ("max-age-wins", "R9", &[("Cache-Control", "max-age=10"), ("Expires", LATER), ("Date", DATE)], 10, false),
        ("max-age-wins-over-past", "R9", &[("Cache-Control", "max-age=10"), ("Expires", "0"), ("Date", DATE)], 9, true),
        ("expires-twice", "R12", &[("Expires", LATER), ("Expires", LATER), ("Date", DATE)], 1, false),
    ] as [(&str, &str, &[(&str, &str)], i64, bool); 8]
    {
        let about = format!("keys fetched {after} seconds ago with {}", said(headers));
        let case = book.case(id, &about).cites(&[cites]).fetched([keys(NOW, headers, &[k1()])]).now(NOW + after);
        if counts { case.accepts("alice") } else { case.needs_keys() }
    }
    book.case("waited", "keys without any lifetime, fetched for this login")
        .fetched([keys(NOW, &[], &[k1()])])
        .accepts("alice");
    book.case("waited-long", "keys without any lifetime, a minute after the login began")
        .fetched([keys(NOW + 60, &[], &[k1()])])
        .accepts("alice");
    book.case("from-later", "keys that were fetched long after the login")
        .fetched([keys(NOW + 61, FRESH, &[k1()])])
        .needs_keys();
    book.case("static", "keys are configured, and nothing that was fetched counts")
        .cites(&["R23"])
        .set("server.jwt_authentication.jwks_auto_fetch.enabled", false)
        .fetched([keys(NOW, FRESH, &[k1()])])
        .rejects("key_not_found");
    book.case("own-keys", "this issuer has keys of its own in the settings, and nothing that was fetched counts")
        .cites(&["R23"])
        .set("engine.issuer_keys", json!({ISSUER: {"keys": []}}))
        .fetched([keys(NOW, FRESH, &[k1()])])
        .rejects("key_not_found");
}

fn said(headers: &[(&str, &str)]) -> String {
    let lines: Vec<_> = headers.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    if lines.is_empty() { "no header".into() } else { lines.join("; ") }
}

fn addresses(book: &mut Book) {
    book.prefix("address-");
    book.case("moved", "the discovery document names another key set than before")
        .cites(&["R13"])
        .fetched([
            keys(NOW - 20, FRESH, &[key("test-rsa-2").public("k1")]),
            fetch(
                NOW - 10,
                [
                    document(&json!({"issuer": ISSUER, "jwks_uri": "https://elsewhere.example/keys"})),
                    answer(200, FRESH, jwks(&[k1()])),
                ],
            ),
        ])
        .accepts("alice");
    for (id, about, uri) in [
        ("colon", "a `jwks_uri` that is no address", json!(":")),
        ("plain-http", "a `jwks_uri` that is not https", json!("http://idp.example/keys")),
        ("inside", "a `jwks_uri` inside the network", json!("http://169.254.169.254/keys")),
        ("user", "a `jwks_uri` with a user before its host", json!("https://idp.example@evil.example/keys")),
        ("relative", "a `jwks_uri` without a host", json!("/keys")),
        ("empty", "a `jwks_uri` that is empty", json!("")),
        ("null", "a `jwks_uri` that is null", Value::Null),
        ("list", "a `jwks_uri` that is a list", json!(["https://idp.example/keys"])),
    ] {
        book.case(id, about)
            .cites(&["R17"])
            .fetched([fetch(NOW, [document(&json!({"issuer": ISSUER, "jwks_uri": uri}))])])
            .needs_keys();
    }
    book.case("loopback", "a `jwks_uri` on the loopback interface, where plain http is asked too")
        .fetched([fetch(
            NOW,
            [
                document(&json!({"issuer": ISSUER, "jwks_uri": "http://127.0.0.1:8080/keys"})),
                answer(200, FRESH, jwks(&[k1()])),
            ],
        )])
        .accepts("alice");
    for (id, about, over_http, uri, outcome) in [
        (
            "http-by-option",
            "http to another machine, which the option allows",
            true,
            "http://idp.example/keys",
            Ok("alice"),
        ),
        (
            "http-without-option",
            "http to another machine, and the option is off",
            false,
            "http://idp.example/keys",
            Err(()),
        ),
        ("file-by-option", "no http at all, whatever the option says", true, "file:///etc/keys", Err(())),
        ("user-by-option", "http with a user before its host", true, "http://idp.example@evil.example/keys", Err(())),
    ] {
        let document = document(&json!({"issuer": ISSUER, "jwks_uri": uri}));
        let keys = outcome.is_ok().then(|| answer(200, FRESH, jwks(&[k1()])));
        let answers: Vec<Value> = [document].into_iter().chain(keys).collect();
        let case = book.case(id, about).set("engine.fetch_over_http", over_http).fetched([fetch(NOW, answers)]);
        match outcome {
            Ok(user) => {
                case.accepts(user);
            }
            Err(()) => {
                case.needs_keys();
            }
        }
    }
    book.case("given", "the settings give the address of the key set, and nothing is discovered")
        .base("address")
        .fetched([fetch(NOW, [answer(200, FRESH, jwks(&[k1()]))])])
        .accepts("alice");
    book.case("stranger", "keys were fetched for an issuer that is not configured")
        .fetched([json!({"issuer": "https://evil.example", "at": NOW, "answers": [answer(200, FRESH, jwks(&[k1()]))]})])
        .needs_keys();
    book.case("per-issuer", "the keys of one issuer sign for no other")
        .base("address")
        .set(
            "server.jwt_authentication.issuers",
            json!({"issuer_jwks_map": {ISSUER: "https://idp.example/k", "https://b.example": "https://b.example/k"}}),
        )
        .claims(|claims| claims.set("iss", "https://b.example"))
        .fetched([
            fetch(NOW, [answer(200, FRESH, jwks(&[k1()]))]),
            json!({"issuer": "https://b.example", "at": NOW, "refresh": true, "answers": [answer(200, FRESH, jwks(&[]))]}),
        ])
        .rejects("key_not_found");
}

fn rotation(book: &mut Book) {
    book.prefix("rotation-");
    let other = || [key("test-rsa-2").public("k2")];
    book.case("new-id", "a key id that the fetched keys lack: they are asked for before their time")
        .cites(&["R15"])
        .fetched([keys(NOW - 10, FRESH, &other())])
        .needs_keys();
    book.case("refreshed", "the same after they were asked for: the key is there")
        .cites(&["R15"])
        .fetched([keys(NOW - 10, FRESH, &other()), refresh(NOW, FRESH, &[k1()])])
        .accepts("alice");
    book.case("made-up", "the same after they were asked for: the key is not there either")
        .cites(&["R15"])
        .fetched([keys(NOW - 10, FRESH, &other()), refresh(NOW, FRESH, &other())])
        .rejects("key_not_found");
    book.case("cool-down", "an unknown key id 29 seconds after the last one")
        .cites(&["R15"])
        .fetched([keys(NOW - 40, FRESH, &other()), refresh(NOW - 29, FRESH, &other())])
        .rejects("key_not_found");
    book.case("cool-down-over", "an unknown key id 30 seconds after the last one")
        .cites(&["R15"])
        .fetched([keys(NOW - 40, FRESH, &other()), refresh(NOW - 30, FRESH, &other())])
        .needs_keys();
    book.case("ordinary-between", "an ordinary fetch between does not begin the cool-down anew")
        .cites(&["R15"])
        .fetched([keys(NOW - 60, &[], &other()), refresh(NOW - 31, &[], &other()), keys(NOW - 1, FRESH, &other())])
        .needs_keys();
    book.case("ordinary-between-early", "nor does it end it")
        .cites(&["R15"])
        .fetched([refresh(NOW - 20, &[], &other()), keys(NOW - 1, FRESH, &other())])
        .rejects("key_not_found");
    book.case("no-id", "a token without a key id is no reason to ask")
        .cites(&["R16"])
        .header(|header| header.without("kid"))
        .fetched([keys(NOW - 10, FRESH, &[k1()])])
        .rejects("key_id_missing");
    book.case("empty", "an empty key set takes all keys away")
        .cites(&["R21"])
        .fetched([keys(NOW - 40, FRESH, &[k1()]), refresh(NOW, FRESH, &[])])
        .rejects("key_not_found");
    book.case("taken-out", "a key that the issuer has taken out of its set signs no more")
        .fetched([keys(NOW - 40, FRESH, &[k1()]), refresh(NOW - 1, FRESH, &other())])
        .rejects("key_not_found");
    book.case("same-id", "another key under the same id: the signature does not verify")
        .fetched([keys(NOW - 10, FRESH, &[key("test-rsa-2").public("k1")])])
        .rejects("signature_invalid");
    book.case("overtaken", "an answer that was overtaken by a later one does not bring an old key back")
        .fetched([refresh(NOW - 1, FRESH, &other()), keys(NOW - 5, FRESH, &[k1()])])
        .rejects("key_not_found");
}

fn failures(book: &mut Book) {
    book.prefix("failure-");
    let old = || keys(NOW - 301, FRESH, &[k1()]);
    for (id, cites, about, answers) in [
        ("500", "R17", "the key set's address answers 500", vec![discovery(), answer(500, &[], "down")]),
        ("404", "R17", "the discovery document's address answers 404", vec![answer(404, FRESH, "")]),
        (
            "redirect",
            "R17",
            "a redirect, which is not followed",
            vec![answer(302, &[("Location", "https://a.example")], "")],
        ),
        ("html", "R17", "a page instead of the discovery document", vec![answer(200, FRESH, "<html>")]),
        ("no-json", "R17", "a key set that is not JSON", vec![discovery(), answer(200, FRESH, "{")]),
        ("no-set", "R17", "JSON that is no key set", vec![discovery(), answer(200, FRESH, "{\"error\": 1}")]),
        ("no-uri", "R17", "a discovery document without `jwks_uri`", vec![document(&json!({"issuer": ISSUER}))]),
        (
            "error-with-keys",
            "R17",
            "keys in an answer that is an error",
            vec![discovery(), answer(403, FRESH, jwks(&[k1()]))],
        ),
    ] {
        book.case(id, &format!("{about}; the keys of before are stale and not used"))
            .cites(&[cites])
            .fetched([old(), fetch(NOW, answers)])
            .needs_keys();
    }
    let mut unreachable = fetch(NOW, [discovery()]);
    unreachable["failure"] = "connection refused".into();
    book.case("unreachable", "no answer; the keys of before are stale and not used")
        .cites(&["R17"])
        .fetched([old(), unreachable.clone()])
        .needs_keys();
    unreachable["refresh"] = true.into();
    book.case("unreachable-fresh", "no answer when asked before their time; the keys of before are fresh")
        .fetched([keys(NOW - 10, FRESH, &[k1()]), unreachable])
        .accepts("alice");
}

/// Keys in fetched sets that cannot be used: what is wrong, the key, and what becomes of a login with a good one beside it.
fn bad_keys() -> [(&'static str, &'static str, Members); 8] {
    let rsa = || key("test-rsa-2").public("bad");
    let ec = || key("test-p256").public("bad");
    let okp = |curve: &str, bytes: usize| {
        Members::new().set("kty", "OKP").set("kid", "bad").set("crv", curve).set("x", encode(vec![5; bytes]))
    };
    [
        ("rsa-e-1", "an RSA exponent of 1", rsa().set("e", "AQ")),
        ("rsa-e-0", "an RSA exponent of 0", rsa().set("e", "AA")),
        ("rsa-e-large", "an RSA exponent of 2^31", rsa().set("e", "gAAAAA")),
        ("rsa-n-0", "an RSA modulus of 0", rsa().set("n", "AA")),
        ("ec-off-curve", "a point that is not on its curve", ec().set("y", encode([7; 32]))),
        ("okp-25519", "an Ed25519 key of 31 bytes", okp("Ed25519", 31)),
        ("okp-448", "an Ed448 key of 32 bytes", okp("Ed448", 32)),
        ("okp-x25519", "an X25519 key of 33 bytes", okp("X25519", 33)),
    ]
}

fn strict(book: &mut Book) {
    book.prefix("keys-");
    for (id, about, bad) in bad_keys() {
        book.case(id, &format!("{about} in the set is set aside, and the good key beside it works"))
            .fetched([keys(NOW, FRESH, &[bad, k1()])])
            .accepts("alice");
    }
    let private = k1().set("d", "AQAB");
    book.case("private", "a key that is published with its private half is set aside: anybody can sign with it")
        .fetched([keys(NOW, FRESH, std::slice::from_ref(&private))])
        .rejects("key_invalid");
    book.case("private-beside", "and spoils no other")
        .fetched([keys(NOW, FRESH, &[private.set("kid", "other"), k1()])])
        .accepts("alice");
    for (id, stated) in [
        ("other", json!("https://evil.example")),
        ("slash", json!("https://idp.example/")),
        ("case", json!("https://IDP.example")),
        ("null", Value::Null),
    ] {
        let document = document(&json!({"issuer": stated, "jwks_uri": "https://idp.example/keys"}));
        book.case(&format!("document-{id}"), &format!("the discovery document's issuer is {stated}"))
            .fetched([fetch(NOW, [document])])
            .needs_keys();
    }
}

fn database(book: &mut Book) {
    book.prefix("keys-");
    for (id, about, bad) in bad_keys() {
        book.case(id, &format!("{about} in the set: none of its keys is used"))
            .cites(&["R18"])
            .fetched([keys(NOW, FRESH, &[bad, k1()])])
            .needs_keys();
    }
    let number = |name: &str| key("test-rsa-1").member(name).to_owned();
    let private = ["d", "p", "q"].iter().fold(k1(), |members, name| members.set(name, number(name)));
    book.case("private", "a key that is published with its private half: the public half counts")
        .cites(&["R19"])
        .fetched([keys(NOW, FRESH, &[private])])
        .accepts("alice");
    let ed448 = Members::new().set("kty", "OKP").set("kid", "other").set("crv", "Ed448").set("x", encode([5; 57]));
    book.case("ed448", "a key on Ed448, which nothing here verifies with, beside one on Ed25519")
        .cites(&["R20"])
        .token(|token| token.algorithm(key("test-ed25519"), "EdDSA"))
        .fetched([keys(NOW, FRESH, &[ed448, key("test-ed25519").public("k1")])])
        .accepts("alice");
    let document = document(&json!({"issuer": "https://evil.example", "jwks_uri": "https://idp.example/keys"}));
    book.case("document-other", "the discovery document names another issuer: the database does not look")
        .fetched([fetch(NOW, [document, answer(200, FRESH, jwks(&[k1()]))])])
        .accepts("alice");
}
