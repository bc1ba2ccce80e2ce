//! Where does a fault stand, and what may be said of the value there? Settings that are wrong, near or secret, in every form.

use serde_json::{Value, json};
use sqljwt::{AdviceKind, Explanation, Position, Settings, Validator};
use sqljwt_conformance::mint::{self, Members};

const NOW: i64 = 1_800_000_000;
const ISSUER: &str = "https://idp.example";

/// A token that nobody has signed; what it says is judged all the same.
fn token(claims: &[(&str, Value)]) -> String {
    let claims = claims.iter().fold(Members::new(), |claims, (name, value)| claims.set(name, value.clone()));
    let header = json!({"alg": "ES256", "kid": "k"}).to_string();
    format!("{}.{}.{}", mint::encode(header), mint::encode(claims.to_string()), mint::encode([1; 64]))
}

fn ordinary() -> String {
    token(&[("iss", ISSUER.into()), ("aud", "db".into()), ("sub", "alice".into()), ("exp", (NOW + 60).into())])
}

fn explained(settings: &str, token: &str) -> Explanation {
    Explanation::of(Settings::from_text(settings), token, "alice", NOW)
}

/// Settings that are right but for what is given here, each on a line of its own.
fn settings(change: &[(&str, Value)]) -> String {
    let mut members = serde_json::Map::new();
    members.insert("server.jwt_authentication.enabled".into(), true.into());
    members.insert("server.jwt_authentication.issuers".into(), ISSUER.into());
    members.insert("server.jwt_authentication.audience".into(), "db".into());
    members.extend(change.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
    let lines: Vec<_> = members.iter().map(|(name, value)| format!("{}: {value}", json!(name))).collect();
    format!("{{\n{}\n}}", lines.join(",\n"))
}

/// The place of the first of these texts.
fn place(document: &str, text: &str) -> Position {
    let offset = document.find(text).unwrap_or_else(|| panic!("{text} in {document}"));
    let before = &document[..offset];
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    Position { line: line as u32, column: column as u32 }
}

#[test]
fn the_timeline_names_the_place_of_every_fault_of_the_settings() {
    let set = |name: &str, value: &str| format!("-- one line\nSET CLUSTER SETTING {name} = {value};\n");
    for (code, document, part) in [
        ("settings_invalid", set("server.jwt_authentication.audience", "‘x-y’"), "-y"),
        ("setting_unknown", set("server.jwt_authentication.audiense", "'x'"), "server.jwt"),
        ("setting_wrong_type", set("server.jwt_authentication.enabled", "'often'"), "often"),
        ("issuers_invalid", set("server.jwt_authentication.issuers", "'[\"a\", 1]'"), "1]"),
        ("audience_invalid", settings(&[("server.jwt_authentication.audience", json!(["a", 1]))]), "1]"),
        ("claim_setting_invalid", set("server.jwt_authentication.claim", "'/a//b'"), "/b"),
        ("jwks_invalid", settings(&[("server.jwt_authentication.jwks", "{".into())]), "\"\n}"),
        ("identity_map_invalid", set("server.identity_map.configuration", "'a b'"), "a b"),
        ("profile_unknown", set("engine.profile", "'soft'"), "soft"),
    ] {
        let explanation = explained(&document, &ordinary());
        let reason = explanation.reason.as_ref().expect("the settings cannot be used");
        assert_eq!(reason.code.as_str(), code, "{document}");
        let position = reason.position.unwrap_or_else(|| panic!("{code} has no place"));
        assert_eq!(position, place(&document, part), "{code}: {document}");
        let stated = format!("  at settings:{}:{}", position.line, position.column);
        assert!(explanation.to_string().contains(&stated), "{code}: {explanation}");
        assert!(explanation.redacted().to_string().contains(&stated), "{code}");
    }
}

#[test]
fn unusable_settings_do_not_hide_the_token() {
    for document in ["hello".to_owned(), settings(&[("server.jwt_authentication.jwks", "{".into())]), "{".to_owned()] {
        let unusable = explained(&document, &ordinary());
        let usable = explained(&settings(&[]), &ordinary());
        assert!(unusable.token.is_some(), "{document}");
        let view = |explanation: &Explanation| serde_json::to_string(&explanation.token).expect("a view");
        assert_eq!(view(&unusable), view(&usable), "{document}");
        assert!(unusable.redacted().token.is_none());
        assert!(explained(&document, "no token").token.is_none());
    }
}

#[test]
fn a_near_miss_points_at_the_element_that_nearly_fits() {
    let audience = "server.jwt_authentication.audience";
    let issuers = "server.jwt_authentication.issuers";
    let list = |elements: &[&str]| json!(elements);
    for (document, part) in [
        (settings(&[(audience, list(&["aaaa", "bbbb", "db "]))]), "\"db \""),
        (settings(&[(audience, json!("[\"aaaa\", \"db \"]"))]), "\\\"db \\\""),
        (
            settings(&[(issuers, list(&["https://a.example", "https://idp.example/"])), (audience, "db".into())]),
            "\"https://idp.example/\"",
        ),
        (
            settings(&[(
                issuers,
                json!({"issuer_jwks_map": {"https://a.example": "https://a.example/k",
            "https://idp.example/": "https://a.example/k"}}),
            )]),
            "\"https://idp.example/\"",
        ),
        (settings(&[("engine.issuers", json!({ISSUER: {"audience": ["aaaa", "db "]}}))]), "\"db \""),
        (
            format!(
                "SET CLUSTER SETTING server.jwt_authentication.enabled = on;\nSET CLUSTER SETTING {issuers} = '{ISSUER}';\n\
                  SET CLUSTER SETTING {audience} = '[\"it''s\",\n \"db \"]';"
            ),
            "\"db \"",
        ),
        (
            format!(
                "variable,value\nserver.jwt_authentication.enabled,true\n{issuers},{ISSUER}\n{audience},\"[\"\"a\"\",\"\"db \"\"]\"\n"
            ),
            "\"\"db \"\"",
        ),
    ] {
        let explanation = explained(&document, &ordinary());
        let near_miss = explanation.advice.iter().find(|advice| advice.kind == AdviceKind::NearMiss);
        let near_miss = near_miss.unwrap_or_else(|| panic!("{document}: {explanation}"));
        assert_eq!(near_miss.position, Some(place(&document, part)), "{document}: {}", near_miss.message);
    }
}

#[test]
fn a_key_of_one_issuer_that_cannot_be_used_is_found_where_it_stands() {
    let document = settings(&[("engine.issuer_keys", json!({ISSUER: {"keys": [{"kid": "w", "kty": "EC"}]}}))]);
    let explanation = explained(&document, &ordinary());
    let warning = explanation.advice.iter().find(|advice| advice.message.contains("cannot be used"));
    assert_eq!(warning.and_then(|advice| advice.position), Some(place(&document, "{\"kid\"")));
}

#[test]
fn a_secret_in_the_wrong_setting_is_named_and_never_quoted() {
    const MARK: &str = "c2VjcmV0";
    let mut secrets = vec![
        format!("-----BEGIN PRIVATE KEY-----\n{MARK}\n-----END PRIVATE KEY-----"),
        format!("  -----BEGIN RSA PRIVATE KEY-----\n{MARK}\n-----END RSA PRIVATE KEY-----\n"),
    ];
    for member in ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"] {
        secrets.push(json!({"kty": "oct", member: MARK}).to_string());
        secrets.push(json!({"keys": [{member: [MARK]}]}).to_string());
    }
    let names = [
        "server.jwt_authentication.enabled",
        "server.jwt_authentication.issuers",
        "server.jwt_authentication.audience",
        "server.jwt_authentication.claim",
        "server.identity_map.configuration",
        "server.jwt_authentication.client.timeout",
        "server.jwt_authentication.issuers.custom_ca",
        "server.jwt_authentication.group_claim",
        "server.jwt_authentication.userinfo_group_key",
        "server.jwt_authentication.jwks",
        "security.provisioning.jwt.enabled",
        "engine.profile",
        "engine.leeway_seconds",
        "engine.max_token_bytes",
        "engine.required_claims",
        "engine.issuer_keys",
        "engine.issuers",
        "engine.unheard_of",
    ];
    let mut asked = 0;
    for secret in &secrets {
        let json_value: Value = serde_json::from_str(secret).unwrap_or_else(|_| secret.clone().into());
        let quoted = secret.replace('\'', "''");
        for name in names {
            let in_engine = |inner: Value| json!({ISSUER: inner});
            let documents = [
                settings(&[(name, secret.clone().into())]),
                settings(&[(name, json!([secret]))]),
                settings(&[(name, json_value.clone())]),
                settings(&[(name, in_engine(json!({"claim": secret, "audience": [secret]})))]),
                settings(&[(name, in_engine(secret.clone().into()))]),
                format!("SET CLUSTER SETTING {name} = '{quoted}';"),
                format!("SET CLUSTER SETTING {name} '{quoted}';"),
                format!("variable,value\n{name},\"{}\"\n", secret.replace('"', "\"\"")),
                settings(&[(secret, true.into())]),
            ];
            for document in documents {
                for profile in ["hardened", "cockroachdb"] {
                    let document = if document.starts_with("{\n") && name != "engine.profile" {
                        document.replacen("{\n", &format!("{{\n\"engine.profile\": \"{profile}\",\n"), 1)
                    } else {
                        document.clone()
                    };
                    let explanation = explained(&document, &ordinary());
                    for text in [explanation.to_json(), explanation.to_string()] {
                        assert!(!text.contains(MARK), "{document}\n{text}");
                    }
                    asked += 1;
                }
            }
        }
    }
    assert!(asked > 5000, "{asked}");
    let profile = explained(&settings(&[("engine.profile", secrets[2].clone().into())]), "");
    assert!(profile.reason.is_some_and(|reason| reason.message.contains("private key")));
    let claim = explained(&settings(&[("server.jwt_authentication.claim", format!("//{}", secrets[0]).into())]), "");
    assert!(claim.to_string().contains("private key"), "{claim}");
}

