"""Logins by token at MariaDB, through both of its PAM plugins, and the identity map as proxy users."""

from __future__ import annotations

import threading
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
from mariadb import USER, MariaDB
from process import folder_of, replaced
from stage import CONTROL, Stage

PLUGINS = ("auth_pam", "auth_pam_v1")

LONGEST = 10_238
"""So many bytes of a password arrive whole through `auth_pam`; longer ones end the login."""

RULES = "mysql"
"""`root` and `mysql` are never given to a token."""


@dataclass
class House(everywhere.House):
    plugin: str
    server: MariaDB


@pytest.fixture(scope="module", params=PLUGINS)
def house(request: pytest.FixtureRequest, stage: Stage, board: Board, issuer: LocalIssuer) -> Iterator[House]:
    plugin: str = request.param
    folder = folder_of(stage.folder / plugin, "root")
    settings = stage.settings(folder / "settings.json", with_names(RULES, issuer.settings_with_keys()))
    log, password_log = stage.log(folder / "log", USER), stage.log(folder / "passwords", USER)
    first = f"auth {CONTROL} {stage.pam_sqljwt()} settings={settings} log={log} only_tokens"
    own = stage.service(f"sqljwt-test-{plugin}", [first, *behind(stage, password_log)])
    mapped = stage.service(f"sqljwt-test-{plugin}-map", [f"{first} map_user", *behind(stage, password_log)])
    server = MariaDB(folder / "server", plugin, template=stage.folder / "mariadb")
    server.users(own, "ada", "bob", "carl", "Ada", "o'brien", "ada@corp.test", "root", "mysql.sys")
    server.users(mapped, "sso")
    server.sql("grant proxy on 'ada'@'127.0.0.1' to 'sso'@'127.0.0.1'")
    connect = lambda token, user, client=None: (client or server.connect)(token, user)  # noqa: E731
    name = f"MariaDB, {plugin}"
    logins = Logins(name, board, server.server, connect, log)
    yield House(name, RULES, stage, server.server, logins, settings, log, password_log, plugin, server)
    server.stop()


# Good tokens.


def test_a_token_logs_in_with_the_servers_own_client_and_with_a_driver(house: House, issuer: LocalIssuer) -> None:
    house.logins.accepted(issuer.token(sub="ada"), "ada")
    line = house.logins.accepted(issuer.token(sub="ada"), "ada", client=house.server.mariadb)
    assert "ada" in line


def test_each_providers_tokens_log_in_and_with_full_its_look_alikes_do_not(house: House) -> None:
    known = {"ada"}
    for sample in look_alikes(wrong=house.stage.is_full):
        if sample.user not in known:
            house.server.users(f"sqljwt-test-{house.plugin}", sample.user)
            known.add(sample.user)
        house.use(sample.settings)
        # Two of them are settings that cannot be used: inside the server the module keeps those before, and the token is a good one.
        is_kept = house.plugin == "auth_pam_v1" and sample.code == "identity_map_invalid"
        if sample.code is None or is_kept:
            house.logins.accepted(sample.token, sample.user)
        else:
            house.logins.refused(sample.token, sample.user, sample.code)


# Bad tokens.

KINDS = "expired not_yet_valid no_expiry forged tampered unknown_kid wrong_audience other_issuer alg_none hs256_with_public_key malformed".split()


@pytest.mark.parametrize("kind", KINDS)
def test_bad_tokens_are_refused(house: House, kind: str) -> None:
    from sqljwt.testing import BAD_TOKENS, Issuer

    idp = Issuer()
    house.use(idp.bad_settings(kind))
    house.logins.refused(idp.bad(kind, sub="ada"), "ada", BAD_TOKENS[kind].code)


@pytest.mark.parametrize("user", ["root", "mysql.sys"])
def test_no_token_is_a_user_of_the_servers_own(house: House, issuer: LocalIssuer, user: str) -> None:
    house.logins.refused(issuer.token(sub=user), user, "user_reserved")


# Passwords beside tokens.


def test_no_refused_token_reaches_the_password_module(house: House, issuer: LocalIssuer) -> None:
    reached = Text(house.password_log)
    house.logins.refused(issuer.expired(sub="ada"), "ada", "token_expired")
    house.logins.refused(issuer.forged(sub="ada"), "ada", "signature_invalid")
    for length in (3, 500, 2_047, 4_085, 10_238):
        house.logins.refused(issuer.cut(length, sub="ada"), "ada", "token_")
    assert reached.lines() == []


# The identity map.


def test_the_token_says_which_user_a_shared_name_is(house: House, issuer: LocalIssuer) -> None:
    house.logins.accepted(issuer.token(sub="ada"), "sso", as_user="ada")
    assert house.logins.wrong(issuer.token(sub="ada"), "sso", True, "ada", client=house.server.mariadb) is None


