//! Can any token get in that should not?
//!
//! An input is a token, or, where it begins with `{`, a header on one line and claims after it, which are signed with a
//! key that the settings trust. A first line `@USER SECONDS` states who asks and when.

use std::sync::LazyLock;

use serde_json::{Value, json};
use sqljwt::{Login, Profile, Validator, dangerous};

use crate::{
    document::Members,
    promise::{self, Attempt},
    scene::{AUDIENCE, ISSUER, KEY_ID, NOW, PROFILES, SIGNED, settings, signed, validator},
};

const LEEWAY: i64 = 30;

/// Plain settings and rich ones, under both profiles.
static VALIDATORS: LazyLock<Vec<Validator>> = LazyLock::new(|| {
    let map = "https://mapped.example alice mapped\nhttps://mapped.example /^([a-z]+)@example\\.com$ \\1\n";
    let plain = json!({"server.identity_map.configuration": map, "engine.leeway_seconds": LEEWAY});
    let rich = json!({
        "server.jwt_authentication.claim": "/names/0",
        "server.jwt_authentication.authorization.enabled": true,
        "server.jwt_authentication.group_claim": "groups",
        "engine.required_claims": ["jti"],
        "engine.max_token_lifetime_seconds": 7200,
        "engine.issuers": {"https://mapped.example": {"claim": "email", "audience": "own"}},
        "engine.leeway_seconds": LEEWAY,
    });
    let of = |changes: &Value| PROFILES.map(|profile| validator(&settings(profile, changes)));
    [of(&plain), of(&rich)].into_iter().flatten().collect()
});

pub(crate) fn run(input: &[u8]) {
    let (user, now, rest) = asked(input);
    if rest.first() == Some(&b'{') {
        let text = String::from_utf8_lossy(rest);
        let (header, claims) = text.split_once('\n').unwrap_or((&text, ""));
        let token = signed(header, claims);
        for validator in &*VALIDATORS {
            if let Some(login) = attempt(validator, token.as_bytes(), &user, now) {
                assert_lawful(validator.profile(), header, claims, &user, now, &login);
            }
        }
    } else {
        for validator in &*VALIDATORS {
            if let Some(login) = attempt(validator, rest, &user, now) {
                let token = String::from_utf8_lossy(rest);
                assert!(SIGNED.contains(&*token), "nobody signed it, and {} logs in: {token}", login.user);
            }
        }
    }
    let _ = dangerous::decode_unverified(rest);
}

fn attempt(validator: &Validator, token: &[u8], user: &str, now: i64) -> Option<Login> {
    promise::login(validator, Attempt { token, user, now }).0
}

/// Who asks, when, and what is left of the input.
fn asked(input: &[u8]) -> (String, i64, &[u8]) {
    let plain = || ("alice".to_owned(), NOW, input);
    let Some(line) = input.strip_prefix(b"@") else { return plain() };
    let Some(end) = line.iter().position(|&byte| byte == b'\n') else { return plain() };
    let text = String::from_utf8_lossy(&line[..end]);
    let Some((user, now)) = text.rsplit_once(' ') else { return plain() };
    now.parse().map_or_else(|_| plain(), |now| (user.to_owned(), now, &line[end + 1..]))
}

/// Holds a login against the claims once more, read by another reader and by the letter.
fn assert_lawful(profile: Profile, header: &str, claims: &str, user: &str, now: i64, login: &Login) {
    let told = || format!("{profile}: {login:?} at {now} by\n{header}\n{claims}");
    let (Some(header), Some(stated)) = (Members::of(header), Members::of(claims)) else {
        panic!("not two objects: {}", told());
    };
    assert_eq!(header.text("alg").as_deref(), Some("EdDSA"), "{}", told());
    assert_eq!(header.text("kid").as_deref(), Some(KEY_ID), "{}", told());
    for name in ["crit", "b64", "zip"] {
        assert_eq!(header.written(name), None, "{}", told());
    }
    for members in [&header, &stated] {
        let mut names = members.names();
        names.sort_unstable();
        assert!(names.is_sorted_by(|a, b| a != b), "a member twice: {}", told());
    }
    let issuer = stated.text("iss").unwrap_or_default();
    assert_eq!(issuer, *login.issuer, "{}", told());
    assert!([ISSUER, "https://mapped.example"].contains(&&*issuer), "{}", told());
    assert_eq!(stated.written("cnf"), None, "{}", told());
    let audiences: Vec<String> = match (stated.text("aud"), stated.written("aud")) {
        (Some(audience), _) => vec![audience],
        (None, Some(written)) => serde_json::from_str(written).unwrap_or_default(),
        (None, None) => vec![],
    };
    assert!(audiences.iter().any(|audience| **audience == *login.audience), "{}", told());
    assert!([AUDIENCE, "api://db", "own"].contains(&&*login.audience), "{}", told());
    let leeway = if profile == Profile::Hardened { LEEWAY } else { 0 };
    let seconds = |name| stated.written(name).and_then(|written| written.parse::<f64>().ok());
    // Half a second either side: numbers are rounded here.
    let (early, late) = ((now - leeway) as f64 - 0.5, (now + leeway) as f64 + 1.5);
    let unset = |seconds: f64| profile == Profile::Cockroachdb && seconds.abs() < 1.0;
    assert!(seconds("exp").is_none_or(|exp| exp > early || unset(exp)), "{}", told());
    assert!(seconds("nbf").is_none_or(|nbf| nbf < late || unset(nbf)), "{}", told());
    assert!(seconds("iat").is_none_or(|iat| iat < late || unset(iat)), "{}", told());
    let reserved = ["root", "node", "public", "none"].contains(&&*login.user)
        || login.user.starts_with("pg_")
        || login.user.starts_with("crdb_internal_");
    assert!(!reserved, "{}", told());
    if user.is_ascii() && !user.is_empty() {
        assert_eq!(login.user, user.to_ascii_lowercase(), "{}", told());
    }
    if profile == Profile::Hardened {
        assert!(seconds("exp").is_some(), "{}", told());
        assert_eq!(stated.written("events"), None, "{}", told());
        let first = login.user.chars().next();
        assert!(first.is_some_and(|first| first.is_alphanumeric() || first == '_'), "{}", told());
        assert!(login.user.len() <= 63, "{}", told());
    }
}
