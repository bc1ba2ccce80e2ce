"""Whoever fetches keys: nobody logs in wrongly whatever the issuer does, everybody does once it is back, and nobody waits without end."""

from __future__ import annotations

import json
import logging
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Iterator, Mapping

import pytest
from http_issuer import STRANGER, TROUBLES, HttpIssuer, certificates

import sqljwt
from sqljwt.fetch import Fetcher
from sqljwt.testing import Issuer

NOW = 1_800_000_000

LATER = 10
"""Seconds after a failure at which the issuer is asked again."""

LONG = 20
"""Seconds that nothing here may take: a server that drips takes minutes."""


@pytest.fixture
def issuer() -> Iterator[HttpIssuer]:
    issuer = HttpIssuer()
    yield issuer
    issuer.close()


def fetcher_of(issuer: HttpIssuer, timeout: float = 30, settings: Mapping[str, Any] | None = None) -> Fetcher:
    return Fetcher(sqljwt.Validator(issuer.settings(**(settings or {}))), timeout=timeout, proxies={})


def forged(issuer: HttpIssuer) -> str:
    """A token that looks like the issuer's, down to the key's id, and is signed by somebody else."""
    return Issuer(issuer.url).token(sub="alice", now=NOW, header={"kid": issuer.idp.key.id})


def logs_in(fetcher: Fetcher, token: str, now: float) -> bool:
    try:
        return fetcher.validate(token, "alice", now=now).user == "alice"
    except sqljwt.LoginRefused:
        return False


def test_the_keys_are_fetched_once_and_kept_as_long_as_the_issuer_says(issuer: HttpIssuer) -> None:
    fetcher, token = fetcher_of(issuer), issuer.idp.token(sub="alice", now=NOW)
    for seconds in (0, 299):
        assert fetcher.validate(token, "alice", now=NOW + seconds).issuer == issuer.url
    assert issuer.asked == ["GET /.well-known/openid-configuration HTTP/1.1", "GET /keys HTTP/1.1"]
    assert fetcher.cache.fresh_until(issuer.url) == NOW + 300
    fetcher.validate(token, "alice", now=NOW + 300)
    assert len(issuer.asked) == 4
    with pytest.raises(sqljwt.TokenRejected, match="signature_invalid"):
        fetcher.validate(forged(issuer), "alice", now=NOW + 300)
    explanation = fetcher.explain(token, "alice", now=NOW + 600)
    assert explanation.accepted and len(issuer.asked) == 6
    assert list(fetcher.validator.validate_many([(token, "alice", NOW + 600)]))[0].user == "alice"  # type: ignore[union-attr]


def troubled() -> Iterator[tuple[str, HttpIssuer, str]]:
    for name, (trouble, fault) in TROUBLES.items():
        issuer = HttpIssuer()
        issuer.trouble = trouble
        yield name, issuer, fault
        issuer.close()
    issuer = HttpIssuer()
    issuer.go_down()
    yield "is down", issuer, "unreachable"
    issuer.close()


def test_whatever_the_issuer_does_nobody_logs_in_wrongly_and_it_recovers() -> None:
    table = {}
    for name, issuer, fault in troubled():
        started = time.monotonic()
        good, bad = issuer.idp.token(sub="alice", now=NOW), [forged(issuer), STRANGER.token(sub="alice", now=NOW)]
        # Of the others an answer is awaited, however busy this machine is.
        fetcher = fetcher_of(issuer, timeout=0.5 if fault == "unreachable" else 30)
        # Without keys the right answer is that nobody can say; a failure is told with its cause.
        with pytest.raises(sqljwt.KeysNeeded) as needed:
            fetcher.validate(good, "alice", now=NOW)
        assert "they could not be had at 2027-01-15T08:00:00Z: " in needed.value.cause, (name, needed.value)
        assert issuer.url in needed.value.cause, (name, needed.value)
        with pytest.raises(sqljwt.FetchFailed) as failed:
            fetcher.renew(issuer.url, now=NOW + LATER)
        assert failed.value.fault == fault, (name, failed.value)
        tried, accepted = 4, sum(logs_in(fetcher, token, NOW) for token in (good, *bad))
        issuer.come_back()
        fetcher._seconds = 30
        refused = not logs_in(fetcher, good, NOW + 2 * LATER)
        recovered = issuer.keys == json.loads(json.loads(fetcher.cache.record(issuer.url) or "")["answers"][-1]["body"])["keys"]
        accepted += sum(logs_in(fetcher, token, NOW + 2 * LATER) for token in bad)
        tried += 1 + len(bad)
        table[name] = {"tried": tried, "wrongly accepted": accepted, "wrongly refused": int(refused), "recovered": recovered}
        assert time.monotonic() - started < LONG, name
    right = {"tried": 7, "wrongly accepted": 0, "wrongly refused": 0, "recovered": True}
    assert table == dict.fromkeys([*TROUBLES, "is down"], right)


