//! Which audiences does a provider put into tokens for everybody? They say nothing about whom a token is for.

use alloc::{format, string::String};

use super::shape::{
    Shape::{self, Begins, Ends, Host, Id, Is, Spans},
    bare, host,
};
use crate::ground::text::shown;

/// An audience that says nothing about whom the token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SharedAudience {
    /// Whose it is, as the end of a sentence that begins with the audience: "is what …".
    pub(crate) whose: &'static str,
    /// How a token for this server alone is had.
    pub(crate) instead: &'static str,
}

impl SharedAudience {
    /// The fact, as the end of a sentence that begins with the kind of audience.
    pub(crate) fn describe(&self, audience: &str) -> String {
        format!("audience `{}` {}: tokens meant for others log in too", shown(audience), self.whose)
    }

    /// What to do about it.
    pub(crate) fn remedy(&self) -> String {
        format!("configure an audience of this server's own, and {}", self.instead)
    }
}

/// The row of an audience that tokens for others bear too.
pub(crate) fn audience(audience: &str, issuer: &str) -> Option<SharedAudience> {
    let (name, issuer) = (bare(audience), bare(issuer));
    // An authorization server of one's own calls its one API so: it stands for nobody else's.
    if name == "api://default" && issuer.contains("/oauth2/") {
        return None;
    }
    let fits = |shapes: &[Shape]| shapes.iter().any(|shape| shape.fits(&name));
    let of_issuer =
        BY_ISSUER.iter().find(|(issuers, shapes, _)| issuers.iter().any(|shape| shape.fits(&issuer)) && fits(shapes));
    let row = AUDIENCES.iter().find(|(shapes, _)| fits(shapes));
    let own = || {
        let host = host(&name);
        (host.contains('.') && host == self::host(&issuer)).then_some(PROVIDER)
    };
    of_issuer.map(|&(_, _, shared)| shared).or_else(|| row.map(|&(_, shared)| shared)).or_else(own)
}

/// Whether everybody who can get tokens of this issuer also chooses for whom they are.
pub(crate) fn lets_anybody_choose(issuer: &str) -> bool {
    const OPEN: [&str; 4] =
        ["accounts.google.com", "appleid.apple.com", "gitlab.com", "token.actions.githubusercontent.com"];
    OPEN.contains(&host(&bare(issuer)))
}

/// Whether the issuer signs for everybody who has an account with a provider of the whole world.
pub(crate) fn is_world_wide(issuer: &str) -> bool {
    const OPEN: [&str; 2] = ["agent.buildkite.com", "app.terraform.io"];
    let name = bare(issuer);
    // Entra: the tenant of all personal accounts.
    lets_anybody_choose(issuer) || OPEN.contains(&host(&name)) || name.contains("/9188040d-6c67-4c5b-b112-36a304b66dad")
}

const NOBODY: SharedAudience = SharedAudience {
    whose: "names no service",
    instead: "have the identity provider put this server's audience into `aud`",
};
const KEYCLOAK: SharedAudience = SharedAudience {
    whose: "is what Keycloak puts into the tokens of every client of a realm",
    instead: "add an audience mapper for this server to the client in Keycloak",
};
const KUBERNETES: SharedAudience = SharedAudience {
    whose: "is the Kubernetes API server's own, in every pod's token",
    instead: "set `audience:` of the pod's projected service account token to this server's",
};
const AWS: SharedAudience = SharedAudience {
    whose: "is a service of AWS itself, which tokens of many workloads name",
    instead: "set `audience:` of the projected service account token, or the audience that the workload asks for, to this \
              server's",
};
const MICROSOFT: SharedAudience = SharedAudience {
    whose: "is a resource of Microsoft's own, for which every application can get tokens",
    instead: "expose an API of your own in Entra and request its scope (`api://<application>/.default`)",
};
const GOOGLE: SharedAudience = SharedAudience {
    whose: "is a service of Google's own, which tokens of many applications name",
    instead: "request an identity token with this server's audience",
};
const OKTA: SharedAudience = SharedAudience {
    whose: "is what every Okta authorization server calls its API until it is given a name",
    instead: "give the authorization server an audience of its own in Okta",
};
const AUTH0: SharedAudience = SharedAudience {
    whose: "is an interface of the identity provider itself",
    instead: "request the token with the audience of an API of your own",
};
const FORGE: SharedAudience = SharedAudience {
    whose: "is what every job of that owner gets that asks for no audience",
    instead: "have the job request its ID token with this server's audience (`id_tokens:` with `aud:` in GitLab, \
              `audience` in GitHub)",
};
const PUBLIC: SharedAudience = SharedAudience {
    whose: "is a public service's, to which such tokens are sent",
    instead: "have the job request its ID token with this server's audience",
};
const PROVIDER: SharedAudience = SharedAudience {
    whose: "is an address of the identity provider itself: the token is for it",
    instead: "request an ID token, or a token for an API of your own",
};

