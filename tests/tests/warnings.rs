//! What does an explanation add to a login that is accepted? Warnings about its roles, and names newer than the database.

use serde_json::Value;
use sqljwt::{Explanation, Settings};
use sqljwt_conformance::{
    mint::key,
    ordinary::{NOW, jwks, settings, token},
};

/// The advice of a kind for Alice's login, as messages; the login has to be accepted.
fn advice(kind: &str, settings: Vec<(&str, Value)>, token: &str) -> Vec<String> {
    let settings: serde_json::Map<_, _> = settings.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    let text = Value::Object(settings).to_string();
    let explanation = Explanation::of(Settings::from_text(&text), token, "alice", NOW);
    let document: Value = serde_json::from_str(&explanation.to_json()).expect("a document");
    assert_eq!(document["decision"], "accept", "{document}");
    let advice = document["advice"].as_array().expect("advice").iter().filter(|advice| advice["kind"] == kind);
    advice.map(|advice| advice["message"].as_str().expect("a message").to_owned()).collect()
}

/// The warnings about a login whose token has these groups, as JSON.
fn warnings(groups: &str, profile: &str) -> Vec<String> {
    let mut settings = settings(&jwks(&[key("test-p256").public("k1")])).to_vec();
    settings.push(("server.jwt_authentication.authorization.enabled", true.into()));
    settings.push(("engine.profile", profile.into()));
    let token = token(key("test-p256"), "ES256").claims(|claims| claims.raw("groups", groups)).text();
    advice("warning", settings, &token)
}

const ADMIN: &str = "makes the user an administrator";
const RESERVED: &str = "a name that the database keeps for itself";
const NO_ROLE: &str = "can be no SQL role";
const NONE_LEFT: &str = "every membership of the user is revoked";
const OBJECT_ID: &str = "looks like an object id";
const CHANGED: &str = "of the groups ";

