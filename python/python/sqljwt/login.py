"""Who logs in, and who bears a token: the good answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

WhyIgnored = Literal["prefix", "not_allowed", "admin", "no_name", "no_role"]
"""Why a group gives no role: by ``engine.group_prefix``; by ``engine.group_allow``; because it is ``admin``, which no prefix alone gives;
because no role can have its name; because the database has no role of its name, where that is known."""


@dataclass(frozen=True)
class IgnoredGroup:
    """A group of the token that gives no role."""

    group: str
    """The group, normalised as role names are."""
    why: WhyIgnored
    """Why it gives none."""


@dataclass(frozen=True)
class Provision:
    """A SQL user to be made for a login, where there is none of that name yet."""

    source: str
    """Where the user comes from, as the database records it."""
    statement: str
    """The statement that makes the user, with names in quotes."""


@dataclass(frozen=True)
class Login:
    """A login that may go ahead: the signature has verified and every check has passed."""

    user: str
    """The SQL user to log in, normalised."""
    principal: str
    """The bearer as the token names them."""
    issuer: str
    """The issuer of the token."""
    audience: str
    """The configured audience that the token is for."""
    issued_at: int | None
    """When the token was issued, in Unix seconds."""
    expires_at: int | None
    """When the token expires, in Unix seconds; None only in the ``cockroachdb`` profile."""
    key_id: str
    """The id of the key that signed."""
    algorithm: str
    """The algorithm of the signature."""
    map_line: int | None
    """The line of the identity map that gave the SQL user, counted from 1; None where the issuer has no map."""
    roles: tuple[str, ...] | None
    """The roles that the token's groups give; None where groups are not synchronised."""
    ignored_groups: tuple[IgnoredGroup, ...] | None
    """The groups that give no role by the engine's options; None where groups are not synchronised."""
    provision: Provision | None
    """The SQL user to be made where it is not there yet; None where users are not made of tokens, or this one cannot be."""


@dataclass(frozen=True)
class Identity:
    """The bearer of a token that has passed every check but those of the SQL user: whom they may log in as, somebody else decides."""

    principals: tuple[str, ...]
    """The bearer by each name that the configured claim gives; no user of any server."""
    issuer: str
    """The issuer of the token."""
    audience: str
    """The configured audience that the token is for."""
    issued_at: int | None
    """When the token was issued, in Unix seconds."""
    expires_at: int | None
    """When the token expires, in Unix seconds; None only in the ``cockroachdb`` profile."""
    key_id: str
    """The id of the key that signed."""
    algorithm: str
    """The algorithm of the signature."""
    roles: tuple[str, ...] | None
    """The roles that the token's groups give; None where groups are not synchronised."""
    ignored_groups: tuple[IgnoredGroup, ...] | None
    """The groups that give no role by the engine's options; None where groups are not synchronised."""
