//! Tokens in the shape of each identity provider, with the settings that let them in, and the traps beside them. All are
//! minted with test keys; names, numbers and ids are made up. Profile `hardened`.

use serde_json::{Value, json};
use sqljwt_conformance::Profile;

use crate::{
    book::{Book, NOW, jwks},
    mint::{Members, Token, key},
};

mod workloads;

pub(crate) fn book() -> Book {
    let mut book = Book::new(
        "providers",
        "Tokens in the shape of each identity provider, with the settings that let them in, and the traps beside them.",
        Profile::Hardened,
    );
    google(&mut book);
    azure(&mut book);
    okta(&mut book);
    auth0(&mut book);
    keycloak(&mut book);
    workloads::cases(&mut book);
    others(&mut book);
    book
}

/// What a provider's tokens need: from here on, cases are logins with this token under these settings.
fn provider(book: &mut Book, name: &'static str, issuer: &str, audience: &str, claim: &str, map: &str, token: Token) {
    let keys = jwks(&[
        key("test-rsa-2").public("previous").set("use", "sig"),
        key("test-rsa-1").public("current").set("use", "sig").set("alg", "RS256"),
    ]);
    book.base(
        name,
        &[
            ("server.jwt_authentication.enabled", true.into()),
            ("server.jwt_authentication.issuers", issuer.into()),
            ("server.jwt_authentication.audience", audience.into()),
            ("server.jwt_authentication.claim", claim.into()),
            ("server.jwt_authentication.jwks", keys.into()),
            ("server.identity_map.configuration", map.into()),
        ],
    );
    book.login(token, "billing", NOW);
}

/// A token with claims in the provider's order, and the usual times behind them.
fn token(claims: &[(&str, Value)]) -> Token {
    let claims = claims.iter().fold(Members::new(), |claims, (name, value)| claims.set(name, value.clone()));
    let claims = claims.set("iat", NOW - 30).set("exp", NOW + 3570);
    Token::new(key("test-rsa-1"), "current", "RS256", claims)
}

