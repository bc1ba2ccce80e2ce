"""How findings are told to others: SARIF 2.1.0 for code scanning, and the annotations of GitHub's workflows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path, PurePath
from typing import Any
from urllib.parse import quote

from .. import __version__
from ..advisor import LintDocument, LintFinding, rules
from ..explanation import DocumentEdit, Position, Range
from ..said import inert

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

GITHUB = {"error": "error", "warning": "warning", "note": "notice"}
"""What a workflow command calls each severity."""


def sarif(linted: Sequence[tuple[str, LintDocument]]) -> dict[str, Any]:
    """A log of one run over these files."""
    rows = rules()
    numbers = {row.rule: number for number, row in enumerate(rows)}
    described = [
        {
            "id": row.rule,
            "shortDescription": {"text": _sentence(row.title)},
            "fullDescription": {"text": row.why},
            "help": {"text": row.why},
            "defaultConfiguration": {"level": row.severity},
        }
        for row in rows
    ]
    driver = {"name": "sqljwt", "semanticVersion": __version__, "rules": described}
    results = [_result(file, finding, numbers) for file, document in linted for finding in document.findings]
    run = {
        "tool": {"driver": driver},
        # Columns count characters, whatever number of UTF-16 units they have (section 3.14.17).
        "columnKind": "unicodeCodePoints",
        "artifacts": [{"location": {"uri": _uri(file)}} for file in dict.fromkeys(file for file, _ in linted)],
        "results": results,
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _result(file: str, finding: LintFinding, numbers: dict[str, int]) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": {"uri": _uri(file)}}
    end = _end(finding)
    if finding.position is not None:
        start = finding.position
        # Without an end it is the rest of the line (section 3.30.7).
        place["region"] = _region(Range(start, end)) if end else {"startLine": start.line, "startColumn": start.column}
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": numbers[finding.rule],
        "level": finding.severity,
        "message": {"text": _told(finding)},
        "locations": [{"physicalLocation": place}],
        "properties": {"proof": finding.proof},
    }
    if finding.change is not None and finding.change.document:
        change = {"artifactLocation": {"uri": _uri(file)}, "replacements": list(map(_replacement, finding.change.document))}
        result["fixes"] = [{"description": {"text": finding.remedy or finding.message}, "artifactChanges": [change]}]
    return result


def _end(finding: LintFinding) -> Position | None:
    """Where it ends, unless that is the end of a whole setting of which it is a part."""
    return finding.range.end if finding.range and finding.range.start == finding.position else None


def _region(place: Range) -> dict[str, int]:
    start, end = place.start, place.end
    # Both count from 1, and the end is the column after the last (section 3.30).
    return {"startLine": start.line, "startColumn": start.column, "endLine": end.line, "endColumn": end.column}


def _replacement(edit: DocumentEdit) -> dict[str, Any]:
    return {"deletedRegion": _region(edit.range), "insertedContent": {"text": edit.text}}


def _uri(file: str) -> str:
    """The file as a reference (RFC 3986): relative to where the command was run, or absolute."""
    if file == "-":
        return "stdin"
    if Path(file).is_absolute():
        return Path(file).as_uri()
    # A colon in the first segment would make it a scheme.
    path = quote(PurePath(file).as_posix(), safe="/~+,;=@!$&'()*")
    return re.sub(r"^(?=//)", ".", path)


def _told(finding: LintFinding) -> str:
    """The finding in sentences: what shows it and what mends it, too."""
    told = [_sentence(inert(finding.message))]
    if finding.witness is not None:
        principals = ", ".join(f"`{inert(each)}`" for each in finding.witness.principals)
        told.append(f"Shown by {principals}, of {inert(finding.witness.issuer)}: SQL user `{inert(finding.witness.user)}`.")
    if finding.remedy is not None:
        told.append(f"Fix: {_sentence(inert(finding.remedy))}")
    return "\n".join(told)


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


def github(file: str, finding: LintFinding) -> str:
    """A workflow command that annotates the file."""
    members = {"file": PurePath(file).as_posix()} if file != "-" else {}
    if finding.position is not None:
        members |= {"line": str(finding.position.line), "col": str(finding.position.column)}
    end = _end(finding)
    if finding.position is not None and end is not None:
        members["endLine"] = str(end.line)
        # Columns hold for annotations of one line.
        if end.line == finding.position.line:
            members["endColumn"] = str(end.column)
    members["title"] = f"sqljwt {finding.rule}"
    properties = ",".join(f"{name}={_escaped(value, PROPERTY)}" for name, value in members.items())
    return f"::{GITHUB[finding.severity]} {properties}::{_escaped(_told(finding), DATA)}"


def _escaped(text: str, escapes: dict[str, str]) -> str:
    return text.translate({ord(character): escape for character, escape in escapes.items()})


DATA = {"%": "%25", "\r": "%0D", "\n": "%0A"}
PROPERTY = {**DATA, ":": "%3A", ",": "%2C"}
"""What the runner of GitHub's workflows unescapes in a command's message, and in its properties."""
