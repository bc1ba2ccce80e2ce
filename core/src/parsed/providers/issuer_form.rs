//! How does a provider that runs its own hosts write its issuer? Told only where it is the same for everybody.

use alloc::{format, string::String};

use super::{key_set::entra, provider::Provider};

impl Provider {
    /// The issuer as the provider writes it, where the one given differs in its closing slash or in the case of scheme and
    /// host.
    pub(crate) fn spelling(self, issuer: &str) -> Option<String> {
        let (scheme, rest) = issuer.split_once("://")?;
        let (host, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
        let ends_with_slash = match self {
            // Entra, "Access token claims reference": v1 with a slash, v2 without.
            Self::Entra => match entra(issuer)?.0 {
                1 if host.starts_with("sts.") => true,
                2 => false,
                _ => return None,
            },
            // Auth0, "Validate JSON Web Tokens".
            Self::Auth0 => true,
            Self::Apple
            | Self::Buildkite
            | Self::Cognito
            | Self::Eks
            | Self::GitHub
            | Self::GitLab
            | Self::Google
            | Self::OktaCustom
            | Self::OktaOrg
            | Self::Terraform => false,
            _ => return None,
        };
        let slash = if ends_with_slash { "/" } else { "" };
        let (scheme, host) = (scheme.to_ascii_lowercase(), host.to_ascii_lowercase());
        let written = format!("{scheme}://{host}{}{slash}", path.trim_end_matches('/'));
        (written != issuer).then_some(written)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slashes_and_case_are_the_provider_s() {
        for (issuer, written) in [
            ("https://sts.windows.net/T", Some("https://sts.windows.net/T/")),
            ("https://sts.windows.net/T/", None),
            ("https://login.microsoftonline.com/T/v2.0/", Some("https://login.microsoftonline.com/T/v2.0")),
            ("https://login.microsoftonline.com/T/v2.0", None),
            ("https://login.microsoftonline.com/T", None),
            ("https://t.us.auth0.com", Some("https://t.us.auth0.com/")),
            ("HTTPS://Accounts.Google.com", Some("https://accounts.google.com")),
            ("https://d.okta.com/oauth2/default/", Some("https://d.okta.com/oauth2/default")),
            ("https://kc.example/realms/R/", None),
            ("https://idp.example/", None),
            ("accounts.google.com", None),
        ] {
            let spelling = Provider::of(issuer, None).and_then(|provider| provider.spelling(issuer));
            assert_eq!(spelling.as_deref(), written, "{issuer}");
        }
    }
}
