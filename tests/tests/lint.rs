//! Does lint find what is wrong with issuers, audiences, claims, keys, groups and options, does it mend it, and is it silent
//! about settings that are right?

use std::{collections::BTreeSet, fs, time::Instant};

use serde_json::{Map, Value, json};
use sqljwt::{
    Settings,
    advisor::{LintDocument, LintFinding, Rule, Severity, lint},
};
use sqljwt_conformance::{
    mint::{Members, key},
    vectors,
};

const ISSUER: &str = "https://idp.example";
const PROFILES: [&str; 2] = ["hardened", "cockroachdb"];

/// The settings by short names.
const NAMES: [(&str, &str); 14] = [
    ("enabled", "server.jwt_authentication.enabled"),
    ("issuers", "server.jwt_authentication.issuers"),
    ("audience", "server.jwt_authentication.audience"),
    ("jwks", "server.jwt_authentication.jwks"),
    ("fetch", "server.jwt_authentication.jwks_auto_fetch.enabled"),
    ("claim", "server.jwt_authentication.claim"),
    ("map", "server.identity_map.configuration"),
    ("ca", "server.jwt_authentication.issuers.custom_ca"),
    ("timeout", "server.jwt_authentication.client.timeout"),
    ("authorization", "server.jwt_authentication.authorization.enabled"),
    ("group_claim", "server.jwt_authentication.group_claim"),
    ("userinfo_group_key", "server.jwt_authentication.userinfo_group_key"),
    ("provisioning", "security.provisioning.jwt.enabled"),
    ("hba", "server.host_based_authentication.configuration"),
];

/// Settings of one issuer, whose keys are fetched, with these members instead; null leaves one out.
fn document(profile: &str, changed: &Value) -> String {
    let mut settings = Map::new();
    settings.insert("engine.profile".into(), profile.into());
    let ordinary = json!({
        "enabled": true, "issuers": ISSUER, "audience": "db-login", "fetch": true,
        "map": "https://idp.example alice@example.com alice",
    });
    let members = [&ordinary, changed].into_iter().flat_map(|members| members.as_object().expect("an object"));
    for (name, value) in members {
        let full = NAMES.iter().find(|(short, _)| short == name).map_or(&**name, |(_, full)| full);
        match value {
            Value::Null => drop(settings.remove(full)),
            _ => drop(settings.insert(full.into(), value.clone())),
        }
    }
    Value::from(settings).to_string()
}

fn found(document: &str) -> LintDocument {
    lint(Settings::from_text(document).as_ref())
}

fn rules(found: &LintDocument) -> BTreeSet<Rule> {
    found.findings.iter().map(|finding| finding.rule).collect()
}

fn rsa(kid: &str) -> Members {
    key("test-rsa-1").public(kid).set("alg", "RS256")
}

fn set(keys: &[String]) -> String {
    format!("{{\"keys\": [{}]}}", keys.join(", "))
}

/// Static keys of the one issuer.
fn keys(keys: &[String]) -> Value {
    json!({"fetch": false, "jwks": set(keys)})
}

fn key_beside(other: &str) -> Value {
    keys(&[rsa("k1").to_string(), other.to_string()])
}

#[allow(clippy::needless_pass_by_value, reason = "the table reads better without references")]
fn with(one: Value, other: Value) -> Value {
    let mut all = one.as_object().expect("an object").clone();
    all.extend(other.as_object().expect("an object").clone());
    all.into()
}

fn issuers(issuers: impl Into<Value>) -> Value {
    json!({"issuers": issuers.into()})
}

fn audience(audience: impl Into<Value>) -> Value {
    json!({"audience": audience.into()})
}

fn claim(claim: &str) -> Value {
    json!({"claim": claim})
}

fn mapped(issuer: &str) -> Value {
    json!({"issuers": issuer, "map": format!("{issuer} x@example.com x")})
}

const CA: &str = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";

/// No key: it only looks like one.
const PRIVATE: &str = "-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n";

