"""Does a page of the book do what it says? Its commands are run in their order, and what they print is held against the page.

    python3 run_page.py PAGE [--at-least N]        in the present folder

What a page is made of; a shell block without a mark is a fault of the page:

    ```sh run              has to succeed
    ```sh run exit=1       has to end with this status
    ```sh not-run          cannot be run here, and the page says why; these are counted
    ```text output         what the block before it prints: `…` stands for the rest of a line, alone on a line for any lines
    ```sql file=NAME       is written into this file, which the words before it name; the language is any but sh

Variables, and the folder that one is in, last from block to block, as they do at a terminal.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass

COMMAND_SECONDS = 120
PAGE_SECONDS = 600

FENCE = re.compile(r"^```([^\n`]*)\n(.*?)^```[ \t]*$", re.DOTALL | re.MULTILINE)

# Bash keeps what the page sets for the next block. What is printed goes into a file: a server that a page starts in the background keeps
# its output open, and reading from a pipe would wait for its end.
PRELUDE = """\
set -a
[ ! -e "$RUN_PAGE_STATE" ] || . "$RUN_PAGE_STATE"
trap 'status=$?; { export -p; printf "cd %q\\n" "$PWD"; } > "$RUN_PAGE_STATE"; exit $status' EXIT
set -e -o pipefail
"""


class PageFault(Exception):
    """The page and what happened differ; the text says where and how."""


@dataclass(frozen=True)
class Block:
    """One fenced block of a page."""

    line: int
    language: str
    marks: tuple[str, ...]
    text: str

    def value(self, name: str) -> str | None:
        """What stands behind ``name=`` in the block's first line."""
        return next((mark.partition("=")[2] for mark in self.marks if mark.startswith(f"{name}=")), None)


@dataclass
class Counts:
    """How many commands a page has."""

    run: int = 0
    not_run: int = 0
    compared: int = 0


def blocks(page: str) -> Iterator[Block]:
    """The fenced blocks of a page, in order."""
    for match in FENCE.finditer(page):
        language, *marks = match[1].split() or [""]
        yield Block(page.count("\n", 0, match.start()) + 1, language, tuple(marks), match[2])


def run_page(page: pathlib.Path, folder: pathlib.Path, path: str, seconds: float = PAGE_SECONDS) -> Counts:
    """Run a page in a folder, with ``path`` as PATH.

    Raises:
        PageFault: a command failed or took too long, printed something else than the page has, or the page is marked wrongly.
    """
    counts, printed, end = Counts(), None, time.monotonic() + seconds
    with tempfile.TemporaryDirectory() as own:
        environment = {
            "PATH": path,
            "HOME": os.environ.get("HOME", "/"),
            "LC_ALL": "C.UTF-8",
            "PYTHONIOENCODING": "utf-8",
            "COLUMNS": "100",
            "RUN_PAGE_STATE": f"{own}/state",
        }
        text = page.read_text(encoding="utf-8")
        for block in blocks(text):
            where, name = f"{page.name}:{block.line}", block.value("file")
            if name:
                # Nobody who reads the page sees the mark.
                if f"`{name}`" not in "".join(text.splitlines(keepends=True)[: block.line - 1]):
                    raise PageFault(f"{where}: no word before this block says that it is `{name}`")
                (folder / name).write_text(block.text, encoding="utf-8")
            elif block.language in ("sh", "bash", "console", "shell"):
                if block.marks == ("not-run",):
                    counts.not_run += 1
                    printed = None
                    continue
                if block.marks[:1] != ("run",):
                    raise PageFault(f"{where}: a shell block is marked `run` or `not-run`")
                printed = _run(where, block, folder, environment, min(COMMAND_SECONDS, end - time.monotonic()))
                counts.run += 1
            elif "output" in block.marks:
                if printed is None:
                    raise PageFault(f"{where}: no command that is run stands before this output")
                _compare(where, block.text, printed)
                counts.compared += 1
                printed = None
    return counts


def _run(where: str, block: Block, folder: pathlib.Path, environment: dict[str, str], seconds: float) -> str:
    """What a block prints, on both of its outputs."""
    wanted = int(block.value("exit") or 0)
    with tempfile.TemporaryFile() as output:
        running = subprocess.Popen(
            ["bash", "-c", PRELUDE + block.text],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            status = running.wait(max(seconds, 0))
            ended = None if status == wanted else f"ended with {status}, not with {wanted}"
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(running.pid, signal.SIGKILL)
            running.wait()
            ended = f"was still running after {seconds:.0f} seconds"
        output.seek(0)
        printed = output.read().decode("utf-8", "replace")
    if ended:
        raise PageFault(f"{where}: this block {ended}:\n{block.text}\nIt printed:\n{printed}")
    return printed


def _compare(where: str, expected: str, printed: str) -> None:
    if not re.fullmatch(_pattern(expected), printed.rstrip("\n") + "\n"):
        raise PageFault(f"{where}: the page has:\n{expected}\nWhat was printed is:\n{printed}")


def _pattern(expected: str) -> str:
    """A regular expression for an output."""
    lines = [
        r"(?:[^\n]*\n)+?" if line.strip() == "…" else r"[^\n]+".join(map(re.escape, line.split("…"))) + "\n"
        for line in expected.rstrip("\n").split("\n")
    ]
    return "".join(lines)


def main() -> int:
    """Run the pages that the command line names: each in a folder of its own, or one in the present folder."""
    parser = argparse.ArgumentParser(description="Run the commands of pages, each page in an empty folder of its own.")
    parser.add_argument("pages", nargs="+", metavar="PAGE", type=pathlib.Path)
    parser.add_argument("--at-least", type=int, default=1, metavar="N", help="how many commands a page has to have that are run")
    parser.add_argument("--here", action="store_true", help="in the present folder instead")
    options = parser.parse_args()
    # The `sqljwt` that belongs to this interpreter.
    path = os.pathsep.join([os.path.dirname(os.path.abspath(sys.executable)), os.environ.get("PATH", "/usr/bin:/bin"), "/usr/sbin", "/sbin"])
    failed = False
    for page in options.pages:
        with tempfile.TemporaryDirectory() as folder:
            place = pathlib.Path.cwd() if options.here else pathlib.Path(folder)
            try:
                counts = run_page(page.absolute(), place, path)
                if counts.run < options.at_least:
                    raise PageFault(f"{page.name}: {counts.run} of its commands are run; there have to be {options.at_least}")
            except PageFault as fault:
                failed = True
                print(f"FAILED {fault}", flush=True)
            else:
                told = f"{counts.run} commands run, {counts.compared} outputs compared, {counts.not_run} marked as not run"
                print(f"ok     {page.name}: {told}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
