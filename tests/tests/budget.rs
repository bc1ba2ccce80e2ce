//! Does every hostile input of 1 MiB stay within the memory that SECURITY.md promises, 64 MiB, and does its cost grow no
//! faster than the input? Counted, not timed: what is allocated is the same on every machine, and it grows with what is
//! done. That no input takes a second is for the fuzzers, which count as a failure whatever takes longer.

use allocation_counter::{AllocationInfo, measure};
use serde_json::{Map, Value, json};
use sqljwt::{Settings, Validator, wire};
use sqljwt_conformance::{
    mint::{encode, key},
    ordinary::{self, NOW, jwks, settings},
};

/// The longest input that the promise speaks of, and a quarter of it to compare with.
const LONG: usize = 1 << 20;
const SHORT: usize = LONG / 4;

/// What SECURITY.md promises for [`LONG`].
const MEMORY: u64 = 64 << 20;

/// How much more may be allocated for four times the input: four times as much, with a margin for buffers that double.
const GROWTH: f64 = 5.5;

#[test]
fn tokens() {
    let mut excess = Excess::default();
    let mut members: Map<String, Value> = settings(&jwks(&[key("test-rsa-1").public("k1")]))
        .into_iter()
        .map(|(name, value)| (name.into(), value))
        .collect();
    members.insert("engine.max_token_bytes".into(), LONG.into());
    members.insert("server.jwt_authentication.claim".into(), "groups".into());
    members.insert("server.identity_map.configuration".into(), "https://idp.example /^(.*)x(.*)y$ \\1".into());
    for profile in PROFILES {
        members.insert("engine.profile".into(), profile.into());
        let settings = Value::Object(members.clone()).to_string();
        let validator = Validator::new(&Settings::from_json(&settings).expect("settings")).expect("usable settings");
        for (about, token) in TOKENS {
            excess.of(&format!("{profile}: {about}"), |length| {
                let token = token(length);
                assert!((length / 10 * 9..=length).contains(&token.len()), "{about}: {} bytes", token.len());
                measure(|| {
                    drop(validator.validate(&token, "alice", NOW));
                    drop(validator.explain(&token, "alice", NOW).to_json());
                })
            });
        }
    }
    excess.none();
}

/// Makes an input of a kind as long as it is told to.
type Maker = fn(usize) -> String;

