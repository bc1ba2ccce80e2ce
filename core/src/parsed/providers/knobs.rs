//! Which knob of a provider sets what? The exact command, member or page that puts this server's audience, a claim or the
//! groups into a token.

use alloc::{format, string::String};

use super::{
    provider::{Facts, Provider},
    token_kind::TokenKind,
};
use crate::ground::{mend::Mend, text::shown};

impl Facts<'_> {
    /// How a token for the audience `wanted` is had from this token's provider.
    pub(crate) fn other_audience(self, wanted: &str) -> Mend {
        let wanted = shown(wanted);
        let Some(provider) = self.provider() else {
            return Mend::client(format!("ask the identity provider for a token with audience `{wanted}`"));
        };
        if self.kind() == Some(TokenKind::OktaItself) || provider == Provider::Cognito {
            return Mend::client(id_token(provider));
        }
        if self.kind() == Some(TokenKind::Graph) {
            return Mend::client(format!(
                "request a token for an application of your own, not for Graph: the scope {}",
                entra_scope(&wanted)
            ));
        }
        audience(provider, &wanted)
    }

    /// How the provider is brought to write a claim that its token lacks.
    pub(crate) fn claim_written(self, claim: &str) -> Option<Mend> {
        let text = match (self.provider()?, claim.trim_start_matches('/')) {
            (Provider::Keycloak, "sub") => {
                "in Keycloak add the client scope `basic` to the client: it holds the mapper that writes `sub`".into()
            }
            (Provider::Keycloak, "email" | "email_verified") => {
                "in Keycloak add the client scope `email` to the client, and request the scope `email`".into()
            }
            (Provider::Keycloak, "preferred_username") => {
                "in Keycloak add the client scope `profile` to the client, and request the scope `profile`".into()
            }
            (Provider::Keycloak, name) => {
                format!("in Keycloak add a mapper that writes `{}` to the client", shown(name))
            }
            (Provider::Google, "email" | "email_verified") => {
                "request the ID token with the scope `email`; for a service \
                                                               account with `gcloud auth print-identity-token \
                                                               --include-email`, or `includeEmail` in the request"
                    .into()
            }
            (Provider::Entra, name @ ("email" | "upn")) => {
                format!("add `{name}` to the application's optional claims in Entra (Token configuration)")
            }
            (Provider::OktaCustom, name) => {
                format!("add a claim `{}` to the authorization server in Okta (Security, API, Claims)", shown(name))
            }
            (Provider::Auth0, name) => format!(
                "add the claim in an Auth0 Action with `api.accessToken.setCustomClaim` or `api.idToken.setCustomClaim`, \
                 as it writes no `{}` by itself",
                shown(name)
            ),
            (Provider::Cognito, "cognito:username" | "email") if self.kind() == Some(TokenKind::Access) => {
                id_token(Provider::Cognito)
            }
            (Provider::Dex | Provider::Rauthy | Provider::Zitadel, "email" | "email_verified") => {
                "request the scope `email` too, and send the ID token".into()
            }
            (Provider::Vault, name) => {
                format!("write `{}` into the template of the role in Vault (`identity/oidc/role/…`)", shown(name))
            }
            (Provider::Adfs, name) => {
                format!("add an issuance transform rule to the application in AD FS that writes `{}`", shown(name))
            }
            _ => return None,
        };
        Some(Mend::provider(text))
    }

    /// How the provider is brought to write a person's groups into the claim.
    pub(crate) fn groups_written(self, claim: &str) -> Option<Mend> {
        let claim = shown(claim);
        let text = match self.provider()? {
            Provider::Keycloak => format!(
                "in Keycloak add a mapper `Group Membership` with the claim name `{claim}` to the client, without `Full \
                 group path`"
            ),
            Provider::Entra => format!(
                "in Entra add the groups claim to the application (Token configuration), and choose the groups assigned to \
                 the application; it writes `groups`, so `{claim}` has to be that"
            ),
            Provider::OktaCustom | Provider::OktaOrg => {
                format!("in Okta add a groups claim `{claim}` to the authorization server or the application")
            }
            Provider::Cognito => format!(
                "Cognito writes the groups into `cognito:groups`, which no group claim can be called: copy them into \
                 `{claim}` in a pre token generation trigger of the user pool"
            ),
            Provider::Auth0 => format!("add the claim `{claim}` in an Auth0 Action"),
            _ => return None,
        };
        Some(Mend::provider(text))
    }
}

