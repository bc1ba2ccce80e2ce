"""What does a server's log say of logins, and what is to be changed? The engine's JSON documents as dataclasses."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

# Not for type checkers alone: pydantic and others read the annotations while the program runs.
from . import _native
from .asked import Document, Parts, asked, built
from .names import Check, ReasonCode

LogOutcome = Literal["accepted", "rejected", "unknown"]
"""What became of a login; a text that is not known says neither."""

LogSource = Literal["cockroachdb", "postgresql", "sqljwt", "unknown"]
"""Whose words a line has."""


@dataclass(frozen=True)
class LogValue:
    """A value that a line states."""

    name: str
    """What it is: ``issuer``, ``principal``, ``requested_user``, ``audience``, ``key_id`` and so on."""
    value: str | None
    """The value, on one line; None where the log has it redacted."""


@dataclass(frozen=True)
class LogEntry:
    """One login in a log."""

    line: int
    """The line on which it begins, from 1."""
    outcome: LogOutcome
    source: LogSource
    event: str
    """Which of the texts known here this is."""
    exact: bool
    """Whether the line itself names its reason; otherwise one text stands for all of ``codes``."""
    codes: tuple[ReasonCode, ...]
    """The reasons that it may mean, the most probable first; empty where the server refuses for a reason of its own."""
    cause: str
    """What happened, in plain words."""
    remedy: str | None
    """What to change."""
    values: tuple[LogValue, ...]
    token: bool
    """Whether a token stands in it."""
    text: str
    """The text, on one line, cut, and without any token."""


@dataclass(frozen=True)
class LogCount:
    """How often one kind of entry is there."""

    event: str
    outcome: LogOutcome
    codes: tuple[ReasonCode, ...]
    count: int
    example: str
    """The first of them."""
    line: int
    """The line on which that begins."""


@dataclass(frozen=True)
class LogReason:
    """A reason that an entry may have."""

    code: ReasonCode
    number: int
    check: Check
    summary: str
    remedy: str


@dataclass(frozen=True)
class LogDocument(Document):
    """What a log says of logins."""

    lines: int
    unknown: int
    """How many lines say nothing of a login that is known here."""
    entries: tuple[LogEntry, ...]
    """In the order of the log; where there are none, the first line that says something unknown."""
    more: int
    """How many more there are than are told."""
    counts: tuple[LogCount, ...]
    """The most frequent first."""
    reasons: tuple[LogReason, ...]
    """The reasons that the entries may have, in the order of their numbers."""
    tokens: int
    """How many entries hold a token: each is as good as a password for as long as it lives."""
    token_remedy: str | None


@dataclass(frozen=True)
class LogSummary(Document):
    """What was read of a log."""

    lines: int
    unknown: int
    counts: tuple[LogCount, ...]
    tokens: int
    token_remedy: str | None


def explain_log(text: str) -> LogDocument:
    """Explain a line of a server's log, or a short log: CockroachDB's, PostgreSQL's, or what this project's modules write.

    >>> entry = explain_log("ERROR:  JWT authentication: invalid audience").entries[0]
    >>> entry.codes[0]
    'audience_not_allowed'
    """
    return asked(LogDocument, "log", None, {"text": text}, PARTS)


class LogReader:
    """Reads a log of any length, piece by piece: what it holds does not grow with the log.

    >>> reader = LogReader()
    >>> entries = [*reader.read(b"ERROR:  JWT authentication: invalid audience\\nDETAIL:  token issued with an aud"), *reader.finish()]
    >>> [entry.codes[0] for entry in entries], reader.summary().lines
    (['audience_not_allowed'], 2)
    """

    def __init__(self) -> None:
        self._log = _native.Log()
        self._summary: LogSummary | None = None

    def read(self, data: bytes) -> tuple[LogEntry, ...]:
        """Take the next bytes; the entries that are complete by them."""
        return tuple(map(_entry, self._log.read(data)))

    def finish(self) -> tuple[LogEntry, ...]:
        """Say that there are no more; the last entries."""
        entries, summary = self._log.finish()
        self._summary = built(LogSummary, json.loads(summary), PARTS, _text=summary)
        return tuple(map(_entry, entries))

    def summary(self) -> LogSummary:
        """What was read, once that is finished."""
        if self._summary is None:
            raise ValueError("the log is not finished")
        return self._summary


def read_log(pieces: Iterable[bytes]) -> Iterator[LogEntry]:
    """The logins in a log of any length, given in pieces: an open binary file will do."""
    reader = LogReader()
    for piece in pieces:
        yield from reader.read(piece)
    yield from reader.finish()


def _entry(text: str) -> LogEntry:
    return built(LogEntry, json.loads(text), PARTS)


PARTS: Parts = {
    LogEntry: {"values": LogValue},
    LogSummary: {"counts": LogCount},
    LogDocument: {"entries": LogEntry, "counts": LogCount, "reasons": LogReason},
}
