"""``sqljwt log``: from a line of a log back to its cause."""

from __future__ import annotations

import json
import pathlib

import pytest
from test_cli import run

import sqljwt
from sqljwt.testing import Issuer

REFUSED = "ERROR:  JWT authentication: invalid audience\nDETAIL:  token issued with an audience of [other]\n"
TOKEN = Issuer("https://idp.example").token(sub="alice")


@pytest.fixture
def here(tmp_path: pathlib.Path) -> pathlib.Path:
    (tmp_path / "one.log").write_text(REFUSED)
    (tmp_path / "many.log").write_text(REFUSED * 1000 + "nothing of interest\n" * 50)
    return tmp_path


def test_a_line_is_led_back_to_its_cause(here: pathlib.Path) -> None:
    done = run(here, "log", "one.log")
    [entry] = sqljwt.explain_log(REFUSED).entries
    assert done.returncode == 1 and done.stdout.startswith("one.log:1: rejected audience_not_allowed")
    assert f"  {entry.cause}\n" in done.stdout and f"  Fix: {entry.remedy}\n" in done.stdout
    assert done.stdout.endswith("one.log: 1 login in 2 lines\n")
    assert run(here, "log", stdin=REFUSED).stdout == done.stdout.replace("one.log", "standard input")


def test_of_many_it_is_told_how_often_each_is_there(here: pathlib.Path) -> None:
    done = run(here, "log", "many.log")
    assert done.returncode == 1 and done.stdout.startswith("  1,000  rejected audience_not_allowed")
    assert "many.log:1: " in done.stdout and done.stdout.endswith("many.log: 1,000 logins in 2,050 lines\n")
    assert run(here, "log", "--each", "many.log").stdout.count(": rejected audience_not_allowed") == 1000


def test_programs_get_a_line_for_each_login(here: pathlib.Path) -> None:
    done = run(here, "log", "--json", "one.log")
    entry, summary = map(json.loads, done.stdout.splitlines())
    document = json.loads(sqljwt.explain_log(REFUSED).to_json())
    assert entry == document["entries"][0] and summary["counts"] == document["counts"] and summary["lines"] == 2


def test_a_log_without_refusals_and_files_that_are_not_there(here: pathlib.Path) -> None:
    done = run(here, "log", stdin="all is well\n")
    assert done.returncode == 0 and done.stdout.endswith("standard input: 0 logins in 1 line\n")
    done = run(here, "log", "nowhere.log")
    assert done.returncode == 2 and "nowhere.log" in done.stderr
    assert run(here, "log", "-", "-").returncode == 2


def test_no_token_of_a_log_is_repeated_and_whoever_keeps_it_is_warned(here: pathlib.Path) -> None:
    for form in ((), ("--json",), ("--each",)):
        done = run(here, "log", *form, stdin=f"{REFUSED}password {TOKEN}\n")
        assert TOKEN not in done.stdout + done.stderr and TOKEN.split(".")[1] not in done.stdout
        assert form == ("--json",) or "1 entry holds a token" in done.stdout


def test_an_entry_of_several_lines_is_told_on_as_many(here: pathlib.Path) -> None:
    (here / "two.log").write_text("ERROR:  JWT authentication: invalid audience\nDETAIL:  token issued with an audience of [db2]\n")
    told = run(here, "log", "two.log").stdout
    assert "  ERROR:  JWT authentication: invalid audience\n  DETAIL:  token issued with an audience of [db2]\n" in told