fn google(book: &mut Book) {
    const ISSUER: &str = "https://accounts.google.com";
    book.prefix("gcp-");
    let audience = "https://db.example.com";
    let service = token(&[
        ("aud", audience.into()),
        ("azp", "112179062720391305885".into()),
        ("email", "billing@proj-1234.iam.gserviceaccount.com".into()),
        ("email_verified", true.into()),
        ("iss", ISSUER.into()),
        ("sub", "112179062720391305885".into()),
    ]);
    let by_email = r"https://accounts.google.com /^([a-z0-9_]+)@proj-1234\.iam\.gserviceaccount\.com$ \1";
    provider(book, "gcp_email", ISSUER, audience, "email", by_email, service.clone());
    book.case("email", "a service account, named by its address").cites(&["provider 5.1"]).accepts("billing");
    book.case("email-other-project", "a service account of the same name in another project")
        .cites(&["provider 5.1"])
        .claims(|claims| claims.set("email", "billing@evil-99.iam.gserviceaccount.com"))
        .rejects("identity_unmapped");
    book.case("email-absent", "a token made without the address")
        .cites(&["provider 5.1"])
        .claims(|claims| claims.without("email"))
        .rejects("claim_missing");
    book.case("email-unverified", "an address that Google has not verified")
        .cites(&["provider 5.1"])
        .claims(|claims| claims.set("email_verified", false))
        .rejects("email_unverified");
    book.case("email-unescaped-dot", "a line whose dots match anything")
        .cites(&["provider 5.1"])
        .map("https://accounts.google.com /^([a-z0-9_]+)@proj-1234.iam.gserviceaccount.com$ \\1")
        .claims(|claims| claims.set("email", "billing@proj-1234xiam.gserviceaccount.com"))
        .accepts("billing");
    book.case("metadata", "a token of the metadata server with the machine's particulars")
        .cites(&["provider 5.1"])
        .claims(|claims| {
            let engine = json!({"compute_engine": {"project_id": "proj-1234", "project_number": 739_419_398_126_i64, "zone": "us-west1-b", "instance_id": "152986662232938449", "instance_name": "vm-1", "instance_creation_timestamp": 1_547_500_000}});
            claims.set("google", engine)
        })
        .accepts("billing");
    let literal = "https://accounts.google.com 112179062720391305885 billing";
    provider(book, "gcp_sub", ISSUER, audience, "sub", literal, service);
    book.case("sub", "a service account, named by its number").cites(&["provider 5.1"]).accepts("billing");
    book.case("sub-prefixed", "every service account, prefixed")
        .cites(&["provider 5.1"])
        .map(r"https://accounts.google.com /^([0-9]+)$ gcp_\1")
        .user("gcp_112179062720391305885")
        .accepts("gcp_112179062720391305885");
    book.case("sub-docs-typo", "a character range the wrong way round")
        .cites(&["provider 5.1"])
        .map(r"https://accounts.google.com /^([9-0]+)$ gcp_\1")
        .rejects("identity_map_invalid");
    book.case("sub-number", "the account's number as a JSON number, which loses digits")
        .cites(&["provider 5.1"])
        .claims(|claims| claims.raw("sub", "112179062720391305885"))
        .rejects("claim_invalid");
    book.case("sub-other", "another account")
        .cites(&["provider 5.1"])
        .claims(|claims| claims.set("sub", "112179062720391305886"))
        .rejects("identity_unmapped");

    book.prefix("google-user-");
    let client = "407408718192.apps.googleusercontent.com";
    let user = token(&[
        ("iss", ISSUER.into()),
        ("azp", client.into()),
        ("aud", client.into()),
        ("sub", "110169484474386276334".into()),
        ("hd", "example.com".into()),
        ("email", "jane.doe@example.com".into()),
        ("email_verified", true.into()),
    ]);
    let line = r"https://accounts.google.com /^([a-z0-9_.]+)@example\.com$ \1";
    provider(book, "google_user", ISSUER, client, "email", line, user);
    book.case("email", "a person, named by the address").cites(&["provider 5.2"]).user("jane.doe").accepts("jane.doe");
    book.case("no-scheme", "the older issuer without a scheme")
        .cites(&["provider 5.2"])
        .claims(|claims| claims.set("iss", "accounts.google.com"))
        .user("jane.doe")
        .rejects("issuer_not_allowed");
    book.case("other-domain", "a person of another domain")
        .cites(&["provider 5.2"])
        .claims(|claims| claims.set("email", "jane.doe@example.com.evil.org"))
        .user("jane.doe")
        .rejects("identity_unmapped");
}