/// For each rule settings that break it, and the nearest ones that do not. Each holds under both profiles, unless it names one.
#[allow(clippy::too_many_lines, reason = "a table")]
fn cases() -> Vec<(Rule, Value, Value)> {
    let one = rsa("k1").to_string();
    let private = rsa("k2").set("d", "c2VjcmV0").to_string();
    let short = key("test-rsa-1024").public("weak").set("alg", "RS256").to_string();
    let p256 = key("test-p256").public("ec").to_string();
    let two = key("test-rsa-2").public("k2").set("alg", "RS256").to_string();
    let entra = "https://login.microsoftonline.com/8e3b8b6b-1b2c-4a3e-9c5f-0123456789ab/v2.0";
    let entra_old = "https://sts.windows.net/8e3b8b6b-1b2c-4a3e-9c5f-0123456789ab/";
    let shared = "{\"kty\": \"oct\", \"kid\": \"s\", \"k\": \"c2VjcmV0c2VjcmV0\"}";
    let unknown = "{\"kty\": \"AKP\", \"kid\": \"pq\", \"alg\": \"ML-DSA-44\", \"pub\": \"AAAA\"}";
    let hardened = json!({"engine.profile": "hardened"});
    let cockroachdb = json!({"engine.profile": "cockroachdb"});
    vec![
        (
            Rule::IssuersMisread,
            issuers("https://a.example,https://b.example"),
            issuers(json!(["https://a.example", "https://b.example"])),
        ),
        (Rule::IssuersMisread, issuers("[\"https://a.example\",]"), issuers("[\"https://a.example\"]")),
        (Rule::IssuersMisread, issuers("'https://a.example'"), issuers("https://a.example")),
        (Rule::IssuersMisread, issuers("\u{feff}https://a.example"), issuers("https://a.example")),
        (Rule::IssuersMisread, issuers("https://a.example\u{200b}/x"), issuers("https://a.example/x")),
        (Rule::IssuersMisread, issuers(json!(["https://a.example "])), issuers(json!(["https://a.example"]))),
        (Rule::IssuersMisread, issuers("\"[\\\"https://a.example\\\"]\""), issuers("[\"https://a.example\"]")),
        (
            Rule::IssuersMisread,
            issuers(json!(["https://a.example,https://b.example", ISSUER])),
            issuers(json!(["issuer 1", ISSUER])),
        ),
        (
            Rule::IssuersMisread,
            with(cockroachdb.clone(), issuers("{\"issuers\": [\"https://a.example\"]}")),
            with(
                cockroachdb.clone(),
                issuers("{\"ISSUER_JWKS_MAP\": {\"https://a.example\": \"https://a.example/k\"}}"),
            ),
        ),
        (
            Rule::IssuersEmpty,
            with(cockroachdb.clone(), issuers(json!([ISSUER, null]))),
            with(cockroachdb.clone(), issuers(json!([ISSUER]))),
        ),
        (
            Rule::AudienceEmpty,
            with(cockroachdb.clone(), audience(json!(["a", null]))),
            with(cockroachdb.clone(), audience(json!(["a"]))),
        ),
        (Rule::KeyPrivate, json!({"ca": format!("{CA}{PRIVATE}")}), json!({"ca": CA})),
        (Rule::KeyPrivate, json!({"fetch": false, "jwks": PRIVATE}), json!({"fetch": false, "jwks": CA})),
        (
            Rule::KeyUnknownType,
            keys(&[one.clone(), shared.into(), unknown.into(), two.clone()]),
            keys(&[one.clone(), shared.into()]),
        ),
        (Rule::IssuersEmpty, issuers("null"), issuers("nobody")),
        (Rule::IssuersSpelling, mapped("https://t.us.auth0.com"), mapped("https://t.us.auth0.com/")),
        (Rule::IssuersSpelling, mapped("https://accounts.google.com/"), mapped("https://accounts.example.com/")),
        (Rule::IssuersSpelling, issuers(entra_old.trim_end_matches('/')), issuers(entra_old)),
        (
            Rule::IssuersTrailingText,
            issuers("[\"https://a.example\"] [\"b\"]"),
            issuers("[\"https://a.example\", \"b\"]"),
        ),
        (Rule::IssuersTrailingText, issuers("[]x"), issuers("[\"x\"]")),
        (
            Rule::IssuersTrailingText,
            issuers("{\"issuer_jwks_map\":{\"https://a.example\":\"https://a.example/k\"}} x"),
            issuers("{\"issuer_jwks_map\":{\"https://a.example\":\"https://a.example/k\"}} "),
        ),
        (Rule::IssuersEmpty, json!({"issuers": null}), json!({"issuers": null, "enabled": false})),
        (Rule::IssuersEmpty, issuers("[]"), issuers(json!([ISSUER]))),
        (Rule::IssuersEmpty, issuers(json!([ISSUER, ""])), issuers(json!([ISSUER]))),
        (
            Rule::IssuersEndpoint,
            issuers("https://a.example/.well-known/openid-configuration"),
            issuers("https://a.example/well-known"),
        ),
        (
            Rule::IssuersEndpoint,
            issuers("https://kc.example/realms/r/protocol/openid-connect/token"),
            issuers("https://kc.example/realms/r"),
        ),
        (
            Rule::IssuersEndpoint,
            issuers("https://d.okta.com/oauth2/default/v1/keys"),
            issuers("https://git.example/_services/token"),
        ),
        (Rule::IssuersTemplate, mapped("https://login.microsoftonline.com/common/v2.0"), mapped(entra)),
        (Rule::IssuersTemplate, mapped("https://sts.windows.net/{tenantid}/"), mapped(entra_old)),
        (
            Rule::IssuersHttp,
            json!({"issuers": {"issuer_jwks_map": {"http://a.example": "https://a.example/k"}}}),
            json!({"issuers": {"issuer_jwks_map": {"http://localhost:8080": "http://localhost:8080/k"}}}),
        ),
        (
            Rule::IssuersHttp,
            with(keys(std::slice::from_ref(&one)), issuers("http://a.example/adf")),
            with(keys(std::slice::from_ref(&one)), issuers("http://a.example/adfs/services/trust")),
        ),
        (
            Rule::IssuersWorldWide,
            json!({"issuers": "https://accounts.google.com", "map": null}),
            mapped("https://accounts.google.com"),
        ),
        (
            Rule::IssuersWorldWide,
            issuers("https://token.actions.githubusercontent.com"),
            issuers("https://actions.example"),
        ),
        (Rule::IssuersWorldWide, issuers("https://gitlab.com"), issuers("https://gitlab.example")),
        (
            Rule::IssuersWorldWide,
            issuers("https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0"),
            issuers(entra),
        ),
        (
            Rule::IssuersNearMiss,
            issuers(json!([ISSUER, "https://idp.example/"])),
            issuers(json!([ISSUER, "https://idp.example/x"])),
        ),
        (Rule::IssuersNearMiss, issuers(json!([ISSUER, "https://IDP.example"])), issuers(json!([entra, entra_old]))),
        (Rule::IssuersNotAddress, issuers(entra.trim_start_matches("https://")), issuers(entra)),
        (Rule::IssuersNotAddress, issuers("t.us.auth0.com/"), issuers("accounts.google.com")),
        (Rule::IssuersEntraVersion, issuers(entra), issuers(json!([entra, entra_old]))),
        (Rule::IssuersEntraVersion, issuers(entra_old), issuers("https://login.microsoftonline.example/t/v2.0")),
        (
            Rule::IssuersDuplicate,
            issuers(json!([ISSUER, "https://b.example", ISSUER])),
            issuers(json!([ISSUER, "https://b.example"])),
        ),
        (Rule::AudienceMisread, audience("a, b"), audience(json!(["a", "b"]))),
        (Rule::AudienceMisread, audience("['a']"), audience("a")),
        (Rule::AudienceMisread, audience("db-login "), audience("db login")),
        (Rule::AudienceMisread, audience("[\"a\"] x"), audience("[\"a\"]")),
        (Rule::AudienceMisread, audience("db\u{ad}login"), audience("db-login")),
        (
            Rule::AudienceMisread,
            json!({"engine.issuers": {ISSUER: {"audience": "a,b"}}}),
            json!({"engine.issuers": {ISSUER: {"audience": ["a", "b"]}}}),
        ),
        (
            Rule::AudienceMisread,
            json!({"engine.issuers": {ISSUER: {"audience": ["a", "b "]}}}),
            json!({"engine.issuers": {ISSUER: {"audience": ["a", "b"]}}}),
        ),
        (Rule::AudienceEmpty, json!({"audience": null}), json!({"audience": null, "enabled": false})),
        (Rule::AudienceEmpty, audience(json!(["a", ""])), audience(json!(["a"]))),
        (Rule::AudienceEmpty, audience("[]"), audience("a")),
        (Rule::AudienceShared, audience("account"), audience("accounts")),
        (Rule::AudienceShared, audience(json!(["db", "https://graph.microsoft.com"])), audience(json!(["db"]))),
        (
            Rule::AudienceShared,
            json!({"engine.issuers": {ISSUER: {"audience": "api://default"}}}),
            json!({"engine.issuers": {ISSUER: {"audience": "api://db"}}}),
        ),
        (Rule::AudienceIsIssuer, audience(ISSUER), audience("https://db.example")),
        (Rule::AudienceIsIssuer, audience(json!(["db", "https://idp.example/"])), audience(json!(["db"]))),
        (
            Rule::AudienceEntraForm,
            json!({"issuers": entra, "audience": "api://6e74172b-be56-4843-9ff4-e66a39bb12e3"}),
            json!({"issuers": entra_old, "audience": "api://6e74172b-be56-4843-9ff4-e66a39bb12e3"}),
        ),
        (
            Rule::AudienceEntraForm,
            json!({"issuers": entra, "audience": "api://db"}),
            json!({"issuers": entra, "audience": ["api://db", "6e74172b-be56-4843-9ff4-e66a39bb12e3"]}),
        ),
        (
            Rule::AudienceNearMiss,
            audience(json!(["https://db.example", "https://db.example/"])),
            audience(json!(["https://db.example", "https://db.example/x"])),
        ),
        (Rule::AudienceChosen, mapped("https://accounts.google.com"), mapped("https://idp.example")),
        (Rule::AudienceDuplicate, audience(json!(["a", "a"])), audience(json!(["a", "b"]))),
        (Rule::ClaimPointer, claim("realm_access.roles"), claim("/realm_access/roles")),
        (Rule::ClaimPointer, claim("$.email_address"), claim("email_address")),
        (Rule::ClaimPointer, claim("/a~2b"), claim("/a~1b")),
        (Rule::ClaimPointer, claim("/a//b"), claim("/a/b")),
        (
            Rule::ClaimPointer,
            claim("kubernetes.io/serviceaccount/uid"),
            claim("kubernetes.io/serviceaccount/service-account.uid"),
        ),
        (
            Rule::ClaimPointer,
            json!({"engine.issuers": {ISSUER: {"claim": "user_metadata.sql"}}}),
            json!({"engine.issuers": {ISSUER: {"claim": "/user_metadata/sql"}}}),
        ),
        (Rule::ClaimNobody, claim("name"), claim("sub")),
        (Rule::ClaimNobody, claim("/kubernetes.io/serviceaccount/name"), claim("/kubernetes.io/serviceaccount/uid")),
        (Rule::ClaimGroups, claim("groups"), claim("oid")),
        (Rule::ClaimGroups, claim("/realm_access/roles"), claim("/realm_access/owner")),
        (Rule::ClaimMutable, with(mapped(entra), claim("upn")), with(mapped(entra), claim("oid"))),
        (Rule::ClaimMutable, claim("preferred_username"), claim("username")),
        (Rule::ClaimEmailUnverified, claim("email"), claim("mail")),
        (
            Rule::ClaimEmailUnverified,
            with(hardened.clone(), claim("/email")),
            with(hardened.clone(), json!({"claim": "email", "engine.required_claims": ["email_verified"]})),
        ),
        (Rule::ClaimPath, claim("custom.user"), claim("custom_user")),
        (Rule::ClaimPath, claim("a/b"), claim("https://app.example/b")),
        (Rule::KeysNone, json!({"fetch": false}), json!({"fetch": true})),
        (
            Rule::KeysNone,
            with(keys(std::slice::from_ref(&one)), json!({"engine.issuer_keys": {ISSUER: {"keys": []}}})),
            keys(std::slice::from_ref(&one)),
        ),
        (Rule::KeyPrivate, key_beside(&private), key_beside(&two)),
        (
            Rule::KeyPrivate,
            json!({"jwks": set(std::slice::from_ref(&private))}),
            json!({"jwks": set(std::slice::from_ref(&two))}),
        ),
        (
            Rule::KeyPrivate,
            json!({"engine.issuer_keys": {ISSUER: {"keys": [serde_json::from_str::<Value>(&private).expect("JSON")]}}}),
            json!({"engine.issuer_keys": {ISSUER: {"keys": [serde_json::from_str::<Value>(&two).expect("JSON")]}}}),
        ),
        (
            Rule::KeySymmetric,
            key_beside("{\"kty\": \"oct\", \"kid\": \"s\", \"k\": \"c2VjcmV0c2VjcmV0\"}"),
            key_beside(&two),
        ),
        (
            Rule::KeyUnknownType,
            key_beside("{\"kty\": \"AKP\", \"kid\": \"pq\", \"alg\": \"ML-DSA-44\", \"pub\": \"AAAA\"}"),
            key_beside(&two),
        ),
        (Rule::KeyWeak, key_beside(&short), key_beside(&two)),
        (Rule::KeyWithoutId, key_beside(&p256.replace("\"kid\":\"ec\",", "")), key_beside(&p256)),
        (Rule::KeyIdDuplicate, key_beside(&two.replace("\"k2\"", "\"k1\"")), key_beside(&two)),
        (Rule::KeyIdDuplicate, key_beside(&one), key_beside(&two)),
        (Rule::KeyUnusable, key_beside(&two.replace("\"AQAB\"", "\"AQAA\"")), key_beside(&two)),
        (Rule::KeyUnusable, key_beside(&two.replace("\"RSA\"", "\"rsa\"")), key_beside(&two)),
        (
            Rule::KeysShared,
            with(keys(std::slice::from_ref(&one)), issuers(json!([ISSUER, "https://b.example"]))),
            keys(std::slice::from_ref(&one)),
        ),
        (Rule::KeysBesideFetch, json!({"jwks": set(std::slice::from_ref(&one))}), json!({"jwks": set(&[])})),
        (Rule::KeysStatic, keys(std::slice::from_ref(&one)), json!({})),
        (
            Rule::KeyWithoutAlgorithm,
            keys(&[key("test-rsa-1").public("k1").to_string()]),
            keys(&[one.clone(), p256.clone()]),
        ),
        (
            Rule::KeyEncryptionOnly,
            key_beside(&key("test-rsa-2").public("k2").set("use", "enc").to_string()),
            key_beside(&key("test-rsa-2").public("k2").set("use", "sig").to_string()),
        ),
        (
            Rule::KeyEncryptionOnly,
            key_beside(&key("test-rsa-2").public("k2").set("alg", "RSA-OAEP").to_string()),
            key_beside(&two),
        ),
        (Rule::KeySameTwice, key_beside(&one.replace("\"k1\"", "\"k2\"")), key_beside(&two)),
        (Rule::FetchNowhere, issuers("issuer1"), issuers("https://issuer1")),
        (
            Rule::FetchNowhere,
            with(hardened.clone(), issuers("http://a.example")),
            with(hardened.clone(), json!({"issuers": "http://a.example", "engine.fetch_over_http": true})),
        ),
        (
            Rule::FetchHttp,
            with(hardened.clone(), json!({"issuers": "http://a.example", "engine.fetch_over_http": true})),
            with(hardened.clone(), json!({"issuers": "https://a.example", "engine.fetch_over_http": true})),
        ),
        (
            Rule::FetchHttp,
            with(
                cockroachdb.clone(),
                json!({"issuers": {"issuer_jwks_map": {"https://a.example": "http://a.example/k"}}}),
            ),
            with(
                cockroachdb.clone(),
                json!({"issuers": {"issuer_jwks_map": {"https://a.example": "http://127.0.0.1/k"}}}),
            ),
        ),
        (
            Rule::FetchAddressOther,
            json!({"issuers": {"issuer_jwks_map": {"https://accounts.google.com": "https://www.googleapis.com/oauth2/v1/certs"}}}),
            json!({"issuers": {"issuer_jwks_map": {"https://accounts.google.com": "https://www.googleapis.com/oauth2/v3/certs"}}}),
        ),
        (Rule::FetchTimeoutShort, json!({"timeout": "1ms"}), json!({"timeout": "1s"})),
        (Rule::FetchTimeoutLong, json!({"timeout": "61s"}), json!({"timeout": "60s"})),
        (Rule::FetchTimeoutLong, json!({"timeout": "0s"}), json!({"timeout": "15s"})),
        (
            Rule::FetchAddressUnused,
            with(
                keys(std::slice::from_ref(&one)),
                json!({"issuers": {"issuer_jwks_map": {ISSUER: "https://idp.example/k"}}}),
            ),
            json!({"issuers": {"issuer_jwks_map": {ISSUER: "https://idp.example/k"}}}),
        ),
        (Rule::FetchCaUnused, with(keys(std::slice::from_ref(&one)), json!({"ca": CA})), json!({"ca": CA})),
        (
            Rule::LeewayLarge,
            with(hardened.clone(), json!({"engine.leeway_seconds": 61})),
            with(hardened.clone(), json!({"engine.leeway_seconds": 60})),
        ),
        (
            Rule::LeewayIgnored,
            with(cockroachdb.clone(), json!({"engine.leeway_seconds": 5})),
            with(cockroachdb.clone(), json!({"engine.leeway_seconds": 0})),
        ),
        (
            Rule::LifetimeLong,
            json!({"engine.max_token_lifetime_seconds": 86_401}),
            json!({"engine.max_token_lifetime_seconds": 86_400}),
        ),
        (
            Rule::LifetimeLong,
            json!({"engine.issuers": {ISSUER: {"max_token_lifetime_seconds": 31_536_000}}}),
            json!({"engine.issuers": {ISSUER: {"max_token_lifetime_seconds": 3600}}}),
        ),
        (Rule::LifetimeUnlimited, hardened.clone(), with(hardened, json!({"engine.max_token_lifetime_seconds": 3600}))),
        (Rule::TokenSizeSmall, json!({"engine.max_token_bytes": 2047}), json!({"engine.max_token_bytes": 2048})),
        (
            Rule::UserNamesOtherHost,
            json!({"engine.user_names": "postgresql", "authorization": true}),
            json!({"authorization": true}),
        ),
        (
            Rule::UserNamesOtherHost,
            json!({"engine.user_names": "mysql", "hba": "host all all all cert"}),
            json!({"engine.user_names": "mysql"}),
        ),
        (
            Rule::ReservedUserNever,
            json!({"engine.reserved_users": ["root"]}),
            json!({"engine.reserved_users": ["ops"]}),
        ),
        (
            Rule::ReservedUserNever,
            json!({"engine.reserved_users": ["ops", "a b"]}),
            json!({"engine.reserved_users": ["ops", "OPS2"]}),
        ),
        (Rule::LoginsDisabled, json!({"enabled": false}), json!({"enabled": false, "issuers": null, "audience": null})),
        (
            Rule::GroupClaimPointer,
            json!({"authorization": true, "group_claim": "/realm_access/roles"}),
            json!({"authorization": true, "group_claim": "roles"}),
        ),
        (
            Rule::GroupClaimPointer,
            json!({"authorization": true, "group_claim": "groups,roles"}),
            json!({"authorization": true, "group_claim": "groups"}),
        ),
        (
            Rule::GroupClaimPointer,
            json!({"authorization": true, "userinfo_group_key": "realm_access.roles"}),
            json!({"authorization": true, "userinfo_group_key": "app.roles"}),
        ),
        (
            Rule::GroupAdmin,
            json!({"authorization": true}),
            json!({"authorization": true, "engine.group_prefix": "sql-"}),
        ),
        (
            Rule::GroupAdmin,
            json!({"authorization": true, "engine.group_prefix": ""}),
            json!({"authorization": true, "engine.group_allow": ["analysts"]}),
        ),
        (
            Rule::GroupAllowNever,
            json!({"authorization": true, "engine.group_prefix": "sql-", "engine.group_allow": ["sql-analysts"]}),
            json!({"authorization": true, "engine.group_prefix": "sql-", "engine.group_allow": ["analysts"]}),
        ),
        (
            Rule::GroupAllowNever,
            json!({"authorization": true, "engine.group_allow": []}),
            json!({"authorization": true, "engine.group_allow": ["a"]}),
        ),
        (
            Rule::GroupOptionsUnused,
            json!({"group_claim": "roles"}),
            json!({"group_claim": "roles", "authorization": true}),
        ),
        (Rule::GroupOptionsUnused, json!({"engine.group_allow": ["a"]}), json!({})),
        (Rule::ProvisioningWide, json!({"provisioning": true, "map": null}), json!({"provisioning": true})),
        (
            Rule::ProvisioningWide,
            with(mapped("https://accounts.google.com"), json!({"provisioning": true})),
            mapped("https://accounts.google.com"),
        ),
        (
            Rule::ProvisioningNever,
            with(mapped("https://idp.example:8443/x"), json!({"provisioning": true})),
            with(mapped("https://idp.example/x"), json!({"provisioning": true})),
        ),
        (Rule::HbaUnreadable, json!({"hba": "hots all all all cert"}), json!({"hba": "host all all all cert"})),
        (Rule::HbaTrust, json!({"hba": "local all all trust"}), json!({"hba": "local all all cert"})),
        (Rule::HbaIgnored, json!({"hba": "host all alice all reject"}), json!({"hba": "host all alice all cert"})),
        (Rule::SettingPlaceholder, audience("${AUDIENCE}"), audience("AUDIENCE")),
        (Rule::SettingUnusable, json!({"timeout": "soon"}), json!({"timeout": "15s"})),
    ]
}

