//! Workloads that prove who they are: Kubernetes, GitHub Actions and GitLab jobs.

use serde_json::{Value, json};

use super::{provider, token};
use crate::{
    book::{Book, NOW},
    mint::Members,
};

pub(super) fn cases(book: &mut Book) {
    kubernetes(book);
    github(book);
    gitlab(book);
}

fn kubernetes(book: &mut Book) {
    book.prefix("eks-");
    let issuer = "https://oidc.eks.us-west-2.amazonaws.com/id/8EBDXXXX00BAE";
    let nested = json!({
        "namespace": "prod",
        "node": {"name": "ip-10-0-0-1", "uid": "7b2a1c3e-6f0a-4a55-9b0c-7c1f9f1f0001"},
        "pod": {"name": "billing-5d4f", "uid": "a3f1c3de-1111-4222-8333-123456789abc"},
        "serviceaccount": {"name": "billing", "uid": "0d2a4c6e-aaaa-4bbb-8ccc-0123456789ab"},
        "warnafter": NOW + 3577,
    });
    let service = |issuer: &str, audience: Value| {
        token(&[
            ("aud", audience),
            ("iss", issuer.into()),
            ("jti", "b7c1d2e3-0000-4000-8000-000000000001".into()),
            ("kubernetes.io", nested.clone()),
            ("nbf", (NOW - 30).into()),
            ("sub", "system:serviceaccount:prod:billing".into()),
        ])
        .header(|header| header.without("typ"))
    };
    let exact = format!("{issuer} system:serviceaccount:prod:billing billing");
    provider(book, "eks", issuer, "sts.amazonaws.com", "sub", &exact, service(issuer, json!(["sts.amazonaws.com"])));
    book.case("exact", "a service account, by its full name").cites(&["provider 5.5"]).accepts("billing");
    let regex = format!(r"{issuer} /^system:serviceaccount:prod:([a-z0-9_.-]+)$ prod_\1");
    book.case("namespace", "every service account of a namespace, prefixed")
        .cites(&["provider 5.5"])
        .map(&regex)
        .user("prod_billing")
        .accepts("prod_billing");
    book.case("other-namespace", "a service account of the same name in another namespace")
        .cites(&["provider 5.5"])
        .map(&regex)
        .claims(|claims| claims.set("sub", "system:serviceaccount:dev:billing"))
        .user("prod_billing")
        .rejects("identity_unmapped");
    book.case("two-groups", "a line that wants namespace and name: only the first group can be carried")
        .cites(&["provider 5.5"])
        .map(&format!(r"{issuer} /^system:serviceaccount:([a-z]+):([a-z]+)$ \1_\2"))
        .rejects("identity_map_invalid");
    let uid = "/kubernetes.io/serviceaccount/uid";
    book.case("uid", "a service account, by its id inside the nested claim")
        .cites(&["provider 5.5"])
        .claim(uid)
        .map(&format!("{issuer} 0d2a4c6e-aaaa-4bbb-8ccc-0123456789ab billing"))
        .accepts("billing");
    book.case("no-map", "a service account's name is no SQL user name")
        .cites(&["provider 5.5"])
        .map("")
        .rejects("mapped_user_invalid");
    book.case("region", "the same cluster id in another region")
        .cites(&["provider 5.5"])
        .claims(|claims| claims.set("iss", issuer.replace("us-west-2", "us-east-1")))
        .rejects("issuer_not_allowed");

    book.prefix("kubernetes-");
    let issuer = "https://kubernetes.default.svc.cluster.local";
    let map = format!("{issuer} system:serviceaccount:prod:billing billing");
    provider(book, "kubernetes", issuer, "db-login", "sub", &map, service(issuer, json!(["db-login"])));
    book.case("projected", "a projected token for this audience").cites(&["provider 5.6"]).accepts("billing");
    book.case("api-server", "the token every pod has, which is for the API server")
        .cites(&["provider 5.6"])
        .claims(|claims| claims.set("aud", json!([issuer])))
        .rejects("audience_not_allowed");
    book.case("short-issuer", "the issuer's shorter name")
        .cites(&["provider 5.6"])
        .claims(|claims| claims.set("iss", "https://kubernetes.default.svc"))
        .rejects("issuer_not_allowed");
    let legacy = Members::new()
        .set("iss", "kubernetes/serviceaccount")
        .set("kubernetes.io/serviceaccount/namespace", "prod")
        .set("kubernetes.io/serviceaccount/service-account.name", "billing")
        .set("sub", "system:serviceaccount:prod:billing");
    book.case("legacy", "a token from a Secret, which neither expires nor says whom it is for")
        .cites(&["provider 5.6"])
        .issuers("kubernetes/serviceaccount")
        .claims(|_| legacy.clone())
        .rejects("exp_missing");
    book.case("legacy-pointer", "names of claims that hold slashes are written with ~1")
        .cites(&["provider 5.6"])
        .issuers("kubernetes/serviceaccount")
        .claim("/kubernetes.io~1serviceaccount~1service-account.name")
        .map("")
        .claims(|_| legacy.set("aud", "db-login").set("exp", NOW + 60))
        .accepts("billing");
}

