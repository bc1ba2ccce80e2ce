"""Logins that somebody may try, to judge settings by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

# Not for type checkers alone: pydantic and others read the annotations while the program runs.
from .asked import seconds, text


@dataclass(frozen=True)
class SampleLogin:
    """A login by a token, or by claims that nobody has signed: of these everything but keys and signatures is judged."""

    token: str | bytes | None = None
    claims: Mapping[str, Any] | None = None
    issuer: str | None = None
    """The claim ``iss``, where the claims have none."""
    user: str = ""
    """The requested SQL user; the token's only one unless given."""
    now: float | None = None
    """Its moment in Unix seconds; that of the question unless given."""
    expected: str | None = None
    """The SQL user who is to log in, empty for nobody; None where nothing is expected."""


def members(logins: Iterable[SampleLogin]) -> list[dict[str, Any]]:
    """The logins as the engine is asked about them."""
    return [_members(login) for login in logins]


def _members(login: SampleLogin) -> dict[str, Any]:
    named = {
        "token": None if login.token is None else text(login.token),
        "claims": login.claims,
        "issuer": login.issuer,
        "user": login.user,
        "now": None if login.now is None else seconds(login.now),
        "expected": login.expected,
    }
    return {name: value for name, value in named.items() if value is not None}