const TOKENS: &[(&str, Maker)] = &[
    ("dots", |length| ".".repeat(length)),
    ("one part", |length| "A".repeat(length)),
    ("zeros in all parts", |length| ["A"; 3].map(|part| part.repeat(length / 12 * 4)).join(".")),
    ("no ASCII", |length| "é".repeat(length / 2)),
    ("a long signature", |length| signed(&header(), "{}", length)),
    ("a long key id", |length| token(&format!(r#"{{"alg":"RS256","kid":"{}"}}"#, "k".repeat(room(length))), "{}")),
    ("a header of many members", |length| token(&object(length, |place| format!("\"{place}\":0")), "{}")),
    ("a header of arrays", |length| token(&"[".repeat(room(length)), "{}")),
    ("claims of many members", |length| claims(&object(length, |place| format!("\"{place}\":0")))),
    ("a claim many times", |length| claims(&object(length, |_| "\"a\":0".into()))),
    ("empty arrays", |length| claims(&format!("{{\"a\":[{}]}}", list(length, |_| "[]".into())))),
    ("nested arrays", |length| claims(&"[".repeat(room(length)))),
    ("an escaped text", |length| claims(&format!("{{\"groups\":\"{}\"}}", "\\u0061".repeat(room(length) / 6)))),
    ("digits", |length| claims(&format!("{{\"exp\":{}}}", "9".repeat(room(length))))),
    ("digits after a point", |length| claims(&format!("{{\"exp\":1.{}}}", "9".repeat(room(length))))),
    ("many principals", |length| {
        claims(&format!(
            "{{\"iss\":\"https://idp.example\",\"groups\":[{}]}}",
            list(length, |place| format!("\"x{place}y\""))
        ))
    }),
    ("one long principal", |length| {
        claims(&format!("{{\"iss\":\"https://idp.example\",\"groups\":\"{}y\"}}", "x".repeat(room(length))))
    }),
    ("many audiences", |length| {
        claims(&format!(
            "{{\"iss\":\"https://idp.example\",\"aud\":[{}]}}",
            list(length, |place| format!("\"{place}\""))
        ))
    }),
    ("a long issuer", |length| claims(&format!("{{\"iss\":\"https://idp.example{}\"}}", "/".repeat(room(length))))),
    ("no UTF-8", |length| format!("{}.{}.AA", encode(header()), encode(vec![0xff; room(length)]))),
];

#[test]
fn settings_documents() {
    let mut excess = Excess::default();
    for (about, text) in SETTINGS {
        excess.of(about, |length| {
            let text = text(length);
            measure(|| {
                let settings = Settings::from_text(&text);
                drop(settings.and_then(|settings| {
                    drop(settings.to_sql());
                    Validator::new(&settings)
                }));
            })
        });
    }
    excess.none();
}

const SETTINGS: &[(&str, Maker)] = &[
    ("an open object", |length| format!("{{{}", "\"a\":{".repeat(length / 5))),
    ("nested arrays", |length| "[".repeat(length)),
    ("unknown names", |length| object(length, |place| format!("\"engine.{place}\":0"))),
    ("one name many times", |length| object(length, |_| "\"engine.profile\":\"hardened\"".into())),
    ("many issuers", |length| {
        one(length, "server.jwt_authentication.issuers", "[", |place| format!("\"i{place}\""), "]")
    }),
    ("issuers with addresses", |length| {
        let address = |place| format!("\"i{place}\":\"https://i{place}\"");
        one(length, "server.jwt_authentication.issuers", "{\"issuer_jwks_map\":{", address, "}}")
    }),
    ("many audiences", |length| {
        one(length, "server.jwt_authentication.audience", "[", |place| format!("\"a{place}\""), "]")
    }),
    ("options of many issuers", |length| {
        one(length, "engine.issuers", "{", |place| format!("\"i{place}\":{{\"claim\":\"c\"}}"), "}")
    }),
    ("keys of many issuers", |length| {
        one(length, "engine.issuer_keys", "{", |place| format!("\"i{place}\":{{\"keys\":[]}}"), "}")
    }),
    ("required claims", |length| one(length, "engine.required_claims", "[", |place| format!("\"c{place}\""), "]")),
    ("a long pointer", |length| one(length, "server.jwt_authentication.claim", "\"", |_| "/a".into(), "\"")),
    ("many statements", |length| statements(length, |place| format!("SET CLUSTER SETTING kv.x{place} = 1;"))),
    ("statements that reset", |length| {
        statements(length, |_| "RESET CLUSTER SETTING server.jwt_authentication.claim;".into())
    }),
    ("an open comment", |length| format!("/*{}", "/*".repeat(length / 2))),
    ("line comments", |length| "--\n".repeat(length / 3)),
    ("an open text", |length| {
        format!("SET CLUSTER SETTING server.jwt_authentication.claim = '{}", "''".repeat(length / 2))
    }),
    ("an escaped text", |length| {
        format!("SET CLUSTER SETTING server.jwt_authentication.claim = e'{}'", "\\x61".repeat(length / 4))
    }),
    ("dollar signs", |length| {
        format!("SET CLUSTER SETTING server.jwt_authentication.claim = {}", "$a".repeat(length / 2))
    }),
    ("rows of a table", |length| {
        format!("variable\tvalue\n{}", "server.jwt_authentication.claim\tsub\n".repeat(length / 36))
    }),
    ("bars", |length| "|".repeat(length)),
    ("semicolons", |length| ";".repeat(length)),
];

#[test]
fn key_sets() {
    let mut excess = Excess::default();
    let sets: [(&str, Maker); 7] = [
        ("empty objects", |length| list(length, |_| "{}".into())),
        ("keys of a kind that is not known", |length| list(length, |id| format!("{{\"kty\":\"X\",\"kid\":\"{id}\"}}"))),
        ("RSA keys", |length| list(length, |id| public("test-rsa-1", id))),
        ("EC keys", |length| list(length, |id| public("test-p256", id))),
        ("EC keys that are on no curve", |length| {
            list(length, |id| {
                format!("{{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"{id}\",\"x\":\"AA\",\"y\":\"AA\"}}")
            })
        }),
        ("Ed25519 keys", |length| list(length, |id| public("test-ed25519", id))),
        ("a long modulus", |length| {
            format!("{{\"kty\":\"RSA\",\"kid\":\"k\",\"e\":\"AQAB\",\"n\":\"{}\"}}", "A".repeat(length))
        }),
    ];
    for profile in PROFILES {
        for (about, keys) in sets {
            excess.of(&format!("{profile}: {about}"), |length| {
                let frame = document(profile, "server.jwt_authentication.jwks", "{\"keys\":[]}");
                let set = format!("{{\"keys\":[{}]}}", keys(length - frame.len()));
                judged(&document(profile, "server.jwt_authentication.jwks", &set))
            });
        }
    }
    excess.none();
}

fn public(name: &str, id: usize) -> String {
    key(name).public(&id.to_string()).to_string()
}

/// A line of the map, by its number.
type Line = fn(usize) -> String;

#[test]
fn identity_maps() {
    let mut excess = Excess::default();
    let lines: [(&str, Line); 20] = [
        ("literals", |place| format!("i a{place} b")),
        ("issuers", |place| format!("i{place} a b")),
        ("one literal", |_| "i a b".into()),
        ("regexes of one letter", |_| "i /^a$ b".into()),
        ("regexes of any letter", |_| "i /^.$ b".into()),
        ("regexes of one class", |_| "i /^\\pL$ b".into()),
        ("regexes of one group", |_| "i /^(.)$ \\1".into()),
        ("regexes of nothing", |_| "i /^$ b".into()),
        ("regexes of issuers", |place| format!("i{place} /^.*$ b")),
        ("regexes with an end", |place| format!("i /^(.*)@d{place}\\.example$ \\1")),
        ("regexes without", |place| format!("i /^([a-z]+){place}([a-z]+)$ \\1")),
        ("alternatives", |place| format!("i /^(?:a{place}|b{place}|c{place})$ b")),
        ("regexes without regard to case", |place| format!("i /^(?i)kelvin{place}$ b")),
        ("large classes", |_| "i /^[\\pL\\pN]+$ b".into()),
        ("large classes without regard to case", |_| "i /^(?i)\\pL$ b".into()),
        ("what such a class leaves", |_| "i /^(?i)\\P{Greek}$ b".into()),
        ("a letter without regard to case", |_| "i /^(?i)ж$ b".into()),
        ("repetitions", |_| "i /^(?:a{30}){30}$ b".into()),
        ("nested groups", |_| format!("i /^{}{}$ b", "(".repeat(200), ")".repeat(200))),
        ("blank lines", |_| String::new()),
    ];
    for profile in PROFILES {
        for (about, line) in lines {
            excess.of(&format!("{profile}: {about}"), |length| {
                let frame = document(profile, "server.identity_map.configuration", "\"\"");
                // As JSON, where a line's end and a backslash take two bytes.
                let quoted = |place| json!(line(place) + "\n").to_string().trim_matches('"').to_owned();
                let map = filled(length - frame.len(), quoted);
                judged(&document(profile, "server.identity_map.configuration", &format!("\"{map}\"")))
            });
        }
    }
    excess.none();
}

/// The text is read for a login that is accepted, to tell what it means for that one.
#[test]
fn host_based_authentication() {
    let mut excess = Excess::default();
    let lines: [(&str, Line); 5] = [
        ("lines of everybody", |_| "host all all all trust".into()),
        ("lines of one person", |_| "local all alice trust".into()),
        ("lines of one address", |place| format!("host all alice 10.0.0.1/{place} reject")),
        ("lists of names", |_| format!("host all {} all trust", ["a"; 500].join(","))),
        ("blanks", |_| " \t ".into()),
    ];
    let token = ordinary::token(key("test-p256"), "ES256").text();
    for (about, line) in lines {
        excess.of(about, |length| {
            let text = filled(length, |place| line(place) + "\n");
            let mut members = settings(&jwks(&[key("test-p256").public("k1")])).to_vec();
            members.push(("server.host_based_authentication.configuration", text.into()));
            let members: Map<String, Value> = members.into_iter().map(|(name, value)| (name.into(), value)).collect();
            let settings = Settings::from_json(&Value::Object(members).to_string()).expect("settings");
            let validator = Validator::new(&settings).expect("usable settings");
            assert!(validator.validate(&token, "alice", NOW).is_ok(), "{about}");
            measure(|| drop(validator.explain(&token, "alice", NOW).to_json()))
        });
    }
    excess.none();
}

const PROFILES: [&str; 2] = ["hardened", "cockroachdb"];

/// A settings document with one setting, given as JSON.
fn document(profile: &str, setting: &str, value: &str) -> String {
    format!("{{\"engine.profile\":\"{profile}\",\"{setting}\":{value}}}")
}

/// The cost of settings and of a login explained under them, the other profile's view included.
fn judged(settings: &str) -> AllocationInfo {
    measure(|| {
        let validator = Settings::from_json(settings).and_then(|settings| Validator::new(&settings));
        drop(validator.map(|validator| validator.explain(claims("{\"iss\":\"i\",\"sub\":\"a\"}"), "a", NOW).to_json()));
    })
}

#[test]
fn calls() {
    let mut excess = Excess::default();
    for (about, call) in CALLS {
        excess.of(about, |length| {
            let call = call(length);
            measure(|| drop(wire::call(&call)))
        });
    }
    excess.none();
}

const CALLS: &[(&str, Maker)] = &[
    ("nested arrays", |length| "[".repeat(length)),
    ("unknown members", |length| object(length, |place| format!("\"m{place}\":0"))),
    ("a token to decode", |length| {
        json!({"verb": "decode", "token": claims(&object(length - 64, |place| format!("\"{place}\":0")))}).to_string()
    }),
    ("SQL to read", |length| {
        let sql = statements(length - 64, |place| format!("SET CLUSTER SETTING kv.x{place} = 1;"));
        json!({"verb": "settings_from_sql", "settings_sql": sql}).to_string()
    }),
    ("a user", |length| {
        json!({"verb": "explain", "settings": {}, "token": "", "user": "u".repeat(length - 64), "now": 0}).to_string()
    }),
    ("a user of control characters", |length| {
        json!({"verb": "explain", "settings": {}, "token": "", "user": "\u{1}".repeat(length / 6 - 64), "now": 0})
            .to_string()
    }),
];

/// What exceeds the promise.
#[derive(Default)]
struct Excess(Vec<String>);

impl Excess {
    /// Holds the cost of an input of either length against the promise.
    fn of(&mut self, about: &str, cost: impl Fn(usize) -> AllocationInfo) {
        let [short, long] = [SHORT, LONG].map(cost);
        println!("{:8} KiB at most, {:9} allocations  {about}", long.bytes_max >> 10, long.count_total);
        if long.bytes_max > MEMORY {
            self.0.push(format!("{about}: {} KiB at once", long.bytes_max >> 10));
        }
        for (what, short, long) in
            [("bytes", short.bytes_total, long.bytes_total), ("times", short.count_total, long.count_total)]
        {
            let growth = long as f64 / short.max(1) as f64;
            // What allocates next to nothing needs no comparison.
            if long > 10_000 && growth > GROWTH {
                self.0.push(format!("{about}: {growth:.1} times the {what} for four times the input"));
            }
        }
    }

    fn none(self) {
        assert!(self.0.is_empty(), "{}", self.0.join("\n"));
    }
}

fn header() -> String {
    r#"{"alg":"RS256","kid":"k1"}"#.into()
}

/// A token of these claims, unsigned.
fn claims(claims: &str) -> String {
    token(&header(), claims)
}

fn token(header: &str, claims: &str) -> String {
    signed(header, claims, 342)
}

fn signed(header: &str, claims: &str, signature: usize) -> String {
    let rest = format!("{}.{}.", encode(header), encode(claims));
    let signature = signature.saturating_sub(if signature == 342 { 0 } else { rest.len() });
    rest + &"A".repeat(signature / 4 * 4 + if signature % 4 == 1 { 0 } else { signature % 4 })
}

/// How many bytes fit into a token of that length beside an ordinary header and signature.
fn room(length: usize) -> usize {
    (length - 600) / 4 * 3
}

fn object(length: usize, member: impl Fn(usize) -> String) -> String {
    format!("{{{}}}", list(length, member))
}

/// The settings document with one setting, a list as long as fits.
fn one(length: usize, setting: &str, open: &str, element: impl Fn(usize) -> String, close: &str) -> String {
    let separator = if open == "\"" { "" } else { "," };
    let frame = format!("{{\"{setting}\":{open}{close}}}");
    let elements = filled(length - frame.len(), |place| element(place) + separator);
    format!("{{\"{setting}\":{open}{}{close}}}", elements.trim_end_matches(','))
}

fn list(length: usize, element: impl Fn(usize) -> String) -> String {
    filled(room(length), |place| element(place) + ",").trim_end_matches(',').into()
}

fn statements(length: usize, statement: impl Fn(usize) -> String) -> String {
    filled(length, |place| statement(place) + "\n")
}

/// As many pieces as fit.
fn filled(length: usize, piece: impl Fn(usize) -> String) -> String {
    let mut text = String::new();
    for place in 0.. {
        let piece = piece(place);
        if text.len() + piece.len() > length {
            break;
        }
        text += &piece;
    }
    text
}
