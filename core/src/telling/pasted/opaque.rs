//! Whose token, key or secret is this, if it is no JSON Web Token? Told by how it begins.

/// What the text is, and what to request in its place; neither holds a part of the text.
pub(super) fn what(text: &str) -> Option<(&'static str, &'static str)> {
    // A word that happens to begin so is none.
    let is_one = text.len() >= BYTES_MIN && !text.contains(char::is_whitespace);
    let (_, what, instead) = PREFIXES.iter().filter(|_| is_one).find(|(prefix, ..)| text.starts_with(prefix))?;
    Some((what, instead))
}

/// What stands in the place of most.
pub(super) const ID_TOKEN: &str =
    "request an OIDC ID token, or an access token in JWT form, from the identity provider, and send that";

const GOOGLE: &str = "send an ID token: `gcloud auth print-identity-token --audiences=…`";
const GITHUB: &str =
    "send the job's OIDC ID token, which a workflow with `permissions: id-token: write` requests for its audience";
const GITLAB: &str =
    "send the job's OIDC ID token, which `id_tokens:` in the job's configuration gives for its audience";
const ENTRA: &str = "send the access token or the ID token: `az account get-access-token` prints one";
const AWS: &str = "send an OIDC ID token of an identity provider that the server trusts: AWS keys and session tokens are for AWS alone";
const VAULT: &str = "send an OIDC ID token: `vault read identity/oidc/token/ROLE` gives one";
const KUBERNETES: &str = "send a service account's token: `kubectl create token NAME --audience=…` prints one";
const KEYCLOAK: &str = "exchange the code at the token endpoint, and send the ID token or access token that it answers";

/// The shortest text that is looked at.
const BYTES_MIN: usize = 16;

