"""When does a login begin to be accepted, and when will it stop? The engine's JSON document as dataclasses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

# Not for type checkers alone: pydantic and others read the annotations while the program runs.
from .asked import Document, Parts, asked, fetches, seconds, text
from .explanation import KeysToFetch, Moment, Rejection, UserInfoToAsk, keys_to_fetch, rejection
from .names import Check, Decision, Profile, ReasonCode
from .settings import Settings

WindowState = Literal["open", "later", "past", "never", "unknown"]
"""Where the present stands: within the window, before it or after it; there is none; nobody can say."""


@dataclass(frozen=True)
class WindowOutcome:
    """What is decided of the login at a moment."""

    decision: Decision
    check: Check | None
    """The check that fails."""
    code: ReasonCode | None


@dataclass(frozen=True)
class WindowEdge:
    """Where the window begins or ends, and because of what."""

    at: Moment
    decision: Decision
    """What is decided on the other side of it."""
    check: Check | None
    code: ReasonCode | None
    message: str
    claims: tuple[str, ...]
    """The claims that say so."""
    settings: tuple[str, ...]
    """The settings that say so."""


@dataclass(frozen=True)
class Window:
    """When a login is accepted."""

    since: Moment | None
    """The first second; None where it has no beginning. The document calls it ``from``, which is a word of Python's."""
    until: Moment | None
    """The first second at which it is accepted no more; None where nothing ends it."""


@dataclass(frozen=True)
class Turn:
    """A moment at which the decision changes."""

    at: Moment
    before: WindowOutcome
    after: WindowOutcome


@dataclass(frozen=True)
class WindowDocument(Document):
    """When a login begins to be accepted, and when it will stop."""

    decision: Decision
    """What is decided now."""
    profile: Profile
    state: WindowState
    accepted_now: bool
    since: Moment | None
    """The first second at which it is accepted; None where it has no beginning, or never is. The document calls it ``from``."""
    until: Moment | None
    """The first second at which it is accepted no more; None where nothing ends it, or it never is."""
    seconds_left: int | None
    never_expires: bool
    message: str
    """All of it in one sentence."""
    begins: WindowEdge | None
    ends: WindowEdge | None
    renewed: Window | None
    """When it would be accepted if the keys that are held were fetched again for every login."""
    lasting: WindowOutcome | None
    """Why it is accepted at no moment."""
    turns: tuple[Turn, ...]
    """Every moment at which the decision changes."""
    keys_needed: KeysToFetch | None
    userinfo_needed: UserInfoToAsk | None
    reason: Rejection | None
    """Why it is refused now."""
    ignored: tuple[str, ...]


def window(
    settings: Settings, token: str | bytes, user: str = "", *, fetched: Iterable[str] = (), now: float | None = None
) -> WindowDocument:
    """Tell when a login begins to be accepted and when it will stop, which check fails then, and because of what.

    Args:
        settings: the server's, usable or not.
        token: as the client sends it.
        user: the requested SQL user; the token's only one unless given.
        fetched: what was fetched of keys, as `KeyCache.record` writes it.
        now: the present in Unix seconds.

    Raises:
        ValueError: ``fetched`` holds no such records, or ``now`` is no moment.
        TypeError: ``settings`` is no dict, text, bytes or path.
        OSError: the file cannot be read.
    """
    members = {"token": text(token), "user": user, "fetched": fetches(fetched), "now": seconds(now)}
    return asked(WindowDocument, "window", settings, members, PARTS)


PARTS: Parts = {
    WindowEdge: {"at": Moment},
    Window: {"since": Moment, "until": Moment},
    Turn: {"at": Moment, "before": WindowOutcome, "after": WindowOutcome},
    WindowDocument: {
        "since": Moment,
        "until": Moment,
        "begins": WindowEdge,
        "ends": WindowEdge,
        "renewed": Window,
        "lasting": WindowOutcome,
        "turns": Turn,
        "keys_needed": keys_to_fetch,
        "userinfo_needed": UserInfoToAsk,
        "reason": rejection,
    },
}
