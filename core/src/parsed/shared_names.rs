//! Which names in a token stand for many, so that no advice may offer them? Audiences that a provider puts into tokens
//! for everybody, and principals that many bear.

use alloc::string::String;

use crate::ground::unicode;

/// An audience that says nothing about whom the token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SharedAudience {
    /// Whose it is, as the end of a sentence that begins with the audience: "is what …".
    pub(crate) whose: &'static str,
    /// How a token for this server alone is had.
    pub(crate) instead: &'static str,
}

/// The row of an audience that tokens for others bear too.
pub(crate) fn audience(audience: &str, issuer: &str) -> Option<SharedAudience> {
    let name = bare(audience);
    let row = AUDIENCES.iter().find(|(shapes, _)| shapes.iter().any(|shape| shape.fits(&name)));
    let own = || {
        let host = host(&name);
        (host.contains('.') && host == self::host(&bare(issuer))).then_some(PROVIDER)
    };
    row.map(|&(_, shared)| shared).or_else(own)
}

/// Who bears a principal that is no one's own name.
pub(crate) fn principal(principal: &str) -> Option<&'static str> {
    let name = lower(principal);
    PRINCIPALS.iter().find(|(shapes, _)| shapes.iter().any(|shape| shape.fits(&name))).map(|&(_, who)| who)
}

/// Whether anybody can have an address of that domain.
pub(crate) fn is_anybodys(domain: &str) -> bool {
    CONSUMER_DOMAINS.contains(&&*lower(domain))
}

/// Mail providers whose addresses anybody can have.
const CONSUMER_DOMAINS: [&str; 16] = [
    "aol.com",
    "gmail.com",
    "gmx.com",
    "gmx.de",
    "gmx.net",
    "googlemail.com",
    "hotmail.com",
    "icloud.com",
    "live.com",
    "mail.ru",
    "outlook.com",
    "proton.me",
    "protonmail.com",
    "qq.com",
    "yahoo.com",
    "yandex.ru",
];

/// Whether everybody who can get tokens of this issuer also chooses for whom they are.
pub(crate) fn lets_anybody_choose_audiences(issuer: &str) -> bool {
    const OPEN: [&str; 4] =
        ["accounts.google.com", "appleid.apple.com", "gitlab.com", "token.actions.githubusercontent.com"];
    OPEN.contains(&host(&bare(issuer)))
}

