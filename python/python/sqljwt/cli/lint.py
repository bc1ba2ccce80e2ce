"""``lint``: what is wrong with settings, judged without any token."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable, get_args

from .. import advisor
from ..advisor import LintDocument, LintFinding, SettingsChange, Severity
from ..errors import SettingsInvalid
from ..explanation import DocumentEdit, Position
from ..said import inert
from .fixing import edited, replace
from .inputs import Unusable, file_name, settings_of, text_in, written_as
from .lint_formats import github, sarif
from .status import ACCEPTED, REJECTED, UNUSABLE
from .terminal import Line, Look, fitted, write_json

DESCRIPTION = """\
Say what is wrong with settings, without any token: who gets in that should not, what lets nobody in, what is not what it seems.
Where a line of the identity map lets in more than it seems, a principal is shown that the map itself has let in.
The status is 1 where something is found that is at least as grave as --fail-on says.
"""

EXAMPLES = """\
  sqljwt lint settings.sql
  sqljwt lint --fail-on warning production.sql staging.json
  sqljwt lint --fix settings.sql
  sqljwt lint --format sarif *.sql > sqljwt.sarif
  sqljwt lint --format github --fail-on never settings.sql
  cockroach sql -e 'SHOW CLUSTER SETTINGS' --format=csv | sqljwt lint -
"""

SEVERITIES: tuple[Severity, ...] = get_args(Severity)

TONES = {"error": "refused", "warning": "warning", "note": "fix"}

LINES_MAX = 12
"""Lines of a statement that are told."""

FIXES_MAX = 1000
"""Fixes in a file that are made together."""

ROUNDS_MAX = 100
"""How often the settings are judged anew after fixes."""


def add_to(commands: Any) -> None:
    """The command's options."""
    parser = commands.add_parser("lint", help="what is wrong with settings, without any token", description=DESCRIPTION, examples=EXAMPLES)
    parser.add_argument("files", nargs="+", metavar="FILE", help="settings, in any of their forms; - for standard input")
    parser.add_argument(
        "--format", choices=tuple(FORMATS), default="text", help="how to say it: for people (text, the default), programs or code scanning"
    )
    parser.add_argument("--json", action="store_const", const="json", dest="format", help="the same as --format json")
    parser.add_argument(
        "--fail-on", choices=(*SEVERITIES, "never"), default="error", help="what has to be found for the status 1; error unless given"
    )
    parser.add_argument("--fix", action="store_true", help="make the changes that mend what is found in the files, and tell what is left")
    parser.add_argument("-q", "--quiet", action="store_true", help="text: tell what counts for the status alone")
    parser.set_defaults(run=_lint)


@dataclass(frozen=True)
class Linted:
    """What is found in a file."""

    file: str
    """Its name as it was given."""
    document: LintDocument

    @property
    def name(self) -> str:
        """Its name in messages."""
        return file_name(self.file)


def _lint(options: argparse.Namespace) -> int:
    if options.files.count("-") > 1:
        raise Unusable("only one of the files can be standard input")
    if options.fix and "-" in options.files:
        raise Unusable("--fix changes files: give it none that is standard input")
    linted, unreadable = [], False
    for file in options.files:
        try:
            with settings_of(file):
                linted.append(_linted(file, options))
        except Unusable as error:
            unreadable = True
            print(f"sqljwt: {error}", file=sys.stderr)
    FORMATS[options.format](linted, options)
    if unreadable:
        return UNUSABLE
    return REJECTED if any(_fails(found.document, options.fail_on) for found in linted) else ACCEPTED


def _linted(file: str, options: argparse.Namespace) -> Linted:
    text = text_in(file, "settings", "lint takes files of settings, or - for standard input")
    document = advisor.lint(text)
    return Linted(file, _fixed(file, text, document, options) if options.fix else document)


def _fails(document: LintDocument, fail_on: str) -> bool:
    return any(count for severity, count in _counts(document).items() if _counts_for_status(severity, fail_on))


def _counts_for_status(severity: str, fail_on: str) -> bool:
    return fail_on != "never" and SEVERITIES.index(severity) <= SEVERITIES.index(fail_on)


def _counts(document: LintDocument) -> dict[str, int]:
    return {"error": document.errors, "warning": document.warnings, "note": document.notes}


