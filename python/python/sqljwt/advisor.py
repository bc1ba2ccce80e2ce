"""What no database tells its administrator: what is wrong with settings, and who can become whom. The engine's JSON documents as
dataclasses; none of these questions takes a token.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

# Not for type checkers alone: pydantic and others read the annotations while the program runs.
from .asked import Document, asked
from .explanation import DocumentEdit, NewValue, Position, Range
from .names import Profile, ReasonCode
from .settings import Settings

Severity = Literal["error", "warning", "note"]
"""How grave a finding is: somebody gets in who should not or nobody who should, it is not safe, or it is worth knowing."""

Proof = Literal["text", "witness", "search", "not_proved"]
"""How a finding is known: the settings say so, a principal was constructed that shows it, all principals were searched, or it could not
be proved."""

Standing = Literal["administrator", "reserved", "ordinary"]
"""What kind of SQL user it is."""


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
class Way:
    """One way to become a SQL user."""

    issuer: str
    claim: str
    line: int | None
    """The line of the identity map; None where the issuer has none."""
    principal: str | None
    """The principal, where it is one."""
    pattern: str | None
    """The regex that principals match, where they are many."""
    capture: str | None
    """What its first group holds then, in whatever case."""
    example: str | None
    """A principal that becomes the user."""
    proved: bool
    """Whether the example was given that user by the map itself."""


@dataclass(frozen=True)
class ReachableUser:
    """A SQL user, or all whose names begin and end so."""

    user: str
    """The name; of a family what it begins with, ``…``, and what it ends with."""
    family: bool
    standing: Standing
    code: ReasonCode | None
    """Why nobody logs in as that user for all that."""
    ways: tuple[Way, ...]


@dataclass(frozen=True)
class WhoCanDocument(Document):
    """Who can become which SQL user."""

    profile: Profile
    user: str | None
    """The user who was asked about, as the server stores the name; None for all."""
    users: tuple[ReachableUser, ...]
    """The most dangerous first."""
    untold: int
    """How many more ways there are than are told."""
    complete: bool
    """Whether every way was searched to its end: nobody else can."""


@dataclass(frozen=True)
class ReachedUser:
    """One SQL user whom a principal becomes."""

    user: str
    line: int | None
    """The line of the identity map that gives it."""
    code: ReasonCode | None
    """Why nobody logs in as that user for all that; None where the bearer may."""
    why: str | None
    """The same for people."""


@dataclass(frozen=True)
class ReachOfIssuer:
    """Whom a principal of one issuer becomes."""

    issuer: str
    claim: str
    mapped: bool
    """Whether the identity map has lines for the issuer: without any, its principals are SQL users as they are."""
    users: tuple[ReachedUser, ...]
    untold: int
    code: ReasonCode | None
    """Why nobody is told."""


@dataclass(frozen=True)
class ReachDocument(Document):
    """Whom a principal becomes, at each issuer."""

    profile: Profile
    principal: str
    issuers: tuple[ReachOfIssuer, ...]


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


def who_can(settings: Settings, user: str | None = None) -> WhoCanDocument:
    """Tell who can become this SQL user; without one, which users can be become at all, the most dangerous first.

    Raises:
        SettingsInvalid: the settings cannot be used.
        TypeError: ``settings`` is no dict, text, bytes or path.
        OSError: the file cannot be read.
    """
    return asked(WhoCanDocument, "who_can", settings, {"user": user}, PARTS)


def reach(settings: Settings, principal: str, *, issuer: str | None = None) -> ReachDocument:
    """Tell whom a principal becomes, at that issuer or at each.

    Raises:
        SettingsInvalid: the settings cannot be used.
        TypeError: ``settings`` is no dict, text, bytes or path.
        OSError: the file cannot be read.
    """
    return asked(ReachDocument, "reach", settings, {"principal": principal, "issuer": issuer}, PARTS)


PARTS: dict[type[Any], dict[str, type[Any]]] = {
    Range: {"start": Position, "end": Position},
    DocumentEdit: {"range": Range},
    NewValue: {"value": object},
    SettingsChange: {"values": NewValue, "document": DocumentEdit},
    LintFinding: {"position": Position, "range": Range, "witness": Witness, "change": SettingsChange},
    LintDocument: {"findings": LintFinding},
    ReachableUser: {"ways": Way},
    WhoCanDocument: {"users": ReachableUser},
    ReachOfIssuer: {"users": ReachedUser},
    ReachDocument: {"issuers": ReachOfIssuer},
}
"""What the members of a document are made of, where they are more than values and lists of them; ``object`` leaves one as it is."""
