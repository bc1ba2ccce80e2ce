//! Tokens of machines: service accounts, clusters and pipelines.

use serde_json::{Value, json};

use super::{
    before_at, look_alike, mapped,
    people::{APPLICATION, OBJECT, TENANT},
};
use crate::issuer::Issuer;

impl Issuer {
    /// A Google Cloud service account's ID token, as the metadata server gives it; logs in as the account's name.
    ///
    /// # Example
    /// ```
    /// use sqljwt_testing::{Issuer, assert_logs_in};
    /// const NOW: i64 = 1_800_000_000;
    /// let google = Issuer::google_service_account("billing", "proj-1234");
    /// assert_logs_in(&google.settings(), google.token(NOW).mint(), "billing", NOW);
    /// ```
    #[must_use]
    pub fn google_service_account(account: &str, project: &str) -> Self {
        let number = "112179062720391305885";
        let email = format!("{account}@{project}.iam.gserviceaccount.com");
        let claims = json!({
            "azp": number,
            "sub": number,
            "email": email,
            "email_verified": true,
            "google": {"compute_engine": {
                "project_id": project,
                "project_number": 739_419_398_126_i64,
                "zone": "us-west1-b",
                "instance_name": "vm-1",
                "instance_id": "152986662232938449",
            }},
        });
        let issuer = look_alike("https://accounts.google.com", "https://db.example.com", "email", claims);
        mapped(issuer, &before_at(&email))
    }

    /// An Entra ID access token of version 1 (a managed identity), whose issuer ends in a slash; logs in as `billing`.
    ///
    /// # Example
    /// ```
    /// use sqljwt_testing::{Issuer, assert_logs_in};
    /// const NOW: i64 = 1_800_000_000;
    /// let entra = Issuer::entra_v1();
    /// assert!(entra.jwks()["keys"][0].get("alg").is_none(), "its keys name no algorithm");
    /// assert_logs_in(&entra.settings(), entra.token(NOW).mint(), "billing", NOW);
    /// ```
    #[must_use]
    pub fn entra_v1() -> Self {
        let url = format!("https://sts.windows.net/{TENANT}/");
        let claims = json!({
            "appid": APPLICATION,
            "appidacr": "2",
            "idp": url,
            "oid": OBJECT,
            "sub": OBJECT,
            "tid": TENANT,
            "uti": "a1b2c3d4e5",
            "ver": "1.0",
        });
        mapped(look_alike(&url, "api://sql-login", "oid", claims), &format!("{OBJECT} billing"))
            .with_header("x5t", "dGVzdCBrZXk")
            .with_not_before()
            .publishing(json!({"alg": null}))
    }

    /// A service-account token of Amazon EKS, whose audience is a list; logs in as the namespace, `_` and the account's
    /// name.
    ///
    /// # Example
    /// ```
    /// use sqljwt_testing::{Issuer, assert_logs_in};
    /// const NOW: i64 = 1_800_000_000;
    /// let eks = Issuer::eks("prod", "billing");
    /// assert_logs_in(&eks.settings(), eks.token(NOW).mint(), "prod_billing", NOW);
    /// ```
    #[must_use]
    pub fn eks(namespace: &str, account: &str) -> Self {
        let (url, audience) = ("https://oidc.eks.us-west-2.amazonaws.com/id/8EBDXXXX00BAE", "sts.amazonaws.com");
        let issuer = look_alike(url, audience, "sub", service_account(audience, namespace, account));
        let line = format!(r"/^system:serviceaccount:{namespace}:([a-z0-9_.-]+)$ {namespace}_\1");
        mapped(issuer, &line).with_not_before()
    }

    /// A projected service-account token of any Kubernetes cluster; logs in as the account's name.
    ///
    /// # Example
    /// ```
    /// use sqljwt_testing::{Issuer, assert_logs_in};
    /// const NOW: i64 = 1_800_000_000;
    /// let cluster = Issuer::kubernetes("prod", "billing");
    /// assert_logs_in(&cluster.settings(), cluster.token(NOW).mint(), "billing", NOW);
    /// ```
    #[must_use]
    pub fn kubernetes(namespace: &str, account: &str) -> Self {
        let (url, audience) = ("https://kubernetes.default.svc.cluster.local", "db-login");
        let issuer = look_alike(url, audience, "sub", service_account(audience, namespace, account));
        mapped(issuer, &format!("system:serviceaccount:{namespace}:{account} {account}")).with_not_before()
    }

    /// A GitHub Actions job's token; logs in as `ci_main` from that repository's main branch.
    ///
    /// # Panics
    /// Where the repository is not `owner/name`.
    ///
    /// # Example
    /// ```
    /// use sqljwt::ReasonCode;
    /// use sqljwt_testing::{Issuer, assert_logs_in, assert_rejected};
    /// const NOW: i64 = 1_800_000_000;
    /// let main = Issuer::github_actions("octo-org/octo-repo", "refs/heads/main");
    /// assert_logs_in(&main.settings(), main.token(NOW).mint(), "ci_main", NOW);
    /// let pull = Issuer::github_actions("octo-org/octo-repo", "refs/pull/1/merge");
    /// assert_rejected(&pull.settings(), pull.token(NOW).mint(), "ci_main", ReasonCode::IdentityUnmapped, NOW);
    /// ```
    #[must_use]
    pub fn github_actions(repository: &str, reference: &str) -> Self {
        github(repository, reference, &format!("repo:{repository}:ref:{reference}"))
    }

