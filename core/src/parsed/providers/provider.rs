//! Which identity provider issued this token? Told by its issuer and, where people run the provider themselves, by what
//! only its tokens say. Nothing here is proven: it is for texts, never for decisions.

use alloc::{borrow::Cow, string::String};

use crate::ground::json::Value;

/// An identity provider whose tokens are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Provider {
    Adfs,
    Aks,
    Apple,
    Auth0,
    Authentik,
    AwsIam,
    AzureDevOps,
    Bitbucket,
    Buildkite,
    CircleCi,
    CockroachCloud,
    Cognito,
    Dex,
    Duo,
    Eks,
    Entra,
    EntraB2c,
    EntraExternalId,
    ForgeRock,
    GitHub,
    GitLab,
    Gke,
    Google,
    Jenkins,
    Keycloak,
    Kubernetes,
    OktaCustom,
    OktaOrg,
    OneLogin,
    PingOne,
    Rauthy,
    Spire,
    Terraform,
    Vault,
    Zitadel,
}

impl Provider {
    /// What people call it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Adfs => "AD FS",
            Self::Aks => "Azure Kubernetes Service",
            Self::Apple => "Apple",
            Self::Auth0 => "Auth0",
            Self::Authentik => "authentik",
            Self::AwsIam => "AWS IAM",
            Self::AzureDevOps => "Azure DevOps",
            Self::Bitbucket => "Bitbucket Pipelines",
            Self::Buildkite => "Buildkite",
            Self::CircleCi => "CircleCI",
            Self::CockroachCloud => "CockroachDB Cloud",
            Self::Cognito => "Cognito",
            Self::Dex => "Dex",
            Self::Duo => "Duo",
            Self::Eks => "Amazon EKS",
            Self::Entra => "Entra",
            Self::EntraB2c => "Azure AD B2C",
            Self::EntraExternalId => "Entra External ID",
            Self::ForgeRock => "ForgeRock",
            Self::GitHub => "GitHub",
            Self::GitLab => "GitLab",
            Self::Gke => "Google Kubernetes Engine",
            Self::Google => "Google",
            Self::Jenkins => "Jenkins",
            Self::Keycloak => "Keycloak",
            Self::Kubernetes => "Kubernetes",
            Self::OktaCustom | Self::OktaOrg => "Okta",
            Self::OneLogin => "OneLogin",
            Self::PingOne => "PingOne",
            Self::Rauthy => "Rauthy",
            Self::Spire => "SPIRE",
            Self::Terraform => "HCP Terraform",
            Self::Vault => "Vault",
            Self::Zitadel => "ZITADEL",
        }
    }

    /// What its issuers are that differ: "another …".
    pub(crate) const fn tenancy(self) -> Option<&'static str> {
        Some(match self {
            Self::Entra | Self::EntraB2c | Self::EntraExternalId | Self::Auth0 | Self::OktaOrg | Self::OneLogin => {
                "tenant"
            }
            Self::Keycloak => "realm",
            Self::Aks | Self::Eks | Self::Gke | Self::Kubernetes => "cluster",
            Self::OktaCustom => "authorization server",
            Self::Cognito => "user pool",
            Self::PingOne => "environment",
            Self::CircleCi | Self::AzureDevOps => "organization",
            Self::Bitbucket => "workspace",
            Self::AwsIam => "account",
            _ => return None,
        })
    }

    /// Whether it issues tokens to workloads of a cluster.
    pub(crate) const fn is_cluster(self) -> bool {
        matches!(self, Self::Aks | Self::Eks | Self::Gke | Self::Kubernetes)
    }
}

/// The claims in which providers name the application for which a token was requested.
const CLIENT: [&str; 4] = ["azp", "appid", "cid", "client_id"];

/// What a token says about itself, for whoever describes it.
#[derive(Clone, Copy)]
pub(crate) struct Facts<'t> {
    pub(crate) header: Option<Value<'t>>,
    pub(crate) claims: Value<'t>,
}

impl<'t> Facts<'t> {
    /// A claim that is a text.
    pub(crate) fn text(self, name: &str) -> Option<Cow<'t, str>> {
        self.claims.member(name)?.string()
    }

    /// The token's issuer.
    pub(crate) fn issuer(self) -> Cow<'t, str> {
        self.text("iss").unwrap_or_default()
    }

    /// The token's provider.
    pub(crate) fn provider(self) -> Option<Provider> {
        Provider::of(&self.issuer(), Some(self.claims))
    }

    /// The claim that names the application for which the token was requested, and that application.
    pub(crate) fn client(self) -> Option<(&'static str, String)> {
        CLIENT.into_iter().find_map(|name| Some((name, self.text(name)?.into_owned())))
    }

    /// The claim that names this application as the one for which the token was requested.
    pub(crate) fn client_claim(self, application: &str) -> Option<&'static str> {
        CLIENT.into_iter().find(|name| self.text(name).is_some_and(|value| value == application))
    }

    /// Whether the application itself has logged in, and nobody through it.
    pub(crate) fn is_of_an_application(self) -> bool {
        let subject = self.text("sub");
        let client = self.client().map(|(_, client)| client);
        let is_client =
            |subject: &str| client.as_deref().is_some_and(|client| subject.split('@').next() == Some(client));
        subject.as_deref().is_some_and(is_client)
            || subject.is_some() && subject == self.text("oid")
            || self.text("idtyp").as_deref() == Some("app")
            || self.text("gty").as_deref() == Some("client-credentials")
    }

    pub(super) fn has(self, name: &str) -> bool {
        self.claims.member(name).is_some()
    }

    pub(super) fn header_has(self, name: &str) -> bool {
        self.header.is_some_and(|header| header.member(name).is_some())
    }
}
