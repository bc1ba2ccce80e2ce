"""How the command line looks: colours, widths, marks, and how much it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from test_cli import EXPIRED, GOOD, IDP, LOGIN, NOW, here, on_a_terminal, run

from sqljwt.cli.terminal import STYLES

__all__ = ["here"]

EXPLAIN = ("explain", "--settings", "settings.json", "--token", "good.jwt", *LOGIN)
REFUSED = ("explain", "--settings", "settings.json", "--token", "expired.jwt", *LOGIN)
ESCAPE = re.compile(r"\x1b\[[0-9;]*m")


def test_there_is_colour_only_where_it_is_wanted(here: Path) -> None:
    assert "\x1b[32mACCEPTED" in on_a_terminal(here, *EXPLAIN)
    assert "\x1b" not in on_a_terminal(here, *EXPLAIN, NO_COLOR="1")
    assert "\x1b" not in on_a_terminal(here, *EXPLAIN, TERM="dumb")
    assert "\x1b" not in on_a_terminal(here, *EXPLAIN, "--color", "never", FORCE_COLOR="1")
    assert "\x1b" not in run(here, *EXPLAIN).stdout
    for forced in ({"FORCE_COLOR": "1"}, {"CLICOLOR_FORCE": "1"}):
        assert "\x1b[32mACCEPTED" in run(here, *EXPLAIN, **forced).stdout
        assert "\x1b" not in run(here, *EXPLAIN, NO_COLOR="1", **forced).stdout
    assert "\x1b" not in run(here, *EXPLAIN, FORCE_COLOR="0").stdout
    assert "\x1b[32mACCEPTED" in run(here, *EXPLAIN, "--color", "always", NO_COLOR="1").stdout


def test_red_outshines_green(here: Path) -> None:
    shown = run(here, *REFUSED, "-v", "--color", "always").stdout.splitlines()
    assert all(line.strip().startswith("\x1b[1;31m") and line.endswith("\x1b[0m") for line in shown[:2]), shown
    green = [re.findall(r"\x1b\[32m(.*?)\x1b\[0m", line) for line in shown]
    passed = [part for parts in green for part in parts]
    assert len(passed) > 5 and all(re.fullmatch(r"✓ \w+ *", part) for part in passed)


def test_colours_change_no_character(here: Path) -> None:
    for command in (EXPLAIN, REFUSED, (*REFUSED, "-v"), ("reasons", "4003")):
        assert ESCAPE.sub("", run(here, *command, "--color", "always").stdout) == run(here, *command).stdout


def test_every_tone_has_a_style() -> None:
    source = Path(__file__).parents[2].joinpath("core/src/telling/timeline/line.rs").read_text(encoding="utf-8")
    assert set(re.findall(r'=> "(\w+)",', source)) == set(STYLES)


@pytest.mark.parametrize("columns", [40, 80, 120])
def test_lines_fit_the_terminal(here: Path, columns: int) -> None:
    token = IDP.token(sub="alice", aud=["aaaaaa", "bbbbbb", "cccccc"], now=NOW)
    command = ("explain", "--settings", "settings.sql", *LOGIN, "-v")
    narrow = run(here, *command, stdin=token, COLUMNS=str(columns)).stdout
    lines = [line for line in narrow.splitlines() if " " in line.strip() and "sqljwt reasons" not in line and "SET CLUSTER" not in line]
    assert not [line for line in lines if len(line) > columns]
    free = run(here, *command, stdin=token).stdout
    assert max(map(len, free.splitlines())) > 80

    def words(text: str) -> list[str]:
        plain = [line for line in text.splitlines() if "SET CLUSTER" not in line and "…" not in line]
        return [word for line in plain for word in line.split() if set(word) != {"^"}]

    assert words(narrow) == words(free)


def test_a_stream_that_knows_ascii_alone_gets_marks_of_its_own(here: Path) -> None:
    for encoding in ("ascii", "cp1252"):
        shown = run(here, *REFUSED, "-v", PYTHONIOENCODING=encoding).stdout
        assert shown.isascii() and "?" not in shown
        assert "  + audience" in shown and "  x time" in shown and "  - groups" in shown


def test_more_and_less_is_told(here: Path) -> None:
    plain, verbose, quiet = (run(here, *REFUSED, *how).stdout for how in ((), ("-v",), ("-q",)))
    assert "\n  passed: settings, " in plain and "✓" not in plain
    assert "\n  ✗ time " in verbose and "\n  ✓ audience " in verbose and "passed:" not in verbose
    assert quiet == "".join(f"{line}\n" for line in plain.splitlines()[:2])
    done = run(here, "validate", "-q", "--settings", "settings.json", *LOGIN, stdin=EXPIRED)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "")
    assert run(here, "batch", "-q", "--settings", "settings.json", stdin="").stderr == ""
    assert run(here, *REFUSED, "-v", "-q").returncode == 2


def test_a_redacted_answer_shows_no_line_of_the_settings(here: Path) -> None:
    token = IDP.token(sub="alice", aud="elsewhere", now=NOW)
    done = run(here, "explain", "--settings", "settings.sql", "--redact", *LOGIN, stdin=token)
    assert "  at settings.sql:" in done.stdout
    assert "^" not in done.stdout and "db-login" not in done.stdout and "elsewhere" not in done.stdout


def test_colours_leave_the_text_of_good_logins_alone(here: Path) -> None:
    assert GOOD not in run(here, *EXPLAIN, "-v", "--color", "always").stdout
