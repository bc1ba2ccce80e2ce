"""Whoever asks issuers for people's groups: nobody gets a role that they do not have whatever comes back, and the token goes to the
userinfo endpoint and to nobody else.
"""

from __future__ import annotations

import json
import logging
import pickle
import socket
import time
from pathlib import Path
from typing import Any, Iterator

import pytest
from http_issuer import USERINFO_TROUBLES, HttpIssuer, certificates
from test_fetch import LONG, Proxy

import sqljwt
from sqljwt import _native
from sqljwt.asking import Unanswered
from sqljwt.fetch import Fetcher
from sqljwt.testing import Issuer

NOW = 1_800_000_000
GROUPS = {"server.jwt_authentication.authorization.enabled": True}
ASKED = ["/.well-known/openid-configuration", "/keys", "/.well-known/openid-configuration", "/userinfo"]


@pytest.fixture
def issuer() -> Iterator[HttpIssuer]:
    issuer = HttpIssuer()
    yield issuer
    issuer.close()


def fetcher_of(issuer: HttpIssuer, **settings: Any) -> Fetcher:
    return Fetcher(sqljwt.Validator(issuer.settings(**GROUPS, **settings)), timeout=30, proxies={})


def paths(issuer: HttpIssuer) -> list[str]:
    return [asked.split(" ")[1] for asked in issuer.asked]


def test_the_groups_are_asked_of_the_issuer_with_the_token(issuer: HttpIssuer, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "sqljwt.fetch")
    fetcher, token = fetcher_of(issuer), issuer.idp.token(sub="alice", now=NOW)
    login = fetcher.validate(token, "alice", now=NOW)
    assert login.roles == ("readers", "writers")
    assert paths(issuer) == ASKED and issuer.shown == [("/userinfo", f"Bearer {token}")]
    # Each login asks anew: people leave groups.
    issuer.person["groups"] = "readers"
    assert fetcher.identify(token, now=NOW).roles == ("readers",)
    explanation = fetcher.explain(token.encode(), "alice", now=NOW)
    assert explanation.login and explanation.login.roles == ("readers",) and explanation.userinfo_needed is None
    assert len(issuer.shown) == 3 and {path for path, _ in issuer.shown} == {"/userinfo"}
    assert caplog.messages[1:] == [f"userinfo of issuer `{issuer.url}`: fetched"] * 3 and token not in caplog.text


def test_nobody_is_asked_where_that_changes_nothing(issuer: HttpIssuer) -> None:
    fetcher = fetcher_of(issuer)
    with_groups = issuer.idp.token(sub="alice", now=NOW, groups=["readers"])
    assert fetcher.validate(with_groups, "alice", now=NOW).roles == ("readers",)
    without = issuer.idp.token(sub="alice", now=NOW)
    for token, user, now in ((without, "bob", NOW), (without, "alice", NOW + 10_000), (f"{without}x", "alice", NOW)):
        with pytest.raises(sqljwt.TokenRejected) as rejected:
            fetcher.validate(token, user, now=now)
        assert rejected.value.userinfo_needed is None
    assert not issuer.shown and "/userinfo" not in paths(issuer)


def test_a_refusal_says_whom_to_ask(issuer: HttpIssuer) -> None:
    validator, token = sqljwt.Validator({**issuer.idp.settings(), **GROUPS}), issuer.idp.token(sub="alice", now=NOW)
    with pytest.raises(sqljwt.TokenRejected, match="userinfo_needed") as rejected:
        validator.validate(token, "alice", now=NOW)
    needed = rejected.value.userinfo_needed
    assert needed == sqljwt.UserInfoToAsk(issuer.url, f"{issuer.url}/.well-known/openid-configuration")
    assert rejected.value.explanation.userinfo_needed == needed
    assert pickle.loads(pickle.dumps(rejected.value)).userinfo_needed == needed
    informed = validator.with_user_info(token, 200, json.dumps(issuer.person))
    assert informed.validate(token, "alice", now=NOW).roles == ("readers", "writers")
    assert informed != validator and informed == informed
    with pytest.raises(TypeError, match="not pickled"):
        pickle.dumps(informed)