/// How a name is recognised, in lower case.
enum Shape {
    Is(&'static str),
    Begins(&'static str),
    Ends(&'static str),
    Holds(&'static str),
    /// Both.
    Spans(&'static str, &'static str),
    /// An address on that host or on one below it.
    Host(&'static str),
}

use Shape::{Begins, Ends, Holds, Host, Is, Spans};

impl Shape {
    fn fits(&self, name: &str) -> bool {
        match *self {
            Is(text) => name == text,
            Begins(text) => name.starts_with(text),
            Ends(text) => name.ends_with(text),
            Holds(text) => name.contains(text),
            Spans(start, end) => name.starts_with(start) && name.ends_with(end),
            Host(text) => host(name).strip_suffix(text).is_some_and(|rest| rest.is_empty() || rest.ends_with('.')),
        }
    }
}

/// Lower case, without scheme and closing slash.
fn bare(name: &str) -> String {
    let name = lower(name.trim());
    let name = name.strip_prefix("spn:").unwrap_or(&name);
    let name = name.strip_prefix("https://").or_else(|| name.strip_prefix("http://")).unwrap_or(name);
    name.trim_end_matches('/').into()
}

fn lower(name: &str) -> String {
    name.chars().map(unicode::lower).collect()
}

/// The host of an address without its scheme.
fn host(bare: &str) -> &str {
    bare.split(['/', ':', '?', '#']).next().unwrap_or_default()
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

/// The audiences that the providers give unless they are told otherwise, in lower case and without scheme.
const AUDIENCES: [(&[Shape], SharedAudience); 10] = [
    (&[Is(""), Is("*")], NOBODY),
    (
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
        &[
            Is("api"),
            Is("k3s"),
            Is("rke2"),
            Is("kubernetes"),
            Is("kubernetes.default"),
            Begins("kubernetes.default.svc"),
            Is("kubernetes/serviceaccount"),
        ],
        KUBERNETES,
    ),
    (&[Host("amazonaws.com"), Host("amazonaws.com.cn"), Host("aws.amazon.com")], AWS),
    (
        &[
            // Microsoft's first applications, Graph among them, and those that stand in the tokens of others.
            Spans("0000000", "-0000-0000-c000-000000000000"),
            Is("797f4846-ba00-4fd7-ba43-dac1f8f63013"),
            Is("cfa8b339-82a2-471a-a3c9-0fc0be7a4093"),
            Is("e406a681-f3d4-42a8-90b6-c2b029497af1"),
            Is("499b84ac-1321-427f-aa17-267ca6975798"),
            Is("022907d3-0f1b-48f7-badc-1ba6abab6d66"),
            Is("123cd850-d9df-40bd-94d5-c9f07b7fa203"),
            Begins("api://azureadtokenexchange"),
            Host("microsoft.com"),
            Host("microsoft.us"),
            Host("microsoft.de"),
            Host("microsoftazure.us"),
            Host("azure.com"),
            Host("azure.net"),
            Host("azure.us"),
            Host("azure.cn"),
            Host("windows.net"),
            Host("usgovcloudapi.net"),
            Host("chinacloudapi.cn"),
            Host("cloudapi.de"),
            Host("office.com"),
            Host("office365.com"),
            Host("sharepoint.com"),
            Host("dynamics.com"),
        ],
        MICROSOFT,
    ),
    (&[Host("googleapis.com"), Host("google.com"), Is("32555940559.apps.googleusercontent.com")], GOOGLE),
    (&[Is("api://default")], OKTA),
    (&[Ends("/userinfo"), Ends("/api/v2")], AUTH0),
    (&[Host("github.com"), Host("ghe.com"), Host("gitlab.com"), Host("bitbucket.org")], FORGE),
    (&[Is("sigstore"), Is("pypi"), Is("testpypi"), Is("crates.io"), Is("rubygems.org"), Begins("npm:")], PUBLIC),
];

const PRINCIPALS: [(&[Shape], &str); 7] = [
    (&[Is("")], "it is empty"),
    (&[Is("*"), Ends("/*"), Ends(":*"), Holds("/*/"), Holds("/*:")], "it is a pattern, not somebody's name"),
    (&[Holds("pull_request")], "any pull request bears it, also one from a fork"),
    (&[Ends("@clients")], "it is an application with a secret of its own, whoever runs it"),
    (
        &[
            Begins("system:serviceaccounts"),
            Begins("system:authenticated"),
            Begins("system:unauthenticated"),
            Begins("system:anonymous"),
            Begins("system:masters"),
            Begins("system:nodes"),
        ],
        "it is a group of the cluster, not an account",
    ),
    (
        &[Spans("system:serviceaccount:", ":default")],
        "every pod of the namespace bears it that names no service account",
    ),
    (
        &[
            Is("all"),
            Is("allusers"),
            Is("allauthenticatedusers"),
            Is("anonymous"),
            Is("authenticated"),
            Is("domain users"),
            Is("everyone"),
            Is("guest"),
            Is("guests"),
            Is("users"),
        ],
        "many bear it",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn audiences_of_everybody_are_known_however_they_are_written() {
        for (audience, issuer, shared) in [
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
            ("api://default", "https://d.okta.com/oauth2/default", OKTA),
            ("https://d.okta.com", "https://d.okta.com", PROVIDER),
            ("https://t.us.auth0.com/userinfo", "https://t.us.auth0.com/", AUTH0),
            ("https://github.com/octo-org", "https://token.actions.githubusercontent.com", FORGE),
            ("https://git.example.com/owner", "https://git.example.com/_services/token", PROVIDER),
            ("sigstore", "https://gitlab.example", PUBLIC),
            ("", "https://k", NOBODY),
        ] {
            assert_eq!(super::audience(audience, issuer), Some(shared), "{audience}");
        }
        for audience in
            ["db", "db-login", "https://db.example.com", "api://6e74172b", "0oa1b2c3d4", "https://notazure.com.evil"]
        {
            assert_eq!(super::audience(audience, "https://idp.example"), None, "{audience}");
        }
    }

    #[test]
    fn principals_of_many_are_known() {
        for principal in [
            "repo:octo-org/octo-repo:pull_request",
            "repo:octo-org@1/octo-repo@2:pull_request",
            "abc@clients",
            "system:serviceaccounts",
            "system:serviceaccounts:prod",
            "system:serviceaccount:prod:default",
            "repo:octo-org/*",
            "Everyone",
            "",
        ] {
            assert!(super::principal(principal).is_some(), "{principal}");
        }
        for principal in ["alice", "system:serviceaccount:prod:billing", "repo:o/r:ref:refs/heads/main"] {
            assert_eq!(super::principal(principal), None, "{principal}");
        }
    }
}
