//! Does advice stay on the safe side? Nothing that widens is proposed for a token that nobody has proven; a line of the
//! identity map lets in its bearer and nobody else; what many have is never offered.

use serde_json::{Map, Value, json};
use sqljwt::{Advice, AdviceKind, Check, Explanation, Settings, Validator};
use sqljwt_conformance::{
    mint::{Members, Token, encode, key},
    ordinary::{NOW, claims, jwks, settings},
    vectors,
};

const MAP: &str = "server.identity_map.configuration";
const ISSUERS: &str = "server.jwt_authentication.issuers";
const AUDIENCE: &str = "server.jwt_authentication.audience";
const CLAIM: &str = "server.jwt_authentication.claim";

/// How a proposal that lets in more begins or goes on.
const PROPOSALS: [&str; 13] = [
    "add `",
    "add the line",
    "add a line",
    "add its issuer",
    "add the token's",
    "begin the lines",
    "engine.leeway_seconds to",
    "engine.max_token_lifetime_seconds to",
    "server.jwt_authentication.claim to",
    "server.jwt_authentication.group_claim to",
    "remove it from engine",
    "write the issuer",
    "write the audience",
];

#[test]
fn an_unproven_token_is_offered_nothing_that_widens() {
    let mut asked = 0;
    for vector in vectors() {
        let Some((rest, signature)) = vector.row.token.rsplit_once('.') else { continue };
        let forged = format!("{rest}.{}", encode(vec![0; signature.len() * 3 / 4]));
        let Ok(settings) = Settings::from_json(&vector.settings) else { continue };
        let Ok(validator) = Validator::new(&settings) else { continue };
        let explanation = validator.explain(&forged, &vector.row.user, vector.row.now);
        for remedy in remedies(&explanation) {
            for proposal in PROPOSALS {
                assert!(!remedy.contains(proposal), "{}: {remedy}", vector.row.id);
            }
        }
        asked += 1;
    }
    assert!(asked > 500);
}

#[test]
fn a_stranger_s_token_is_told_to_be_unproven_once_and_first() {
    for (name, token) in strangers() {
        for profile in ["hardened", "cockroachdb"] {
            let explanation = explain(&set(&ordinary(), "engine.profile", profile), &token, "alice");
            let said =
                explanation.advice.iter().filter(|advice| advice.message.contains("nobody has proven this token"));
            assert_eq!(said.count(), 1, "{name}: {explanation}");
            assert_eq!(explanation.advice[0].kind, AdviceKind::Warning, "{name}");
            for remedy in remedies(&explanation) {
                for proposal in PROPOSALS.into_iter().chain(["copy"]) {
                    let keys_of_ours = proposal == "copy" && name == "unknown key";
                    assert!(keys_of_ours || !remedy.contains(proposal), "{name}: {remedy}");
                }
            }
        }
    }
}

#[test]
fn a_proven_token_is_offered_what_mends_it() {
    for (token, user, wanted) in [
        (claims().set("iss", "https://idp.example/"), "alice", "write the issuer as the token does"),
        (claims().set("aud", "db-log1n"), "alice", "write the audience as the token does"),
        (claims().set("iat", NOW - 3600).set("exp", NOW - 20), "alice", "engine.leeway_seconds to 21"),
        (claims(), "bob", "add the line `https://idp.example alice bob`"),
    ] {
        for profile in ["hardened", "cockroachdb"] {
            if profile == "cockroachdb" && wanted.contains("leeway") {
                continue;
            }
            let explanation = explain(&set(&ordinary(), "engine.profile", profile), &proven(token.clone()), user);
            let said = remedies(&explanation).iter().any(|remedy| remedy.contains(wanted));
            assert!(said, "{wanted}: {explanation}");
            assert!(!explanation.to_string().contains("nobody has proven"), "{explanation}");
        }
    }
}

