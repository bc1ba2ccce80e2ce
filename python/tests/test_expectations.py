"""Expectation files: through the command line, and through pytest."""

from __future__ import annotations

import pathlib
import subprocess
import sys

import pytest

import sqljwt
from sqljwt.testing import ExpectationsInvalid, Issuer, read_expectations

NOW = 1_800_000_000

TOML = """
settings = "settings.sql"
now = 1800000000

[[login]]
name = "Jane logs in"
issuer = "https://idp.test"
claims = { sub = "jane" }
user = "jane"
logs_in_as = "jane"

[[login]]
name = "an old token is refused"
issuer = "https://idp.test"
bad = "expired"
claims = { sub = "jane" }
user = "jane"
rejected = "token_expired"

[[login]]
token_file = "real.jwt"
user = "jane"
logs_in_as = "jane"

[[login]]
name = "nobody is root"
issuer = "https://idp.test"
claims = { sub = "root" }
user = "root"
rejected = "user_reserved"
"""

YAML = """
settings: settings.sql
login:
  - issuer: https://idp.test
    claims: {sub: jane}
    user: jane
    logs_in_as: jane
"""


@pytest.fixture
def here(tmp_path: pathlib.Path) -> pathlib.Path:
    idp = Issuer()
    (tmp_path / "settings.sql").write_text(sqljwt.settings_to_sql(idp.settings()))
    (tmp_path / "real.jwt").write_text(idp.token(sub="jane", now=NOW) + "\n")
    (tmp_path / "sso.logins.toml").write_text(TOML)
    (tmp_path / "sso.logins.yaml").write_text(YAML)
    return tmp_path


def test_tables_are_read(here: pathlib.Path) -> None:
    expectations = read_expectations(here / "sso.logins.toml")
    assert [expectation.name for expectation in expectations] == [
        "Jane logs in",
        "an old token is refused",
        "login 3",
        "nobody is root",
    ]
    assert [expectation.fault() for expectation in expectations] == [None] * 4
    assert [expectation.fault() for expectation in read_expectations(here / "sso.logins.yaml")] == [None]


def test_check_tells_what_does_not_fit(here: pathlib.Path) -> None:
    command = [sys.executable, "-m", "sqljwt", "check"]
    done = subprocess.run([*command, "sso.logins.toml", "sso.logins.yaml"], cwd=here, capture_output=True, text=True)
    assert done.returncode == 0 and done.stdout.endswith("5 as expected, 0 not\n")
    (here / "sso.logins.toml").write_text(TOML.replace('user = "jane"\nlogs_in_as', 'user = "june"\nlogs_in_as'))
    done = subprocess.run([*command, "sso.logins.toml"], cwd=here, capture_output=True, text=True)
    assert done.returncode == 1 and "REJECTED  user_mismatch" in done.stdout
    assert done.stdout.endswith("2 as expected, 2 not\n")


def test_pytest_collects_the_tables(here: pathlib.Path, pytester: pytest.Pytester) -> None:
    (pytester.path / "settings.sql").write_text((here / "settings.sql").read_text())
    (pytester.path / "real.jwt").write_text((here / "real.jwt").read_text())
    (pytester.path / "sso.logins.toml").write_text(TOML.replace('"token_expired"', '"aud_missing"'))
    result = pytester.runpytest_subprocess("-v")
    result.assert_outcomes(passed=3, failed=1)
    result.stdout.fnmatch_lines(["*Jane logs in PASSED*", "expected a rejection with `aud_missing`", "REJECTED  token_expired*"])
    assert "Traceback" not in result.stdout.str()


def test_the_fixtures_are_there(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        from sqljwt.testing import assert_logs_in, assert_rejected

        def test_alice_logs_in(sqljwt_issuer, sqljwt_settings):
            assert_logs_in(sqljwt_settings, sqljwt_issuer.token(sub="alice"), "alice")

        def test_bob_does_not(sqljwt_issuer, sqljwt_settings):
            assert_logs_in(sqljwt_settings, sqljwt_issuer.token(sub="alice"), "bob")
        """
    )
    result = pytester.runpytest_subprocess()
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*expected a login as `bob`*", "*REJECTED  user_mismatch*"])


BAD = {
    "": "`settings`",
    "settings = 1": "`settings`",
    "settings = 'settings.sql'": "`login`",
    "settings = 'settings.sql'\nlogin = []": "`login`",
    "settings = 'settings.sql'\nlogins = []": "`logins`",
    "settings = 'settings.sql'\nlogin = [1]": "login 1",
    "settings = 'settings.sql'\n[[login]]\ntoken = 'x'": "logs_in_as",
    "settings = 'settings.sql'\n[[login]]\ntoken = 'x'\nlogs_in_as = 'a'\nrejected = 'disabled'": "either",
    "settings = 'settings.sql'\n[[login]]\ntoken = 'x'\nrejected = 'expired'": "`expired`",
    "settings = 'settings.sql'\n[[login]]\nrejected = 'disabled'": "one of `token`",
    "settings = 'settings.sql'\n[[login]]\ntoken = 1\nrejected = 'disabled'": "one of `token`",
    "settings = 'settings.sql'\n[[login]]\ntoken = 'x'\nnow = 'soon'\nrejected = 'disabled'": "`now`",
    "settings = 'settings.sql'\n[[login]]\ntoken = 'x'\nuser = 1\nrejected = 'disabled'": "`user`",
    "settings = 'settings.sql'\n[[login]]\nissuer = 'x'\nbad = 'old'\nrejected = 'disabled'": "'old'",
    "settings = 'settings.sql'\n[[login]]\nissuer = 'x'\nclaims = 1\nrejected = 'disabled'": "`claims`",
    "settings = ": "bad.toml",
}


@pytest.mark.parametrize("text", BAD)
def test_bad_tables_say_what_is_wrong(here: pathlib.Path, text: str) -> None:
    (here / "bad.toml").write_text(text)
    with pytest.raises(ExpectationsInvalid, match=BAD[text]):
        read_expectations(here / "bad.toml")
    done = subprocess.run([sys.executable, "-m", "sqljwt", "check", "bad.toml"], cwd=here, capture_output=True, text=True)
    assert done.returncode == 2 and "Traceback" not in done.stderr


def test_bad_yaml_says_what_is_wrong(here: pathlib.Path) -> None:
    (here / "bad.yaml").write_text("[")
    with pytest.raises(ExpectationsInvalid, match="bad.yaml"):
        read_expectations(here / "bad.yaml")