def test_keys_that_are_fresh_outlast_trouble_and_stale_ones_do_not() -> None:
    table = {}
    for name, issuer, _ in troubled():
        issuer.come_back()
        fetcher, good = fetcher_of(issuer), issuer.idp.token(sub="alice", now=NOW)
        before = logs_in(fetcher, good, NOW)
        if name == "is down":
            issuer.go_down()
        else:
            issuer.trouble = TROUBLES[name][0]
        fetcher._seconds = 0.5
        fresh, stale = logs_in(fetcher, good, NOW + 299), logs_in(fetcher, good, NOW + 300)
        issuer.come_back()
        fetcher._seconds = 30
        table[name] = before, fresh, stale, logs_in(fetcher, good, NOW + 300 + LATER)
    assert table == dict.fromkeys([*TROUBLES, "is down"], (True, True, False, True))


def test_a_new_key_is_fetched_when_a_token_names_it_and_made_up_ones_do_not_hammer(issuer: HttpIssuer) -> None:
    fetcher = fetcher_of(issuer)
    assert logs_in(fetcher, issuer.idp.token(sub="alice", now=NOW), NOW)
    issuer.rotate()
    token = issuer.idp.token(sub="alice", now=NOW)
    assert logs_in(fetcher, token, NOW + 1) and len(issuer.asked) == 4
    for number in range(50):
        made_up = Issuer(issuer.url).token(sub="alice", now=NOW, header={"kid": f"made-up-{number}"})
        with pytest.raises(sqljwt.TokenRejected, match="key_not_found"):
            fetcher.validate(made_up, "alice", now=NOW + 2)
    assert len(issuer.asked) == 4


def test_an_issuer_is_asked_by_one_thread_while_the_others_wait(issuer: HttpIssuer) -> None:
    fetcher, token = fetcher_of(issuer), issuer.idp.token(sub="alice", now=NOW)
    at_once, served = threading.Event(), threading.Barrier(2)

    def held_back(issuer: HttpIssuer, path: str) -> Iterator[bytes]:
        if "openid" in path:
            served.wait(LONG)
            at_once.wait(LONG)
        yield issuer.answer(issuer.document(path))

    issuer.trouble = held_back
    with ThreadPoolExecutor(16) as pool:
        logins = [pool.submit(logs_in, fetcher, token, NOW) for _ in range(16)]
        served.wait(LONG)
        at_once.set()
        assert all(login.result() for login in logins)
    assert len(issuer.asked) == 2


def test_threads_that_wait_for_a_failure_do_not_ask_in_turn(issuer: HttpIssuer) -> None:
    issuer.trouble, token = TROUBLES["late"][0], issuer.idp.token(sub="alice", now=NOW)
    fetcher = fetcher_of(issuer, timeout=1)
    started = time.monotonic()
    with ThreadPoolExecutor(16) as pool:
        assert not any(pool.map(lambda _: logs_in(fetcher, token, NOW), range(16)))
    assert time.monotonic() - started < LONG and len(issuer.asked) == 1


def test_an_answer_that_may_not_be_kept_serves_those_who_waited(issuer: HttpIssuer) -> None:
    issuer.freshness = "Cache-Control: no-store\r\n"
    fetcher, token = fetcher_of(issuer), issuer.idp.token(sub="alice")
    with ThreadPoolExecutor(8) as pool:
        users = pool.map(lambda _: fetcher.validate(token, "alice").user, range(40))
    assert list(users) == ["alice"] * 40
    # A login later than that waits for an answer of its own.
    before = len(issuer.asked)
    assert logs_in(fetcher, token, time.time() + 2) and len(issuer.asked) == before + 2


