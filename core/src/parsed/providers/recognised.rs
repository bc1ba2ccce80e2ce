//! By what is a provider known? The form of its issuers, as its documentation gives them, and claims that no other writes.

use alloc::string::String;

use super::provider::Provider;
use crate::ground::json::Value;

impl Provider {
    /// The provider of a token, given its issuer and its claims; without claims by the issuer's name alone.
    pub(crate) fn of(issuer: &str, claims: Option<Value<'_>>) -> Option<Self> {
        by_issuer(issuer).or_else(|| by_claims(issuer, claims?))
    }
}

/// The provider whose issuers look like this one.
fn by_issuer(issuer: &str) -> Option<Provider> {
    let rest = issuer.split_once("://").map_or(issuer, |(_, rest)| rest);
    let (authority, path) = rest.find(['/', '?', '#']).map_or((rest, ""), |at| rest.split_at(at));
    let host: String = authority.split(':').next().unwrap_or_default().to_ascii_lowercase();
    let path = path.trim_end_matches('/');
    ROWS.iter().find(|(form, _)| form.fits(&host, path)).map(|&(_, provider)| provider)
}

/// The provider that writes such claims, for issuers that people name themselves.
fn by_claims(issuer: &str, claims: Value<'_>) -> Option<Provider> {
    let has = |name: &str| claims.member(name).is_some();
    let subject = claims.member("sub").and_then(Value::string).unwrap_or_default();
    let kubernetes = has("kubernetes.io")
        || has("kubernetes.io/serviceaccount/namespace")
        || subject.starts_with("system:serviceaccount:")
        || issuer == "kubernetes/serviceaccount";
    Some(if kubernetes {
        Provider::Kubernetes
    } else if subject.starts_with("spiffe://") {
        Provider::Spire
    } else if has("repository") && has("job_workflow_ref") {
        Provider::GitHub
    } else if subject.starts_with("project_path:") || has("project_path") && has("namespace_path") {
        Provider::GitLab
    } else if claims.members().any(|(name, _)| name.string().is_some_and(|name| name.starts_with("urn:zitadel:iam:"))) {
        Provider::Zitadel
    } else if has("build_number") && issuer.trim_end_matches('/').ends_with("/oidc") {
        Provider::Jenkins
    } else {
        return None;
    })
}