#[test]
fn roles_that_cannot_be_or_that_grant_too_much_are_warned_of() {
    let long = format!(r#"["{}","readers"]"#, "a".repeat(64));
    for (groups, expected) in [
        (r#"["readers","app_writers","x.y-z"]"#, &[][..]),
        (r#"["admin","readers"]"#, &[ADMIN]),
        (r#""readers, admin""#, &[ADMIN]),
        (r#"["ADMIN"]"#, &[ADMIN]),
        (r#"["ADM\u0130N","readers"]"#, &[ADMIN, CHANGED]),
        (r#"["adm\u0131n"]"#, &[ADMIN, CHANGED]),
        (r#"["admins"]"#, &[]),
        (r#"["root","readers"]"#, &[RESERVED]),
        (r#"["node"]"#, &[RESERVED]),
        (r#"["PG_monitor","crdb_internal_x","public","none"]"#, &[RESERVED]),
        (r#"["App Readers"]"#, &[NO_ROLE, NONE_LEFT]),
        (r#"["App Readers","readers"]"#, &[NO_ROLE]),
        (r#"["/app/readers","readers"]"#, &[NO_ROLE]),
        (r#""cn=readers,dc=example""#, &[NO_ROLE, NONE_LEFT]),
        (r#"["CN=Readers,DC=example"]"#, &[NO_ROLE, NONE_LEFT]),
        (r#"["org:readers","readers"]"#, &[NO_ROLE]),
        (r#"["-readers","readers"]"#, &[NO_ROLE]),
        (r#"[null,17,"readers"]"#, &[NO_ROLE]),
        (long.as_str(), &[NO_ROLE]),
        (r#"["6f9619ff-8b86-d011-b42d-00cf4fc964ff"]"#, &[OBJECT_ID]),
        (r#"["6F9619FF-8B86-D011-B42D-00CF4FC964FF","readers"]"#, &[OBJECT_ID]),
        (r#"["6f9619ff-8b86-d011-b42d","readers"]"#, &[]),
        (r#"["Readers","readers"]"#, &[CHANGED]),
        (r#""Readers,READERS""#, &[CHANGED]),
        (r#"["readers","readers"," readers "]"#, &[]),
        (r#"["\u212aeepers"]"#, &[CHANGED]),
        (r#"["re\u0301gie"]"#, &[CHANGED]),
    ] {
        for profile in ["hardened", "cockroachdb"] {
            let told = warnings(groups, profile);
            assert_eq!(told.len(), expected.len(), "{groups} {told:?}");
            for (told, expected) in told.iter().zip(expected) {
                assert!(told.contains(expected), "{groups}: `{told}` does not say `{expected}`");
            }
        }
    }
}

#[test]
fn a_warning_about_many_groups_names_a_few_on_one_line() {
    let many = |name: fn(usize) -> String| {
        let groups: Vec<_> = (0..900).map(|number| Value::from(name(number))).collect();
        warnings(&Value::from(groups).to_string(), "hardened")
    };
    for told in [many(|number| format!("Group {number}\u{202e}\n")), many(|number| format!("\u{212a}{number}"))] {
        assert!(!told.is_empty());
        for warning in told {
            assert!(warning.len() < 500 && !warning.contains(['\n', '\u{202e}']), "{warning:?}");
        }
    }
}

#[test]
fn the_name_ed25519_is_a_near_miss_where_the_database_would_refuse_it() {
    for (jwk_alg, header, told) in [
        (None, "EdDSA", false),
        (None, "Ed25519", true),
        (Some("EdDSA"), "EdDSA", false),
        (Some("EdDSA"), "Ed25519", false),
        (Some("Ed25519"), "EdDSA", true),
        (Some("Ed25519"), "Ed25519", true),
    ] {
        let jwk = key("test-ed25519").public("k1");
        let jwk = jwk_alg.map_or_else(|| jwk.clone(), |alg| jwk.clone().set("alg", alg));
        let token = token(key("test-ed25519"), header).text();
        let near_misses = advice("near_miss", settings(&jwks(&[jwk])).to_vec(), &token);
        assert_eq!(near_misses.len(), usize::from(told), "{jwk_alg:?} {header}: {near_misses:?}");
        assert!(near_misses.iter().all(|message| message.contains("`EdDSA` alone")), "{near_misses:?}");
    }
}

/// A login of Alice's that is accepted, with changes to the settings and to the claims.
fn told(changes: &[(&'static str, Value)], claims: &[(&str, Value)], profile: &str) -> Vec<String> {
    let mut settings = settings(&jwks(&[key("test-p256").public("k1")])).to_vec();
    settings.push(("engine.profile", profile.into()));
    for (name, value) in changes {
        settings.retain(|(present, _)| present != name);
        settings.push((name, value.clone()));
    }
    let token = token(key("test-p256"), "ES256")
        .claims(|start| claims.iter().fold(start, |claims, (name, value)| claims.set(name, value.clone())));
    advice("warning", settings, &token.text())
}

const ISSUERS: &str = "server.jwt_authentication.issuers";
const AUDIENCE: &str = "server.jwt_authentication.audience";
const CLAIM: &str = "server.jwt_authentication.claim";
const MAP: &str = "server.identity_map.configuration";

#[test]
fn what_an_accepted_login_lets_in_beside_itself_is_warned_of() {
    let map = |issuer: &str, principal: &str, pattern: &str| {
        let settings = vec![(MAP, Value::from(format!("{issuer} {pattern} alice"))), (ISSUERS, issuer.into())];
        (settings, vec![("iss", Value::from(issuer)), ("sub", Value::from(principal))])
    };
    let github = "https://token.actions.githubusercontent.com";
    let google = "https://accounts.google.com";
    let entra = "https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555/v2.0";
    let idp = "https://idp.example";
    for ((settings, claims), word) in [
        ((vec![(AUDIENCE, "account".into())], vec![("aud", "account".into())]), "the accepted audience `account`"),
        ((vec![(AUDIENCE, "sts.amazonaws.com".into())], vec![("aud", "sts.amazonaws.com".into())]), "a service of AWS"),
        ((vec![], vec![("exp", (NOW + 10 * 366 * 86_400).into())]), "lives for 10 years"),
        ((vec![(CLAIM, "email".into())], vec![("email", "alice".into())]), "no `email_verified`"),
        ((vec![(CLAIM, "nickname".into())], vec![("nickname", "alice".into())]), "people choose it themselves"),
        (
            (vec![(CLAIM, "azp".into())], vec![("azp", "alice".into()), ("sub", "somebody".into())]),
            "it names the application",
        ),
        (
            (
                vec![(ISSUERS, entra.into()), (CLAIM, "upn".into())],
                vec![("iss", entra.into()), ("upn", "alice".into())],
            ),
            "mutable",
        ),
        ((vec![(ISSUERS, vec![idp, "https://b.example"].into())], vec![]), "2 issuers share one key set"),
        (map(idp, "anybody", "/^.*$"), "line 1 of the identity map takes any value at all"),
        (map(idp, "a@evil.example", "/^[a-z]+@.*$"), "addresses of any domain"),
        (map(google, "a@evil.example", "/^[a-z]+@.*$"), "anybody with a Google account"),
        (map(google, "a@gmail.com", r"/^[a-z]+@gmail\.com$"), "anybody can have one"),
        (map(idp, "a@example.com", "/^[a-z]+@example.com$"), "the dot in `example.com`"),
        (map(github, "repo:o/r:ref:refs/heads/main", "/^repo:o/.*$"), "`pull_request` runs too"),
        (map(github, "repo:o/r:pull_request", "repo:o/r:pull_request"), "any pull request bears it"),
        (map("https://gitlab.com", "project_path:g/p:ref_type:branch:ref:main", "/^project_path:.*$"), "every project"),
    ] {
        for profile in ["hardened", "cockroachdb"] {
            let told = told(&settings, &claims, profile);
            assert!(told.iter().any(|told| told.contains(word)), "{word}: {told:?}");
        }
    }
    let unanchored = told(&[(MAP, "https://idp.example /[a-z]+ alice".into())], &[], "cockroachdb");
    assert!(unanchored.iter().any(|told| told.contains("not anchored")), "{unanchored:?}");
}

#[test]
fn ordinary_settings_are_not_warned_of() {
    let kc = "https://kc.example.com/realms/corp";
    for (settings, claims) in [
        (vec![], vec![]),
        (vec![], vec![("aud", vec!["account", "db-login"].into())]),
        (vec![(CLAIM, "email".into())], vec![("email", "alice".into()), ("email_verified", true.into())]),
        (vec![(CLAIM, "email".into())], vec![("email", "alice".into()), ("email_verified", "true".into())]),
        (
            vec![(ISSUERS, kc.into()), (CLAIM, "preferred_username".into())],
            vec![("iss", kc.into()), ("preferred_username", "alice".into())],
        ),
        (vec![(MAP, r"https://idp.example /^(.*)@example\.com$ \1".into())], vec![("sub", "alice@example.com".into())]),
        (vec![(MAP, r"https://idp.example /^([a-z]+)$ \1".into())], vec![]),
        (vec![], vec![("exp", (NOW + 366 * 86_400).into())]),
        (vec![(CLAIM, "client_id".into())], vec![("client_id", "alice".into()), ("sub", "alice".into())]),
    ] {
        for profile in ["hardened", "cockroachdb"] {
            assert_eq!(told(&settings, &claims, profile), [""; 0], "{settings:?} {claims:?}");
        }
    }
}

/// The samples are set up as the providers' documentation has it. Entra's names are for people to read, and the sample
/// that goes by them is told so.
#[test]
fn the_good_samples_raise_no_false_alarm() {
    let list: Vec<Value> =
        serde_json::from_str(&sqljwt_conformance::pinned::read("tests/samples/logins.json")).expect("the samples");
    let mut accepted = 0;
    for login in list {
        let text = |name: &str| login[name].as_str().expect("a text");
        let settings = sqljwt_conformance::pinned::read(&format!("tests/samples/{}", text("settings")));
        let now = login["now"].as_i64().expect("a time");
        let explanation = Explanation::of(Settings::from_text(&settings), text("token"), text("user"), now);
        if explanation.login.is_none() {
            continue;
        }
        accepted += 1;
        let warned: Vec<_> = explanation.advice.iter().map(|advice| advice.message.as_str()).collect();
        let mutable = warned.iter().filter(|warned| warned.contains("in Entra it is mutable")).count();
        assert_eq!(warned.len(), usize::from(text("settings").contains("entra")), "{}: {warned:?}", text("title"));
        assert_eq!(mutable, warned.len(), "{warned:?}");
    }
    assert!(accepted >= 3, "{accepted} samples are accepted");
}

/// The vectors that are set up as a provider's documentation has it deserve no more than what is known of that provider: an
/// audience that it gives everybody, a name that may change, an address that it does not call verified.
#[test]
fn providers_good_logins_are_warned_of_what_is_known_of_them_alone() {
    const PROVIDERS: [&str; 8] = ["google-", "azure-", "okta-", "auth0-", "keycloak-", "github-", "gitlab-", "eks-"];
    const KNOWN: [&str; 3] = ["the accepted audience", "in Entra it is mutable", "no `email_verified`"];
    let mut accepted = 0;
    for vector in sqljwt_conformance::vectors() {
        if !PROVIDERS.iter().any(|provider| vector.row.id.starts_with(provider)) {
            continue;
        }
        let Ok(settings) = Settings::from_json(&vector.settings) else { continue };
        let Ok(validator) = sqljwt::Validator::new(&settings) else { continue };
        let explanation = validator.explain(&vector.row.token, &vector.row.user, vector.row.now);
        if explanation.login.is_none() {
            continue;
        }
        accepted += 1;
        for advice in explanation.advice.iter().filter(|advice| advice.kind == sqljwt::AdviceKind::Warning) {
            let known = KNOWN.iter().any(|known| advice.message.contains(known));
            assert!(known, "{}: {}", vector.row.id, advice.message);
        }
    }
    assert!(accepted >= 15, "{accepted} are accepted");
}

const HBA: &str = "server.host_based_authentication.configuration";

/// What host-based authentication says to a login of Alice's.
fn hba(text: &str) -> Vec<String> {
    let mut settings = settings(&jwks(&[key("test-p256").public("k1")])).to_vec();
    settings.push((HBA, text.into()));
    let all = advice("warning", settings, &token(key("test-p256"), "ES256").text());
    all.into_iter().filter(|message| message.contains("host-based")).collect()
}

#[test]
fn host_based_authentication_is_said_not_to_stop_a_token_and_to_let_in_without_one() {
    const STOPS_NOTHING: &str = "rejects `alice`, and that does not stop this login";
    const ONLY_WAY: &str = "a token is the only way in for `alice`: line 1 ";
    const PASSWORD: &str = "lets `alice` in by `cert-password`, without a token";
    for (text, expected) in [
        ("", &[][..]),
        ("# nothing", &[]),
        ("host all bob all reject\nlocal all bob trust", &[]),
        ("host all all all cert-password", &[PASSWORD]),
        ("host all all all trust", &["lets `alice` in by `trust`, without any proof"]),
        ("host all alice all reject\nlocal all alice reject\nhost all all all cert-password", &[ONLY_WAY]),
        ("host all Alice 10.0.0.0/8 reject\nhost all all all cert-password", &[STOPS_NOTHING, PASSWORD]),
        ("host all all all oauth", &[]),
        ("host all all all", &["line 1 of host-based authentication has no method"]),
    ] {
        let warnings = hba(text);
        assert_eq!(warnings.len(), expected.len(), "{text}: {warnings:?}");
        for (warning, expected) in warnings.iter().zip(expected) {
            assert!(warning.contains(expected), "{text}: {warning}");
        }
    }
}
