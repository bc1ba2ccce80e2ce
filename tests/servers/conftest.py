"""Fixtures that all servers share, the option ``--full``, and the table at the end."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from issuer import LocalIssuer
from logins import Board
from stage import Stage

pytest.register_assert_rewrite("everywhere")

BOARD = pytest.StashKey[Board]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--full", action="store_true", help="run the tests that take minutes, too")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "full: takes minutes; runs with --full alone")
    config.stash[BOARD] = Board()


def pytest_sessionstart(session: pytest.Session) -> None:
    if os.geteuid() != 0:
        raise pytest.UsageError("these tests write PAM services and start servers as their own users: run them as root")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--full"):
        for item in items:
            if item.get_closest_marker("full"):
                item.add_marker(pytest.mark.skip(reason="takes minutes: --full runs it"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    board = terminalreporter.config.stash[BOARD]
    if board.tallies:
        terminalreporter.section("logins")
        for line in board.table():
            terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def board(request: pytest.FixtureRequest) -> Board:
    """Where the logins of all servers are counted."""
    return request.config.stash[BOARD]


@pytest.fixture(scope="session")
def stage(request: pytest.FixtureRequest) -> Iterator[Stage]:
    """What all servers stand on."""
    made = Stage(is_full=request.config.getoption("--full"))
    yield made
    made.close()


@pytest.fixture(scope="session")
def issuer() -> Iterator[LocalIssuer]:
    """An identity provider on this machine. Who rotates its keys takes one of their own: ``LocalIssuer()``."""
    made = LocalIssuer()
    yield made
    made.close()