/// Keys that decide about no configured issuer may be old or stolen: what they have signed is no better than unsigned.
#[test]
fn keys_that_no_issuer_uses_prove_nothing() {
    let token = proven(claims().set("iss", "https://idp.example/"));
    let mut fetched = ordinary();
    fetched.insert("server.jwt_authentication.jwks_auto_fetch.enabled".into(), true.into());
    let mut own = ordinary();
    let keys: Value = serde_json::from_str(&jwks(&[key("test-p384").public("k2")])).expect("keys");
    own.insert("engine.issuer_keys".into(), json!({"https://idp.example": keys}));
    for settings in [fetched, own] {
        let explanation = explain(&settings, &token, "alice");
        assert!(explanation.advice[0].message.contains("nobody has proven this token"), "{explanation}");
        assert!(remedies(&explanation).iter().all(|remedy| !remedy.contains("write the issuer")), "{explanation}");
    }
}

/// Each principal's line, taken from the advice and put into the map, lets in that principal as the requested user, and
/// nobody who only looks like it.
#[test]
fn an_offered_line_lets_in_its_bearer_and_nobody_else() {
    for principal in [
        "alice-x",
        "Anna Karina",
        "svc#1",
        "svc etl #",
        "/eng/ops",
        "/^.*$|^dba$",
        "carol@?",
        "carol@[a-z.]*",
        "etl@(.*)",
        r"\Qetl",
        "(?i)etl",
        "etl\u{a0}",
        "etl\u{202e}",
        "etl\n",
        "e\u{301}tl",
        "ETL",
        "etl`",
        "jane@gmail.com",
    ] {
        for map in ["", "https://idp.example zz yy"] {
            for profile in ["hardened", "cockroachdb"] {
                let start = set(&set(&ordinary(), MAP, map), "engine.profile", profile);
                let token = proven(claims().set("sub", principal));
                let explanation = explain(&start, &token, "etl");
                if explanation.login.is_some() {
                    continue; // The database lower-cases what it takes over.
                }
                let offered = remedies(&explanation);
                let line =
                    offered.iter().find_map(|remedy| Some(remedy.split_once("add the line `")?.1.split_once('`')?.0));
                let line = line.unwrap_or_else(|| panic!("{principal:?}: {explanation}"));
                let mended = set(&start, MAP, &format!("{map}\n{line}"));
                assert_eq!(user(&mended, &token, "etl").as_deref(), Some("etl"), "{line}");
                for stranger in
                    ["svc", "mallory", "x/eng/ops2", "eng/ops", "carol@evil", "etl@x", "john@gmail.com", "", "x"]
                {
                    let token = proven(claims().set("sub", stranger));
                    assert_eq!(user(&mended, &token, "etl"), None, "{line}: {stranger}");
                }
            }
        }
    }
}

#[test]
fn a_name_that_nobody_may_log_in_as_is_never_offered() {
    for user in ["root", "node", "pg_monitor", "a b", "-x", ""] {
        for map in ["", "https://idp.example zz yy"] {
            let explanation = explain(&set(&ordinary(), MAP, map), &proven(claims().set("sub", "someone@else")), user);
            assert!(
                remedies(&explanation).iter().all(|remedy| !remedy.contains("add the line")),
                "{user}: {explanation}"
            );
        }
    }
}

#[test]
fn principals_of_many_are_named_and_not_offered() {
    for principal in [
        "repo:octo-org/octo-repo:pull_request",
        "system:serviceaccounts:prod",
        "system:serviceaccount:prod:default",
        "repo:octo-org/*",
    ] {
        let explanation =
            explain(&set(&ordinary(), MAP, "https://idp.example zz yy"), &proven(claims().set("sub", principal)), "ci");
        let remedy = &explanation.reason.as_ref().expect("a reason").remedy;
        assert!(remedy.contains("no line is offered for"), "{principal}: {remedy}");
        assert!(remedies(&explanation).iter().all(|remedy| !remedy.contains("add the line")), "{explanation}");
    }
}

