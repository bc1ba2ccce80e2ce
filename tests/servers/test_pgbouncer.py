"""Logins by token at PgBouncer, which asks PAM and hands the token on, or logs in at the backend as a role of its settings."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import everywhere
import psycopg
import pytest
from everywhere import PASSWORD, alive, behind, with_names  # noqa: F401  (`alive` looks after each test)
from issuer import LocalIssuer, look_alikes
from logins import Board, Logins, Refused, Text, at_once
from pgbouncer import SERVICE, USER, PgBouncer
from postgresql import PostgreSQL, Wire, opened
from process import folder_of, replaced
from stage import CONTROL, Stage

LONGEST = 2_047
"""So many bytes of a password PgBouncer 1.18 takes; it cuts longer ones without a word to the client."""

CLIENTS = 20
"""PgBouncer looks three times a second whether PAM has answered: so many log in together, and none waits for the others."""

RULES = "postgresql"


@dataclass
class House(everywhere.House):
    server: PgBouncer
    backend: PostgreSQL


@pytest.fixture(scope="module")
def house(stage: Stage, board: Board, issuer: LocalIssuer) -> Iterator[House]:
    folder = folder_of(stage.folder / "pgbouncer", "root")
    settings = stage.settings(folder / "settings.json", with_names(RULES, issuer.settings_with_keys()))
    log, backend_log, password_log = (stage.log(folder / name, USER) for name in ("log", "backend.log", "passwords"))

    def lines(log: Path) -> list[str]:
        first = f"auth {CONTROL} {stage.pam_sqljwt()} settings={settings} log={log} only_tokens"
        return [first, *behind(stage, password_log)]

    backend = PostgreSQL(folder / "backend", {"tokens": stage.service("sqljwt-test-backend", lines(backend_log))})
    backend.roles("ada", "bob", "carl")
    stage.service(SERVICE, lines(log))
    server = PgBouncer(folder / "server", backend.port, "tokens")
    name = "PgBouncer, PAM"
    logins = Logins(name, board, server.server, server.connect, log)
    yield House(name, RULES, stage, server.server, logins, settings, log, password_log, server, backend)
    server.stop()
    backend.stop()


def test_a_token_logs_in_and_the_backend_sees_the_role_of_the_settings(house: House, issuer: LocalIssuer) -> None:
    line = house.logins.accepted(issuer.token(sub="ada"), "ada", as_user="trust_user")
    assert "ada" in line


def test_the_same_token_logs_in_at_the_backend(house: House, issuer: LocalIssuer) -> None:
    house.logins.accepted(issuer.token(sub="ada"), "ada", database="pass")


def test_bad_tokens_are_refused_each_with_its_code(house: House, issuer: LocalIssuer) -> None:
    from sqljwt.testing import BAD_TOKENS

    bad = {
        kind: issuer.bad(kind, sub="ada")
        for kind in (
            "expired not_yet_valid issued_in_future no_expiry forged tampered unknown_kid no_kid wrong_audience no_audience other_issuer "
            "no_issuer alg_none hs256_with_public_key other_algorithm encrypted malformed padded"
        ).split()
    }
    said = Text(house.log)
    outcomes = at_once(CLIENTS, lambda token: house.logins.wrong(token, "ada", False), bad.values())
    assert [outcome for outcome in outcomes if outcome] == []
    assert sorted(line.partition("pam_sqljwt: ")[2].partition(":")[0] for line in said.lines()) == sorted(BAD_TOKENS[kind].code for kind in bad)


def test_a_refused_token_leaves_one_line_and_reaches_no_password_module(house: House, issuer: LocalIssuer) -> None:
    reached = Text(house.password_log)
    house.logins.refused(issuer.expired(sub="ada"), "ada", "token_expired")
    house.logins.refused(issuer.forged(sub="ada"), "ada", "signature_invalid", database="pass")
    house.logins.refused(issuer.token(sub="bob"), "ada", "user_mismatch")
    house.logins.refused(issuer.token(sub="postgres"), "postgres", "user_reserved")
    assert reached.lines() == []


def test_tokens_are_whole_up_to_the_limit_and_cut_above_it(house: House, issuer: LocalIssuer) -> None:
    reached = Text(house.password_log)
    house.logins.accepted(issuer.padded(LONGEST, sub="ada"), "ada", as_user="trust_user")
    for length in (LONGEST + 1, 4_000):
        line = house.logins.refused(issuer.padded(length, sub="ada"), "ada", "token_" if length > LONGEST + 1 else "")
        assert "2,047" in line or "2047" in line, line
    for length in (5_000, 20_000):
        assert house.logins.wrong(issuer.padded(length, sub="ada"), "ada", False) is None
    assert reached.lines() == []


def test_a_password_user_logs_in_beside_tokens(house: House) -> None:
    assert house.logins.wrong(PASSWORD, "carl", True, "trust_user") is None
    assert house.logins.wrong("wrong", "carl", False) is None


def test_an_answer_is_not_remembered(house: House, issuer: LocalIssuer) -> None:
    token = issuer.token(sub="ada")
    house.logins.accepted(token, "ada", as_user="trust_user")
    house.use(issuer.settings_with_keys({"server.jwt_authentication.audience": "another"}))
    house.logins.refused(token, "ada", "audience_not_allowed")


def test_an_expired_token_opens_no_further_connection_to_the_backend(house: House, issuer: LocalIssuer) -> None:
    token = issuer.token(sub="ada", lifetime=3)
    with opened(house.server.port, token, "ada", "pass") as connection:
        connection.autocommit = True
        connection.execute("select 1")
        time.sleep(4)
        house.backend.sql("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'ada'")
        with pytest.raises(psycopg.OperationalError):
            connection.execute("select 1")
    # For a second (`server_login_retry`) PgBouncer turns away whoever comes as the same role; then the new token opens connections again.
    for _ in range(5):
        outcome = _refused_or_not(house, issuer.token(sub="ada"))
        if outcome is None:
            break
    assert outcome is None


def _refused_or_not(house: House, token: str) -> str | None:
    try:
        return None if house.server.connect(token, "ada", "pass") == "ada" else "somebody else"
    except (Refused, psycopg.OperationalError) as error:
        time.sleep(1)
        return str(error)


def test_providers_tokens_log_in(house: House) -> None:
    samples = [sample for sample in look_alikes(wrong=False)]
    for sample in samples if house.stage.is_full else samples[::6]:
        house.use(sample.settings)
        house.logins.accepted(sample.token, sample.user, as_user="trust_user")


def test_a_slow_client_keeps_nobody_waiting(house: House, issuer: LocalIssuer) -> None:
    token = issuer.token(sub="ada")
    slow = Wire(house.server.port, "ada", "forced")
    assert slow.is_asked_for_password()
    message = slow.password(token.encode())
    slow.send(message[:100])
    outcomes = at_once(CLIENTS, lambda _: house.logins.wrong(issuer.token(sub="ada"), "ada", True, "trust_user"), range(CLIENTS))
    assert [outcome for outcome in outcomes if outcome] == []
    slow.send(message[100:])
    # PgBouncer wants the password in one piece: it answers this client or hangs up, and nobody else has noticed.
    slow.answer()
    slow.close()


def test_clients_that_go_away_leave_the_server_as_it_was(house: House, issuer: LocalIssuer) -> None:
    message = Wire.password(issuer.token(sub="ada").encode())
    for length in (0, 1, 5, 100, len(message)):
        wire = Wire(house.server.port, "ada", "forced")
        assert wire.is_asked_for_password()
        wire.send(message[:length])
        wire.close()
    # PAM is asked in turn: after this one it has answered whoever is gone.
    assert house.logins.wrong(issuer.token(sub="ada"), "ada", True, "trust_user") is None


def test_settings_that_break_leave_those_that_were_there(house: House, issuer: LocalIssuer) -> None:
    house.logins.accepted(issuer.token(sub="ada"), "ada", as_user="trust_user")
    said = Text(house.log)
    for text in ("{", "", "\x00\xff"):
        replaced(house.settings, text)
        assert house.logins.wrong(issuer.token(sub="ada"), "ada", True, "trust_user") is None
        assert house.logins.wrong(issuer.forged(sub="ada"), "ada", False) is None
    assert house.settings.name in str(said), said
    house.settings.unlink()
    assert house.logins.wrong(issuer.forged(sub="ada"), "ada", False) is None


@pytest.mark.full
def test_a_thousand_logins_leave_the_memory_as_it_was(house: House, issuer: LocalIssuer) -> None:
    def log_in(number: int) -> str | None:
        good = number % 2 == 0
        return house.logins.wrong(issuer.token(sub="ada") if good else issuer.forged(sub="ada"), "ada", good, "trust_user")

    def many(logins: int) -> None:
        said = Text(house.log)
        outcomes = [outcome for outcome in at_once(CLIENTS, log_in, range(logins)) if outcome]
        told = [line for line in said.lines() if "accepted: " not in line and "signature_invalid: " not in line]
        assert (outcomes, told) == ([], [])

    many(100)
    before = house.server.server.resident_kb()
    many(1000)
    after = house.server.server.resident_kb()
    print(f"pgbouncer: {before} kB before 1,000 logins, {after} kB after")
    assert after <= before * 1.01
