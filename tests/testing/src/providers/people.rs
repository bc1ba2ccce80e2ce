//! Tokens of people.

use serde_json::json;

use super::{before_at, domain, encryption_key, look_alike, mapped};
use crate::issuer::Issuer;

impl Issuer {
    /// A Google user's ID token, of a Workspace account; logs in as the name before `@`.
    ///
    /// # Panics
    /// Where the address has no `@`.
    ///
    /// # Example
    /// ```
    /// use sqljwt::ReasonCode;
    /// use sqljwt_testing::{Issuer, assert_logs_in, assert_rejected};
    /// const NOW: i64 = 1_800_000_000;
    /// let google = Issuer::google("jane.doe@example.com");
    /// assert_logs_in(&google.settings(), google.token(NOW).mint(), "jane.doe", NOW);
    /// // One issuer for every Google account on earth: the map line holds the domain.
    /// let stranger = google.token(NOW).claim("email", "jane.doe@elsewhere.example").mint();
    /// assert_rejected(&google.settings(), stranger, "jane.doe", ReasonCode::IdentityUnmapped, NOW);
    /// ```
    #[must_use]
    pub fn google(email: &str) -> Self {
        let client = "407408718192.apps.googleusercontent.com";
        let claims = json!({
            "azp": client,
            "sub": "110169484474386276334",
            "hd": domain(email),
            "email": email,
            "email_verified": true,
        });
        mapped(look_alike("https://accounts.google.com", client, "email", claims), &before_at(email))
    }

    /// An Entra ID access token of version 2 (a person); logs in as the name before `@`.
    ///
    /// The issuer does not end in a slash, the audience is a GUID, and the key set names the issuer as a template.
    ///
    /// # Panics
    /// Where the user name has no `@`.
    ///
    /// # Example
    /// ```
    /// use sqljwt_testing::{Issuer, assert_logs_in};
    /// const NOW: i64 = 1_800_000_000;
    /// let entra = Issuer::entra_v2("jane.doe@contoso.com");
    /// assert_eq!(entra.jwks()["keys"][0]["issuer"], "https://login.microsoftonline.com/{tenantid}/v2.0");
    /// assert_logs_in(&entra.settings(), entra.token(NOW).mint(), "jane.doe", NOW);
    /// ```
    #[must_use]
    pub fn entra_v2(username: &str) -> Self {
        let authority = "https://login.microsoftonline.com";
        let (url, audience) = (format!("{authority}/{TENANT}/v2.0"), "6731de76-14a6-49ae-97bc-6eba6914391e");
        let claims = json!({
            "azp": APPLICATION,
            "azpacr": "0",
            "name": "Jane Doe",
            "oid": OBJECT,
            "preferred_username": username,
            "scp": "login openid",
            "sub": "AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ",
            "tid": TENANT,
            "uti": "a1b2c3d4e5",
            "ver": "2.0",
        });
        let issuer = look_alike(&url, audience, "preferred_username", claims);
        mapped(issuer, &before_at(username))
            .with_not_before()
            .publishing(json!({"alg": null, "issuer": format!("{authority}/{{tenantid}}/v2.0")}))
    }

    /// An ID token of an Okta organisation, whose access tokens are for Okta itself; logs in as the name before `@`.
    ///
    /// # Panics
    /// Where the address has no `@`.
    ///
    /// # Example
    /// ```
    /// use sqljwt_testing::{Issuer, assert_logs_in};
    /// const NOW: i64 = 1_800_000_000;
    /// let okta = Issuer::okta("jane.doe@example.com");
    /// assert_logs_in(&okta.settings(), okta.token(NOW).mint(), "jane.doe", NOW);
    /// ```
    #[must_use]
    pub fn okta(email: &str) -> Self {
        let claims = json!({
            "sub": "00uhzsq8pw5e8btQZ0h7",
            "name": "Jane Doe",
            "email": email,
            "ver": 1,
            "amr": ["pwd"],
            "idp": "00ohz",
            "preferred_username": email,
        });
        mapped(look_alike("https://dev-1234.okta.com", "0oa1b2c3d4", "email", claims), &before_at(email))
    }

    /// An access token of an Okta custom authorization server; logs in as the name before `@`.
    ///
    /// # Panics
    /// Where the address has no `@`.
    ///
    /// # Example
    /// ```
    /// use sqljwt_testing::{Issuer, assert_logs_in};
    /// const NOW: i64 = 1_800_000_000;
    /// let okta = Issuer::okta_custom("jane.doe@example.com");
    /// assert_logs_in(&okta.settings(), okta.token(NOW).mint(), "jane.doe", NOW);
    /// ```
    #[must_use]
    pub fn okta_custom(email: &str) -> Self {
        let claims = json!({
            "ver": 1,
            "cid": "0oa1b2c3d4",
            "uid": "00uhzsq8pw5e8btQZ0h7",
            "scp": ["openid", "login"],
            "sub": email,
        });
        let url = "https://dev-1234.okta.com/oauth2/default";
        mapped(look_alike(url, "api://default", "sub", claims), &before_at(email))
    }

