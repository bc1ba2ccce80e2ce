"""How things look on a terminal: colours where they are wanted, lines that fit, marks that it can draw, and a progress bar."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import textwrap
import time
from dataclasses import dataclass
from typing import Iterable, Iterator, TextIO, Tuple

Line = Tuple[str, int, str, str]
"""A line of a timeline: its tone, its indentation, what begins it, and the rest."""

GREEN, RED, YELLOW, BOLD, FAINT, PLAIN = "32", "1;31", "33", "1", "2", ""

STYLES = {
    "accepted": (GREEN, PLAIN),
    "refused": (RED, RED),
    "keys": (YELLOW, YELLOW),
    "cause": (RED, RED),
    "place": (FAINT, PLAIN),
    "excerpt": (PLAIN, PLAIN),
    "caret": (PLAIN, RED),
    "fix": (BOLD, PLAIN),
    "statement": (PLAIN, PLAIN),
    "after": (BOLD, PLAIN),
    "risk": (YELLOW, PLAIN),
    "looks_like": (YELLOW, PLAIN),
    "next": (RED, PLAIN),
    "warning": (YELLOW, PLAIN),
    "passed": (GREEN, PLAIN),
    "failed": (RED, RED),
    "not_reached": (FAINT, FAINT),
    "expected": (FAINT, PLAIN),
    "quiet": (FAINT, FAINT),
}
"""For each tone the colour of what begins a line, and of the rest: of what went well only the mark is green."""

MARKS = "✓✗·…━╌"
"""What a terminal has to draw; where it cannot, ASCII stands for it."""

NARROWEST = 40
"""Characters: on less, lines are not made to fit."""


@dataclass(frozen=True)
class Look:
    """What a stream can show."""

    colour: bool
    ascii: bool
    width: int | None

    @classmethod
    def of(cls, stream: TextIO, options: argparse.Namespace | None = None) -> Look:
        """Of this stream, as the command line, the environment and the stream itself say."""
        return cls(_wants_colour(stream, getattr(options, "color", None) or "auto"), not _can_draw(stream), _width(stream))

    def paint(self, line: Line) -> str:
        """The line as it is written."""
        tone, indent, lead, text = line
        if not lead and not text:
            return ""
        colours = STYLES.get(tone, (PLAIN, PLAIN)) if self.colour else (PLAIN, PLAIN)
        return " " * indent + "".join(_painted(part, colour) for part, colour in zip((lead, text), colours))

    def show(self, lines: Iterable[Line], stream: TextIO) -> None:
        """Write lines."""
        for line in lines:
            print(self.paint(line), file=stream)


def fitted(lines: Iterable[Line], width: int | None) -> Iterator[Line]:
    """The lines in the width of a terminal; what is to be pasted stays as it is."""
    for tone, indent, lead, text in lines:
        if width is None or tone == "statement":
            yield tone, indent, lead, text
            continue
        room = max(NARROWEST // 2, width - indent)
        first, *rest = textwrap.wrap(lead + text, room, break_long_words=False, break_on_hyphens=False) or [""]
        yield tone, indent, first[: len(lead)], first[len(lead) :]
        yield from ((tone, indent + 2, "", line) for line in textwrap.wrap(" ".join(rest), room - 2, break_long_words=False))


def _painted(text: str, colour: str) -> str:
    return f"\x1b[{colour}m{text}\x1b[0m" if colour and text else text


def _wants_colour(stream: TextIO, asked: str) -> bool:
    """https://no-color.org and https://force-color.org; who asks on the command line is heard first."""
    if asked != "auto":
        return asked == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if any(os.environ.get(name, "0") not in ("", "0") for name in ("FORCE_COLOR", "CLICOLOR_FORCE")):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def _can_draw(stream: TextIO) -> bool:
    try:
        MARKS.encode(stream.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def _width(stream: TextIO) -> int | None:
    """The characters of a line; None where nobody looks, and a program may read."""
    if not stream.isatty() and not os.environ.get("COLUMNS"):
        return None
    return max(NARROWEST, shutil.get_terminal_size().columns)


def write_json(text: str) -> None:
    """Write documents to standard output: JSON is UTF-8, whatever the locale says of texts (RFC 8259 section 8.1)."""
    write_bytes(text.encode())


def write_bytes(data: bytes) -> None:
    """Write to standard output what is no text of ours."""
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


class Progress:
    """A bar on standard error, drawn at most ten times a second, and only on a terminal that does not show the answers too."""

    WIDTH = 30

    def __init__(self, total: int | None) -> None:
        self._total = total
        self._started = time.monotonic()
        self._drawn = float("-inf") if sys.stderr.isatty() and not sys.stdout.isatty() else float("inf")
        self._full, self._empty = ("━", "╌") if _can_draw(sys.stderr) else ("=", "-")

    @property
    def seconds(self) -> float:
        """Since the work began."""
        return time.monotonic() - self._started

    def show(self, done: int, count: int) -> None:
        """Draw how much is done of the total, and how many logins that was."""
        if time.monotonic() - self._drawn < 0.1:
            return
        self._drawn = time.monotonic()
        bar = ""
        if self._total:
            filled = min(self.WIDTH, self.WIDTH * done // self._total)
            bar = f"{self._full * filled}{self._empty * (self.WIDTH - filled)} {min(100, 100 * done // self._total):3}%  "
        print(f"\r{bar}{count:,} logins, {count / self.seconds:,.0f} per second\x1b[K", end="", file=sys.stderr)
        sys.stderr.flush()

    def clear(self) -> None:
        """Take the bar away."""
        if sys.stderr.isatty():
            print("\r\x1b[K", end="", file=sys.stderr)
