//! Sample logins as people meet them: settings in the forms in which administrators have them, tokens in the shapes of
//! the identity providers, and the mistakes that are made with both. The demo explains them.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::json;

use crate::{
    book::{NOW, jwks},
    mint::{Members, Token, key},
};

/// One sample login.
#[derive(Serialize)]
pub(crate) struct Sample {
    title: &'static str,
    /// The settings, a file beside the list.
    settings: &'static str,
    token: String,
    user: &'static str,
    now: i64,
}

/// Every settings file by its name.
pub(crate) fn settings() -> BTreeMap<&'static str, String> {
    let keys = |id: &str| jwks(&[key("test-rsa-1").public(id).set("use", "sig").set("alg", "RS256")]);
    let elliptic = jwks(&[key("test-p256").public("es-2026").set("use", "sig").set("alg", "ES256")]);
    BTreeMap::from([
        (
            "google.sql",
            format!(
                r"-- Service accounts of one Google Cloud project, named by their e-mail address.
SET CLUSTER SETTING server.jwt_authentication.issuers = 'https://accounts.google.com';
SET CLUSTER SETTING server.jwt_authentication.audience = 'https://db.example.com';
SET CLUSTER SETTING server.jwt_authentication.claim = 'email';
SET CLUSTER SETTING server.jwt_authentication.jwks = '{}';
SET CLUSTER SETTING server.identity_map.configuration = '
# every service account of the project is the SQL user of its name
https://accounts.google.com /^([a-z0-9_]+)@proj-1234\.iam\.gserviceaccount\.com$ \1
';
SET CLUSTER SETTING server.jwt_authentication.enabled = true;
",
                keys("google-2026")
            ),
        ),
        (
            "entra.json",
            serde_json::to_string_pretty(&json!({
                "server.jwt_authentication.enabled": true,
                "server.jwt_authentication.issuers":
                    "https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555/v2.0",
                "server.jwt_authentication.audience": "6e74172b-be56-4843-9ff4-e66a39bb12e3",
                "server.jwt_authentication.claim": "preferred_username",
                "server.jwt_authentication.jwks": keys("entra-2026"),
                "server.identity_map.configuration": "https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555/v2.0 /^([a-z0-9_.]+)@contoso\\.com$ \\1\n",
            }))
            .expect("settings are JSON")
                + "\n",
        ),
        (
            "okta.txt",
            format!(
                "variable\tvalue\n\
                 server.jwt_authentication.audience\tapi://default\n\
                 server.jwt_authentication.claim\tsub\n\
                 server.jwt_authentication.enabled\ttrue\n\
                 server.jwt_authentication.issuers.configuration\thttps://example.okta.com/oauth2/default\n\
                 server.jwt_authentication.jwks\t{elliptic}\n\
                 sql.defaults.distsql\tauto\n"
            ),
        ),
        (
            "kubernetes.sql",
            format!(
                r#"-- Service accounts of one namespace of an EKS cluster.
SET CLUSTER SETTING server.jwt_authentication.issuers = 'https://oidc.eks.us-west-2.amazonaws.com/id/8EBD25CE57B5FC1A';
SET CLUSTER SETTING server.jwt_authentication.audience = '["sql.example.com"]';
SET CLUSTER SETTING server.jwt_authentication.jwks = '{}';
SET CLUSTER SETTING server.identity_map.configuration = 'https://oidc.eks.us-west-2.amazonaws.com/id/8EBD25CE57B5FC1A /^system:serviceaccount:prod:([a-z0-9_-]+)$ \1';
SET CLUSTER SETTING server.jwt_authentication.enabled = true;
"#,
                keys("eks-2026")
            ),
        ),
        (
            "github.sql",
            format!(
                r"-- Workflows of one repository, on its main branch only.
SET CLUSTER SETTING server.jwt_authentication.issuers = 'https://token.actions.githubusercontent.com';
SET CLUSTER SETTING server.jwt_authentication.audience = 'db.example.com';
SET CLUSTER SETTING server.jwt_authentication.jwks = '{}';
SET CLUSTER SETTING server.identity_map.configuration = 'https://token.actions.githubusercontent.com repo:octo-org/octo-repo:ref:refs/heads/main ci_main';
SET CLUSTER SETTING server.jwt_authentication.enabled = true;
-- sqljwt: engine.max_token_lifetime_seconds = 900
",
                keys("github-2026")
            ),
        ),
        (
            "unanchored.sql",
            r"-- A line that would let anybody in who owns a domain that begins with example.com.
SET CLUSTER SETTING server.jwt_authentication.issuers = 'https://idp.example.com';
SET CLUSTER SETTING server.jwt_authentication.audience = 'db.example.com';
SET CLUSTER SETTING server.identity_map.configuration = '
https://idp.example.com billing@example.com billing
https://idp.example.com /^(.*)@example\.com \1
';
SET CLUSTER SETTING server.jwt_authentication.enabled = true;
"
            .into(),
        ),
    ])
}

