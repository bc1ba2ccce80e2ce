"""What do the tokens of the identity providers look like, and which claim and map line does each need?

Every name and number is made up; the shapes are the providers' own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

TENANT = "9188040d-6c67-4c5b-b112-36a304b66dad"
OBJECT = "3f2504e0-4f89-11d3-9a0c-0305e82c3301"
APPLICATION = "7c9e6679-7425-40de-944b-e07fc1f90ae7"


@dataclass(frozen=True)
class Provider:
    """One provider's tokens, and the settings that let them in."""

    issuer: str
    audience: str
    claims: Mapping[str, Any]
    claim: str = "sub"
    """The setting ``server.jwt_authentication.claim``."""
    map_line: str | None = None
    """A line of ``server.identity_map.configuration``, without the issuer."""
    header: Mapping[str, Any] = field(default_factory=dict)
    times: tuple[str, ...] = ("iat", "exp")
    """The claims that say when: ``nbf`` too, where the provider writes it."""
    published: Mapping[str, Any] = field(default_factory=dict)
    """How the published keys differ from the usual; None leaves a member out."""
    encryption_key: bool = False
    """Whether the key set holds a key that is not for signatures too."""


def google(email: str) -> Provider:
    """An ID token of a person with a Workspace account."""
    client, (_, domain) = "407408718192.apps.googleusercontent.com", email.split("@")
    claims = {"azp": client, "sub": "110169484474386276334", "hd": domain, "email": email, "email_verified": True}
    # One issuer for every Google account on earth: the line must hold the domain.
    return Provider("https://accounts.google.com", client, claims, "email", _before_at(domain))


def google_service_account(account: str, project: str) -> Provider:
    """An ID token of a service account, as the metadata server gives it."""
    domain = f"{project}.iam.gserviceaccount.com"
    number = "112179062720391305885"
    machine = {"project_id": project, "project_number": 739419398126, "zone": "us-west1-b", "instance_name": "vm-1"}
    claims = {
        "azp": number,
        "sub": number,
        "email": f"{account}@{domain}",
        "email_verified": True,
        "google": {"compute_engine": {**machine, "instance_id": "152986662232938449"}},
    }
    return Provider("https://accounts.google.com", "https://db.example.com", claims, "email", _before_at(domain))


def entra_v1() -> Provider:
    """An access token of a managed identity; the issuer ends in a slash."""
    issuer = f"https://sts.windows.net/{TENANT}/"
    claims = {
        "appid": APPLICATION,
        "appidacr": "2",
        "idp": issuer,
        "oid": OBJECT,
        "sub": OBJECT,
        "tid": TENANT,
        "uti": "a1b2c3d4e5",
        "ver": "1.0",
    }
    return Provider(
        issuer,
        "api://sql-login",
        claims,
        "oid",
        f"{OBJECT} billing",
        header={"x5t": "dGVzdCBrZXk"},
        times=("iat", "nbf", "exp"),
        published={"alg": None},
    )


def entra_v2(username: str) -> Provider:
    """An access token of a person; the issuer does not end in a slash, and the audience is a GUID."""
    claims = {
        "azp": APPLICATION,
        "azpacr": "0",
        "name": "Jane Doe",
        "oid": OBJECT,
        "preferred_username": username,
        "scp": "login openid",
        "sub": "AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ",
        "tid": TENANT,
        "uti": "a1b2c3d4e5",
        "ver": "2.0",
    }
    authority = "https://login.microsoftonline.com"
    return Provider(
        f"{authority}/{TENANT}/v2.0",
        "6731de76-14a6-49ae-97bc-6eba6914391e",
        claims,
        "preferred_username",
        _before_at(username.split("@")[1]),
        times=("iat", "nbf", "exp"),
        published={"alg": None, "issuer": f"{authority}/{{tenantid}}/v2.0"},
    )


def eks(namespace: str, account: str) -> Provider:
    """A projected service-account token of Amazon EKS; the audience is a list."""
    issuer = "https://oidc.eks.us-west-2.amazonaws.com/id/8EBDXXXX00BAE"
    claims = {"aud": ["sts.amazonaws.com"], **_service_account(namespace, account)}
    line = rf"/^system:serviceaccount:{namespace}:([a-z0-9_.-]+)$ {namespace}_\1"
    return Provider(issuer, "sts.amazonaws.com", claims, "sub", line, times=("iat", "nbf", "exp"))


def kubernetes(namespace: str, account: str) -> Provider:
    """A projected service-account token of a cluster."""
    claims = {"aud": ["db-login"], **_service_account(namespace, account)}
    line = f"system:serviceaccount:{namespace}:{account} {account}"
    issuer = "https://kubernetes.default.svc.cluster.local"
    return Provider(issuer, "db-login", claims, "sub", line, times=("iat", "nbf", "exp"))


def okta(email: str) -> Provider:
    """An ID token of the organisation's own server; its access tokens are for Okta itself."""
    claims = {
        "sub": "00uhzsq8pw5e8btQZ0h7",
        "name": "Jane Doe",
        "email": email,
        "ver": 1,
        "amr": ["pwd"],
        "idp": "00ohz",
        "preferred_username": email,
    }
    line = _before_at(email.split("@")[1])
    return Provider("https://dev-1234.okta.com", "0oa1b2c3d4", claims, "email", line)


