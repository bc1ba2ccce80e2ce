"""Tokens that must be refused: every reason that a token can give, each with a maker.

Reasons that no token can give have none: those of the settings (``settings_invalid``, ``disabled``, …) and ``internal_error``.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Dict

from .keys import SigningKey, base64url, encoded, signed, without_none

if TYPE_CHECKING:
    from ..names import ReasonCode
    from .issuer import Issuer

Claims = Dict[str, Any]

CLAIM = "server.jwt_authentication.claim"
ISSUERS = "server.jwt_authentication.issuers"
JWKS = "server.jwt_authentication.jwks"
MAP = "server.identity_map.configuration"
GROUPS = {"server.jwt_authentication.authorization.enabled": True, "server.jwt_authentication.group_claim": "groups"}


@dataclass(frozen=True)
class BadToken:
    """One way for a token to be refused."""

    code: ReasonCode
    """The reason it is refused with, in the ``hardened`` profile."""
    about: str
    """What is wrong with it."""
    make: Callable[[Issuer, Claims], str]
    """Mints it from claims that would log in."""
    settings: Callable[[Issuer], Mapping[str, Any]] = lambda issuer: {}
    """What the settings have to say beside what lets the issuer's good tokens in."""
    user: str | None = None
    """The SQL user to request, where that matters."""


def _with(**claims: Any) -> Callable[[Issuer, Claims], str]:
    """The good token with some claims changed; None leaves one out."""

    def make(issuer: Issuer, good: Claims) -> str:
        changed = {**good, **claims}
        return signed(issuer.key, issuer.header(), without_none(changed))

    return make


def _headed(**members: Any) -> Callable[[Issuer, Claims], str]:
    """The good token with some header members changed; None leaves one out."""

    def make(issuer: Issuer, good: Claims) -> str:
        header = {**issuer.header(), **members}
        return signed(issuer.key, without_none(header), good)

    return make


def _shifted(**claims: Callable[[Claims], Any]) -> Callable[[Issuer, Claims], str]:
    """The good token with claims worked out from the good ones."""
    return lambda issuer, good: _with(**{name: value(good) for name, value in claims.items()})(issuer, good)


def _unchanged(issuer: Issuer, good: Claims) -> str:
    return signed(issuer.key, issuer.header(), good)


def _published(**members: Any) -> Callable[[Issuer], Mapping[str, Any]]:
    """The issuer's keys, published with some members changed."""
    return lambda issuer: {JWKS: {"keys": [{**key, **members} for key in issuer.jwks()["keys"]]}}


def _twice(part: dict[str, Any], name: str) -> bytes:
    """The object with one member stated twice."""
    return f"{json.dumps(part)[:-1]}, {json.dumps(name)}: {json.dumps(part[name])}}}".encode()


def _tampered(issuer: Issuer, good: Claims) -> str:
    header, _, signature = _unchanged(issuer, good).split(".")
    return f"{header}.{encoded({**good, 'jti': 'changed after signing'})}.{signature}"


def _unsigned(issuer: Issuer, good: Claims) -> str:
    return f"{encoded(issuer.header({'alg': 'none'}))}.{encoded(good)}."


def _hs256_with_public_key(issuer: Issuer, good: Claims) -> str:
    signing_input = f"{encoded(issuer.header({'alg': 'HS256'}))}.{encoded(good)}"
    secret = json.dumps(issuer.jwks()["keys"][-1]).encode()
    return f"{signing_input}.{base64url(hmac.new(secret, signing_input.encode(), hashlib.sha256).digest())}"


def _jwk_header(issuer: Issuer, good: Claims) -> str:
    attacker = SigningKey.generate(issuer.key.id, issuer.algorithm)
    return signed(attacker, issuer.header({"jwk": attacker.public_jwk()}), good)


def _forged(issuer: Issuer, good: Claims) -> str:
    return signed(SigningKey.generate(issuer.key.id, issuer.algorithm), issuer.header(), good)


def _other_algorithm(issuer: Issuer, good: Claims) -> str:
    key = SigningKey.generate(issuer.key.id, "ES384" if issuer.algorithm == "ES256" else "ES256")
    return signed(key, issuer.header({"alg": key.algorithm}), good)


def _weak(issuer: Issuer) -> Mapping[str, Any]:
    """The published key is replaced by an RSA key of 1024 bits."""
    weak = SigningKey.generate(issuer.key.id, "RS256", rsa_bits=1024).public_jwk()
    return {JWKS: {"keys": [{**weak, "alg": issuer.algorithm}]}}


def _weakly_signed(issuer: Issuer, good: Claims) -> str:
    return signed(SigningKey.generate(issuer.key.id, "RS256", rsa_bits=1024), issuer.header({"alg": "RS256"}), good)