fn azure(book: &mut Book) {
    const TENANT: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";
    const OBJECT: &str = "3f2504e0-4f89-11d3-9a0c-0305e82c3301";
    book.prefix("azure-v1-");
    let issuer = format!("https://sts.windows.net/{TENANT}/");
    let app = token(&[
        ("aud", "api://sql-login".into()),
        ("iss", issuer.as_str().into()),
        ("nbf", (NOW - 30).into()),
        ("aio", "E2ZgYDhrt2fVNI97Hw".into()),
        ("appid", "7c9e6679-7425-40de-944b-e07fc1f90ae7".into()),
        ("appidacr", "2".into()),
        ("idp", issuer.as_str().into()),
        ("oid", OBJECT.into()),
        ("sub", OBJECT.into()),
        ("tid", TENANT.into()),
        ("ver", "1.0".into()),
    ])
    .header(|header| header.set("x5t", "dGVzdCBrZXk"));
    let map = format!("{issuer} {OBJECT} billing");
    provider(book, "azure_v1", &issuer, "api://sql-login", "oid", &map, app);
    book.case("oid", "a managed identity, named by its object id").cites(&["provider 5.3"]).accepts("billing");
    book.case("no-slash", "the issuer is configured without its slash")
        .cites(&["provider 5.3"])
        .issuers(issuer.trim_end_matches('/'))
        .map(&format!("{} {OBJECT} billing", issuer.trim_end_matches('/')))
        .rejects("issuer_not_allowed");
    book.case("issuer-no-slash", "the issuer is configured without its slash, and the map has it")
        .cites(&["provider 5.3"])
        .issuers(issuer.trim_end_matches('/'))
        .rejects("identity_map_invalid");
    book.case("resource-slash", "the token is for the resource with a slash")
        .cites(&["provider 5.3"])
        .claims(|claims| claims.set("aud", "api://sql-login/"))
        .rejects("audience_not_allowed");
    book.case("map-no-slash", "the map names the issuer without its slash, so it would be no map for it")
        .cites(&["provider 5.3"])
        .map(&format!("{} {OBJECT} billing", issuer.trim_end_matches('/')))
        .rejects("identity_map_invalid");
    book.case("map-v2", "the map names the tenant's other issuer, so it would be no map for this one")
        .cites(&["provider 5.3"])
        .map(&format!("https://login.microsoftonline.com/{TENANT}/v2.0 {OBJECT} billing"))
        .rejects("identity_map_invalid");

    book.prefix("azure-v2-");
    let issuer = format!("https://login.microsoftonline.com/{TENANT}/v2.0");
    let client = "6731de76-14a6-49ae-97bc-6eba6914391e";
    let user = token(&[
        ("aud", client.into()),
        ("iss", issuer.as_str().into()),
        ("nbf", (NOW - 30).into()),
        ("azp", "7c9e6679-7425-40de-944b-e07fc1f90ae7".into()),
        ("azpacr", "0".into()),
        ("name", "Jane Doe".into()),
        ("oid", OBJECT.into()),
        ("preferred_username", "jane.doe@contoso.com".into()),
        ("scp", "login openid".into()),
        ("sub", "AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ".into()),
        ("tid", TENANT.into()),
        ("ver", "2.0".into()),
    ]);
    let map = format!(r"{issuer} /^([a-z0-9_.]+)@contoso\.com$ \1");
    provider(book, "azure_v2", &issuer, client, "preferred_username", &map, user);
    book.case("name", "a person, named by the preferred user name")
        .cites(&["provider 5.4"])
        .user("jane.doe")
        .accepts("jane.doe");
    book.case("name-upper", "a person whose name the directory has in capitals")
        .cites(&["provider 5.4"])
        .claims(|claims| claims.set("preferred_username", "Jane.Doe@contoso.com"))
        .user("jane.doe")
        .rejects("identity_unmapped");
    book.case("guest", "a guest, whose name holds the sign that begins a comment in the map")
        .cites(&["provider 5.4"])
        .map(&format!(r"{issuer} /^([a-z0-9_.]+)_fabrikam\.com\x23EXT\x23@contoso\.onmicrosoft\.com$ guest_\1"))
        .claims(|claims| claims.set("preferred_username", "alice_fabrikam.com#EXT#@contoso.onmicrosoft.com"))
        .user("guest_alice")
        .accepts("guest_alice");
    book.case("guest-unescaped", "the same line with the sign itself: a comment begins there")
        .cites(&["provider 5.4"])
        .map(&format!("{issuer} /^(.*)#EXT#@contoso\\.onmicrosoft\\.com$ \\1"))
        .rejects("identity_map_invalid");
    book.case("oid", "an application, named by its object id")
        .cites(&["provider 5.4"])
        .claim("oid")
        .map(&format!("{issuer} {OBJECT} billing"))
        .claims(|claims| claims.without("preferred_username").without("scp").set("roles", json!(["login"])))
        .accepts("billing");
    book.case("v1-issuer", "a token of the first version, because the application asks for none newer")
        .cites(&["provider 5.4"])
        .claims(|claims| claims.set("iss", format!("https://sts.windows.net/{TENANT}/")).set("ver", "1.0"))
        .rejects("issuer_not_allowed");
    let entra = |template: &str| key("test-rsa-1").public("current").set("use", "sig").set("issuer", template);
    let template = "https://login.microsoftonline.com/{tenantid}/v2.0";
    book.case("key-tenant", "the key names the issuer of every tenant")
        .cites(&["provider 5.4"])
        .jwks(&[entra(template)])
        .user("jane.doe")
        .accepts("jane.doe");
    book.case("key-consumers", "the key belongs to the tenant of personal accounts")
        .cites(&["provider 5.4"])
        .jwks(&[entra("https://login.microsoftonline.com/0f0f0f0f-6c67-4c5b-b112-36a304b66dad/v2.0")])
        .user("jane.doe")
        .rejects("key_issuer_mismatch");
    book.case("groups-overage", "more than 200 groups: the token only says where they are")
        .cites(&["provider 5.4"])
        .claim("groups")
        .claims(|claims| {
            claims
                .set("_claim_names", json!({"groups": "src1"}))
                .set("_claim_sources", json!({"src1": {"endpoint": "https://graph.windows.net/x/getMemberObjects"}}))
        })
        .rejects("claim_missing");
}

