//! Can a token be changed into another login, or a refused one into a login, by someone without the key?

use std::collections::BTreeSet;

use sqljwt::{Login, Profile, ReasonCode, Refusal, Settings, Validator};
use sqljwt_conformance::{
    Vector,
    mint::{Members, Token, encode, key, sign_hmac},
    noise::Noise,
    ordinary::{ALGORITHMS, NOW, jwks, settings, token},
    vectors,
};

/// One flipped bit of the header, the claims or the signature is enough, wherever it is.
#[test]
fn no_flipped_bit_leaves_a_login() {
    for (validator, login) in logins(&["RS256", "PS256", "ES256", "EdDSA"]) {
        let parts = login.parts();
        for (place, part) in parts.iter().enumerate() {
            for bit in 0..part.len() * 8 {
                let mut flipped = parts.clone();
                flipped[place][bit / 8] ^= 1 << (bit % 8);
                refused(&validator, &join(&flipped), &format!("{login:?}: bit {bit} of part {place}"));
            }
        }
    }
}

/// Base64url is canonical, so that a token has one spelling: no other text is the same token.
#[test]
fn no_character_can_be_replaced() {
    for (validator, login) in logins(&["ES256", "EdDSA"]) {
        let text = login.token.text();
        for at in 0..text.len() {
            for other in [b'A', b'Q', b'g', b'w', b'9', b'-', b'_', b'.', b'=', b'+', b'/', b' ', b'\n', 0, 0xff] {
                let mut changed = text.clone().into_bytes();
                changed[at] = other;
                if changed != text.as_bytes() {
                    refused(&validator, &changed, &format!("{login:?}: {other:#x} at {at}"));
                }
            }
        }
    }
}

/// The parts of genuine tokens, put together anew, are no token unless they are one of those.
#[test]
fn no_parts_of_different_tokens_make_a_third() {
    let claims = |sub: &'static str| move |claims: Members| claims.set("sub", sub);
    for profile in [Profile::Hardened, Profile::Cockroachdb] {
        let set = [key("test-p256").public("k1"), key("test-ed25519").public("k2"), key("test-rsa-1").public("k3")];
        let validator = validator(profile, &jwks(&set));
        let named = |kid: &'static str| move |header: Members| header.set("kid", kid);
        let tokens: Vec<String> = [
            token(key("test-p256"), "ES256"),
            token(key("test-p256"), "ES256").claims(claims("bob")),
            token(key("test-ed25519"), "EdDSA").header(named("k2")),
            token(key("test-ed25519"), "EdDSA").header(named("k2")).claims(claims("bob")),
            token(key("test-rsa-1"), "RS256").header(named("k3")),
            token(key("test-rsa-1"), "PS256").header(named("k3")).claims(claims("bob")),
        ]
        .iter()
        .map(Token::text)
        .collect();
        let parts: Vec<Vec<&str>> = tokens.iter().map(|token| token.split('.').collect()).collect();
        for header in &parts {
            for payload in &parts {
                for signature in &parts {
                    let text = format!("{}.{}.{}", header[0], payload[1], signature[2]);
                    let login = validator.validate(&text, "", NOW);
                    assert_eq!(login.is_ok(), tokens.contains(&text), "{profile}: {text}");
                }
            }
        }
    }
}

/// Whatever the header says after signing, and whatever it offers as a key.
#[test]
fn no_edited_header_leaves_a_login() {
    let offered = key("test-rsa-2").public("k1").to_string();
    let edits: Vec<(&str, String)> = ["none", "None", "HS256", "HS384", "HS512", "ed25519", "ES256K", "", "RS1"]
        .into_iter()
        .chain(ALGORITHMS.map(|(algorithm, _)| algorithm))
        .map(|algorithm| ("alg", format!("{algorithm:?}")))
        .chain(["\"k2\"", "\"\"", "null", "1", "[\"k1\"]", "\"K1\"", "\"../k1\""].map(|kid| ("kid", kid.into())))
        .chain([("jwk", offered), ("jku", "\"https://evil.example\"".into()), ("x5u", "\"file:///\"".into())])
        .chain([("crit", "[\"exp\"]".into()), ("b64", "false".into()), ("zip", "\"DEF\"".into())])
        .chain([("typ", "\"JWT \"".into()), ("cty", "\"JWT\"".into()), ("x", "1".into())])
        .collect();
    for (validator, login) in logins(&ALGORITHMS.map(|(algorithm, _)| algorithm)) {
        let text = login.token.text();
        let (_, rest) = text.split_once('.').expect("a header");
        let headers = edits.iter().map(|(name, value)| login.token.header.clone().raw(name, value).to_string());
        let spaced = format!(" {}", login.token.header);
        let again = login.token.header.clone().again("alg", "\"none\"").to_string();
        for header in headers.chain([spaced, again, "{}".into(), String::new()]) {
            let changed = format!("{}.{rest}", encode(&header));
            if changed != text {
                refused(&validator, changed.as_bytes(), &format!("{login:?}: the header {header}"));
            }
        }
    }
}