#[test]
fn audiences_that_everybody_has_are_not_offered_and_the_knob_is_named() {
    for (audience, knob) in [
        ("account", "audience mapper"),
        ("master-realm", "audience mapper"),
        ("https://kubernetes.default.svc", "`audience:`"),
        ("https://kubernetes.default.svc.cluster.local", "`audience:`"),
        ("sts.amazonaws.com", "`audience:`"),
        ("00000003-0000-0000-c000-000000000000", "an API of your own"),
        ("https://management.usgovcloudapi.net/", "an API of your own"),
        ("api://default", "authorization server"),
        ("https://idp.example", "request an ID token"),
        ("https://t.us.auth0.com/userinfo", "an API of your own"),
        ("https://github.com/octo-org", "request its ID token"),
    ] {
        for aud in [json!(audience), json!([audience]), json!([audience, "account"])] {
            for profile in ["hardened", "cockroachdb"] {
                let settings = set(&ordinary(), "engine.profile", profile);
                let explanation = explain(&settings, &proven(claims().set("aud", aud.clone())), "alice");
                let all = remedies(&explanation).join("\n");
                assert!(all.contains(knob), "{audience}: {all}");
                assert!(!all.contains("add `") && !all.contains("write the audience"), "{audience}: {all}");
            }
        }
    }
    let own_beside = proven(claims().set("aud", json!(["account", "db-2"])));
    let all = remedies(&explain(&ordinary(), &own_beside, "alice")).join("\n");
    assert!(all.contains("if tokens for `db-2` may log in here, add it to") && !all.contains("`account` may"), "{all}");
}

#[test]
fn other_tenants_realms_and_look_alikes_are_named() {
    let kc = "https://kc.example.com/realms/prod";
    let entra = "https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555/v2.0";
    for (configured, stated, word) in [
        (kc, "https://kc.example.com/realms/prep", "the realm"),
        (entra, "https://login.microsoftonline.com/11111112-2222-3333-4444-555555555555/v2.0", "the tenant"),
        (entra, "https://login.microsoftonline.us/11111111-2222-3333-4444-555555555555/v2.0", "a cloud"),
        ("https://dev-1.okta.com", "https://dev-2.okta.com", "a tenant"),
    ] {
        let settings = set(&ordinary(), ISSUERS, configured);
        let explanation = explain(&settings, &proven(claims().set("iss", stated)), "alice");
        let miss = explanation.advice.iter().find(|advice| advice.kind == AdviceKind::NearMiss).expect("a near miss");
        assert!(miss.message.contains(word) && miss.message.contains("two identity providers"), "{}", miss.message);
        for remedy in remedies(&explanation) {
            assert!(!remedy.contains(stated) || remedy.contains("request"), "{remedy}");
            assert!(!remedy.contains("write the issuer"), "{remedy}");
        }
    }
    let look_alike = unproven(claims().set("iss", "https://idp.exampIe"));
    let explanation = explain(&ordinary(), &look_alike, "alice");
    let text = explanation.to_string();
    assert!(text.contains("look alike: the token has U+0049 `I` where the settings have U+006C `l`"), "{text}");
    assert!(remedies(&explanation).iter().all(|remedy| !remedy.contains("exampIe")), "{text}");
}

/// The lines of the map belong to the issuer's name: a new name alone would let its bearers in under their own names.
#[test]
fn a_new_name_for_an_issuer_takes_the_map_s_lines_along() {
    let inside = "http://kc.sso.svc:8080/realms/corp";
    for outside in [
        "https://kc.example.com/realms/corp",
        "http://kc.sso.svc:8080/realms/corp/",
        "https://kc.sso.svc:8080/realms/corp",
    ] {
        let settings = set(&set(&ordinary(), ISSUERS, inside), MAP, &format!(r"{inside} /^([a-z.]+)$ ro_\1"));
        let explanation =
            explain(&settings, &proven(claims().set("iss", outside).set("sub", "dba_admin")), "dba_admin");
        let offer =
            remedies(&explanation).into_iter().find(|remedy| remedy.contains("write the issuer")).expect("an offer");
        assert!(offer.contains("and in the lines of the identity map"), "{offer}");
        assert!(!offer.contains("add the line"), "{offer}");
    }
}

