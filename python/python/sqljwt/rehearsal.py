"""What would tomorrow's key set do? The engine's JSON document as dataclasses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

# Not for type checkers alone: pydantic and others read the annotations while the program runs.
from .asked import Document, Parts, asked, fetches, seconds, text
from .explanation import Position
from .keys import IssuerKeys, KeyReport, issuer_keys, key_report
from .linting import Severity
from .names import Decision, Profile, ReasonCode
from .settings import Settings

KeyFate = Literal["new", "stays", "changed", "renamed", "shadowed"]
"""What becomes of a key: another one has its id, it has another id, or another key of the set has the same id."""

TokenFate = Literal["kept", "lost", "gained", "refused", "unknown"]
"""What becomes of a token: accepted on both days, only today, only tomorrow, on neither; nobody can say."""

RehearsalKind = Literal[
    "set_refused",
    "private_key",
    "nothing_verifies",
    "tokens_lost",
    "no_overlap",
    "key_changed",
    "key_renamed",
    "key_shadowed",
    "key_set_aside",
    "readers_drop_the_set",
]
"""What is found of a key set."""

SetVerdict = Literal["reads_all", "drops_keys", "drops_the_set"]
"""What a reader makes of a key set."""

Evidence = Literal["measured", "stated", "inferred"]
"""How it is known: tried, said by its documentation, or concluded from its source."""


@dataclass(frozen=True)
class KeySetFault:
    """Why a key set cannot be used at all."""

    code: ReasonCode
    message: str
    remedy: str
    position: Position | None
    """Where in its text that stands."""


@dataclass(frozen=True)
class RehearsedKey:
    """One key of the new set."""

    key: KeyReport
    fate: KeyFate
    was: str | None
    """The id that the same key has today, where it has another."""
    replaces: str | None
    """The thumbprint of the key that has its id today, where that is another key."""
    named_by: int
    """How many of the tokens name it."""


@dataclass(frozen=True)
class RehearsalFinding:
    """Something to be known before the set is changed."""

    finding: RehearsalKind
    severity: Severity
    keys: tuple[str, ...]
    message: str
    remedy: str


@dataclass(frozen=True)
class ReaderVerdict:
    """What a known reader of key sets makes of the new one."""

    reader: str
    versions: str
    verdict: SetVerdict
    keys: tuple[str, ...]
    """The keys because of which."""
    why: str | None
    evidence: Evidence
    source: str


@dataclass(frozen=True)
class RehearsedOutcome:
    """What is decided of a token, whoever its bearer wants to be."""

    decision: Decision
    code: ReasonCode | None
    message: str | None
    signed_with: str | None
    """The thumbprint of the key that has verified it."""


@dataclass(frozen=True)
class RehearsedToken:
    """What becomes of a token."""

    issuer: str | None
    kid: str | None
    principals: tuple[str, ...]
    fate: TokenFate
    today: RehearsedOutcome
    tomorrow: RehearsedOutcome
    key_is_now: str | None
    """The id that its key has in the new set, where that is another than the one that the token names."""


@dataclass(frozen=True)
class RehearsalDocument(Document):
    """What a key set does that is not there yet."""

    profile: Profile
    message: str
    """All of it in one sentence."""
    issuers: tuple[str, ...]
    """The issuers whose tokens are verified with the set."""
    setting: str | None
    """The setting that holds the set; None where it is fetched."""
    today: IssuerKeys
    fault: KeySetFault | None
    """Why the new set cannot be used at all."""
    keys: tuple[RehearsedKey, ...]
    """The keys of the new set, in their order."""
    gone: tuple[KeyReport, ...]
    """The keys of today that the new set does not have."""
    overlap: int
    """How many keys verify tokens today and will do so under the same id."""
    findings: tuple[RehearsalFinding, ...]
    """The gravest first."""
    readers: tuple[ReaderVerdict, ...]
    """What known readers of key sets make of it, as far as that is known."""
    tokens: tuple[RehearsedToken, ...]
    """In the order in which they were given."""
    untried: int
    """How many tokens were not judged."""
    accepted_today: int
    accepted_tomorrow: int
    lost: int
    """How many are accepted today and not with the new set."""


def rehearse(
    settings: Settings,
    key_set: str,
    tokens: Iterable[str | bytes] = (),
    *,
    issuer: str | None = None,
    fetched: Iterable[str] = (),
    now: float | None = None,
) -> RehearsalDocument:
    """Tell what a key set would do that is not there yet: which tokens still log in, and which readers drop the whole set.

    Args:
        settings: the server's.
        key_set: the text of the new key set (JWKS).
        tokens: tokens of today.
        issuer: whose set it is; with one issuer, or one set for all, nobody needs to say it.
        fetched: what was fetched of keys, as `KeyCache.record` writes it.
        now: the moment of which it is asked, in Unix seconds; the present unless given.

    Raises:
        SettingsInvalid: the settings cannot be used.
        ValueError: ``issuer`` is needed, or none of these settings; ``fetched`` holds no records.
        TypeError: ``settings`` is no dict, text, bytes or path.
        OSError: the file cannot be read.
    """
    sent = [text(token) for token in tokens]
    members = {"issuer": issuer, "key_set": key_set, "tokens": sent, "fetched": fetches(fetched), "now": seconds(now)}
    return asked(RehearsalDocument, "rehearse", settings, members, PARTS)


PARTS: Parts = {
    KeySetFault: {"position": Position},
    RehearsedKey: {"key": key_report},
    RehearsedToken: {"today": RehearsedOutcome, "tomorrow": RehearsedOutcome},
    RehearsalDocument: {
        "today": issuer_keys,
        "fault": KeySetFault,
        "keys": RehearsedKey,
        "gone": key_report,
        "findings": RehearsalFinding,
        "readers": ReaderVerdict,
        "tokens": RehearsedToken,
    },
}