_TABLE = {
    "empty": BadToken("token_empty", "no token at all", lambda issuer, good: ""),
    "too_large": BadToken("token_too_large", "longer than the server reads", _with(padding="x" * 70_000)),
    "malformed": BadToken("token_malformed", "two parts", lambda issuer, good: _unchanged(issuer, good).rpartition(".")[0]),
    "encrypted": BadToken(
        "token_encrypted",
        "an encrypted token of five parts",
        lambda issuer, good: f"{encoded({'alg': 'RSA-OAEP', 'enc': 'A256GCM'})}.AA.AA.AA.AA",
    ),
    "padded": BadToken("token_bad_base64", "base64 with padding", lambda issuer, good: _unchanged(issuer, good) + "="),
    "claims_not_json": BadToken(
        "payload_invalid", "claims that are no JSON", lambda issuer, good: signed(issuer.key, issuer.header(), b"hello")
    ),
    "claim_twice": BadToken(
        "payload_duplicate_member",
        "the claim iss stated twice",
        lambda issuer, good: signed(issuer.key, issuer.header(), _twice(good, "iss")),
    ),
    "header_not_json": BadToken(
        "header_invalid", "a header that is no JSON", lambda issuer, good: signed(issuer.key, b"hello", good)
    ),
    "header_member_twice": BadToken(
        "header_duplicate_member",
        "the header member kid stated twice",
        lambda issuer, good: signed(issuer.key, _twice(issuer.header(), "kid"), good),
    ),
    "alg_none": BadToken("alg_not_allowed", "no signature, and alg says none", _unsigned),
    "hs256_with_public_key": BadToken(
        "alg_not_allowed", "the public key used as a shared secret", _hs256_with_public_key
    ),
    "critical_extension": BadToken("crit_unsupported", "an extension that must be understood", _headed(crit=["exp"])),
    "unencoded_payload": BadToken("b64_unsupported", "the unencoded-payload option", _headed(b64=False)),
    "compressed": BadToken("zip_unsupported", "says that it is compressed", _headed(zip="DEF")),
    "logout_token": BadToken("typ_not_allowed", "a token of another kind", _headed(typ="logout+jwt")),
    "nested": BadToken("cty_nested", "a token that wraps a token", _headed(cty="JWT")),
    "no_issuer": BadToken("iss_missing", "no claim iss", _with(iss=None)),
    "issuer_not_text": BadToken("iss_invalid", "an issuer that is no text", _with(iss=["https://idp.test"])),
    "other_issuer": BadToken("issuer_not_allowed", "another issuer", _with(iss="https://other-issuer.test")),
    "no_kid": BadToken("key_id_missing", "no key id", _headed(kid=None)),
    "unknown_kid": BadToken("key_not_found", "a key id that nobody published", _headed(kid="unknown")),
    "keys_out_of_reach": BadToken(
        "keys_unavailable",
        "of an issuer whose keys are to be fetched, but whose name is no address",
        _with(iss="an-issuer-without-address"),
        lambda issuer: {
            ISSUERS: json.dumps([issuer.url, "an-issuer-without-address"]),
            "server.jwt_authentication.jwks_auto_fetch.enabled": True,
        },
    ),
    "other_algorithm": BadToken("key_alg_mismatch", "an algorithm that the key is not for", _other_algorithm),
    "encryption_key": BadToken("key_not_for_verify", "a key published for encryption", _unchanged, _published(use="enc")),
    "weak_key": BadToken("key_weak", "an RSA key of 1024 bits", _weakly_signed, _weak),
    "malformed_key": BadToken(
        "key_invalid", "a key whose numbers are cut off", _unchanged, _published(x="AA", n="AA", y="AA")
    ),
    "other_issuers_key": BadToken(
        "key_issuer_mismatch",
        "a key published as another issuer's",
        _unchanged,
        _published(issuer="https://other-issuer.test"),
    ),
    "tampered": BadToken("signature_invalid", "claims changed after signing", _tampered),
    "forged": BadToken("signature_invalid", "signed by another key of the same id", _forged),
    "jwk_header": BadToken("signature_invalid", "brings the attacker's key in its header", _jwk_header),
    "no_expiry": BadToken("exp_missing", "no claim exp", _with(exp=None)),
    "expiry_not_number": BadToken("exp_invalid", "an expiry that is no number", _with(exp="tomorrow")),
    "expired": BadToken(
        "token_expired",
        "expired an hour ago",
        _shifted(iat=lambda good: good["iat"] - 7200, exp=lambda good: good["iat"] - 3600),
    ),
    "not_before_not_number": BadToken("nbf_invalid", "a not-before that is no number", _with(nbf="now")),
    "not_yet_valid": BadToken("token_not_yet_valid", "valid in half an hour", _shifted(nbf=lambda good: good["iat"] + 1800)),
    "issued_at_not_number": BadToken("iat_invalid", "a time of issue that is no number", _with(iat="now")),
    "issued_in_future": BadToken("issued_in_future", "issued in half an hour", _shifted(iat=lambda good: good["iat"] + 1800)),
    "lives_too_long": BadToken(
        "lifetime_too_long",
        "lives for a week where a day is allowed",
        _shifted(exp=lambda good: good["iat"] + 604_800),
        lambda issuer: {"engine.max_token_lifetime_seconds": 86_400},
    ),
    "no_audience": BadToken("aud_missing", "no claim aud", _with(aud=None)),
    "audience_not_text": BadToken("aud_invalid", "an audience that is no text", _with(aud=7)),
    "wrong_audience": BadToken("audience_not_allowed", "meant for another service", _with(aud="another-service")),
    "no_identity": BadToken("claim_missing", "no claim that names the bearer", _unchanged, lambda issuer: {CLAIM: "nobody"}),
    "identity_not_text": BadToken(
        "claim_invalid", "a bearer that is no text", _with(bearer={"name": "alice"}), lambda issuer: {CLAIM: "bearer"}
    ),
    "email_unverified": BadToken(
        "email_unverified",
        "an address that nobody verified",
        _with(email="alice@example.com", email_verified=False),
        lambda issuer: {CLAIM: "email", MAP: f"{issuer.url} alice@example.com alice"},
    ),
    "no_required_claim": BadToken(
        "required_claim_missing",
        "lacks a claim that the server requires",
        _unchanged,
        lambda issuer: {"engine.required_claims": ["a_claim_that_is_required"]},
    ),
    "no_required_scope": BadToken(
        "scope_missing",
        "issued for another scope than the server requires",
        _with(scope="openid"),
        lambda issuer: {"engine.required_scopes": ["a:required:scope"]},
    ),
    "key_bound": BadToken("cnf_unsupported", "bound to a key of the bearer's", _with(cnf={"jkt": "AA"})),
    "unmapped": BadToken(
        "identity_unmapped", "nobody that the map knows", _unchanged, lambda issuer: {MAP: f"{issuer.url} nobody nobody"}
    ),
    "unfit_name": BadToken(
        "mapped_user_invalid",
        "a bearer whose name is no SQL user name",
        _with(bearer="not a name"),
        lambda issuer: {CLAIM: "bearer", MAP: ""},
        user="",
    ),
    "too_costly": BadToken(
        "too_costly",
        "many long names that a regex of many steps is tried on",
        _with(bearer=["a" * 960 + "b" * number + "d" for number in range(40)]),
        lambda issuer: {CLAIM: "bearer", MAP: f"{issuer.url} /^(?:[ab]?){{1000}}c*$ hard"},
    ),
    "somebody_else": BadToken(
        "user_mismatch",
        "somebody else than the requested user",
        _with(bearer="somebody_else"),
        lambda issuer: {CLAIM: "bearer", MAP: ""},
        user="alice",
    ),
    "two_names": BadToken(
        "user_ambiguous",
        "two names, and no user requested",
        _with(bearer=["alice", "bob"]),
        lambda issuer: {CLAIM: "bearer", MAP: ""},
        user="",
    ),
    "reserved_name": BadToken(
        "user_reserved",
        "a name that the database keeps for itself",
        _with(bearer="root"),
        lambda issuer: {CLAIM: "bearer", MAP: ""},
        user="root",
    ),
    "no_groups": BadToken("userinfo_needed", "no groups where they are required", _with(groups=None), lambda issuer: GROUPS),
    "nobody_to_ask": BadToken(
        "groups_missing",
        "no groups, of an issuer whose name is no address to ask at",
        _with(iss="an-issuer-without-address", bearer="alice", groups=None),
        lambda issuer: {
            ISSUERS: json.dumps([issuer.url, "an-issuer-without-address"]),
            JWKS: {"keys": [issuer.key.public_jwk()]},
            CLAIM: "bearer",
            MAP: "",
            **GROUPS,
        },
        user="alice",
    ),
    "unreadable_groups": BadToken("groups_invalid", "groups that are a number", _with(groups=7), lambda issuer: GROUPS),
    "empty_groups": BadToken("groups_empty", "an empty list of groups", _with(groups=[]), lambda issuer: GROUPS),
    "too_many_groups": BadToken(
        "groups_too_many",
        "more groups than one login may have roles",
        _with(groups=[f"g{number}" for number in range(5000)]),
        lambda issuer: GROUPS,
    ),
}

BAD_TOKENS: Mapping[str, BadToken] = MappingProxyType(_TABLE)
"""Every kind of bad token by name; :meth:`Issuer.bad <sqljwt.testing.Issuer.bad>` mints them."""