#[test]
fn claims_that_name_nobody_are_not_offered() {
    let settings = set(&ordinary(), CLAIM, "uid");
    for name in ["nickname", "azp", "name", "scope", "client_id", "uid2", "Uid", "realm"] {
        let explanation = explain(&settings, &proven(claims().set(name, "alice").without("sub")), "alice");
        let all = remedies(&explanation).join("\n");
        assert!(!all.contains(&format!("to `{name}`")), "{name}: {all}");
        assert!(explanation.to_string().contains("it does not name the bearer"), "{explanation}");
    }
    for name in ["sub", "email", "preferred_username", "upn", "unique_name", "oid", "username", "cognito:username"] {
        let explanation = explain(&settings, &proven(claims().without("sub").set(name, "alice")), "alice");
        let all = remedies(&explanation).join("\n");
        assert!(all.contains(&format!("to `{name}`")), "{name}: {all}");
    }
    let unverified = claims().without("sub").set("email", "alice").set("email_verified", false);
    assert!(!remedies(&explain(&settings, &proven(unverified), "alice")).join("\n").contains("to `email`"));
}

/// Where `engine.issuers` gives an issuer its own value, the advice names that member and not the setting that holds for
/// the others.
#[test]
fn advice_names_the_setting_that_decided_and_its_member() {
    let member = |value: Value| {
        let mut settings = ordinary();
        settings.insert("engine.issuers".into(), json!({"https://idp.example": value}));
        settings
    };
    for (settings, token, named, other) in [
        (member(json!({"claim": "username"})), claims().set("preferred_username", "alice"), "claim", CLAIM),
        (member(json!({"claim": "prefered_username"})), claims().set("preferred_username", "alice"), "claim", CLAIM),
        (member(json!({"claim": "x"})), claims().set("x", 1.5), "claim", CLAIM),
        (member(json!({"claim": "email"})), claims().set("email", "a@x").set("email_verified", false), "claim", CLAIM),
        (member(json!({"audience": "db"})), claims().set("aud", "app"), "audience", AUDIENCE),
        (
            member(json!({"max_token_lifetime_seconds": 60})),
            claims(),
            "max_token_lifetime_seconds",
            "engine.max_token_lifetime_seconds",
        ),
    ] {
        for profile in ["hardened", "cockroachdb"] {
            let explanation = explain(&set(&settings, "engine.profile", profile), &proven(token.clone()), "alice");
            let changed = explanation
                .reason
                .iter()
                .flat_map(|reason| &reason.remedies)
                .filter(|remedy| remedy.change.is_some() && !remedy.message.starts_with("add the line"));
            for remedy in changed {
                let member = format!("`{named}` of `https://idp.example` in engine.issuers");
                assert!(remedy.message.contains(&member), "{}", remedy.message);
            }
            assert!(!explanation.to_string().contains(other), "{explanation}");
        }
    }
}

