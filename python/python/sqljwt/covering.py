"""What of settings does no sample login need? The engine's JSON document as dataclasses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

# Not for type checkers alone: pydantic and others read the annotations while the program runs.
from .asked import Document, Parts, asked, fetches, seconds
from .names import Profile, ReasonCode
from .sample_logins import SampleLogin, members
from .settings import Settings


@dataclass(frozen=True)
class UnreachedLine:
    """A line of the identity map that no accepted login goes by."""

    line: int
    issuer: str
    principal: str
    """Its second column."""
    user: str
    """Its third column."""


@dataclass(frozen=True)
class UnreachedAudience:
    """An audience that lets no accepted login in."""

    issuer: str
    audience: str


@dataclass(frozen=True)
class UnreachedKey:
    """A key that has signed no accepted login."""

    issuer: str
    kid: str | None
    thumbprint: str
    """RFC 7638, SHA-256."""


@dataclass(frozen=True)
class CoveredLines:
    """The lines of the identity map that are for configured issuers."""

    total: int
    reached: int
    """How many some accepted login goes by."""
    unreached: tuple[UnreachedLine, ...]
    """Those that none goes by, the first of them."""
    untold: int
    """How many more of these there are."""


@dataclass(frozen=True)
class CoveredIssuers:
    """The issuers."""

    total: int
    reached: int
    unreached: tuple[str, ...]
    untold: int


@dataclass(frozen=True)
class CoveredAudiences:
    """The audiences, once for each issuer."""

    total: int
    reached: int
    unreached: tuple[UnreachedAudience, ...]
    untold: int


@dataclass(frozen=True)
class CoveredKeys:
    """The keys at hand that can be used, once for each issuer."""

    total: int
    reached: int
    unreached: tuple[UnreachedKey, ...]
    untold: int


@dataclass(frozen=True)
class RefusedLogins:
    """Logins that are refused for one reason."""

    code: ReasonCode | None
    """None where keys have to be fetched first."""
    count: int
    logins: tuple[int, ...]
    """Their places in the list, counted from 0: the first of them."""
    why: str


@dataclass(frozen=True)
class UnexpectedLogin:
    """A login that ends otherwise than is expected."""

    login: int
    expected: str
    user: str | None
    """The SQL user who logs in; None where nobody does."""
    code: ReasonCode | None
    why: str | None


@dataclass(frozen=True)
class CoverageDocument(Document):
    """What sample logins need of settings."""

    profile: Profile
    message: str
    """All of it in one sentence."""
    judged: int
    unsigned: int
    """How many were judged without a signature: they need no key."""
    untried: int
    accepted: int
    lines: CoveredLines
    issuers: CoveredIssuers
    audiences: CoveredAudiences
    keys: CoveredKeys
    refusals: tuple[RefusedLogins, ...]
    """The most frequent reason first."""
    unexpected: tuple[UnexpectedLogin, ...]
    untold_unexpected: int


def coverage(
    settings: Settings,
    logins: Iterable[SampleLogin],
    *,
    profile: Profile | None = None,
    fetched: Iterable[str] = (),
    now: float | None = None,
) -> CoverageDocument:
    """Tell which lines of the identity map, issuers, audiences and keys no sample login goes by that is accepted.

    Args:
        settings: the server's, usable or not.
        logins: the sample logins.
        profile: the profile under which they are asked, whichever they name.
        fetched: what was fetched of keys, as `KeyCache.record` writes it.
        now: the moment of logins that have none, in Unix seconds; the present unless given.

    Raises:
        ValueError: a login has no token and no claims, ``fetched`` holds no records, or ``now`` is no moment.
        TypeError: ``settings`` is no dict, text, bytes or path.
        OSError: the file cannot be read.
    """
    given = {"logins": members(logins), "profile": profile, "fetched": fetches(fetched), "now": seconds(now)}
    return asked(CoverageDocument, "coverage", settings, given, PARTS)


PARTS: Parts = {
    CoveredLines: {"unreached": UnreachedLine},
    CoveredAudiences: {"unreached": UnreachedAudience},
    CoveredKeys: {"unreached": UnreachedKey},
    CoverageDocument: {
        "lines": CoveredLines,
        "issuers": CoveredIssuers,
        "audiences": CoveredAudiences,
        "keys": CoveredKeys,
        "refusals": RefusedLogins,
        "unexpected": UnexpectedLogin,
    },
}
