"""An identity provider that lives in the test: it makes keys, publishes them, and mints tokens good and bad."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from ..names import Algorithm
from . import providers
from .bad_tokens import BAD_TOKENS, BadToken
from .keys import SigningKey, signed, without_none
from .providers import Provider

OMIT: Any = object()
"""As a claim's or a header member's value: leave it out."""


class Issuer:
    """An identity provider for tests.

    >>> import sqljwt
    >>> idp = Issuer("https://idp.test", alg="ES256")
    >>> validator = sqljwt.Validator(idp.settings())
    >>> validator.validate(idp.token(sub="alice"), "alice").user
    'alice'

    ``audience`` is the audience of the tokens and of :meth:`settings`. ``claims`` and ``header`` are put into every token.
    """

    def __init__(
        self,
        url: str = "https://idp.test",
        *,
        alg: Algorithm = "ES256",
        audience: str = "db-login",
        claims: Mapping[str, Any] | None = None,
        header: Mapping[str, Any] | None = None,
        settings: Mapping[str, Any] | None = None,
    ) -> None:
        self.url: str = url
        self.algorithm = alg
        self.audience = audience
        self._claims = dict(claims or {})
        self._header = {"typ": "JWT", **(header or {})}
        self._settings = dict(settings or {})
        self._keys = [SigningKey.generate("key-1", alg)]
        self._made = 1
        self._times: tuple[str, ...] = ("iat", "exp")
        self._published: Mapping[str, Any] = {}
        self._published_too: list[dict[str, Any]] = []

    @property
    def key(self) -> SigningKey:
        """The key that signs now."""
        return self._keys[-1]

    def jwks(self) -> dict[str, Any]:
        """The key set as the provider publishes it (RFC 7517)."""
        signing = ({**key.public_jwk(), **self._published} for key in self._keys)
        return {"keys": [*self._published_too, *map(without_none, signing)]}

    def rotate(self, *, keep: int = 1) -> SigningKey:
        """Sign with a new key from now on, and go on publishing that many of the old ones."""
        self._made += 1
        retained = self._keys[-keep:] if keep else []
        self._keys = [*retained, SigningKey.generate(f"key-{self._made}", self.algorithm)]
        return self.key

    def settings(self, changes: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Settings under which this issuer's tokens log in, with ``changes`` put over them."""
        return {
            "server.jwt_authentication.enabled": True,
            "server.jwt_authentication.issuers": self.url,
            "server.jwt_authentication.audience": self.audience,
            "server.jwt_authentication.jwks": self.jwks(),
            **self._settings,
            **(changes or {}),
        }

    def trusted(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        """One's own settings, with this issuer's test keys instead of the real ones; all else stays as it is."""
        name = "engine.issuer_keys"
        return {**settings, name: {**settings.get(name, {}), self.url: self.jwks()}}

    def token(
        self,
        claims: Mapping[str, Any] | None = None,
        *,
        header: Mapping[str, Any] | None = None,
        now: float | None = None,
        lifetime: int = 3600,
        **more: Any,
    ) -> str:
        """Mint a token.

        Claims are named as arguments, or in a mapping where their names are no Python names; :data:`OMIT` leaves one out. The token is issued
        at ``now`` (Unix seconds; the present unless given) and expires ``lifetime`` seconds later.
        """
        return signed(self.key, self.header(header), self.claims(claims, now=now, lifetime=lifetime, **more))

    def header(self, changes: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The header of the next token."""
        return _without_omitted({"alg": self.key.algorithm, "kid": self.key.id, **self._header, **(changes or {})})

    def claims(
        self, claims: Mapping[str, Any] | None = None, *, now: float | None = None, lifetime: int = 3600, **more: Any
    ) -> dict[str, Any]:
        """The claims of the next token."""
        issued_at = int(time.time() if now is None else now)
        times = {name: issued_at + lifetime if name == "exp" else issued_at for name in self._times}
        return _without_omitted(
            {"iss": self.url, "aud": self.audience, **times, **self._claims, **(claims or {}), **more}
        )

    def bad(self, kind: str, claims: Mapping[str, Any] | None = None, *, now: float | None = None, **more: Any) -> str:
        """Mint a token that is to be refused; :data:`BAD_TOKENS` lists the kinds, each with the code it is refused with.

        Raises:
            ValueError: there is no such kind.
        """
        return self._kind(kind).make(self, self.claims(claims, now=now, **more))

    def bad_settings(self, kind: str, changes: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Settings under which a token of that kind is refused for that reason and no other: most kinds need nothing special."""
        return {**self.settings(changes), **self._kind(kind).settings(self)}

    @staticmethod
    def _kind(kind: str) -> BadToken:
        if kind not in BAD_TOKENS:
            raise ValueError(f"argument 'kind': {kind!r} is none of {', '.join(BAD_TOKENS)}")
        return BAD_TOKENS[kind]

    @classmethod
    def of(cls, provider: Provider, *, alg: Algorithm = "RS256") -> Issuer:
        """A look-alike of an identity provider."""
        settings = {"server.jwt_authentication.claim": provider.claim}
        if provider.map_line:
            settings["server.identity_map.configuration"] = f"{provider.issuer} {provider.map_line}"
        issuer = cls(
            provider.issuer,
            alg=alg,
            audience=provider.audience,
            claims=provider.claims,
            header=provider.header,
            settings=settings,
        )
        issuer._times, issuer._published = provider.times, provider.published
        if provider.encryption_key:
            encryption = SigningKey.generate("encryption-1", "RS256").public_jwk()
            issuer._published_too = [{**encryption, "use": "enc", "alg": "RSA-OAEP"}]
        return issuer

    @classmethod
    def google(cls, *, email: str = "jane.doe@example.com") -> Issuer:
        """A Google user's ID token; logs in as the name before ``@``."""
        return cls.of(providers.google(email))

    @classmethod
    def google_service_account(cls, *, account: str = "billing", project: str = "proj-1234") -> Issuer:
        """A Google Cloud service account's ID token; logs in as the account's name."""
        return cls.of(providers.google_service_account(account, project))

    @classmethod
    def entra_v1(cls) -> Issuer:
        """An Entra ID access token of version 1 (a managed identity); logs in as ``billing``."""
        return cls.of(providers.entra_v1())

    @classmethod
    def entra_v2(cls, *, username: str = "jane.doe@contoso.com") -> Issuer:
        """An Entra ID access token of version 2 (a person); logs in as the name before ``@``."""
        return cls.of(providers.entra_v2(username))

    @classmethod
    def eks(cls, *, namespace: str = "prod", account: str = "billing") -> Issuer:
        """A service-account token of Amazon EKS; logs in as the namespace, ``_`` and the account's name."""
        return cls.of(providers.eks(namespace, account))

    @classmethod
    def kubernetes(cls, *, namespace: str = "prod", account: str = "billing") -> Issuer:
        """A projected service-account token of any Kubernetes cluster; logs in as the account's name."""
        return cls.of(providers.kubernetes(namespace, account))

    @classmethod
    def okta(cls, *, email: str = "jane.doe@example.com") -> Issuer:
        """An ID token of an Okta organisation; logs in as the name before ``@``."""
        return cls.of(providers.okta(email))

    @classmethod
    def okta_custom(cls, *, email: str = "jane.doe@example.com") -> Issuer:
        """An access token of an Okta custom authorization server; logs in as the name before ``@``."""
        return cls.of(providers.okta_custom(email))

    @classmethod
    def auth0(cls, *, subject: str = "auth0|5f7c8ec7c33c6c004bbafe82") -> Issuer:
        """An Auth0 access token; logs in as ``a0_`` and the id."""
        return cls.of(providers.auth0(subject))

    @classmethod
    def keycloak(cls, *, username: str = "jane.doe") -> Issuer:
        """A Keycloak access token; logs in as the preferred user name."""
        return cls.of(providers.keycloak(username))

    @classmethod
    def github_actions(
        cls, *, repository: str = "octo-org/octo-repo", ref: str = "refs/heads/main", ids: bool = False
    ) -> Issuer:
        """A GitHub Actions job's token; logs in as ``ci_main`` from that repository's main branch.

        With ``ids`` the subject holds the ids of owner and repository, as that of newer repositories does.
        """
        return cls.of(providers.github_actions(repository, ref, ids=ids))

    @classmethod
    def gitlab(cls, *, project: str = "grp/app", ref: str = "main") -> Issuer:
        """A GitLab CI job's token; logs in as ``ci_main`` from that project's main branch."""
        return cls.of(providers.gitlab(project, ref))

    @classmethod
    def cognito(cls, *, username: str = "jane") -> Issuer:
        """An Amazon Cognito ID token; logs in as the user name. Its access tokens have no audience: ``token(aud=OMIT)``."""
        return cls.of(providers.cognito(username))

    @classmethod
    def cockroachdb_cloud(cls, *, email: str = "jane@example.com") -> Issuer:
        """A token of CockroachDB Cloud; logs in as the name before ``@``."""
        return cls.of(providers.cockroachdb_cloud(email))

    @classmethod
    def spiffe(cls, *, identity: str = "spiffe://prod.example/billing") -> Issuer:
        """A SPIFFE JWT-SVID; logs in as ``billing``."""
        return cls.of(providers.spiffe(identity))

    def __repr__(self) -> str:
        return f"Issuer({self.url!r}, alg={self.algorithm!r})"


def _without_omitted(members: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value is not OMIT}
