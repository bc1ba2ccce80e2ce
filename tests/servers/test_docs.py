"""The pages on servers do what they say: each page's commands are run, on a machine to throw away."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import run_page
import throwaway
from stage import ROOT, Stage

# That of PostgreSQL 18 takes a server that is fetched: test_postgresql18.py runs it.
PAGES = sorted(page for page in (ROOT / "docs/src/servers").glob("*.md") if page.stem != "postgresql18")

COMMANDS = {"limits.md": 0}
"""How many commands a page has to have that are run, where that is not four."""


def test_there_are_pages() -> None:
    assert PAGES


@pytest.mark.parametrize("page", PAGES, ids=[page.stem for page in PAGES])
def test_the_page_does_what_it_says(page: Path, stage: Stage) -> None:
    # Never skipped: a page that nobody has run may say anything.
    why_not = throwaway.refusal()
    assert why_not is None, f"the pages write to /etc and start servers, so they need a machine to throw away: {why_not}"
    runner = [sys.executable, str(ROOT / "tests/servers/run_page.py")]
    options = ["--here", "--at-least", str(COMMANDS.get(page.name, 4)), str(page)]
    # What `cargo xtask install-c --prefix /usr/local` does on the page has been done before, elsewhere.
    command = throwaway.command([*runner, *options], also={"/usr/local": str(stage.prefix)})
    done = subprocess.run(command, cwd="/root", stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=660)
    print(done.stdout.decode())
    assert done.returncode == 0, done.stdout.decode()


def page_of(folder: Path, *blocks: str) -> Path:
    page = folder / "page.md"
    page.write_text("".join(f"```{block}```\n\nwords\n\n" for block in blocks))
    return page


@pytest.mark.parametrize(
    ("blocks", "says"),
    [
        (["sh run\nfalse\ntrue\n"], "ended with 1, not with 0"),
        (["sh run exit=1\ntrue\n"], "ended with 0, not with 1"),
        (["sh run\ncat /no/such/file | cat\n"], "No such file"),
        (["sh run\necho one\n", "text output\ntwo\n"], "What was printed is:\none"),
        (["sh run\necho one; echo two\n", "text output\none\n"], "What was printed is:"),
        (["sh not-run\necho one\n", "text output\none\n"], "no command that is run stands before"),
        (["sh\necho one\n"], "marked `run` or `not-run`"),
        (["sql file=settings.sql\nselect 1\n"], "no word before this block says that it is `settings.sql`"),
        (["sh run\nsleep 60\n"], "was still running after 1 seconds"),
    ],
)
def test_a_page_that_is_wrong_is_found(blocks: list[str], says: str, tmp_path: Path) -> None:
    with pytest.raises(run_page.PageFault, match=re.escape(says)):
        run_page.run_page(page_of(tmp_path, *blocks), tmp_path, os.environ["PATH"], seconds=1)


def test_a_page_is_run_as_at_a_terminal(tmp_path: Path) -> None:
    blocks = [
        "sh run\nname=ada\nwho() { echo \"$name\"; }\nmkdir place && cd place\nsleep 3 &\n",
        'sh run\necho "$(who) is in ${PWD##*/} since $RANDOM"; echo more; echo last\n',
        "text output\nada is in place since …\n…\nlast\n",
        "sh not-run\nrm -rf /\n",
    ]
    counts = run_page.run_page(page_of(tmp_path, *blocks), tmp_path, os.environ["PATH"])
    assert counts == run_page.Counts(run=2, not_run=1, compared=1)
