"""What is wrong with settings, judged without any token? The engine's JSON document as dataclasses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

# Not for type checkers alone: pydantic and others read the annotations while the program runs.
from .asked import Document, Parts, asked, built
from .explanation import DocumentEdit, NewValue, Position, Range
from .names import Profile
from .settings import Settings

Severity = Literal["error", "warning", "note"]
"""How grave a finding is: somebody gets in who should not or nobody who should, it is not safe, or it is worth knowing."""

Proof = Literal["text", "witness", "search", "not_proved"]
"""How a finding is known: the settings say so, a principal was constructed that shows it, all principals were searched, or it could not
be proved."""


@dataclass(frozen=True)
class SettingsChange:
    """A change of settings that somebody may make."""

    values: tuple[NewValue, ...]
    """The whole new value of each setting that changes."""
    sql: tuple[str, ...]
    """The same as statements to paste into the database's shell."""
    document: tuple[DocumentEdit, ...] | None
    """The same as replacements in the settings document, to be made together."""


@dataclass(frozen=True)
class Witness:
    """Principals that show what was found: the identity map gives them this SQL user by these lines."""

    issuer: str
    principals: tuple[str, ...]
    user: str
    lines: tuple[int, ...]


@dataclass(frozen=True)
class LintFinding:
    """One rule that settings break at one place."""

    rule: str
    """The rule: a word that never changes its meaning."""
    severity: Severity
    setting: str | None
    position: Position | None
    """Where in the settings document it stands."""
    range: Range | None
    """The whole of what stands there."""
    message: str
    """The fact, in one line."""
    remedy: str | None
    """What to do about it."""
    proof: Proof
    """How it is known."""
    witness: Witness | None
    """Who shows it."""
    change: SettingsChange | None
    """The change that mends it, where there is one."""


@dataclass(frozen=True)
class LintDocument(Document):
    """What settings break of the rules."""

    profile: Profile
    findings: tuple[LintFinding, ...]
    """In the order of the settings document."""
    untold: int
    """How many more were found than are told."""
    errors: int
    warnings: int
    notes: int


@dataclass(frozen=True)
class LintRule:
    """One rule of `lint`."""

    rule: str
    severity: Severity
    title: str
    """What it finds."""
    why: str
    """Why that matters."""


@dataclass(frozen=True)
class RulesDocument(Document):
    """What `lint` looks for."""

    rules: tuple[LintRule, ...]
    """In the order of the table."""


def lint(settings: Settings) -> LintDocument:
    """Judge settings without any token, usable or not.

    Raises:
        TypeError: ``settings`` is no dict, text, bytes or path.
        OSError: the file cannot be read.

    >>> found = lint({"server.identity_map.configuration": "https://idp.example /@example.com admin2"})
    >>> sorted({finding.rule for finding in found.findings if finding.severity == "error"})
    ['map-regex-unanchored']
    """
    return asked(LintDocument, "lint", settings, {}, PARTS)


def rules() -> tuple[LintRule, ...]:
    """All rules of `lint`.

    >>> next(row for row in rules() if row.rule == "map-regex-unanchored").severity
    'error'
    """
    return asked(RulesDocument, "rules", None, {}, PARTS).rules


def settings_change(document: Mapping[str, Any]) -> SettingsChange:
    """A change, of a member of documents."""
    return built(SettingsChange, document, CHANGES)


def findings(document: Mapping[str, Any]) -> tuple[LintFinding, ...]:
    """What is found, of a member of documents."""
    return tuple(built(LintFinding, finding, PARTS) for finding in document["findings"])


CHANGES: Parts = {
    Range: {"start": Position, "end": Position},
    DocumentEdit: {"range": Range},
    NewValue: {"value": object},
    SettingsChange: {"values": NewValue, "document": DocumentEdit},
}

PARTS: Parts = {
    LintFinding: {"position": Position, "range": Range._of, "witness": Witness, "change": settings_change},
    LintDocument: {"findings": LintFinding},
    RulesDocument: {"rules": LintRule},
}
"""What the members of a document are made of, where they are more than values and lists of them."""
