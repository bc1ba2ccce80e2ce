//! Is it said that the database lets a refused token in exactly where it does?
//!
//! The vectors of the database's own behaviour say where it does. The others were refused by the engine's rules in every
//! profile without anybody noting what the database decides: there the reason has to be one that the table explains.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use sqljwt::{Decision::Accept, Explanation, Settings, Validator};
use sqljwt_conformance::{
    Decision, Vector,
    mint::{Members, key},
    ordinary::{NOW, jwks, settings, token},
    vectors,
};

/// Logins that the database lets in without its being said, and why that cannot be judged.
const NOT_JUDGED: &[(&[&str], &str)] = &[
    (&["crdb-l-9-0", "crdb-l-9-222"], "a salt of another length, which no backend verifies"),
    (&["crdb-l-20-es256", "crdb-l-21-es512"], "a hash that is not the curve's, which no backend verifies"),
    (&["crdb-l-23-hs256", "crdb-l-23-hs512"], "a shared secret, with which nothing is verified here"),
    (&["crdb-l-38-depth-32", "crdb-l-38-depth-9000"], "JSON that is nested too deeply to be read here"),
];

/// What is refused in every profile although the database lets it in, by the reason.
const FLOOR: &[(&str, &str)] = &[
    ("token_malformed", "white space around a token is taken off"),
    ("token_bad_base64", "line ends, padding, the other alphabet and the last bits count for nothing"),
    ("payload_invalid", "what stands behind the claims is not read"),
    ("payload_duplicate_member", "the last of two members counts"),
    ("header_duplicate_member", "the last of two members counts"),
    ("header_invalid", "a token need not name an algorithm"),
    ("alg_not_allowed", "the key's own `alg` decides"),
    ("key_alg_mismatch", "the key's own `alg` decides"),
    ("crit_unsupported", "the member is ignored"),
    ("zip_unsupported", "the member is ignored"),
    ("cty_nested", "the member is ignored"),
    ("typ_not_allowed", "the member is ignored"),
    ("key_weak", "RSA keys verify from 1024 bits on"),
    ("key_invalid", "a coordinate is a number, without zeros in front"),
    ("key_not_for_verify", "the member `key_ops` is ignored"),
    ("key_issuer_mismatch", "a key's member `issuer` is ignored"),
    ("cnf_unsupported", "the claim is ignored"),
    ("jwks_invalid", "the public half of a private key is taken"),
];

