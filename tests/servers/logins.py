"""Logins at one server, each with what has to come of it, counted for the table at the end."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Optional

from process import Server

LEAK = 20
"""So many bytes of a token in a row are a piece of it, in whatever text."""

CRASHED = ("terminated by signal", "Segmentation fault", "got signal", "AddressSanitizer", "core dumped")
"""What server logs say of a process that died."""


class Refused(Exception):
    """The server let nobody in; the text is the client's."""


Connect = Callable[..., str]
"""Logs in with a token as a user, and returns who the server says that is; raises `Refused`."""


@dataclass
class Tally:
    """What came of the logins at a server."""

    tried: int = 0
    wrongly_refused: int = 0
    wrongly_accepted: int = 0
    crashed: int = 0


@dataclass
class Board:
    """The tallies of all servers of one run."""

    tallies: dict[str, Tally] = field(default_factory=dict)

    def table(self) -> list[str]:
        """The lines of the table that ends a run."""
        head = f"{'server':34}{'tried':>8}{'wrongly refused':>18}{'wrongly accepted':>18}{'crashed':>10}"
        rows = (
            f"{name:34}{tally.tried:8}{tally.wrongly_refused:18}{tally.wrongly_accepted:18}{tally.crashed:10}"
            for name, tally in self.tallies.items()
        )
        return [head, *rows]


class Text:
    """What is appended to a file from now on."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._begin = path.stat().st_size if path.exists() else 0

    def __str__(self) -> str:
        with open(self._path, "rb") as file:
            file.seek(self._begin)
            return file.read().decode(errors="replace")

    def lines(self) -> list[str]:
        return str(self).splitlines()


class Logins:
    """The logins at one server.

    ``log`` is the file that the token module writes its line a login to, where it has one.
    """

    def __init__(self, name: str, board: Board, server: Server, connect: Connect, log: Optional[Path] = None) -> None:
        self.server, self.log, self._connect = server, log, connect
        self.tally = board.tallies.setdefault(name, Tally())
        self._lock = threading.Lock()
        self._all = Text(server.log)

    def accepted(self, token: str, user: str, *, as_user: str | None = None, **how: Any) -> str:
        """The token logs in, with one line in the log; returns that line."""
        said, errors = Text(self.log or self.server.log), Text(self.server.log)
        refused = self.wrong(token, user, True, as_user or user, **how)
        assert refused is None, f"`{user}` is refused: {refused}\nmodule: {said}\nserver: {errors}"
        return self._one_line(said, token, f"`{user}` is accepted")

    def refused(self, token: str, user: str, code: str, **how: Any) -> str:
        """The token does not log in, with one line that names the code and holds no piece of the token; returns that line."""
        said, errors = Text(self.log or self.server.log), Text(self.server.log)
        wrong = self.wrong(token, user, False, user, **how)
        assert wrong is None, f"`{user}`: {wrong}; it should be refused with {code}\nmodule: {said}\nserver: {errors}"
        line = self._one_line(said, token, f"`{user}` is refused")
        assert code in line, f"expected {code}, the log says: {line}"
        assert not leaks(token, str(errors)), f"the server's log holds a piece of the token: {errors}"
        return line

    def wrong(self, token: str, user: str, should_log_in: bool, as_user: str | None = None, **how: Any) -> str | None:
        """Tries one login, without a look at the logs, and says what is wrong with its outcome. For many threads."""
        try:
            name = self._connect(token, user, **how)
            outcome = "is accepted" if name == (as_user or user) else f"is logged in as `{name}`"
            is_wrong = not should_log_in or name != (as_user or user)
        except Refused as error:
            outcome, is_wrong = f"is refused: {error}", should_log_in
        with self._lock:
            self.tally.tried += 1
            if is_wrong and should_log_in and outcome.startswith("is refused"):
                self.tally.wrongly_refused += 1
            elif is_wrong:
                self.tally.wrongly_accepted += 1
        return outcome if is_wrong else None

    def stays_alive(self) -> None:
        """The server has not died, nor any process of its."""
        died = [word for word in CRASHED if word in str(self._all)]
        if died or not self.server.is_alive():
            self.tally.crashed += 1
            self._all = Text(self.server.log)
        assert not died and self.server.is_alive(), f"the server died:\n{self.server.last_lines()}"

    def _one_line(self, said: Text, token: str, what: str) -> str:
        if self.log is None:
            return ""
        lines = said.lines()
        assert len(lines) == 1, f"{what}, and the log has {len(lines)} lines: {lines}"
        assert lines[0].isprintable(), f"{what}, and the log's line would move a terminal: {lines[0]!r}"
        assert not leaks(token, lines[0]), f"{what}, and the log holds a piece of the token: {lines[0]}"
        return lines[0]


def leaks(token: str, text: str) -> bool:
    """Whether a text holds a piece of a token."""
    if len(token) < LEAK:
        return False
    pieces = {token[begin : begin + LEAK] for begin in range(len(token) - LEAK + 1)}
    return any(text[begin : begin + LEAK] in pieces for begin in range(len(text) - LEAK + 1))


def at_once(threads: int, work: Callable[[Any], Any], items: Iterable[Any]) -> Sequence[Any]:
    """Does the same to many things, in so many threads, and returns what came of each."""
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(work, items))