const CIRCLECI: SharedAudience = SharedAudience {
    whose: "is the organization's id, the default audience of every CircleCI job of it",
    instead: "mint the token with this server's audience: `circleci run oidc get --claims '{\"aud\": \"…\"}'`",
};
const BUILDKITE: SharedAudience = SharedAudience {
    whose: "is the default audience of every Buildkite job of that organization",
    instead: "request the token with `buildkite-agent oidc request-token --audience …`",
};
const BITBUCKET: SharedAudience = SharedAudience {
    whose: "is what every pipeline of that Bitbucket workspace gets",
    instead: "have the pipeline request its token with this server's audience",
};
const TERRAFORM: SharedAudience = SharedAudience {
    whose: "is what every HCP Terraform run puts into its tokens for a cloud",
    instead: "set the workspace variable `TFC_WORKLOAD_IDENTITY_AUDIENCE` to this server's audience",
};
const TOOL: SharedAudience = SharedAudience {
    whose: "is a public command line tool's client, with which everybody signs in",
    instead: "register a client of your own and sign in with it",
};

/// Audiences that are shared under certain issuers only: first the issuers' shapes.
const BY_ISSUER: [(&[Shape], &[Shape], SharedAudience); 1] = [
    // CircleCI, "Using OpenID Connect tokens in jobs": the default audience is the organization's id.
    (&[Begins("oidc.circleci.com/")], &[Id], CIRCLECI),
];