fn profiles(settings: &Value) -> Vec<&str> {
    settings.get("engine.profile").and_then(Value::as_str).map_or(PROFILES.to_vec(), |profile| vec![profile])
}

#[test]
fn each_rule_is_found_where_it_is_broken_and_nowhere_else() {
    for (rule, broken, kept) in cases() {
        for profile in profiles(&broken) {
            let found_broken = rules(&found(&document(profile, &broken)));
            assert!(found_broken.contains(&rule), "{rule:?} {profile} {broken}: {found_broken:?}");
            let found_kept = found(&document(profile, &kept));
            assert!(!rules(&found_kept).contains(&rule), "{rule:?} {profile} {kept}: {found_kept:?}");
        }
    }
}

#[test]
fn a_name_that_is_nearly_a_setting_s_is_found_in_statements() {
    let found_in = |name: &str| rules(&found(&format!("SET CLUSTER SETTING {name} = 'x';")));
    assert!(found_in("sever.jwt_authentication.audience").contains(&Rule::SettingMisspelt));
    assert!(!found_in("server.jwt_authentication.audience").contains(&Rule::SettingMisspelt));
}

/// Rules about the map are tried in `lint_map.rs`.
#[test]
fn every_rule_is_tried() {
    let mut tried: BTreeSet<Rule> = cases().into_iter().map(|(rule, ..)| rule).collect();
    tried.insert(Rule::SettingMisspelt);
    let others = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/lint_map.rs")).unwrap_or_default();
    let untried: Vec<Rule> =
        Rule::all().filter(|rule| !tried.contains(rule) && !others.contains(&format!("Rule::{rule:?}"))).collect();
    assert!(untried.is_empty(), "{untried:?}");
}