fn warnings(document: &str) -> Vec<(String, Option<&'static str>, Option<Position>)> {
    let validator = Settings::from_text(document).and_then(|settings| Validator::new(&settings));
    let explanation = validator.unwrap_or_else(|error| panic!("{error}: {document}")).explain(ordinary(), "alice", NOW);
    let told = explanation.advice.iter().filter(|advice| advice.kind == AdviceKind::Warning && advice.code.is_none());
    // The token is nobody's, which is said first.
    let told = told.filter(|advice| !advice.message.contains("nobody has proven this token"));
    told.map(|advice| (advice.message.clone(), advice.setting, advice.position)).collect()
}

#[test]
fn a_name_that_is_nearly_ours_is_told_where_it_is_passed_over() {
    let claim = "server.jwt_authentication.claim";
    for (name, meant) in [
        ("server.server.jwt_authentication.claim", Some(claim)),
        ("server.jwt_auth.claim", Some(claim)),
        ("jwt_authentication.claim", Some(claim)),
        ("server.jwt.audience", Some("server.jwt_authentication.audience")),
        ("identity_map.configuration", Some("server.identity_map.configuration")),
        ("server.oidc_authentication.claim_json_key", None),
        ("sql.defaults.distsql", None),
    ] {
        let sql = format!("SELECT 1;\n SET CLUSTER SETTING {name} = 'x';");
        let show = format!("variable,value\n{name},x\n");
        for document in [sql, show] {
            let told = warnings(&document);
            let Some(meant) = meant else {
                assert!(told.is_empty(), "{document}: {told:?}");
                continue;
            };
            let [(message, setting, position)] = told.as_slice() else { panic!("{document}: {told:?}") };
            assert!(message.contains(&format!("`{name}`")), "{message}");
            assert_eq!((*setting, *position), (Some(meant), Some(place(&document, name))), "{document}");
            assert!(Settings::from_text(&document).is_ok_and(|settings| settings.ignored().contains(&name.to_owned())));
        }
    }
}

#[test]
fn a_placeholder_that_was_left_in_is_named_where_it_stands() {
    for placeholder in
        ["${AUDIENCE}", "<Azure_Tenant_Id>", "{{ x }}", "$VAR", "%VAR%", "YOUR_CLIENT_HERE", "{tenantid}"]
    {
        for name in ["server.jwt_authentication.issuers", "server.jwt_authentication.audience"] {
            for value in [json!(format!("https://a/{placeholder}/v2.0")), json!(["x", format!("a:{placeholder}")])] {
                let document = settings(&[(name, value)]);
                let told = warnings(&document);
                let [(message, setting, position)] = told.as_slice() else { panic!("{document}: {told:?}") };
                assert!(message.contains(placeholder), "{document}: {message}");
                assert_eq!((*setting, *position), (Some(name), Some(place(&document, placeholder))), "{document}");
            }
        }
    }
    assert_eq!(warnings(&settings(&[])), []);
}
