"""``explain --fix``: the settings with the first fix made that the engine has tried, comments and form as they were."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from itertools import accumulate
from pathlib import Path

from .._native import explain
from ..errors import SettingsInvalid
from ..explanation import DocumentEdit, Explanation, Position, Remedy
from ..said import inert
from .fetched import judging
from .inputs import Unusable, overridden, settings_name, written_as
from .status import ACCEPTED, OF_DECISION, REJECTED
from .terminal import Look, write_bytes


def add_to(parser: argparse.ArgumentParser) -> None:
    """``--fix`` and ``--in-place``."""
    parser.add_argument(
        "--fix",
        action="store_true",
        help="make the first tried fix, and write the changed settings to standard output; the status is the fixed login's",
    )
    parser.add_argument("--in-place", action="store_true", help="with --fix: write them into the settings' file")


def check(options: argparse.Namespace) -> None:
    """Whether the options go together."""
    if options.in_place and not options.fix:
        raise Unusable("--in-place says where the settings go that --fix changes; give --fix too")
    if options.in_place and options.settings == "-":
        raise Unusable("--in-place takes settings from a file, not from standard input")
    if options.fix and (options.json or options.redact):
        raise Unusable("--fix writes settings: it does not go with --json or --redact")


def run(options: argparse.Namespace, settings: str, token: bytes, explanation: Explanation) -> int:
    """Write the settings with the first fix made."""
    look = Look.of(sys.stderr, options)
    if explanation.accepted:
        look.show([("quiet", 0, "", "nothing to fix: this login is accepted")], sys.stderr)
        if not options.in_place:
            _write(options, settings)
        return ACCEPTED
    remedy = first(explanation)
    if remedy is None or remedy.document is None:
        code = explanation.reason.code if explanation.reason else "keys_needed"
        why = "no fix of the settings is known" if remedy is None else "the fix has no place in this form of settings; paste its statement"
        look.show([("refused", 0, "NOT FIXED", f"  {code}: {why}; ask again without --fix")], sys.stderr)
        return REJECTED
    changed = edited(settings, remedy.document)
    after = _decided(overridden(changed, options, token), options, token)
    if remedy.after is None or after.decision != remedy.after.decision:
        raise Unusable("the fix does not do what it promises with these options; make it by hand")
    _write(options, changed)
    result = f"ACCEPTED as `{inert(remedy.after.user or '')}`" if after.accepted else f"next problem {remedy.after.code}"
    look.show([("fix", 0, "Fixed: ", remedy.message), ("after", 2, "with this: ", result)], sys.stderr)
    if remedy.risk:
        look.show([("risk", 2, "risk: ", remedy.risk)], sys.stderr)
    return OF_DECISION[after.decision]


def first(explanation: Explanation) -> Remedy | None:
    """The first fix of the settings that was tried, of the reason or of what looks like it."""
    reason, keys = explanation.reason, explanation.keys_needed
    remedies = [*(reason.remedies if reason else ()), *(keys.remedies if keys else ())]
    for advice in explanation.advice:
        if reason is not None and advice.kind == "near_miss" and advice.code == reason.code:
            remedies.extend(advice.remedies)
    return next((remedy for remedy in remedies if remedy.change and remedy.after), None)


def edited(text: str, edits: tuple[DocumentEdit, ...]) -> str:
    """The text with all edits made.

    >>> from sqljwt import Range
    >>> here, end = Range(Position(2, 2), Position(2, 3)), Range(Position(1, 2), Position(1, 2))
    >>> edited("a\\nbcd", (DocumentEdit(here, "x"), DocumentEdit(end, "!")))
    'a!\\nbxd'
    """
    starts = [0, *accumulate(len(line) + 1 for line in text.split("\n"))]

    def offset(place: Position) -> int:
        return starts[place.line - 1] + place.column - 1

    pieces, done = [], 0
    for edit in sorted(edits, key=lambda edit: edit.range.start):
        pieces += [text[done : offset(edit.range.start)], edit.text]
        done = offset(edit.range.end)
    return "".join([*pieces, text[done:]])


def _decided(settings: str, options: argparse.Namespace, token: bytes) -> Explanation:
    try:
        return Explanation._of(judging(settings, options, token).explain(token, options.user, options.now))
    except SettingsInvalid:
        return Explanation._of(explain(settings, token, options.user, options.now))


def _write(options: argparse.Namespace, settings: str) -> None:
    """Write settings, encoded as they were."""
    data = settings.encode() if options.settings == "-" else written_as(settings, options.settings)
    if options.in_place:
        replace(Path(options.settings).resolve(), data)
        print(f"sqljwt: {settings_name(options)} is changed", file=sys.stderr)
    else:
        write_bytes(data)


def replace(file: Path, data: bytes) -> None:
    """Write a file so that it has the old content or the new one, whatever happens meanwhile."""
    new = file.with_name(f"{file.name}.sqljwt-new")
    try:
        new.write_bytes(data)
        shutil.copymode(file, new)
        os.replace(new, file)
    finally:
        new.unlink(missing_ok=True)