def test_whatever_the_endpoint_does_nobody_gets_a_role_and_the_log_has_no_token(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    addresses = socket.getaddrinfo

    def here(host: str, *more: Any, **others: Any) -> Any:
        """Every name is this machine's, so that a token that is sent anywhere is seen."""
        return addresses("127.0.0.1", *more, **others)

    monkeypatch.setattr(socket, "getaddrinfo", here)
    for name, (trouble, fault) in USERINFO_TROUBLES.items():
        started, issuer = time.monotonic(), HttpIssuer()
        try:
            token = issuer.idp.token(sub="alice", now=NOW)
            fetcher = fetcher_of(issuer)
            fetcher.renew(issuer.url, now=NOW)
            issuer.trouble = trouble
            fetcher._seconds = 0.5 if fault == "unreachable" else 30
            caplog.clear()
            for ask in (lambda: fetcher.validate(token, "alice", now=NOW), lambda: fetcher.identify(token, now=NOW)):
                with pytest.raises(sqljwt.TokenRejected, match="userinfo_needed") as rejected:
                    ask()
                cause = rejected.value.__cause__
                assert isinstance(cause, sqljwt.FetchFailed) and cause.fault == fault and cause.remedy, (name, cause)
            assert fetcher.explain(token, "alice", now=NOW).userinfo_needed, name
            assert len(caplog.messages) == 3 and f"userinfo of issuer `{issuer.url}`: {cause}" in caplog.messages, name
            assert all(message.startswith(f"userinfo of issuer `{issuer.url}`: {fault}: ") for message in caplog.messages), name
            assert all(map(str.isprintable, caplog.messages)), name
            assert isinstance(cause, sqljwt.FetchFailed) and cause.__context__ is None and cause.__cause__ is None, name
            told = f"{caplog.text}{cause}{cause!r}{vars(cause)}{rejected.value}"
            assert not any(piece in told for piece in token.split(".")), (name, told)
            # It is shown to the endpoint, where that may see it, and nowhere else.
            reached = "names" not in name
            assert {path for path, _ in issuer.shown} == ({"/userinfo"} if reached else set()), name
            issuer.come_back()
            fetcher._seconds = 30
            assert fetcher.validate(token, "alice", now=NOW).roles == ("readers", "writers")
        finally:
            issuer.close()
        assert time.monotonic() - started < LONG, name


def test_what_keys_may_come_over_no_token_goes_over(issuer: HttpIssuer, monkeypatch: pytest.MonkeyPatch) -> None:
    addresses = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, *more, **others: addresses("127.0.0.1", *more, **others))
    issuer.url = f"http://idp.example:{issuer.address[1]}"
    issuer.idp = Issuer(issuer.url)
    issuer.keys = issuer.idp.jwks()["keys"]
    token = issuer.idp.token(sub="alice", now=NOW)
    with pytest.raises(sqljwt.TokenRejected, match="keys_unavailable"):
        fetcher_of(issuer).validate(token, "alice", now=NOW)
    assert not issuer.asked
    fetcher = fetcher_of(issuer, **{"engine.fetch_over_http": True})
    with pytest.raises(sqljwt.TokenRejected) as rejected:
        fetcher.validate(token, "alice", now=NOW)
    assert rejected.value.code in ("groups_missing", "userinfo_needed") and rejected.value.userinfo_needed is None
    assert paths(issuer) == ASKED[:2] and not issuer.shown
    with_groups = issuer.idp.token(sub="alice", now=NOW, groups="readers")
    assert fetcher.validate(with_groups, "alice", now=NOW).roles == ("readers",)


def test_groups_come_also_where_keys_may_not_be_kept(issuer: HttpIssuer) -> None:
    issuer.freshness = "Cache-Control: no-store\r\n"
    fetcher, token = fetcher_of(issuer), issuer.idp.token(sub="alice")

    def slow(issuer: HttpIssuer, path: str) -> Iterator[bytes]:
        time.sleep(0.4)
        yield issuer.answer(issuer.document(path))

    issuer.trouble = slow
    # The login goes on as of the moment at which it began, whatever second it is when the groups are asked for.
    assert fetcher.validate(token, "alice").roles == ("readers", "writers") and paths(issuer) == ASKED


def test_no_time_is_left_for_an_endpoint_after_a_slow_discovery(issuer: HttpIssuer) -> None:
    fetcher, token = fetcher_of(issuer), issuer.idp.token(sub="alice", now=NOW)
    fetcher.renew(issuer.url, now=NOW)

    def slow(issuer: HttpIssuer, path: str) -> Iterator[bytes]:
        time.sleep(0.6)
        yield issuer.answer(issuer.document(path))

    issuer.trouble, fetcher._seconds = slow, 1
    with pytest.raises(sqljwt.TokenRejected) as rejected:
        fetcher.validate(token, "alice", now=NOW)
    assert isinstance(rejected.value.__cause__, sqljwt.FetchFailed) and rejected.value.__cause__.fault == "unreachable"