def okta_custom(email: str) -> Provider:
    """An access token of a custom authorization server."""
    claims = {
        "ver": 1,
        "cid": "0oa1b2c3d4",
        "uid": "00uhzsq8pw5e8btQZ0h7",
        "scp": ["openid", "login"],
        "sub": email,
    }
    line = _before_at(email.split("@")[1])
    return Provider("https://dev-1234.okta.com/oauth2/default", "api://default", claims, "sub", line)


def auth0(subject: str) -> Provider:
    """An access token for an API and for userinfo; the issuer ends in a slash, and custom claims are named by URLs."""
    issuer, api = "https://example.us.auth0.com/", "https://db.example.com"
    claims = {
        "sub": subject,
        "aud": [api, f"{issuer}userinfo"],
        "azp": "my_client_id",
        "scope": "openid profile",
        "https://app.example/user": "jane",
    }
    return Provider(issuer, api, claims, "sub", r"/^auth0\|([0-9a-f]+)$ a0_\1")


def keycloak(username: str) -> Provider:
    """An access token of a realm, with the audience that an audience mapper adds."""
    claims = {
        "aud": ["db-login", "account"],
        "sub": "f3a1c9e2-7a3f-4f6e-8f6d-1d2c3b4a5968",
        "typ": "Bearer",
        "jti": "b1f6a1de-3333-4444-8555-123456789abc",
        "sid": "c2e7b2ef-4444-4555-8666-123456789abc",
        "azp": "psql",
        "realm_access": {"roles": ["offline_access", "analyst"]},
        "resource_access": {"db": {"roles": ["reader"]}},
        "scope": "openid email profile",
        "email_verified": True,
        "preferred_username": username,
        "email": f"{username}@example.com",
    }
    return Provider(
        "https://kc.example.com/realms/corp",
        "db-login",
        claims,
        "preferred_username",
        r"/^([a-z0-9_.]+)$ \1",
        encryption_key=True,
    )


def github_actions(repository: str, ref: str, *, ids: bool) -> Provider:
    """A job's token; the line takes the older subject and the one with ids, which newer repositories have."""
    owner, name = repository.split("/")
    claims = {
        "jti": "d3f8c3f0-5555-4666-8777-123456789abc",
        "sub": f"repo:{owner}@123456/{name}@456789:ref:{ref}" if ids else f"repo:{repository}:ref:{ref}",
        "ref": ref,
        "sha": "da39a3ee5e6b4b0d3255bfef95601890afd80709",
        "repository": repository,
        "repository_id": "456789",
        "repository_owner": owner,
        "repository_owner_id": "123456",
        "actor": "octocat",
        "job_workflow_ref": f"{repository}/.github/workflows/deploy.yml@{ref}",
        "run_id": "1234567890",
        "event_name": "push",
        "runner_environment": "github-hosted",
    }
    line = f"/^repo:{owner}(?:@123456)?/{name}(?:@456789)?:ref:refs/heads/main$ ci_main"
    return Provider("https://token.actions.githubusercontent.com", f"https://github.com/{owner}", claims, "sub", line)


def gitlab(project: str, ref: str) -> Provider:
    """A CI job's ID token; most ids are texts, ``runner_id`` is a number."""
    claims = {
        "jti": "e4a9d4a1-6666-4777-8888-123456789abc",
        "namespace_id": "72",
        "namespace_path": project.split("/")[0],
        "project_id": "20",
        "project_path": project,
        "user_login": "jane",
        "user_email": "jane@example.com",
        "ref": ref,
        "ref_type": "branch",
        "ref_protected": "true",
        "runner_id": 1,
        "sub": f"project_path:{project}:ref_type:branch:ref:{ref}",
    }
    line = f"project_path:{project}:ref_type:branch:ref:main ci_main"
    return Provider("https://gitlab.com", "https://db.example.com", claims, "sub", line, times=("iat", "nbf", "exp"))


def cognito(username: str) -> Provider:
    """An ID token of a user pool."""
    claims = {
        "sub": "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee",
        "token_use": "id",
        "cognito:username": username,
    }
    issuer = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Example"
    return Provider(issuer, "57cbishk4j24pabc1234567890", claims, "cognito:username")


def cockroachdb_cloud(email: str) -> Provider:
    """A token of CockroachDB Cloud."""
    line = _before_at(email.split("@")[1])
    return Provider("https://cockroachlabs.cloud", "db-login", {"sub": email}, "sub", line)


def spiffe(identity: str) -> Provider:
    """A JWT-SVID; the identity is a literal of the map."""
    return Provider("https://spire.example.com", "db-login", {"sub": identity}, "sub", f"{identity} billing")


def _before_at(domain: str) -> str:
    escaped = domain.replace(".", r"\.")
    return rf"/^([a-z0-9_.]+)@{escaped}$ \1"


def _service_account(namespace: str, account: str) -> dict[str, Any]:
    return {
        "jti": "f5bae5b2-7777-4888-8999-123456789abc",
        "sub": f"system:serviceaccount:{namespace}:{account}",
        "kubernetes.io": {
            "namespace": namespace,
            "node": {"name": "ip-10-0-0-1", "uid": "7b2a1c3e-6f0a-4a55-9b0c-7c1f9f1f0001"},
            "pod": {"name": f"{account}-5d4f", "uid": "a3f1c3de-1111-4222-8333-123456789abc"},
            "serviceaccount": {"name": account, "uid": "0d2a4c6e-aaaa-4bbb-8ccc-0123456789ab"},
        },
    }
