"""Who can become whom? The engine's JSON documents as dataclasses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

# Not for type checkers alone: pydantic and others read the annotations while the program runs.
from .asked import Document, Parts, asked
from .names import Profile, ReasonCode
from .settings import Settings

Standing = Literal["administrator", "reserved", "ordinary"]
"""What kind of SQL user it is."""


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


PARTS: Parts = {
    ReachableUser: {"ways": Way},
    WhoCanDocument: {"users": ReachableUser},
    ReachOfIssuer: {"users": ReachedUser},
    ReachDocument: {"issuers": ReachOfIssuer},
}