#[test]
fn private_members_of_keys_are_shown_nowhere() {
    const SECRET: &str = "c2VjcmV0LW9mLWEta2V5";
    let database = set(&ordinary(), "engine.profile", "cockroachdb");
    for member in ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"] {
        for kty in ["EC", "RSA", "OKP", "AKP", "oct"] {
            let jwk = json!({"kty": kty, "crv": "P-256", "x": "AA", "y": "AA", "n": "AA", "e": "AQAB", member: SECRET, "x5c": ["MII"]});
            let nested = json!({"keys": [jwk]});
            for name in ["jwk", "jwks", "cnf", "email", "crit", "sub", "aud", "exp", "typ", "kid", "x5c"] {
                for value in [
                    &jwk,
                    &nested,
                    &json!(jwk.to_string()),
                    &json!([jwk.to_string()]),
                    &json!({"jwk": {member: SECRET}}),
                ] {
                    let in_header =
                        Token::new(key("test-p256"), "k1", "ES256", claims()).header(|h| h.set(name, value.clone()));
                    let in_claims = proven(claims().set(name, value.clone()).set("email_verified", value.clone()));
                    for token in [in_header.text(), in_claims] {
                        for settings in [
                            ordinary(),
                            set(&ordinary(), CLAIM, "email"),
                            set(&database, CLAIM, "email"),
                            set(&database, MAP, r"https://idp.example /^(.*)$ \1"),
                            database.clone(),
                        ] {
                            let explanation = explain(&settings, &token, "alice");
                            let texts = [explanation.to_string(), explanation.to_json(), format!("{explanation:?}")];
                            assert!(
                                texts.iter().all(|text| !text.contains(SECRET)),
                                "{member} {name} {value}: {explanation}"
                            );
                        }
                        let decoded = sqljwt::dangerous::decode_unverified(&token).expect("a token");
                        assert!(!serde_json::to_string(&decoded).expect("JSON").contains(SECRET), "{member} {name}");
                    }
                }
            }
        }
    }
}

/// Tokens that no key of the ordinary login has signed, or not as they stand.
fn strangers() -> Vec<(&'static str, String)> {
    let other = |claims: Members| Token::new(key("test-p384"), "evil", "ES384", claims).text();
    vec![
        ("another provider", other(claims().set("iss", "https://login.evil.test/r"))),
        ("unknown key", other(claims())),
        ("look-alike", unproven(claims().set("iss", "https://idp.exampIe"))),
        ("closing slash", unproven(claims().set("iss", "https://idp.example/"))),
        ("audience and time", unproven(claims().set("aud", "other-app").set("exp", NOW - 200))),
        ("no name", unproven(claims().without("sub").set("email", "alice"))),
        ("another name", unproven(claims().set("sub", "/^.*$|^dba$"))),
    ]
}

fn ordinary() -> Map<String, Value> {
    let keys = jwks(&[key("test-p256").public("k1")]);
    settings(&keys).into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn set(settings: &Map<String, Value>, name: &str, value: &str) -> Map<String, Value> {
    let mut settings = settings.clone();
    settings.insert(name.into(), value.into());
    settings
}

fn proven(claims: Members) -> String {
    Token::new(key("test-p256"), "k1", "ES256", claims).text()
}

fn unproven(claims: Members) -> String {
    let token = proven(claims);
    format!("{}.{}", token.rsplit_once('.').expect("three parts").0, encode([0; 64]))
}

fn explain(settings: &Map<String, Value>, token: &str, user: &str) -> Explanation {
    Explanation::of(Settings::from_json(&Value::Object(settings.clone()).to_string()), token, user, NOW)
}

fn user(settings: &Map<String, Value>, token: &str, user: &str) -> Option<String> {
    explain(settings, token, user).login.map(|login| login.user)
}

/// Every remedy of an explanation.
fn remedies(explanation: &Explanation) -> Vec<String> {
    let tried = explanation.reason.iter().flat_map(|reason| &reason.remedies).map(|remedy| remedy.message.clone());
    let reason = explanation.reason.iter().map(|reason| reason.remedy.clone()).chain(tried);
    // Warnings about lines that are never used speak of the settings alone.
    let about_settings = |advice: &&Advice| advice.kind == AdviceKind::Warning && advice.check == Check::IdentityMap;
    let advice = explanation.advice.iter().filter(|advice| !about_settings(advice));
    reason.chain(advice.filter_map(|advice| advice.remedy.clone())).collect()
}