/// Claims of another's choice, signed with keys of another's: of the same kind, under the same id, with every algorithm;
/// with the public key as a secret; or with nothing.
#[test]
fn no_claims_can_be_signed_again() {
    let changes: [fn(Members) -> Members; 4] = [
        |claims| claims,
        |claims| claims.set("sub", "bob"),
        |claims| claims.set("exp", NOW + 999_999),
        |claims| claims.set("aud", "other").set("iss", "https://evil.example"),
    ];
    let strangers = [
        ("RS256", "test-rsa-2"),
        ("RS384", "test-rsa-2"),
        ("RS512", "test-rsa-2"),
        ("PS256", "test-rsa-2"),
        ("PS384", "test-rsa-2"),
        ("PS512", "test-rsa-3072"),
        ("ES256", "test-p256"),
        ("ES384", "test-p384"),
        ("ES512", "test-p521"),
        ("EdDSA", "test-ed25519"),
    ];
    for (validator, login) in logins(&ALGORITHMS.map(|(algorithm, _)| algorithm)) {
        for change in changes {
            let changed = login.token.clone().claims(change);
            for (algorithm, name) in strangers.into_iter().filter(|(_, name)| *name != login.key) {
                let about = format!("{login:?}: signed by {name} with {algorithm}");
                let says_so = changed.clone().algorithm(key(name), algorithm).text();
                refused(&validator, says_so.as_bytes(), &about);
                let silent = changed.clone().signed_with(key(name), algorithm).text();
                refused(&validator, silent.as_bytes(), &about);
            }
            let input = format!("{}.{}", encode(changed.header.to_string()), encode(changed.claims.to_string()));
            refused(&validator, format!("{input}.").as_bytes(), &format!("{login:?}: no signature"));
            let public = key(login.key).public("k1").to_string();
            for (algorithm, secret) in [("HS256", public.as_bytes()), ("HS512", b"")] {
                let confused = changed.clone().header(|header| header.set("alg", algorithm));
                let text = confused.text_with(|_, input| sign_hmac(algorithm, secret, input));
                refused(&validator, text.as_bytes(), &format!("{login:?}: {algorithm}"));
            }
        }
    }
}

/// A key proves what it is for and no more: not another key's id, not another issuer.
#[test]
fn no_key_signs_in_another_s_name() {
    for profile in [Profile::Hardened, Profile::Cockroachdb] {
        let set = [
            key("test-p256").public("k1"),
            key("test-ed25519").public("k2").set("issuer", "https://other.example"),
            key("test-rsa-1").public("k3").set("alg", "RS256"),
            key("test-rsa-2").public("k1"),
        ];
        let validator = validator(profile, &jwks(&set));
        for (kid, name, algorithm, code) in [
            ("k1", "test-ed25519", "EdDSA", ReasonCode::KeyAlgMismatch),
            ("k2", "test-p256", "ES256", ReasonCode::KeyAlgMismatch),
            ("k2", "test-ed25519", "EdDSA", ReasonCode::KeyIssuerMismatch),
            ("k3", "test-rsa-1", "PS256", ReasonCode::KeyAlgMismatch),
            ("k3", "test-rsa-2", "RS256", ReasonCode::SignatureInvalid),
            ("k1", "test-rsa-2", "RS256", ReasonCode::KeyAlgMismatch),
        ] {
            let text = token(key(name), algorithm).header(|header| header.set("kid", kid)).text();
            let Err(Refusal::Rejected(rejection)) = validator.validate(&text, "alice", NOW) else {
                panic!("{profile}: {name} signs as {kid}");
            };
            assert_eq!(rejection.code, code, "{profile}: {name} signs as {kid}");
        }
    }
}

