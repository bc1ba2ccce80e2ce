//! What do the tokens of the identity providers look like, and which claim and map line does each need?
//!
//! Every name and number is made up; the shapes are the providers' own.

mod people;
mod workloads;

use serde_json::{Value, json};
use sqljwt::Algorithm;

use crate::{issuer::Issuer, keys::SigningKey};

/// One look-alike of an identity provider, with examples for what its tokens are about.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct LookAlike {
    /// What it is called: the name of the function of [`Issuer`] that makes it.
    pub name: &'static str,
    /// The look-alike.
    pub issuer: Issuer,
    /// The SQL user that its tokens log in as.
    pub logs_in_as: &'static str,
}

impl LookAlike {
    /// Every look-alike, each with a key of its own.
    ///
    /// # Example
    /// ```
    /// use sqljwt_testing::{LookAlike, assert_logs_in};
    /// const NOW: i64 = 1_800_000_000;
    /// for it in LookAlike::all() {
    ///     assert_logs_in(&it.issuer.settings(), it.issuer.token(NOW).mint(), it.logs_in_as, NOW);
    /// }
    /// ```
    #[must_use]
    pub fn all() -> Vec<Self> {
        let jane = "jane.doe@example.com";
        [
            ("google", Issuer::google(jane), "jane.doe"),
            ("google_service_account", Issuer::google_service_account("billing", "proj-1234"), "billing"),
            ("entra_v1", Issuer::entra_v1(), "billing"),
            ("entra_v2", Issuer::entra_v2("jane.doe@contoso.com"), "jane.doe"),
            ("eks", Issuer::eks("prod", "billing"), "prod_billing"),
            ("kubernetes", Issuer::kubernetes("prod", "billing"), "billing"),
            ("okta", Issuer::okta(jane), "jane.doe"),
            ("okta_custom", Issuer::okta_custom(jane), "jane.doe"),
            ("auth0", Issuer::auth0("auth0|5f7c8ec7c33c6c004bbafe82"), "a0_5f7c8ec7c33c6c004bbafe82"),
            ("keycloak", Issuer::keycloak("jane.doe"), "jane.doe"),
            ("github_actions", Issuer::github_actions("octo-org/octo-repo", "refs/heads/main"), "ci_main"),
            ("gitlab", Issuer::gitlab("grp/app", "main"), "ci_main"),
            ("cognito", Issuer::cognito("jane"), "jane"),
            ("cockroachdb_cloud", Issuer::cockroachdb_cloud("jane@example.com"), "jane"),
            ("spiffe", Issuer::spiffe("spiffe://prod.example/billing"), "billing"),
        ]
        .into_iter()
        .map(|(name, issuer, logs_in_as)| Self { name, issuer, logs_in_as })
        .collect()
    }
}

/// An issuer whose tokens say this and are for that audience; the claim that names the bearer is a setting.
fn look_alike(url: &str, audience: &str, claim: &str, claims: Value) -> Issuer {
    let issuer = Issuer::new(url).with_algorithm(Algorithm::RS256).with_audience(audience).with_claims(claims);
    issuer.with_setting("server.jwt_authentication.claim", claim)
}

/// The same with one line in the identity map, given without the issuer.
fn mapped(issuer: Issuer, line: &str) -> Issuer {
    let line = format!("{} {line}", issuer.url());
    issuer.with_setting("server.identity_map.configuration", line)
}

/// The line that takes every address of this one's domain to the name before `@`.
fn before_at(address: &str) -> String {
    format!(r"/^([a-z0-9_.]+)@{}$ \1", domain(address).replace('.', r"\."))
}

fn domain(address: &str) -> &str {
    address.split_once('@').unwrap_or_else(|| panic!("`{address}` has no domain: expected `name@domain`")).1
}

/// The members of a JWK that is not for signatures.
fn encryption_key() -> Value {
    let mut jwk = SigningKey::generate("encryption-1", Algorithm::RS256).public_jwk();
    (jwk["use"], jwk["alg"]) = (json!("enc"), json!("RSA-OAEP"));
    jwk
}