/// Every sample login, in the order in which a reader should meet them.
pub(crate) fn logins() -> Vec<Sample> {
    let sample = |title, settings, token: &Token, user| Sample { title, settings, token: token.text(), user, now: NOW };
    let google = google();
    let entra = entra();
    let okta = okta();
    let eks = eks("prod");
    let github = github();
    vec![
        sample("Google: a service account logs in", "google.sql", &google, "billing"),
        sample("Entra: a person logs in", "entra.json", &entra, "jane.doe"),
        sample("Kubernetes: a service account of the right namespace logs in", "kubernetes.sql", &eks, "billing"),
        sample(
            "Google: the token expired while the client waited",
            "google.sql",
            &google.clone().claims(|claims| claims.set("iat", NOW - 3640).set("exp", NOW - 40)),
            "billing",
        ),
        sample(
            "Entra: the audience is the application's address, not its id",
            "entra.json",
            &entra.clone().claims(|claims| claims.set("aud", "api://6e74172b-be56-4843-9ff4-e66a39bb12e3")),
            "jane.doe",
        ),
        sample(
            "Entra: a v1 token where v2 tokens are expected",
            "entra.json",
            &entra.claims(|claims| {
                claims.set("iss", "https://sts.windows.net/11111111-2222-3333-4444-555555555555/").set("ver", "1.0")
            }),
            "jane.doe",
        ),
        sample("Okta: an e-mail address is no SQL user name, and nothing maps it", "okta.txt", &okta, "jane.doe"),
        sample(
            "Kubernetes: a service account of another namespace",
            "kubernetes.sql",
            &self::eks("staging"),
            "billing",
        ),
        sample(
            "GitHub: a forged token, signed with somebody else's key",
            "github.sql",
            &github.clone().signed_with(key("test-rsa-2"), "RS256"),
            "ci_main",
        ),
        Sample {
            token: github
                .clone()
                .header(|header| header.set("alg", "none").without("kid"))
                .text_with(|_, _| Vec::new()),
            ..sample("GitHub: a forged token, not signed at all", "github.sql", &github, "ci_main")
        },
        sample(
            "GitHub: the key was rotated and the settings were not",
            "github.sql",
            &github.header(|header| header.set("kid", "github-2027")).signed_with(key("test-rsa-2"), "RS256"),
            "ci_main",
        ),
        sample("Settings: a regex that matches more than it seems to", "unanchored.sql", &google, "billing"),
    ]
}

fn token(id: &str, claims: Members) -> Token {
    Token::new(key("test-rsa-1"), id, "RS256", claims.set("iat", NOW - 30).set("exp", NOW + 570))
}

fn google() -> Token {
    let claims = Members::new()
        .set("iss", "https://accounts.google.com")
        .set("aud", "https://db.example.com")
        .set("azp", "112179062720391305885")
        .set("sub", "112179062720391305885")
        .set("email", "billing@proj-1234.iam.gserviceaccount.com")
        .set("email_verified", true);
    token("google-2026", claims)
}

fn entra() -> Token {
    let claims = Members::new()
        .set("aud", "6e74172b-be56-4843-9ff4-e66a39bb12e3")
        .set("iss", "https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555/v2.0")
        .set("nbf", NOW - 30)
        .set("azp", "1d2fbf5c-1111-4222-8333-9a9a9a9a9a9a")
        .set("name", "Jane Doe")
        .set("oid", "a3b1c2d4-0000-4000-8000-000000000001")
        .set("preferred_username", "jane.doe@contoso.com")
        .set("sub", "AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ")
        .set("tid", "11111111-2222-3333-4444-555555555555")
        .set("ver", "2.0");
    token("entra-2026", claims)
}

fn okta() -> Token {
    let claims = Members::new()
        .set("ver", 1)
        .set("iss", "https://example.okta.com/oauth2/default")
        .set("aud", "api://default")
        .set("cid", "0oa1a2b3c4D5e6F7g8h9")
        .set("scp", json!(["db"]))
        .set("sub", "jane.doe@example.com");
    token("es-2026", claims).algorithm(key("test-p256"), "ES256")
}

fn eks(namespace: &str) -> Token {
    let claims = Members::new()
        .set("aud", json!(["sql.example.com"]))
        .set("iss", "https://oidc.eks.us-west-2.amazonaws.com/id/8EBD25CE57B5FC1A")
        .set("kubernetes.io", json!({"namespace": namespace, "serviceaccount": {"name": "billing"}}))
        .set("nbf", NOW - 30)
        .set("sub", format!("system:serviceaccount:{namespace}:billing"));
    token("eks-2026", claims)
}

fn github() -> Token {
    let claims = Members::new()
        .set("jti", "6f4972cb-6c2f-4d0c-a6f1-3a4d6a2b0c11")
        .set("sub", "repo:octo-org/octo-repo:ref:refs/heads/main")
        .set("aud", "db.example.com")
        .set("ref", "refs/heads/main")
        .set("repository", "octo-org/octo-repo")
        .set("iss", "https://token.actions.githubusercontent.com");
    token("github-2026", claims)
}