fn okta(book: &mut Book) {
    book.prefix("okta-");
    let issuer = "https://dev-1234.okta.com";
    let id_token = token(&[
        ("sub", "00uhzsq8pw5e8btQZ0h7".into()),
        ("name", "Jane Doe".into()),
        ("email", "jane.doe@example.com".into()),
        ("ver", 1.into()),
        ("iss", issuer.into()),
        ("aud", "0oa1b2c3d4".into()),
        ("jti", "ID.x".into()),
        ("amr", json!(["pwd"])),
        ("idp", "00ohz".into()),
        ("preferred_username", "jane.doe@example.com".into()),
        ("auth_time", (NOW - 30).into()),
    ]);
    let line = |issuer: &str| format!(r"{issuer} /^([a-z0-9_.]+)@example\.com$ \1");
    provider(book, "okta_org", issuer, "0oa1b2c3d4", "email", &line(issuer), id_token);
    book.case("org", "an ID token of the organisation's own server")
        .cites(&["provider 5.7"])
        .user("jane.doe")
        .accepts("jane.doe");
    book.case("org-access", "an access token of the organisation's own server is for Okta itself")
        .cites(&["provider 5.7"])
        .claims(|claims| claims.set("aud", issuer))
        .user("jane.doe")
        .rejects("audience_not_allowed");
    let custom = "https://dev-1234.okta.com/oauth2/default";
    let access = token(&[
        ("ver", 1.into()),
        ("jti", "AT.x".into()),
        ("iss", custom.into()),
        ("aud", "api://default".into()),
        ("cid", "0oa1b2c3d4".into()),
        ("uid", "00uhzsq8pw5e8btQZ0h7".into()),
        ("scp", json!(["openid", "login"])),
        ("auth_time", (NOW - 30).into()),
        ("sub", "jane.doe@example.com".into()),
    ]);
    provider(book, "okta_custom", custom, "api://default", "sub", &line(custom), access);
    book.case("custom", "an access token of a custom server")
        .cites(&["provider 5.8"])
        .user("jane.doe")
        .accepts("jane.doe");
    book.case("custom-client", "a client's own token, whose subject is the client's id")
        .cites(&["provider 5.8"])
        .map(&format!("{custom} 0oa1b2c3d4 billing"))
        .claims(|claims| claims.without("uid").set("sub", "0oa1b2c3d4"))
        .accepts("billing");
    book.case("custom-is-not-org", "a token of a custom server where the organisation's is configured")
        .cites(&["provider 5.8"])
        .issuers(issuer)
        .user("jane.doe")
        .rejects("issuer_not_allowed");
}

