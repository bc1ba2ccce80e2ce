"""The pages and docstrings do what they say."""

from __future__ import annotations

import doctest
import importlib
import os
import pathlib
import pkgutil
import re
import shlex
import shutil
import subprocess
import sys
import time

import pytest
from http_issuer import HttpIssuer

import sqljwt
from sqljwt.testing import Issuer

FOLDER = pathlib.Path(__file__).parents[1]
MODULES = [module.name for module in pkgutil.walk_packages(sqljwt.__path__, "sqljwt.") if not module.name.endswith("__main__")]


@pytest.mark.parametrize("page", ["README.md", "docs/testing.md", "docs/roles.md"])
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


def commands_of(page: str, folder: pathlib.Path, called: dict[str, str]) -> int:
    """Run a page's commands in a folder, in their order, and hold what they print against the page; how many there were.

    An ellipsis stands for the rest of a word or of the output. ``called`` is what the page calls something else.
    """
    (folder / "bin").mkdir()
    script = folder / "bin" / "sqljwt"
    script.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m sqljwt "$@"\n')
    script.chmod(0o755)
    environment = {**os.environ, "PATH": f"{script.parent}{os.pathsep}{os.environ['PATH']}", "PYTHONIOENCODING": "utf-8"}
    count = 0
    for language, text in re.findall(r"```(sql|sh|console)\n(.*?)```", (FOLDER / "docs" / page).read_text(encoding="utf-8"), re.DOTALL):
        if language == "sql":
            (folder / text.split()[1]).write_text(text)
            continue
        asked = re.split(r"^\$ ", text, flags=re.MULTILINE)[1:] if language == "console" else [f"set -e\n{text}\n"]
        for command, _, expected in (each.partition("\n") if language == "console" else (each, "", "") for each in asked):
            done = subprocess.run(["sh", "-c", command], cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            printed = done.stdout.decode()
            for name, other in called.items():
                printed = printed.replace(name, other)
            count += 1
            if language == "sh":
                assert done.returncode == 0, (command, printed)
            else:
                whole, rest, _ = expected.partition("\n…\n")
                pattern = r"\S+".join(map(re.escape, whole.split("…"))) + (r"\n[\s\S]+" if rest else "")
                assert re.fullmatch(pattern, printed), f"{command}\n{printed}\ninstead of\n{expected}"
    return count


needs_a_shell = pytest.mark.skipif(shutil.which("sh") is None, reason="it is a shell that runs them")


@needs_a_shell
def test_the_commands_of_the_page_on_roles_run(tmp_path: pathlib.Path) -> None:
    assert commands_of("roles.md", tmp_path, {}) > 6


@needs_a_shell
def test_the_commands_of_the_page_on_keys_run(tmp_path: pathlib.Path) -> None:
    issuer = HttpIssuer()
    try:
        (tmp_path / "settings.sql").write_text(sqljwt.settings_to_sql(issuer.settings()))
        for folder in ("keys", "history"):
            (tmp_path / folder).mkdir()
        cache = sqljwt.KeyCache(sqljwt.Validator(issuer.settings()))
        for hours in (2, 1):
            now = time.time() - 3600 * hours
            fetch = cache.start(issuer.url, now=now)
            while fetch is not None:
                body = issuer.document(fetch.url).encode()
                fetch = cache.answer(fetch, 200, {"Cache-Control": "max-age=300"}, body)
            (tmp_path / "history" / f"{int(now)}-{hours}.json").write_text(cache.record(issuer.url) or "")
            issuer.rotate()
        (tmp_path / "token.txt").write_text(issuer.idp.token(sub="alice"))
        assert commands_of("keys.md", tmp_path, {issuer.url: "https://idp.example"}) > 4
    finally:
        issuer.close()


@needs_a_shell
def test_the_commands_of_the_project_s_readme_run(tmp_path: pathlib.Path) -> None:
    (tmp_path / "settings.sql").write_text(
        "SET CLUSTER SETTING server.jwt_authentication.enabled = true;\n"
        "SET CLUSTER SETTING server.jwt_authentication.issuers = 'https://idp.example';\n"
        "SET CLUSTER SETTING server.jwt_authentication.audience = 'db-login';\n"
        "SET CLUSTER SETTING server.jwt_authentication.jwks_auto_fetch.enabled = true;\n"
        "SET CLUSTER SETTING server.identity_map.configuration = 'https://idp.example /^([a-z]+)@example\\.com \\1\n';\n"
    )
    page = FOLDER.parent / "README.md"
    [of_settings] = [block for block in re.findall(r"```console\n.*?```", page.read_text(encoding="utf-8"), re.DOTALL) if "$ sqljwt lint" in block]
    (tmp_path / "page.md").write_text(of_settings, encoding="utf-8")
    assert commands_of(str(tmp_path / "page.md"), tmp_path, {}) == 3
    [least] = re.findall(r"more than (\d+) rules", page.read_text(encoding="utf-8"))
    assert len(sqljwt.advisor.rules()) > int(least)


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
