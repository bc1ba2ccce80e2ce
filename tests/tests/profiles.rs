//! Does `hardened` let in nobody whom `cockroachdb` refuses? It may where the table below says why, and nowhere else.
//!
//! Asked of the logins of all vectors, whose settings are read under both profiles, and of a grid of claims of every
//! kind, correctly signed.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use sqljwt::{
    Login,
    ReasonCode::{
        self, AlgNotAllowed, IdentityUnmapped, IssuedInFuture, JwksInvalid, KeyAlgMismatch, TokenExpired,
        TokenNotYetValid, UserMismatch,
    },
    Refusal, Settings, Validator,
};
use sqljwt_conformance::{
    mint::{Members, key},
    ordinary::{NOW, jwks, settings, token},
    vectors,
};

/// Where `hardened` is laxer: the database's reason, why it may, and what has to be so.
const DOCUMENTED: [(ReasonCode, &str, Condition); 9] = [
    (TokenExpired, "the database has no leeway for clocks that differ", has_leeway),
    (TokenNotYetValid, "the database has no leeway for clocks that differ", has_leeway),
    (IssuedInFuture, "the database has no leeway for clocks that differ", has_leeway),
    (JwksInvalid, "one key that the database cannot read spoils its set; `hardened` sets the key aside", is_other_key),
    (JwksInvalid, "the database reads members of a key that the engine passes over", is_other_member),
    (AlgNotAllowed, "the database's token library knows Ed25519 by its older name alone", is_newer_name),
    (KeyAlgMismatch, "the database's token library knows Ed25519 by its older name alone", is_newer_name),
    (IdentityUnmapped, "an integer is a principal as Go prints it, 1e+06; in `hardened` as it is written", is_integer),
    (UserMismatch, "an integer is a principal as Go prints it, 1e+06; in `hardened` as it is written", is_integer),
];

/// Whether the reason is why: asked of the question and of the login that `hardened` gives.
type Condition = fn(&Question<'_>, &Login) -> bool;

fn has_leeway(question: &Question<'_>, _: &Login) -> bool {
    question.settings.get("engine.leeway_seconds").and_then(Value::as_i64).is_some_and(|seconds| seconds > 0)
}

/// Without the keys that the token does not name, the database accepts it too.
fn is_other_key(question: &Question<'_>, login: &Login) -> bool {
    question.passes_with(&question.key(login))
}

/// Without the members that the engine does not look at, the database accepts the key too.
fn is_other_member(question: &Question<'_>, login: &Login) -> bool {
    let read = ["kty", "kid", "use", "key_ops", "alg", "issuer", "crv", "n", "e", "x", "y"];
    let mut key = question.key(login);
    if let Value::Object(members) = &mut key {
        members.retain(|name, _| read.contains(&name.as_str()));
    }
    question.passes_with(&key)
}

/// The token or its key says `Ed25519`, and where the key says `EdDSA` instead the database accepts the token too.
fn is_newer_name(question: &Question<'_>, login: &Login) -> bool {
    let mut key = question.key(login);
    let newer = login.algorithm.as_str() == "Ed25519" || key["alg"] == "Ed25519";
    key["alg"] = "EdDSA".into();
    newer && question.passes_with(&key)
}

fn is_integer(_: &Question<'_>, login: &Login) -> bool {
    login.principal.parse::<i64>().is_ok()
}

#[test]
fn hardened_accepts_nothing_that_the_database_refuses_but_for_documented_reasons() {
    let mut found = Differences::default();
    for vector in vectors() {
        let Ok(Value::Object(settings)) = serde_json::from_str(&vector.settings) else { continue };
        for user in [&*vector.row.user, ""] {
            for now in [vector.row.now, vector.row.now.saturating_sub(3600), vector.row.now.saturating_add(299)] {
                found.compare(&Question { settings: &settings, token: &vector.row.token, user, now }, &vector.row.id);
            }
        }
    }
    grid(&mut found);
    found.are_documented();
}

/// Correctly signed tokens with claims of every kind, under settings that read them.
fn grid(found: &mut Differences) {
    let kinds = [
        "null",
        "true",
        "false",
        "0",
        "1",
        "-1",
        "1.5",
        "1e3",
        "1799999999",
        "1800000000",
        "1800000001",
        "1800003600",
        "\"1800003600\"",
        "\"2027-01-15T09:00:00Z\"",
        "253402300800",
        "9007199254740993",
        "\"\"",
        "\" \"",
        "\"alice\"",
        "\"Alice\"",
        "\"bob\"",
        "\"alice\\u0000\"",
        "\"\\u212aate\"",
        "\"https://idp.example\"",
        "\"db-login\"",
        "[]",
        "[\"alice\"]",
        "[\"alice\",\"bob\"]",
        "[\"db-login\",1]",
        "[1]",
        "[null]",
        "[[\"alice\"]]",
        "{}",
        "{\"a\":\"alice\"}",
        "{\"a\":\"alice\",\"a\":\"bob\"}",
    ];
    let names =
        ["iss", "sub", "aud", "exp", "nbf", "iat", "jti", "email", "email_verified", "events", "cnf", "groups", "x"];
    let maps = ["", "https://idp.example alice alice", "https://idp.example /^([a-z]+)$ \\1"];
    let claims = ["", "email", "groups", "x", "/x/a", "/groups/0", "exp"];
    let signer = key("test-ed25519");
    for name in names {
        for kind in kinds {
            let text = token(signer, "EdDSA").claims(|claims| with_name(claims, name, kind)).text();
            for claim in claims {
                for map in maps {
                    let mut settings: Map<_, _> = settings(&jwks(&[signer.public("k1")]))
                        .into_iter()
                        .map(|(name, value)| (name.to_owned(), value))
                        .collect();
                    settings.insert("server.jwt_authentication.claim".into(), claim.into());
                    settings.insert("server.identity_map.configuration".into(), map.into());
                    for user in ["alice", "", "Alice", "bob"] {
                        let about = format!("{name} is {kind}, the claim is `{claim}`, the map is `{map}`");
                        found.compare(&Question { settings: &settings, token: &text, user, now: NOW }, &about);
                    }
                }
            }
        }
    }
}

/// The claims with this one, and with an e-mail address for the settings that read one.
fn with_name(claims: Members, name: &str, kind: &str) -> Members {
    claims.set("email", "alice").set("groups", json!(["alice"])).raw(name, kind)
}

const JWKS: &str = "server.jwt_authentication.jwks";

/// A login whose profile is not said.
struct Question<'q> {
    settings: &'q Map<String, Value>,
    token: &'q str,
    user: &'q str,
    now: i64,
}

