//! Where does a provider serve its key set? As its discovery document names it; only where that is certain.

use alloc::{format, string::String};

use super::provider::{Facts, Provider};

impl Provider {
    /// The address of the key set that verifies an issuer's tokens.
    pub(crate) fn key_set(self, issuer: &str) -> Option<String> {
        let base = issuer.strip_suffix('/').unwrap_or(issuer);
        let below = |path: &str| Some(format!("{base}/{path}"));
        match self {
            Self::Google => Some("https://www.googleapis.com/oauth2/v3/certs".into()),
            Self::Apple => Some("https://appleid.apple.com/auth/keys".into()),
            Self::Entra => entra_keys(issuer),
            Self::OktaOrg => below("oauth2/v1/keys"),
            Self::OktaCustom => below("v1/keys"),
            Self::Auth0 | Self::Cognito | Self::AwsIam => below(".well-known/jwks.json"),
            Self::Keycloak => below("protocol/openid-connect/certs"),
            Self::GitHub | Self::Buildkite | Self::Terraform => below(".well-known/jwks"),
            Self::GitLab => below("oauth/discovery/keys"),
            Self::CircleCi => below(".well-known/jwks-pub.json"),
            Self::Bitbucket => below("keys.json"),
            Self::Eks | Self::Dex => below("keys"),
            Self::Gke | Self::PingOne | Self::Jenkins => below("jwks"),
            Self::Aks => below("openid/v1/jwks"),
            Self::Vault => below(".well-known/keys"),
            Self::Zitadel => below("oauth/v2/keys"),
            Self::Rauthy => below("oidc/certs"),
            Self::Authentik => below("jwks/"),
            Self::OneLogin => below("certs"),
            Self::ForgeRock => below("connect/jwk_uri"),
            Self::Adfs => adfs(issuer),
            Self::Kubernetes
            | Self::AzureDevOps
            | Self::CockroachCloud
            | Self::Duo
            | Self::EntraB2c
            | Self::EntraExternalId
            | Self::Spire => None,
        }
    }
}

impl Provider {
    /// How often it signs with new keys, where it says so.
    pub(crate) fn changes_keys(self) -> Option<&'static str> {
        match self {
            // Amazon EKS, "Service accounts": the signing key is replaced every seven days.
            Self::Eks => Some("every 7 days"),
            // Okta, "Key rotation": four times a year unless somebody does it by hand.
            Self::OktaCustom | Self::OktaOrg => Some("about four times a year"),
            _ => None,
        }
    }
}

impl Facts<'_> {
    /// The address of the key set that verifies this token.
    pub(crate) fn key_set(self) -> Option<String> {
        self.provider()?.key_set(&self.issuer())
    }
}

/// The version and the tenant of an issuer of Entra, and the host that serves its keys.
pub(crate) fn entra(issuer: &str) -> Option<(u8, &str, &'static str)> {
    let rest = issuer.split_once("://").map_or(issuer, |(_, rest)| rest);
    let (host, path) = rest.split_once('/')?;
    let tenant = path.split('/').next().filter(|tenant| !tenant.is_empty())?;
    let cloud = match host {
        "sts.windows.net" | "login.microsoftonline.com" | "login.windows.net" => "login.microsoftonline.com",
        "login.microsoftonline.us" => "login.microsoftonline.us",
        "sts.chinacloudapi.cn" | "login.partner.microsoftonline.cn" | "login.chinacloudapi.cn" => {
            "login.partner.microsoftonline.cn"
        }
        _ => return None,
    };
    let version = if path.trim_end_matches('/').ends_with("/v2.0") { 2 } else { 1 };
    Some((version, tenant, cloud))
}

/// Whether that stands in Entra's addresses for whichever tenant signs in.
pub(crate) fn is_entra_alias(tenant: &str) -> bool {
    ["common", "organizations", "consumers", "{tenantid}", "{tid}", "{tenant}"].contains(&tenant)
}

fn entra_keys(issuer: &str) -> Option<String> {
    let (version, tenant, cloud) = entra(issuer)?;
    let path = if version == 2 { "discovery/v2.0/keys" } else { "discovery/keys" };
    Some(format!("https://{cloud}/{tenant}/{path}"))
}

/// AD FS names itself over http and serves its keys over https.
fn adfs(issuer: &str) -> Option<String> {
    let rest = issuer.split_once("://")?.1;
    let authority = rest.split('/').next().filter(|authority| !authority.is_empty())?;
    Some(format!("https://{authority}/adfs/discovery/keys"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_addresses_are_those_of_the_discovery_documents() {
        for (issuer, address) in [
            ("https://accounts.google.com", "https://www.googleapis.com/oauth2/v3/certs"),
            ("https://sts.windows.net/t1/", "https://login.microsoftonline.com/t1/discovery/keys"),
            ("https://login.microsoftonline.com/t1/v2.0", "https://login.microsoftonline.com/t1/discovery/v2.0/keys"),
            ("https://login.microsoftonline.us/t1/v2.0", "https://login.microsoftonline.us/t1/discovery/v2.0/keys"),
            ("https://sts.chinacloudapi.cn/t1/", "https://login.partner.microsoftonline.cn/t1/discovery/keys"),
            ("https://d.okta.com", "https://d.okta.com/oauth2/v1/keys"),
            ("https://d.okta.com/oauth2/default", "https://d.okta.com/oauth2/default/v1/keys"),
            ("https://t.us.auth0.com/", "https://t.us.auth0.com/.well-known/jwks.json"),
            ("https://kc.example.com/realms/r", "https://kc.example.com/realms/r/protocol/openid-connect/certs"),
            ("http://adfs.corp.example/adfs/services/trust", "https://adfs.corp.example/adfs/discovery/keys"),
            ("https://oidc.eks.us-west-2.amazonaws.com/id/8E", "https://oidc.eks.us-west-2.amazonaws.com/id/8E/keys"),
            (
                "https://vault.example:8200/v1/identity/oidc",
                "https://vault.example:8200/v1/identity/oidc/.well-known/keys",
            ),
        ] {
            let provider = Provider::of(issuer, None).unwrap();
            assert_eq!(provider.key_set(issuer).as_deref(), Some(address), "{issuer}");
        }
        assert_eq!(Provider::Entra.key_set("https://login.microsoftonline.de/t/v2.0"), None);
        assert_eq!(Provider::Kubernetes.key_set("https://kubernetes.default.svc"), None);
    }
}