def test_an_answer_about_somebody_else_gives_nobody_a_role(issuer: HttpIssuer) -> None:
    fetcher, token = fetcher_of(issuer), issuer.idp.token(sub="alice", now=NOW)
    strangers: list[dict[str, Any]] = [{"sub": "mallory"}, {}, {"sub": None}]
    for stranger in strangers:
        issuer.person = {**stranger, "groups": ["admin"]}
        with pytest.raises(sqljwt.TokenRejected, match="groups_invalid: the userinfo endpoint answered about") as rejected:
            fetcher.validate(token, "alice", now=NOW)
        assert rejected.value.userinfo_needed is None
        assert fetcher.explain(token, "alice", now=NOW).login is None
    for more, code in (({}, "groups_empty"), ({"groups": 7}, "groups_invalid")):
        issuer.person = {"sub": "alice", **more}
        with pytest.raises(sqljwt.TokenRejected, match=code):
            fetcher.validate(token, "alice", now=NOW)


def test_the_token_goes_through_tls_to_whom_it_may_concern(tmp_path: Path) -> None:
    tls, authority = certificates(tmp_path)
    (tmp_path / "elsewhere").mkdir()
    issuer, stranger = HttpIssuer(tls), HttpIssuer(certificates(tmp_path / "elsewhere")[0])
    proxy = Proxy()
    try:
        settings = issuer.settings(**GROUPS, **{"server.jwt_authentication.issuers.custom_ca": authority})
        fetcher = Fetcher(sqljwt.Validator(settings), proxies={"https": f"http://us:p%20w@{proxy.address}"})
        token = issuer.idp.token(sub="alice", now=NOW)
        assert fetcher.validate(token, "alice", now=NOW).roles == ("readers", "writers")
        assert issuer.shown == [("/userinfo", f"Bearer {token}")]
        assert len(proxy.asked) == 4 and not any("Bearer" in asked or token[:20] in asked for asked in proxy.asked)

        # Whose certificate is not trusted gets to see nothing.
        def elsewhere(issuer: HttpIssuer, path: str) -> Iterator[bytes]:
            document = {**json.loads(issuer.document(path)), "userinfo_endpoint": f"{stranger.url}/userinfo"}
            yield issuer.answer(json.dumps(document))

        issuer.trouble = elsewhere
        with pytest.raises(sqljwt.TokenRejected) as rejected:
            fetcher.validate(token, "alice", now=NOW)
        assert "certificate is not trusted" in str(rejected.value.__cause__)
        assert stranger.shown == [] and stranger.asked == []
    finally:
        issuer.close()
        stranger.close()
        proxy.close()


@pytest.mark.parametrize("evil", ["\r\n", "\n", "\r", "\0", "\t"])
def test_a_token_is_no_place_for_header_fields(issuer: HttpIssuer, evil: str) -> None:
    # There are decoders of base64 that pass over line breaks.
    fetcher = fetcher_of(issuer, **{"engine.profile": "cockroachdb"})
    head, claims, signature = issuer.idp.token(sub="alice", now=NOW).split(".")
    for token in (f"{head}.{claims}.{signature[:9]}{evil}{signature[9:]}", f"{head}.{claims}.{signature}{evil}"):
        with pytest.raises(sqljwt.TokenRejected):
            fetcher.validate(token, "alice", now=NOW)
    assert not issuer.shown
    # Where one got as far as that, it would not be sent.
    before = len(issuer.asked)
    headers = {"Authorization": f"Bearer a{evil}X-Forged: 1"}
    with pytest.raises(Unanswered, match="does not send"):
        fetcher._client.get(f"{issuer.url}/userinfo", headers, 5)
    assert len(issuer.asked) == before


def test_a_question_about_a_person_is_answered_once(issuer: HttpIssuer) -> None:
    validator, token = sqljwt.Validator({**issuer.idp.settings(), **GROUPS}), issuer.idp.token(sub="alice", now=NOW)
    asked = _native.ask_user_info(validator._engine, token, "alice", NOW)
    assert asked is not None and asked.headers == {"Accept": "application/json"} and token not in repr(asked)
    document = issuer.document("openid-configuration").encode()
    following = asked.answer(200, [], document)
    assert isinstance(following, _native.UserInfoFetch) and following.url == f"{issuer.url}/userinfo"
    assert following.headers == {"Accept": "application/json", "Authorization": f"Bearer {token}"} and token not in repr(following)
    with pytest.raises(ValueError, match="answered already"):
        asked.answer(200, [], document)
    for user in ("alice", None):
        assert _native.ask_user_info(validator._engine, token, user, NOW) is not None
    for user, now in (("bob", NOW), (None, NOW + 10_000)):
        assert _native.ask_user_info(validator._engine, token, user, now) is None