fn id_token(provider: Provider) -> String {
    format!("send the ID token of the same sign-in: {}'s access tokens are not for other servers", provider.name())
}

/// Where each provider sets the audience.
fn audience(provider: Provider, wanted: &str) -> Mend {
    let client = |text: String| Mend::client(text);
    let administrator = |text: String| Mend::provider(text);
    match provider {
        Provider::Google => client(format!(
            "request a Google token for `{wanted}`: people sign in with that client id, service accounts use `gcloud auth \
             print-identity-token --audiences={wanted}`"
        )),
        Provider::Entra => client(format!(
            "request a token for the resource `{wanted}`: `az account get-access-token --resource {wanted}`, or the scope \
             {}",
            entra_scope(wanted)
        )),
        Provider::EntraB2c | Provider::EntraExternalId => {
            client(format!("sign in with a scope of the application `{wanted}`"))
        }
        Provider::OktaOrg => client(format!("sign in with the client `{wanted}` and send the ID token")),
        Provider::OktaCustom => administrator(format!(
            "request the token from the authorization server whose audience is `{wanted}` (Okta, Security, API)"
        )),
        Provider::Auth0 => {
            client(format!("request the token with `audience={wanted}`, the identifier of your API in Auth0"))
        }
        Provider::Keycloak => administrator(format!(
            "in Keycloak add an audience mapper (Included Custom Audience `{wanted}`) to the client or one of its client \
             scopes"
        )),
        Provider::GitHub => client(format!(
            "have the job request its ID token with this audience: `core.getIDToken('{wanted}')`, or `&audience={wanted}` \
             at the request's address"
        )),
        Provider::GitLab => client(format!("write `aud: {wanted}` under the job's `id_tokens:`")),
        Provider::CircleCi => {
            client(format!("mint the token with `circleci run oidc get --claims '{{\"aud\": \"{wanted}\"}}'`"))
        }
        Provider::Buildkite => {
            client(format!("request the token with `buildkite-agent oidc request-token --audience {wanted}`"))
        }
        Provider::Terraform => {
            client(format!("set the workspace variable `TFC_WORKLOAD_IDENTITY_AUDIENCE` to `{wanted}`"))
        }
        Provider::Kubernetes | Provider::Eks | Provider::Gke | Provider::Aks => client(format!(
            "mount a projected service account token with `audience: {wanted}`, or use `kubectl create token \
             SERVICE_ACCOUNT --audience {wanted}`"
        )),
        Provider::AwsIam => {
            client(format!("request the token with `aws sts get-web-identity-token --audience {wanted}`"))
        }
        Provider::Spire => client(format!("fetch the token with `spire-agent api fetch jwt -audience {wanted}`")),
        Provider::Vault => {
            administrator(format!("set the `client_id` of the role in Vault (`identity/oidc/role/…`) to `{wanted}`"))
        }
        Provider::Adfs => {
            client(format!("request the token with `resource={wanted}`, the identifier of the application in AD FS"))
        }
        Provider::Zitadel => client(format!("request the scope `urn:zitadel:iam:org:project:id:{wanted}:aud` too")),
        Provider::Dex => client(format!(
            "sign in with the client `{wanted}`, or request the scope `audience:server:client_id:{wanted}` too"
        )),
        Provider::Apple | Provider::Authentik | Provider::OneLogin | Provider::Rauthy | Provider::Duo => {
            client(format!("sign in with the client `{wanted}` of {}", provider.name()))
        }
        Provider::PingOne | Provider::ForgeRock => {
            administrator(format!("request a token for a resource of {} whose audience is `{wanted}`", provider.name()))
        }
        Provider::Cognito => client(id_token(provider)),
        Provider::AzureDevOps | Provider::Bitbucket | Provider::CockroachCloud | Provider::Jenkins => {
            client(format!("ask {} for a token with audience `{wanted}`", provider.name()))
        }
    }
}

