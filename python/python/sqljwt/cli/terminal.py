"""How things look on a terminal: colours where they are wanted, and a progress bar."""

from __future__ import annotations

import os
import sys
import time
from typing import TextIO

GREEN, RED, YELLOW, FAINT = "32", "31", "33", "2"

MARKS = {
    "ACCEPTED": GREEN,
    "REJECTED": RED,
    "KEYS NEEDED": YELLOW,
    "✓": GREEN,
    "✗": RED,
    "·": FAINT,
    "near miss": YELLOW,
    "to mend": YELLOW,
}


def in_colour(text: str, stream: TextIO) -> str:
    """The engine's text, each line in the colour of its mark if the stream is a terminal that wants colours."""
    if not stream.isatty() or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return text
    return "\n".join(_coloured(line) for line in text.split("\n"))


def _coloured(line: str) -> str:
    colour = next((colour for mark, colour in MARKS.items() if line.lstrip().startswith(mark)), None)
    return f"\x1b[{colour}m{line}\x1b[0m" if colour else line


def write_json(text: str) -> None:
    """Write documents to standard output: JSON is UTF-8, whatever the locale says of texts (RFC 8259 section 8.1)."""
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode())
    sys.stdout.buffer.flush()


class Progress:
    """A bar on standard error, drawn at most ten times a second, and only on a terminal that does not show the answers too."""

    WIDTH = 30

    def __init__(self, total: int | None) -> None:
        self._total = total
        self._started = time.monotonic()
        self._drawn = float("-inf") if sys.stderr.isatty() and not sys.stdout.isatty() else float("inf")

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
            bar = f"{'━' * filled}{'╌' * (self.WIDTH - filled)} {min(100, 100 * done // self._total):3}%  "
        print(f"\r{bar}{count:,} logins, {count / self.seconds:,.0f} per second\x1b[K", end="", file=sys.stderr)
        sys.stderr.flush()

    def clear(self) -> None:
        """Take the bar away."""
        if sys.stderr.isatty():
            print("\r\x1b[K", end="", file=sys.stderr)
