"""What other repositories run: the GitHub Action and the pre-commit hooks, by the commands that stand in their files."""

from __future__ import annotations

import importlib
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
from typing import Any

import pytest

import sqljwt
from sqljwt.testing import Issuer

ROOT = pathlib.Path(__file__).parents[2]
IDP = Issuer("https://idp.example")
GOOD = {**IDP.settings(), "server.identity_map.configuration": "https://idp.example alice@example.com alice\n"}
OPEN = {**IDP.settings(), "server.identity_map.configuration": "https://idp.example /^(.*)@example\\.com \\1\n"}

TABLE = """\
settings = "settings.sql"
[[login]]
name = "alice logs in"
issuer = "https://idp.example"
claims = { sub = "alice@example.com" }
user = "alice"
logs_in_as = "alice"
"""

pytestmark = pytest.mark.skipif(shutil.which("bash") is None or shutil.which("git") is None, reason="takes bash and git")


def yaml(name: str) -> Any:
    return importlib.import_module("yaml").safe_load((ROOT / name).read_text(encoding="utf-8"))


@pytest.fixture
def repository(tmp_path: pathlib.Path) -> pathlib.Path:
    """Somebody's repository, and a folder of programs beside it."""
    programs, here = tmp_path / "bin", tmp_path / "repository"
    programs.mkdir()
    (here / "db").mkdir(parents=True)
    (programs / "sqljwt").write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m sqljwt "$@"\n')
    (programs / "python3").write_text('#!/bin/sh\nprintf "%s\\n" "$@" > "$INSTALLED"\n')
    for program in programs.iterdir():
        program.chmod(0o755)
    (here / "db" / "settings.sql").write_text(sqljwt.settings_to_sql(GOOD))
    (here / "db" / "sso.logins.toml").write_text(TABLE)
    subprocess.run(["git", "init", "--quiet"], cwd=here, check=True)
    return here


def bash(here: pathlib.Path, script: str, **env: str) -> subprocess.CompletedProcess[str]:
    path = f"{here.parent / 'bin'}{os.pathsep}{os.environ['PATH']}"
    # As the runner calls a shell that is named `bash`.
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
    return subprocess.run(command, cwd=here, env={**os.environ, "PATH": path, **env}, capture_output=True, text=True)


def action(here: pathlib.Path, **inputs: str) -> subprocess.CompletedProcess[str]:
    """Run the action's steps until one fails; what the last one gave."""
    document = yaml("action.yml")
    assert document["runs"]["using"] == "composite" and not inputs.keys() - document["inputs"].keys()
    values = {name: str(inputs.get(name, row.get("default", ""))) for name, row in document["inputs"].items()}
    for step in document["runs"]["steps"]:
        assert "${{" not in step["run"], "an input that stands in a script is a part of the program"
        env = {name: re.sub(r"\$\{\{ inputs\.([a-z-]+) \}\}", lambda match: values[match[1]], text) for name, text in step["env"].items()}
        done = bash(here, step["run"], INSTALLED=str(here.parent / "installed"), **env)
        if done.returncode:
            break
    return done


def test_the_action_passes_settings_that_are_right(repository: pathlib.Path) -> None:
    done = action(repository, settings="db/*.sql", expectations="db/sso.logins.toml")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 as expected, 0 not" in done.stdout and "::error" not in done.stdout


def test_the_action_annotates_and_fails(repository: pathlib.Path) -> None:
    (repository / "db" / "settings.sql").write_text(sqljwt.settings_to_sql(OPEN))
    done = action(repository, settings="db/settings.sql")
    assert done.returncode == 1
    assert re.search(r"^::error file=db/settings\.sql,line=\d+,col=\d+,.*title=sqljwt map-regex-unanchored::", done.stdout, re.MULTILINE)
    assert action(repository, settings="db/settings.sql", **{"fail-on": "never"}).returncode == 0
    # Both are run: who mends one sees the other, too.
    (repository / "db" / "sso.logins.toml").write_text(TABLE.replace('logs_in_as = "alice"', 'rejected = "token_expired"'))
    done = action(repository, settings="db/settings.sql", expectations="db/sso.logins.toml", **{"fail-on": "never"})
    assert done.returncode == 1 and "0 as expected, 1 not" in done.stdout