/// A scope of an application that is named by its id or by its address.
fn entra_scope(wanted: &str) -> String {
    let address = if wanted.contains("://") { wanted.into() } else { format!("api://{wanted}") };
    format!("`{}/.default`", address.trim_end_matches('/'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::json::{Document, Duplicates};

    fn told(issuer: &str, members: &str, ask: impl FnOnce(Facts<'_>) -> Option<Mend>) -> String {
        let claims = format!(r#"{{"iss":"{issuer}"{members}}}"#);
        let document = Document::parse(&claims, Duplicates::RefusedAtTop).unwrap();
        let facts = Facts { header: None, claims: document.root() };
        // No knob makes this server trust more.
        ask(facts).map(|mend| String::from(mend.text().unwrap())).unwrap_or_default()
    }

    #[test]
    fn each_provider_names_its_own_knob_and_the_audience_wanted() {
        for (issuer, members, knob) in [
            ("https://sts.windows.net/t/", "", "az account get-access-token --resource db-1"),
            ("https://sts.windows.net/t/", r#","aud":"https://graph.microsoft.com""#, "`api://db-1/.default`"),
            ("https://kc.example/realms/r", "", "audience mapper (Included Custom Audience `db-1`)"),
            (
                "https://k.example",
                r#","sub":"system:serviceaccount:a:b""#,
                "kubectl create token SERVICE_ACCOUNT --audience db-1",
            ),
            ("https://oidc.eks.us-east-1.amazonaws.com/id/8E", "", "`audience: db-1`"),
            ("https://gitlab.com", "", "`aud: db-1`"),
            ("https://token.actions.githubusercontent.com", "", "core.getIDToken('db-1')"),
            ("https://oidc.circleci.com/org/o", "", r#"{"aud": "db-1"}"#),
            ("https://agent.buildkite.com", "", "--audience db-1"),
            ("https://t.auth0.com/", "", "audience=db-1"),
            ("https://accounts.google.com", "", "--audiences=db-1"),
            ("https://x.tokens.sts.global.api.aws", "", "get-web-identity-token --audience db-1"),
            ("https://z.zitadel.cloud", "", "id:db-1:aud"),
            ("https://idp.example", "", "ask the identity provider for a token with audience `db-1`"),
        ] {
            let text = told(issuer, members, |facts| Some(facts.other_audience("db-1")));
            assert!(text.contains(knob), "{issuer}: {text}");
        }
        for (issuer, members) in [
            ("https://d.okta.com", r#","cid":"0oa1""#),
            ("https://cognito-idp.us-east-1.amazonaws.com/p", r#","token_use":"access""#),
        ] {
            assert!(told(issuer, members, |facts| Some(facts.other_audience("0oa1"))).contains("send the ID token"));
        }
    }

    #[test]
    fn a_claim_that_is_missing_is_written_by_the_knob_of_its_provider() {
        for (issuer, claim, knob) in [
            ("https://kc.example/realms/r", "sub", "client scope `basic`"),
            ("https://kc.example/realms/r", "/email", "client scope `email`"),
            ("https://kc.example/realms/r", "team", "a mapper that writes `team`"),
            ("https://accounts.google.com", "email", "--include-email"),
            ("https://sts.windows.net/t/", "upn", "optional claims"),
            ("https://login.example/dex", "email", "the scope `email`"),
            ("https://vault.example/v1/identity/oidc", "username", "template of the role"),
            ("http://adfs.example/adfs/services/trust", "upn", "issuance transform rule"),
            ("https://idp.example", "sub", ""),
        ] {
            assert!(told(issuer, "", |facts| facts.claim_written(claim)).contains(knob), "{issuer} {claim}");
        }
        assert!(
            told("https://kc.example/realms/r", "", |facts| facts.groups_written("groups"))
                .contains("Group Membership")
        );
        assert_eq!(told("https://idp.example", "", |facts| facts.groups_written("groups")), "");
    }
}