fn github(book: &mut Book) {
    book.prefix("github-");
    let issuer = "https://token.actions.githubusercontent.com";
    let (old, new) = ("repo:octo-org/octo-repo:", "repo:octo-org@123456/octo-repo@456789:");
    let job = |sub: String| {
        token(&[
            ("jti", "example-id".into()),
            ("sub", sub.into()),
            ("aud", "https://github.com/octo-org".into()),
            ("ref", "refs/heads/main".into()),
            ("sha", "da39a3ee5e6b4b0d3255bfef95601890afd80709".into()),
            ("repository", "octo-org/octo-repo".into()),
            ("repository_id", "456789".into()),
            ("repository_owner", "octo-org".into()),
            ("repository_owner_id", "123456".into()),
            ("actor", "octocat".into()),
            ("run_id", "1234567890".into()),
            ("event_name", "push".into()),
            ("runner_environment", "github-hosted".into()),
            ("job_workflow_ref", "octo-org/octo-repo/.github/workflows/ci.yml@refs/heads/main".into()),
            ("iss", issuer.into()),
            ("nbf", (NOW - 30).into()),
        ])
    };
    let main = "ref:refs/heads/main";
    let both = format!("{issuer} /^repo:octo-org(?:@123456)?/octo-repo(?:@456789)?:ref:refs/heads/main$ ci_main");
    provider(book, "github", issuer, "https://github.com/octo-org", "sub", &both, job(format!("{old}{main}")));
    book.case("branch", "a job on the main branch").cites(&["provider 5.11"]).user("ci_main").accepts("ci_main");
    book.case("branch-new", "a job on the main branch, in the newer form with ids")
        .cites(&["provider 5.11"])
        .claims(|claims| claims.set("sub", format!("{new}{main}")))
        .user("ci_main")
        .accepts("ci_main");
    for (id, about, sub) in [
        ("pull-request", "a job for a pull request", format!("{old}pull_request")),
        ("tag", "a job on a tag of the branch's name", format!("{old}ref:refs/tags/main")),
        ("other-repo", "a job of another repository", "repo:octo-org/octo-repo2:ref:refs/heads/main".into()),
        (
            "renamed-owner",
            "a job of another owner who took the name over",
            "repo:octo-org@999/octo-repo@456789:ref:refs/heads/main".into(),
        ),
        ("branch-longer", "a job on a branch whose name begins so", format!("{old}{main}2")),
    ] {
        book.case(id, about)
            .cites(&["provider 5.11"])
            .claims(|claims| claims.set("sub", sub))
            .user("ci_main")
            .rejects("identity_unmapped");
    }
    book.case("environment", "a job for an environment, by a line without a regular expression")
        .cites(&["provider 5.11"])
        .map(&format!("{issuer} {new}environment:prod ci_prod"))
        .claims(|claims| claims.set("sub", format!("{new}environment:prod")))
        .user("ci_prod")
        .accepts("ci_prod");
    book.case("any-ref", "a line for everything that a repository does cannot be told apart: it has no end")
        .cites(&["provider 5.11"])
        .map(&format!("{issuer} /^repo:octo-org/.* ci_main"))
        .user("ci_main")
        .rejects("identity_map_invalid");
    book.case("enterprise", "a token of an enterprise's own issuer")
        .cites(&["provider 5.11"])
        .claims(|claims| claims.set("iss", format!("{issuer}/octo-enterprise")))
        .user("ci_main")
        .rejects("issuer_not_allowed");
    book.case("repository-id", "the repository's id, a text, as the identity")
        .cites(&["provider 5.11"])
        .claim("repository_id")
        .map(&format!("{issuer} 456789 ci_main"))
        .user("ci_main")
        .accepts("ci_main");
}

fn gitlab(book: &mut Book) {
    book.prefix("gitlab-");
    let issuer = "https://gitlab.com";
    let sub = "project_path:grp/app:ref_type:branch:ref:main";
    let job = token(&[
        ("namespace_id", "72".into()),
        ("namespace_path", "grp".into()),
        ("project_id", "20".into()),
        ("project_path", "grp/app".into()),
        ("user_id", "1".into()),
        ("user_login", "jane".into()),
        ("user_email", "jane@example.com".into()),
        ("pipeline_id", "574".into()),
        ("ref", "main".into()),
        ("ref_type", "branch".into()),
        ("ref_protected", "true".into()),
        ("runner_id", 1.into()),
        ("sha", "714a629c0b401fdce83e847fc9589983fc6f46bc".into()),
        ("jti", "235b3a54".into()),
        ("iss", issuer.into()),
        ("nbf", (NOW - 35).into()),
        ("sub", sub.into()),
        ("aud", "https://db.example.com".into()),
    ]);
    provider(book, "gitlab", issuer, "https://db.example.com", "sub", &format!("{issuer} {sub} ci_main"), job);
    book.case("branch", "a job on the main branch").cites(&["provider 5.12"]).user("ci_main").accepts("ci_main");
    book.case("tag", "a job on a tag of the branch's name")
        .cites(&["provider 5.12"])
        .claims(|claims| claims.set("sub", "project_path:grp/app:ref_type:tag:ref:main"))
        .user("ci_main")
        .rejects("identity_unmapped");
    book.case("two-audiences", "a job that asked for two audiences")
        .cites(&["provider 5.12"])
        .claims(|claims| claims.set("aud", json!(["https://db.example.com", "https://vault.example.com"])))
        .user("ci_main")
        .accepts("ci_main");
    book.case("old-issuer", "an older token, whose issuer is the host alone")
        .cites(&["provider 5.12"])
        .claims(|claims| claims.set("iss", "gitlab.com"))
        .user("ci_main")
        .rejects("issuer_not_allowed");
    book.case("runner", "the runner's id, a number, as the identity")
        .cites(&["provider 5.12"])
        .claim("runner_id")
        .map("https://gitlab.com 1 ci_main")
        .user("ci_main")
        .accepts("ci_main");
}
