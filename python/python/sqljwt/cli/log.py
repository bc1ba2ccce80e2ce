"""``log``: what a server's log says of logins, and what is to be changed."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from collections.abc import Iterator
from typing import Any, BinaryIO

from ..advisor import LogCount, LogEntry, LogReader, LogSummary
from ..reasons import reason_codes
from ..said import inert
from .inputs import Unusable, file_name, size_of
from .status import ACCEPTED, REJECTED
from .terminal import Line, Look, Progress, fitted, write_json

DESCRIPTION = """\
Explain what a server wrote of logins by token: CockroachDB's and PostgreSQL's messages, and what this project's modules write. A few are
told one by one, with cause and remedy; of many it is told how often each kind is there, with an example. A log may have any length.
No token of the log is repeated. The status is 1 where somebody was refused.
"""

EXAMPLES = """\
  sqljwt log cockroach.log
  journalctl -u postgresql | sqljwt log
  zcat postgresql.log.*.gz | sqljwt log --each
  sqljwt log --json cockroach.log | jq -r 'select(.codes).codes[0]' | sort | uniq -c
"""

FEW = 10
"""Entries that are told one by one unless --each asks for all."""

READ = 1 << 18
"""Bytes read at a time."""

LINE_END = "\\u{a}"
"""How the engine writes the end of a line in the text of an entry that has several."""

TONES = {"accepted": "accepted", "rejected": "refused", "unknown": "quiet"}


def add_to(commands: Any) -> None:
    """The command's options."""
    parser = commands.add_parser("log", help="what a server's log says of logins", description=DESCRIPTION, examples=EXAMPLES)
    parser.add_argument("files", nargs="*", metavar="FILE", default=["-"], help="logs, read one after the other; - for standard input (the default)")
    parser.add_argument("--each", action="store_true", help="tell every login as it is read")
    parser.add_argument("--json", action="store_true", help="a line of JSON for each login, and a last one with the counts")
    parser.set_defaults(run=_log)


def _log(options: argparse.Namespace) -> int:
    if options.files.count("-") > 1:
        raise Unusable("only one of the files can be standard input")
    if "-" in options.files and sys.stdin.isatty():
        print("sqljwt: waiting for a log on standard input", file=sys.stderr)
    told, look = Told(options), Look.of(sys.stdout, options)
    for name in options.files:
        reader = LogReader()
        for data in _pieces(name, told):
            told.entries(name, reader.read(data), look)
        told.entries(name, reader.finish(), look)
        told.summary(name, reader.summary(), look)
    return REJECTED if told.refused else ACCEPTED


def _pieces(name: str, told: Told) -> Iterator[bytes]:
    """What has arrived of a log, as soon as it has."""
    source: BinaryIO = sys.stdin.buffer if name == "-" else open(name, "rb")
    with source:
        progress, done = Progress(size_of(source)), 0
        try:
            while data := source.read1(READ):  # type: ignore[attr-defined]
                yield data
                done += len(data)
                progress.show(done, told.count)
        finally:
            progress.clear()


class Told:
    """What is told as the log is read, and what only in the end."""

    def __init__(self, options: argparse.Namespace) -> None:
        self._each, self._json = options.each, options.json
        self._first: list[LogEntry] = []
        self.count = 0
        """The logins of this file so far."""
        self.refused = False
        """Whether somebody was refused."""

    def entries(self, name: str, entries: tuple[LogEntry, ...], look: Look) -> None:
        """The next logins."""
        self.count += len(entries)
        self.refused = self.refused or any(entry.outcome == "rejected" for entry in entries)
        if self._json:
            write_json("".join(f"{json.dumps(dataclasses.asdict(entry), ensure_ascii=False)}\n" for entry in entries))
        elif self._each:
            look.show(fitted((line for entry in entries for line in _lines(name, entry)), look.width), sys.stdout)
        else:
            self._first += entries[: FEW - len(self._first)]

    def summary(self, name: str, summary: LogSummary, look: Look) -> None:
        """The end of a file."""
        if self._json:
            write_json(f"{summary.to_json()}\n")
        else:
            look.show(fitted(self._summary(name, summary), look.width), sys.stdout)
        self._first, self.count = [], 0

    def _summary(self, name: str, summary: LogSummary) -> Iterator[Line]:
        if self.count <= FEW and not self._each:
            yield from (line for entry in self._first for line in _lines(name, entry))
        else:
            yield from (line for count in summary.counts for line in _counted(name, count))
        lines = f"{summary.lines:,} line{'' if summary.lines == 1 else 's'}"
        yield "quiet", 0, "", f"{file_name(name)}: {self.count:,} login{'' if self.count == 1 else 's'} in {lines}"
        if summary.token_remedy is not None:
            entries = "entry holds" if summary.tokens == 1 else "entries hold"
            yield "risk", 0, "risk: ", f"{summary.tokens:,} {entries} a token, which is as good as a password while it lives"
            yield "fix", 2, "Fix: ", inert(summary.token_remedy)


def _lines(name: str, entry: LogEntry) -> Iterator[Line]:
    codes = _listed(entry.codes)
    yield TONES[entry.outcome], 0, f"{file_name(name)}:{entry.line}: {entry.outcome}", f" {codes}" if codes else f" {entry.event}"
    yield from (("excerpt", 2, "", inert(line)) for line in entry.text.split(LINE_END))
    yield "cause" if entry.outcome == "rejected" else "excerpt", 2, "", inert(entry.cause)
    for value in entry.values:
        yield "quiet", 4, f"{value.name.replace('_', ' ')}: ", inert(value.value) if value.value is not None else "(redacted in the log)"
    if entry.remedy is not None:
        yield "fix", 2, "Fix: ", inert(entry.remedy)


def _counted(name: str, count: LogCount) -> Iterator[Line]:
    codes = _listed(count.codes)
    yield TONES[count.outcome], 0, f"{count.count:7,}  {count.outcome}", f" {codes}" if codes else f" {count.event}"
    yield "excerpt", 9, "", f"{file_name(name)}:{count.line}: {inert(count.example.replace(LINE_END, ' / '))}"
    if count.outcome == "rejected" and count.codes:
        yield "fix", 9, "Fix: ", reason_codes()[count.codes[0]].remedy


def _listed(codes: tuple[str, ...]) -> str:
    return " or ".join(codes[:3]) + (" or another" if len(codes) > 3 else "")