#[test]
fn the_vectors_of_the_database_are_judged_as_it_judges_them() {
    let mut wrong = Vec::new();
    let (mut said, mut excused) = (0, BTreeSet::new());
    for vector in refused().filter(|vector| vector.file.starts_with("cockroachdb_")) {
        let (accepts, warning) = judged(&vector, &vector.settings);
        said += u32::from(accepts);
        if accepts == vector.row.database.is_some() {
            continue;
        }
        match NOT_JUDGED.iter().flat_map(|(ids, _)| *ids).find(|id| **id == vector.row.id) {
            Some(id) if !accepts => drop(excused.insert(id)),
            _ => wrong.push(format!("{}: {} {accepts} {warning:?}", vector.row.id, vector.row.about)),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(excused.len(), NOT_JUDGED.iter().map(|(ids, _)| ids.len()).sum::<usize>(), "{excused:?}");
    assert!(said > 50, "{said}");
}

#[test]
fn every_other_vector_that_the_database_lets_in_is_explained() {
    let mut wrong = Vec::new();
    let mut reasons = BTreeSet::new();
    for vector in refused().filter(|vector| !vector.file.starts_with("cockroachdb_")) {
        let (accepts, warning) = judged(&vector, &vector.settings);
        assert_eq!(accepts, warning.is_some(), "{}", vector.row.id);
        let by_its_profile = accepted_by_its_profile(&vector);
        let code = vector.expect.code.clone().unwrap_or_default();
        let floor = FLOOR.iter().find(|(reason, _)| *reason == code);
        match (accepts, by_its_profile, floor) {
            (true, false, Some((reason, _))) => drop(reasons.insert(*reason)),
            (true, false, None) => wrong.push(format!("{} ({code}): {warning:?}", vector.row.id)),
            // What the profile lets in, the database does, unless nobody knows what was meant by the settings.
            (false, true, _) if is_usable(&vector) => wrong.push(format!("{} ({code}): unsaid", vector.row.id)),
            _ => {}
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let idle: Vec<_> = FLOOR.iter().filter(|(reason, _)| !reasons.contains(reason)).collect();
    assert!(idle.is_empty(), "reasons that no vector has: {idle:?}");
}

/// Whatever else the database tolerates, a signature that does not verify keeps everybody out.
#[test]
fn no_forged_token_is_said_to_be_let_in() {
    let mut forged = 0;
    for vector in refused() {
        let (accepts, _) = judged(&vector, &vector.settings);
        let Some((input, signature)) = vector.row.token.trim().rsplit_once('.').filter(|_| accepts) else { continue };
        let first = if signature.starts_with('A') { "B" } else { "A" };
        let mut other = vector.clone();
        other.row.token = format!("{input}.{first}{}", &signature[1..]);
        assert_eq!(judged(&other, &other.settings), (false, None), "{}", vector.row.id);
        forged += 1;
    }
    assert!(forged > 150, "{forged}");
}

#[test]
fn every_cause_is_named_and_none_beside_it() {
    let signed = || token(key("test-p256"), "ES256");
    let crit = |header: Members| header.raw("crit", "[\"x\"]");
    for (text, causes) in [
        (signed().header(crit).text(), &["ignores the header member `crit`"][..]),
        (
            signed().header(crit).claims(|claims| claims.without("exp").set("email_verified", false)).text(),
            &["`crit`", "without `exp`"],
        ),
        (format!("{}== ", signed().header(crit).text()), &["white space", "padded base64", "`crit`"]),
        (signed().claims(|claims| claims.set("cnf", json!({}))).text(), &["bound to a key"]),
    ] {
        let document = explain(&validator(&Map::new()), &text);
        assert_eq!(document["server_decision"], "accept", "{document}");
        let warning = warning(&document).expect("a warning");
        assert!(causes.iter().all(|cause| warning.contains(cause)), "{warning}");
        assert_eq!(warning.matches(", ").count(), 1.max(causes.len() - 1), "{warning}");
        assert!(warning.ends_with(", and lets this token in"), "{warning}");
    }
}

/// A key's own `alg` decides, whatever the token names; without one the token's has to be possible.
#[test]
fn the_database_goes_by_the_key() {
    for (stated, named, accepts) in [
        (Some("RS256"), Some("\"HS256\""), true),
        (Some("RS256"), Some("\"none\""), true),
        (Some("RS256"), Some("\"RS512\""), true),
        (Some("RS256"), Some("\"ES256\""), true),
        (Some("RS256"), Some("\"\""), true),
        (Some("RS256"), Some("null"), true),
        (Some("RS256"), None, true),
        (Some("RS256"), Some("1"), false),
        (Some("RS512"), Some("\"none\""), false),
        (None, None, true),
        (None, Some("null"), true),
        (None, Some("\"\""), true),
        (None, Some("\"HS256\""), false),
        (None, Some("\"none\""), false),
        (None, Some("\"RS512\""), false),
    ] {
        let public = key("test-rsa-1").public("k1");
        let public = stated.map_or(public.clone(), |stated| public.set("alg", stated));
        let change = Map::from_iter([("server.jwt_authentication.jwks".to_owned(), jwks(&[public]).into())]);
        let renamed = |header: Members| {
            let header = header.without("alg");
            named.map_or(header.clone(), |named| header.raw("alg", named))
        };
        let signed = token(key("test-rsa-1"), "RS256").header(renamed);
        let document = explain(&validator(&change), &signed.text());
        assert_eq!(document["server_decision"] == "accept", accepts, "{stated:?} {named:?} {document}");
        let said = warning(&document).is_some_and(|warning| warning.contains("whatever algorithm the token names"));
        assert_eq!(said, accepts, "{stated:?} {named:?} {document}");
        let unsigned = signed.text_with(|_, _| Vec::new());
        assert!(explain(&validator(&change), &unsigned)["server_decision"].is_null(), "{stated:?} {named:?}");
    }
}

#[test]
fn nothing_is_said_where_the_database_refuses_too_or_nobody_knows() {
    let crit = || token(key("test-p256"), "ES256").header(|header| header.raw("crit", "[\"x\"]"));
    let set = |name: &str, value: Value| Map::from_iter([(name.to_owned(), value)]);
    let none = Map::new;
    for (change, text, user) in [
        (none(), crit().claims(|claims| claims.set("exp", NOW)).text(), "alice"),
        (none(), crit().claims(|claims| claims.set("aud", "other")).text(), "alice"),
        (none(), crit().claims(|claims| claims.set("iss", "https://other")).text(), "alice"),
        (none(), crit().header(|header| header.set("kid", "k2")).text(), "alice"),
        (none(), crit().header(|header| header.raw("b64", "false")).text(), "alice"),
        (none(), crit().text() + "AAAA", "alice"),
        (none(), crit().text(), "bob"),
        (none(), crit().text(), ""),
        (set("server.jwt_authentication.enabled", false.into()), crit().text(), "alice"),
        (set("server.jwt_authentication.jwks_auto_fetch.enabled", true.into()), crit().text(), "alice"),
        (set("server.jwt_authentication.claim", "email".into()), crit().text(), "alice"),
        (set("server.jwt_authentication.authorization.enabled", true.into()), crit().text(), "alice"),
        (set("server.identity_map.configuration", "https://idp.example bob bob".into()), crit().text(), "alice"),
    ] {
        for profile in ["hardened", "cockroachdb"] {
            let mut change = change.clone();
            change.insert("engine.profile".into(), profile.into());
            let document = explain_as(&validator(&change), &text, user);
            let said = (document["server_decision"].is_null(), warning(&document));
            let empty_is_alice = user.is_empty() && change.len() == 1;
            assert_eq!(said.0, !empty_is_alice, "{change:?} {document}");
            assert_eq!(said.1.is_none(), !empty_is_alice, "{change:?} {document}");
        }
    }
}

/// The database does not know the engine's options: what they refuse it lets in, and what they let in counts for nothing.
#[test]
fn the_engine_s_options_are_none_of_the_database_s() {
    let plain = token(key("test-p256"), "ES256").text();
    let option = |value: Value| Map::from_iter([("engine.required_claims".to_owned(), value)]);
    let document = explain(&validator(&option(json!(["amr"]))), &plain);
    assert_eq!(document["server_decision"], "accept", "{document}");
    assert!(warning(&document).expect("a warning").contains("does not know `engine.required_claims`"), "{document}");
    // Keys of the issuer's own verify the token here; the database has none of that name.
    let own = json!({"https://idp.example": serde_json::from_str::<Value>(&jwks(&[key("test-p256").public("k1")])).expect("keys")});
    let change = Map::from_iter([
        ("server.jwt_authentication.jwks".to_owned(), json!({"keys": []})),
        ("engine.issuer_keys".to_owned(), own),
    ]);
    let text = token(key("test-p256"), "ES256").header(|header| header.raw("crit", "[\"x\"]")).text();
    let document = explain(&validator(&change), &text);
    assert!(document["server_decision"].is_null(), "{document}");
}

/// Settings that only `hardened` refuses are no reason for the database to refuse the token.
#[test]
fn settings_that_are_fine_by_the_database_are_judged_and_broken_ones_are_not() {
    let plain = token(key("test-p256"), "ES256").text();
    for (name, value, accepts) in [
        ("server.identity_map.configuration", json!("https://idp.example /ali alice"), true),
        ("server.identity_map.configuration", json!("https://idp.example /( alice"), false),
        ("server.identity_map.configuration", json!("https://idp.example /bob alice"), false),
        ("server.jwt_authentication.enabled", json!("often"), false),
        ("server.jwt_authentication.issuer", json!("https://idp.example"), false),
        ("engine.leeway_seconds", json!(-1), false),
    ] {
        let mut settings = ordinary_settings();
        settings.insert(name.into(), value);
        let settings = Settings::from_text(&Value::Object(settings).to_string());
        let explanation = Explanation::of(settings, &plain, "alice", NOW);
        assert_eq!(explanation.server_decision, accepts.then_some(Accept), "{name} {}", explanation.to_json());
        let document = serde_json::from_str(&explanation.to_json()).expect("a document");
        assert_eq!(warning(&document).is_some(), accepts, "{document}");
    }
}

/// The decision stays the profile's, and no login comes of what is only foretold.
#[test]
fn what_is_said_of_the_database_lets_nobody_in() {
    let text = token(key("test-p256"), "ES256").header(|header| header.raw("crit", "[\"x\"]")).text();
    for profile in ["hardened", "cockroachdb"] {
        let validator = validator(&Map::from_iter([("engine.profile".to_owned(), profile.into())]));
        let document = explain(&validator, &text);
        assert_eq!(document["server_decision"], "accept");
        assert_eq!((&document["decision"], &document["login"]), (&"reject".into(), &Value::Null));
        assert!(validator.validate(&text, "alice", NOW).is_err());
    }
}

fn refused() -> impl Iterator<Item = Vector> {
    vectors().into_iter().filter(|vector| vector.expect.decision == Decision::Reject)
}

/// Whether it is said that the database lets the login in, and the warning.
fn judged(vector: &Vector, settings: &str) -> (bool, Option<String>) {
    let row = &vector.row;
    let explanation = Explanation::of(Settings::from_text(settings), &row.token, &row.user, row.now);
    let document = serde_json::from_str(&explanation.to_json()).expect("a document");
    (explanation.server_decision == Some(Accept), warning(&document))
}

/// Whether the database's profile accepts the login, without the engine's options.
fn accepted_by_its_profile(vector: &Vector) -> bool {
    let Ok(Value::Object(mut settings)) = serde_json::from_str(&vector.settings) else { return false };
    settings.retain(|name, _| !name.starts_with("engine."));
    settings.insert("engine.profile".into(), "cockroachdb".into());
    let settings = Settings::from_text(&Value::Object(settings).to_string());
    let validator = settings.and_then(|settings| Validator::new(&settings));
    validator.is_ok_and(|validator| validator.validate(&vector.row.token, &vector.row.user, vector.row.now).is_ok())
}

fn is_usable(vector: &Vector) -> bool {
    Validator::from_text(&vector.settings).is_ok()
}

fn ordinary_settings() -> Map<String, Value> {
    let settings = settings(&jwks(&[key("test-p256").public("k1")]));
    settings.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn validator(change: &Map<String, Value>) -> Validator {
    let mut settings = ordinary_settings();
    settings.extend(change.clone());
    Validator::from_text(&Value::Object(settings).to_string()).expect("usable settings")
}

fn explain(validator: &Validator, text: &str) -> Value {
    explain_as(validator, text, "alice")
}

fn explain_as(validator: &Validator, text: &str, user: &str) -> Value {
    serde_json::from_str(&validator.explain(text, user, NOW).to_json()).expect("a document")
}

/// The one warning that speaks of the database.
fn warning(document: &Value) -> Option<String> {
    let messages = document["advice"].as_array().expect("advice").iter().map(|advice| advice["message"].as_str());
    let mut about = messages.flatten().filter(|message| message.starts_with("CockroachDB itself"));
    let warning = about.next().map(str::to_owned);
    assert!(about.next().is_none(), "{document}");
    warning
}