/// The errors of a document, but for those of a rule.
fn errors(document: &LintDocument) -> BTreeSet<(Rule, Option<&'static str>)> {
    let errors = document.findings.iter().filter(|finding| finding.severity == Severity::Error);
    errors.map(|finding| (finding.rule, finding.setting)).collect()
}

#[test]
fn what_a_change_mends_is_gone_and_nothing_worse_comes() {
    let mut mended = BTreeSet::new();
    for (rule, broken, _) in cases() {
        for profile in profiles(&broken) {
            let text = document(profile, &broken);
            let Ok(settings) = Settings::from_text(&text) else { continue };
            let before = found(&text);
            let same = |finding: &&LintFinding| finding.rule == rule;
            for finding in before.findings.iter().filter(same) {
                let Some(change) = &finding.change else { continue };
                let after = settings.with(&change.edits).expect("the change can be made");
                let after = lint(Ok(&after));
                let is_there =
                    after.findings.iter().any(|other| other.rule == rule && other.message == finding.message);
                assert!(!is_there, "{rule:?} {profile} {broken}: {after:?}");
                let new: Vec<_> = errors(&after).difference(&errors(&before)).copied().collect();
                assert!(new.is_empty(), "{rule:?} {profile} {broken}: {new:?}");
                mended.insert(rule);
            }
        }
    }
    assert!(mended.len() >= 25, "{mended:?}");
}