fn auth0(book: &mut Book) {
    book.prefix("auth0-");
    let issuer = "https://example.us.auth0.com/";
    let api = token(&[
        ("iss", issuer.into()),
        ("sub", "auth0|5f7c8ec7c33c6c004bbafe82".into()),
        ("aud", json!(["https://db.example.com", "https://example.us.auth0.com/userinfo"])),
        ("azp", "my_client_id".into()),
        ("scope", "openid profile".into()),
        ("https://app.example/user", "jane".into()),
    ]);
    let map = r"https://example.us.auth0.com/ /^auth0\|([0-9a-f]+)$ a0_\1";
    provider(book, "auth0", issuer, "https://db.example.com", "sub", map, api);
    let user = "a0_5f7c8ec7c33c6c004bbafe82";
    book.case("user", "a person of the provider's own directory").cites(&["provider 5.9"]).user(user).accepts(user);
    book.case("social", "a person who came through Google")
        .cites(&["provider 5.9"])
        .claims(|claims| claims.set("sub", "google-oauth2|110169484474386276334"))
        .user(user)
        .rejects("identity_unmapped");
    book.case("machine", "a machine's token")
        .cites(&["provider 5.9"])
        .map("https://example.us.auth0.com/ my_client_id@clients billing")
        .claims(|claims| {
            claims
                .set("sub", "my_client_id@clients")
                .set("gty", "client-credentials")
                .set("aud", "https://db.example.com")
        })
        .accepts("billing");
    book.case("bar", "a line whose bar means or: it would match anybody")
        .cites(&["provider 5.9"])
        .map(r"https://example.us.auth0.com/ /^auth0|(.*)$ \1")
        .user(user)
        .rejects("identity_map_invalid");
    book.case("no-slash", "the issuer is configured without its slash")
        .cites(&["provider 5.9"])
        .issuers("https://example.us.auth0.com")
        .map(r"https://example.us.auth0.com /^auth0\|([a-z0-9]+)$ a0_\1")
        .user(user)
        .rejects("issuer_not_allowed");
    book.case("map-no-slash", "the map names the issuer without its slash, so it would be no map for it")
        .cites(&["provider 5.9"])
        .map(r"https://example.us.auth0.com /^auth0\|([a-z0-9]+)$ a0_\1")
        .user(user)
        .rejects("identity_map_invalid");
    book.case("namespaced", "a claim whose name is a URL")
        .cites(&["provider 5.9"])
        .claim("https://app.example/user")
        .map("")
        .user("jane")
        .accepts("jane");
    book.case("namespaced-pointer", "the same claim as a pointer")
        .cites(&["provider 5.9"])
        .claim("/https:~1~1app.example~1user")
        .map("")
        .user("jane")
        .accepts("jane");
}

fn keycloak(book: &mut Book) {
    book.prefix("keycloak-");
    let issuer = "https://kc.example.com/realms/corp";
    let access = token(&[
        ("jti", "onrtac:1".into()),
        ("iss", issuer.into()),
        ("aud", json!(["db-login", "account"])),
        ("sub", "f3a1c9e2-7a3f-4f6e-8f6d-1d2c3b4a5968".into()),
        ("typ", "Bearer".into()),
        ("azp", "psql".into()),
        ("sid", "0c2d".into()),
        ("realm_access", json!({"roles": ["offline_access", "analyst"]})),
        ("resource_access", json!({"db": {"roles": ["reader"]}})),
        ("scope", "openid email profile".into()),
        ("email_verified", true.into()),
        ("preferred_username", "jane.doe".into()),
        ("email", "jane.doe@example.com".into()),
    ]);
    let map = r"https://kc.example.com/realms/corp /^([a-z0-9_.]+)$ \1";
    provider(book, "keycloak", issuer, "db-login", "preferred_username", map, access);
    book.case("user", "a person, named by the preferred user name")
        .cites(&["provider 5.10"])
        .user("jane.doe")
        .accepts("jane.doe");
    book.case("at-jwt", "an access token that says so in its header")
        .cites(&["provider 5.10"])
        .header(|header| header.set("typ", "at+jwt"))
        .user("jane.doe")
        .accepts("jane.doe");
    book.case("account", "an access token with the default audience, which all clients of the realm share")
        .cites(&["provider 5.10"])
        .claims(|claims| claims.set("aud", "account"))
        .user("jane.doe")
        .rejects("audience_not_allowed");
    book.case("service-account", "a client's own token")
        .cites(&["provider 5.10"])
        .map("https://kc.example.com/realms/corp service-account-billing billing")
        .claims(|claims| claims.set("preferred_username", "service-account-billing"))
        .accepts("billing");
    book.case("no-sub", "a token of a client without the basic scope has no subject")
        .cites(&["provider 5.10"])
        .claims(|claims| claims.without("sub"))
        .user("jane.doe")
        .accepts("jane.doe");
    book.case("no-sub-needed", "the subject is the claim, and a client without the basic scope has none")
        .cites(&["provider 5.10"])
        .claim("sub")
        .claims(|claims| claims.without("sub"))
        .rejects("claim_missing");
    book.case("roles", "a nested role as the SQL user")
        .cites(&["provider 5.10"])
        .claim("/realm_access/roles")
        .map("")
        .user("analyst")
        .accepts("analyst");
    book.case("enc-key", "the realm's key set has a key for encryption too")
        .cites(&["provider 5.10"])
        .jwks(&[
            key("test-rsa-3072").public("enc").set("use", "enc").set("alg", "RSA-OAEP"),
            key("test-rsa-1").public("current").set("use", "sig").set("alg", "RS256"),
        ])
        .user("jane.doe")
        .accepts("jane.doe");
    book.case("other-realm", "a token of another realm of the same server")
        .cites(&["provider 5.10"])
        .claims(|claims| claims.set("iss", "https://kc.example.com/realms/test"))
        .user("jane.doe")
        .rejects("issuer_not_allowed");
    book.case("logout", "a logout token")
        .cites(&["provider 5.10"])
        .claims(|claims| claims.set("events", json!({"http://schemas.openid.net/event/backchannel-logout": {}})))
        .user("jane.doe")
        .rejects("typ_not_allowed");
}