def test_keys_that_rotate_under_threads(issuer: HttpIssuer) -> None:
    fetcher = fetcher_of(issuer)
    over = threading.Event()
    seen: dict[int, float] = {}
    # The moment of the login and the token that is presented then: far enough apart that a new key is asked for each time.
    present: list[Any] = [NOW, issuer.idp.token(sub="alice", now=NOW, lifetime=86_400), forged(issuer)]

    def logins() -> tuple[int, int, int]:
        tried = accepted = refused = 0
        while not over.is_set():
            now, good, bad = present
            tried += 2
            refused += not logs_in(fetcher, good, now)
            accepted += logs_in(fetcher, bad, now)
            seen[threading.get_ident()] = now
        return tried, accepted, refused

    with ThreadPoolExecutor(4) as pool:
        threads = [pool.submit(logins) for _ in range(4)]
        for rotation in range(1, 5):
            time.sleep(0.5)
            issuer.rotate()
            now = NOW + 40 * rotation
            present[:] = [now, issuer.idp.token(sub="alice", now=NOW, lifetime=86_400), forged(issuer)]
            # The issuer publishes one old key: every thread has to have come along before the next rotation.
            until = time.monotonic() + LONG
            while sum(moment == now for moment in list(seen.values())) < 4 and time.monotonic() < until:
                time.sleep(0.01)
        over.set()
        for thread in threads:
            tried, wrongly_accepted, wrongly_refused = thread.result()
            assert tried >= 10 and (wrongly_accepted, wrongly_refused) == (0, 0)
    assert len(issuer.asked) == 10


def test_new_settings_keep_the_keys_of_the_same_places(issuer: HttpIssuer) -> None:
    fetcher, token = fetcher_of(issuer), issuer.idp.token(sub="alice", now=NOW)
    assert logs_in(fetcher, token, NOW)
    fetcher.follow(sqljwt.Validator(issuer.settings(**{"server.jwt_authentication.audience": "another"})))
    with pytest.raises(sqljwt.TokenRejected, match="audience_not_allowed"):
        fetcher.validate(token, "alice", now=NOW)
    assert len(issuer.asked) == 2
    fetcher.follow(sqljwt.Validator(issuer.settings(**{"server.jwt_authentication.client.timeout": "2s"})))
    assert logs_in(fetcher, token, NOW) and len(issuer.asked) == 2


def test_how_long_a_fetch_may_take_is_a_setting(issuer: HttpIssuer) -> None:
    for timeout, seconds in (({}, 15), ({"server.jwt_authentication.client.timeout": "00:00:02"}, 2)):
        assert Fetcher(sqljwt.Validator(issuer.settings(**timeout)))._seconds == seconds


def test_attempts_are_logged_on_one_inert_line(issuer: HttpIssuer, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "sqljwt.fetch")
    fetcher, token = fetcher_of(issuer), issuer.idp.token(sub="alice", now=NOW)

    def hostile(issuer: HttpIssuer, path: str) -> Iterator[bytes]:
        yield issuer.answer("\x1b[2J\nforged: line", "500 \x1b[2J")

    issuer.trouble = hostile
    assert not logs_in(fetcher, token, NOW)
    issuer.come_back()
    assert logs_in(fetcher, token, NOW + LATER)
    failed, fetched = caplog.messages
    assert failed.startswith(f"keys of issuer `{issuer.url}`: http_status: ") and failed.isprintable()
    assert fetched == f"keys of issuer `{issuer.url}`: fetched, fresh until {NOW + LATER + 300}"
    assert token not in caplog.text


def test_whoever_is_interrupted_leaves_the_issuer_to_others(issuer: HttpIssuer, monkeypatch: pytest.MonkeyPatch) -> None:
    fetcher, token = fetcher_of(issuer), issuer.idp.token(sub="alice", now=NOW)

    def interrupted(*arguments: Any) -> Any:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(fetcher._client, "get", interrupted)
        with pytest.raises(KeyboardInterrupt):
            fetcher.validate(token, "alice", now=NOW)
    assert logs_in(fetcher, token, NOW + LATER)