/// Settings that are right, by what they are for.
fn right() -> Vec<(&'static str, String)> {
    let one = |issuer: &str, audience: &str, claim: &str, map: &str| {
        json!({
            "server.jwt_authentication.enabled": true,
            "server.jwt_authentication.issuers": issuer,
            "server.jwt_authentication.audience": audience,
            "server.jwt_authentication.claim": claim,
            "server.jwt_authentication.jwks_auto_fetch.enabled": true,
            "server.identity_map.configuration": map,
        })
        .to_string()
    };
    let eks = "https://oidc.eks.us-west-2.amazonaws.com/id/8EBD00BAE5C0FFEE";
    let github = "https://token.actions.githubusercontent.com";
    let keycloak = "https://kc.example.com/realms/r";
    let vm = "https://sts.windows.net/8e3b8b6b-1b2c-4a3e-9c5f-0123456789ab/";
    let mut all = vec![
        ("Okta", one("https://dev-1234.okta.com/oauth2/default", "db-login", "", "https://dev-1234.okta.com/oauth2/default /^([a-z0-9_.]+)@example\\.com$ \\1\nhttps://dev-1234.okta.com/oauth2/default 0oa1b2c3d4 billing")),
        ("Okta, organization", one("https://dev-1234.okta.com", "0oa9z8y7x6", "email", "https://dev-1234.okta.com /^([a-z0-9_.]+)@example\\.com$ \\1")),
        ("Google service accounts", one("https://accounts.google.com", "https://db.example.com", "email", "https://accounts.google.com /^([a-z0-9-]+)@proj-1234\\.iam\\.gserviceaccount\\.com$ \\1")),
        ("Google service account", one("https://accounts.google.com", "https://db.example.com", "sub", "https://accounts.google.com 112179062720391305885 billing")),
        ("Azure managed identity", one(vm, "api://7c9e6679-7425-40de-944b-e07fc1f90ae7", "oid", &format!("{vm} 3f2504e0-4f89-11d3-9a0c-0305e82c3301 billing"))),
        ("EKS", one(eks, "db-login", "", &format!("{eks} /^system:serviceaccount:prod:([a-z0-9.-]+)$ prod_\\1"))),
        ("EKS, by uid", one(eks, "db-login", "/kubernetes.io/serviceaccount/uid", &format!("{eks} 3f2504e0-4f89-11d3-9a0c-0305e82c3301 billing"))),
        ("Kubernetes", {
            let cluster = "https://kubernetes.default.svc.cluster.local";
            json!({
                "server.jwt_authentication.enabled": true,
                "server.jwt_authentication.issuers": {"issuer_jwks_map": {cluster: "https://api.cluster.example:6443/openid/v1/jwks"}},
                "server.jwt_authentication.audience": ["db-login"],
                "server.jwt_authentication.jwks_auto_fetch.enabled": true,
                "server.jwt_authentication.issuers.custom_ca": CA,
                "server.identity_map.configuration": format!("{cluster} system:serviceaccount:prod:billing billing"),
            })
            .to_string()
        }),
        ("GitHub", one(github, "db-login", "", &format!("{github} repo:octo-org/octo-repo:environment:prod ci_prod"))),
        ("Keycloak", one(keycloak, "db-login", "preferred_username", &format!("{keycloak} /^([a-z0-9_.]+)$ \\1"))),
        ("Auth0", one("https://t.us.auth0.com/", "https://db.example", "", "https://t.us.auth0.com/ /^auth0\\|([0-9a-f]+)$ a0_\\1")),
        ("GitLab", one("https://gitlab.com", "db-login", "", "https://gitlab.com project_path:grp/app:ref_type:branch:ref:main ci_main")),
        ("AD FS", json!({
            "server.jwt_authentication.enabled": true,
            "server.jwt_authentication.issuers": {"issuer_jwks_map": {"http://adfs.corp.example/adfs/services/trust": "https://adfs.corp.example/adfs/discovery/keys"}},
            "server.jwt_authentication.audience": "microsoft:identityserver:6e74172b-be56-4843-9ff4-e66a39bb12e3",
            "server.jwt_authentication.jwks_auto_fetch.enabled": true,
            "server.jwt_authentication.claim": "upn",
            "server.identity_map.configuration": "http://adfs.corp.example/adfs/services/trust /^([a-z]+)@corp\\.example$ \\1",
        }).to_string()),
        ("an ordinary set of keys", json!({
            "server.jwt_authentication.enabled": true,
            "server.jwt_authentication.issuers": ISSUER,
            "server.jwt_authentication.audience": "db-login",
            "server.jwt_authentication.jwks": set(&[rsa("k1").to_string(), key("test-p256").public("k2").to_string(), key("test-ed25519").public("k3").to_string()]),
        }).to_string()),
        ("several issuers, each with what is its own", json!({
            "server.jwt_authentication.enabled": true,
            "server.jwt_authentication.issuers": [ISSUER, keycloak],
            "server.jwt_authentication.audience": "db-login",
            "engine.issuer_keys": {
                ISSUER: {"keys": [serde_json::from_str::<Value>(&rsa("k1").to_string()).expect("JSON")]},
                keycloak: {"keys": [serde_json::from_str::<Value>(&key("test-p256").public("k2").to_string()).expect("JSON")]},
            },
            "engine.issuers": {keycloak: {"claim": "preferred_username", "audience": ["db", "db-login"], "max_token_lifetime_seconds": 3600}},
        }).to_string()),
        ("groups", json!({
            "server.jwt_authentication.enabled": true,
            "server.jwt_authentication.issuers": ISSUER,
            "server.jwt_authentication.audience": "db-login",
            "server.jwt_authentication.jwks_auto_fetch.enabled": true,
            "server.jwt_authentication.authorization.enabled": true,
            "server.jwt_authentication.group_claim": "groups",
        }).to_string()),
        ("nothing at all", "{}".into()),
    ];
    // CockroachDB, "Cluster Single Sign-on (SSO) using JSON web tokens".
    let cockroach_cloud = json!({
        "server.jwt_authentication.enabled": true,
        "server.jwt_authentication.issuers": "https://cockroachlabs.cloud",
        "server.jwt_authentication.audience": "https://cockroachlabs.cloud/clusters/3f2504e0",
        "server.jwt_authentication.jwks": set(&[rsa("k1").to_string()]),
        "server.jwt_authentication.claim": "email",
        "server.identity_map.configuration": "https://cockroachlabs.cloud /^([a-z]+)@example\\.com$ \\1",
    });
    all.push(("CockroachDB's documentation", cockroach_cloud.to_string()));
    all
}