fn others(book: &mut Book) {
    book.prefix("cognito-");
    let issuer = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Example";
    let access = token(&[
        ("sub", "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee".into()),
        ("token_use", "access".into()),
        ("scope", "openid".into()),
        ("iss", issuer.into()),
        ("client_id", "57cbishk4j24pabc1234567890".into()),
        ("username", "jane".into()),
    ]);
    provider(book, "cognito", issuer, "57cbishk4j24pabc1234567890", "username", "", access);
    book.case("access", "an access token, which says for which client it is in client_id alone")
        .cites(&["provider 5.13"])
        .user("jane")
        .rejects("aud_missing");
    book.case("id", "an ID token, which has an audience")
        .cites(&["provider 5.13"])
        .claim("cognito:username")
        .claims(|claims| {
            claims.set("token_use", "id").set("aud", "57cbishk4j24pabc1234567890").set("cognito:username", "jane")
        })
        .user("jane")
        .accepts("jane");

    book.prefix("other-");
    let simple = |issuer: &str, audience: &str, sub: &str| {
        token(&[("iss", issuer.into()), ("aud", audience.into()), ("sub", sub.into())])
    };
    for (id, about, issuer, sub, map, user) in [
        (
            "dex",
            "Dex",
            "https://dex.example.com",
            "CgVqYW5lEgRsZGFw",
            "https://dex.example.com CgVqYW5lEgRsZGFw jane",
            "jane",
        ),
        (
            "cockroach-cloud",
            "CockroachDB Cloud",
            "https://cockroachlabs.cloud",
            "jane@example.com",
            r"https://cockroachlabs.cloud /^([a-z]+)@example\.com$ \1",
            "jane",
        ),
        ("adfs", "AD FS", "http://adfs.example.com/adfs/services/trust", "jane", "", "jane"),
        (
            "spiffe",
            "SPIFFE",
            "https://spire.example.com",
            "spiffe://prod.example/billing",
            "https://spire.example.com spiffe://prod.example/billing billing",
            "billing",
        ),
    ] {
        provider(book, id, issuer, "db-login", "sub", map, simple(issuer, "db-login", sub));
        book.case(id, &format!("a token of {about}")).cites(&["provider 5.13"]).user(user).accepts(user);
    }
    book.case("slash-first", "a subject that begins with a slash can be no literal: the line is a regular expression")
        .cites(&["provider 5.13"])
        .map("https://spire.example.com /workload/billing billing")
        .claims(|claims| claims.set("sub", "/workload/billing"))
        .rejects("identity_map_invalid");
    book.case("slash-first-regex", "a subject that begins with a slash, as an anchored regular expression")
        .cites(&["provider 5.13"])
        .map("https://spire.example.com /^/workload/billing$ billing")
        .claims(|claims| claims.set("sub", "/workload/billing"))
        .accepts("billing");
    book.case("space", "a subject with a space, as a regular expression")
        .cites(&["provider 5.13"])
        .map(r"https://spire.example.com /^Billing\x20Service$ billing")
        .claims(|claims| claims.set("sub", "Billing Service"))
        .accepts("billing");
}