def test_certificates_are_checked(tmp_path: Path) -> None:
    tls, authority = certificates(tmp_path)
    (tmp_path / "ca.pem").write_text(authority)
    issuer = HttpIssuer(tls)
    try:
        token = issuer.idp.token(sub="alice", now=NOW)
        with pytest.raises(sqljwt.KeysNeeded, match="certificate is not trusted"):
            fetcher_of(issuer).validate(token, "alice", now=NOW)
        custom_ca = {"server.jwt_authentication.issuers.custom_ca": authority}
        assert logs_in(fetcher_of(issuer, settings=custom_ca), token, NOW)
        validator = sqljwt.Validator(issuer.settings())
        assert logs_in(Fetcher(validator, ca_file=tmp_path / "ca.pem", proxies={}), token, NOW)
        other_name = sqljwt.Validator(json.loads(json.dumps(issuer.settings(**custom_ca)).replace("127.0.0.1", "localhost")))
        stranger = Issuer(issuer.url.replace("127.0.0.1", "localhost")).token(sub="alice", now=NOW)
        with pytest.raises(sqljwt.KeysNeeded, match="certificate is not trusted: .*localhost"):
            Fetcher(other_name, proxies={}).validate(stranger, "alice", now=NOW)
    finally:
        issuer.close()
    broken = {"server.jwt_authentication.issuers.custom_ca": "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"}
    with pytest.raises(ValueError, match="issuers.custom_ca"):
        fetcher_of(issuer, settings=broken)
    with pytest.raises(OSError):
        Fetcher(sqljwt.Validator(issuer.settings()), ca_file=tmp_path / "missing.pem")


class Proxy:
    """A proxy that connects to whoever is asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._socket.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._connect, args=(client,), daemon=True).start()

    def _connect(self, client: socket.socket) -> None:
        with client:
            request = client.recv(65536).decode()
            self.asked.append(request)
            host, _, port = request.split(" ")[1].rpartition(":")
            if "Basic dXM6cCB3" not in request:
                client.sendall(b"HTTP/1.1 407 Who Are You\r\n\r\n")
                return
            with socket.create_connection((host, int(port)), 10) as server:
                client.sendall(b"HTTP/1.1 200 Go On\r\n\r\n")
                back = threading.Thread(target=self._copy, args=(server, client), daemon=True)
                back.start()
                self._copy(client, server)
                back.join(10)

    @staticmethod
    def _copy(source: socket.socket, sink: socket.socket) -> None:
        try:
            while data := source.recv(65536):
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def close(self) -> None:
        self._socket.close()


def test_a_proxy_connects_and_does_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tls, authority = certificates(tmp_path)
    issuer, proxy = HttpIssuer(tls), Proxy()
    try:
        token = issuer.idp.token(sub="alice", now=NOW)
        validator = sqljwt.Validator(issuer.settings(**{"server.jwt_authentication.issuers.custom_ca": authority}))
        for name in ("http_proxy", "https_proxy", "no_proxy", "all_proxy"):
            monkeypatch.delenv(name, raising=False)
            monkeypatch.delenv(name.upper(), raising=False)
        through = f"http://us:p%20w@{proxy.address}"
        assert logs_in(Fetcher(validator, proxies={"https": through}), token, NOW)
        assert [asked.split("\r\n")[0] for asked in proxy.asked] == [f"CONNECT 127.0.0.1:{issuer.address[1]} HTTP/1.1"] * 2
        monkeypatch.setenv("https_proxy", through)
        assert logs_in(Fetcher(validator), token, NOW) and len(proxy.asked) == 4
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        assert logs_in(Fetcher(validator), token, NOW) and len(proxy.asked) == 4
        for wrong, words in ((f"http://{proxy.address}", "the proxy answered 407"), ("socks5://us:secret@x", "not spoken to over http")):
            with pytest.raises(sqljwt.KeysNeeded, match=words) as needed:
                Fetcher(validator, proxies={"https": wrong}).validate(token, "alice", now=NOW)
            assert "secret" not in str(needed.value)
    finally:
        issuer.close()
        proxy.close()
    # What is asked over http is on this machine, and nobody else's business.
    plain = HttpIssuer()
    try:
        token = plain.idp.token(sub="alice", now=NOW)
        proxies = {"http": "http://127.0.0.1:1", "https": "http://127.0.0.1:1"}
        assert logs_in(Fetcher(sqljwt.Validator(plain.settings()), proxies=proxies), token, NOW)
    finally:
        plain.close()