type Row = (&'static str, &'static str, &'static str);

/// As the providers' own documents and the rules of secret scanners (GitHub's, gitleaks') have them; where one prefix begins
/// another, the longer stands first.
const PREFIXES: [Row; 87] = [
    ("ya29.", "an opaque access token of Google", GOOGLE),
    ("1//0", "a refresh token of Google", GOOGLE),
    ("4/0A", "an authorization code of Google", GOOGLE),
    ("GOCSPX-", "a client secret of Google", GOOGLE),
    ("AIza", "an API key of Google", GOOGLE),
    ("ghp_", "a GitHub personal access token (`ghp_`)", GITHUB),
    ("gho_", "a GitHub OAuth access token (`gho_`)", GITHUB),
    ("ghu_", "a GitHub user token of an app (`ghu_`)", GITHUB),
    ("ghs_", "a GitHub installation or Actions token (`ghs_`, GITHUB_TOKEN)", GITHUB),
    ("ghr_", "a GitHub refresh token (`ghr_`)", GITHUB),
    ("github_pat_", "a GitHub personal access token (`github_pat_`)", GITHUB),
    ("glpat-", "a GitLab personal access token (`glpat-`)", GITLAB),
    ("gldt-", "a GitLab deploy token (`gldt-`)", GITLAB),
    ("glcbt-", "a GitLab job token (`glcbt-`, CI_JOB_TOKEN)", GITLAB),
    ("glptt-", "a GitLab trigger token (`glptt-`)", GITLAB),
    ("glrt-", "a GitLab runner token (`glrt-`)", GITLAB),
    ("glsoat-", "a GitLab token (`glsoat-`)", GITLAB),
    ("glft-", "a GitLab feed token (`glft-`)", GITLAB),
    ("gloas-", "a GitLab application secret (`gloas-`)", GITLAB),
    ("0.A", "an opaque refresh token or authorization code of Entra", ENTRA),
    ("1.A", "an opaque refresh token or authorization code of Entra", ENTRA),
    ("M.C5", "an opaque token of a personal Microsoft account", ENTRA),
    ("M.R3", "an opaque refresh token of a personal Microsoft account", ENTRA),
    ("EwA", "an opaque access token of a personal Microsoft account", ENTRA),
    ("EwB", "an opaque access token of a personal Microsoft account", ENTRA),
    ("EwC", "an opaque access token of a personal Microsoft account", ENTRA),
    ("AKIA", "an AWS access key id", AWS),
    ("ASIA", "an AWS access key id", AWS),
    ("IQoJb3JpZ2lu", "an AWS session token", AWS),
    ("FwoGZXIvYXdz", "an AWS session token", AWS),
    ("FQoGZXIvYXdz", "an AWS session token", AWS),
    ("AQoDYXdz", "an AWS session token", AWS),
    ("k8s-aws-v1.", "a token of Amazon EKS, a signed address", AWS),
    ("xoxb-", "a bot token of Slack", ID_TOKEN),
    ("xoxp-", "a user token of Slack", ID_TOKEN),
    ("xoxa-", "a token of Slack", ID_TOKEN),
    ("xoxe.", "a token of Slack", ID_TOKEN),
    ("xoxs-", "a token of Slack", ID_TOKEN),
    ("xapp-", "an app token of Slack", ID_TOKEN),
    ("hvs.", "a token of HashiCorp Vault (`hvs.`)", VAULT),
    ("hvb.", "a batch token of HashiCorp Vault (`hvb.`)", VAULT),
    ("hvr.", "a recovery token of HashiCorp Vault (`hvr.`)", VAULT),
    ("s.", "a token of HashiCorp Vault (`s.`)", VAULT),
    ("dop_v1_", "a personal access token of DigitalOcean", ID_TOKEN),
    ("doo_v1_", "an OAuth access token of DigitalOcean", ID_TOKEN),
    ("dor_v1_", "a refresh token of DigitalOcean", ID_TOKEN),
    ("dapi", "a personal access token of Databricks", ID_TOKEN),
    ("sk_live_", "an API key of Stripe", ID_TOKEN),
    ("sk_test_", "an API key of Stripe", ID_TOKEN),
    ("sk-", "an API key", ID_TOKEN),
    ("npm_", "a token of npm", ID_TOKEN),
    ("pypi-", "a token of PyPI", ID_TOKEN),
    ("hf_", "a token of Hugging Face", ID_TOKEN),
    ("SG.", "an API key of SendGrid", ID_TOKEN),
    ("ATATT3", "an API token of Atlassian", ID_TOKEN),
    ("HRKU-", "an API key of Heroku", ID_TOKEN),
    ("dp.pt.", "a token of Doppler", ID_TOKEN),
    ("dp.st.", "a token of Doppler", ID_TOKEN),
    ("FlyV1", "a token of Fly.io", ID_TOKEN),
    ("fo1_", "a token of Fly.io", ID_TOKEN),
    ("pscale_", "a token or password of PlanetScale", ID_TOKEN),
    ("sbp_", "an access token of Supabase", ID_TOKEN),
    ("sb_secret_", "an API key of Supabase", ID_TOKEN),
    ("napi_", "an API key of Neon", ID_TOKEN),
    ("glsa_", "a service account's token of Grafana", ID_TOKEN),
    ("glc_", "an access policy token of Grafana", ID_TOKEN),
    ("NRAK-", "an API key of New Relic", ID_TOKEN),
    ("lin_api_", "an API key of Linear", ID_TOKEN),
    ("shpat_", "an access token of Shopify", ID_TOKEN),
    ("tskey-", "a key of Tailscale", ID_TOKEN),
    ("ops_", "a service account's token of 1Password", ID_TOKEN),
    ("CCDB1_", "an API key of CockroachDB Cloud", ID_TOKEN),
    ("SSWS", "an API token of Okta", ID_TOKEN),
    ("sha256~", "an opaque token of OpenShift", KUBERNETES),
    ("kubeconfig-", "an opaque token of Rancher", KUBERNETES),
    ("token-", "an opaque token of Rancher", KUBERNETES),
    ("v1.public.", "a PASETO token", ID_TOKEN),
    ("v2.public.", "a PASETO token", ID_TOKEN),
    ("v3.public.", "a PASETO token", ID_TOKEN),
    ("v4.public.", "a PASETO token", ID_TOKEN),
    ("v4.local.", "a PASETO token", ID_TOKEN),
    ("v2.local.", "a PASETO token", ID_TOKEN),
    ("gAAAAA", "a Fernet token", ID_TOKEN),
    ("MDAx", "a macaroon", ID_TOKEN),
    ("YII", "a Kerberos ticket", ID_TOKEN),
    ("TlRMTVNTUAA", "an NTLM message", ID_TOKEN),
    ("SCRAM-SHA-256$", "a password's hash", ID_TOKEN),
];

/// Three UUIDs with dots between them: what Keycloak gives before there is a token.
pub(super) fn keycloak_code(text: &str) -> Option<(&'static str, &'static str)> {
    let parts: alloc::vec::Vec<&str> = text.split('.').collect();
    (parts.len() == 3 && parts.iter().all(|part| is_uuid(part)))
        .then_some(("an authorization code of Keycloak", KEYCLOAK))
}

/// Whether the text has a UUID's form.
pub(super) fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;

    #[test]
    fn every_prefix_is_met_and_none_hides_another() {
        for (prefix, expected, _) in PREFIXES {
            let text = format!("{prefix}XXXXXXXXXXXXXXXXXXXX");
            assert_eq!(what(&text).map(|(what, _)| what), Some(expected), "{prefix}");
            assert_eq!(what(prefix.get(..prefix.len().min(15)).unwrap()), None);
        }
        assert_eq!(what("hunter2 and a long sentence"), None);
    }

    #[test]
    fn codes_of_keycloak_are_three_uuids() {
        let uuid = "6e74172b-be56-4843-9ff4-e66a39bb12e3";
        assert!(keycloak_code(&format!("{uuid}.{uuid}.{uuid}")).is_some());
        assert!(keycloak_code(&format!("{uuid}.{uuid}.x")).is_none());
    }
}
