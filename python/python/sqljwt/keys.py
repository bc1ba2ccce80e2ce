"""Which keys are there, which of them can be used, how do they follow each other, and which has signed a token? The engine's JSON document
as dataclasses.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Literal

# Not for type checkers alone: pydantic and others read the annotations while the program runs.
from .explanation import Moment, optional
from .names import Profile, ReasonCode

KeyOrigin = Literal["configured", "own", "fetched"]
"""Where an issuer's keys come from: the setting that holds for all issuers, that for this issuer alone, or the identity provider."""


@dataclass(frozen=True)
class KeyReport:
    """One key of a set."""

    kid: str | None
    """Its id, on one line; None where no token can name it."""
    kind: str | None
    """What kind of key it is; None where that cannot be told."""
    algorithms: tuple[str, ...]
    """What it verifies."""
    thumbprint: str | None
    """RFC 7638, SHA-256: the same for the same key, under whatever id."""
    code: ReasonCode | None
    """Why it cannot be used; None where it can."""
    why: str | None
    """The same for people."""
    remedy: str | None
    """What can be done about it."""

    @property
    def usable(self) -> bool:
        """Whether it can verify a token."""
        return self.code is None


@dataclass(frozen=True)
class Rotation:
    """What one fetch changed."""

    at: Moment
    """When the set was asked for."""
    added: tuple[str, ...]
    """The ids of keys that were not in the set before."""
    removed: tuple[str, ...]
    """The ids of keys that were in the set before."""
    kept: int
    """How many keys stayed: without any, tokens of before are refused from one moment to the next."""
    failure: str | None
    """Why the fetch brought nothing, where it did not."""


@dataclass(frozen=True)
class IssuerKeys:
    """The keys of one issuer."""

    issuer: str
    origin: KeyOrigin
    url: str | None
    """The address that they are fetched from; None where they are configured."""
    fetched_at: Moment | None
    """When they were fetched."""
    fresh_until: Moment | None
    """From when on they are stale."""
    lacking: str | None
    """Why there are none that count, where there are none."""
    keys: tuple[KeyReport, ...]
    """In the order of the set."""
    rotation: tuple[Rotation, ...]
    """How the set changed, fetch by fetch."""


@dataclass(frozen=True)
class SampleToken:
    """Which key a token is signed with."""

    issuer: str | None
    """The token's issuer."""
    kid: str | None
    """The id of the key that it names."""
    signed_with: str | None
    """The thumbprint of the key that has verified it; None where none has."""
    code: ReasonCode | None
    """Why its signature could not be verified; None also where the key would have to be fetched first."""


@dataclass(frozen=True)
class KeysDocument:
    """The keys of every configured issuer, and which of them has signed the tokens that were asked about."""

    profile: Profile
    """Whose rules say what a key is good for."""
    issuers: tuple[IssuerKeys, ...]
    """In the order of their names."""
    tokens: tuple[SampleToken, ...]
    """In the order in which they were given."""
    _text: str = field(repr=False)

    def to_json(self) -> str:
        """The engine's JSON document, byte for byte as every face of the engine gives it."""
        return self._text

    @classmethod
    def _of(cls, text: str) -> KeysDocument:
        document = json.loads(text)
        return cls(
            profile=document["profile"],
            issuers=tuple(map(issuer_keys, document["issuers"])),
            tokens=tuple(SampleToken(**token) for token in document["tokens"]),
            _text=text,
        )


def issuer_keys(document: dict[str, Any]) -> IssuerKeys:
    """The keys of an issuer, of a member of documents."""
    document["fetched_at"], document["fresh_until"] = (_moment(document[name]) for name in ("fetched_at", "fresh_until"))
    document["keys"] = tuple(map(key_report, document["keys"]))
    document["rotation"] = tuple(map(_rotation, document["rotation"]))
    return IssuerKeys(**document)


def key_report(document: dict[str, Any]) -> KeyReport:
    """A key, of a member of documents."""
    return KeyReport(**{**document, "algorithms": tuple(document["algorithms"])})


def _rotation(document: dict[str, Any]) -> Rotation:
    added, removed = tuple(document["added"]), tuple(document["removed"])
    return Rotation(Moment(**document["at"]), added, removed, document["kept"], document["failure"])


def _moment(document: dict[str, Any] | None) -> Moment | None:
    moment: Moment | None = optional(lambda moment: Moment(**moment), document)
    return moment
