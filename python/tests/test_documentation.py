"""The pages and docstrings do what they say."""

from __future__ import annotations

import doctest
import importlib
import pathlib
import pkgutil
import re

import pytest
from http_issuer import HttpIssuer

import sqljwt
from sqljwt.testing import Issuer

FOLDER = pathlib.Path(__file__).parents[1]
MODULES = [module.name for module in pkgutil.walk_packages(sqljwt.__path__, "sqljwt.") if not module.name.endswith("__main__")]


@pytest.mark.parametrize("page", ["README.md", "docs/testing.md"])
def test_pages_are_doctests(page: str) -> None:
    results = doctest.testfile(str(FOLDER / page), module_relative=False, encoding="utf-8")
    assert results.attempted > 2 and not results.failed


def test_the_page_on_keys_is_a_doctest() -> None:
    issuer = HttpIssuer()
    try:
        given = {"settings": issuer.settings(), "token": issuer.idp.token(sub="alice")}
        results = doctest.testfile(str(FOLDER / "docs" / "keys.md"), module_relative=False, encoding="utf-8", globs=given)
    finally:
        issuer.close()
    assert results.attempted > 20 and not results.failed


def test_the_code_of_the_project_s_readme_runs(capsys: pytest.CaptureFixture[str]) -> None:
    page = (FOLDER.parent / "README.md").read_text(encoding="utf-8")
    [code] = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    exec(code, {})
    client, log = capsys.readouterr().out.splitlines()
    assert client == "to the client: JWT authentication: invalid token"
    assert log.startswith("to the log: token_malformed: ")


@pytest.mark.parametrize("name", ["sqljwt", *MODULES])
def test_docstrings_are_doctests(name: str) -> None:
    assert not doctest.testmod(importlib.import_module(name)).failed


def test_the_tests_of_the_page_pass(pytester: pytest.Pytester) -> None:
    page = (FOLDER / "docs" / "testing.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```(python|toml)\n(.*?)```", page, re.DOTALL)
    tests = [text for language, text in blocks if language == "python" and ">>>" not in text]
    [table] = [text for language, text in blocks if language == "toml"]
    assert len(tests[0].splitlines()) - 1 <= 13  # ten lines of code, and blank ones
    idp = Issuer("https://idp.example")
    (pytester.path / "settings.sql").write_text(sqljwt.settings_to_sql(idp.settings()))
    (pytester.path / "token.txt").write_text(idp.token(sub="alice", now=1_800_000_000))
    (pytester.path / "sso.logins.toml").write_text(table)
    for number, text in enumerate(tests):
        (pytester.path / f"test_{number}.py").write_text(text)
    outcomes = pytester.runpytest_subprocess().parseoutcomes()
    assert outcomes.keys() == {"passed"} and outcomes["passed"] > 50
