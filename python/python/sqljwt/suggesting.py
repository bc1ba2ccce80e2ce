"""Which settings let a sample token log in, and nobody else? The engine's JSON document as dataclasses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

# Not for type checkers alone: pydantic and others read the annotations while the program runs.
from .asked import Document, Parts, asked, seconds
from .asked import text as text_of_token
from .linting import LintFinding, findings
from .names import Decision, Profile, ReasonCode
from .settings import Settings, text_of

TokenKind = Literal["id", "access", "providers_own", "refresh", "legacy_service_account"]
"""It tells an application who has signed in; it opens an interface; it opens one of the identity provider's own, and nobody else can
use it; it is exchanged for other tokens; or it is a service account's of the old kind."""


@dataclass(frozen=True)
class SuggestRefusal:
    """Why nothing is suggested."""

    code: ReasonCode | None
    """The reason that a login with the token gives, where that is why."""
    message: str
    remedy: str | None


@dataclass(frozen=True)
class SuggestedSetting:
    """One setting, and why it has that value."""

    setting: str
    value: str
    why: str
    risk: str | None
    """What it lets happen that may not be wanted."""


@dataclass(frozen=True)
class SuggestedLine:
    """A line of the identity map that lets in more than the token."""

    line: str
    risk: str
    """Whom it lets in too."""


@dataclass(frozen=True)
class SuggestTrial:
    """What the token gives under the settings."""

    decision: Decision
    user: str | None
    code: ReasonCode | None
    message: str | None


@dataclass(frozen=True)
class SuggestDocument(Document):
    """Settings under which a sample token logs in, and nobody else does."""

    profile: Profile
    proven: bool
    """Whether one of the given keys has verified the token: otherwise anybody may have written it."""
    signed_with: str | None
    """The thumbprint of that key."""
    first_line: str
    """Whether it is proven, in words: the first line of ``sql``."""
    provider: str | None
    """The identity provider, where it is known."""
    kind: TokenKind | None
    user: str | None
    """The SQL user whom the token becomes: the one that was asked for, or else a proposed one."""
    refused: SuggestRefusal | None
    """Why nothing is suggested, where nothing is."""
    settings: tuple[SuggestedSetting, ...]
    optional: tuple[SuggestedSetting, ...]
    """Settings that are not part of ``sql``: each is a decision to take."""
    wider: tuple[SuggestedLine, ...]
    """Lines of the identity map that let in more; none is part of ``sql``."""
    sql: str | None
    json: str | None
    """The same as a JSON document."""
    lint: tuple[LintFinding, ...] | None
    """What `lint` finds in them."""
    trial: SuggestTrial | None
    """What the token gives under them at the moment of the question."""


def suggest(
    token: str | bytes,
    user: str = "",
    *,
    keys: Settings | None = None,
    user_names: str | None = None,
    now: float | None = None,
) -> SuggestDocument:
    """Suggest settings under which this token logs in as this SQL user, and nobody else does.

    Args:
        token: a sample, as the client sends it.
        user: the SQL user; one is proposed unless given.
        keys: the issuer's key set (JWKS): a dict, text, bytes or path. Without it nothing is proven.
        user_names: whose rules there are for names of SQL users, as ``engine.user_names`` has them.
        now: the moment of which it is asked, in Unix seconds; the present unless given.

    Raises:
        ValueError: ``now`` is no moment.
        TypeError: ``keys`` is no dict, text, bytes or path.
        OSError: the file cannot be read.
    """
    members = {"user": user, "keys": None if keys is None else text_of(keys), "user_names": user_names, "now": seconds(now)}
    return asked(SuggestDocument, "suggest", None, {"token": text_of_token(token), **members}, PARTS)


PARTS: Parts = {
    SuggestDocument: {
        "refused": SuggestRefusal,
        "settings": SuggestedSetting,
        "optional": SuggestedSetting,
        "wider": SuggestedLine,
        "lint": findings,
        "trial": SuggestTrial,
    },
}
