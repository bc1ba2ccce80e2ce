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
