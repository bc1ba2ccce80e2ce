"""``batch``: JSON Lines in, JSON Lines out, on all cores and in order."""

from __future__ import annotations

import argparse
import json
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, BinaryIO

from .._native import Attempt, Engine, explain, explain_many, verdict_many
from ..errors import InternalError, SettingsInvalid
from ..said import said
from ..settings import text_of
from .fetched import Records, add_fetched_option, compiled, records
from .inputs import add_settings_option, settings_text, size_of
from .moments import add_now_option
from .status import ACCEPTED, KEYS_NEEDED, REJECTED, UNUSABLE
from .terminal import Progress, write_json

DESCRIPTION = """\
A line is one login request, {"settings"?, "token", "user"?, "now"?}; its answer is the explanation, or the short decision.
A malformed line is answered with an error that has its number, and the rest carried on.
"""

EXAMPLES = """\
  sqljwt batch logins.jsonl --settings settings.sql > answers.jsonl
  zcat log.jsonl.gz | sqljwt batch --settings settings.sql --short -q | jq -r .reason.code | sort | uniq -c
"""

MEMBERS = ("settings", "token", "user", "now")

READ = 1 << 18
"""Bytes read at a time: a few hundred requests, some 10 ms of work."""


def add_to(commands: Any) -> None:
    """The command's options."""
    parser = commands.add_parser(
        "batch",
        help="many login requests: JSON Lines in, JSON Lines out",
        description=DESCRIPTION,
        examples=EXAMPLES,
    )
    parser.add_argument("requests", nargs="?", default="-", metavar="FILE", help="the requests; - for standard input (the default)")
    add_settings_option(parser, required=False)
    add_fetched_option(parser)
    add_now_option(parser, "the moment of requests without now")
    parser.add_argument("--short", action="store_true", help="decisions without checks, advice and token")
    parser.add_argument("--json", action="store_true", help="accepted for uniformity: the answers are always JSON")
    parser.add_argument("-q", "--quiet", action="store_true", help="write no count to standard error")
    parser.set_defaults(run=_batch, token_env=None)


def _batch(options: argparse.Namespace) -> int:
    settings = settings_text(options) if options.settings else None
    fetched = records(options)
    if settings is not None:
        compiled(settings, fetched)
    source: BinaryIO = sys.stdin.buffer if options.requests == "-" else open(options.requests, "rb")
    with source:
        answers = Answers(settings, options.now, fetched, short=options.short)
        progress = Progress(size_of(source))
        read = 0
        try:
            with CtrlC() as ctrl_c:
                for lines in _lines(source):
                    with ctrl_c.held():
                        write_json("".join(f"{answer}\n" for answer in answers.to(lines)))
                    while answers.complaints:
                        progress.clear()
                        print(f"sqljwt: {answers.complaints.pop(0)}", file=sys.stderr)
                    read += sum(map(len, lines)) + len(lines)
                    progress.show(read, answers.count)
        finally:
            progress.clear()
            taken = progress.seconds
            rate = answers.count / taken if taken else 0
            if not options.quiet:
                print(f"{answers.summary()}; {taken:.2f} s, {rate:,.0f} per second", file=sys.stderr)
    return answers.status()


class CtrlC:
    """Ctrl-C while answers are worked out and written stops after them, so that no finished line is lost; at once if pressed twice."""

    def __init__(self) -> None:
        self._held = self._pressed = False

    def __enter__(self) -> CtrlC:
        # Handlers belong to the main thread; in another one, Ctrl-C is not ours to hold.
        self._previous = signal.signal(signal.SIGINT, self._press) if _in_main_thread() else None
        return self

    def __exit__(self, *error: object) -> None:
        if self._previous is not None:
            signal.signal(signal.SIGINT, self._previous)

    @contextmanager
    def held(self) -> Iterator[None]:
        """While in here, Ctrl-C waits for the end."""
        self._held = True
        yield
        self._held = False
        if self._pressed:
            raise KeyboardInterrupt

    def _press(self, *signal_and_frame: object) -> None:
        if not self._held or self._pressed:
            raise KeyboardInterrupt
        self._pressed = True


def _in_main_thread() -> bool:
    return threading.current_thread() is threading.main_thread()


class Malformed(Exception):
    """A line that is no login request."""

    def __init__(self, fault: str, column: int | None = None) -> None:
        super().__init__(fault)
        self.column = column


