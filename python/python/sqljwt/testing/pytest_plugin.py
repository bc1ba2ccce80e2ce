"""The pytest plugin: fixtures, and expectation files as tests.

Files named ``*.logins.toml``, ``*.logins.yaml`` and ``*.logins.yml`` are collected, each login a test.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Iterator

import pytest

if TYPE_CHECKING:
    from .expectations import Expectation
    from .issuer import Issuer

ENDINGS = (".logins.toml", ".logins.yaml", ".logins.yml")


@pytest.fixture(scope="session")
def sqljwt_issuer() -> Issuer:
    """An identity provider for the whole run: ``https://idp.test``, ES256, audience ``db-login``."""
    from .issuer import Issuer

    return Issuer()


@pytest.fixture
def sqljwt_settings(sqljwt_issuer: Issuer) -> dict[str, Any]:
    """Settings under which the tokens of ``sqljwt_issuer`` log in; a copy of one's own to change."""
    return sqljwt_issuer.settings()


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect expectation files."""
    if not file_path.name.endswith(ENDINGS):
        return None
    return LoginsFile.from_parent(parent, path=file_path)


class LoginsFile(pytest.File):
    """An expectation file."""

    def collect(self) -> Iterator[pytest.Item]:
        """Its logins."""
        from .expectations import ExpectationsInvalid, read_expectations

        try:
            expectations = read_expectations(self.path)
        except (ExpectationsInvalid, OSError) as error:
            raise self.CollectError(str(error)) from None
        for expectation in expectations:
            yield LoginItem.from_parent(self, name=expectation.name, expectation=expectation)


class LoginItem(pytest.Item):
    """One login of an expectation file."""

    def __init__(self, *, expectation: Expectation, **rest: Any) -> None:
        super().__init__(**rest)
        self._expectation = expectation

    def runtest(self) -> None:
        """Try the login."""
        fault = self._expectation.fault()
        if fault is not None:
            raise AssertionError(fault)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The explanation alone: a traceback through the plugin would say nothing."""
        if isinstance(excinfo.value, AssertionError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Where the login stands."""
        return self.path, None, f"login: {self.name}"