def test_it_gives_nobody_a_user_that_the_server_did_not_grant(house: House, issuer: LocalIssuer) -> None:
    for user in ("bob", "carl"):
        assert house.logins.wrong(issuer.token(sub=user), "sso", False) is None
    house.logins.refused(issuer.token(sub="root"), "sso", "user_reserved")
    house.logins.refused(issuer.expired(sub="ada"), "sso", "token_expired")


# Limits.


def test_tokens_arrive_whole_up_to_the_plugins_limit(house: House, issuer: LocalIssuer) -> None:
    for length in (LONGEST - 1, LONGEST):
        house.logins.accepted(issuer.padded(length, sub="ada"), "ada")
        house.logins.accepted(issuer.padded(length, sub="ada"), "ada", client=house.server.mariadb)


def test_longer_ones_are_refused_by_one_plugin_and_arrive_through_the_other(house: House, issuer: LocalIssuer) -> None:
    reached = Text(house.password_log)
    if house.plugin == "auth_pam_v1":
        for length in (LONGEST + 1, 65_536):
            house.logins.accepted(issuer.padded(length, sub="ada"), "ada")
        house.logins.refused(issuer.padded(65_537, sub="ada"), "ada", "token_too_large")
    else:
        # The last two come through as 4 and 4,464 bytes: the plugin's process is told the length in 16 bits.
        for length in (LONGEST + 1, 65_540, 70_000):
            assert house.logins.wrong(issuer.padded(length, sub="ada"), "ada", False) is None
    assert reached.lines() == []


def test_an_option_file_holds_tokens_up_to_its_limit(house: House, issuer: LocalIssuer) -> None:
    def from_option_file(token: str, user: str) -> str:
        return house.server.mariadb(token, user, option_file=house.stage.folder / "client.cnf")

    house.logins.accepted(issuer.padded(4_085, sub="ada"), "ada", client=from_option_file)
    said = Text(house.log)
    # The client takes the rest of the line for an option that it does not know, and asks nobody. A rest of two letters could be
    # the beginning of one that it knows.
    for length in (4_200, 6_000):
        assert house.logins.wrong(issuer.padded(length, sub="ada"), "ada", False, client=from_option_file) is None
    assert said.lines() == []


def test_the_log_says_where_tokens_are_cut(house: House, issuer: LocalIssuer) -> None:
    for length in (4_085, LONGEST):
        line = house.logins.refused(issuer.cut(length, sub="ada"), "ada", "token_")
        assert f"{length:,}" in line or str(length) in line, line


def test_a_nul_byte_ends_what_arrives(house: House, issuer: LocalIssuer) -> None:
    token = issuer.token(sub="ada").encode()
    for text in (token[:50] + b"\0" + token[50:], b"\0" + token, token[:-1] + b"\0" + token[-1:]):
        assert house.logins.wrong(text, "ada", False) is None  # type: ignore[arg-type]


# Faults and load.


@pytest.mark.parametrize("fault", ["removed", "half", "rubbish", "empty"])
def test_settings_that_break_let_nobody_in_who_should_not(house: House, issuer: LocalIssuer, fault: str) -> None:
    house.logins.accepted(issuer.token(sub="ada"), "ada")
    whole = house.settings.read_text()
    if fault == "removed":
        house.settings.unlink()
    else:
        replaced(house.settings, {"half": whole[: len(whole) // 2], "rubbish": "\x00\xff", "empty": ""}[fault])
    said = Text(house.log)
    # Inside the server the module keeps the settings that it had; a process a login has none to keep.
    is_kept = house.plugin == "auth_pam_v1"
    assert house.logins.wrong(issuer.token(sub="ada"), "ada", is_kept) is None
    assert house.settings.name in str(said), said
    house.logins.wrong(issuer.forged(sub="ada"), "ada", False)


def test_settings_that_are_exchanged_under_load_let_in_whom_they_should(house: House, issuer: LocalIssuer) -> None:
    good, over, wrong = house.settings.read_text(), threading.Event(), []
    is_kept = house.plugin == "auth_pam_v1"

    def log_in_again_and_again(number: int) -> None:
        while not over.is_set():
            wrong.append(house.logins.wrong(issuer.forged(sub="ada") if number % 2 else issuer.expired(sub="ada"), "ada", False))
            if is_kept:
                wrong.append(house.logins.wrong(issuer.token(sub="ada"), "ada", True))

    def exchange() -> None:
        for number in range(150 if house.stage.is_full else 40):
            replaced(house.settings, '{"rubbish": ' if number % 3 == 2 else good + " " * (number % 7))
            over.wait(0.03)
        over.set()

    house.logins.accepted(issuer.token(sub="ada"), "ada")
    at_once(9, lambda number: exchange() if number < 0 else log_in_again_and_again(number), range(-1, 8))
    assert [outcome for outcome in wrong if outcome] == []
    replaced(house.settings, good)
    house.logins.accepted(issuer.token(sub="ada"), "ada")