impl Question<'_> {
    /// The key of a login, as the settings have it.
    fn key(&self, login: &Login) -> Value {
        let set = match self.settings.get(JWKS) {
            Some(Value::String(text)) => serde_json::from_str(text).expect("`hardened` has read it"),
            set => set.cloned().unwrap_or_default(),
        };
        let named = |key: &&Value| key["kid"] == *login.key_id;
        match set.get("keys") {
            Some(keys) => keys.as_array().into_iter().flatten().find(named).cloned().unwrap_or_default(),
            None => set,
        }
    }

    /// Whether the database accepts the login with that key alone.
    fn passes_with(&self, key: &Value) -> bool {
        let mut settings = self.settings.clone();
        settings.insert(JWKS.into(), json!({"keys": [key]}));
        Question { settings: &settings, ..*self }.decide("cockroachdb").is_ok()
    }

    /// The login, or the reason against it. Having to fetch something is no login.
    fn decide(&self, profile: &str) -> Result<Login, ReasonCode> {
        let mut settings = self.settings.clone();
        settings.insert("engine.profile".into(), profile.into());
        let settings = Settings::from_json(&Value::Object(settings).to_string());
        let validator = settings.and_then(|settings| Validator::new(&settings)).map_err(|error| error.code)?;
        validator.validate(self.token, self.user, self.now).map_err(|refusal| match refusal {
            Refusal::Rejected(rejection) => rejection.code,
            _ => ReasonCode::KeysUnavailable,
        })
    }
}

#[derive(Default)]
struct Differences {
    compared: usize,
    accepted_by_both: usize,
    /// How many logins only the database accepts.
    stricter: usize,
    /// How many logins only `hardened` accepts, by why they may.
    laxer: BTreeMap<&'static str, usize>,
    undocumented: Vec<String>,
}

impl Differences {
    fn compare(&mut self, question: &Question<'_>, about: &str) {
        self.compared += 1;
        match (question.decide("hardened"), question.decide("cockroachdb")) {
            (Ok(login), Err(code)) => {
                let documented = DOCUMENTED.iter().find(|(known, _, holds)| *known == code && holds(question, &login));
                match documented {
                    Some((_, why, _)) => *self.laxer.entry(why).or_default() += 1,
                    None => {
                        self.undocumented.push(format!("{code}: {about}, as `{}` at {}", question.user, question.now));
                    }
                }
            }
            (Ok(one), Ok(other)) => {
                self.accepted_by_both += 1;
                let same = one.user == other.user || is_integer(question, &one);
                assert!(same, "{about}: the profiles log in `{}` and `{}`", one.user, other.user);
            }
            (Err(_), Ok(_)) => self.stricter += 1,
            (Err(_), Err(_)) => {}
        }
    }

    fn are_documented(&self) {
        let Self { compared, accepted_by_both, stricter, .. } = self;
        println!("{compared} logins: {accepted_by_both} accepted by both, {stricter} by the database only");
        for (code, why, _) in DOCUMENTED {
            let count = self.laxer.get(why).copied().unwrap_or_default();
            println!("{count} by `hardened` only: {why}");
            assert!(count > 0, "{code} is documented, but never met: {why}");
        }
        assert!(
            self.undocumented.is_empty(),
            "`hardened` is laxer than the database:\n{}",
            self.undocumented.join("\n")
        );
    }
}