def test_the_action_without_anything_to_do_and_with_files_that_are_not_there_fails(repository: pathlib.Path) -> None:
    assert action(repository).returncode == 2
    assert action(repository, settings="nowhere.sql").returncode == 2
    assert action(repository, expectations="nowhere.logins.toml").returncode == 2


def test_the_action_runs_nothing_that_an_input_says(repository: pathlib.Path) -> None:
    for attack in ("$(touch owned)", "; touch owned", "`touch owned`", "--help\n; touch owned"):
        for name in ("settings", "expectations", "fail-on", "version"):
            action(repository, **{"settings": "db/settings.sql", name: attack})
    assert not list(repository.rglob("owned"))


@pytest.mark.parametrize(("version", "wanted"), [("", "sqljwt[testing]"), ("1.2.3", "sqljwt[testing]==1.2.3")])
def test_the_action_installs_the_version_that_is_asked_for(repository: pathlib.Path, version: str, wanted: str) -> None:
    assert action(repository, settings="db/settings.sql", version=version).returncode == 0
    assert (repository.parent / "installed").read_text().splitlines() == ["-m", "pip", "install", "--quiet", wanted]


def hook(here: pathlib.Path, name: str) -> subprocess.CompletedProcess[str]:
    """Run a hook on all files of the repository, as pre-commit does."""
    [row] = [row for row in yaml(".pre-commit-hooks.yaml") if row["id"] == name]
    subprocess.run(["git", "add", "--all"], cwd=here, check=True)
    files = subprocess.run(["git", "ls-files"], cwd=here, check=True, capture_output=True, text=True).stdout.split()
    chosen = [file for file in files if re.search(row["files"], file)]
    assert chosen
    return bash(here, " ".join([row["entry"], *(map(shlex.quote, chosen) if row.get("pass_filenames", True) else ())]))


def test_the_hooks_pass_what_is_right_and_stop_what_is_not(repository: pathlib.Path) -> None:
    for name in ("sqljwt-lint", "sqljwt-check"):
        done = hook(repository, name)
        assert done.returncode == 0, done.stdout + done.stderr
    (repository / "db" / "settings.sql").write_text(sqljwt.settings_to_sql(OPEN))
    done = hook(repository, "sqljwt-lint")
    assert done.returncode == 1 and "db/settings.sql:" in done.stdout and "map-regex-unanchored" in done.stdout
    (repository / "db" / "settings.sql").write_text(sqljwt.settings_to_sql(GOOD).replace("alice\n", "bob\n"))
    assert hook(repository, "sqljwt-check").returncode != 0


def test_the_hooks_choose_settings_and_tables_of_logins() -> None:
    lint, check = ({row["id"]: row["files"] for row in yaml(".pre-commit-hooks.yaml")}[name] for name in ("sqljwt-lint", "sqljwt-check"))
    for file in ("settings.sql", "db/settings.json", "db/production.settings.sql", "prod-sso.sql"):
        assert re.search(lint, file) and re.search(check, file), file
    for file in ("schema.sql", "package.json", "settings.sql.md", "db/resettings.sql"):
        assert not re.search(lint, file), file
    assert re.search(check, "db/sso.logins.toml") and not re.search(lint, "db/sso.logins.toml")


def test_the_hooks_install_this_version() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert f'dependencies = ["sqljwt[testing]=={sqljwt.__version__}"]' in text
    assert json.dumps(sqljwt.__version__) in (ROOT / "wasm" / "js" / "package.json").read_text(encoding="utf-8")
