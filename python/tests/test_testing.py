"""The test kit: every kind of bad token is refused with its code, every look-alike logs in, and failures explain."""

from __future__ import annotations

import typing

import pytest

import sqljwt
from sqljwt.testing import BAD_TOKENS, OMIT, Issuer, SigningKey, assert_logs_in, assert_rejected

NOW = 1_800_000_000

LOOK_ALIKES = {
    "google": "jane.doe",
    "google_service_account": "billing",
    "entra_v1": "billing",
    "entra_v2": "jane.doe",
    "eks": "prod_billing",
    "kubernetes": "billing",
    "okta": "jane.doe",
    "okta_custom": "jane.doe",
    "auth0": "a0_5f7c8ec7c33c6c004bbafe82",
    "keycloak": "jane.doe",
    "github_actions": "ci_main",
    "gitlab": "ci_main",
    "cognito": "jane",
    "cockroachdb_cloud": "jane",
    "spiffe": "billing",
}

@pytest.fixture(scope="module", params=["ES256", "RS256", "EdDSA", "Ed25519"])
def idp(request: pytest.FixtureRequest) -> Issuer:
    return Issuer(alg=request.param)


def test_good_tokens_log_in(idp: Issuer) -> None:
    login = assert_logs_in(idp.settings(), idp.token(sub="alice", now=NOW), "alice", now=NOW)
    assert login == sqljwt.Login(
        "alice", "alice", idp.url, "db-login", NOW, NOW + 3600, "key-1", idp.algorithm, None, None, None, None
    )


@pytest.mark.parametrize("kind", BAD_TOKENS)
def test_bad_tokens_are_refused_with_their_code(idp: Issuer, kind: str) -> None:
    bad = BAD_TOKENS[kind]
    user = "alice" if bad.user is None else bad.user
    token, settings = idp.bad(kind, sub="alice", now=NOW), idp.bad_settings(kind)
    explanation = assert_rejected(settings, token, user, bad.code, now=NOW)
    assert explanation.profile == "hardened"


def test_every_reason_that_a_token_can_give_has_a_kind() -> None:
    reasons = sqljwt.reason_codes()
    of_a_token = {code for code, reason in reasons.items() if reason.check not in ("settings", "enabled", "internal")}
    assert {bad.code for bad in BAD_TOKENS.values()} == of_a_token


def test_a_bad_token_is_wrong_in_one_way_only(idp: Issuer) -> None:
    failed = {}
    for kind, bad in BAD_TOKENS.items():
        user = "alice" if bad.user is None else bad.user
        explanation = sqljwt.Validator(idp.bad_settings(kind)).explain(idp.bad(kind, sub="alice", now=NOW), user, now=NOW)
        failed[kind] = [check.check for check in explanation.checks if check.outcome == "fail"]
    assert {kind: checks for kind, checks in failed.items() if len(checks) > 1} == {}


def test_an_unknown_kind_is_named() -> None:
    with pytest.raises(ValueError, match="'expird'"):
        Issuer().bad("expird")
    with pytest.raises(ValueError, match="'HS256'"):
        Issuer(alg="HS256")  # type: ignore[arg-type]


@pytest.mark.parametrize("name", LOOK_ALIKES)
def test_look_alikes_log_in(name: str) -> None:
    idp: Issuer = getattr(Issuer, name)()
    assert_logs_in(idp.settings(), idp.token(now=NOW), LOOK_ALIKES[name], now=NOW)
    assert_rejected(idp.settings(), idp.bad("expired", now=NOW), LOOK_ALIKES[name], "token_expired", now=NOW)


def test_every_look_alike_is_tried() -> None:
    made = {name for name, it in vars(Issuer).items() if isinstance(it, classmethod) and name != "of"}
    assert made == LOOK_ALIKES.keys()


def test_look_alikes_publish_their_keys_as_the_providers_do() -> None:
    [key] = Issuer.entra_v2().jwks()["keys"]
    assert "alg" not in key and "{tenantid}" in key["issuer"]
    assert [key["use"] for key in Issuer.keycloak().jwks()["keys"]] == ["enc", "sig"]
    github = Issuer.github_actions(ids=True)
    login = assert_logs_in(github.settings(), github.token(), "ci_main")
    assert login.principal == "repo:octo-org@123456/octo-repo@456789:ref:refs/heads/main"
    assert {"iat", "nbf", "exp"} <= Issuer.eks().claims().keys()


def test_look_alikes_of_others_are_refused() -> None:
    google = Issuer.google(email="jane.doe@elsewhere.example")
    settings = Issuer.google().settings({"server.jwt_authentication.jwks": google.jwks()})
    assert_rejected(settings, google.token(), "jane.doe", "identity_unmapped")
    github = Issuer.github_actions(ref="refs/pull/1/merge")
    assert_rejected(github.settings(), github.token(), "ci_main", "identity_unmapped")
    cognito = Issuer.cognito()
    assert_rejected(cognito.settings(), cognito.token(aud=OMIT), "jane", "aud_missing")


def test_keys_rotate() -> None:
    idp = Issuer()
    before, old = idp.token(sub="alice"), idp.settings()
    idp.rotate()
    after = idp.token(sub="alice")
    assert_logs_in(idp.settings(), before, "alice")
    assert_logs_in(idp.settings(), after, "alice")
    assert_rejected(old, after, "alice", "key_not_found")
    idp.rotate(keep=0)
    assert len(idp.jwks()["keys"]) == 1
    assert_rejected(idp.settings(), after, "alice", "key_not_found")


def test_ones_own_settings_can_trust_a_test_issuer() -> None:
    idp = Issuer("https://real.example")
    own = Issuer("https://real.example").settings()
    assert_rejected(own, idp.token(sub="alice"), "alice", "signature_invalid")
    assert_logs_in(idp.trusted(own), idp.token(sub="alice"), "alice")


def test_failed_assertions_are_explanations() -> None:
    idp = Issuer()
    with pytest.raises(AssertionError, match=r"(?s)expected a login as `alice`.*REJECTED  audience_not_allowed.*  Fix"):
        assert_logs_in(idp.settings(), idp.bad("wrong_audience", sub="alice"), "alice")
    with pytest.raises(AssertionError, match=r"(?s)expected a rejection with `token_expired`.*ACCEPTED"):
        assert_rejected(idp.settings(), idp.token(sub="alice"), "alice", "token_expired")
    with pytest.raises(AssertionError, match="setting_unknown"):
        assert_logs_in({"server.jwt_authentication.enable": True}, "x", "alice")
    with pytest.raises(ValueError, match="'expired'"):
        assert_rejected({}, "x", "alice", "expired")  # type: ignore[arg-type]


def test_keys_show_nothing_private() -> None:
    for algorithm in ("ES256", "RS256", "EdDSA"):
        key = SigningKey.generate("k", typing.cast(typing.Any, algorithm))
        assert not {"d", "p", "q", "dp", "dq", "qi"} & key.public_jwk().keys()
        assert repr(key) == f"SigningKey(id='k', algorithm='{algorithm}')"
