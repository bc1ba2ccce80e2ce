"""What holds at every server that asks the PAM module: imported by its tests, which have a fixture ``house`` of their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from issuer import LocalIssuer
from logins import Logins, Text
from process import Server
from stage import Stage

PASSWORD = "hunter2"
"""Of everybody whom the password module behind the token module lets in."""


def behind(stage: Stage, password_log: Path) -> list[str]:
    """The lines of a PAM service behind the token module: a password module that writes down what reaches it, and accounts for all."""
    return [f"auth required {stage.pam_record()} file={password_log} password={PASSWORD}", "account required pam_permit.so"]


def with_names(rules: str, settings: Mapping[str, Any]) -> dict[str, Any]:
    """The settings with the server's rules for names, by which no token is a user of the server's own."""
    return {**settings, "engine.user_names": rules}


@dataclass
class House:
    """A server that asks the PAM module."""

    name: str
    rules: str
    """Whose rules for names it has."""
    stage: Stage
    process: Server
    logins: Logins
    settings: Path
    log: Path
    password_log: Path
    """What reached the password module behind the token module."""

    def with_names(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        return with_names(self.rules, settings)

    def use(self, settings: Mapping[str, Any]) -> None:
        """Other settings."""
        self.stage.settings(self.settings, self.with_names(settings))


@pytest.fixture(autouse=True)
def alive(house: House, issuer: LocalIssuer) -> Iterator[None]:
    """After each test the server is alive, and the settings are what they were."""
    yield
    house.logins.stays_alive()
    house.use(issuer.settings_with_keys())


@pytest.mark.parametrize("user", ["Ada", "o'brien", "ada@corp.test"])
def test_a_user_is_named_as_the_token_says(house: House, issuer: LocalIssuer, user: str) -> None:
    house.logins.accepted(issuer.token(sub=user), user)


def test_users_that_differ_in_case_are_two_people(house: House, issuer: LocalIssuer) -> None:
    house.logins.refused(issuer.token(sub="Ada"), "ada", "user_mismatch")
    house.logins.refused(issuer.token(sub="ada"), "Ada", "user_mismatch")


def test_a_token_of_somebody_else_does_not_log_in(house: House, issuer: LocalIssuer) -> None:
    house.logins.refused(issuer.token(sub="bob"), "ada", "user_mismatch")


def test_a_password_user_logs_in_beside_tokens(house: House) -> None:
    reached = Text(house.password_log)
    assert house.logins.wrong(PASSWORD, "carl", True) is None
    assert house.logins.wrong("wrong", "carl", False) is None
    assert [line.split()[0] for line in reached.lines()] == [str(len(PASSWORD)), "5"]


@pytest.mark.full
def test_a_thousand_logins_leave_the_memory_as_it_was(house: House, issuer: LocalIssuer) -> None:
    def log_in(number: int) -> None:
        good = number % 2 == 0
        assert house.logins.wrong(issuer.token(sub="ada") if good else issuer.forged(sub="ada"), "ada", good) is None

    for number in range(100):
        log_in(number)
    before = house.process.resident_kb()
    for number in range(1000):
        log_in(number)
    after = house.process.resident_kb()
    print(f"{house.name}: {before} kB before 1,000 logins, {after} kB after")
    assert after <= before * 1.01