class Answers:
    """The answers to lines of requests, how many there were of each kind, and what there is to complain of."""

    def __init__(self, settings: str | None, now: int | None, fetched: Records = (), *, short: bool) -> None:
        self._settings, self._now, self._fetched, self._short = settings, now, fetched, short
        self._ask: Callable[[list[Attempt]], list[str | InternalError]] = verdict_many if short else explain_many
        self._number = 0
        self.accepted = self.refused = self.keys_needed = self.malformed = 0
        self.complaints: list[str] = []

    @property
    def count(self) -> int:
        """All answers so far."""
        return self.accepted + self.refused + self.keys_needed + self.malformed

    def status(self) -> int:
        """The exit status: of the worst line that there was."""
        if self.malformed:
            return UNUSABLE
        return REJECTED if self.refused else KEYS_NEEDED if self.keys_needed else ACCEPTED

    def summary(self) -> str:
        """The counts, in words."""
        logins = "login" if self.count == 1 else "logins"
        keys = f", {self.keys_needed:,} without the issuer's keys" if self.keys_needed else ""
        return f"{self.count:,} {logins}: {self.accepted:,} accepted, {self.refused:,} refused{keys}, {self.malformed:,} malformed"

    def to(self, lines: list[bytes]) -> list[str]:
        """The answer to each line that is not blank."""
        # For a line that the engine has to answer, its number.
        answers: list[str | int] = []
        attempts = []
        for line in lines:
            self._number += 1
            if not line.strip():
                continue
            try:
                asked = self._attempt(line)
            except Malformed as error:
                self.malformed += 1
                answers.append(self._error("line_malformed", self._number, error))
            else:
                if isinstance(asked, str):
                    self.refused += 1
                    answers.append(asked)
                else:
                    attempts.append(asked)
                    answers.append(self._number)
        decided = iter(self._ask(attempts))
        return [answer if isinstance(answer, str) else self._counted(answer, next(decided)) for answer in answers]

    def _counted(self, number: int, answer: str | InternalError) -> str:
        if isinstance(answer, str) and answer.startswith('{"schema":2,"decision":"accept"'):
            self.accepted += 1
        elif isinstance(answer, str) and answer.startswith('{"schema":2,"decision":"keys_needed"'):
            self.keys_needed += 1
        else:
            self.refused += 1
        return answer if isinstance(answer, str) else self._error("internal_error", number, answer)

    def _error(self, code: str, number: int, error: Exception) -> str:
        self.complaints.append(f"line {number}: {error}")
        members = {"code": code, "message": str(error), "line": number, "column": getattr(error, "column", None)}
        return json.dumps({"schema": 2, "error": members})

    def _attempt(self, line: bytes) -> Attempt | str:
        """What to ask the engine; or its answer, where the settings cannot be used."""
        request = _object(line)
        if unknown := [name for name in request if name not in MEMBERS]:
            raise Malformed(f"a request has {', '.join(MEMBERS)}, not '{said(unknown[0])}'")
        if "token" not in request:
            raise Malformed("the request has no 'token'")
        settings = request.get("settings", self._settings)
        if settings is None:
            raise Malformed("the request has no 'settings', and no --settings were given")
        login = (request["token"], request.get("user", ""), request.get("now", self._now))
        try:
            text = text_of(settings)
            try:
                return Attempt(_engine(text, self._fetched), *login)
            except SettingsInvalid as error:
                return error._verdict if self._short else explain(text, *login)[0]
        except (TypeError, ValueError) as error:
            raise Malformed(str(error)) from None


def _object(line: bytes) -> dict[str, Any]:
    try:
        request = json.loads(line, object_pairs_hook=_members)
    except json.JSONDecodeError as error:
        raise Malformed(f"not JSON: {error.msg}", error.colno) from None
    except (ValueError, RecursionError) as error:
        raise Malformed(f"not JSON: {error}") from None
    if not isinstance(request, dict):
        raise Malformed("not a JSON object")
    return request


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose members each stand once: of two, nobody could say which was meant."""
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError("a member stands twice in one object")
    return members


@lru_cache(maxsize=64)
def _engine(settings: str, fetched: Records) -> Engine:
    return compiled(settings, fetched)


def _lines(source: BinaryIO) -> Iterator[list[bytes]]:
    """The lines that have arrived, as soon as they have."""
    begun: list[bytes] = []
    while data := source.read1(READ):  # type: ignore[attr-defined]
        *whole, rest = data.split(b"\n")
        if whole:
            whole[0] = b"".join((*begun, whole[0]))
            begun = []
            yield whole
        begun.append(rest)
    if last := b"".join(begun):
        yield [last]