/// The audiences that the providers give unless they are told otherwise, in lower case and without scheme.
const AUDIENCES: [(&[Shape], SharedAudience); 15] = [
    (&[Is(""), Is("*")], NOBODY),
    (
        // Keycloak, Server Administration Guide, "Audience support": built-in clients, and `<realm>-realm` for the
        // management of each realm in the realm `master`.
        &[
            Is("account"),
            Is("account-console"),
            Is("admin-cli"),
            Is("broker"),
            Is("realm-management"),
            Is("security-admin-console"),
            Ends("-realm"),
        ],
        KEYCLOAK,
    ),
    (
        // kube-apiserver --api-audiences: by default the issuer's own name. What k3s and RKE2 call it, and the legacy
        // issuer; then what the cluster's own parts and service meshes ask for.
        &[
            Is("api"),
            Is("k3s"),
            Is("rke2"),
            Is("kubernetes"),
            Is("kubernetes.default"),
            Begins("kubernetes.default.svc"),
            Is("kubernetes/serviceaccount"),
            Is("system:konnectivity-server"),
            Is("istio-ca"),
            Is("identity.l5d.io"),
            Host("azmk8s.io"),
            Host("eks.amazonaws.com"),
        ],
        KUBERNETES,
    ),
    // Amazon EKS, "IAM roles for service accounts": `sts.amazonaws.com`.
    (&[Host("amazonaws.com"), Host("amazonaws.com.cn"), Host("aws.amazon.com"), Host("api.aws")], AWS),
    (
        &[
            // Microsoft's first applications, Graph among them, and those that stand in the tokens of others.
            Spans("0000000", "-0000-0000-c000-000000000000"),
            // Azure's management interface, Azure Key Vault, storage, Azure DevOps, Azure SQL, Azure's databases.
            Is("797f4846-ba00-4fd7-ba43-dac1f8f63013"),
            Is("cfa8b339-82a2-471a-a3c9-0fc0be7a4093"),
            Is("e406a681-f3d4-42a8-90b6-c2b029497af1"),
            Is("499b84ac-1321-427f-aa17-267ca6975798"),
            Is("022907d3-0f1b-48f7-badc-1ba6abab6d66"),
            Is("123cd850-d9df-40bd-94d5-c9f07b7fa203"),
            // Entra, "Workload identity federation": the audience of every token that is exchanged there.
            Begins("api://azureadtokenexchange"),
            Host("microsoft.com"),
            Host("microsoft.us"),
            Host("microsoft.de"),
            Host("microsoftazure.us"),
            Host("microsoftazure.de"),
            Host("azure.com"),
            Host("azure.net"),
            Host("azure.us"),
            Host("azure.cn"),
            Host("windows.net"),
            Host("usgovcloudapi.net"),
            Host("chinacloudapi.cn"),
            Host("cloudapi.de"),
            Host("office.com"),
            Host("office.net"),
            Host("office365.com"),
            Host("sharepoint.com"),
            Host("dynamics.com"),
            Host("visualstudio.com"),
        ],
        MICROSOFT,
    ),
    // The clients of the Azure command line and of Azure PowerShell, and of gcloud.
    (
        &[
            Is("04b07795-8ddb-461a-bbee-02f9e1bf7b46"),
            Is("1950a258-227b-4e31-a9cf-717495945fc2"),
            Is("32555940559.apps.googleusercontent.com"),
        ],
        TOOL,
    ),
    // Google Cloud, "Workload Identity Federation": provider names and workload pools of a whole project.
    (&[Host("googleapis.com"), Host("google.com"), Host("svc.id.goog"), Begins("//iam.googleapis.com")], GOOGLE),
    // Okta, "Authorization servers": the audience of the server `default`.
    (&[Is("api://default")], OKTA),
    // Auth0, "Access tokens": `/userinfo` beside an API of one's own, and the Management API.
    (&[Ends("/userinfo"), Ends("/api/v2"), Ends("/oauth2/v2/userinfo")], AUTH0),
    // PingOne, "Access token claims": its own interface, `https://api.pingone.<region>`.
    (&[Begins("api.pingone.")], PROVIDER),
    // GitHub, "OpenID Connect reference": the owner's address unless the job asks for another.
    (&[Host("github.com"), Host("ghe.com"), Host("gitlab.com"), Host("bitbucket.org")], FORGE),
    // Buildkite, "buildkite-agent oidc": `https://buildkite.com/<organization>`.
    (&[Host("buildkite.com")], BUILDKITE),
    // Bitbucket, "Use Pipelines as an OIDC provider": the workspace's resource identifier.
    (&[Begins("ari:cloud:bitbucket:")], BITBUCKET),
    // HCP Terraform, "Workload identity tokens": what each cloud's integration asks for.
    (&[Is("aws.workload.identity"), Is("hcp.workload.identity"), Is("vault.workload.identity")], TERRAFORM),
    // Trusted publishing: the registries and Sigstore.
    (&[Is("sigstore"), Is("pypi"), Is("testpypi"), Is("crates.io"), Is("rubygems.org"), Begins("npm:")], PUBLIC),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn audiences_of_everybody_are_known_however_they_are_written() {
        for (name, issuer, shared) in [
            ("account", "https://kc.example/realms/r", KEYCLOAK),
            ("master-realm", "https://kc.example/realms/r", KEYCLOAK),
            ("https://kubernetes.default.svc", "https://k", KUBERNETES),
            ("https://kubernetes.default.svc.cluster.local/", "https://k", KUBERNETES),
            ("sts.amazonaws.com", "https://oidc.eks.us-west-2.amazonaws.com/id/8E", AWS),
            ("00000003-0000-0000-c000-000000000000", "https://sts.windows.net/t/", MICROSOFT),
            ("00000002-0000-0000-C000-000000000000", "https://sts.windows.net/t/", MICROSOFT),
            ("https://management.azure.com/", "https://sts.windows.net/t/", MICROSOFT),
            ("https://graph.microsoft.us", "https://sts.windows.net/t/", MICROSOFT),
            ("https://management.core.usgovcloudapi.net", "https://sts.windows.net/t/", MICROSOFT),
            ("https://microsoftgraph.chinacloudapi.cn", "https://sts.windows.net/t/", MICROSOFT),
            ("api://AzureADTokenExchange", "https://k", MICROSOFT),
            ("https://iam.googleapis.com/projects/1", "https://accounts.google.com", GOOGLE),
            ("api://default", "https://idp.example", OKTA),
            ("https://d.okta.com", "https://d.okta.com", PROVIDER),
            ("https://t.us.auth0.com/userinfo", "https://t.us.auth0.com/", AUTH0),
            ("https://api.pingone.eu", "https://auth.pingone.eu/e/as", PROVIDER),
            ("https://github.com/octo-org", "https://token.actions.githubusercontent.com", FORGE),
            (
                "6f1c3b2a-aaaa-4bbb-8ccc-001122334455",
                "https://oidc.circleci.com/org/6f1c3b2a-aaaa-4bbb-8ccc-001122334455",
                CIRCLECI,
            ),
            ("https://buildkite.com/acme", "https://agent.buildkite.com", BUILDKITE),
            ("aws.workload.identity", "https://app.terraform.io", TERRAFORM),
            ("proj-1.svc.id.goog", "https://container.googleapis.com/v1/projects/p", GOOGLE),
            ("https://git.example.com/owner", "https://git.example.com/_services/token", PROVIDER),
            ("sigstore", "https://gitlab.example", PUBLIC),
            ("", "https://k", NOBODY),
        ] {
            assert_eq!(audience(name, issuer), Some(shared), "{name}");
        }
        for name in
            ["db", "db-login", "https://db.example.com", "api://6e74172b", "0oa1b2c3d4", "https://notazure.com.evil"]
        {
            assert_eq!(audience(name, "https://idp.example"), None, "{name}");
        }
        assert_eq!(audience("api://default", "https://d.okta.com/oauth2/default"), None);
    }

    /// Every row of the table, in the ways in which people and providers write one name.
    #[test]
    fn every_row_is_known_in_every_form() {
        let mut rows = 0;
        for (shapes, shared) in AUDIENCES {
            for shape in shapes {
                rows += 1;
                let name = match *shape {
                    Is(text) => text.into(),
                    Begins(text) => format!("{text}x"),
                    Ends(text) => format!("tenant.example{text}"),
                    Spans(start, end) => format!("{start}3{end}"),
                    Host(host) => format!("login.{host}/x"),
                    Shape::Holds(text) => format!("a{text}b"),
                    Id => continue,
                };
                let whose = |name: &str| audience(name, "https://issuer.test").map(|shared| shared.whose);
                let known = whose(&name);
                assert!(known.is_some(), "{name} is {}", shared.whose);
                for form in [
                    name.to_uppercase(),
                    format!("https://{name}"),
                    format!("http://{name}/"),
                    format!("{name}/"),
                    format!(" {name} "),
                    format!("spn:{name}"),
                ] {
                    assert_eq!(whose(&form), known, "{form}");
                }
            }
        }
        assert!(rows >= 60, "{rows} rows");
    }
}