    /// The same with the ids of owner and repository in the subject, as newer repositories have it.
    ///
    /// # Panics
    /// As [`Issuer::github_actions`].
    ///
    /// # Example
    /// ```
    /// use sqljwt_testing::{Issuer, assert_logs_in};
    /// const NOW: i64 = 1_800_000_000;
    /// let github = Issuer::github_actions_with_ids("octo-org/octo-repo", "refs/heads/main");
    /// let login = assert_logs_in(&github.settings(), github.token(NOW).mint(), "ci_main", NOW);
    /// assert_eq!(login.principal, "repo:octo-org@123456/octo-repo@456789:ref:refs/heads/main");
    /// ```
    #[must_use]
    pub fn github_actions_with_ids(repository: &str, reference: &str) -> Self {
        let (owner, name) = halves(repository);
        github(repository, reference, &format!("repo:{owner}@123456/{name}@456789:ref:{reference}"))
    }

    /// A GitLab CI job's ID token; logs in as `ci_main` from that project's main branch.
    ///
    /// Most ids are texts, `runner_id` is a number.
    ///
    /// # Panics
    /// Where the project is not `namespace/name`.
    ///
    /// # Example
    /// ```
    /// use sqljwt_testing::{Issuer, assert_logs_in};
    /// const NOW: i64 = 1_800_000_000;
    /// let gitlab = Issuer::gitlab("grp/app", "main");
    /// assert_logs_in(&gitlab.settings(), gitlab.token(NOW).mint(), "ci_main", NOW);
    /// ```
    #[must_use]
    pub fn gitlab(project: &str, reference: &str) -> Self {
        let claims = json!({
            "jti": "e4a9d4a1-6666-4777-8888-123456789abc",
            "namespace_id": "72",
            "namespace_path": halves(project).0,
            "project_id": "20",
            "project_path": project,
            "user_login": "jane",
            "user_email": "jane@example.com",
            "ref": reference,
            "ref_type": "branch",
            "ref_protected": "true",
            "runner_id": 1,
            "sub": format!("project_path:{project}:ref_type:branch:ref:{reference}"),
        });
        let issuer = look_alike("https://gitlab.com", "https://db.example.com", "sub", claims);
        mapped(issuer, &format!("project_path:{project}:ref_type:branch:ref:main ci_main")).with_not_before()
    }

    /// A SPIFFE JWT-SVID, whose identity is a literal of the map; logs in as `billing`.
    ///
    /// # Example
    /// ```
    /// use sqljwt_testing::{Issuer, assert_logs_in};
    /// const NOW: i64 = 1_800_000_000;
    /// let spire = Issuer::spiffe("spiffe://prod.example/billing");
    /// assert_logs_in(&spire.settings(), spire.token(NOW).mint(), "billing", NOW);
    /// ```
    #[must_use]
    pub fn spiffe(identity: &str) -> Self {
        let issuer = look_alike("https://spire.example.com", "db-login", "sub", json!({"sub": identity}));
        mapped(issuer, &format!("{identity} billing"))
    }
}

/// What a service account's token says; its audience is a list of one.
fn service_account(audience: &str, namespace: &str, account: &str) -> Value {
    json!({
        "aud": [audience],
        "jti": "f5bae5b2-7777-4888-8999-123456789abc",
        "sub": format!("system:serviceaccount:{namespace}:{account}"),
        "kubernetes.io": {
            "namespace": namespace,
            "node": {"name": "ip-10-0-0-1", "uid": "7b2a1c3e-6f0a-4a55-9b0c-7c1f9f1f0001"},
            "pod": {"name": format!("{account}-5d4f"), "uid": "a3f1c3de-1111-4222-8333-123456789abc"},
            "serviceaccount": {"name": account, "uid": "0d2a4c6e-aaaa-4bbb-8ccc-0123456789ab"},
        },
    })
}

/// A job's token; the line takes the older subject and the one with ids.
fn github(repository: &str, reference: &str, subject: &str) -> Issuer {
    let (owner, name) = halves(repository);
    let claims = json!({
        "jti": "d3f8c3f0-5555-4666-8777-123456789abc",
        "sub": subject,
        "ref": reference,
        "sha": "da39a3ee5e6b4b0d3255bfef95601890afd80709",
        "repository": repository,
        "repository_id": "456789",
        "repository_owner": owner,
        "repository_owner_id": "123456",
        "actor": "octocat",
        "job_workflow_ref": format!("{repository}/.github/workflows/deploy.yml@{reference}"),
        "run_id": "1234567890",
        "event_name": "push",
        "runner_environment": "github-hosted",
    });
    let (url, audience) = ("https://token.actions.githubusercontent.com", format!("https://github.com/{owner}"));
    let line = format!("/^repo:{owner}(?:@123456)?/{name}(?:@456789)?:ref:refs/heads/main$ ci_main");
    mapped(look_alike(url, &audience, "sub", claims), &line)
}

fn halves(path: &str) -> (&str, &str) {
    path.split_once('/').unwrap_or_else(|| panic!("`{path}` has no owner: expected `owner/name`"))
}