#[test]
fn settings_that_are_right_have_no_errors() {
    for (what, text) in right() {
        for profile in PROFILES {
            let settings = Settings::from_text(&text).expect("settings");
            let settings = settings
                .with(&sqljwt::Change::new().set("engine.profile", profile))
                .unwrap_or_else(|error| panic!("{what}: {error}"));
            let found = lint(Ok(&settings));
            let errors: Vec<_> = found.findings.iter().filter(|finding| finding.severity == Severity::Error).collect();
            assert!(errors.is_empty() && found.errors == 0, "{what} {profile}: {errors:#?}");
        }
    }
    let empty = found("{}");
    assert!(empty.findings.is_empty(), "{empty:?}");
}

/// The settings of the book, and those of the providers' vectors with which somebody logs in.
#[test]
fn settings_with_which_people_log_in_have_no_errors() {
    let book = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/src");
    let folders = ["providers", "servers"].map(|folder| fs::read_dir(format!("{book}/{folder}")).expect("a folder"));
    let pages = folders.into_iter().flatten().map(|page| page.expect("a page").path());
    let pages: Vec<String> = pages.map(|page| fs::read_to_string(page).expect("a text")).collect();
    let blocks = pages.iter().flat_map(|page| page.split("```sql file=").skip(1));
    let mut all: Vec<(String, String)> = blocks
        .filter_map(|block| {
            block.split_once('\n').map(|(name, rest)| (name, rest.split("```").next().unwrap_or_default()))
        })
        .filter(|(_, text)| text.contains("server.jwt_authentication.enabled"))
        .map(|(name, text)| (name.to_owned(), text.to_owned()))
        .collect();
    assert!(all.len() >= 5, "{} documents in the book", all.len());
    let accepted = vectors().into_iter().filter(|vector| vector.file == "providers" && vector.expect.user.is_some());
    all.extend(accepted.map(|vector| (vector.row.id, vector.settings)));
    assert!(all.len() >= 30, "{} documents", all.len());
    for (name, text) in all {
        let found = found(&text);
        let errors: Vec<_> = found.findings.iter().filter(|finding| finding.severity == Severity::Error).collect();
        assert!(errors.is_empty(), "{name}: {errors:#?}");
    }
}