/// A refusal stays one: no mutation of a token that is refused once it could be read gives a login.
#[test]
fn no_mutation_of_a_refused_token_gives_a_login() {
    let (mut tried, mut codes) = (0, BTreeSet::new());
    for vector in vectors() {
        let Some(code) = vector.expect.code.as_deref().and_then(|code| code.parse::<ReasonCode>().ok()) else {
            continue;
        };
        // Texts that are no token yet may well become the one they were made from.
        let readable = !["settings", "enabled", "token"].contains(&code.check().as_str());
        let (Some(validator), true) = (of(&vector), readable && vector.row.token.len() < 20_000) else { continue };
        let mut noise = Noise::new(&vector.row.id);
        for _ in 0..10 {
            let token = noise.mutated(vector.row.token.as_bytes());
            if token != vector.row.token.as_bytes() {
                refused(&validator, &token, &vector.row.id);
                assert!(validator.validate(&token, &vector.row.user, vector.row.now).is_err(), "{}", vector.row.id);
                tried += 1;
            }
        }
        codes.insert(code);
    }
    println!("{tried} mutations of tokens refused for {} reasons", codes.len());
    assert!(tried > 5_000 && codes.len() > 30);
}

/// A login stays the same or is lost: no mutation of the token of any accepted vector gives another.
#[test]
fn no_mutation_of_a_token_gives_another_login() {
    for vector in vectors().into_iter().filter(|vector| vector.expect.user.is_some()) {
        let validator = of(&vector).expect("the settings of an accepted vector");
        let mut noise = Noise::new(&vector.row.id);
        for _ in 0..12 {
            let token = noise.mutated(vector.row.token.as_bytes());
            if token != vector.row.token.as_bytes() {
                let login = validator.validate(&token, &vector.row.user, vector.row.now);
                assert!(login.is_err(), "{}: {login:?}", vector.row.id);
            }
        }
    }
}

/// Alice's login with one algorithm, under both profiles.
fn logins(algorithms: &[&str]) -> Vec<(Validator, Ordinary)> {
    let wanted = ALGORITHMS.into_iter().filter(|(algorithm, _)| algorithms.contains(algorithm));
    let both = wanted.flat_map(|pair| [(pair, Profile::Hardened), (pair, Profile::Cockroachdb)]);
    both.map(|((algorithm, name), profile)| {
        let jwk = key(name).public("k1");
        // The database knows `Ed25519` only under a key that says `EdDSA`.
        let jwk = if algorithm == "Ed25519" { jwk.set("alg", "EdDSA") } else { jwk };
        let validator = validator(profile, &jwks(&[jwk]));
        let ordinary = Ordinary { profile, algorithm, key: name, token: token(key(name), algorithm) };
        let login: Login = validator.validate(ordinary.token.text(), "alice", NOW).expect("the ordinary login");
        assert_eq!(login.user, "alice");
        (validator, ordinary)
    })
    .collect()
}

struct Ordinary {
    profile: Profile,
    algorithm: &'static str,
    key: &'static str,
    token: Token,
}

impl Ordinary {
    /// Header, claims and signature, decoded.
    fn parts(&self) -> [Vec<u8>; 3] {
        let (header, claims) = (self.token.header.to_string(), self.token.claims.to_string());
        let input = format!("{}.{}", encode(&header), encode(&claims));
        let signature = key(self.key).sign(self.algorithm, input.as_bytes());
        let parts = [header.into_bytes(), claims.into_bytes(), signature];
        assert_eq!(join(&parts), self.token.text().into_bytes());
        parts
    }
}

impl std::fmt::Debug for Ordinary {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{} {}", self.profile, self.algorithm)
    }
}

fn join(parts: &[Vec<u8>; 3]) -> Vec<u8> {
    parts.each_ref().map(encode).join(".").into_bytes()
}

fn validator(profile: Profile, jwks: &str) -> Validator {
    let mut settings: serde_json::Map<_, _> =
        settings(jwks).into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    settings.insert("engine.profile".into(), profile.as_str().into());
    let settings = Settings::from_json(&serde_json::Value::Object(settings).to_string()).expect("settings");
    Validator::new(&settings).expect("settings that can be used")
}

fn of(vector: &Vector) -> Option<Validator> {
    Settings::from_json(&vector.settings).and_then(|settings| Validator::new(&settings)).ok()
}

/// Nobody logs in with this token, whoever is asked for.
fn refused(validator: &Validator, token: &[u8], about: &str) {
    for user in ["alice", ""] {
        let login = validator.validate(token, user, NOW);
        assert!(login.is_err(), "{about}: {login:?}");
    }
}
