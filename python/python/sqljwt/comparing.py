"""What changes between two settings? The engine's JSON document as dataclasses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

# Not for type checkers alone: pydantic and others read the annotations while the program runs.
from .asked import Document, Parts, asked, fetches, seconds
from .explanation import ClientAnswer, Position
from .names import Decision, Profile, ReasonCode
from .sample_logins import SampleLogin, members
from .settings import Settings, text_of

ChangeKind = Literal["gained", "other_user", "lost", "other_reason", "other_message", "other_effect"]
"""Somebody logs in who did not; as another SQL user, or as one more or one less; not any more; is refused for another reason; is told
something else; or something changes that decides about no login. The most important first."""

ChangeEvidence = Literal["login", "principal", "settings"]
"""A sample login was judged by both; a principal was constructed, and both were asked whom it becomes; or the settings say so."""


@dataclass(frozen=True)
class SettingsFaultTold:
    """Why settings cannot be used."""

    code: ReasonCode
    setting: str | None
    message: str
    remedy: str
    position: Position | None
    """Where in the settings document it stands."""


@dataclass(frozen=True)
class ComparedSide:
    """One of the two settings; nobody logs in by settings that cannot be used."""

    usable: bool
    enabled: bool
    """Whether token logins are switched on."""
    faults: tuple[SettingsFaultTold, ...]
    untold_faults: int


@dataclass(frozen=True)
class ChangeOutcome:
    """What settings make of a login, or of a principal."""

    decision: Decision
    users: tuple[str, ...]
    """The SQL user who logs in; of a principal all whom it can be, the first of them."""
    line: int | None
    """The line of the identity map that gives the first of them."""
    code: ReasonCode | None
    why: str | None
    client: ClientAnswer | None
    """What the client is told."""


@dataclass(frozen=True)
class ChangeExample:
    """Somebody whom a change is about."""

    issuer: str | None
    new_issuer: str | None
    """The issuer under the new settings, where it is another."""
    principal: str | None
    login: int | None
    """The place of the sample login in the list, counted from 0."""
    unsigned: bool
    """Whether nobody's signature stands behind it."""
    old: ChangeOutcome
    new: ChangeOutcome


@dataclass(frozen=True)
class SettingsDifference:
    """What one cause changes."""

    kind: ChangeKind
    evidence: ChangeEvidence
    setting: str | None
    """The setting that causes it."""
    issuer: str | None
    """Whose logins it is about; None for all."""
    old_line: int | None
    """The line of the old identity map."""
    new_line: int | None
    """The line of the new identity map."""
    message: str
    count: int
    """How many lines, or logins, it is about."""
    logins: tuple[int, ...]
    """The sample logins, by their places in the list: the first of them."""
    example: ChangeExample | None


@dataclass(frozen=True)
class ComparedLogins:
    """What became of the sample logins."""

    judged: int
    unsigned: int
    untried: int
    """How many were not judged, for there are too many or they take too much work."""
    gained: int
    other_user: int
    lost: int
    otherwise_refused: int
    same: int


@dataclass(frozen=True)
class CompareDocument(Document):
    """Which logins, users, reasons and messages change between two settings."""

    profile: Profile
    new_profile: Profile
    message: str
    """All of it in one sentence."""
    gained: int
    """How many changes let somebody in who was not."""
    lost: int
    """How many changes keep somebody out who was let in."""
    changed: int
    """How many other changes there are."""
    complete: bool
    """Whether all principals were searched to the end."""
    unsearched: int
    """How many questions about lines of the identity maps were not."""
    old: ComparedSide
    new: ComparedSide
    changes: tuple[SettingsDifference, ...]
    """The most important first."""
    untold: int
    """How many more changes there are; they are counted."""
    logins: ComparedLogins


def compare(
    old: Settings,
    new: Settings,
    logins: Iterable[SampleLogin] = (),
    *,
    profile: Profile | None = None,
    new_profile: Profile | None = None,
    fetched: Iterable[str] = (),
    now: float | None = None,
) -> CompareDocument:
    r"""Tell which logins, users, reasons and messages change between two settings, usable or not.

    Without any login, too: principals are constructed that the two identity maps treat differently.

    Args:
        old: the settings of today.
        new: the settings that are to come.
        logins: sample logins that both are to judge.
        profile: the profile under which the old ones are asked, whichever they name.
        new_profile: the same for the new ones.
        fetched: what was fetched of keys, as `KeyCache.record` writes it.
        now: the moment of logins that have none, in Unix seconds; the present unless given.

    Raises:
        ValueError: a login has no token and no claims, ``fetched`` holds no records, or ``now`` is no moment.
        TypeError: settings are no dict, text, bytes or path.
        OSError: a file cannot be read.

    >>> line = "https://idp.example /^([a-z]+)@example{}com$ \\1"
    >>> settings = {
    ...     "server.jwt_authentication.enabled": True,
    ...     "server.jwt_authentication.issuers": "https://idp.example",
    ...     "server.jwt_authentication.audience": "db-login",
    ... }
    >>> strict, loose = ({**settings, "server.identity_map.configuration": line.format(dot)} for dot in ("\\.", "."))
    >>> told = compare(strict, loose)
    >>> told.gained, told.changes[0].example.principal
    (1, 'x@examplexcom')
    """
    sides = {"new_settings_text": text_of(new), "profile": profile, "new_profile": new_profile}
    asked_about = {"logins": members(logins), "fetched": fetches(fetched), "now": seconds(now)}
    return asked(CompareDocument, "compare", old, {**sides, **asked_about}, PARTS)


PARTS: Parts = {
    SettingsFaultTold: {"position": Position},
    ComparedSide: {"faults": SettingsFaultTold},
    ChangeOutcome: {"client": ClientAnswer},
    ChangeExample: {"old": ChangeOutcome, "new": ChangeOutcome},
    SettingsDifference: {"example": ChangeExample},
    CompareDocument: {"old": ComparedSide, "new": ComparedSide, "changes": SettingsDifference, "logins": ComparedLogins},
}