    /// An Auth0 access token for an API and for userinfo; logs in as `a0_` and the id.
    ///
    /// The issuer ends in a slash, and custom claims are named by URLs.
    ///
    /// # Example
    /// ```
    /// use sqljwt_testing::{Issuer, assert_logs_in};
    /// const NOW: i64 = 1_800_000_000;
    /// let auth0 = Issuer::auth0("auth0|5f7c8ec7c33c6c004bbafe82");
    /// assert_logs_in(&auth0.settings(), auth0.token(NOW).mint(), "a0_5f7c8ec7c33c6c004bbafe82", NOW);
    /// ```
    #[must_use]
    pub fn auth0(subject: &str) -> Self {
        let (url, api) = ("https://example.us.auth0.com/", "https://db.example.com");
        let claims = json!({
            "sub": subject,
            "aud": [api, format!("{url}userinfo")],
            "azp": "my_client_id",
            "scope": "openid profile",
            "https://app.example/user": "jane",
        });
        mapped(look_alike(url, api, "sub", claims), r"/^auth0\|([0-9a-f]+)$ a0_\1")
    }

    /// A Keycloak access token, with the audience that an audience mapper adds; logs in as the preferred user name.
    ///
    /// The realm's key set holds a key for encryption too.
    ///
    /// # Example
    /// ```
    /// use sqljwt_testing::{Issuer, assert_logs_in};
    /// const NOW: i64 = 1_800_000_000;
    /// let keycloak = Issuer::keycloak("jane.doe");
    /// let jwks = keycloak.jwks();
    /// assert_eq!((&jwks["keys"][0]["use"], &jwks["keys"][1]["use"]), (&"enc".into(), &"sig".into()));
    /// assert_logs_in(&keycloak.settings(), keycloak.token(NOW).mint(), "jane.doe", NOW);
    /// ```
    #[must_use]
    pub fn keycloak(username: &str) -> Self {
        let claims = json!({
            "aud": ["db-login", "account"],
            "sub": "f3a1c9e2-7a3f-4f6e-8f6d-1d2c3b4a5968",
            "typ": "Bearer",
            "jti": "b1f6a1de-3333-4444-8555-123456789abc",
            "sid": "c2e7b2ef-4444-4555-8666-123456789abc",
            "azp": "psql",
            "realm_access": {"roles": ["offline_access", "analyst"]},
            "resource_access": {"db": {"roles": ["reader"]}},
            "scope": "openid email profile",
            "email_verified": true,
            "preferred_username": username,
            "email": format!("{username}@example.com"),
        });
        let issuer = look_alike("https://kc.example.com/realms/corp", "db-login", "preferred_username", claims);
        mapped(issuer, r"/^([a-z0-9_.]+)$ \1").publishing_too(encryption_key())
    }

    /// An Amazon Cognito ID token; logs in as the user name, without an identity map.
    ///
    /// # Example
    /// ```
    /// use sqljwt::ReasonCode;
    /// use sqljwt_testing::{Issuer, assert_logs_in, assert_rejected};
    /// const NOW: i64 = 1_800_000_000;
    /// let cognito = Issuer::cognito("jane");
    /// assert_logs_in(&cognito.settings(), cognito.token(NOW).mint(), "jane", NOW);
    /// // Its access tokens have no audience.
    /// let access = cognito.token(NOW).claim("token_use", "access").without_claim("aud").mint();
    /// assert_rejected(&cognito.settings(), access, "jane", ReasonCode::AudMissing, NOW);
    /// ```
    #[must_use]
    pub fn cognito(username: &str) -> Self {
        let claims = json!({
            "sub": "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee",
            "token_use": "id",
            "cognito:username": username,
        });
        let url = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Example";
        look_alike(url, "57cbishk4j24pabc1234567890", "cognito:username", claims)
    }

    /// A token of CockroachDB Cloud; logs in as the name before `@`.
    ///
    /// # Panics
    /// Where the address has no `@`.
    ///
    /// # Example
    /// ```
    /// use sqljwt_testing::{Issuer, assert_logs_in};
    /// const NOW: i64 = 1_800_000_000;
    /// let cloud = Issuer::cockroachdb_cloud("jane@example.com");
    /// assert_logs_in(&cloud.settings(), cloud.token(NOW).mint(), "jane", NOW);
    /// ```
    #[must_use]
    pub fn cockroachdb_cloud(email: &str) -> Self {
        let issuer = look_alike("https://cockroachlabs.cloud", "db-login", "sub", json!({"sub": email}));
        mapped(issuer, &before_at(email))
    }
}

/// Of Entra ID: a tenant, an object and an application.
pub(super) const TENANT: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";
pub(super) const OBJECT: &str = "3f2504e0-4f89-11d3-9a0c-0305e82c3301";
pub(super) const APPLICATION: &str = "7c9e6679-7425-40de-944b-e07fc1f90ae7";