def _fixed(file: str, text: str, document: LintDocument, options: argparse.Namespace) -> LintDocument:
    """Make the changes that mend something and spoil nothing; what is left then."""
    look, original, passed_over, most = Look.of(sys.stderr, options), text, set(), FIXES_MAX
    for _ in range(ROUNDS_MAX):
        open_ = [finding for finding in document.findings if _can_be_made(finding) and _named(finding) not in passed_over]
        chosen = _apart(open_)[:most]
        if not chosen:
            break
        changed = edited(text, tuple(edit for finding in chosen for edit in _edits(finding)))
        after = _judged(changed)
        if after is None or not _is_better(after, document):
            if len(chosen) == 1:
                passed_over.add(_named(chosen[0]))
            most = max(1, len(chosen) // 2)
            continue
        text, document, most = changed, after, 2 * most
        for finding in chosen:
            fact = f"fixed {finding.rule}: {inert(finding.remedy or finding.message)}"
            look.show([("accepted", 0, f"{_place(file, finding)}: ", fact)], sys.stderr)
    if text != original:
        replace(Path(file).resolve(), written_as(text, file))
    return document


def _apart(findings: list[LintFinding]) -> list[LintFinding]:
    """Those whose changes do not touch each other: they can be made together."""
    chosen: list[LintFinding] = []
    taken: list[tuple[Position, Position]] = []
    for finding in findings:
        ranges = [(edit.range.start, edit.range.end) for edit in _edits(finding)]
        if all(end < other_start or other_end < start for start, end in ranges for other_start, other_end in taken):
            chosen.append(finding)
            taken += ranges
    return chosen


def _edits(finding: LintFinding) -> tuple[DocumentEdit, ...]:
    return (finding.change.document or ()) if finding.change else ()


def _judged(text: str) -> LintDocument | None:
    try:
        return advisor.lint(text)
    except SettingsInvalid:
        return None


def _can_be_made(finding: LintFinding) -> bool:
    return bool(_edits(finding))


def _named(finding: LintFinding) -> tuple[str, str | None, str]:
    return finding.rule, finding.setting, finding.message


def _is_better(after: LintDocument, before: LintDocument) -> bool:
    """Whether less is found, and nothing that is graver."""
    return (after.errors, after.warnings, after.notes) < (before.errors, before.warnings, before.notes)


def _place(file: str, finding: LintFinding) -> str:
    position = finding.position
    return f"{file_name(file)}:{position.line}:{position.column}" if position else file_name(file)


def _text(linted: list[Linted], options: argparse.Namespace) -> None:
    look = Look.of(sys.stdout, options)
    for found in linted:
        for finding in found.document.findings:
            if not options.quiet or _counts_for_status(finding.severity, options.fail_on):
                look.show(fitted(_lines(found.file, finding), look.width), sys.stdout)
        if found.document.untold:
            look.show([("quiet", 0, "", f"{found.name}: {found.document.untold} more that are not told")], sys.stdout)
    if not options.quiet:
        look.show([_summary(linted)], sys.stdout)


def _lines(file: str, finding: LintFinding) -> Iterator[Line]:
    """One finding, in the manner of compilers."""
    yield TONES[finding.severity], 0, f"{_place(file, finding)}: {finding.severity}", f" {finding.rule}"
    yield "excerpt", 2, "", inert(finding.message)
    if finding.witness is not None:
        witness = finding.witness
        several, principals = len(witness.principals) > 1, _listed([f"`{inert(each)}`" for each in witness.principals])
        numbers = [str(line) for line in witness.lines]
        by = f", by line{'s' if len(numbers) > 1 else ''} {_listed(numbers)} of the identity map" if numbers else ""
        become = f"{'become' if several else 'becomes'} `{inert(witness.user)}`{by}"
        yield "looks_like", 2, "Shown by: ", f"{principals} of {inert(witness.issuer)} {become}"
    elif finding.proof == "not_proved":
        yield "looks_like", 2, "Not proved: ", "the pattern is too large to be searched"
    if finding.remedy is not None:
        yield "fix", 2, "Fix: ", inert(finding.remedy)
    if finding.change is not None:
        yield from statements(finding.change, 4)


def statements(change: SettingsChange, indent: int) -> Iterator[Line]:
    """The statements of a change, to be pasted; not those that nobody would read."""
    for statement in change.sql:
        lines = statement.split("\n")
        if len(lines) > LINES_MAX:
            yield "quiet", indent, "", f"(a statement of {len(lines)} lines; --json has it)"
        else:
            yield from (("statement", indent, "", inert(line)) for line in lines)


def _listed(words: list[str]) -> str:
    *most, last = words or [""]
    return f"{', '.join(most)} and {last}" if most else last


def _summary(linted: list[Linted]) -> Line:
    totals = {severity: sum(_counts(found.document)[severity] for found in linted) for severity in SEVERITIES}
    files = f"{len(linted)} file{'' if len(linted) == 1 else 's'}"
    if not any(totals.values()):
        return "accepted", 0, "Nothing found", f" in {files}"
    told = _listed([f"{count} {severity}{'' if count == 1 else 's'}" for severity, count in totals.items() if count])
    worst = next(severity for severity, count in totals.items() if count)
    return TONES[worst], 0, f"Found {told}", f" in {files}"


def _json(linted: list[Linted], _: argparse.Namespace) -> None:
    files = ",".join(f'{{"file":{json.dumps(found.file)},"lint":{found.document.to_json()}}}' for found in linted)
    write_json(f'{{"schema":2,"files":[{files}]}}\n')


def _sarif(linted: list[Linted], _: argparse.Namespace) -> None:
    log = sarif([(found.file, found.document) for found in linted])
    write_json(json.dumps(log, indent=1, ensure_ascii=False) + "\n")


def _github(linted: list[Linted], _: argparse.Namespace) -> None:
    for found in linted:
        for finding in found.document.findings:
            print(github(found.file, finding))


FORMATS: dict[str, Callable[[list[Linted], argparse.Namespace], None]] = {"text": _text, "json": _json, "sarif": _sarif, "github": _github}