#[test]
fn what_is_told_by_name_is_not_told_again_as_unusable() {
    for (rule, broken, _) in cases() {
        if rule.severity() != Severity::Error || rule == Rule::SettingUnusable || rule == Rule::SettingPlaceholder {
            continue;
        }
        for profile in profiles(&broken) {
            let found = rules(&found(&document(profile, &broken)));
            assert!(!found.contains(&Rule::SettingUnusable), "{rule:?} {profile} {broken}: {found:?}");
        }
    }
}

#[test]
fn a_finding_stands_where_it_is_written() {
    let place = |text: &str, rule: Rule| {
        let found = found(text);
        let finding = found.findings.iter().find(|finding| finding.rule == rule).unwrap_or_else(|| panic!("{found:?}"));
        let range = finding.range.expect("a range");
        let line: Vec<char> = text.split('\n').nth(range.start.line as usize - 1).expect("a line").chars().collect();
        assert_eq!((range.start.line, finding.position), (range.end.line, Some(range.start)));
        line[range.start.column as usize - 1..range.end.column as usize - 1].iter().collect::<String>()
    };
    let base = json!({"enabled": true, "fetch": true});
    let text = |changed: Value| document("hardened", &with(base.clone(), changed));
    assert_eq!(place(&text(issuers(json!([ISSUER, ISSUER]))), Rule::IssuersDuplicate), "\"https://idp.example\"");
    assert_eq!(place(&text(audience(json!(["db", "account"]))), Rule::AudienceShared), "\"account\"");
    assert_eq!(place(&text(claim("groups")), Rule::ClaimGroups), "groups");
    let own = text(json!({"engine.issuers": {ISSUER: {"claim": "groups"}}}));
    assert_eq!(place(&own, Rule::ClaimGroups), "\"groups\"");
    let weak = key("test-rsa-1024").public("weak").to_string();
    let keys = text(
        json!({"fetch": false, "engine.issuer_keys": {ISSUER: {"keys": [serde_json::from_str::<Value>(&weak).expect("JSON")]}}}),
    );
    assert!(place(&keys, Rule::KeyWeak).contains("\"weak\""));
}

