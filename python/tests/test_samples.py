"""The sample logins read here as they do everywhere: the pinned timelines, through the API and through the command line."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
import sys
from typing import Any

import pytest

import sqljwt

SAMPLES = pathlib.Path(__file__).parents[2] / "tests" / "samples"
LOGINS = json.loads((SAMPLES / "logins.json").read_text(encoding="utf-8"))
TIMELINES = (SAMPLES / "timelines.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("login", LOGINS, ids=lambda login: login["title"])
def test_samples_read_as_pinned(login: dict[str, Any]) -> None:
    settings = SAMPLES / login["settings"]
    explanation = sqljwt.explain(settings, login["token"], login["user"], now=login["now"])
    assert str(explanation) in TIMELINES
    command = [sys.executable, "-m", "sqljwt", "explain", "--settings", str(settings)]
    done = subprocess.run(
        [*command, "--user", login["user"], "--now", str(login["now"])],
        input=login["token"].encode(),
        capture_output=True,
        env=dict(os.environ),  # without the COLUMNS that readline, which pytest imports, puts into the process
    )
    # The command line knows the file and its lines, and which command tells more.
    commands = ("  more about it: sqljwt reasons ", "  to make the first fix of the settings: ")
    lines = [line for line in done.stdout.decode().splitlines() if not line.startswith(commands)]
    carets = [number for number, line in enumerate(lines) if line and set(line) == {" ", "^"}]
    told = [line for number, line in enumerate(lines) if not {number, number + 1} & set(carets)]
    assert told == str(explanation).replace("at settings:", f"at {settings}:").splitlines()
