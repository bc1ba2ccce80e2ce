"""Logins by token at PostgreSQL, through PAM: psql and psycopg, each provider's look-alike, and what must never log in."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import everywhere
import pytest
from everywhere import (  # noqa: F401  (what holds at every server is run here too)
    PASSWORD,
    alive,
    behind,
    test_a_password_user_logs_in_beside_tokens,
    test_a_thousand_logins_leave_the_memory_as_it_was,
    test_a_token_of_somebody_else_does_not_log_in,
    test_a_user_is_named_as_the_token_says,
    test_users_that_differ_in_case_are_two_people,
    with_names,
)
from issuer import LocalIssuer, look_alikes
from logins import Board, Logins, Text, at_once
from postgresql import USER, PostgreSQL, Wire
from process import file_of, folder_of, replaced
from stage import CONTROL, Stage

NAME = "PostgreSQL, PAM"

ROLES = ("ada", "bob", "carl", "Ada", "o'brien", "ada@corp.test", "root")

OWN_ISSUER = "https://idp.test"

RULES = "postgresql"
"""`postgres` is never given to a token."""


@dataclass
class House(everywhere.House):
    """The server, with a database for each way to set up its PAM service; `use` is for the database `tokens`."""

    server: PostgreSQL
    keys: Path
    keys_settings: Path


@pytest.fixture(scope="module")
def house(stage: Stage, board: Board, issuer: LocalIssuer) -> Iterator[House]:
    folder = folder_of(stage.folder / "postgresql", "root")
    settings = stage.settings(folder / "settings.json", with_names(RULES, issuer.settings_with_keys()))
    keys_settings = stage.settings(folder / "keys.json", {})
    keys = folder_of(folder / "keys", "root")
    folder_of(keys / "wanted", USER)
    log, password_log = stage.log(folder / "log", USER), stage.log(folder / "passwords", USER)
    password, account = behind(stage, password_log)

    def auth(arguments: str) -> str:
        return f"auth {CONTROL} {stage.pam_sqljwt()} log={log} {arguments}"

    services = {
        "tokens": [auth(f"settings={settings} only_tokens"), password, account],
        "alone": [auth(f"settings={settings}"), "auth required pam_deny.so", account],
        "fetched": [auth(f"settings={keys_settings} keys={keys} only_tokens"), password, account],
        "noaccount": [auth(f"settings={settings} only_tokens")],
        "unset": [auth("only_tokens"), password, account],
    }
    names = {database: stage.service(f"sqljwt-test-{database}", lines) for database, lines in services.items()}
    server = PostgreSQL(folder / "server", names)
    server.roles(*ROLES)
    connect = lambda token, user, database="tokens", client=None: (client or server.connect)(token, user, database)  # noqa: E731
    logins = Logins(NAME, board, server.server, connect, log)
    yield House(NAME, RULES, stage, server.server, logins, settings, log, password_log, server, keys, keys_settings)
    server.stop()


# Good tokens.


def test_a_token_logs_in_with_psql_and_with_psycopg(house: House, issuer: LocalIssuer) -> None:
    house.logins.accepted(issuer.token(sub="ada"), "ada")
    line = house.logins.accepted(issuer.token(sub="ada"), "ada", client=house.server.psql)
    assert "ada" in line


@pytest.mark.parametrize("length", [8_001, 16_384, 65_529, 65_530])
def test_long_tokens_arrive_whole(house: House, issuer: LocalIssuer, length: int) -> None:
    house.logins.accepted(issuer.padded(length, sub="ada"), "ada")
    house.logins.accepted(issuer.padded(length, sub="ada"), "ada", client=house.server.psql)


def test_longer_ones_the_server_itself_turns_away(house: House, issuer: LocalIssuer) -> None:
    said = Text(house.log)
    assert house.logins.wrong(issuer.padded(65_531, sub="ada"), "ada", False) is None
    (line,) = said.lines()
    assert "did not arrive" in line


def test_each_providers_tokens_log_in_and_its_look_alikes_do_not(house: House) -> None:
    known = set(ROLES)
    for sample in look_alikes():
        if sample.user not in known:
            house.server.roles(sample.user)
            known.add(sample.user)
        house.use(sample.settings)
        if sample.code is None:
            house.logins.accepted(sample.token, sample.user)
        else:
            house.logins.refused(sample.token, sample.user, sample.code)


# Bad tokens.

KINDS = (
    "expired not_yet_valid issued_in_future no_expiry forged tampered unknown_kid no_kid wrong_audience no_audience other_issuer no_issuer "
    "alg_none hs256_with_public_key other_algorithm jwk_header encrypted malformed padded claims_not_json claim_twice key_bound nested "
    "compressed critical_extension logout_token"
).split()


@pytest.mark.parametrize("kind", KINDS)
def test_bad_tokens_are_refused(house: House, kind: str) -> None:
    from sqljwt.testing import BAD_TOKENS, Issuer

    idp = Issuer(OWN_ISSUER)
    house.use(idp.bad_settings(kind))
    house.logins.refused(idp.bad(kind, sub="ada"), "ada", BAD_TOKENS[kind].code)


@pytest.mark.parametrize("user", ["postgres", "pg_read_all_data", "root"])
def test_no_token_is_the_superuser_nor_any_other_role_of_the_servers_own(house: House, issuer: LocalIssuer, user: str) -> None:
    house.logins.refused(issuer.token(sub=user), user, "user_reserved")


def test_no_token_is_a_role_that_the_settings_reserve(house: House, issuer: LocalIssuer) -> None:
    house.use(issuer.settings_with_keys({"engine.reserved_users": ["Bob"]}))
    house.logins.refused(issuer.token(sub="bob"), "bob", "user_reserved")
    house.logins.accepted(issuer.token(sub="ada"), "ada")


@pytest.mark.parametrize("user", ["nobody_here", "x" * 63, "new\nline", "\x1b[31mred", "żółw"])
def test_names_that_no_role_bears_are_refused_in_order(house: House, issuer: LocalIssuer, user: str) -> None:
    assert house.logins.wrong(issuer.token(sub=user), user, False) is None
    assert all(line.isprintable() for line in Text(house.log).lines())


def test_nothing_of_a_hostile_claim_moves_the_terminal_of_who_reads_the_log(house: House, issuer: LocalIssuer) -> None:
    for hostile in ("a\nFATAL: forged line", "\x1b]0;title\x07", "a\u202eb", "\x00"):
        house.logins.refused(issuer.token(sub=hostile), "ada", "mapped_user_invalid")


# Passwords beside tokens.


def test_the_superuser_keeps_the_password(house: House) -> None:
    assert house.logins.wrong(PASSWORD, "postgres", True) is None


def test_where_only_tokens_count_a_password_is_refused(house: House) -> None:
    house.logins.refused(PASSWORD, "carl", "token_malformed", database="alone")


def test_no_refused_token_reaches_the_password_module(house: House, issuer: LocalIssuer) -> None:
    reached = Text(house.password_log)
    house.logins.refused(issuer.expired(sub="ada"), "ada", "token_expired")
    house.logins.refused(issuer.forged(sub="ada"), "ada", "signature_invalid")
    for length in (3, 10, 500, 2_047, 4_085, 4_095, 10_238):
        house.logins.refused(issuer.cut(length, sub="ada"), "ada", "token_")
    house.logins.refused(issuer.token(sub="bob"), "ada", "user_mismatch")
    assert reached.lines() == []


@pytest.mark.parametrize("length", [2_047, 4_085, 4_095, 10_238])
def test_the_log_says_where_tokens_are_cut(house: House, issuer: LocalIssuer, length: int) -> None:
    line = house.logins.refused(issuer.cut(length, sub="ada"), "ada", "token_")
    assert f"{length:,}" in line or str(length) in line, line


# Broken set-ups.


def test_without_an_account_line_nobody_logs_in(house: House, issuer: LocalIssuer) -> None:
    assert house.logins.wrong(issuer.token(sub="ada"), "ada", False, database="noaccount") is None


def test_without_settings_nobody_logs_in(house: House, issuer: LocalIssuer) -> None:
    assert house.logins.wrong(issuer.token(sub="ada"), "ada", False, database="unset") is None


@pytest.mark.parametrize("fault", ["removed", "half", "rubbish", "empty", "writable", "link", "folder", "unreadable", "fifo", "huge"])
def test_settings_that_cannot_be_used_let_nobody_in(house: House, issuer: LocalIssuer, fault: str) -> None:
    path, whole = house.settings, house.settings.read_text()
    path.unlink()
    if fault == "half":
        replaced(path, whole[: len(whole) // 2])
    elif fault == "rubbish":
        replaced(path, "\x00\xff rubbish")
    elif fault == "empty":
        replaced(path, "")
    elif fault == "writable":
        replaced(path, whole, mode=0o666)
    elif fault == "link":
        path.symlink_to(replaced(path.with_name("elsewhere.json"), whole))
    elif fault == "folder":
        path.mkdir()
    elif fault == "unreadable":
        replaced(path, whole, mode=0o000)
    elif fault == "fifo":
        import os

        os.mkfifo(path, 0o644)
    elif fault == "huge":
        replaced(path, whole + " " * 64 * 1024 * 1024)
    try:
        line = house.logins.refused(issuer.token(sub="ada"), "ada", "")
        assert path.name in line, line
    finally:
        path.rmdir() if fault == "folder" else path.unlink(missing_ok=True)


def test_settings_mended_let_people_in_again(house: House, issuer: LocalIssuer) -> None:
    replaced(house.settings, "{")
    house.logins.refused(issuer.token(sub="ada"), "ada", "")
    house.use(issuer.settings_with_keys())
    house.logins.accepted(issuer.token(sub="ada"), "ada")


# Broken clients.


def test_clients_that_go_away_leave_the_server_as_it_was(house: House, issuer: LocalIssuer) -> None:
    token = issuer.token(sub="ada").encode()
    message = Wire.password(token)
    for length in (0, 1, 4, 5, 100, len(message) - 1, len(message)):
        wire = Wire(house.server.port, "ada", "tokens")
        assert wire.is_asked_for_password()
        wire.send(message[:length])
        wire.close()
    house.logins.stays_alive()
    house.server.sql("select 1")


def test_a_token_with_a_nul_byte_does_not_log_in(house: House, issuer: LocalIssuer) -> None:
    token = issuer.token(sub="ada").encode()
    for text in (token + b"\0", token + b"\0more", token[:50] + b"\0" + token[50:], b"\0" + token):
        wire = Wire(house.server.port, "ada", "tokens")
        assert wire.is_asked_for_password()
        wire.send(wire.password(text))
        house.logins.tally.tried += 1
        answer = wire.answer()
        house.logins.tally.wrongly_accepted += answer == "accepted"
        assert answer != "accepted"
        wire.close()


def test_an_empty_token_does_not_log_in(house: House) -> None:
    for database in ("tokens", "alone"):
        wire = Wire(house.server.port, "ada", database)
        assert wire.is_asked_for_password()
        wire.send(wire.password(b""))
        assert wire.answer() not in ("", "accepted")
        wire.close()


# Keys that are fetched.


def test_keys_are_read_from_files_that_somebody_else_fetches(house: House) -> None:
    idp = LocalIssuer()
    try:
        house.stage.settings(house.keys_settings, house.with_names(idp.settings()))
        fetched = {"database": "fetched"}
        house.logins.refused(idp.token(sub="ada"), "ada", "keys_", **fetched)
        wanted = list((house.keys / "wanted").iterdir())
        assert len(wanted) == 1 and wanted[0].stat().st_size == 0
        asked = len(idp.requests)
        house.stage.refresh(house.keys_settings, house.keys)
        assert len(idp.requests) > asked
        house.logins.accepted(idp.token(sub="ada"), "ada", **fetched)
        assert not wanted[0].exists(), "who has fetched takes the mark away"

        idp.rotate()
        house.logins.refused(idp.token(sub="ada"), "ada", "keys_needed", **fetched)
        assert wanted[0].exists(), "an unknown key is wanted"
        house.stage.refresh(house.keys_settings, house.keys)
        house.logins.accepted(idp.token(sub="ada"), "ada", **fetched)
        house.logins.refused(idp.forged(sub="ada"), "ada", "signature_invalid", **fetched)
        asked = len(idp.requests)
        house.logins.refused(idp.bad("unknown_kid", sub="ada"), "ada", "keys_needed", **fetched)
        assert len(idp.requests) == asked, "whoever reads keys fetches none"
    finally:
        idp.close()


@pytest.mark.parametrize("fault", ["half", "rubbish", "other issuer", "huge", "removed", "stale", "writable", "link"])
def test_keys_that_cannot_be_used_let_nobody_in(house: House, fault: str) -> None:
    idp = LocalIssuer(max_age=1 if fault == "stale" else 300)
    try:
        house.stage.settings(house.keys_settings, house.with_names(idp.settings()))
        for old in house.keys.glob("*.json"):
            old.unlink()
        token = idp.token(sub="ada")
        house.stage.refresh(house.keys_settings, house.keys)
        (path,) = house.keys.glob("*.json")
        whole = path.read_text()
        if fault == "stale":
            time.sleep(2.1)
        elif fault == "other issuer":
            record = json.dumps(json.loads(whole)).replace(idp.url, "http://127.0.0.1:1")
            replaced(path, record)
        elif fault == "link":
            other = replaced(path.with_name("elsewhere"), whole)
            path.unlink()
            path.symlink_to(other)
        elif fault == "removed":
            path.unlink()
        else:
            texts = {"half": whole[: len(whole) // 2], "rubbish": "\x00\xff", "huge": whole + " " * 32 * 1024 * 1024, "writable": whole}
            replaced(path, texts[fault], mode=0o666 if fault == "writable" else 0o644)
        assert house.logins.wrong(token, "ada", False, database="fetched") is None
        path.unlink(missing_ok=True)
        house.stage.refresh(house.keys_settings, house.keys)
        if fault != "stale":
            house.logins.accepted(token, "ada", database="fetched")
    finally:
        idp.close()


def test_keys_that_change_every_second_keep_nobody_out(house: House) -> None:
    """By the real path: the issuer publishes a new key, `sqljwt keys refresh` fetches it, then it signs."""
    idp = LocalIssuer()
    seconds, clients = (60, 50) if house.stage.is_full else (8, 50)
    for old in house.keys.glob("*.json"):
        old.unlink()
    house.stage.settings(house.keys_settings, house.with_names(idp.settings()))
    house.stage.refresh(house.keys_settings, house.keys)
    withdrawn, over, wrong = idp.token(sub="ada"), threading.Event(), []

    def log_in_again_and_again(number: int) -> int:
        count = 0
        while not over.is_set():
            kind = count % 3
            token = idp.token(sub="ada") if kind != 2 else idp.forged(sub="ada") if number % 2 else idp.expired(sub="ada")
            wrong.append(house.logins.wrong(token, "ada", kind != 2, database="fetched"))
            count += 1
        return count

    def rotate() -> int:
        rotations, end = 0, time.monotonic() + seconds
        try:
            # Where the machine is slow it takes longer, and is the same test.
            while time.monotonic() < end or rotations < 3:
                begun = time.monotonic()
                idp.announce()
                house.stage.refresh(house.keys_settings, house.keys)
                idp.switch()
                rotations += 1
                time.sleep(max(0.0, 1 - (time.monotonic() - begun)))
        finally:
            over.set()
        return rotations

    try:
        done = at_once(clients + 1, lambda number: rotate() if number < 0 else log_in_again_and_again(number), range(-1, clients))
        faults = [outcome for outcome in wrong if outcome is not None]
        print(f"{done[0]} rotations in {seconds} seconds, {sum(done[1:])} logins by {clients} clients, {len(faults)} wrong")
        assert not faults, faults[:5]
        assert sum(done[1:]) > 100
        house.logins.refused(withdrawn, "ada", "keys_needed", database="fetched")
    finally:
        idp.close()


# Load.


def test_broken_settings_under_load_let_nobody_in_who_should_not(house: House, issuer: LocalIssuer) -> None:
    good = house.settings.read_text()
    rubbish = ("{", "", good[:100], '{"server.jwt_authentication.enabled": false}')
    over, wrong = threading.Event(), []

    def log_in_again_and_again(number: int) -> None:
        while not over.is_set():
            # While the settings are broken a good token is refused too, as it should be: one process a login keeps none of yesterday.
            wrong.append(house.logins.wrong(issuer.forged(sub="ada") if number % 2 else issuer.expired(sub="ada"), "ada", False))

    def exchange() -> None:
        for number in range(200 if house.stage.is_full else 60):
            replaced(house.settings, rubbish[number // 3 % len(rubbish)] if number % 3 == 2 else good)
            time.sleep(0.02)
        over.set()

    at_once(9, lambda number: exchange() if number < 0 else log_in_again_and_again(number), range(-1, 8))
    assert [outcome for outcome in wrong if outcome] == []
    replaced(house.settings, good)
    house.logins.accepted(issuer.token(sub="ada"), "ada")