#[test]
fn nothing_secret_is_told() {
    for member in ["d", "p", "q", "dp", "dq", "qi"] {
        let private = rsa("k2").set(member, "c2VjcmV0LW51bWJlcg").to_string();
        for settings in [
            key_beside(&private),
            json!({"engine.issuer_keys": {ISSUER: {"keys": [serde_json::from_str::<Value>(&private).expect("JSON")]}}}),
            key_beside("{\"kty\": \"oct\", \"kid\": \"s\", \"k\": \"c2VjcmV0LW51bWJlcg\"}"),
        ] {
            for profile in PROFILES {
                let found = found(&document(profile, &settings));
                assert!(found.errors > 0 && !found.to_json().contains("c2VjcmV0"), "{}", found.to_json());
            }
        }
    }
}

#[test]
fn messages_are_one_clean_line() {
    const HOSTILE: &str = "a\u{1b}[2J\u{202e}b`\u{200b}\nc\u{9b}31m";
    let one = key("test-rsa-1").public(HOSTILE).to_string();
    let hostile = json!({
        "issuers": [HOSTILE, format!("https://{HOSTILE}/.well-known/x"), "https://sts.windows.net/common/\u{1b}", format!("http://{HOSTILE}")],
        "audience": [HOSTILE, "account", format!("api://{HOSTILE}")],
        "claim": format!("realm_access.{HOSTILE}"),
        "jwks": set(&[one.clone(), one]),
        "group_claim": HOSTILE,
        "engine.reserved_users": [HOSTILE],
        "engine.group_allow": [HOSTILE],
        "hba": HOSTILE,
        "fetch": false,
    });
    for profile in PROFILES {
        for (name, value) in hostile.as_object().expect("an object") {
            let found = found(&document(profile, &json!({name: value})));
            for finding in &found.findings {
                for text in [Some(&finding.message), finding.remedy.as_ref()].into_iter().flatten() {
                    let is_clean = |c: char| !c.is_control() && !matches!(c, '\u{202e}' | '\u{200b}' | '\u{9b}');
                    assert!(text.chars().all(is_clean) && !text.ends_with('.'), "{text:?}");
                }
            }
        }
    }
}

/// A mebibyte of each list is judged in the time of a few, whatever the machine.
#[test]
fn long_lists_are_judged_in_time() {
    let time = |changed: &Value| {
        let text = document("hardened", changed);
        let started = Instant::now();
        let found = found(&text);
        (started.elapsed(), found)
    };
    let texts = |start: &str| {
        (0..20_000).map(|number| format!("{start}{number}.example/{}", "x".repeat(24))).collect::<Vec<_>>()
    };
    let one = rsa("k1").to_string();
    let many: Vec<String> = (0..2_500).map(|number| one.replace("\"k1\"", &format!("\"k{number}\""))).collect();
    let (issuers, audiences) = (texts("https://"), texts("https://a"));
    for changed in [
        json!({"issuers": issuers}),
        json!({"audience": audiences}),
        json!({"issuers": issuers, "audience": audiences}),
        json!({"issuers": issuers, "fetch": false, "jwks": set(&many)}),
        json!({"fetch": false, "jwks": set(&vec!["{\"kty\":\"oct\",\"kid\":\"a\",\"k\":\"AAAA\"}".into(); 20_000])}),
        json!({"fetch": false, "jwks": set(&many.iter().map(|key| key.replace("\"e\"", "\"d\":\"AAAA\",\"e\"")).collect::<Vec<_>>())}),
        json!({"issuers": vec![ISSUER; 40_000]}),
        json!({"audience": vec!["account"; 80_000]}),
        json!({"engine.reserved_users": vec!["root"; 80_000]}),
        json!({"hba": "host all all all reject\n".repeat(40_000)}),
    ] {
        let (took, found) = time(&changed);
        assert!(found.findings.len() <= sqljwt::limits::LINT_FINDINGS_MAX);
        assert!(took.as_secs() < 30, "{took:?}");
    }
}
