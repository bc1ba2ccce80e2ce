"""What becomes of another server's map as an identity map? The engine's JSON document as dataclasses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

# Not for type checkers alone: pydantic and others read the annotations while the program runs.
from .asked import Document, Parts, asked
from .linting import SettingsChange, settings_change
from .names import Profile
from .settings import Settings

MapDialect = Literal["pg_ident", "trino_rules", "trino_pattern"]
"""Whose map it is: PostgreSQL's ``pg_ident.conf`` of version 16 or later, the file of Trino's ``user-mapping.file``, or the value of its
``user-mapping.pattern``."""

LineOutcome = Literal["exact", "converted", "left_out"]
"""It gives the same principals the same users; it gives fewer principals a user, and nobody another one; or it has no line here."""


@dataclass(frozen=True)
class MapWitness:
    """A principal that the two treat differently."""

    principal: str
    source: tuple[str, ...]
    """The users that the other server gives it."""
    here: tuple[str, ...]
    """Those that the line gives it here, or would."""


@dataclass(frozen=True)
class ConvertedLine:
    """What becomes of a line."""

    line: int
    outcome: LineOutcome
    map_line: int | None
    """The first of its lines in the identity map."""
    message: str | None
    """What differs, or why it is left out."""
    remedy: str | None
    witness: MapWitness | None


@dataclass(frozen=True)
class ConvertMapDocument(Document):
    """Another server's map as an identity map, which gives nobody a user whom that map does not give."""

    profile: Profile
    dialect: MapDialect
    refused: str | None
    """Why the other server does not take the text, where it does not: then nobody is let in."""
    map: str
    """The identity map."""
    exact: int
    converted: int
    left_out: int
    change: SettingsChange | None
    """The change that sets it; None where it is too long to be shown once more, or what is set already."""
    lines: tuple[ConvertedLine, ...]
    """Every line with a rule, in the order of the text."""


def convert_map(text: str, dialect: MapDialect, issuer: str | Mapping[str, str], *, settings: Settings | None = None) -> ConvertMapDocument:
    r"""Write another server's map as an identity map, and tell line by line what differs.

    Args:
        text: the map.
        dialect: whose map it is.
        issuer: whose principals it maps; for ``pg_ident.conf`` it can be the issuer for each name of a map.
        settings: those that the map is meant for, where there are any.

    Raises:
        SettingsInvalid: the settings cannot be read.
        ValueError: ``dialect`` or ``issuer`` is none.

    >>> convert_map(r"sso /^([a-z]+)@example\.com$ \1", "pg_ident", "https://idp.example").map
    'https://idp.example /^([a-z]+)@example\\.com$ \\1'
    """
    whose = {"issuer": issuer} if isinstance(issuer, str) else {"issuers": dict(issuer)}
    return asked(ConvertMapDocument, "convert_map", settings, {"text": text, "dialect": dialect, **whose}, PARTS)


PARTS: Parts = {
    ConvertedLine: {"witness": MapWitness},
    ConvertMapDocument: {"change": settings_change, "lines": ConvertedLine},
}