/// The form of an issuer.
enum Form {
    /// This host, or one below it, whatever the path.
    Host(&'static str),
    /// This host, or one below it, and a path that begins so.
    HostPath(&'static str, &'static str),
    /// This host, or one below it, without a path.
    Bare(&'static str),
    /// A path that ends so, on any host.
    Ends(&'static str),
    /// A path that holds this, on any host.
    Holds(&'static str),
    /// A host that begins and one that ends so.
    Spans(&'static str, &'static str),
}

use Form::{Bare, Ends, Holds, Host, HostPath, Spans};

impl Form {
    fn fits(&self, host: &str, path: &str) -> bool {
        let on = |domain: &str| host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
        match *self {
            Host(domain) => on(domain),
            HostPath(domain, start) => on(domain) && path.starts_with(start),
            Bare(domain) => on(domain) && path.is_empty(),
            Ends(end) => path.ends_with(end),
            Holds(part) => path.contains(part),
            Spans(start, end) => host.starts_with(start) && host.ends_with(end),
        }
    }
}

/// From the most particular to the least.
const ROWS: &[(Form, Provider)] = &[
    (Host("accounts.google.com"), Provider::Google),
    // Entra: v1, v2, and the clouds of the United States, China and formerly Germany.
    (Host("sts.windows.net"), Provider::Entra),
    (Host("sts.chinacloudapi.cn"), Provider::Entra),
    (Host("login.microsoftonline.com"), Provider::Entra),
    (Host("login.microsoftonline.us"), Provider::Entra),
    (Host("login.partner.microsoftonline.cn"), Provider::Entra),
    (Host("login.chinacloudapi.cn"), Provider::Entra),
    (Host("login.microsoftonline.de"), Provider::Entra),
    (Host("login.windows.net"), Provider::Entra),
    (Host("b2clogin.com"), Provider::EntraB2c),
    (Host("ciamlogin.com"), Provider::EntraExternalId),
    // Okta: the organization has no path, each authorization server `/oauth2/<id>`.
    (HostPath("okta.com", "/oauth2/"), Provider::OktaCustom),
    (HostPath("oktapreview.com", "/oauth2/"), Provider::OktaCustom),
    (HostPath("okta-emea.com", "/oauth2/"), Provider::OktaCustom),
    (HostPath("okta-gov.com", "/oauth2/"), Provider::OktaCustom),
    (Bare("okta.com"), Provider::OktaOrg),
    (Bare("oktapreview.com"), Provider::OktaOrg),
    (Bare("okta-emea.com"), Provider::OktaOrg),
    (Bare("okta-gov.com"), Provider::OktaOrg),
    (Host("auth0.com"), Provider::Auth0),
    (Host("appleid.apple.com"), Provider::Apple),
    // Jobs.
    (Host("token.actions.githubusercontent.com"), Provider::GitHub),
    (Spans("token.actions.", ".ghe.com"), Provider::GitHub),
    (Ends("/_services/token"), Provider::GitHub),
    (Bare("gitlab.com"), Provider::GitLab),
    (Host("oidc.circleci.com"), Provider::CircleCi),
    (Host("agent.buildkite.com"), Provider::Buildkite),
    (Ends("/pipelines-config/identity/oidc"), Provider::Bitbucket),
    (Host("vstoken.dev.azure.com"), Provider::AzureDevOps),
    (Host("app.terraform.io"), Provider::Terraform),
    // Clusters.
    (Spans("oidc.eks.", ".amazonaws.com"), Provider::Eks),
    (Spans("oidc.eks.", ".amazonaws.com.cn"), Provider::Eks),
    (HostPath("container.googleapis.com", "/v1/projects/"), Provider::Gke),
    (Host("oic.prod-aks.azure.com"), Provider::Aks),
    (Bare("kubernetes.default.svc"), Provider::Kubernetes),
    (Bare("kubernetes.default.svc.cluster.local"), Provider::Kubernetes),
    // Services.
    (Spans("cognito-idp.", ".amazonaws.com"), Provider::Cognito),
    (Host("tokens.sts.global.api.aws"), Provider::AwsIam),
    (Host("cockroachlabs.cloud"), Provider::CockroachCloud),
    (Host("onelogin.com"), Provider::OneLogin),
    (Spans("auth.pingone.", ""), Provider::PingOne),
    (Host("sso.duosecurity.com"), Provider::Duo),
    (Host("zitadel.cloud"), Provider::Zitadel),
    // What people run themselves is known by its path.
    (Holds("/am/oauth2"), Provider::ForgeRock),
    (Holds("/openam/oauth2"), Provider::ForgeRock),
    (Holds("/realms/"), Provider::Keycloak),
    (Holds("/adfs"), Provider::Adfs),
    (Holds("/application/o/"), Provider::Authentik),
    (Holds("/v1/identity/oidc"), Provider::Vault),
    (Ends("/auth/v1"), Provider::Rauthy),
    (Ends("/dex"), Provider::Dex),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::json::{Document, Duplicates};

    fn of(issuer: &str, claims: &str) -> Option<Provider> {
        let document = Document::parse(claims, Duplicates::RefusedAtTop).unwrap();
        Provider::of(issuer, Some(document.root()))
    }

    #[test]
    fn every_provider_is_known_by_an_issuer_of_its_own() {
        use Provider as P;
        for (issuer, provider) in [
            ("https://accounts.google.com", P::Google),
            ("accounts.google.com", P::Google),
            ("https://sts.windows.net/11111111-2222-3333-4444-555555555555/", P::Entra),
            ("https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555/v2.0", P::Entra),
            ("https://login.microsoftonline.us/t/v2.0", P::Entra),
            ("https://login.partner.microsoftonline.cn/t/v2.0", P::Entra),
            ("https://contoso.b2clogin.com/t/v2.0/", P::EntraB2c),
            ("https://t.ciamlogin.com/t/v2.0", P::EntraExternalId),
            ("https://dev-1.okta.com", P::OktaOrg),
            ("https://dev-1.okta.com/oauth2/default", P::OktaCustom),
            ("https://dev-1.oktapreview.com/oauth2/aus1", P::OktaCustom),
            ("https://t.eu.auth0.com/", P::Auth0),
            ("https://kc.example.com/realms/corp", P::Keycloak),
            ("https://kc.example.com/auth/realms/corp", P::Keycloak),
            ("https://token.actions.githubusercontent.com", P::GitHub),
            ("https://token.actions.githubusercontent.com/acme", P::GitHub),
            ("https://token.actions.acme.ghe.com", P::GitHub),
            ("https://github.acme.example/_services/token", P::GitHub),
            ("https://gitlab.com", P::GitLab),
            ("https://oidc.circleci.com/org/6f1c3b2a-aaaa-4bbb-8ccc-001122334455", P::CircleCi),
            ("https://agent.buildkite.com", P::Buildkite),
            ("https://api.bitbucket.org/2.0/workspaces/w/pipelines-config/identity/oidc", P::Bitbucket),
            ("https://vstoken.dev.azure.com/6f1c3b2a", P::AzureDevOps),
            ("https://app.terraform.io", P::Terraform),
            ("https://oidc.eks.us-west-2.amazonaws.com/id/8EBD", P::Eks),
            ("https://container.googleapis.com/v1/projects/p/locations/l/clusters/c", P::Gke),
            ("https://westeurope.oic.prod-aks.azure.com/t/u/", P::Aks),
            ("https://kubernetes.default.svc", P::Kubernetes),
            ("https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Example", P::Cognito),
            ("https://aaaa.tokens.sts.global.api.aws", P::AwsIam),
            ("https://cockroachlabs.cloud", P::CockroachCloud),
            ("https://acme.onelogin.com/oidc/2", P::OneLogin),
            ("https://auth.pingone.eu/e/as", P::PingOne),
            ("https://sso-1.sso.duosecurity.com/oidc/D1", P::Duo),
            ("https://acme-x1.zitadel.cloud", P::Zitadel),
            ("http://adfs.corp.example/adfs/services/trust", P::Adfs),
            ("https://adfs.corp.example/adfs", P::Adfs),
            ("https://auth.corp.example/application/o/db/", P::Authentik),
            ("https://vault.example.com:8200/v1/identity/oidc", P::Vault),
            ("https://iam.example.com/auth/v1/", P::Rauthy),
            ("https://appleid.apple.com", P::Apple),
            ("https://login.corp.example/dex", P::Dex),
            ("https://id.corp.example/am/oauth2/realms/root", P::ForgeRock),
        ] {
            assert_eq!(Provider::of(issuer, None), Some(provider), "{issuer}");
        }
    }

    #[test]
    fn look_alikes_are_nobody_s() {
        for issuer in [
            "https://accounts.google.com.evil.example",
            "https://evil.example/accounts.google.com",
            "https://notokta.com",
            "https://okta.com.evil.example/oauth2/default",
            "https://oidc.eks.evil.example/id/1",
            "https://login.microsoftonline.com.evil.example/t/v2.0",
            "https://idp.example",
            "",
        ] {
            assert_eq!(of(issuer, "{}"), None, "{issuer}");
        }
    }

    #[test]
    fn providers_that_people_run_themselves_are_known_by_their_claims() {
        for (issuer, claims, provider) in [
            ("https://k.example", r#"{"sub": "system:serviceaccount:prod:billing"}"#, Provider::Kubernetes),
            ("kubernetes/serviceaccount", r#"{"sub": "x"}"#, Provider::Kubernetes),
            ("https://k.example", r#"{"kubernetes.io": {}}"#, Provider::Kubernetes),
            ("https://spire.example", r#"{"sub": "spiffe://example.org/db"}"#, Provider::Spire),
            ("https://git.example", r#"{"sub": "project_path:g/p:ref_type:branch:ref:main"}"#, Provider::GitLab),
            ("https://git.example", r#"{"sub": "x", "project_path": "g/p", "namespace_path": "g"}"#, Provider::GitLab),
            ("https://z.example", r#"{"urn:zitadel:iam:org:id": "1"}"#, Provider::Zitadel),
            (
                "https://ci.example.com/oidc",
                r#"{"sub": "https://ci.example.com/job/etl/", "build_number": 7}"#,
                Provider::Jenkins,
            ),
        ] {
            assert_eq!(of(issuer, claims), Some(provider), "{issuer}");
        }
        assert_eq!(of("https://idp.example", r#"{"sub": "alice", "email": "a@b.c"}"#), None);
    }
}
